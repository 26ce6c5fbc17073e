// The other end of the RPC probes: what can be called, in one worker.
import { DurableObject, RpcTarget, WorkerEntrypoint, RpcStub } from "cloudflare:workers";

// wrangler adds an entrypoint of its own.
const own = (exports) => Object.keys(exports).filter((k) => !k.startsWith("__INTERNAL")).sort();
// disposed are the names of the disposed counters. Each probe asks for those it
// named itself: others go whenever a garbage collector finds them.
const disposed = [];
const count = (list, name) => list.filter((x) => x === name).length;
// Waits for what the other side must do some time; the limit is for failures.
const until = async (f) => { for (let i = 0; i < 5_000 && !f(); i++) await scheduler.wait(1); };
let kept = null;

class Counter extends RpcTarget {
  #n;
  field = "hidden";
  arrow = () => "hidden";
  constructor(n = 0, name = "counter") { super(); this.#n = n; this.name = name; }
  get value() { return this.#n; }
  get nested() { return new Counter(this.#n * 2, "nested"); }
  get list() { return [1, { deep: [new Counter(7, "deep")] }]; }
  get fails() { throw new RangeError("getter failed"); }
  _underscore() { return "visible"; }
  #secret() { return this.#n; }
  increment(by = 1) { this.#n += by; return this.#n; }
  async later(by) { await scheduler.wait(1); return this.increment(by); }
  child(n) { return new Counter(n, "child"); }
  self() { return this; }
  add(a, b) { return a + b; }
  thrower() { throw new TypeError("from target"); }
  static stat() { return "static"; }
  [Symbol.dispose]() { disposed.push(this.name); }
}
Counter.prototype.protoValue = "on the prototype";
Counter.prototype.protoFunction = function () { return "proto " + this.value; };

class CustomError extends Error {
  name = "CustomError";
  constructor(m) { super(m); this.code = 42; this.info = { a: [1] }; }
}

export default class extends WorkerEntrypoint {
  field = "hidden";
  arrow = () => "hidden";
  get prop() { return "a property"; }
  get objectProp() { return { a: { b: 5 }, f: (x) => x * 3 }; }
  get fails() { throw new RangeError("getter failed"); }
  get counterProp() { return new Counter(3, "prop"); }
  ping() { return "pong"; }
  _hidden() { return "underscore"; }
  echo(v) { return v; }
  count() { return arguments.length; }
  types(...a) { return a.map((v) => v === null ? "null" : typeof v + ":" + (v?.constructor?.name ?? "")); }
  props() { return this.ctx.props; }
  envKeys() { return Object.keys(this.env); }
  ctxKeys() { return [Object.prototype.toString.call(this.ctx), typeof this.ctx.waitUntil, own(this.ctx.exports).join()]; }
  counter(n, name) { return new Counter(n, name); }
  func() { return (a, b) => a * b; }
  asyncFunc() { return async (a) => { await scheduler.wait(1); return a + "!"; }; }
  thrower() { return () => { throw new SyntaxError("from function"); }; }
  objectWithStubs(name) { return { counter: new Counter(1, name), f: (x) => x + 1, list: [new Counter(2, name)], data: { x: 1 } }; }
  objectWithMethods() { return { f() { return typeof this; }, g: () => typeof this, h: async (x) => x }; }
  classInstance() { class A { constructor() { this.x = 1; } m() {} } return new A(); }
  nullProto() { return Object.assign(Object.create(null), { a: 1 }); }
  symbol() { return Symbol("s"); }
  promise() { return { p: Promise.resolve(1) }; }
  generator() { return (function* () { yield 1; })(); }
  weak() { return new WeakMap(); }
  proxy() { return new Proxy({ a: 1 }, {}); }
  proxyFunction() { return new Proxy(() => 1, {}); }
  proxyTarget() { return new Proxy(new Counter(4), { get(t, k, r) { return k === "magic" ? "magic" : Reflect.get(t, k, t); } }); }
  bigint() { return 12345678901234567890n; }
  date() { return new Date(5); }
  map() { return new Map([["a", new Set([1])]]); }
  regexp() { return /a+/gi; }
  bytes() { return new Uint8Array([1, 2, 3]); }
  errorValue() { return new CustomError("as a value"); }
  throwError() { throw new CustomError("custom"); }
  throwType() { throw new TypeError("type", { cause: "why" }); }
  throwString() { throw "a string"; }
  throwNull() { throw null; }
  throwUndefined() { throw undefined; }
  throwObject() { throw { code: 7, message: "object message" }; }
  throwNumber() { throw 5; }
  throwDOM() { throw new DOMException("dom message", "AbortError"); }
  throwRetryable() { const e = new Error("retry"); e.retryable = true; e.overloaded = true; e.remote = "no"; throw e; }
  throwStack() { const e = new Error("stack"); throw e; }
  throwAggregate() { throw new AggregateError([new Error("one")], "many"); }
  async rejectLater() { await scheduler.wait(1); throw new RangeError("later"); }
  throwUnserializable() { const e = new Error("bad"); e.f = () => 1; e.sym = Symbol("x"); throw e; }
  throwTarget() { const e = new Error("with target"); e.target = new Counter(1); throw e; }
  never() { return new Promise(() => {}); }
  async callMe(f, ...a) { return await f(...a); }
  async callTwice(f) { return [await f(1), await f(2)]; }
  async callMethod(o, name, ...a) { return await o[name](...a); }
  async readProp(o, name) { return await o[name]; }
  async callNested(o) { return await o.a.b.f(5); }
  keep(f) { kept = f.dup ? f.dup() : f; return "kept"; }
  keepNoDup(f) { kept = f; return "kept"; }
  async callKept(...a) { return await kept(...a); }
  dropKept() { kept?.[Symbol.dispose]?.(); kept = null; }
  returnStub(s) { return s; }
  returnDup(s) { return s.dup(); }
  describe(v) { return [typeof v, Object.prototype.toString.call(v), v?.constructor?.name, typeof v?.dup]; }
  stream() { return new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("ab")); c.enqueue(new TextEncoder().encode("cd")); c.close(); } }); }
  valueStream() { return new ReadableStream({ start(c) { c.enqueue("text"); c.enqueue({ a: 1 }); c.close(); } }); }
  byteStream() { return new ReadableStream({ type: "bytes", start(c) { c.enqueue(new Uint8Array([1, 2])); c.close(); } }); }
  errorStream() { return new ReadableStream({ pull(c) { c.error(new RangeError("stream failed")); } }); }
  lockedStream() { const s = new ReadableStream(); s.getReader(); return s; }
  async readStream(s) { let t = ""; for await (const c of s) t += new TextDecoder().decode(c); return t; }
  async readText(s) { return await new Response(s).text(); }
  async write(w, text) { const writer = w.getWriter(); await writer.write(new TextEncoder().encode(text)); await writer.close(); return "written"; }
  async writeValues(w) { const writer = w.getWriter(); await writer.write("string"); await writer.close(); }
  transform() { const t = new IdentityTransformStream(); return { readable: t.readable, writable: t.writable }; }
  writableValue() { let got = []; return new WritableStream({ write(c) { got.push(c); } }); }
  async request(r) { return [r.method, r.url, r.headers.get("x"), r.body ? await r.text() : null, Object.prototype.toString.call(r)]; }
  response() { return new Response("body", { status: 201, statusText: "Made", headers: { x: "1" } }); }
  async readResponse(r) { return [r.status, await r.text()]; }
  headers() { return new Headers([["a", "1"], ["a", "2"], ["set-cookie", "x"], ["set-cookie", "y"]]); }
  makeRequest() { return new Request("http://e.com/x", { method: "POST", body: "posted", headers: { x: "2" } }); }
  usedResponse() { const r = new Response("x"); r.text(); return r; }
  blob() { return new Blob(["hello"], { type: "text/plain" }); }
  url() { return new URL("http://e.com/a?b#c"); }
  searchParams() { return new URLSearchParams("a=1"); }
  formData() { const f = new FormData(); f.set("a", "1"); return f; }
  abortSignal() { return new AbortController().signal; }
  wsPair() { return new WebSocketPair()[0]; }
  cryptoKey() { return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]); }
  event() { return new Event("x"); }
  textDecoder() { return new TextDecoder(); }
  env2() { return this.env; }
  ctx2() { return this.ctx; }
  /** How many counters of the name are disposed of, once that are n. */
  async disposed(name, n) { return await until(() => count(disposed, name) >= n), count(disposed, name); }
  big(n) { return "x".repeat(n); }
  async iterate() { return { async *[Symbol.asyncIterator]() { yield 1; } }; }
  async callBack(target) { return await target.add(1, await target.add(2, 3)); }
  makePromiseForStub() { return Promise.resolve(new Counter(11)); }
  loopback() { return this.ctx.exports.Named({ props: { from: "loopback" } }).props(); }
  loopbackStub() { return this.ctx.exports.Named({ props: { from: "stub" } }); }
  async fetch(request) {
    const u = new URL(request.url);
    if (u.pathname === "/throw") throw new Error("fetch failed");
    if (u.pathname === "/ws") { const p = new WebSocketPair(); p[1].accept(); p[1].addEventListener("message", (e) => p[1].send("echo " + e.data)); return new Response(null, { status: 101, webSocket: p[0] }); }
    return new Response("fetched " + request.method + " " + u.pathname);
  }
  async scheduled(c) { if (c.cron === "throw") throw new Error("cron failed"); if (c.cron === "noretry") c.noRetry(); }
  async queue(b) { b.ackAll(); }
  then() { return "then called"; }
  connect() { return "connect called"; }
  alarm() { return "alarm called"; }
  webSocketMessage() { return "called"; }
  dup() { return "dup called"; }
  constructorName() { return "x"; }
  tail() { return "tail called"; }
  test() { return "test called"; }
  set(s) { globalThis.S = s.dup(); }
  getSet() { return globalThis.S; }
  same(a) { return a[0] === a[1]; }
  throwBig() { const e = new Error("big"); e.x = "y".repeat(100); e.nested = { m: new Map([[1, 2]]) }; e.stack = "custom stack"; throw e; }
  toJSON() { return "json"; }
  toString() { return "string!"; }
  get() { return "get called"; }
  put() { return "put called"; }
  delete() { return "delete called"; }
  idempotent() { return "x"; }
}

