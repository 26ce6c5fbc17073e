// Values, members, errors, streams and life of what travels over RPC.
import { area, error, show } from "../probe.js";
import { RpcTarget, RpcStub } from "cloudflare:workers";
import callee from "./names.js";

const builtin = ["stack", "message", "name", "code"];
const describe = (e) => e instanceof Error
  ? [error(e), ...Object.getOwnPropertyNames(e).filter((k) => !builtin.includes(k) && k !== "durableObjectId").sort().map((k) => k + "=" + show(e[k], 1)), e.code === undefined || e instanceof DOMException ? "" : "code=" + e.code].filter(Boolean)
  : ["thrown", show(e, 1)];
const caught = async (f) => { try { return ["no error", show(await f(), 1)]; } catch (e) { return describe(e); } };
const kind = (v) => [typeof v, Object.prototype.toString.call(v), v?.constructor?.name];
const until = async (f) => { for (let i = 0; i < 5_000 && !f(); i++) await scheduler.wait(1); return f(); };
let events = [];
class Local extends RpcTarget {
  constructor(name = "local") { super(); this.name = name; }
  #private() { return 1; }
  get prop() { return "prop"; }
  hello(x) { return "hello " + x; }
  _underscore() { return "underscore"; }
  child() { return new Local("child"); }
  [Symbol.dispose]() { events.push(this.name); }
}

/** A look at each kind of value that shows what arrived, and not only its class. */
const look = async (v) => {
  if (v instanceof Response) return [v.status, v.statusText, v.url, v.type, [...v.headers], await v.text()];
  if (v instanceof Request) return [v.method, v.url, v.redirect, v.signal?.aborted, await v.text()];
  if (v instanceof File) return ["File", v.name, v.type, v.lastModified, await v.text()];
  if (v instanceof Blob) return ["Blob", v.type, await v.text()];
  if (v instanceof Set) return ["Set", ...[...v].map((x) => kind(x))];
  if (v instanceof DataView) return ["DataView", v.byteOffset, v.byteLength, v.buffer.byteLength];
  if (ArrayBuffer.isView(v)) return [v.constructor.name, v.byteOffset, v.buffer.byteLength, ...v];
  if (v instanceof RegExp) return [String(v), v.lastIndex];
  if (v instanceof Error) return describe(v);
  if (typeof v === "function") return kind(v);
  if (typeof v === "string") return [...v].map((c) => c.codePointAt(0).toString(16)).join();
  if (Array.isArray(v)) return [v.length, Object.keys(v), await Promise.all([...v].map(look)), v[0] === v[1]];
  if (v instanceof Object && Object.getPrototypeOf(v) === Object.prototype && !v.o) return show(v, 1).slice(0, 300);
  return [kind(v), show(v, 1).slice(0, 300)];
};

const members = {
  "inherited": (e) => e.inherited(), "overridden": (e) => e.overridden(), "inherited getter": (e) => e.inheritedGetter, "static": (e) => e.shared(),
  "valueOf": (e) => e.valueOf(), "isPrototypeOf": (e) => e.isPrototypeOf(), "propertyIsEnumerable": (e) => e.propertyIsEnumerable("x"), "__defineGetter__": (e) => e.__defineGetter__("x", () => 1), "__lookupGetter__": (e) => e.__lookupGetter__("x"),
  "toLocaleString": (e) => e.toLocaleString(), "env": (e) => e.env, "ctx": (e) => e.ctx, "number": (e) => e[5](), "empty": (e) => e[""](),
};
const targetMembers = {
  "private": (t) => t.reveal(), "private by name": (t) => t["#hidden"](), "space": (t) => t["with space"](), "dotted": (t) => t["a.b"](), "empty": (t) => t[""](), "index": (t) => t[0](), "unicode": (t) => t["ünï"](), "symbol": (t) => typeof t[Symbol.for("s")],
  "length": (t) => t.length(), "valueOf": (t) => t.valueOf(), "toString": (t) => t.toString(), "getter": (t) => t.prop, "getter of self": (t) => t.self.prop, "self of self": (t) => t.self.self.self.child("x").prop,
  "getter function": (t) => t.fn(1), "getter object": (t) => t.obj.a.b(2), "array in getter": (t) => t.obj.a.c[0](), "getter promise": (t) => t.promised.f(), "generator": (t) => t.items(), "name": (t) => t.name, "constructor": (t) => t.constructor(), "prototype": (t) => t.prototype, "__proto__": (t) => t.__proto__(),
  "call": (t) => t.child.call(null, "x"), "bind": (t) => t.child.bind(null, "x"), "dispose by name": (t) => t["Symbol.dispose"](),
};

