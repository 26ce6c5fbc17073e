// connect() of bindings and the connect() handler, as the caller sees it.
import { area, shape, show, error } from "../probe.js";
import { WorkerEntrypoint, DurableObject } from "cloudflare:workers";

const encoder = new TextEncoder();
const bytes = (s) => encoder.encode(s);
/** Reads a socket to its end, and says what came and how it ended. */
async function drain(socket) {
  let text = "";
  try { for await (const c of socket.readable) text += new TextDecoder().decode(c); } catch (e) { return [text, error(e)]; }
  return [text, "end"];
}
async function write(socket, text, close) {
  const w = socket.writable.getWriter();
  await w.write(bytes(text));
  if (close) await w.close(); else w.releaseLock();
}
const outcome = (p) => p.then((v) => ["resolved", show(v, 1)], (e) => ["rejected", error(e), e.remote, e.retryable, e.durableObjectId && "id"]);
const sync = (f) => { try { const r = f(); r?.close?.(); return ["returned", Object.prototype.toString.call(r)]; } catch (e) { return ["threw", error(e)]; } };
const all = async (s) => [await outcome(s.opened), await drain(s), await outcome(s.closed)];

export class Loop extends WorkerEntrypoint {
  async connect(socket) { const w = socket.writable.getWriter(); await w.write(bytes("loop " + (await socket.opened).localAddress)); await w.close(); }
}
export class Proxied extends WorkerEntrypoint {
  async connect(socket) {
    const out = this.env.CALLEE.connect("upper.example:1");
    await Promise.all([socket.readable.pipeTo(out.writable), out.readable.pipeTo(socket.writable)]);
  }
}