export class Named extends WorkerEntrypoint {
  name() { return "named"; }
  props() { return this.ctx.props; }
  get prop() { return this.ctx.props.from; }
}

export const plain = {
  value: 5,
  nested: { f(x) { return "nested " + x; }, v: 9 },
  f(x, env, ctx) { return ["plain", x, typeof env, typeof ctx, arguments.length]; },
  async g() { return "g"; },
  arrow: (x, env, ctx) => ["arrow", x, typeof env, typeof ctx],
  oneArg(x) { return ["one", x, arguments.length]; },
  threeArgs(a, b, c) { return [a, typeof b, typeof c, arguments.length]; },
  noArgs() { return arguments.length; },
  get getter() { return "plain getter"; },
  counter: new Counter(6),
  fetch() { return new Response("plain fetch"); },
};

export class NotEntrypoint { ping() { return "pong"; } fetch() { return new Response("not an entrypoint"); } }
export function functionExport() { return "function"; }

export class Obj extends DurableObject {
  #n = 0;
  field = "hidden";
  arrow = () => "hidden";
  get prop() { return "object property"; }
  ping() { return "pong " + this.ctx.id.name; }
  increment(by = 1) { this.#n += by; return this.#n; }
  counter() { return new Counter(100); }
  thrower() { throw new CustomError("from object"); }
  async order(list, n, ms) { await scheduler.wait(ms); await list.push?.(n); return n; }
  callMe(f) { return f("from object"); }
  echo(v) { return v; }
  abort() { this.ctx.abort("aborted!"); }
  stream() { return new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("object stream")); c.close(); } }); }
  id() { return "id called"; }
  name() { return "name called"; }
  props() { return this.ctx.props; }
  exportsKeys() { return own(this.ctx.exports); }
  async stored(v) { await this.ctx.storage.put("v", v); return await this.ctx.storage.get("v"); }
  async storeStub() { await this.ctx.storage.put("v", () => 1); }
  facets() { return [typeof this.ctx.facets, Object.keys(this.ctx.facets ?? {}), Object.prototype.toString.call(this.ctx.facets)]; }
  async facetCall() {
    const f = this.ctx.facets.get("child", () => ({ class: this.ctx.exports.Obj2, id: "x" }));
    return await f.hello();
  }
}
export class Obj2 extends DurableObject { hello() { return "hello from facet"; } }
export class NotObj { ping() { return "pong"; } fetch() { return new Response("object without base"); } }
