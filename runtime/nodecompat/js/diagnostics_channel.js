const { codes } = require("internal/errors");

const channels = new Map();
const mayConstruct = Symbol();

class Channel {
  #name; #subscribers = new Set(); #stores = new Map();
  constructor(token, name) {
    if (token !== mayConstruct) throw new TypeError("Illegal constructor");
    this.#name = name;
  }
  get hasSubscribers() { return this.#subscribers.size > 0 || this.#stores.size > 0; }
  subscribe(f) {
    if (typeof f !== "function") throw new TypeError("Failed to execute 'subscribe' on 'Channel': parameter 1 is not of type 'function'.");
    this.#subscribers.add(f);
  }
  unsubscribe(f) {
    if (typeof f !== "function") throw new TypeError("Failed to execute 'unsubscribe' on 'Channel': parameter 1 is not of type 'function'.");
    this.#subscribers.delete(f);
  }
  bindStore(store, transform) { this.#stores.set(store, transform); }
  unbindStore(store) { this.#stores.delete(store); }
  publish(message) {
    if (arguments.length === 0) throw new TypeError("Failed to execute 'publish' on 'Channel': parameter 1 is not of type 'Value'.");
    for (const f of [...this.#subscribers]) {
      try {
        f(message, this.#name);
      } catch (err) {
        reportError(err);
      }
    }
  }
  runStores(message, f, thisArg, ...args) {
    if (typeof f !== "function") throw new TypeError("Failed to execute 'runStores' on 'Channel': parameter 2 is not of type 'function'.");
    let run = () => {
      this.publish(message);
      return Reflect.apply(f, thisArg, args);
    };
    for (const [store, transform] of this.#stores) {
      const inner = run;
      run = () => store.run(transform ? transform(message) : message, inner);
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
    if (token !== mayConstruct) throw new Error("Use diagnostic_channel.tracingChannels() to create TracingChannel");
    for (const e of events) {
      const c = this.#channels[e] = typeof from === "string" ? channel(`tracing:${from}:${e}`) : from[e];
      if (!(c instanceof Channel)) throw codes.ERR_INVALID_ARG_TYPE(`channels.${e}`, "Channel", c);
    }
  }
  get start() { return this.#channels.start; }
  get end() { return this.#channels.end; }
  get asyncStart() { return this.#channels.asyncStart; }
  get asyncEnd() { return this.#channels.asyncEnd; }
  get error() { return this.#channels.error; }
  get hasSubscribers() { return events.some((e) => this.#channels[e]?.hasSubscribers); }
  subscribe(handlers) { for (const e of events) if (handlers[e]) this.#channels[e]?.subscribe(handlers[e]); }
  unsubscribe(handlers) { for (const e of events) if (handlers[e]) this.#channels[e]?.unsubscribe(handlers[e]); }
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
    const callback = args[position];
    if (typeof callback !== "function") throw codes.ERR_INVALID_ARG_TYPE("callback", "function", callback);
    args.splice(position, 1, function (...results) {
      const [err, result] = results;
      if (err) {
        context.error = err;
        error.publish(context);
      } else {
        context.result = result;
      }
      asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, results);
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
