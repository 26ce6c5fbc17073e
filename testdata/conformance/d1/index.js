// D1 databases.
import { area, error } from "../probe.js";

const db = (f) => ({ env }) => f(env.DB);
const all = (sql, ...params) => db((DB) => DB.prepare(sql).bind(...params).all().then((r) => r.results));
const raw = (sql, ...params) => db((DB) => DB.prepare(sql).bind(...params).raw());
/** What does not depend on time or on who answers. */
const meta = ({ meta: { served_by, timings, duration, ...rest } }) => rest;
const counts = ({ meta: m }) => `${m.changes} changes, last row ${m.last_row_id}, changed ${m.changed_db}, wrote ${m.rows_written}`;
/** An error with its cause, which D1 always sets. */
const failing = (f) => async ({ env }) => {
  try { return await f(env.DB); } catch (e) { return `${error(e)} <- ${e.cause && error(e.cause)} (${Object.keys(e)})`; }
};
const bind = (v) => failing((DB) => DB.prepare("SELECT ? AS a, typeof(?1) AS t").bind(v).first());
const refused = (sql, ...params) => failing(async (DB) => (await DB.prepare(sql).bind(...params).all()).results);

/** Names of tables that no other probe uses. */
let tables = 0;
const table = (f) => db(async (DB) => {
  const t = `t${tables++}`;
  await DB.exec(`CREATE TABLE ${t} (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b)`);
  return f(DB, t);
});

