// The order of what happens to a Durable Object: gates, writes that go
// together, transactions, alarms, calls on one stub, and objects that break.
import { DurableObject, RpcTarget } from "cloudflare:workers";
import { area, error, run, show } from "../probe.js";

const caught = async (f) => { try { return show(await f(), 1); } catch (e) { return `${error(e).replace(/reference = \w+/, "reference = …")} ${["remote", "retryable", "overloaded", "durableObjectReset"].filter((k) => e[k] !== undefined).map((k) => `${k}=${e[k]}`)}`; } };
const until = async (f) => { for (let i = 0; i < 3_000; i++) { const v = await f(); if (v) return v; await scheduler.wait(5); } return "(never)"; };
const deferred = () => { let resolve; const promise = new Promise((r) => { resolve = r; }); return { promise, resolve }; };

/** What one event does in an object, alone. */
const alone = {
  // When promises of storage settle.
  "microtasks and get": async ({ st, log }) => { const a = st.get("a").then(() => log("get")); Promise.resolve().then(() => log("micro 1")).then(() => log("micro 2")).then(() => log("micro 3")); log("sync"); await a; await scheduler.wait(0); },
  "microtasks and put": async ({ st, log }) => { const a = st.put("a", 1).then(() => log("put")); Promise.resolve().then(() => log("micro 1")).then(() => log("micro 2")).then(() => log("micro 3")); log("sync"); await a; await scheduler.wait(0); },
  "storage in order": async ({ st, log }) => { await Promise.all([st.get("a").then(() => log("get")), st.put("a", 1).then(() => log("put")), st.delete("b").then(() => log("delete")), st.list().then((l) => log("list " + l.size)), st.get(["a"]).then((l) => log("get many " + l.size)), st.put({ x: 1 }).then(() => log("put many")), st.getAlarm().then(() => log("getAlarm"))]); },
  "storage and sync": async ({ st, log }) => { await Promise.all([st.put("a", 1).then(() => log("put")), st.sync().then(() => log("sync")), st.get("a").then(() => log("get"))]); },
  "sync of nothing": async ({ st, log }) => { const s = st.sync().then(() => log("sync")); Promise.resolve().then(() => log("micro")); await s; },
  "sync gives": async ({ st, log }) => { st.put("a", 1); log(String(await st.sync())); },
  "timer and get": async ({ st, log }) => { const t = deferred(); setTimeout(() => { log("timer"); t.resolve(); }, 0); for (let i = 0; i < 5; i++) { await st.get("a"); log("get " + i); } await t.promise; },
  "timer and get, concurrent": async ({ st, log }) => { const t = deferred(); setTimeout(() => { log("timer"); t.resolve(); }, 0); await st.get("a", { allowConcurrency: true }); log("get"); await t.promise; },
  "reads what is not awaited": async ({ st, log }) => { st.put("a", 1); st.put("a", 2); log(await st.get("a")); st.delete("a"); log(String(await st.get("a"))); },
  "list of what is not awaited": async ({ st, log }) => { st.put("b", 1); st.put({ a: 1, c: 1 }); st.delete("b"); log([...(await st.list()).keys()].join()); },
  "read before a write": async ({ st, log }) => { const g = st.get("a"); st.put("a", 1); log(String(await g)); },
  "list before a write": async ({ st, log }) => { const g = st.list(); st.put("a", 1); log((await g).size); },
  "value at the time of put": async ({ st, log }) => { const o = { n: 1 }; st.put("a", o); o.n = 2; log((await st.get("a")).n); },
  "value got twice": async ({ st, log }) => { await st.put("a", { n: 1 }); const [x, y] = await Promise.all([st.get("a"), st.get("a")]); log(x === y); },
  "kv and get": async ({ st, log }) => { st.kv.put("a", 1); log(await st.get("a")); st.put("a", 2); log(st.kv.get("a")); await st.delete("a"); log(String(st.kv.get("a"))); },
  "sql and sync": async ({ st, sql, log }) => { sql.exec("create table t(a)"); sql.exec("insert into t values (1)"); await st.sync(); log(sql.exec("select count(*) n from t").one().n); },
  "options of every kind": async ({ st, log }) => { await st.put("a", 1, { allowUnconfirmed: true, noCache: true }); await st.put({ b: 2 }, { allowUnconfirmed: true }); log(await st.get("a", { allowConcurrency: true, noCache: true })); log((await st.list({ allowConcurrency: true, noCache: true })).size); log(await st.delete("a", { allowUnconfirmed: true, noCache: true })); log(await st.delete(["b", "c"], { allowUnconfirmed: true })); await st.setAlarm(Date.now() + 1e7, { allowUnconfirmed: true }); log((await st.getAlarm({ allowConcurrency: true })) > 0); await st.deleteAlarm({ allowUnconfirmed: true }); await st.deleteAll({ allowUnconfirmed: true }); },
  "options of text": async ({ st, log }) => { log(await caught(() => st.get("a", "x"))); log(await caught(() => st.put("a", 1, 5))); log(await caught(() => st.get("a", { noCache: "yes" }))); log(await caught(() => st.get("a", null))); log(await caught(() => st.list("x"))); log(await caught(() => st.delete("a", "x"))); log(await caught(() => st.put({ a: 1 }, 5))); log(await caught(() => st.setAlarm(4e12, 5))); log(await caught(() => st.getAlarm("x"))); log(await caught(() => st.deleteAlarm("x"))); log(await caught(() => st.deleteAll("x"))); },

  // blockConcurrencyWhile.
  "block starts": async ({ ctx, log }) => { const b = ctx.blockConcurrencyWhile(async () => { log("in"); }); log("after"); Promise.resolve().then(() => log("micro")); await b; log("out"); },
  "block of a value": async ({ ctx, log }) => { log(await ctx.blockConcurrencyWhile(() => 5)); },
  "block without a promise throws": async ({ ctx, log }) => { log(await caught(() => ctx.blockConcurrencyWhile(() => { throw new TypeError("at once"); }))); },
  "block nested": async ({ ctx, log }) => { log(await ctx.blockConcurrencyWhile(async () => { log("outer"); const v = await ctx.blockConcurrencyWhile(async () => { log("inner"); await scheduler.wait(1); return 7; }); log("outer again"); return v; })); },
  "block nested, not awaited": async ({ ctx, log }) => { await ctx.blockConcurrencyWhile(async () => { ctx.blockConcurrencyWhile(async () => { log("inner"); await scheduler.wait(5); log("inner end"); }); log("outer end"); }); log("after"); await scheduler.wait(20); },
  "block nested thrice": async ({ ctx, log }) => { const b = (n) => ctx.blockConcurrencyWhile(async () => { log("in " + n); if (n) await b(n - 1); log("out " + n); }); await b(3); },
  "blocks side by side": async ({ ctx, log }) => { const b = (n) => ctx.blockConcurrencyWhile(async () => { log("in " + n); await scheduler.wait(1); log("out " + n); }); await Promise.all([b(1), b(2), b(3)]); },
  "blocks side by side in a block": async ({ ctx, log }) => { const b = (n) => ctx.blockConcurrencyWhile(async () => { log("in " + n); await scheduler.wait(1); log("out " + n); }); await ctx.blockConcurrencyWhile(() => Promise.all([b(1), b(2)])); },
  "transaction in a block": async ({ ctx, st, log }) => { await ctx.blockConcurrencyWhile(() => st.transaction(async (t) => { await t.put("a", 1); log("in"); })); log(await st.get("a")); },
  "block in a transaction": async ({ ctx, st, log }) => { await st.transaction(async (t) => { await t.put("a", 1); await ctx.blockConcurrencyWhile(async () => { log(await st.get("a")); }); }); log("out"); },
  "storage in a block": async ({ ctx, st, log }) => { await ctx.blockConcurrencyWhile(async () => { await st.put("a", 1); await st.sync(); log(await st.get("a")); }); },
  "waitUntil in a block": async ({ ctx, log }) => { const d = deferred(); await ctx.blockConcurrencyWhile(async () => { ctx.waitUntil((async () => { await scheduler.wait(1); log("later"); d.resolve(); })()); log("end"); }); await d.promise; },
  "code outside a block": async ({ ctx, log }) => { const d = deferred(); const t = (async () => { await scheduler.wait(1); log("outside"); d.resolve(); })(); await ctx.blockConcurrencyWhile(async () => { log("in"); await scheduler.wait(20); log("out"); }); await d.promise; await t; },
  "call in a block": async ({ ctx, env, log }) => { log(await ctx.blockConcurrencyWhile(() => env.OBJECTS.getByName("friend").echo(5))); },

  // transaction.
  "transaction gives": async ({ st, log }) => { log(await st.transaction(async () => 5)); log(String(await st.transaction(() => 6))); },
  "transaction starts": async ({ st, log }) => { const t = st.transaction(async () => { log("in"); }); log("after"); Promise.resolve().then(() => log("micro")); await t; },
  "transaction of nothing": async ({ st, log }) => { log(await caught(() => st.transaction())); log(await caught(() => st.transaction(5))); },
  "transaction by storage": async ({ st, log }) => { log(await caught(() => st.transaction(async () => { st.put("a", 1); await st.get("a"); throw new Error("no"); }))); log(String(await st.get("a"))); },
  "transaction, both": async ({ st, log }) => { await st.transaction(async (t) => { await st.put("a", 1); log(await t.get("a")); await t.put("a", 2); log(await st.get("a")); }); },
  "transaction nested": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.put("a", 1); await st.transaction(async (u) => { await u.put("b", 2); }); log(await st.get("b")); }))); log((await st.list()).size); },
  "transaction nested, inner fails": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.put("a", 1); log(await caught(() => st.transaction(async (u) => { await u.put("b", 2); throw new Error("inner"); }))); log((await st.list()).size); }))); log([...(await st.list()).keys()].join()); },
  "transaction nested, outer fails": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await st.transaction(async (u) => { await u.put("b", 2); }); throw new Error("outer"); }))); log((await st.list()).size); },
  "transaction nested, outer rolls back": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.put("a", 1); await st.transaction(async (u) => { await u.put("b", 2); }); t.rollback(); }))); log((await st.list()).size); },
  "transaction rolled back twice": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.put("a", 1); t.rollback(); t.rollback(); return "end"; }))); log((await st.list()).size); },
  "transaction rolled back, then read": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { t.rollback(); return t.get("a"); }))); log(await caught(() => st.transaction(async (t) => { t.rollback(); return t.list(); }))); },
  "transaction rolled back, then storage": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.put("a", 1); t.rollback(); await st.put("b", 2); }))); log([...(await st.list()).keys()].join()); },
  "transaction rolled back, then thrown": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.put("a", 1); t.rollback(); throw new Error("anyway"); }))); log((await st.list()).size); },
  "transaction used after its end": async ({ st, log }) => { let u; await st.transaction(async (t) => { u = t; await t.put("a", 1); }); log(await caught(() => u.get("a"))); log(await caught(() => u.put("b", 1))); log(await caught(() => u.rollback())); log((await st.list()).size); },
  "transaction with sql": async ({ st, sql, log }) => { sql.exec("create table t(a)"); log(await caught(() => st.transaction(async (t) => { sql.exec("insert into t values (1)"); await t.put("k", 1); throw new Error("no"); }))); log(sql.exec("select count(*) n from t").one().n); log((await st.list()).size); },
  "transaction with a table": async ({ st, sql, log }) => { log(await caught(() => st.transaction(async () => { sql.exec("create table t(a)"); throw new Error("no"); }))); log(await caught(() => sql.exec("select * from t").toArray())); },
  "transaction with an alarm": async ({ st, log }) => { log(await caught(() => st.transaction(async (t) => { await t.setAlarm(4e12); log(await t.getAlarm()); t.rollback(); }))); log(String(await st.getAlarm())); },
  "transaction deletes an alarm": async ({ st, log }) => { await st.setAlarm(4e12); log(await caught(() => st.transaction(async (t) => { await t.deleteAlarm(); log(String(await t.getAlarm())); throw new Error("no"); }))); log(String(await st.getAlarm())); },
  "transaction members": async ({ st, log }) => { await st.transaction(async (t) => { log(Object.getOwnPropertyNames(Object.getPrototypeOf(t)).sort().join()); log(t.constructor.name); }); },
  "transaction and sync": async ({ st, log }) => { await st.transaction(async (t) => { await t.put("a", 1); log("sync " + await caught(() => Promise.race([st.sync().then(() => "done"), scheduler.wait(50).then(() => "waits")]))); }); log(await st.get("a")); },
  "transaction over a wait": async ({ st, log }) => { await st.transaction(async (t) => { await t.put("a", 1); await scheduler.wait(5); await t.put("b", 2); }); log((await st.list()).size); },
  "transactions side by side": async ({ st, log }) => { const inc = () => st.transaction(async (t) => { const n = (await t.get("n")) ?? 0; await scheduler.wait(2); await t.put("n", n + 1); log("inc " + n); }); await Promise.all([inc(), inc(), inc()]); log(await st.get("n")); },
  "write beside a transaction": async ({ st, log }) => { const t = st.transaction(async (t) => { await t.put("a", 1); await scheduler.wait(5); throw new Error("no"); }).catch(() => log("undone")); st.put("b", 2).then(() => log("put")); await t; log([...(await st.list()).keys()].join()); },
  "transactionSync gives": ({ st, log }) => { log(st.transactionSync(() => 5)); log(Object.prototype.toString.call(st.transactionSync(async () => 5))); },
  "transactionSync nested": ({ st, sql, log }) => { sql.exec("create table t(a)"); st.transactionSync(() => { sql.exec("insert into t values (1)"); try { st.transactionSync(() => { sql.exec("insert into t values (2)"); throw new Error("inner"); }); } catch (e) { log(e.message); } }); log(sql.exec("select group_concat(a) a from t").one().a); },
  "transactionSync of an async function": async ({ st, sql, log }) => { sql.exec("create table t(a)"); const p = st.transactionSync(async () => { sql.exec("insert into t values (1)"); await 0; sql.exec("insert into t values (2)"); throw new Error("late"); }); log(await caught(() => p)); log(sql.exec("select group_concat(a) a from t").one().a); },
  "transactionSync with put": async ({ st, log }) => { log(await caught(() => st.transactionSync(() => { st.put("a", 1); st.kv.put("b", 1); throw new Error("no"); }))); log([...(await st.list()).keys()].join()); },
  "transactionSync in transaction": async ({ st, sql, log }) => { sql.exec("create table t(a)"); log(await caught(() => st.transaction(async () => { st.transactionSync(() => sql.exec("insert into t values (1)")); throw new Error("outer"); }))); log(sql.exec("select count(*) n from t").one().n); },
  "transaction in transactionSync": async ({ st, log }) => { let p; log(await caught(() => st.transactionSync(() => { p = st.transaction(async (t) => { await t.put("a", 1); log("ran"); }); return 1; }))); await p; log((await st.list()).size); },
  "transactionSync of nothing": async ({ st, log }) => { log(await caught(() => st.transactionSync())); },
  "cursor over a rollback": async ({ st, sql, log }) => { sql.exec("create table t(a); insert into t values (1), (2)"); let c; log(await caught(() => st.transactionSync(() => { c = sql.exec("select a from t"); c.next(); throw new Error("no"); }))); log(await caught(() => show(c.next(), 1))); },
  "cursor over a transaction": async ({ st, sql, log }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const c = sql.exec("select a from t"); c.next(); await st.transaction(async () => { sql.exec("insert into t values (3)"); }); log(await caught(() => show([...c], 1))); },
  "cursor over a wait": async ({ sql, log }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const c = sql.exec("select a from t"); c.next(); await scheduler.wait(5); log(await caught(() => show([...c], 1))); },
};

