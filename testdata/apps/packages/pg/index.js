// pg: the protocol with a server of its own inside the worker, pools, types and errors.
import pg from "pg";
import { Duplex } from "node:stream";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { area } from "../../../conformance/probe.js";

const packet = (type, ...parts) => { const body = Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(`${p}\0`) : p))); const head = Buffer.alloc(5); head.write(type); head.writeInt32BE(body.length + 4, 1); return Buffer.concat([head, body]); };
const i16 = (n) => { const b = Buffer.alloc(2); b.writeInt16BE(n); return b; }, i32 = (n) => { const b = Buffer.alloc(4); b.writeInt32BE(n); return b; };
const ready = packet("Z", Buffer.from("I"));
const row = (...values) => packet("D", i16(values.length), ...values.flatMap((v) => (v === null ? [i32(-1)] : [i32(Buffer.byteLength(v)), Buffer.from(v)])));
const columns = (list) => packet("T", i16(list.length), ...list.flatMap(([name, oid]) => [name, i32(0), i16(0), i32(oid), i16(-1), i32(-1), i16(0)]));
const error = (code, message) => packet("E", Buffer.from("S"), "ERROR", Buffer.from("C"), code, Buffer.from("M"), message, Buffer.from([0]));
const types = columns([["i", 23], ["t", 25], ["b", 16], ["j", 3802], ["n", 1700], ["ts", 1184], ["bytes", 17], ["list", 1007], ["none", 25], ["big", 20], ["f", 701]]);
const values = row("5", "héllo 😀", "t", '{"a":[1]}', "1.50", "2020-01-02 03:04:05+00", "\\x6869", "{1,2,NULL}", null, "9007199254740993", "1.5");

// Server speaks as much of PostgreSQL as the probes need, in pieces of few bytes.
class Server extends Duplex {
  constructor(auth) { super(); Object.assign(this, { auth, rest: Buffer.alloc(0), seen: [], started: false }); }
  connect() { queueMicrotask(() => this.emit("connect")); return this; }
  setNoDelay() { return this; }
  setKeepAlive() { return this; }
  ref() { return this; }
  unref() { return this; }
  _read() {}
  say(...packets) { const all = Buffer.concat(packets); for (let i = 0; i < all.length; i += 11) this.push(all.subarray(i, i + 11)); }
  _write(chunk, encoding, done) {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const at = this.started ? 1 : 0;
      if (this.rest.length < at + 4) break;
      const length = this.rest.readInt32BE(at);
      if (this.rest.length < at + length) break;
      const type = this.started ? String.fromCharCode(this.rest[0]) : "startup", body = this.rest.subarray(at + 4, at + length);
      this.rest = this.rest.subarray(at + length);
      this.started = true;
      this.answer(type, body);
    }
    done();
  }
  answer(type, body) {
    const text = body.toString("utf8").replaceAll("\0", "|");
    this.seen.push(`${type} ${type === "B" ? body.toString("hex") : text}`);
    if (type === "startup") return this.auth ? this.say(packet("R", i32(5), Buffer.from([1, 2, 3, 4]))) : this.welcome();
    if (type === "p") return body.toString().replace(/\0$/, "") === `md5${md5(md5(`${this.auth}ada`) + "\u0001\u0002\u0003\u0004")}` ? this.welcome() : this.say(error("28P01", "password authentication failed"));
    if (type === "Q" || type === "P") this.query = text;
    if (type === "Q" || type === "S") return this.run(type === "S");
    if (type === "X") this.push(null);
  }
  welcome() { this.say(packet("R", i32(0)), packet("S", "server_version", "17.0"), packet("K", i32(7), i32(8)), ready); }
  run(extended) {
    const q = this.query, head = extended ? [packet("1"), packet("2")] : [];
    if (q.includes("fail")) this.say(...head.slice(0, 1), error("42P01", "relation does not exist"), ready);
    else if (q.includes("types")) this.say(...head, types, values, packet("C", "SELECT 1"), ready);
    else if (q.includes("insert")) this.say(...head, packet("C", "INSERT 0 3"), ready);
    else if (q.includes("notify")) this.say(...head, packet("A", i32(7), "chan", "payload"), packet("N", Buffer.from("S"), "NOTICE", Buffer.from("M"), "careful", Buffer.from([0])), packet("C", "NOTIFY"), ready);
    else if (q.includes("two")) this.say(columns([["a", 23]]), row("1"), packet("C", "SELECT 1"), columns([["b", 25]]), row("x"), row("y"), packet("C", "SELECT 2"), ready);
    else if (q.includes("drop")) this.destroy(new Error("connection lost"));
    else this.say(...head, columns([["one", 23]]), row("1"), packet("C", "SELECT 1"), ready);
  }
}
const md5 = (s) => createHash("md5").update(s, "latin1").digest("hex");
async function session(f, { auth, ...options } = {}) {
  const server = new Server(auth);
  const client = new pg.Client({ user: "ada", database: "db", host: "server", stream: () => server, ...options });
  client.on("error", () => {});
  await client.connect();
  const result = await f(client, server);
  await client.end();
  return result;
}
const failure = async (p) => { try { return await p; } catch (e) { return [e.constructor.name, e.name, e.code, e.message, e.severity]; } };

