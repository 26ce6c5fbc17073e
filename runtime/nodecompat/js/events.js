const { codes, AbortError, validateAbortSignal, validateFunction, validateObject } = require("internal/errors");

const kRejection = Symbol.for("nodejs.rejection");
const kErrorMonitor = Symbol("events.errorMonitor");
const kCapture = Symbol("kCapture");
const kMaxEventTargetListeners = Symbol("events.maxEventTargetListeners");
const kMaxEventTargetListenersWarned = Symbol("events.maxEventTargetListenersWarned");

let defaultMaxListeners = 10;

function EventEmitter(opts) { EventEmitter.init.call(this, opts); }

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

function count(n, name) {
  if (typeof n !== "number" || n < 0 || Number.isNaN(n)) throw codes.ERR_OUT_OF_RANGE(name, "a non-negative number", n);
}

function listenerCheck(listener) { validateFunction(listener, "listener"); }

EventEmitter.init = function (opts) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
  }
  this._maxListeners ||= undefined;
  this.domain ??= null;
  if (opts?.captureRejections) {
    if (typeof opts.captureRejections !== "boolean") throw codes.ERR_INVALID_ARG_TYPE("options.captureRejections", "boolean", opts.captureRejections);
    this[kCapture] = true;
  } else {
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
};
Object.defineProperty(EventEmitter.prototype, kCapture, { value: false, writable: true, enumerable: false });

// What an async listener rejects with becomes an error event.
function watch(emitter, promise, type, args) {
  const then = promise?.then;
  if (typeof then !== "function") return;
  then.call(promise, undefined, (err) => queueMicrotask(() => {
    if (typeof emitter[kRejection] === "function") {
      emitter[kRejection](err, type, ...args);
      return;
    }
    const previous = emitter[kCapture];
    try {
      emitter[kCapture] = false;
      emitter.emit("error", err);
    } finally {
      emitter[kCapture] = previous;
    }
  }));
}

function unhandled(args) {
  const err = args[0];
  if (err instanceof Error) return err;
  let text;
  try {
    text = require("internal/inspect").inspect(err);
  } catch {
    text = err;
  }
  const error = codes.ERR_UNHANDLED_ERROR(text);
  error.context = err;
  return error;
}

EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
  count(n, "n");
  this._maxListeners = n;
  return this;
};
EventEmitter.prototype.getMaxListeners = function getMaxListeners() { return this._maxListeners ?? defaultMaxListeners; };

EventEmitter.prototype.emit = function emit(type, ...args) {
  const events = this._events;
  if (type === "error") {
    if (events !== undefined && events[kErrorMonitor] !== undefined) this.emit(kErrorMonitor, ...args);
    if (events?.error === undefined) throw unhandled(args);
  } else if (events === undefined) {
    return false;
  }
  const handler = events[type];
  if (handler === undefined) return false;
  const capture = this[kCapture];
  if (typeof handler === "function") {
    const result = handler.apply(this, args);
    if (capture && result != null) watch(this, result, type, args);
    return true;
  }
  for (const listener of handler.slice()) {
    const result = listener.apply(this, args);
    if (capture && result != null) watch(this, result, type, args);
  }
  return true;
};

function add(emitter, type, listener, prepend) {
  listenerCheck(listener);
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = { __proto__: null };
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    emitter.emit("newListener", type, listener.listener ?? listener);
    events = emitter._events;
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    ++emitter._eventsCount;
    return emitter;
  }
  let list = existing;
  if (typeof existing === "function") {
    list = events[type] = prepend ? [listener, existing] : [existing, listener];
  } else if (prepend) {
    existing.unshift(listener);
  } else {
    existing.push(listener);
  }
  const max = emitter.getMaxListeners();
  if (max > 0 && list.length > max && !list.warned) {
    list.warned = true;
    warn(emitter, type, list.length);
  }
  return emitter;
}

// warn says on the process, and in the log, that listeners pile up.
function warn(emitter, type, count) {
  const shown = require("internal/inspect").inspect(emitter, { depth: -1 });
  const text = `Possible EventEmitter memory leak detected. ${count} ${String(type)} listeners added to ${shown}. Use emitter.setMaxListeners() to increase limit`;
  console.warn(text);
  require("process").emitWarning(Object.assign(new Error(text), { name: "MaxListenersExceededWarning", emitter, type, count }));
}