/** The same events, of objects whose storage is of either kind. */
const methods = (Base) => class extends Base {
  lines = [];
  log = (x) => { this.lines.push(String(x)); };
  read() { return this.lines.join(", "); }
  echo(x) { return x; }
  alone(name) { return run(async () => { const { ctx, env, log } = this; await alone[name]({ ctx, env, log, st: ctx.storage, sql: ctx.storage.sql }); return this.read(); }); }

  // Several events.
  async steps(x, options) { for (const s of "abc") { this.log(x + s); const n = await this.ctx.storage.get("n", options); await this.ctx.storage.put("n", (n ?? 0) + 1, options); } return this.ctx.storage.get("n"); }
  async listing(x) { this.log(x + "1"); await this.ctx.storage.list(); this.log(x + "2"); await this.ctx.storage.delete("none"); this.log(x + "3"); }
  async blocked(x) { await this.ctx.blockConcurrencyWhile(async () => { this.log(x + "<"); await scheduler.wait(5); this.log(x + ">"); }); this.log(x + "!"); }
  async notAwaited(x) { this.ctx.blockConcurrencyWhile(async () => { this.log(x + "<"); await scheduler.wait(5); this.log(x + ">"); }); this.log(x + "!"); return x; }
  async tx(x) { await this.ctx.storage.transaction(async (t) => { this.log(x + "<"); const n = (await t.get("n")) ?? 0; await scheduler.wait(5); await t.put("n", n + 1); this.log(x + ">"); }); }
  plain(x) { this.log(x); return x; }
  get prop() { this.log("prop"); return 1; }
  /** Waits by timers for a line. */
  async late(x, line) { this.log(x + "<"); while (!this.lines.includes(line)) await scheduler.wait(1); this.log(x + ">"); return x; }
  /** Waits for the line "p" by something of the outside. */
  async during(x, how) {
    const wait = {
      cache: () => caches.default.match("http://none.example/"),
      fetch: async () => (await this.env.OBJECTS.getByName("friend").fetch("http://x/")).text(),
      call: () => this.env.OBJECTS.getByName("friend").echo(1),
      crypto: () => crypto.subtle.digest("SHA-1", new Uint8Array(1)).then(() => scheduler.wait(0)),
    }[how];
    this.log(x + "<");
    while (!this.lines.includes("p")) await wait();
    this.log(x + ">");
  }
  async younger(x) { await this.ctx.blockConcurrencyWhile(async () => { this.log(x + "<"); await scheduler.wait(30); this.log(x + ">"); }); }
  async fetch(request) {
    const url = new URL(request.url);
    const x = url.searchParams.get("x");
    switch (url.pathname) {
      case "/steps": return new Response(String(await this.steps(x)));
      case "/plain": return new Response(this.plain(x));
      case "/throwsOwn": return this.throwsOwn();
      case "/body": this.log(x + "<"); this.log(x + await request.text()); return new Response("ok");
      case "/socket": {
        const [mine, theirs] = Object.values(new WebSocketPair());
        if (x === "hibernate") this.ctx.acceptWebSocket(mine); else { mine.accept(); mine.addEventListener("message", (e) => this.webSocketMessage(mine, e.data)); }
        if (x !== "hibernate") mine.addEventListener("close", (e) => this.log("close " + e.code));
        this.socket = mine;
        return new Response(null, { status: 101, webSocket: theirs });
      }
      case "/violate": { const r = this.violate(); return r ?? new Response("must not leave"); }
      case "/stream": {
        const { readable, writable } = new TransformStream();
        const w = writable.getWriter();
        (async () => { await w.write(new TextEncoder().encode("first ")); this.violate(); await w.write(new TextEncoder().encode("second")); await w.close(); })().catch(() => {});
        return new Response(readable);
      }
      case "/abort": this.ctx.abort("by fetch"); return new Response("after abort");
      case "/streamabort": {
        const { readable, writable } = new TransformStream();
        const w = writable.getWriter();
        w.write(new TextEncoder().encode("first ")).then(() => scheduler.wait(5)).then(() => this.ctx.abort("in the middle")).catch(() => {});
        return new Response(readable);
      }
    }
    return new Response("ok");
  }
  async webSocketMessage(ws, data) {
    this.log("message " + data);
    switch (data) {
      case "violate": this.violate(); ws.send("must not leave"); return;
      case "write": this.ctx.storage.put("n", 1); ws.send("written"); return;
      case "steps": await this.steps("w"); ws.send("done"); return;
      case "throw": throw new RangeError("in a message");
      case "abort": this.ctx.abort("in a message"); return;
      case "slow": while (!this.lines.includes("message b")) await scheduler.wait(1); ws.send("slow"); return;
      case "block": await this.ctx.blockConcurrencyWhile(() => scheduler.wait(10)); ws.send("block"); return;
    }
    ws.send("echo " + data);
  }
  webSocketClose(ws, code, reason, clean) { this.log(`close ${code} ${reason} ${clean}`); ws.close(code, "back"); }
  webSocketError(ws, e) { this.log(`error ${e?.message}`); }

  // Writes that go together.
  put(k, v) { return this.ctx.storage.put(k, v); }
  get(k) { return this.ctx.storage.get(k); }
  async keys() { return [...(await this.ctx.storage.list()).keys()].join(); }
  async abortAfter(how) {
    const st = this.ctx.storage;
    st.put("a", 1);
    switch (how) {
      case "nothing": break;
      case "microtask": await null; break;
      case "get": await st.get("x"); break;
      case "put": await st.put("b", 1); break;
      case "sync": await st.sync(); break;
      case "timer": await scheduler.wait(1); break;
      case "call": await this.env.OBJECTS.getByName("friend").echo(1); break;
      case "unconfirmed": await st.put("b", 1, { allowUnconfirmed: true }); break;
      case "transaction": await st.transaction(async (t) => { await t.put("b", 1); }); break;
      case "open transaction": await st.transaction(async (t) => { await t.put("b", 1); await scheduler.wait(1); this.ctx.abort("open"); }); break;
      case "block": await this.ctx.blockConcurrencyWhile(async () => { await st.put("b", 1); }); break;
      case "kv": st.kv.put("b", 1); break;
      case "deleteAll": await st.deleteAll(); break;
      case "bookmark": await st.getCurrentBookmark(); break;
    }
    st.put("last", 1);
    this.ctx.abort("stop");
    this.log("after abort");
    await scheduler.wait(1);
    return "returned";
  }
  violate() {
    const { sql } = this.ctx.storage;
    sql.exec("create table if not exists p(id integer primary key); create table if not exists c(p references p(id) deferrable initially deferred)");
    this.ctx.storage.put("k", "never");
    sql.exec("insert into c values (5)");
  }
  violateReturn() { this.violate(); return "must not leave"; }
  violateThrow() { this.violate(); throw new RangeError("thrown all the same"); }
  async violateAwait() { this.violate(); await this.ctx.storage.get("k"); return "must not leave"; }
  async violateSync() { this.violate(); return caught(() => this.ctx.storage.sync()); }
  async violatePut() { this.violate(); return caught(() => this.ctx.storage.put("l", 1)); }
  async violateCall(f) { this.violate(); await f("must not arrive"); return "returned"; }
  async violateCallObject(name) { this.violate(); await this.env.OBJECTS.getByName(name).put("k", "must not arrive"); return "returned"; }
  async violateFetch(name) { this.violate(); return (await this.env.OBJECTS.getByName(name).fetch("http://x/plain?x=must-not-arrive")).text(); }
  async violateTransaction() { return caught(() => this.ctx.storage.transaction(async () => this.violate())); }
  async violateTransactionSync() { return caught(() => this.ctx.storage.transactionSync(() => this.violate())); }
  async violateBlock() { return this.ctx.blockConcurrencyWhile(async () => { this.violate(); return "must not leave"; }); }
  async violateUnconfirmed() { this.ctx.storage.put("u", 1, { allowUnconfirmed: true }); this.violate(); return "must not leave"; }
  violateWaitUntil() { this.ctx.waitUntil((async () => { await scheduler.wait(2); this.violate(); })()); return "left before"; }
  violateHealed() { this.violate(); this.ctx.storage.sql.exec("insert into p values (5)"); return "kept"; }

  // Alarms.
  async alarm(info) {
    this.log(`alarm ${info.isRetry} ${info.retryCount}`);
    const how = await this.ctx.storage.get("how");
    switch (how) {
      case "state": this.log(`during ${await this.ctx.storage.getAlarm()}`); break;
      case "throw": if (!info.isRetry) throw new Error("first"); break;
      case "again": await this.ctx.storage.put("how", ""); await this.ctx.storage.setAlarm(Date.now()); this.log(`set ${(await this.ctx.storage.getAlarm()) > 0}`); break;
      case "set and throw": if (!info.isRetry) { await this.ctx.storage.setAlarm(4e12); throw new Error("first"); } break;
      case "delete and throw": await this.ctx.storage.deleteAlarm(); throw new Error("first");
      case "wait": await this.released?.promise; this.log("alarm end"); break;
      case "abort": if (!info.isRetry) this.ctx.abort("in the alarm"); break;
      case "write and throw": if (!info.isRetry) { this.ctx.storage.put("w", 1); throw new Error("first"); } break;
      case "steps": await this.steps("A"); break;
    }
    this.rung?.resolve();
    await this.ctx.storage.put("rang", ((await this.ctx.storage.get("rang")) ?? 0) + 1);
  }
  async ring(how, at = 0) { await this.ctx.storage.put("how", how); await this.ctx.storage.setAlarm(Date.now() + at); }
  async rang(n = 1) { return ((await this.ctx.storage.get("rang")) ?? 0) >= n && this.read(); }
  async alarmAt() { const a = await this.ctx.storage.getAlarm(); return a && (a === 4e12 ? "far" : "near"); }
  async ringWhileRunning() { this.rung = deferred(); await this.ring(""); this.log("set"); await this.rung.promise; this.log("request end"); }
  async ringWhileBlocked() { this.rung = deferred(); await this.ctx.blockConcurrencyWhile(async () => { await this.ring(""); await scheduler.wait(30); this.log("block end"); }); await this.rung.promise; }
  async ringInTransaction() { this.rung = deferred(); await this.ctx.storage.transaction(async (t) => { await t.setAlarm(Date.now()); await scheduler.wait(30); this.log("transaction end"); }); await this.rung.promise; }
  holdAlarm() { this.released = deferred(); return this.ring("wait"); }
  releaseAlarm() { this.log("release"); this.released.resolve(); }
  async ringTwice() { await this.ctx.storage.setAlarm(Date.now()); await this.ctx.storage.setAlarm(Date.now() + 1); await this.ctx.storage.setAlarm(4e12); await scheduler.wait(50); return this.read(); }
  async ringAndDelete() { await this.ctx.storage.setAlarm(Date.now() + 5); await this.ctx.storage.deleteAlarm(); await scheduler.wait(50); return this.read(); }

  // Ends.
  abort(reason) { this.ctx.abort(reason); }
  async abortLater() { await scheduler.wait(1); this.ctx.abort("later"); return "returned"; }
  abortInWaitUntil() { this.ctx.waitUntil((async () => { await scheduler.wait(1); this.ctx.abort("in waitUntil"); })()); return "left before"; }
  async abortInBlock() { await this.ctx.blockConcurrencyWhile(async () => { this.ctx.abort("in a block"); }); return "returned"; }
  async abortTwice() { this.ctx.abort("first"); this.ctx.abort("second"); }
  abortCaught() { try { this.ctx.abort("caught"); } catch (e) { this.env.OBJECTS.getByName("friend").put("caught", error(e)); } return "returned"; }
  never() { return new Promise(() => { setTimeout(() => {}, 60_000); }); }
  throws() { throw new RangeError("plain"); }
  throwsOwn() { throw Object.assign(new RangeError("own"), { zeta: 1, alpha: 2 }); }
  async blockThrowsOwn() { await this.ctx.blockConcurrencyWhile(async () => this.throwsOwn()); }
  async blockThrows() { await this.ctx.blockConcurrencyWhile(async () => { throw new RangeError("in a block"); }); }
  async blockThrowsCaught() { await this.ctx.blockConcurrencyWhile(async () => { throw new RangeError("in a block"); }).catch(() => {}); return "caught"; }
  async blockThrowsNested() { await this.ctx.blockConcurrencyWhile(async () => { await this.ctx.blockConcurrencyWhile(async () => { throw new RangeError("inner"); }).catch(() => {}); }); return "caught"; }
  async txThrows() { await this.ctx.storage.transaction(async (t) => { await t.put("a", 1); throw new RangeError("in a transaction"); }); }
  state() { return (this.n = (this.n ?? 0) + 1); }
  target() { const self = this; return new (class extends RpcTarget { hello() { return "hello"; } abort() { self.ctx.abort("by a target"); } })(); }
  callback(f) { return f(); }
  stream() { let sent = false; return new ReadableStream({ pull(c) { if (sent) return new Promise(() => {}); sent = true; c.enqueue(new Uint8Array(1)); } }); }
  sink() { return new WritableStream({ write() {} }); }
  async take(stream) { const r = stream.getReader(); await r.read(); this.log("taken"); await r.read(); }
};