export default area({
  "connect": () => session((c, s) => [c.processID, s.seen[0].replace(/TimeZone.*/, "")]),
  "query": () => session(async (c) => { const r = await c.query("select 1 as one"); return [r.rows, r.rowCount, r.command, r.fields.map((f) => [f.name, f.dataTypeID])]; }),
  "types": () => session(async (c) => { const [r] = (await c.query("select types")).rows; return { ...r, ts: r.ts.toISOString(), bytes: r.bytes.toString(), byteType: r.bytes.constructor.name }; }),
  "parameters": () => session(async (c, s) => { await c.query("select $1, $2, $3, $4, $5, $6", [1, "é", null, [1, "a\"b", null], { a: 1 }, Buffer.from("hi")]); return s.seen.slice(1); }),
  "dates": () => session(async (c, s) => { await c.query("select $1", [new Date(0)]); return s.seen.at(-4); }),
  "named": () => session(async (c, s) => { const q = { name: "n", text: "select $1", values: [1] }; await c.query(q); await c.query(q); return s.seen.slice(1).map((x) => x[0]); }),
  "row mode": () => session(async (c) => (await c.query({ text: "select types", rowMode: "array" })).rows[0].slice(0, 3)),
  "own types": () => session(async (c) => (await c.query({ text: "select types", types: { getTypeParser: (oid) => (v) => `${oid}:${v}` } })).rows[0].i),
  "callback": () => session((c) => new Promise((r) => c.query("select 1", (e, res) => r(res.rows)))),
  "several": () => session(async (c) => (await c.query("two")).map((r) => r.rows)),
  "queue": () => session(async (c) => (await Promise.all([c.query("select 1"), c.query("insert"), c.query("two")])).map((r) => r.rowCount ?? r.length)),
  "error": () => session((c) => failure(c.query("fail"))),
  "error then query": () => session(async (c) => { await failure(c.query("fail", [1])); return (await c.query("select 1")).rowCount; }),
  "notifications": () => session(async (c) => { const l = []; c.on("notification", (m) => l.push([m.channel, m.payload])); c.on("notice", (m) => l.push(m.message)); await c.query("notify"); return l; }),
  "password": () => session((c) => c.user, { auth: "secret", password: "secret" }),
  "password later": () => session((c) => c.user, { auth: "secret", password: async () => "secret" }),
  "password wrong": () => failure(session((c) => c.user, { auth: "secret", password: "nope" })),
  "connection lost": () => failure(session((c) => c.query("drop"))),
  "pool": async () => { const servers = []; const pool = new pg.Pool({ user: "ada", max: 2, stream: () => { const s = new Server(); servers.push(s); return s; } }); const rows = await Promise.all([1, 2, 3, 4].map(() => pool.query("select 1"))); const r = [rows.length, servers.length, pool.totalCount, pool.idleCount]; await pool.end(); return r; },
  "pool transaction": async () => { const server = new Server(); const pool = new pg.Pool({ user: "ada", stream: () => server }); const c = await pool.connect(); await c.query("BEGIN"); await c.query("insert into t"); await c.query("COMMIT"); c.release(); await pool.end(); return server.seen.slice(1); },
  "url": () => { const c = new pg.Client("postgres://u%40:p@h.example:5433/db?application_name=a&sslmode=disable"); return [c.user, c.password, c.host, c.port, c.database]; },
  "refused": async () => { const c = new pg.Client({ host: "127.0.0.1", port: 1, user: "a", connectionTimeoutMillis: 20_000 }); c.on("error", () => {}); return Array.isArray(await failure(c.connect())); },
  "escape": () => [pg.escapeIdentifier('a"b'), pg.escapeLiteral("it's \\ x"), pg.types.builtins.JSONB, pg.defaults.port],
});