EventEmitter.prototype.addListener = function addListener(type, listener) { return add(this, type, listener, false); };
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.prependListener = function prependListener(type, listener) { return add(this, type, listener, true); };

function onceWrapper(emitter, type, listener) {
  let fired = false;
  const wrapped = function (...args) {
    if (fired) return undefined;
    emitter.removeListener(type, wrapped);
    fired = true;
    return listener.apply(emitter, args);
  };
  wrapped.listener = listener;
  return Object.defineProperty(wrapped, "name", { value: "bound onceWrapper" });
}

EventEmitter.prototype.once = function once(type, listener) {
  listenerCheck(listener);
  return this.on(type, onceWrapper(this, type, listener));
};
EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  listenerCheck(listener);
  return this.prependListener(type, onceWrapper(this, type, listener));
};

function forget(emitter, type) {
  if (--emitter._eventsCount === 0) emitter._events = { __proto__: null };
  else delete emitter._events[type];
}

EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  listenerCheck(listener);
  const list = this._events?.[type];
  if (list === undefined) return this;
  if (typeof list === "function") {
    if (list !== listener && list.listener !== listener) return this;
    forget(this, type);
    if (this._events.removeListener) this.emit("removeListener", type, list.listener ?? listener);
    return this;
  }
  const at = list.findLastIndex((l) => l === listener || l.listener === listener);
  if (at < 0) return this;
  list.splice(at, 1);
  if (list.length === 1) this._events[type] = list[0];
  if (this._events.removeListener !== undefined) this.emit("removeListener", type, listener);
  return this;
};
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener === undefined) {
    if (arguments.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      forget(this, type);
    }
    return this;
  }
  if (arguments.length === 0) {
    for (const key of Reflect.ownKeys(events)) if (key !== "removeListener") this.removeAllListeners(key);
    this.removeAllListeners("removeListener");
    this._events = { __proto__: null };
    this._eventsCount = 0;
    return this;
  }
  for (const listener of [events[type] ?? []].flat().reverse()) this.removeListener(type, listener);
  return this;
};

function list(emitter, type, unwrap) {
  const found = [emitter._events?.[type] ?? []].flat();
  return unwrap ? found.map((l) => l.listener ?? l) : found;
}
EventEmitter.prototype.listeners = function listeners(type) { return list(this, type, true); };
EventEmitter.prototype.rawListeners = function rawListeners(type) { return list(this, type, false); };
EventEmitter.prototype.listenerCount = function listenerCount(type) { return list(this, type, false).length; };
EventEmitter.prototype.eventNames = function eventNames() { return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : []; };

const isTarget = (t) => typeof t?.addEventListener === "function";
const isEmitter = (t) => typeof t?.on === "function" || t instanceof EventEmitter;

function listen(target, name, listener, once = false) {
  if (isEmitter(target)) target[once ? "once" : "on"](name, listener);
  else if (isTarget(target)) target.addEventListener(name, listener, { once });
  else throw codes.ERR_INVALID_ARG_TYPE("emitter", "EventEmitter", target);
}

function unlisten(target, name, listener) {
  if (typeof target?.removeListener === "function") target.removeListener(name, listener);
  else target.removeEventListener(name, listener);
}

const onAbort = (signal, f) => signal?.addEventListener("abort", f, { once: true });

const { once } = { async once(emitter, name, options = {}) {
  validateObject(options, "options");
  const signal = options?.signal;
  validateAbortSignal(signal, "options.signal");
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new Promise((resolve, reject) => {
    const end = () => {
      unlisten(emitter, name, fulfil);
      if (watching) emitter.removeListener("error", fail);
      signal?.removeEventListener("abort", abort);
    };
    const fulfil = (...args) => { end(); resolve(args); };
    const fail = (err) => { end(); reject(err); };
    const abort = () => fail(new AbortError());
    const watching = name !== "error" && typeof emitter?.once === "function";
    listen(emitter, name, fulfil, true);
    if (watching) emitter.once("error", fail);
    onAbort(signal, abort);
  });
} };

const asyncIteratorProto = {
  [Symbol.asyncIterator]() { return this; },
  async [Symbol.asyncDispose]() { await this.return(); },
};

