// Durable Objects: ids, stubs, storage, SQL, sockets and how they break.
import { DurableObject } from "cloudflare:workers";
import { area, error, run, show } from "../probe.js";

/** What is probed inside an object; each gets an object of its own. */
const inside = {
  "ctx": ({ ctx }) => [ctx.constructor.name, Object.getOwnPropertyNames(Object.getPrototypeOf(ctx)).sort()],
  "storage": ({ st }) => [st.constructor.name, Object.getOwnPropertyNames(Object.getPrototypeOf(st)).sort()],
  "sql": ({ sql }) => [sql.constructor.name, typeof sql.exec],
  "id": ({ ctx }) => [ctx.id.name, ctx.id.jurisdiction, Object.keys(ctx.id), ctx.id.equals(ctx.id)],
  "props": ({ ctx }) => ctx.props,

  "put undefined": ({ st }) => st.put("a", undefined),
  "get": async ({ st }) => [await st.put("a", { x: new Date(5) }), await st.get("a"), await st.get("none")],
  "get many": async ({ st }) => { await st.put({ b: 1, a: 2 }); return [...await st.get(["b", "a", "a", "none"])]; },
  "delete": async ({ st }) => { await st.put({ b: 1, a: 2 }); return [await st.delete("a"), await st.delete("a"), await st.delete(["a", "b"])]; },
  "list": async ({ st }) => { await st.put({ a1: 1, a2: 2, b: 3 }); return [[...await st.list({ prefix: "a" })], [...await st.list({ reverse: true, limit: 2 })], [...await st.list({ start: "a2", end: "b" })], [...await st.list({ startAfter: "a2" })]]; },
  "list both starts": ({ st }) => st.list({ start: "a", startAfter: "b" }),
  "list limit 0": ({ st }) => st.list({ limit: 0 }),
  "129 keys": async ({ st }) => { await st.put(Object.fromEntries(Array.from({ length: 129 }, (_, i) => ["k" + i, i]))); return (await st.list()).size; },
  "get 129 keys": ({ st }) => st.get(Array.from({ length: 129 }, (_, i) => "k" + i)),
  "delete 129 keys": ({ st }) => st.delete(Array.from({ length: 129 }, (_, i) => "k" + i)),
  ...Object.fromEntries([2_048, 2_049, 8_192].flatMap((n) => [["key of " + n, async ({ st }) => { await st.put("k".repeat(n), 1); return st.get("k".repeat(n)); }], ["kv key of " + n, ({ st }) => { st.kv.put("k".repeat(n), 1); return st.kv.get("k".repeat(n)); }], ["get key of " + n, ({ st }) => st.get("k".repeat(n))], ["delete key of " + n, ({ st }) => st.delete("k".repeat(n))]])),
  "value of 2,000,000": async ({ st }) => { await st.put("a", new Uint8Array(2_000_000)); return (await st.get("a")).length; },
  "value of 2,200,000": async ({ st }) => { await st.put("a", new Uint8Array(2_200_000)); return (await st.get("a")).length; },
  "kv value of 2,200,000": ({ st }) => st.kv.put("a", new Uint8Array(2_200_000)),
  "row of 2,200,000": ({ sql }) => sql.exec("select length(?) n", new Uint8Array(2_200_000)).one(),
  "100 parameters": ({ sql }) => sql.exec(`select ${Array(100).fill("?").join("+")} n`, ...Array(100).fill(1)).one(),
  "101 parameters": ({ sql }) => sql.exec(`select ${Array(101).fill("?").join("+")} n`, ...Array(101).fill(1)).one(),
  "100 columns": ({ sql }) => { sql.exec(`create table t(${Array.from({ length: 100 }, (_, i) => "c" + i)})`); return "created"; },
  "101 columns": ({ sql }) => { sql.exec(`create table t(${Array.from({ length: 101 }, (_, i) => "c" + i)})`); return "created"; },
  "query of 100,000": ({ sql }) => sql.exec(`select '${"x".repeat(100_000 - 9)}'`).toArray().length,
  "query of 100,001": ({ sql }) => sql.exec(`select '${"x".repeat(100_001 - 9)}'`).toArray().length,
  "like pattern of 51": ({ sql }) => sql.exec("select 'x' like ? n", "x".repeat(51)).one(),
  "empty key": async ({ st }) => { await st.put("", 1); return [...await st.list()]; },
  "put function": ({ st }) => st.put("a", () => 1).catch((e) => e.name),
  "large value": ({ st }) => st.put("a", "x".repeat(9_000_000)).catch((e) => e.message),
  "transaction": async ({ st }) => { await st.put("a", 1); const r = await st.transaction(async (t) => { await t.put("a", 2); t.rollback(); return 5; }); return [r, await st.get("a")]; },
  "transaction thrown": async ({ st }) => { await st.put("a", 1); const e = await st.transaction(async (t) => { await t.put("a", 2); throw new Error("no"); }).catch(error); return [e, await st.get("a")]; },
  "after rollback": ({ st }) => st.transaction(async (t) => { t.rollback(); await t.put("a", 1); }),
  "transactionSync": async ({ st, sql }) => { sql.exec("create table t(a)"); try { st.transactionSync(() => { sql.exec("insert into t values (1)"); throw new Error("no"); }); } catch (e) { return [error(e), sql.exec("select count(*) n from t").one()]; } },
  "kv": ({ st }) => { st.kv.put("k", { a: 1 }); return [st.kv.get("k"), [...st.kv.list()], st.kv.delete("k"), st.kv.delete("k"), st.kv.get("k")]; },
  "deleteAll": async ({ st, sql }) => { await st.put("a", 1); sql.exec("create table t(a)"); await st.deleteAll(); return [(await st.list()).size, sql.exec("select name from sqlite_schema").toArray()]; },
  "deleteAll in a transaction": ({ st }) => st.transaction((t) => t.deleteAll()),
  "sync": ({ st }) => st.sync(),
  "bookmarks": async ({ st }) => [await st.getCurrentBookmark(), await st.getCurrentBookmark()],
  "bookmarks after deleteAll": async ({ st }) => { await st.getCurrentBookmark(); await st.deleteAll(); return st.getCurrentBookmark(); },
  "getBookmarkForTime": ({ st }) => st.getBookmarkForTime(Date.now()),
  "getBookmarkForTime of text": ({ st }) => st.getBookmarkForTime("x"),
  "onNextSessionRestoreBookmark": ({ st }) => st.onNextSessionRestoreBookmark("0"),
  "alarm": async ({ st }) => { await st.setAlarm(4e12); const a = await st.getAlarm(); await st.deleteAlarm(); return [a, await st.getAlarm()]; },
  "alarm and deleteAll": async ({ st }) => { await st.setAlarm(4e12); await st.deleteAll(); return st.getAlarm(); },
  "alarm of text": ({ st }) => st.setAlarm("x"),
  "alarm at 0": ({ st }) => st.setAlarm(0),
  "alarm NaN": ({ st }) => st.setAlarm(NaN),

  "exec": ({ sql }) => sql.exec("select 1 as a, 'x' as b, null as c, x'0102' as d, 1.5 as e").one(),
  "exec nothing": ({ sql }) => sql.exec(),
  "exec empty": ({ sql }) => sql.exec(""),
  "exec syntax": ({ sql }) => sql.exec("selec"),
  "exec parameters": ({ sql }) => sql.exec("select ?1 a, typeof(?1) b, typeof(?2) c, ?3 d, ?4 e", 5, NaN, true, undefined).one(),
  "exec too few": ({ sql }) => sql.exec("select ?, ?", 1),
  "exec bigint": ({ sql }) => sql.exec("select ?", 5n),
  "exec begin": ({ sql }) => sql.exec("begin"),
  "one of none": ({ sql }) => sql.exec("select 1 where 0").one(),
  "one of two": ({ sql }) => sql.exec("select 1 union select 2").one(),
  "cursor": ({ sql }) => { const c = sql.exec("select 1 as a union select 2"); return [c.columnNames, c.next(), c.next(), c.next(), c.constructor.name]; },
  "cursor raw": ({ sql }) => [...sql.exec("select 1 as a, 2 as a").raw()],
  "cursor is live": ({ sql }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const c = sql.exec("select a from t"); c.next(); sql.exec("insert into t values (3)"); return [...c]; },
  "database size": ({ sql }) => { const a = sql.databaseSize; sql.exec("create table t(a)"); return sql.databaseSize - a; },
  "fts5": ({ sql }) => { sql.exec("create virtual table f using fts5(a); insert into f values ('one two')"); return sql.exec("select * from f('two')").toArray(); },
  ...Object.fromEntries([
    "pragma journal_mode", "pragma table_list(t)", "select log10(1)", "pragma foreign_keys", "pragma page_size", "pragma optimize", "attach 'x' as y", "vacuum", "create temp table q(a)", "create table _cf_x(a)",
    "create virtual table g using rtree(a,b,c)", "select sqlite_version()", "select sqlite_source_id()", "select json_each.value from json_each('[1]')", "select fts3_tokenizer('x')",
    "select unicode('a'), likelihood(1, 0.5), zeroblob(1)", "select printf('%d', 1), format('%s', 'x')", "select total_changes() >= 0 a", "analyze", "reindex",
  ].map((q) => ["exec " + q, ({ sql }) => sql.exec(q).toArray()])),
  "row counters": ({ sql }) => [
    "create table t(a, b)", "insert into t values (1,2),(3,4)", "select * from t", "select 1", "update t set b = 9", "create table u(a unique, b)", "insert into u values (1,1),(2,2),(3,3)",
    "update u set b=4 where a=1", "update u set a=9 where b=4", "delete from u where a=9", "create table w(k text primary key, v) without rowid", "insert into w values ('a',1),('b',2)", "create index i on t(a)",
  ].map((q) => { const c = sql.exec(q); c.toArray(); return `${c.rowsRead}/${c.rowsWritten}`; }),

  "blockConcurrencyWhile": ({ ctx }) => ctx.blockConcurrencyWhile(async () => 5),
  "blockConcurrencyWhile nothing": ({ ctx }) => ctx.blockConcurrencyWhile(5),
  "auto response": ({ ctx }) => { const a = ctx.getWebSocketAutoResponse(); ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("a", "b")); const b = ctx.getWebSocketAutoResponse(); ctx.setWebSocketAutoResponse(); return [a, b.request, b.response, ctx.getWebSocketAutoResponse()]; },
  "large auto request": ({ ctx }) => ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("a".repeat(2049), "b")),
  "auto response of text": ({ ctx }) => ctx.setWebSocketAutoResponse("x"),
  "event timeout": ({ ctx }) => [ctx.getHibernatableWebSocketEventTimeout(), ctx.setHibernatableWebSocketEventTimeout(1000), ctx.getHibernatableWebSocketEventTimeout(), ctx.setHibernatableWebSocketEventTimeout(), ctx.getHibernatableWebSocketEventTimeout()],
  "event timeout negative": ({ ctx }) => ctx.setHibernatableWebSocketEventTimeout(-1),
  "event timeout long": ({ ctx }) => ctx.setHibernatableWebSocketEventTimeout(604_800_001),
  "tags": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, ["a", "b", "a"]); return [ctx.getTags(w), ctx.getWebSockets("a").length, ctx.getWebSockets("c").length, ctx.getWebSockets().length, ctx.getWebSocketAutoResponseTimestamp(w)]; },
  "eleven tags": ({ ctx }) => ctx.acceptWebSocket(new WebSocketPair()[0], Array.from({ length: 11 }, (_, i) => "t" + i)),
  "long tag": ({ ctx }) => ctx.acceptWebSocket(new WebSocketPair()[0], ["x".repeat(257)]),
  "tags of others": ({ ctx }) => ctx.getTags(new WebSocketPair()[0]),
  "accepted twice": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w); ctx.acceptWebSocket(w); },
  "accepted already": ({ ctx }) => { const w = new WebSocketPair()[0]; w.accept(); ctx.acceptWebSocket(w); },
  "attachment": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w); const none = w.deserializeAttachment(); w.serializeAttachment({ a: 1 }); return [none, w.deserializeAttachment()]; },
  "attachment at the limit": () => new WebSocketPair()[0].serializeAttachment("x".repeat(16_378)),
  "attachment beyond the limit": () => new WebSocketPair()[0].serializeAttachment("x".repeat(16_379)),
  "attachment of a symbol": () => new WebSocketPair()[0].serializeAttachment(Symbol("x")),
  "attachment nothing": () => new WebSocketPair()[0].serializeAttachment(),
  "attachment copied": () => { const w = new WebSocketPair()[0], o = { n: 1 }; w.serializeAttachment(o); o.n = 2; return w.deserializeAttachment().n; },
  "ten tags": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, Array.from({ length: 10 }, (_, i) => "t" + i)); return ctx.getTags(w).length; },
  "tag of 256": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, ["x".repeat(256)]); return ctx.getTags(w)[0].length; },
  "empty tag": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, [""]); return ctx.getTags(w); },
  "tags of text": ({ ctx }) => ctx.acceptWebSocket(new WebSocketPair()[0], "abc"),
  "tags of numbers": ({ ctx }) => { const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, [1, null]); return ctx.getTags(w); },
  "large attachment": () => new WebSocketPair()[0].serializeAttachment("x".repeat(16_400)),
};

