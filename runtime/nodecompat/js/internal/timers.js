// The timers of Node over those of the platform.
const { setTimeout: start, setInterval: repeat, clearTimeout: stop, clearInterval: stopRepeat } = native.host.timers;

const byId = new Map();

// The errors are loaded when one is needed: this file is with every setTimeout.
function check(callback) {
  if (typeof callback !== "function") require("internal/errors").validateFunction(callback, "callback");
}

class Timeout {
  #id; #callback; #after; #args; #repeat; #live = true;
  constructor(callback, after = 1, args = [], repeat = false, ref = true) {
    this.#callback = callback;
    after = +after;
    this.#after = after >= 1 ? Math.trunc(after) : 0; // Node waits for a millisecond, workerd does not
    this.#args = args;
    this.#repeat = repeat;
    this.#start();
  }
  #start() {
    const run = () => {
      if (!this.#repeat) this.#forget();
      this.#callback.apply(this, this.#args);
    };
    this.#id = this.#repeat ? repeat(run, this.#after) : start(run, this.#after);
    this.#live = true;
    byId.set(this.#id, this);
  }
  #forget() { byId.delete(this.#id); this.#live = false; }
  #stop() {
    (this.#repeat ? stopRepeat : stop)(this.#id);
    this.#forget();
  }
  refresh() {
    if (this.#live) {
      this.#stop();
      this.#start();
    }
    return this;
  }
  ref() { return this; }
  unref() { return this; }
  hasRef() { return true; }
  close() {
    this.#stop();
    return this;
  }
  [Symbol.toPrimitive]() { return this.#id; }
  [Symbol.dispose]() { this.#stop(); }
}
Object.defineProperty(Timeout, "length", { value: 1 });

function setTimeout(callback, after, ...args) {
  check(callback);
  return new Timeout(callback, after, args, false);
}
function setInterval(callback, after, ...args) {
  check(callback);
  return new Timeout(callback, after, args, true);
}
function clearTimeout(timer) {
  if (timer instanceof Timeout) timer.close();
  else if (typeof timer === "number" || typeof timer === "string") {
    const t = byId.get(+timer);
    if (t) t.close();
    else stop(+timer);
  }
}
function clearInterval(timer) { clearTimeout(timer); }

class Immediate {
  #id;
  constructor(callback, args) { this.#id = start(callback, 0, ...args); }
  ref() { return this; }
  unref() { return this; }
  hasRef() { return true; }
  static clear(immediate) { if (immediate !== null && typeof immediate === "object" && #id in immediate) stop(immediate.#id); }
  [Symbol.dispose]() { stop(this.#id); }
}
const clear = Immediate.clear;
delete Immediate.clear;

const mismatch = (name, type) => new TypeError(`Failed to execute '${name}' on 'TimersUtil': parameter 1 is not of type '${type}'.`);
function setImmediate(callback, ...args) {
  if (typeof callback !== "function") throw mismatch("setImmediate", "function");
  return new Immediate(callback, args);
}
function clearImmediate(immediate) {
  if (immediate !== undefined && immediate !== null && !(immediate instanceof Immediate)) throw mismatch("clearImmediate", "Immediate");
  clear(immediate);
}
Object.defineProperty(setImmediate, "length", { value: 0 });
Object.defineProperty(clearImmediate, "length", { value: 0 });

// util.promisify gives the functions of timers/promises.
const promises = (name) => ({ get: () => require("timers/promises")[name], configurable: true });
Object.defineProperty(setTimeout, Symbol.for("nodejs.util.promisify.custom"), promises("setTimeout"));
Object.defineProperty(setImmediate, Symbol.for("nodejs.util.promisify.custom"), promises("setImmediate"));

module.exports = { Timeout, Immediate, setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
