// Facets: objects within an object, with storage of their own.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { area, error, run, show } from "../probe.js";

const kind = (v) => [typeof v, Object.prototype.toString.call(v), v?.constructor?.name];
const caught = async (f) => { try { return show(await f(), 1); } catch (e) { return `${error(e)} ${Object.keys(e).filter((k) => !["stack", "message", "name", "code", "reason"].includes(k)).sort().map((k) => `${k}=${e[k]}`)}`; } };

/** What is probed inside a parent; each gets a parent of its own. */
const inside = {
  "facets": ({ ctx }) => [kind(ctx.facets), Object.getOwnPropertyNames(Object.getPrototypeOf(ctx.facets)).sort(), ctx.facets === ctx.facets],
  "stub": ({ get }) => [kind(get("a")), typeof get("a").fetch, get("a").id === undefined, get("a").name === undefined, get("a") === get("a")],
  "call": async ({ get }) => [await get("a").add(1), await get("a").add(2), await get("b").add(5)],
  "fetch": async ({ get }) => (await get("a").fetch("http://x/path", { method: "POST", body: "text" })).text(),
  "id": async ({ get, ctx }) => { const i = await get("a").id(); return [i.hex === ctx.id.toString(), i.name, i.kind]; },
  "id given": async ({ ctx }) => { const id = ctx.exports.Child.idFromName?.("n") ?? ctx.id; const i = await ctx.facets.get("a", () => ({ class: ctx.exports.Child, id: id })).id(); return [i.hex === id.toString(), i.name]; },
  "id text": async ({ ctx }) => { const i = await ctx.facets.get("a", () => ({ class: ctx.exports.Child, id: "some text" })).id(); return [i.hex, i.name, i.kind]; },
  "id number": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({ class: ctx.exports.Child, id: 5 })).id()),
  "props": async ({ ctx }) => [await ctx.facets.get("a", () => ({ class: ctx.exports.Child({ props: { n: 1 } }) })).props(), await ctx.facets.get("b", () => ({ class: ctx.exports.Child })).props()],
  "class kind": ({ ctx }) => [kind(ctx.exports.Child), kind(ctx.exports.Child({ props: {} })), kind(ctx.exports.Other), kind(ctx.exports.Other({ props: {} }))],
  "called without options": ({ ctx }) => caught(() => kind(ctx.exports.Child())),
  "bad props": ({ ctx }) => caught(() => kind(ctx.exports.Child({ props: 5 }))),
  "bound class": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({ class: ctx.exports.Other })).who()),
  "bound class with props": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({ class: ctx.exports.Other({ props: { a: 1 } }) })).who()),
  "namespace binding as class": ({ ctx, env }) => caught(() => ctx.facets.get("a", () => ({ class: env.OTHER })).who()),
  "raw class": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({ class: Child })).add(1)),
  "entrypoint as class": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({ class: ctx.exports.Entry })).add(1)),
  "no class": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({})).add(1)),
  "options nothing": ({ ctx }) => caught(() => ctx.facets.get("a", () => undefined).add(1)),
  "async callback": ({ ctx }) => caught(() => ctx.facets.get("a", async () => ({ class: ctx.exports.Child })).add(1)),
  "late callback": ({ ctx }) => caught(() => ctx.facets.get("a", async () => { await scheduler.wait(5); return { class: ctx.exports.Child }; }).add(1)),
  "callback throws": ({ ctx }) => caught(() => ctx.facets.get("a", () => { throw new TypeError("no class"); }).add(1)),
  "callback throws, then": async ({ ctx, get }) => [await caught(() => ctx.facets.get("a", () => { throw new TypeError("no class"); }).add(1)), await caught(() => get("a").add(1))],
  "callback calls": async ({ ctx }) => { let n = 0; const f = () => { n++; return { class: ctx.exports.Child }; }; const s = ctx.facets.get("a", f); const before = n; await s.add(1); await ctx.facets.get("a", f).add(1); await s.add(1); return [before, n]; },
  "callback is lazy": async ({ ctx }) => { let n = 0; ctx.facets.get("a", () => { n++; return { class: ctx.exports.Child }; }); await scheduler.wait(20); return n; },
  "other class while running": ({ ctx, get }) => caught(async () => { await get("a").add(1); return ctx.facets.get("a", () => ({ class: ctx.exports.Other })).who(); }),
  "get nothing": ({ ctx }) => caught(() => ctx.facets.get()),
  "get without callback": ({ ctx }) => caught(() => ctx.facets.get("a")),
  "get text callback": ({ ctx }) => caught(() => ctx.facets.get("a", "b")),
  "empty name": ({ get }) => caught(() => get("").add(1)),
  "strange name": ({ get }) => caught(async () => [await get("../x/\u0000é").put("k", 1), await get("../x/\u0000é").get("k")]),
  "number name": ({ get }) => caught(() => get(5).add(1)),
  "storage": async ({ get, ctx }) => { await ctx.storage.put("k", "parent"); await get("a").put("k", "a"); await get("b").put("k", "b"); return [await ctx.storage.get("k"), await get("a").get("k"), await get("b").get("k")]; },
  "sql": async ({ get, ctx }) => { ctx.storage.sql.exec("create table p(x)"); await get("a").exec("create table t(x)"); return [await get("a").exec("select name from sqlite_schema where name not like '\\_cf%' escape '\\'"), ctx.storage.sql.exec("select name from sqlite_schema where name in ('t', 'p')").toArray()]; },
  "abort": async ({ get, ctx }) => { const s = get("a"); await s.put("k", 1); await s.add(5); const r = ctx.facets.abort("a", new Error("enough")); return [r, await caught(() => s.add(1)), await caught(() => get("a").add(1)), await get("a").get("k")]; },
  "abort text": async ({ get, ctx }) => { const s = get("a"); await s.add(5); ctx.facets.abort("a", "enough"); return caught(() => s.add(1)); },
  "abort without reason": async ({ get, ctx }) => { const s = get("a"); await s.add(5); return caught(() => { ctx.facets.abort("a"); return s.add(1); }); },
  "abort running": async ({ get, ctx }) => { const p = caught(() => get("a").wait(60_000)); await scheduler.wait(20); ctx.facets.abort("a", new RangeError("stop it")); return p; },
  "abort before use": async ({ get, ctx }) => { const s = get("a"); ctx.facets.abort("a", new Error("early")); return [await caught(() => s.add(1)), await caught(() => get("a").add(1))]; },
  "abort unknown": ({ ctx }) => caught(() => ctx.facets.abort("none", new Error("x"))),
  "delete": async ({ get, ctx }) => { const s = get("a"); await s.put("k", 1); const r = ctx.facets.delete("a"); return [r, await caught(() => s.get("k")), await caught(() => get("a").get("k"))]; },
  "delete unknown": ({ ctx }) => caught(() => ctx.facets.delete("none")),
  "delete nothing": ({ ctx }) => caught(() => ctx.facets.delete()),
  "delete running": async ({ get, ctx }) => { const p = caught(() => get("a").wait(60_000)); await scheduler.wait(20); ctx.facets.delete("a"); return p; },
  "delete nested": async ({ get, ctx }) => { await get("a").nestedPut("n", "k", 7); const before = await get("a").nestedGet("n", "k"); ctx.facets.delete("a"); return [before, await get("a").nestedGet("n", "k")]; },
  "nested": async ({ get }) => [await get("a").nestedPut("n", "k", 1), await get("a").nestedGet("n", "k"), await get("n").get("k"), await get("b").nestedGet("n", "k")],
  "deleteAll of the parent": async ({ get, ctx }) => { await get("a").put("k", 1); await ctx.storage.deleteAll(); return caught(() => get("a").get("k")); },
  "deleteAll of a facet": async ({ get, ctx }) => { await ctx.storage.put("k", 1); await get("a").put("k", 2); await get("a").deleteAll(); return [await get("a").get("k"), await ctx.storage.get("k")]; },
  "thrown": ({ get }) => caught(() => get("a").throws()),
  "thrown, then": async ({ get }) => { const s = get("a"); await caught(() => s.throws()); return s.add(1); },
  "aborts itself": async ({ get }) => { const s = get("a"); return [await caught(() => s.abort("by itself")), await caught(() => s.add(1)), await caught(() => get("a").add(1))]; },
  "constructor throws": ({ ctx }) => caught(() => ctx.facets.get("a", () => ({ class: ctx.exports.Broken })).add(1)),
  "alarm": ({ get }) => caught(() => get("a").alarmIn(60_000)),
  "get alarm": ({ get }) => caught(() => get("a").alarmAt()),
  "transaction of the parent": async ({ get, ctx }) => { await get("a").put("k", 1); await caught(() => ctx.storage.transaction(async () => { await ctx.storage.put("k", 2); throw new Error("undo"); })); return [await get("a").get("k"), await ctx.storage.get("k")]; },
  "facet calls back": async ({ get }) => get("a").callBack((n) => n + 1),
  "as argument": ({ get, env }) => caught(() => env.OTHER.getByName("x").callOn(get("a"))),
  "returned": ({ get }) => get("a"),
  "class as argument": ({ ctx, env }) => caught(() => env.OTHER.getByName("x").echo(ctx.exports.Child({ props: {} }))),
  "facets as argument": ({ ctx, env }) => caught(() => env.OTHER.getByName("x").echo(ctx.facets)),
  "no such method": ({ get }) => caught(() => get("a").nope()),
  "stored stub": ({ get, ctx }) => caught(() => ctx.storage.put("s", get("a"))),
  "ctx of a facet": ({ get }) => get("a").members(),
  "order": async ({ get }) => Promise.all(Array.from({ length: 10 }, () => get("a").add(1))),
  "bookmark": ({ get }) => caught(async () => typeof await get("a").bookmark()),
  "connect": async ({ get }) => { const s = get("a").connect("echo.example:1"); const w = s.writable.getWriter(); await w.write(new TextEncoder().encode("abc")); await w.close(); return new Response(s.readable).text(); },
  "connect without": ({ ctx }) => { const s = ctx.facets.get("a", () => ({ class: ctx.exports.Other })).connect("a.example:1"); return Promise.all([caught(() => s.opened), caught(() => s.closed)]); },
  "connect to one deleted": async ({ get, ctx }) => { const s = get("a"); await s.add(1); ctx.facets.delete("a"); return caught(() => s.connect("a.example:1").opened); },
  "websocket": ({ get }) => caught(() => get("a").socket()),
};

