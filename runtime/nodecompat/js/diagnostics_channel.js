const { codes } = require("internal/errors");

const channels = new Map();
const mayConstruct = Symbol();

class Channel {
  #name; #subscribers = []; #stores = new Map();
  constructor(token, name) {
    if (token !== mayConstruct) throw new TypeError("Illegal constructor");
    this.#name = name;
  }
  get hasSubscribers() { return this.#subscribers.length > 0 || this.#stores.size > 0; }
  subscribe(f) {
    if (typeof f !== "function") throw new TypeError("Failed to execute 'subscribe' on 'Channel': parameter 1 is not of type 'function'.");
    this.#subscribers = [...this.#subscribers, f];
  }
  unsubscribe(f) {
    const at = this.#subscribers.indexOf(f);
    if (at < 0) return false;
    this.#subscribers = this.#subscribers.toSpliced(at, 1);
    return true;
  }
  bindStore(store, transform) { this.#stores.set(store, transform); }
  unbindStore(store) { return this.#stores.delete(store); }
  publish(message) {
    for (const f of this.#subscribers) {
      try {
        f(message, this.#name);
      } catch (err) {
        reportError(err);
      }
    }
  }
  runStores(message, f, thisArg, ...args) {
    let run = () => {
      this.publish(message);
      return Reflect.apply(f, thisArg, args);
    };
    for (const [store, transform] of this.#stores) {
      const inner = run;
      run = () => {
        let value = message;
        if (transform) {
          try {
            value = transform(message);
          } catch (err) {
            reportError(err);
            return inner();
          }
        }
        return store.run(value, inner);
      };
    }
    return run();
  }
}

Object.defineProperty(Channel.prototype, Symbol.toStringTag, { value: "Channel", configurable: true });

function channel(name) {
  let c = channels.get(name);
  if (!c) channels.set(name, c = new Channel(mayConstruct, name));
  return c;
}
function hasSubscribers(name) { return channels.get(name)?.hasSubscribers ?? false; }
function subscribe(name, f) {
  if (typeof f !== "function") throw new TypeError("Failed to execute 'subscribe' on 'DiagnosticsChannelModule': parameter 2 is not of type 'function'.");
  channel(name).subscribe(f);
}
function unsubscribe(name, f) { channel(name).unsubscribe(f); }

const events = ["start", "end", "asyncStart", "asyncEnd", "error"];

class TracingChannel {
  #channels = {};
  constructor(token, from) {
    if (token !== mayConstruct) throw codes.ERR_ILLEGAL_CONSTRUCTOR();
    for (const e of events) this.#channels[e] = typeof from === "string" ? channel(`tracing:${from}:${e}`) : from[e];
  }
  get start() { return this.#channels.start; }
  get end() { return this.#channels.end; }
  get asyncStart() { return this.#channels.asyncStart; }
  get asyncEnd() { return this.#channels.asyncEnd; }
  get error() { return this.#channels.error; }
  get hasSubscribers() { return events.some((e) => this.#channels[e]?.hasSubscribers); }
  subscribe(handlers) { for (const e of events) if (handlers[e]) this.#channels[e]?.subscribe(handlers[e]); }
  unsubscribe(handlers) {
    let all = true;
    for (const e of events) if (handlers[e] && !this.#channels[e]?.unsubscribe(handlers[e])) all = false;
    return all;
  }
  traceSync(f, context = {}, thisArg, ...args) {
    const { start, end, error } = this;
    return start.runStores(context, () => {
      try {
        return context.result = Reflect.apply(f, thisArg, args);
      } catch (err) {
        context.error = err;
        error.publish(context);
        throw err;
      } finally {
        end.publish(context);
      }
    });
  }
  tracePromise(f, context = {}, thisArg, ...args) {
    const { start, end, asyncStart, asyncEnd, error } = this;
    const after = (settle) => (v) => {
      settle(v);
      return asyncStart.runStores(context, () => asyncEnd.publish(context));
    };
    const resolved = after((v) => { context.result = v; }), rejected = after((err) => { context.error = err; error.publish(context); });
    return start.runStores(context, () => {
      try {
        let p = Reflect.apply(f, thisArg, args);
        if (!(p instanceof Promise)) p = Promise.resolve(p);
        return p.then((v) => { resolved(v); return v; }, (err) => { rejected(err); throw err; });
      } catch (err) {
        context.error = err;
        error.publish(context);
        throw err;
      } finally {
        end.publish(context);
      }
    });
  }
  traceCallback(f, position = -1, context = {}, thisArg, ...args) {
    const { start, end, asyncStart, asyncEnd, error } = this;
    const callback = args.at(position);
    if (typeof callback !== "function") throw codes.ERR_INVALID_ARG_TYPE("callback", "function", callback);
    args.splice(position, 1, function (err, result) {
      if (err) {
        context.error = err;
        error.publish(context);
      } else {
        context.result = result;
      }
      asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, arguments);
        } finally {
          asyncEnd.publish(context);
        }
      });
    });
    return start.runStores(context, () => {
      try {
        return Reflect.apply(f, thisArg, args);
      } catch (err) {
        context.error = err;
        error.publish(context);
        throw err;
      } finally {
        end.publish(context);
      }
    });
  }
}
Object.defineProperty(TracingChannel, "length", { value: 0 });

function tracingChannel(from) {
  if (typeof from !== "string" && (typeof from !== "object" || from === null)) throw codes.ERR_INVALID_ARG_TYPE("channels", "object", from);
  return new TracingChannel(mayConstruct, from);
}

module.exports = { channel, hasSubscribers, subscribe, unsubscribe, tracingChannel, Channel };
module.named = { TracingChannel };