export default area({
  "classes": db((DB) => [DB.constructor.name, DB.prepare("SELECT 1").constructor.name, DB.withSession().constructor.name]),
  "database": db((DB) => ["prepare", "batch", "exec", "withSession", "dump", "query"].map((k) => typeof DB[k])),
  "statement": db((DB) => { const s = DB.prepare("SELECT ?").bind(1); return [s.statement, s.params, typeof s.first]; }),
  "session": db((DB) => ["prepare", "batch", "getBookmark", "exec"].map((k) => typeof DB.withSession()[k])),

  "all": db(async (DB) => Object.keys(await DB.prepare("SELECT 1 AS a").all())),
  "meta keys": db(async (DB) => Object.keys((await DB.prepare("SELECT 1 AS a").all()).meta)),
  "create": db(async (DB) => { const { size_after, last_row_id, ...m } = meta(await DB.prepare("CREATE TABLE made (id INTEGER PRIMARY KEY, a TEXT UNIQUE)").run()); return m; }),
  "insert": table(async (DB, t) => counts(await DB.prepare(`INSERT INTO ${t} (a, b) VALUES (?, ?), ('y', 2)`).bind("x", 1).run())),
  "insert returning": table((DB, t) => DB.prepare(`INSERT INTO ${t} (a, b) VALUES ('x', 1) RETURNING *`).all().then((r) => r.results)),
  "update": table(async (DB, t) => { await DB.exec(`INSERT INTO ${t} (b) VALUES (1), (2), (3)`); return counts(await DB.prepare(`UPDATE ${t} SET b = 9 WHERE id > 1`).run()); }),
  "delete": table(async (DB, t) => { await DB.exec(`INSERT INTO ${t} (b) VALUES (1), (2), (3)`); return counts(await DB.prepare(`DELETE FROM ${t} WHERE id = 1`).run()); }),
  "delete nothing": table(async (DB, t) => { const { changed_db, changes } = (await DB.prepare(`DELETE FROM ${t}`).run()).meta; return [changed_db, changes]; }),
  "trigger": table(async (DB, t) => { await DB.exec(`CREATE TRIGGER tr_${t} AFTER INSERT ON ${t} BEGIN UPDATE ${t} SET b = 7; END`); return (await DB.prepare(`INSERT INTO ${t} (b) VALUES (1)`).run()).meta.changes; }),
  "scan": table(async (DB, t) => { await DB.exec(`INSERT INTO ${t} (b) VALUES (1), (2), (3)`); return (await DB.prepare(`SELECT * FROM ${t}`).all()).meta.rows_read; }),
  "lookup": table(async (DB, t) => { await DB.exec(`INSERT INTO ${t} (b) VALUES (1), (2), (3)`); return (await DB.prepare(`SELECT * FROM ${t} WHERE id = 2`).all()).meta.rows_read; }),
  "run gives rows": db((DB) => DB.prepare("SELECT 1 AS a").run().then((r) => r.results)),
  "first": db((DB) => DB.prepare("SELECT 1 AS a, 2 AS b").first()),
  "first column": db((DB) => DB.prepare("SELECT 1 AS a, 2 AS b").first("b")),
  "first of none": db((DB) => DB.prepare("SELECT 1 AS a WHERE 0").first()),
  "first column of none": db((DB) => DB.prepare("SELECT 1 AS a WHERE 0").first("zz")),
  "first no column": failing((DB) => DB.prepare("SELECT 1 AS a").first("zz")),
  "first null": failing((DB) => DB.prepare("SELECT 1 AS a").first(null)),
  "raw": raw("SELECT 1 AS a, 'x' AS b UNION SELECT 2, NULL"),
  "raw names": db((DB) => DB.prepare("SELECT 1 AS a, 2 AS b").raw({ columnNames: true })),
  "raw names of none": db((DB) => DB.prepare("SELECT 1 AS a WHERE 0").raw({ columnNames: true })),
  "one name twice": all("SELECT 1 AS a, 2 AS a"),
  "one name twice raw": db((DB) => DB.prepare("SELECT 1 AS a, 2 AS a").raw({ columnNames: true })),
  "order": table(async (DB, t) => { const got = []; await Promise.all([DB.prepare(`INSERT INTO ${t} (b) VALUES (1)`).run().then(() => got.push(1)), DB.prepare(`SELECT * FROM ${t}`).all().then((r) => got.push(r.results.length))]); return got; }),

  "typeof": all("SELECT typeof(?) a, typeof(?) b, typeof(?) c, typeof(?) d, typeof(?) e", 1, 1.5, "x", null, true),
  "integer as text": all("SELECT ? || '' a, CAST(? AS TEXT) b, 1/2 c, ?/2 d", 1, 1, 1),
  "integer column": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (id, b) VALUES (?, ?)`).bind(5, 5).run(); return DB.prepare(`SELECT id, typeof(id) t, b, typeof(b) u FROM ${t}`).first(); }),
  "big integers": raw("SELECT 9007199254740993, 9223372036854775807, -9223372036854775808"),
  "infinity": raw("SELECT 9e999, -9e999"),
  "blob": raw("SELECT x'00ff', x''"),
  "not utf-8": raw("SELECT CAST(x'ff41' AS TEXT)"),
  "nul": raw("SELECT ?1, length(?1)", "a\0b"),
  "json": raw(`SELECT json_extract('{"a":1}', '$.a'), '{"a":5}' ->> 'a', json_array(1, 2)`),
  "dates": raw("SELECT date(0, 'unixepoch'), datetime(1e9, 'unixepoch'), typeof(unixepoch('now'))"),
  "math": raw("SELECT sqrt(4), pow(2, 3), floor(1.5), pi()"),
  "numbered": all("SELECT ?2 a, ?1 b", 1, 2),
  "named": all("SELECT :a a, @b b, $c c", 1, 2, 3),
  "statement assigned": db((DB) => { const s = DB.prepare("SELECT 1 a"); s.statement = "SELECT 2 a"; return s.first(); }),
  "params assigned": db((DB) => { const s = DB.prepare("SELECT ? a"); s.params = [3]; return s.first(); }),
  "params changed": db((DB) => { const s = DB.prepare("SELECT ? a, ? b").bind(1); s.params.push("x"); return [s.first(), DB.batch([s])].reduce(async (a, b) => [await a, (await b)[0].results[0]]); }),
  "params the same": db((DB) => { const s = DB.prepare("SELECT ? a").bind(1); return s.params === s.params; }),
  "bound twice": db((DB) => DB.prepare("SELECT ? a").bind(1).bind(2).first()),
  "bind undefined": bind(undefined),
  "bind object": bind({ a: 1 }),
  "bind symbol": failing((DB) => DB.prepare("SELECT ?").bind(Symbol("x"))),
  "bind bigint": bind(1n),
  "bind true": bind(true),
  "bind String": bind(new String("x")),
  "bind array": bind([1, 255]),
  "bind array of others": bind([1, 256]),
  "bind array of text": bind(["a"]),
  "bind empty array": bind([]),
  "bind Uint8Array": bind(new Uint8Array([0, 255]).subarray(1)),
  "bind Uint16Array": bind(new Uint16Array([1, 256, 257])),
  "bind Int8Array": bind(new Int8Array([-1])),
  "bind Float32Array": bind(new Float32Array([1.5])),
  "bind ArrayBuffer": bind(new Uint8Array([7]).buffer),
  "bind DataView": bind(new DataView(new ArrayBuffer(3))),
  "bind NaN": bind(NaN),
  "bind Infinity": bind(Infinity),
  "bind -0": bind(-0),
  "bind empty text": bind(""),
  "too few": refused("SELECT ?, ?", 1),
  "too many": refused("SELECT ?", 1, 2),
  "none": refused("SELECT ?"),

  "syntax": refused("SELEC 1"),
  "no table": refused("SELECT * FROM nope"),
  "no column": refused("SELECT nope"),
  "no function": refused("SELECT nope(1)"),
  "unique": table(async (DB, t) => { await DB.exec(`INSERT INTO ${t} (a) VALUES ('x')`); return DB.exec(`INSERT INTO ${t} (a) VALUES ('x')`).catch((e) => e.message.replaceAll(t, "t")); }),
  "foreign key": table(async (DB, t) => { await DB.exec(`CREATE TABLE c${t} (p REFERENCES ${t}(id))`); return DB.prepare(`INSERT INTO c${t} VALUES (99)`).run(); }),
  "foreign key deferred": table(async (DB, t) => { await DB.exec(`CREATE TABLE c${t} (p REFERENCES ${t}(id))`); return (await DB.batch([DB.prepare("PRAGMA defer_foreign_keys = on"), DB.prepare(`INSERT INTO c${t} VALUES (99)`), DB.prepare(`INSERT INTO ${t} (id) VALUES (99)`)])).length; }),
  "empty": refused(""),
  "spaces": refused(" \n "),
  "line comment": refused("-- hi"),
  "block comment": refused("/* hi */"),
  "comment before": all("-- hi\nSELECT 1 AS a"),
  "comment after": refused("SELECT 1; -- x"),
  "semicolon": all("SELECT 1 AS a;"),
  "semicolons": refused("SELECT 1 AS a;;"),
  "two statements": all("SELECT 1 AS a; SELECT 2 AS a"),
  "two statements, parameters": refused("SELECT ?; SELECT ?", 1, 2),
  "two statements, one fails": table(async (DB, t) => { const e = await DB.prepare(`INSERT INTO ${t} (b) VALUES (1); SELECT * FROM nope`).run().catch((e) => e.message); return [e, await DB.prepare(`SELECT count(*) n FROM ${t}`).first("n")]; }),
  ...Object.fromEntries([
    "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT x", "RELEASE x", "VACUUM", "ATTACH 'x' AS y", "DETACH y", "CREATE TEMP TABLE x (a)", "CREATE TEMP VIEW x AS SELECT 1",
    "CREATE TABLE _cf_x (a)", "SELECT * FROM _cf_KV", "DROP TABLE _cf_METADATA", "SELECT sqlite_version()", "SELECT load_extension('x')",
    "CREATE VIRTUAL TABLE r USING rtree(a, b, c)", "PRAGMA journal_mode", "PRAGMA user_version", "PRAGMA page_count", "PRAGMA foreign_keys", "PRAGMA foreign_keys = off",
    "PRAGMA case_sensitive_like = 1", "PRAGMA quick_check", "PRAGMA integrity_check", "PRAGMA writable_schema = 1", "PRAGMA compile_options", "PRAGMA recursive_triggers",
    "REINDEX", "SELECT log10(1)", "SELECT if(1, 2)", "CREATE VIRTUAL TABLE geo USING geopoly()", "PRAGMA table_info", "PRAGMA page_size", "EXPLAIN QUERY PLAN SELECT 1", "SELECT soundex('x')", "SELECT json_pretty('1')", "SELECT changes() > -1 AS a", "INSERT INTO sqlite_schema VALUES (1,2,3,4,5)",
  ].map((sql) => [sql, refused(sql)])),
  "101 parameters": refused("SELECT " + Array(101).fill("?"), ...Array(101).fill(1)),
  "parameter 101": refused("SELECT ?101"),
  "101 columns": refused("SELECT " + Array(101).fill("1")),
  "long statement": refused("SELECT '" + "x".repeat(100_000) + "'"),
  "long text": db((DB) => DB.prepare("SELECT length(?) a").bind("x".repeat(5_000_000)).first("a")),
  "long pattern": refused("SELECT 'a' LIKE '" + "a%".repeat(30) + "'"),
  "deep expression": refused("SELECT " + Array(102).fill("1").join("+")),
  "six unions": refused(Array(6).fill("SELECT 1").join(" UNION ALL ")),

  "batch": db(async (DB) => (await DB.batch([DB.prepare("SELECT 1 AS a"), DB.prepare("SELECT ? AS b").bind(5)])).map((r) => [r.success, r.results])),
  "batch is a transaction": table(async (DB, t) => { const e = await DB.batch([DB.prepare(`INSERT INTO ${t} (b) VALUES (1)`), DB.prepare("SELECT * FROM nope")]).catch((e) => e.message); return [e, await DB.prepare(`SELECT count(*) n FROM ${t}`).first("n")]; }),
  "batch of none": failing((DB) => DB.batch([])),
  "batch of look-alikes": db(async (DB) => (await DB.batch([{ statement: "SELECT ? AS a", params: [1] }]))[0].results),
  "batch of a comment": db(async (DB) => (await DB.batch([DB.prepare("SELECT 1"), DB.prepare("-- x")])).length),

  "exec": db(async (DB) => { const r = await DB.exec("SELECT 1; SELECT 2;\nSELECT 3"); return [r.count, typeof r.duration, Object.keys(r)]; }),
  "exec empty lines": db(async (DB) => (await DB.exec("SELECT 1\n\n-- x\r\nSELECT 2\r\n")).count),
  "exec fails": failing((DB) => DB.exec("SELECT 1\nSELECT * FROM nope\nSELECT 3")),
  "exec is a transaction": table(async (DB, t) => { await DB.exec(`INSERT INTO ${t} (b) VALUES (1)\nSELECT * FROM nope`).catch(() => {}); return DB.prepare(`SELECT count(*) n FROM ${t}`).first("n"); }),
  "exec statement over lines": failing((DB) => DB.exec("SELECT\n1")),
  "exec nothing": failing((DB) => DB.exec("")),
  "dump": failing((DB) => DB.dump()),
  "query": failing((DB) => DB.query("SELECT 1")),

  "bookmark before": db((DB) => [undefined, null, "", " ", "first-primary", "first-unconstrained", "0000-x"].map((c) => DB.withSession(c).getBookmark())),
  "bookmark after": db(async (DB) => { const s = DB.withSession(); await s.prepare("SELECT 1").all(); return s.getBookmark().replace(/[0-9a-f]/g, "x"); }),
  "bookmark grows": db(async (DB) => { const s = DB.withSession("first-primary"); await s.prepare("SELECT 1").all(); const a = s.getBookmark(); await s.batch([s.prepare("SELECT 1")]); return a < s.getBookmark(); }),
  "bookmark of the future": db(async (DB) => { const s = DB.withSession("ffffffff-ffffffff-ffffffff-ffffffffffffffffffffffffffffffff"); await s.prepare("SELECT 1").all(); return s.getBookmark(); }),
  "no bookmark outside": db(async (DB) => { const s = DB.withSession(); await DB.prepare("SELECT 1").all(); return s.getBookmark(); }),
  "session error": failing((DB) => DB.withSession().prepare("selec").all()),

  "fts5": table(async (DB, t) => { await DB.exec(`CREATE VIRTUAL TABLE f${t} USING fts5(a)`); await DB.prepare(`INSERT INTO f${t} VALUES ('hello world'), ('other')`).run(); return DB.prepare(`SELECT a, highlight(f${t}, 0, '<', '>') h FROM f${t}('hello')`).raw(); }),
  "table_info": table((DB, t) => DB.prepare(`PRAGMA table_info(${t})`).raw()),
  "table_info function": table((DB, t) => DB.prepare(`SELECT name FROM pragma_table_info('${t}')`).raw()),
  "generated column": table(async (DB, t) => { await DB.exec(`CREATE TABLE g${t} (a, b AS (a * 2))`); await DB.exec(`INSERT INTO g${t} (a) VALUES (4)`); return DB.prepare(`SELECT * FROM g${t}`).first(); }),
  "strict table": table(async (DB, t) => { await DB.exec(`CREATE TABLE s${t} (a INTEGER) STRICT`); return DB.prepare(`INSERT INTO s${t} VALUES ('x')`).run().catch((e) => e.message.replace(t, "")); }),
  "upsert": table(async (DB, t) => { const up = DB.prepare(`INSERT INTO ${t} (a, b) VALUES ('k', 1) ON CONFLICT (a) DO UPDATE SET b = b + 1 RETURNING b`); await up.run(); return up.first("b"); }),
});