export class Probed extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    if (ctx.id.name === "broken") throw new TypeError("in the constructor");
    if (ctx.id.name === "blocked") ctx.blockConcurrencyWhile(async () => { throw new TypeError("in the block"); });
  }
  inside(name) { return run(inside[name], { ctx: this.ctx, st: this.ctx.storage, sql: this.ctx.storage.sql }); }
  alarm() {}
  echo(x) { return x; }
  abort(reason) { this.ctx.abort(reason); }
  throws() { throw new RangeError("plain"); }
  async incStored() { const n = (await this.ctx.storage.get("n")) ?? 0; await this.ctx.storage.put("n", n + 1); return n + 1; }
  async incConcurrent() { const n = (await this.ctx.storage.get("n", { allowConcurrency: true })) ?? 0; await this.ctx.storage.put("n", n + 1, { allowUnconfirmed: true }); return n + 1; }
  async callInTransaction() { await this.ctx.storage.put("n", 1); return this.ctx.storage.transaction(async (t) => { await t.put("n", 2); return [await this.env.OBJECTS.getByName("elsewhere").echo(7), await t.get("n")]; }); }
  async incAcrossCall() { const n = (await this.ctx.storage.get("n")) ?? 0; await this.env.OBJECTS.getByName("elsewhere").echo(1); await this.ctx.storage.put("n", n + 1); return n + 1; }
  // Each reads before any writes: they wait for one another at a call.
  async incTogether() { const n = (await this.ctx.storage.get("n")) ?? 0; this.entered = (this.entered ?? 0) + 1; while (this.entered < 3) await this.env.OBJECTS.getByName("elsewhere").echo(1); await this.ctx.storage.put("n", n + 1); }
  incBlocked() { return this.ctx.blockConcurrencyWhile(() => this.incAcrossCall()); }
  async log(x) { (this.lines ??= []).push(x + " in"); await this.ctx.storage.get("none"); this.lines.push(x + " out"); return x; }
  async logBlocked(x) { await this.ctx.blockConcurrencyWhile(async () => { (this.lines ??= []).push(x + " in"); await scheduler.wait(5); this.lines.push(x + " out"); }); }
  read() { return this.lines; }
  async stored() { return this.ctx.storage.get("n"); }
  writeThenThrow() { this.ctx.storage.put("n", 1); this.ctx.storage.put("n", 2); throw new RangeError("after writing"); }
  async writeThenAbort() { await this.ctx.storage.put("n", 1); await this.ctx.storage.sync(); this.ctx.storage.put("n", 2); this.ctx.abort("before it is kept"); }
  async writeThenCall(other) { this.ctx.storage.put("n", 1); return this.env.OBJECTS.getByName(other).stored(); }
  async block() { await this.ctx.blockConcurrencyWhile(async () => { throw new RangeError("blocked"); }); }
  async fetch(request) {
    switch (new URL(request.url).pathname) {
      case "/abort": return this.abort("by fetch");
      case "/throw": return this.throws();
    }
    return new Response("ok");
  }
}

