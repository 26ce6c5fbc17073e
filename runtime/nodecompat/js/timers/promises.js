const { AbortError, codes, validateAbortSignal, validateBoolean, validateNumber, validateObject } = require("internal/errors");
const timers = require("internal/timers");

function check(options) {
  if (options === undefined) return undefined;
  validateObject(options, "options");
  validateAbortSignal(options.signal, "options.signal");
  if (options.ref !== undefined) validateBoolean(options.ref, "options.ref");
  if (options.signal?.aborted) throw new AbortError(undefined, { cause: options.signal.reason });
  return options.signal;
}

function wait(start, stop, value, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      stop(timer);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    const timer = start(() => {
      signal?.removeEventListener("abort", abort);
      resolve(value);
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

const api = {
  async setTimeout(delay, value, options) {
    if (delay !== undefined) validateNumber(delay, "delay");
    return wait((f) => timers.setTimeout(f, delay), timers.clearTimeout, value, check(options));
  },
  async setImmediate(value, options) { return wait((f) => timers.setImmediate(f), timers.clearImmediate, value, check(options)); },
  setInterval(delay, value) {
    const options = arguments[2];
    if (delay !== undefined) validateNumber(delay, "delay");
    let signal, timer, due = 0, ended = false, wake, started = false;
    const abort = () => { timers.clearInterval(timer); wake?.(); };
    const start = () => {
      started = true;
      signal = check(options);
      timer = timers.setInterval(() => { due++; wake?.(); }, delay);
      signal?.addEventListener("abort", abort, { once: true });
    };
    const finish = () => {
      ended = true;
      if (started) timers.clearInterval(timer);
      signal?.removeEventListener("abort", abort);
    };
    return {
      async next() {
        if (ended) return { value: undefined, done: true };
        if (!started) start();
        while (due === 0) {
          if (signal?.aborted) {
            finish();
            throw new AbortError(undefined, { cause: signal.reason });
          }
          await new Promise((resolve) => { wake = resolve; });
        }
        due--;
        return { value, done: false };
      },
      async return(v) { finish(); return { value: v, done: true }; },
      async throw(err) { finish(); throw err; },
      [Symbol.asyncIterator]() { return this; },
    };
  },
};

class Scheduler {
  constructor() { throw codes.ERR_ILLEGAL_CONSTRUCTOR(); }
  yield() { return api.setImmediate(); }
  wait(delay, options) { return globalThis.scheduler.wait(delay, options); }
}

Object.defineProperty(api.setTimeout, "length", { value: 2 });
Object.defineProperty(api.setImmediate, "length", { value: 1 });

module.exports = { setTimeout: api.setTimeout, setImmediate: api.setImmediate, setInterval: api.setInterval, scheduler: Object.create(Scheduler.prototype) };