export class Gated extends methods(DurableObject) {}
export class Legacy extends methods(DurableObject) {}

export class Blocked extends methods(DurableObject) {
  constructor(ctx, env) {
    super(ctx, env);
    const b = (x) => ctx.blockConcurrencyWhile(async () => { this.log(x + "<"); await scheduler.wait(2); this.log(x + ">"); });
    switch (ctx.id.name) {
      case "two": b("1"); b("2"); break;
      case "storage": ctx.blockConcurrencyWhile(async () => { this.log(await ctx.storage.get("none")); await ctx.storage.put("n", 1); }); break;
      case "throws": ctx.blockConcurrencyWhile(async () => { await scheduler.wait(1); throw new TypeError("in the block of the constructor"); }); break;
      case "once": ctx.blockConcurrencyWhile(async () => { if (!(await ctx.storage.get("failed"))) { await ctx.storage.put("failed", 1); await ctx.storage.sync(); throw new TypeError("the first time"); } }); break;
      case "call": ctx.blockConcurrencyWhile(async () => { this.log(await env.OBJECTS.getByName("friend").echo("called")); }); break;
      case "abort": if (!ctx.storage.kv.get("aborted")) { ctx.storage.kv.put("aborted", 1); ctx.abort("in the constructor"); } break;
      case "waits": (async () => { while (!this.lines.includes("b")) await scheduler.wait(1); this.log("ready"); })(); break;
    }
    this.log("constructed");
  }
}