export class Legacy extends DurableObject {
  inside(name) { return run(inside[name], { ctx: this.ctx, st: this.ctx.storage, sql: this.ctx.storage.sql }); }
}

/** An error with the marks it carries. */
const marked = (f) => async ({ env }) => {
  try { return show(await f(env.OBJECTS)); } catch (e) {
    const marks = ["remote", "retryable", "overloaded", "durableObjectReset"].filter((k) => e[k] !== undefined).map((k) => `${k}=${e[k]}`);
    return `${error(e)} (${marks})`;
  }
};
const ids = (f) => ({ env }) => f(env.OBJECTS, env.LEGACY);

export default area({
  ...Object.fromEntries(Object.keys(inside).map((name) => [name, ({ env }) => env.OBJECTS.getByName(name).inside(name)])),
  ...Object.fromEntries(["sql", "exec", "kv", "get", "transactionSync", "bookmarks", "getBookmarkForTime", "database size"].map((name) => ["legacy " + name, ({ env }) => env.LEGACY.getByName(name).inside(name)])),

  "namespace": ids((ns) => [ns.constructor.name, Object.getOwnPropertyNames(Object.getPrototypeOf(ns)).sort()]),
  "idFromName": ids((ns) => { const i = ns.idFromName("n"); return [i.name, i.toString().length, Object.keys(i), i.equals(ns.idFromName("n")), i.equals(ns.idFromName("m"))]; }),
  "idFromString": ids((ns) => { const i = ns.idFromString(ns.idFromName("n").toString()); return [i.name, i.equals(ns.idFromName("n"))]; }),
  "idFromString of nonsense": ids((ns) => ns.idFromString("zz")),
  "idFromString of zeros": ids((ns) => ns.idFromString("0".repeat(64))),
  "idFromString of others": ids((ns, legacy) => ns.idFromString(legacy.idFromName("n").toString())),
  "newUniqueId": ids((ns) => { const i = ns.newUniqueId(); return [i.name, i.toString().length, i.equals(ns.newUniqueId())]; }),
  "get nothing": ids((ns) => ns.get()),
  "get text": ids((ns) => ns.get("x")),
  "get options": ids((ns) => ns.get(ns.idFromName("n"), 5)),
  "location hint": ids((ns) => ns.get(ns.idFromName("n"), { locationHint: "weur" }).echo(1)),
  "getByName": ids((ns) => { const s = ns.getByName("n"); return [s.name, s.id.name, s.constructor.name]; }),
  "getByName nothing": ids((ns) => ns.getByName()),
  "getByName number": ids((ns) => ns.getByName(5).name),
  "jurisdiction": ids((ns) => ns.jurisdiction("eu").idFromName("n").jurisdiction),
  "no jurisdiction": ids((ns) => ns.jurisdiction().idFromName("n").equals(ns.idFromName("n"))),

  "order of calls": marked(async (ns) => { const s = ns.getByName("order1"); await Promise.all(["a", "b", "c"].map((x) => s.log(x))); return s.read(); }),
  "order of calls and fetch": marked(async (ns) => { const s = ns.getByName("order2"); const done = []; await Promise.all([s.echo(1).then(() => done.push("call")), s.fetch("http://x/").then(() => done.push("fetch")), s.echo(2).then(() => done.push("call"))]); return done.length; }),
  "input gate during storage": marked((ns) => { const s = ns.getByName("gate1"); return Promise.all([s.incStored(), s.incStored(), s.incStored()]); }),
  "no input gate with allowConcurrency": marked(async (ns) => { const s = ns.getByName("gate2"); await Promise.all([s.incConcurrent(), s.incConcurrent(), s.incConcurrent()]); return (await s.stored()) >= 1; }),
  "no input gate during a call": marked(async (ns) => { const s = ns.getByName("gate3"); await Promise.all([s.incTogether(), s.incTogether(), s.incTogether()]); return s.stored(); }),
  "blockConcurrencyWhile gates calls": marked(async (ns) => { const s = ns.getByName("gate4"); return Promise.all([s.incBlocked(), s.incBlocked(), s.incBlocked()]); }),
  "blockConcurrencyWhile in order": marked(async (ns) => { const s = ns.getByName("gate5"); await Promise.all([s.logBlocked("a"), s.log("b"), s.logBlocked("c")]); return s.read(); }),
  "writes before a throw": marked(async (ns) => { const s = ns.getByName("gate6"); await s.writeThenThrow().catch(() => {}); return s.stored(); }),
  "writes before an abort": marked(async (ns) => { await ns.getByName("gate7").writeThenAbort().catch(() => {}); return ns.getByName("gate7").stored(); }),
  "call in a transaction": marked((ns) => ns.getByName("gate10").callInTransaction()),
  "call after a write": marked((ns) => ns.getByName("gate8").writeThenCall("gate9")),
  "order after an exception": marked(async (ns) => { const s = ns.getByName("order3"); const r = await Promise.allSettled([s.log("a"), s.throws(), s.log("b")]); return [r.map((x) => x.status), await s.read()]; }),

  "thrown": marked((ns) => ns.getByName("throws").throws()),
  "thrown, then": marked(async (ns) => { const s = ns.getByName("throws2"); await s.throws().catch(() => {}); return s.echo(1); }),
  "fetch thrown": marked((ns) => ns.getByName("throws3").fetch("http://x/throw")),
  "abort": marked((ns) => ns.getByName("abort").abort("enough")),
  "abort without reason": marked((ns) => ns.getByName("abort2").abort()),
  "abort with an error": marked((ns) => ns.getByName("abort3").abort(new TypeError("x"))),
  "fetch aborted": marked((ns) => ns.getByName("abort4").fetch("http://x/abort")),
  "aborted stub": marked(async (ns) => { const s = ns.getByName("abort5"); await s.abort("gone").catch(() => {}); return s.echo(1); }),
  "aborted, fresh stub": marked(async (ns) => { await ns.getByName("abort6").abort("gone").catch(() => {}); return ns.getByName("abort6").echo(1); }),
  "constructor": marked((ns) => ns.getByName("broken").echo(1)),
  "constructor, fetch": marked((ns) => ns.getByName("broken").fetch("http://x/")),
  "constructor blocks": marked((ns) => ns.getByName("blocked").echo(1)),
  "block thrown": marked((ns) => ns.getByName("block").block()),
  "block thrown, then": marked(async (ns) => { const s = ns.getByName("block2"); await s.block().catch(() => {}); return s.echo(1); }),
  "no such method": marked((ns) => ns.getByName("n").nope()),
});