const probes = {
  ...Object.fromEntries(callee.values.map((name) => ["value " + name, ({ env }) => caught(async () => look(await env.CALLEE.value(name)))])),
  ...Object.fromEntries(callee.thrown.map((name) => ["thrown " + name, ({ env }) => caught(() => env.CALLEE.fail(name))])),
  ...Object.fromEntries(["cause error", "code", "class without a name", "target", "function", "response"].flatMap((name) => [
    ["thrown later " + name, ({ env }) => caught(() => env.CALLEE.failLater(name))],
    ["thrown by an object " + name, ({ env }) => caught(() => env.OBJ.getByName("a").fail(name))],
  ])),
  ...Object.fromEntries(Object.entries(members).map(([name, f]) => ["member " + name, ({ env }) => caught(() => f(env.CALLEE))])),
  ...Object.fromEntries(Object.entries(targetMembers).map(([name, f]) => ["target " + name, ({ env }) => caught(async () => { using t = await env.CALLEE.target("t"); return await f(t); })])),
  ...Object.fromEntries(Object.entries(targetMembers).map(([name, f]) => ["pipelined " + name, ({ env }) => caught(() => f(env.CALLEE.target("t")))])),

  "local method": ({ env }) => caught(() => env.CALLEE.use(new Local(), ["hello"], "x")),
  "local getter": ({ env }) => caught(() => env.CALLEE.read(new Local(), ["prop"])),
  "local private": ({ env }) => caught(() => env.CALLEE.use(new Local(), ["#private"])),
  "local underscore": ({ env }) => caught(() => env.CALLEE.use(new Local(), ["_underscore"])),
  "local child": ({ env }) => caught(() => env.CALLEE.use({ t: new Local() }, ["t", "child"]).hello("y")),
  "local in a map": ({ env }) => caught(async () => { const m = await env.CALLEE.echo(new Map([["t", new Local()]])); return m.get("t").hello("z"); }),
  "local thrown away": async ({ env }) => { await env.CALLEE.shape(new Local("given")); return until(() => events.includes("given")); },
  "local kept by a function": async ({ env }) => { const t = new Local("closed over"); using k = await env.CALLEE.keepAndCall((x) => t.hello(x)); const r = await k.call(); await k.end(); return [r, events.includes("closed over")]; },
  "stub of local": async () => { const s = new RpcStub(new Local("stubbed")); const r = await s.hello(1); s[Symbol.dispose](); return [r, await until(() => events.includes("stubbed"))]; },
  "stub passed": async ({ env }) => { using s = new RpcStub(new Local("passed")); const r = await env.CALLEE.use(s, ["hello"], 2); const again = await s.hello(3); return [r, again, events.includes("passed")]; },

  "using an object": async ({ env }) => { { using p = await env.CALLEE.pair("u"); await p.a.prop; } return [await env.CALLEE.disposed("u-a"), await env.CALLEE.disposed("u-b")]; },
  "one of an object": async ({ env }) => { using p = await env.CALLEE.pair("o"); const before = await p.b.prop; p.a[Symbol.dispose](); return [before, await p.b.prop, await env.CALLEE.alive("o-b")]; },
  "dup of one": async ({ env }) => { const p = await env.CALLEE.pair("d"); using d = p.a.dup(); p[Symbol.dispose](); return [await env.CALLEE.disposed("d-b"), await env.CALLEE.alive("d-a"), await d.prop]; },
  "disposed while called": async ({ env }) => { const t = await env.CALLEE.target("slow"); const p = t.slow(10); t[Symbol.dispose](); return caught(() => p); },
  "disposed child": async ({ env }) => { using t = await env.CALLEE.target("parent"); { using c = await t.child("young"); await c.prop; } return [await env.CALLEE.alive("parent"), await t.prop]; },
  "pipelined only": ({ env }) => env.CALLEE.target("piped").child("grand").prop,
  "set a setter": async ({ env }) => { using t = await env.CALLEE.target("set"); return caught(() => { t.prop = 5; return env.CALLEE.set(); }); },
  "delete of a stub": async ({ env }) => { using t = await env.CALLEE.target("d"); return caught(() => delete t.prop); },
  "keys of a stub": async ({ env }) => { using t = await env.CALLEE.target("k"); return [Object.keys(t), "prop" in t, "nope" in t, Reflect.ownKeys(t).length]; },

  "target of an object": ({ env }) => caught(async () => { using t = await env.OBJ.getByName("b").target(); return [await t.prop, await t.child("c").prop]; }),
  "echo a stub of an object": ({ env }) => caught(async () => { using t = await env.OBJ.getByName("b").target(); using back = await env.CALLEE.echo(t); return await back.prop; }),
  "frozen after": async ({ env }) => { const o = await env.CALLEE.value("frozen"); return Object.isFrozen(o); },
  "headers mutable": async ({ env }) => { const h = await env.CALLEE.value("headers"); h.set("b", "2"); return [...h]; },
  "response headers mutable": async ({ env }) => { const r = await env.CALLEE.value("response with body"); return caught(() => { r.headers.set("b", "2"); return [...r.headers]; }); },
  "function with properties": ({ env }) => caught(async () => { using f = await env.CALLEE.value("function with properties"); return [await f(), await caught(() => f.x), await caught(() => f.g())]; }),
  "bound called": ({ env }) => caught(async () => (await env.CALLEE.value("bound"))()),
  "class called": ({ env }) => caught(async () => (await env.CALLEE.value("class"))()),
  "generator called": ({ env }) => caught(async () => (await env.CALLEE.value("generator function"))()),
  "map function called": ({ env }) => caught(async () => (await env.CALLEE.value("map with functions")).get("f")()),
  "cycle called": ({ env }) => caught(async () => { const o = await env.CALLEE.value("cycle with function"); return [o.o === o, await o.o.f()]; }),
  "subclass": ({ env }) => caught(async () => { using t = await env.CALLEE.value("target subclass"); return [await t.more(), await t.prop]; }),
  "fetch as well": async ({ env }) => (await env.CALLEE.fetch("http://x/y", { method: "POST", body: "b" })).text(),

  "stream read to its end": async ({ env }) => new Response(await env.CALLEE.chunks("a", "b", "c")).text(),
  "stream in pieces": async ({ env }) => { const out = []; for await (const c of await env.CALLEE.chunks("ab", "cd")) out.push(new TextDecoder().decode(c)); return out.join(""); },
  "stream byob": async ({ env }) => { const r = (await env.CALLEE.chunks("abcdef")).getReader({ mode: "byob" }); const { value } = await r.read(new Uint8Array(4)); return new TextDecoder().decode(value).length > 0; },
  "stream tee": async ({ env }) => { const [a, b] = (await env.CALLEE.chunks("x", "y")).tee(); return Promise.all([new Response(a).text(), new Response(b).text()]); },
  "stream backpressure": async ({ env }) => { const { stream, pulled } = await env.CALLEE.counted(1000); const r = stream.getReader(); await r.read(); await scheduler.wait(100); const n = await pulled(); await r.cancel(); return n < 500; },
  "stream whole": async ({ env }) => { const { stream } = await env.CALLEE.counted(50); let n = 0; for await (const c of stream) n += c.byteLength; return n; },
  "stream cancelled": async ({ env }) => { const { stream, reason } = await env.CALLEE.cancelled(); const r = stream.getReader(); await r.read(); await r.cancel(new TypeError("no more")); return reason(); },
  "stream cancelled with text": async ({ env }) => { const { stream, reason } = await env.CALLEE.cancelled(); await stream.cancel("text"); return reason(); },
  "stream failing": async ({ env }) => caught(async () => { const out = []; for await (const c of await env.CALLEE.failing()) out.push(new TextDecoder().decode(c)); return out; }),
  "stream given": async ({ env }) => env.CALLEE.readAll(new Blob(["given"]).stream()),
  "stream given failing": async ({ env }) => { let n = 0; return env.CALLEE.readAll(new ReadableStream({ pull(c) { if (n++) c.error(new RangeError("mine broke")); else c.enqueue(new TextEncoder().encode("x")); } })); },
  "stream given of text": async ({ env }) => env.CALLEE.readAll(new ReadableStream({ start(c) { c.enqueue("text"); c.close(); } })),
  "stream given, cancelled there": async ({ env }) => { let reason = "none"; const s = new ReadableStream({ pull(c) { c.enqueue(new TextEncoder().encode("p")); }, cancel(r) { reason = r instanceof Error ? error(r) : String(r); } }); const got = await env.CALLEE.readSome(s, 1); await until(() => reason !== "none"); return [got.length, reason]; },
  "stream given twice": ({ env }) => { const s = new Blob(["x"]).stream(); return caught(() => env.CALLEE.echo([s, s])); },
  "stream given locked": ({ env }) => { const s = new Blob(["x"]).stream(); s.getReader(); return caught(() => env.CALLEE.readAll(s)); },
  "stream given large": ({ env }) => { let n = 0; return env.CALLEE.total(new ReadableStream({ type: "bytes", pull(c) { if (n++ < 40) c.enqueue(new Uint8Array(65_536)); else c.close(); } })); },
  "stream there and back": async ({ env }) => new Response(await env.CALLEE.upper(new Blob(["loud"]).stream())).text(),
  "stream echoed": async ({ env }) => new Response(await env.CALLEE.echo(new Blob(["echo"]).stream())).text(),
  "response echoed": async ({ env }) => { const r = await env.CALLEE.echo(new Response("b", { status: 202, headers: { x: "1" } })); return [r.status, r.headers.get("x"), await r.text()]; },
  "sink": async ({ env }) => { const { w, state } = await env.CALLEE.sink(); const x = w.getWriter(); await x.write(new Uint8Array(3)); await x.write(new Uint8Array(4)); await x.close(); return state(); },
  "sink aborted": async ({ env }) => { const { w, state } = await env.CALLEE.sink(); const x = w.getWriter(); await x.write(new Uint8Array(3)); await x.abort("enough"); return state(); },
  "sink left open": async ({ env }) => { const { w, now } = await env.CALLEE.sink(); const x = w.getWriter(); await x.write(new Uint8Array(3)); x.releaseLock(); return now(); },
  "sink of text": ({ env }) => caught(async () => { const { w, state } = await env.CALLEE.sink(); const x = w.getWriter(); await x.write("text"); await x.close(); return state(); }),
  "sink of objects": ({ env }) => caught(async () => { const { w } = await env.CALLEE.sink(); const x = w.getWriter(); await x.write({ a: 1 }); await x.close(); return "written"; }),
  "sink failing": ({ env }) => caught(async () => { const x = (await env.CALLEE.failingSink()).getWriter(); await x.write(new Uint8Array(1)); await x.close(); return "written"; }),
  "sink piped to": async ({ env }) => { const { w, state } = await env.CALLEE.sink(); await new Blob(["12345"]).stream().pipeTo(w); return state(); },
  "sink given": async ({ env }) => { let text = "", end = ""; const r = await env.CALLEE.writeTo(new WritableStream({ write(c) { text += new TextDecoder().decode(c); }, close() { end = "closed"; } }), "a", "b"); return [r, text, end]; },
  "sink given failing": ({ env }) => caught(() => env.CALLEE.writeTo(new WritableStream({ write() { throw new RangeError("mine is full"); } }), "a", "b")),
  "sink given, aborted there": async ({ env }) => { let end = ""; const r = await env.CALLEE.abortOf(new WritableStream({ abort(e) { end = e instanceof Error ? error(e) : String(e); } })); await until(() => end); return [r, end]; },
};

export default area(probes);