const probes = {};
for (const name of ["CALLEE", "NAMED", "OBJ"]) {
  const at = (env) => name === "OBJ" ? env.OBJ.getByName("one") : env[name];
  Object.assign(probes, {
    [`${name} class`]: ({ env }) => { const s = at(env).connect("info.example:80"); return [Object.prototype.toString.call(s), s.constructor.name, typeof at(env).connect, s.secureTransport, s.upgraded]; },
    [`${name} info`]: ({ env }) => all(at(env).connect("info.example:80")),
    [`${name} info address object`]: ({ env }) => all(at(env).connect({ hostname: "info.example", port: 8080 })),
    [`${name} opened`]: async ({ env }) => { const i = await at(env).connect("echo.example:80").opened; return [Object.keys(i), i.remoteAddress, i.localAddress]; },
    [`${name} echo`]: async ({ env }) => { const s = at(env).connect("echo.example:80"); await write(s, "abc", true); return all(s); },
    [`${name} echo half open`]: async ({ env }) => { const s = at(env).connect("echo.example:80", { allowHalfOpen: true }); await write(s, "abc", true); return [await outcome(s.opened), await drain(s)]; },
    [`${name} upper`]: async ({ env }) => { const s = at(env).connect("upper.example:80"); await write(s, "abc", true); return all(s); },
    [`${name} hello`]: ({ env }) => drain(at(env).connect("hello.example:80")),
    [`${name} hello, closed`]: async ({ env }) => { const s = at(env).connect("hello.example:80"); await drain(s); return outcome(s.closed); },
    [`${name} close`]: ({ env }) => all(at(env).connect("close.example:80")),
    [`${name} throw`]: ({ env }) => { const s = at(env).connect("throw.example:80"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
    [`${name} late`]: ({ env }) => { const s = at(env).connect("late.example:80"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
    [`${name} return`]: ({ env }) => all(at(env).connect("return.example:80")),
    [`${name} tls`]: ({ env }) => all(at(env).connect("tls.example:80")),
    [`${name} abort`]: ({ env }) => { const s = at(env).connect("abort.example:80"); return drain(s); },
    [`${name} cancel`]: ({ env }) => { const s = at(env).connect("cancel.example:80"); return drain(s); },
    [`${name} half`]: async ({ env }) => { const s = at(env).connect("half.example:80"); await write(s, "one", true); return drain(s); },
    [`${name} big`]: async ({ env }) => { let n = 0; for await (const c of at(env).connect("big.example:80").readable) n += c.byteLength; return n; },
    [`${name} count`]: async ({ env }) => { const s = at(env).connect("count.example:80"); const w = s.writable.getWriter(); for (let i = 0; i < 64; i++) await w.write(new Uint8Array(64 * 1024)); await w.close(); return drain(s); },
    [`${name} waiting`]: ({ env }) => drain(at(env).connect("waiting.example:80")),
    [`${name} pipe to itself`]: ({ env }) => Promise.race([ (async () => { const s = at(env).connect("pipe.example:80"); await write(s, "abc", true); return drain(s); })(), scheduler.wait(10_000).then(() => "still waiting") ]),
    [`${name} echo, bit by bit`]: async ({ env }) => { const s = at(env).connect("echo.example:1"); const w = s.writable.getWriter(), r = s.readable.getReader(); const out = []; for (const t of ["a", "b"]) { await w.write(bytes(t)); out.push(new TextDecoder().decode((await r.read()).value)); } await w.close(); out.push((await r.read()).done, await outcome(s.closed)); return out; },
    [`${name} write after the end`]: async ({ env }) => { const s = at(env).connect("return.example:1", { allowHalfOpen: true }); await drain(s); return [await outcome(write(s, "x")), await outcome(s.close())]; },
    [`${name} write after the end, half closed`]: async ({ env }) => { const s = at(env).connect("return.example:1"); await drain(s); return [await outcome(write(s, "x")), await outcome(s.closed)]; },
    [`${name} close first`]: async ({ env }) => { const s = at(env).connect("echo.example:80"); return [await outcome(s.close()), await outcome(s.closed)]; },
    [`${name} write after close`]: async ({ env }) => { const s = at(env).connect("echo.example:80"); await s.close(); return outcome(write(s, "x")); },
    [`${name} read after close`]: async ({ env }) => { const s = at(env).connect("echo.example:80"); await s.opened; await s.close(); return drain(s); },
    [`${name} two at once`]: async ({ env }) => { const f = async (t) => { const s = at(env).connect("upper.example:80"); await write(s, t, true); return drain(s); }; return Promise.all([f("a"), f("b")]); },
    [`${name} secure`]: ({ env }) => sync(() => at(env).connect("echo.example:443", { secureTransport: "on" })),
    [`${name} secure opened`]: async ({ env }) => { const s = at(env).connect("info.example:443", { secureTransport: "on" }); return [s.secureTransport, await all(s)]; },
    [`${name} starttls`]: async ({ env }) => { const s = at(env).connect("echo.example:80", { secureTransport: "starttls" }); return sync(() => s.startTls()); },
    [`${name} starttls opened`]: async ({ env }) => { const s = at(env).connect("echo.example:80", { secureTransport: "starttls" }); const t = s.startTls(); return [await outcome(t.opened)]; },
    [`${name} port 25`]: ({ env }) => drain(at(env).connect("info.example:25")),
    [`${name} upper case`]: ({ env }) => drain(at(env).connect("INFO.example:80")),
    [`${name} ip`]: ({ env }) => drain(at(env).connect("10.0.0.1:80")),
    [`${name} ipv6`]: ({ env }) => drain(at(env).connect("[::1]:80")),
  });
}
Object.assign(probes, {
  "no address": ({ env }) => sync(() => env.CALLEE.connect()),
  "null": ({ env }) => sync(() => env.CALLEE.connect(null)),
  "number": ({ env }) => sync(() => env.CALLEE.connect(5)),
  "empty": ({ env }) => sync(() => env.CALLEE.connect("")),
  "no port": ({ env }) => sync(() => env.CALLEE.connect("a.example")),
  "url": ({ env }) => sync(() => env.CALLEE.connect("http://a.example")),
  "options": ({ env }) => sync(() => env.CALLEE.connect("a.example:80", 5)),
  "NONE": ({ env }) => { const s = env.NONE.connect("a.example:80"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
  "PLAINNONE": ({ env }) => { const s = env.PLAINNONE.connect("a.example:80"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
  "OBJNONE": ({ env }) => { const s = env.OBJNONE.getByName("a").connect("a.example:80"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
  "NONE write": ({ env }) => outcome(write(env.NONE.connect("a.example:80"), "x", true)),
  "loopback": async ({ ctx }) => drain(ctx.exports.Loop.connect("a.example:1")),
  "loopback without": async ({ ctx }) => drain(ctx.exports.default.connect("a.example:1")),
  "proxied": async ({ ctx }) => { const s = ctx.exports.Proxied.connect("a.example:1"); await write(s, "through", true); return drain(s); },
  "object counts": async ({ env }) => { const o = env.OBJ.getByName("two"); const n = await o.count(); await drain(o.connect("info.example:1")); await drain(o.connect("info.example:1")); return await o.count() - n; },
  "socket as argument": async ({ env }) => { const s = env.CALLEE.connect("echo.example:80"); return outcome(env.CALLEE.last(s)); },
  "opened socket as argument": async ({ env }) => { const s = env.CALLEE.connect("echo.example:1"); await s.opened; return outcome(env.CALLEE.give(s)); },
  "opened socket, locked": async ({ env }) => { const s = env.CALLEE.connect("echo.example:1"); await s.opened; s.writable.getWriter(); return outcome(env.CALLEE.give(s)); },
  "opened socket, closed": async ({ env }) => { const s = env.CALLEE.connect("echo.example:1"); await s.opened; await s.close(); return outcome(env.CALLEE.give(s)); },
  "failed socket": async ({ env }) => { const s = env.NONE.connect("echo.example:1"); await outcome(s.opened); return outcome(env.CALLEE.give(s)); },
  "constructor throws": ({ env }) => { const s = env.THROWS.connect("a.example:1"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
  "constructor of object throws": ({ env }) => { const s = env.OBJTHROWS.getByName("a").connect("a.example:1"); return Promise.all([outcome(s.opened), drain(s), outcome(s.closed)]); },
  "clone": ({ env }) => { try { return structuredClone(env.CALLEE.connect("echo.example:80")); } catch (e) { return error(e); } },
  "binding as argument": async ({ env }) => typeof env.CALLEE.connect,
});
export default area(probes);