function on(emitter, event, options = {}) {
  const signal = options?.signal;
  validateAbortSignal(signal, "options.signal");
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const values = [], waiting = [];
  let error = null, finished = false;
  const handler = (...args) => {
    if (waiting.length) waiting.shift().resolve({ value: args, done: false });
    else values.push(args);
  };
  const fail = (err) => {
    if (waiting.length) waiting.shift().reject(err);
    else error = err;
    finish();
  };
  const abort = () => fail(new AbortError(undefined, { cause: signal.reason }));
  const finish = () => {
    if (!finished) {
      finished = true;
      unlisten(emitter, event, handler);
      if (event !== "error" && isEmitter(emitter)) emitter.removeListener("error", fail);
      signal?.removeEventListener("abort", abort);
    }
    for (const w of waiting.splice(0)) w.resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  listen(emitter, event, handler);
  if (event !== "error" && isEmitter(emitter)) emitter.on("error", fail);
  onAbort(signal, abort);
  return {
    __proto__: asyncIteratorProto,
    next() {
      if (values.length) return Promise.resolve({ value: values.shift(), done: false });
      if (error) {
        const p = Promise.reject(error);
        error = null;
        return p;
      }
      if (finished) return finish();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: finish,
    throw(err) {
      if (!(err instanceof Error)) throw codes.ERR_INVALID_ARG_TYPE("EventEmitter.AsyncIterator", "Error", err);
      fail(err);
    },
  };
}

function getEventListeners(emitter, type) {
  if (typeof emitter?.listeners === "function") return emitter.listeners(type);
  if (emitter instanceof EventTarget) return [];
  throw codes.ERR_INVALID_ARG_TYPE("emitter", ["EventEmitter", "EventTarget"], emitter);
}

function _getMaxListeners(emitter) {
  return typeof emitter?.getMaxListeners === "function" ? emitter.getMaxListeners() : defaultMaxListeners;
}

function listenerCount(emitter, type) {
  return typeof emitter.listenerCount === "function" ? emitter.listenerCount(type) : EventEmitter.prototype.listenerCount.call(emitter, type);
}

function setMaxListeners(n = defaultMaxListeners, ...targets) {
  count(n, "n");
  if (targets.length === 0) defaultMaxListeners = n;
  for (const t of targets) {
    if (typeof t.setMaxListeners === "function") t.setMaxListeners(n);
    else if (!(t instanceof EventTarget)) throw codes.ERR_INVALID_ARG_TYPE("eventTargets", ["EventEmitter", "EventTarget"], t);
  }
}

function addAbortListener(signal, listener) {
  if (signal === undefined) throw codes.ERR_INVALID_ARG_TYPE("signal", "AbortSignal", signal);
  validateAbortSignal(signal, "signal");
  validateFunction(listener, "listener");
  if (signal.aborted) queueMicrotask(() => listener());
  else signal.addEventListener("abort", listener, { once: true });
  return { __proto__: null, [Symbol.dispose]() { signal.removeEventListener("abort", listener); } };
}

class EventEmitterAsyncResource extends EventEmitter {
  #resource;
  constructor(options = undefined) {
    super(options);
    const { AsyncResource } = require("async_hooks");
    this.#resource = new (class EventEmitterReferencingAsyncResource extends AsyncResource {})("EventEmitter");
    this.#resource.eventEmitter = this;
  }
  get asyncResource() { return this.#resource; }
  emit(event, ...args) { return this.#resource.runInAsyncScope(super.emit, this, event, ...args); }
}
Object.defineProperty(EventEmitterAsyncResource, "length", { value: 1, configurable: true });

Object.assign(EventEmitter, {
  addAbortListener, once, on, getEventListeners, getMaxListeners: _getMaxListeners, EventEmitter, EventEmitterAsyncResource,
  usingDomains: false, captureRejectionSymbol: kRejection, errorMonitor: kErrorMonitor, setMaxListeners, listenerCount,
});
Object.defineProperties(EventEmitter, {
  captureRejections: {
    enumerable: true,
    get() { return EventEmitter.prototype[kCapture]; },
    set(v) {
      if (typeof v !== "boolean") throw codes.ERR_INVALID_ARG_TYPE("EventEmitter.captureRejections", "boolean", v);
      EventEmitter.prototype[kCapture] = v;
    },
  },
  defaultMaxListeners: {
    enumerable: true,
    get() { return defaultMaxListeners; },
    set(n) { count(n, "defaultMaxListeners"); defaultMaxListeners = n; },
  },
  kMaxEventTargetListeners: { value: kMaxEventTargetListeners },
  kMaxEventTargetListenersWarned: { value: kMaxEventTargetListenersWarned },
});

module.exports = EventEmitter;
module.hidden = { init: true };