let n = 0;
/** A probe with an object of its own, and a second one. */
const on = (f) => ({ env }) => { const name = "o" + n++; return f(env.OBJECTS.getByName(name), () => env.OBJECTS.getByName(name), env.OBJECTS.getByName(name + "-other"), env); };
const together = (f) => on(async (s) => { const r = await f(s); return [r.map((x) => (x instanceof Response ? x.status : x)), await s.read()]; });
const lost = (call) => on(async (s, fresh) => [await caught(() => call(s)), await caught(() => fresh().keys()), await caught(() => fresh().echo("alive"))]);
const socket = (x, ...send) => on(async (s, fresh) => {
  const { webSocket: ws } = await s.fetch("http://x/socket?x=" + x, { headers: { upgrade: "websocket" } });
  const got = [];
  ws.addEventListener("message", (e) => got.push(e.data));
  ws.addEventListener("close", (e) => got.push(`close ${e.code} ${e.reason} ${e.wasClean}`));
  ws.addEventListener("error", (e) => got.push("error"));
  ws.accept();
  for (const m of send) ws.send(m);
  const answered = send.filter((m) => m !== "throw").length;
  await until(() => got.length >= answered || got.some((g) => g.startsWith("close")));
  const log = await caught(() => fresh().read());
  return [got, log, await caught(() => fresh().keys())];
});
const ring = (how, n = 1) => on(async (s, fresh) => { await s.ring(how); return [await until(() => caught(() => fresh().rang(n)).then((v) => v !== "false" && v)), await fresh().alarmAt()]; });