export class Child extends DurableObject {
  n = 0;
  add(n) { return this.n += n; }
  id() { return { hex: String(this.ctx.id), name: this.ctx.id?.name, kind: kind(this.ctx.id).join() }; }
  props() { return this.ctx.props; }
  put(k, v) { return this.ctx.storage.put(k, v); }
  get(k) { return this.ctx.storage.get(k); }
  exec(q) { return this.ctx.storage.sql.exec(q).toArray(); }
  deleteAll() { return this.ctx.storage.deleteAll(); }
  wait(ms) { return scheduler.wait(ms); }
  throws() { throw new RangeError("from the facet"); }
  abort(reason) { this.ctx.abort(reason); }
  nestedPut(name, k, v) { return this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Child })).put(k, v); }
  nestedGet(name, k) { return this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Child })).get(k); }
  alarmIn(ms) { return this.ctx.storage.setAlarm(Date.now() + ms); }
  alarmAt() { return this.ctx.storage.getAlarm(); }
  alarm() {}
  callBack(f) { return f(1); }
  bookmark() { return this.ctx.storage.getCurrentBookmark(); }
  socket() { const p = new WebSocketPair(); this.ctx.acceptWebSocket(p[0]); return this.ctx.getWebSockets().length; }
  members() { return [kind(this.ctx).join(), Object.keys(this.ctx).sort().join()]; }
  async connect(socket) { const text = await new Response(socket.readable).text(), w = socket.writable.getWriter(); await w.write(new TextEncoder().encode("facet " + text)); await w.close(); }
  async fetch(request) { return new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`); }
}

export class Broken extends DurableObject {
  constructor(ctx, env) { super(ctx, env); throw new TypeError("in the constructor"); }
}

export class Entry extends WorkerEntrypoint { add() { return "entry"; } }

export class Other extends DurableObject {
  who() { return ["other", this.ctx.props]; }
  echo(v) { return kind(v); }
  callOn(stub) { return stub.add(1); }
}

export class Parent extends DurableObject {
  inside(name) {
    const get = (n) => this.ctx.facets.get(n, () => ({ class: this.ctx.exports.Child }));
    return run(inside[name], { ctx: this.ctx, env: this.env, get });
  }
  hand() { return this.ctx.facets.get("a", () => ({ class: this.ctx.exports.Child })); }
  put() { return this.hand().put("k", 5); }
  get() { return this.hand().get("k"); }
  abort() { this.ctx.abort("parent gone"); }
}

export default area({
  ...Object.fromEntries(Object.keys(inside).map((name) => [name, ({ env }) => env.PARENT.getByName(name).inside(name)])),
  "handed out": ({ env }) => caught(async () => { const s = await env.PARENT.getByName("hand").hand(); return [kind(s), await s.add(2)]; }),
  "parent aborted": ({ env }) => caught(async () => { await env.PARENT.getByName("gone").put(); await caught(() => env.PARENT.getByName("gone").abort()); return env.PARENT.getByName("gone").get(); }),
});
