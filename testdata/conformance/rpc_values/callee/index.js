// What is called in the probes of values, members and life over RPC.
import { DurableObject, RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

/** Waits for what comes soon; for what does not come, not for ever. */
const until = async (f) => { for (let i = 0; i < 5_000 && !f(); i++) await scheduler.wait(1); };
const bytes = (text) => new TextEncoder().encode(text);
let log = [];

class Base extends WorkerEntrypoint {
  inherited() { return "inherited"; }
  overridden() { return "base"; }
  get inheritedGetter() { return "getter of the base"; }
}

export class Target extends RpcTarget {
  constructor(name = "target") { super(); this.name = name; }
  #hidden() { return "hidden"; }
  get #secret() { return 1; }
  reveal() { return [this.#hidden(), this.#secret]; }
  get prop() { return "prop of " + this.name; }
  set prop(v) { log.push("set " + v); }
  get self() { return this; }
  child(name) { return new Target(name); }
  "with space"() { return "space"; }
  "a.b"() { return "dotted"; }
  ""() { return "empty"; }
  0() { return "zero"; }
  "ünï"() { return "unicode"; }
  [Symbol.for("s")]() { return "symbol"; }
  length() { return "length called"; }
  valueOf() { return 5; }
  get fn() { return (x) => "fn " + x; }
  get obj() { return { a: { b: (x) => "deep " + x, c: [() => "in array"] } }; }
  get promised() { return Promise.resolve({ f: () => "promised" }); }
  async *items() { yield 1; }
  slow(ms) { return scheduler.wait(ms).then(() => "slow"); }
  [Symbol.dispose]() { log.push("disposed " + this.name); }
}

const thrown = {
  "function": () => { throw () => 1; },
  "array": () => { throw [1, { a: 2 }]; },
  "map": () => { throw new Map([[1, 2]]); },
  "bigint": () => { throw 5n; },
  "symbol": () => { throw Symbol("x"); },
  "boolean": () => { throw false; },
  "target": () => { throw new Target("thrown"); },
  "date": () => { throw new Date(5); },
  "cause error": () => { throw new Error("outer", { cause: new TypeError("inner", { cause: { deep: 1 } }) }); },
  "cause function": () => { throw new Error("outer", { cause: () => 1 }); },
  "own message getter": () => { const e = new Error("m"); Object.defineProperty(e, "message", { get() { return "from getter"; } }); throw e; },
  "own property getter": () => { const e = new Error("m"); Object.defineProperty(e, "p", { enumerable: true, get() { return "got"; } }); throw e; },
  "own hidden": () => { const e = new Error("m"); Object.defineProperty(e, "p", { value: "hidden" }); throw e; },
  "no message": () => { throw new RangeError(); },
  "message of number": () => { const e = new Error("m"); e.message = 5; throw e; },
  "name of number": () => { const e = new Error("m"); e.name = 5; throw e; },
  "name empty": () => { const e = new Error("m"); e.name = ""; throw e; },
  "name of another": () => { const e = new Error("m"); e.name = "TypeError"; throw e; },
  "name unknown": () => { const e = new Error("m"); e.name = "SpecialError"; throw e; },
  "class without a name": () => { class Special extends RangeError {} throw new Special("m"); },
  "code": () => { const e = new Error("m"); e.code = "E_CODE"; e.errno = -2; throw e; },
  "frozen": () => { throw Object.freeze(new Error("m")); },
  "stack gone": () => { const e = new Error("m"); delete e.stack; throw e; },
  "stack of number": () => { const e = new Error("m"); e.stack = 5; throw e; },
  "suppressed": () => { throw Object.assign(new Error("m"), { error: 1, suppressed: 2 }); },
  "class instance inside": () => { class A {} throw Object.assign(new Error("m"), { ok: 1, a: new A() }); },
  "date inside": () => { throw Object.assign(new Error("m"), { d: new Date(5), b: new Uint8Array([1]) }); },
  "error inside": () => { throw Object.assign(new Error("m"), { e: new TypeError("t") }); },
  "plain lookalike": () => { throw { name: "Error", message: "m", stack: "s" }; },
  "null proto": () => { throw Object.assign(Object.create(null), { a: 1 }); },
  "dom exception": () => { throw new DOMException("m", "DataCloneError"); },
  "dom exception with property": () => { throw Object.assign(new DOMException("m", "NotFoundError"), { extra: 1 }); },
  "eval": () => { throw new EvalError("m"); },
  "uri": () => { throw new URIError("m"); },
  "reference": () => missing,
  "syntax": () => JSON.parse("{"),
  "recursion": () => { const f = () => f() + 1; try { f(); } catch (e) { throw new Error(e.constructor.name); } },
  "response": () => { throw new Response("x"); },
};

const values = {
  "invalid date": () => new Date(NaN),
  "lone surrogate": () => "a\ud800b",
  "long key": () => ({ ["k".repeat(1000)]: 1 }),
  "typed of all kinds": () => [new Int8Array([-1]), new Uint8ClampedArray([300]), new Int16Array([-1]), new Uint32Array([1]), new Float32Array([1.5]), new Float64Array([0.1]), new BigInt64Array([-5n]), new BigUint64Array([5n])],
  "data view": () => new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1),
  "shared buffer": () => { const b = new ArrayBuffer(4); return [new Uint8Array(b, 1, 2), new Uint16Array(b)]; },
  "view of a large buffer": () => new Uint8Array(new ArrayBuffer(1000), 10, 4),
  "sparse": () => [1, , 3],
  "array with properties": () => Object.assign([1], { extra: 2 }),
  "boxed": () => [new Number(1), new String("a"), new Boolean(false)],
  "symbol keys": () => ({ a: 1, [Symbol("s")]: 2 }),
  "hidden keys": () => Object.defineProperty({ a: 1 }, "h", { value: 2 }),
  "getter": () => ({ get a() { return "got"; } }),
  "getter throws": () => ({ get a() { throw new RangeError("getter"); } }),
  "toJSON": () => ({ a: 1, toJSON() { return "json"; } }),
  "frozen": () => Object.freeze({ a: 1 }),
  "arguments": function () { return arguments; },
  "regexp with state": () => { const r = /a/gy; r.lastIndex = 5; return r; },
  "map of maps": () => new Map([[new Map([[1, 2]]), new Set([new Map()])]]),
  "map with functions": () => new Map([["f", () => "called"]]),
  "set with targets": () => new Set([new Target("in a set")]),
  "same target twice": () => { const t = new Target("twice"); return [t, t]; },
  "same object twice": () => { const o = {}; return [o, o]; },
  "cycle with function": () => { const o = { f: () => "f" }; o.o = o; return o; },
  "function with properties": () => Object.assign(() => "called", { x: 5, g: () => "g" }),
  "class": () => class A {},
  "bound": () => (function () { return this.x; }).bind({ x: "bound" }),
  "async function": () => async (x) => x + 1,
  "generator function": () => function* () { yield 1; },
  "target class": () => Target,
  "target": () => new Target("value"),
  "target subclass": () => { class Sub extends Target { more() { return "more"; } } return new Sub("sub"); },
  "proxy of array": () => new Proxy([1, 2], {}),
  "error with cause": () => new Error("a", { cause: "b" }),
  "aggregate": () => new AggregateError([new TypeError("x")], "m"),
  "weak ref": () => new WeakRef({}),
  "promise": () => ({ p: Promise.resolve(1) }),
  "iterator": () => [1][Symbol.iterator](),
  "math": () => Math,
  "global": () => globalThis,
  "console": () => console,
  "headers": () => new Headers({ a: "1" }),
  "headers inside": () => ({ h: new Headers({ a: "1" }) }),
  "blob": () => new Blob(["hello"], { type: "text/x" }),
  "file": () => new File(["hello"], "n.txt", { type: "text/x", lastModified: 5 }),
  "form data": () => new FormData(),
  "url": () => new URL("http://x/"),
  "url pattern": () => new URLPattern({ pathname: "/a" }),
  "text encoder": () => new TextEncoder(),
  "abort controller": () => new AbortController(),
  "abort signal": () => AbortSignal.abort(),
  "event target": () => new EventTarget(),
  "compression": () => new CompressionStream("gzip"),
  "transform": () => new TransformStream(),
  "identity": () => new IdentityTransformStream(),
  "message channel": () => new MessageChannel().port1,
  "websocket pair": () => new WebSocketPair(),
  "crypto": () => crypto,
  "caches": () => caches.default,
  "dom exception": () => new DOMException("m", "AbortError"),
  "response error": () => Response.error(),
  "response redirect": () => Response.redirect("http://e.com/", 302),
  "response of null": () => new Response(null, { status: 204 }),
  "response with body": () => new Response("body", { headers: { a: "1" }, cf: { x: 1 } }),
  "request": () => new Request("http://e.com/a", { method: "PUT", body: "x", redirect: "manual", cf: { y: 1 } }),
  "request with signal": () => new Request("http://e.com/", { signal: AbortSignal.abort() }),
  "html rewriter": () => new HTMLRewriter(),
};

export default class extends Base {
  overridden() { return "derived, " + super.overridden(); }
  static shared() { return "static"; }
  /** Whether a target is disposed of: soon, or not at all. */
  async disposed(name) { await until(() => log.includes("disposed " + name)); return log.includes("disposed " + name); }
  alive(name) { return !log.includes("disposed " + name); }
  set() { return log.filter((l) => l.startsWith("set ")); }
  target(name) { return new Target(name); }
  value(name) { return values[name](); }
  fail(name) { return thrown[name](); }
  async failLater(name) { await 0; return thrown[name](); }
  async use(t, path, ...args) { let o = t; for (const k of path.slice(0, -1)) o = o[k]; return await o[path.at(-1)](...args); }
  async read(t, path) { let o = t; for (const k of path) o = o[k]; return await o; }
  shape(v) { return [typeof v, Object.prototype.toString.call(v), v?.constructor?.name]; }
  echo(v) { return v; }
  keepAndCall(f) { const d = f.dup(); return { call: () => d("late"), end: () => d[Symbol.dispose]() }; }
  pair(name) { return { a: new Target(name + "-a"), b: new Target(name + "-b") }; }

  // Streams.
  counted(limit) {
    let n = 0;
    return { stream: new ReadableStream({ type: "bytes", pull(c) { n++; if (n > limit) c.close(); else c.enqueue(new Uint8Array(65_536)); } }), pulled: () => n };
  }
  cancelled() {
    let reason = "not yet";
    return { stream: new ReadableStream({ pull(c) { c.enqueue(bytes("x")); }, cancel(r) { reason = r instanceof Error ? `${r.name}: ${r.message}` : String(r); } }), reason: async () => { await until(() => reason !== "not yet"); return reason; } };
  }
  failing() { let n = 0; return new ReadableStream({ pull(c) { if (n++) c.error(new RangeError("broke off")); else c.enqueue(bytes("first")); } }); }
  chunks(...list) { return new ReadableStream({ start(c) { for (const x of list) c.enqueue(bytes(x)); c.close(); } }); }
  async readSome(s, n) { const r = s.getReader(); const out = []; for (let i = 0; i < n; i++) { const { value, done } = await r.read(); out.push(done ? "done" : new TextDecoder().decode(value)); } await r.cancel(new Error("enough")); return out; }
  async readAll(s) { try { return await new Response(s).text(); } catch (e) { return `${e.name}: ${e.message}`; } }
  async total(s) { let n = 0; for await (const c of s) n += c.byteLength; return n; }
  upper(s) { return s.pipeThrough(new TransformStream({ transform(c, t) { t.enqueue(bytes(new TextDecoder().decode(c).toUpperCase())); } })); }
  sink() {
    let n = 0, ended = "open";
    return { w: new WritableStream({ write(c) { n += c.byteLength; }, close() { ended = "closed"; }, abort(r) { ended = "aborted " + r; } }), state: async () => { await until(() => ended !== "open"); return [n, ended]; }, now: () => [n, ended] };
  }
  failingSink() { return new WritableStream({ write() { throw new RangeError("full"); } }); }
  async writeTo(w, ...list) { const x = w.getWriter(); for (const c of list) await x.write(bytes(c)); await x.close(); return "closed"; }
  async abortOf(w) { const x = w.getWriter(); await x.write(bytes("a")); await x.abort(new Error("changed my mind")); return "aborted"; }
  async fetch(request) { return new Response(`${request.method} ${request.url} ${await request.text()}`); }
}

export class Obj extends DurableObject {
  target() { return new Target("of an object"); }
  value(name) { return values[name](); }
  fail(name) { return thrown[name](); }
}
