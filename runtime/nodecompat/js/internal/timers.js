// The timers of Node over those of the platform.
const { setTimeout: start, setInterval: repeat, clearTimeout: stop, clearInterval: stopRepeat } = native.host.timers;

const byId = new Map();

// The errors are loaded when one is needed: this file is with every setTimeout.
function check(callback) {
  if (typeof callback !== "function") require("internal/errors").validateFunction(callback, "callback");
}

class Timeout {
  #id; #callback; #after; #args; #repeat; #ref = true;
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
      if (!this.#repeat) byId.delete(this.#id);
      this.#callback.apply(globalThis, this.#args);
    };
    this.#id = this.#repeat ? repeat(run, this.#after) : start(run, this.#after);
    byId.set(this.#id, this);
  }
  #stop() {
    (this.#repeat ? stopRepeat : stop)(this.#id);
    byId.delete(this.#id);
  }
  refresh() {
    this.#stop();
    this.#start();
    return this;
  }
  // Nothing stays alive for a timer: that it has a reference is only told.
  ref() { this.#ref = true; return this; }
  unref() { this.#ref = false; return this; }
  hasRef() { return this.#ref; }
  close() {
    this.#stop();
    return this;
  }
  [Symbol.dispose]() { this.#stop(); }
  [Symbol.toPrimitive]() { return this.#id; }
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
  else if (typeof timer === "number") {
    const t = byId.get(timer);
    if (t) t.close();
    else stop(timer);
  }
}
function clearInterval(timer) { clearTimeout(timer); }

class Immediate {
  #id;
  constructor(callback, args) { this.#id = start(callback, 0, ...args); }
  ref() {}
  unref() {}
  hasRef() { return false; }
  static clear(immediate) { if (immediate !== null && typeof immediate === "object" && #id in immediate) stop(immediate.#id); }
  [Symbol.dispose]() { stop(this.#id); }
}
const clear = Immediate.clear;
delete Immediate.clear;
delete Immediate.prototype.constructor; // which stands last
Object.defineProperty(Immediate.prototype, "constructor", { value: Immediate, writable: true, configurable: true });

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

module.exports = { Timeout, Immediate, setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