export default area({
  ...Object.fromEntries(Object.keys(alone).map((name) => [name, ({ env }) => env.OBJECTS.getByName(name).alone(name)])),
  ...Object.fromEntries(Object.keys(alone).filter((name) => !/sql|Sync|kv|cursor|table/.test(name)).map((name) => ["legacy " + name, ({ env }) => env.LEGACY.getByName(name).alone(name)])),

  "events and storage": together((s) => Promise.all([s.steps("1"), s.steps("2"), s.steps("3")])),
  "events and storage, legacy": ({ env }) => { const s = env.LEGACY.getByName("steps"); return Promise.all([s.steps("1"), s.steps("2")]).then(async (r) => [r, await s.read()]); },
  "events and list": together((s) => Promise.all([s.listing("1"), s.listing("2")])),
  "requests and storage": together(async (s) => Promise.all((await Promise.all([s.fetch("http://x/steps?x=1"), s.fetch("http://x/steps?x=2")])).map((r) => r.text()))),
  "requests and calls": together(async (s) => { const [a, b, c] = await Promise.all([s.fetch("http://x/steps?x=1"), s.steps("2"), s.fetch("http://x/plain?x=3")]); return [await a.text(), b, await c.text()]; }),
  "call during storage": together((s) => Promise.all([s.steps("1"), s.plain("p"), s.plain("q")])),
  "events and timers": together((s) => Promise.all([s.late("1", "p"), s.late("2", "1>"), s.plain("p")])),
  ...Object.fromEntries(["cache", "fetch", "call", "crypto"].map((how) => ["event during " + how, together((s) => Promise.all([s.during("1", how), s.plain("p")]))])),
  "block and calls": together((s) => Promise.all([s.blocked("1"), s.plain("p"), s.blocked("2"), s.plain("q")])),
  "block not awaited": together((s) => Promise.all([s.notAwaited("1"), s.plain("p")])),
  "block and an older event": together((s) => Promise.all([s.late("1", "2<"), s.younger("2")])),
  "transaction and calls": together((s) => Promise.all([s.tx("1"), s.plain("p"), s.tx("2"), s.plain("q")])),
  "transaction and storage": together((s) => Promise.all([s.tx("1"), s.steps("2"), s.tx("3")])),
  "transaction and block": together((s) => Promise.all([s.tx("1"), s.blocked("2"), s.tx("3")])),
  "block and request": together((s) => Promise.all([s.blocked("1"), s.fetch("http://x/plain?x=p"), s.plain("q")])),

  "calls in order": together((s) => Promise.all([..."abcdefghij"].map((x) => s.plain(x)))),
  "calls of every size in order": on(async (s) => { await Promise.all(["a".repeat(1e6), "b", "c".repeat(1e5), "d"].map((x) => s.plain(x))); return (await s.read()).split(", ").map((x) => x[0] + x.length); }),
  "requests in order": together((s) => Promise.all([..."abcdef"].map((x) => s.fetch("http://x/plain?x=" + x)))),
  "calls and requests in order": together((s) => Promise.all([s.plain("a"), s.fetch("http://x/plain?x=b"), s.plain("c"), s.fetch("http://x/plain?x=d"), s.plain("e")])),
  "getters in order": together((s) => Promise.all([s.plain("a"), s.prop, s.plain("b"), s.prop])),
  "two stubs in order": on(async (s, fresh) => { const t = fresh(); await Promise.all([s.plain("a"), t.plain("b"), s.plain("c"), t.plain("d")]); return s.read(); }),
  "request with a body in order": together((s) => Promise.all([s.plain("a"), s.fetch("http://x/body?x=b", { method: "POST", body: "text" }), s.plain("c")])),
  "first calls in order": ({ env }) => { const s = env.BLOCKED.getByName("waits"); return Promise.all([s.plain("a"), s.plain("b")]).then(() => until(() => s.read().then((r) => r.includes("ready") && r))); },
  "after a call that throws": together((s) => Promise.all([s.plain("a"), caught(() => s.throws()), s.plain("b")])),

  "constructor blocks twice": async ({ env }) => { const s = env.BLOCKED.getByName("two"); await s.plain("call"); return s.read(); },
  "constructor blocks, then many": async ({ env }) => { const s = env.BLOCKED.getByName("storage"); await Promise.all([s.plain("a"), s.plain("b")]); return [await s.read(), await s.get("n")]; },
  "constructor calls": async ({ env }) => { const s = env.BLOCKED.getByName("call"); await s.plain("a"); return s.read(); },
  "constructor block throws": async ({ env }) => [await caught(() => env.BLOCKED.getByName("throws").echo(1)), await caught(() => env.BLOCKED.getByName("throws").fetch("http://x/"))],
  "constructor block throws once": async ({ env }) => { const s = env.BLOCKED.getByName("once"); return [await caught(() => s.echo(1)), await caught(() => s.echo(2)), await caught(() => env.BLOCKED.getByName("once").echo(3))]; },
  "constructor aborts": async ({ env }) => [await caught(() => env.BLOCKED.getByName("abort").echo(1)), await caught(() => env.BLOCKED.getByName("abort").echo(2))],

  ...Object.fromEntries(["nothing", "microtask", "get", "put", "sync", "timer", "call", "unconfirmed", "transaction", "open transaction", "block", "kv", "deleteAll", "bookmark"].map((how) => ["abort after " + how, lost((s) => s.abortAfter(how))])),
  ...Object.fromEntries(["violateReturn", "violateThrow", "violateAwait", "violateSync", "violatePut", "violateTransaction", "violateTransactionSync", "violateBlock", "violateUnconfirmed", "violateHealed"].map((m) => ["commit fails: " + m.slice(7).toLowerCase(), lost((s) => s[m]())])),
  "commit fails: waituntil": on(async (s, fresh) => [await s.violateWaitUntil(), await until(() => caught(() => s.echo(1)).then((v) => v !== "1" && v)), await fresh().keys(), await fresh().echo("alive")]),
  "commit fails: request": lost(async (s) => (await s.fetch("http://x/violate")).text()),
  "commit fails: stream": lost(async (s) => (await s.fetch("http://x/stream")).text()),
  "commit fails: callback": on(async (s) => { let got = "nothing"; return [await caught(() => s.violateCall((x) => { got = x; })), got]; }),
  "commit fails: call": on(async (s, fresh, other) => [await caught(() => s.violateCallObject("friend2")), await caught(() => other.keys())]),
  "commit fails: fetch": on(async (s) => [await caught(() => s.violateFetch("friend3"))]),
  "commit fails, others waiting": on(async (s, fresh) => { const p = [s.late("1", "never"), s.never()].map((p) => caught(() => p)); await until(async () => (await s.read()).includes("1<")); return [await Promise.all([...p, caught(() => s.violateReturn())]), await fresh().read()]; }),
  "commit fails: socket": socket("plain", "one", "violate"),
  "commit fails: hibernating socket": socket("hibernate", "one", "violate"),

  "socket": socket("plain", "a", "write", "b", "steps", "c"),
  "hibernating socket": socket("hibernate", "a", "write", "b", "steps", "c"),
  "socket, slow first": socket("plain", "slow", "a", "b"),
  "hibernating socket, slow first": socket("hibernate", "slow", "a", "b"),
  "socket and block": socket("plain", "block", "a", "b"),
  "hibernating socket and block": socket("hibernate", "block", "a", "b"),
  "hibernating socket throws": socket("hibernate", "throw", "a"),
  "socket aborts": socket("plain", "abort"),
  "hibernating socket aborts": socket("hibernate", "abort"),

  "alarm info": ring(""),
  "alarm during itself": ring("state"),
  "alarm thrown": ring("throw"),
  "alarm sets the next": ring("again", 2),
  "alarm set, then thrown": on(async (s, fresh) => { await s.ring("set and throw"); await until(async () => (await s.read()).includes("alarm")); return [await s.read(), await s.alarmAt()]; }),
  "alarm deleted, then thrown": on(async (s, fresh) => { await s.ring("delete and throw"); await until(async () => (await s.read()).includes("alarm")); await scheduler.wait(50); return [await s.read(), await s.alarmAt()]; }),
  "alarm writes, then throws": on(async (s) => { await s.ring("write and throw"); await until(async () => (await s.read()).includes("alarm")); return [await s.read(), await s.get("w")]; }),
  "alarm during a request": on(async (s) => { await s.ringWhileRunning(); return s.read(); }),
  "alarm during a block": on(async (s) => { await s.ringWhileBlocked(); return s.read(); }),
  "alarm in a transaction": on(async (s) => { await s.ringInTransaction(); return s.read(); }),
  "request during an alarm": on(async (s) => { await s.holdAlarm(); await until(async () => (await s.read()).includes("alarm")); await s.plain("p"); await s.releaseAlarm(); await until(() => s.rang()); return s.read(); }),
  "alarm set during an alarm": on(async (s) => { await s.holdAlarm(); await until(async () => (await s.read()).includes("alarm")); await s.ring(""); await scheduler.wait(30); await s.releaseAlarm(); await until(() => s.rang(2)); return s.read(); }),
  "alarm and storage": on(async (s) => { await s.ring("steps"); await until(() => s.rang()); return s.read(); }),
  "alarm replaced": on((s) => s.ringTwice()),
  "alarm taken back": on((s) => s.ringAndDelete()),

  "abort pending": on(async (s, fresh) => { const p = [caught(() => s.never()), caught(() => s.late("x", "never"))]; await s.plain("a"); p.push(caught(() => s.abort("enough")), caught(() => s.plain("b"))); return [await Promise.all(p), await caught(() => fresh().read())]; }),
  "abort drops memory": on(async (s, fresh) => { await s.state(); await s.state(); await caught(() => s.abort("x")); return fresh().state(); }),
  "abort drops a stub of it": on(async (s, fresh) => { const t = await s.target(); await t.hello(); await caught(() => s.abort("x")); return [await caught(() => t.hello()), await caught(() => fresh().echo(1))]; }),
  "abort by a target": on(async (s, fresh) => { const t = await s.target(); return [await caught(() => t.abort()), await caught(() => t.hello()), await caught(() => s.echo(1)), await caught(() => fresh().echo(2))]; }),
  "abort in a callback": on(async (s, fresh) => [await caught(() => s.callback(() => fresh().abort("called back"))), await caught(() => fresh().echo(1))]),
  "abort, reading its stream": on(async (s, fresh) => { const r = (await s.stream()).getReader(); await r.read(); const p = caught(() => r.read().then((x) => x.done)); await caught(() => fresh().abort("enough")); return p; }),
  "abort, writing to its stream": on(async (s, fresh) => { const w = (await s.sink()).getWriter(); await w.write(new Uint8Array(1)); await caught(() => fresh().abort("enough")); return caught(async () => { for (let i = 0; i < 100; i++) await w.write(new Uint8Array(1)); await w.close(); return "written"; }); }),
  "abort, giving it a stream": on(async (s, fresh) => { let n = 0, why; const p = caught(() => s.take(new ReadableStream({ pull(c) { if (n++) return new Promise(() => {}); c.enqueue(new Uint8Array(1)); }, cancel(r) { why = r instanceof Error ? "an error" : String(r); } }))); await until(async () => (await s.read()).includes("taken")); await caught(() => fresh().abort("enough")); return [await p, await until(() => why)]; }),
  "abort, reading its socket": on(async (s, fresh) => { const { webSocket: ws } = await s.fetch("http://x/socket?x=plain", { headers: { upgrade: "websocket" } }); const closed = new Promise((done) => ws.addEventListener("close", (e) => done(`${e.code} ${e.reason} ${e.wasClean}`))); ws.accept(); await caught(() => fresh().abort("enough")); return closed; }),
  "abort later": lost((s) => s.abortLater()),
  "abort in waitUntil": on(async (s, fresh) => [await caught(() => s.abortInWaitUntil()), await until(() => caught(() => s.echo(1)).then((v) => v !== "1" && v)), await caught(() => fresh().echo(2))]),
  "abort in a block": lost((s) => s.abortInBlock()),
  "abort twice": lost((s) => s.abortTwice()),
  "abort caught": lost((s) => s.abortCaught()),
  "abort caught, there": ({ env }) => env.OBJECTS.getByName("friend").get("caught"),
  "abort by request": lost(async (s) => (await s.fetch("http://x/abort")).text()),
  "abort in a response": lost(async (s) => (await s.fetch("http://x/streamabort")).text()),
  "abort, the same stub later": on(async (s) => { await caught(() => s.abort("x")); const out = [await caught(() => s.echo(1)), await caught(() => s.echo(2))]; await scheduler.wait(20); out.push(await caught(() => s.fetch("http://x/").then((r) => r.text()))); return out; }),
  "throws, the same stub later": on(async (s) => [await caught(() => s.throws()), await caught(() => s.state()), await caught(() => s.state())]),
  "block throws": on(async (s, fresh) => [await caught(() => s.blockThrows()), await caught(() => s.echo(1)), await caught(() => fresh().echo(2))]),
  "block throws, caught": on(async (s, fresh) => [await caught(() => s.blockThrowsCaught()), await caught(() => s.echo(1)), await caught(() => fresh().echo(2))]),
  "block throws, nested": on(async (s, fresh) => [await caught(() => s.blockThrowsNested()), await caught(() => fresh().echo(2))]),
  "block throws, others waiting": on(async (s, fresh) => [await Promise.all([s.blockThrows(), s.plain("a"), s.fetch("http://x/plain?x=b").then((r) => r.text())].map((p) => caught(() => p))), await fresh().read()]),
  "own properties of errors": on(async (s, fresh, other) => { const names = (p) => p.then(() => "no error", (e) => Object.keys(e).join()); return [await names(s.throwsOwn()), await names(s.fetch("http://x/throwsOwn")), await names(other.fetch("http://x/abort")), await names(s.blockThrowsOwn()), await names(s.echo(1))]; }),
  "transaction throws": on(async (s) => [await caught(() => s.txThrows()), await caught(() => s.state()), await caught(() => s.keys())]),
});
