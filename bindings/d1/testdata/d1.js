// What these tests expect was seen on wrangler 4.164.
const DB = env.DB;
const one = (sql, ...params) => DB.prepare(sql).bind(...params).first();
const meta = ({ meta: { served_by, timings, duration, ...rest } }) => rest;

async function failsWith(promise, message, cause = message.replace(/^\w+: /, "")) {
  try { await promise; } catch (e) {
    assert.equal(e.constructor, Error);
    assert.equal(e.message, message);
    assert.equal(e.cause?.message, cause);
    assert.equal(Object.keys(e).length, 0);
    return;
  }
  assert.fail("no error, but wanted " + message);
}

export async function shapes() {
  assert.equal(DB.constructor.name, "D1Database");
  const st = DB.prepare("SELECT ?");
  assert.equal([st.constructor.name, st.statement, st.params.length], ["D1PreparedStatement", "SELECT ?", 0]);
  assert.equal(st.bind(1, null).params, [1, null]);
  assert.equal(DB.withSession().constructor.name, "D1DatabaseSession");
  assert.equal(typeof DB.withSession().exec, "undefined");
}

export async function results() {
  const created = await DB.prepare("CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT UNIQUE)").run();
  assert.equal(Object.keys(created).join(), "success,meta,results");
  assert.equal(Object.keys(created.meta).join(), "served_by,served_by_primary,total_attempts,timings,duration,changes,last_row_id,changed_db,size_after,rows_read,rows_written");
  assert.equal(meta(created), { served_by_primary: true, total_attempts: 1, changes: 0, last_row_id: 0, changed_db: true, size_after: 12288, rows_read: 1, rows_written: 3 });
  assert.equal(created.results, []);
  const { meta: m } = await DB.prepare("INSERT INTO u (a) VALUES (?), (?)").bind("x", "y").run();
  assert.equal([m.changes, m.last_row_id, m.rows_written, m.changed_db], [2, 2, 4, true]);
  assert.equal((await DB.prepare("INSERT INTO u (a) VALUES ('z') RETURNING *").all()).results, [{ id: 3, a: "z" }]);
  const all = await DB.prepare("SELECT * FROM u").all();
  assert.equal(all.results, [{ id: 1, a: "x" }, { id: 2, a: "y" }, { id: 3, a: "z" }]);
  assert.equal([all.meta.changes, all.meta.changed_db, all.meta.rows_read], [0, false, 3]);
  assert.equal((await DB.prepare("SELECT * FROM u").run()).results.length, 3);
  assert.equal(await DB.prepare("SELECT * FROM u").raw(), [[1, "x"], [2, "y"], [3, "z"]]);
  assert.equal(await DB.prepare("SELECT * FROM u WHERE id = 1").raw({ columnNames: true }), [["id", "a"], [1, "x"]]);
  assert.equal((await DB.prepare("UPDATE u SET a = a || '!' WHERE id > 1").run()).meta.changes, 2);
  assert.equal((await DB.prepare("DELETE FROM u WHERE id = 99").run()).meta.changed_db, false);
}

export async function first() {
  assert.equal(await one("SELECT 1 AS a, 2 AS b"), { a: 1, b: 2 });
  assert.equal(await DB.prepare("SELECT 1 AS a, 2 AS b").first("b"), 2);
  assert.equal(await DB.prepare("SELECT 1 AS a WHERE 0").first(), null);
  assert.equal(await DB.prepare("SELECT 1 AS a WHERE 0").first("zz"), null);
  await failsWith(DB.prepare("SELECT 1 AS a").first("zz"), "D1_COLUMN_NOTFOUND: Column not found (zz)", "Column not found");
  await failsWith(DB.prepare("SELECT 1 AS a").first(null), "D1_COLUMN_NOTFOUND: Column not found (null)", "Column not found");
}

export async function columns_of_one_name() {
  assert.equal(await one("SELECT 1 AS a, 2 AS a"), { a: 2 });
  assert.equal(await DB.prepare("SELECT 1 AS a, 2 AS a").raw({ columnNames: true }), [["a", "a"], [1, 2]]);
}

export async function types() {
  assert.equal(await one("SELECT typeof(?) a, typeof(?) b, typeof(?) c, typeof(?) d, typeof(?) e", 1, 1.5, "x", null, true), { a: "real", b: "real", c: "text", d: "null", e: "real" });
  assert.equal(await one("SELECT ? || '' a, 1/2 b, ?/2 c", 1, 1), { a: "1.0", b: 0, c: 0.5 });
  assert.equal(await one("SELECT ? a, typeof(?) b", [1, 2], []), { a: [1, 2], b: "blob" });
  assert.equal(await one("SELECT ? a, ? b, ? c, ? d", new Uint8Array([0, 255]).buffer, new Uint16Array([1, 256]), new Float32Array([1.5]), new DataView(new ArrayBuffer(3))), { a: [0, 255], b: [1, 0], c: [1], d: [] });
  assert.equal(await one("SELECT ? a, ? b, ? c", NaN, Infinity, -0), { a: null, b: null, c: 0 });
  assert.equal(await DB.prepare("SELECT 9007199254740993, 9223372036854775807, 9e999, x'00ff', cast(x'ff41' AS text)").raw(), [[9007199254740992, 9223372036854775807, null, [0, 255], "\ufffdA"]]);
  assert.equal(await one("SELECT ? a, length(?) b", "a\0b", "a\0b"), { a: "a\0b", b: 1 });
  assert.equal(await one("SELECT ?2 a, ?1 b", 1, 2), { a: 2, b: 1 });
  assert.equal(await one("SELECT :a a, @b b, $c c", 1, 2, 3), { a: 1, b: 2, c: 3 });
  assert.equal(await DB.prepare("SELECT ? a").bind(1).bind(2).first("a"), 2);
}

export async function unbindable() {
  const bind = (v) => (async () => DB.prepare("SELECT ?").bind(v))();
  await failsWith(bind(undefined), "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'");
  await failsWith(bind({ a: 1 }), "D1_TYPE_ERROR: Type 'object' not supported for value '[object Object]'");
  await failsWith(bind([1, 300]), "D1_TYPE_ERROR: Type 'object' not supported for value '1,300'");
  await failsWith(bind(1n), "D1_TYPE_ERROR: Type 'bigint' not supported for value '1'");
  await failsWith(bind(new String("x")), "D1_TYPE_ERROR: Type 'object' not supported for value 'x'");
  await assert.throws(() => bind(Symbol("x")), "TypeError: Cannot convert a Symbol value to a string");
}

export async function refused() {
  for (const [sql, message] of [
    ["SELEC 1", 'near "SELEC": syntax error at offset 0: SQLITE_ERROR'],
    ["SELECT * FROM nope", "no such table: nope: SQLITE_ERROR"],
    ["SELECT ?, ?", "Wrong number of parameter bindings for SQL query."],
    ["", "No SQL statements detected."],
    ["-- hi", "No SQL statements detected."],
    ["/* hi */", "SQL code did not contain a statement."],
    ["SELECT 1; -- x", "SQL code did not contain a statement."],
    ["ATTACH 'x' AS y", "not authorized: SQLITE_AUTH"],
    ["VACUUM", "cannot VACUUM from within a transaction: SQLITE_ERROR"],
    ["PRAGMA journal_mode", "not authorized: SQLITE_AUTH"],
    ["CREATE TEMP TABLE x (a)", "not authorized: SQLITE_AUTH"],
    ["CREATE TABLE _cf_x (a)", "not authorized: SQLITE_AUTH"],
    ["SELECT sqlite_version()", "not authorized to use function: sqlite_version at offset 7: SQLITE_ERROR"],
    ["SELECT '" + "x".repeat(100_001) + "'", "statement too long: SQLITE_TOOBIG"],
    ["SELECT " + Array(101).fill("1"), "too many columns in result set: SQLITE_ERROR"],
    ["SELECT ?101", "variable number must be between ?1 and ?100 at offset 7: SQLITE_ERROR"],
  ]) await failsWith(DB.prepare(sql).run(), "D1_ERROR: " + message);
  for (const sql of ["BEGIN", "SAVEPOINT x", "COMMIT"]) await assert.throws(() => DB.prepare(sql).run(), "D1_ERROR: To execute a transaction, please use the state.storage.transaction()");
  await assert.throws(() => DB.prepare("SELECT ?").bind(1, 2).raw(), "Wrong number of parameter bindings");
  await assert.throws(() => DB.prepare(), "a statement must be a string");
}

export async function several_statements() {
  await DB.exec("CREATE TABLE t (a)");
  assert.equal((await DB.prepare("INSERT INTO t VALUES (1); SELECT count(*) n FROM t").all()).results, [{ n: 1 }]);
  assert.equal((await DB.prepare("-- hi\nSELECT 1 a").all()).results, [{ a: 1 }]);
  await failsWith(DB.prepare("INSERT INTO t VALUES (2); SELECT * FROM nope").run(), "D1_ERROR: no such table: nope: SQLITE_ERROR");
  assert.equal(await DB.prepare("SELECT count(*) n FROM t").first("n"), 1);
}

export async function batches() {
  await DB.exec("CREATE TABLE t (a)");
  const r = await DB.batch([DB.prepare("SELECT 1 a"), DB.prepare("SELECT ? b").bind(5), DB.prepare("INSERT INTO t VALUES ('b')")]);
  assert.equal(r.map((x) => x.results), [[{ a: 1 }], [{ b: 5 }], []]);
  assert.equal(r[2].meta.changes, 1);
  await failsWith(DB.batch([DB.prepare("INSERT INTO t VALUES ('rolled')"), DB.prepare("SELECT * FROM nope")]), "D1_ERROR: no such table: nope: SQLITE_ERROR");
  assert.equal(await DB.prepare("SELECT count(*) n FROM t").first("n"), 1);
  await failsWith(DB.batch([]), "D1_ERROR: No SQL statements detected.");
  assert.equal((await DB.batch([{ statement: "SELECT ? a", params: [1] }]))[0].results, [{ a: 1 }]);
  await assert.throws(() => DB.batch(["SELECT 1"]), "statements made by prepare()");
  await assert.throws(() => DB.batch(), "TypeError");
}

export async function exec() {
  assert.equal((await DB.exec("SELECT 1; SELECT 2;\nSELECT 3")).count, 2);
  assert.equal((await DB.exec("SELECT 1\n\n-- x\r\nSELECT 2\r\n")).count, 2);
  assert.equal(typeof (await DB.exec("CREATE TABLE t (a)")).duration, "number");
  await failsWith(DB.exec("INSERT INTO t VALUES (1)\nSELECT * FROM nope"), "D1_EXEC_ERROR: Error in line 1: INSERT INTO t VALUES (1): no such table: nope: SQLITE_ERROR");
  assert.equal(await DB.prepare("SELECT count(*) n FROM t").first("n"), 0);
  await failsWith(DB.exec("SELECT\n1"), "D1_EXEC_ERROR: Error in line 1: SELECT: incomplete input: SQLITE_ERROR");
  await failsWith(DB.exec(""), "D1_EXEC_ERROR: Error in line 1: : No SQL statements detected.");
  await failsWith(DB.dump(), "D1_DUMP_ERROR: Status + 404", "Status 404");
}

export async function sessions() {
  const mark = (n) => `00000000-0000000${n}-00000000-00000000000000000000000000000000`;
  const s = DB.withSession();
  assert.equal(s.getBookmark(), null);
  await s.prepare("SELECT 1").all();
  assert.equal(s.getBookmark(), mark(0));
  await s.batch([s.prepare("SELECT 1"), s.prepare("SELECT 2")]);
  assert.equal(s.getBookmark(), mark(1));
  const next = DB.withSession(s.getBookmark());
  assert.equal(next.getBookmark(), mark(1));
  await next.prepare("SELECT 1").first();
  assert.equal([next.getBookmark(), s.getBookmark()], [mark(2), mark(1)]);
  for (const c of ["", " ", null, "first-primary", "first-unconstrained"]) assert.equal(DB.withSession(c).getBookmark(), null);
  assert.equal(DB.withSession(" 0000-x ").getBookmark(), "0000-x");
  await failsWith(DB.withSession("first-primary").prepare("selec").all(), 'D1_ERROR: near "selec": syntax error at offset 0: SQLITE_ERROR');
}

export async function order_of_calls() {
  const got = [];
  await Promise.all([
    DB.prepare("CREATE TABLE o (x)").run().then(() => got.push(1)),
    DB.prepare("INSERT INTO o VALUES (1)").run().then(() => got.push(2)),
    DB.prepare("SELECT * FROM o").all().then((r) => got.push(r.results.length + 2)),
  ]);
  assert.equal(got, [1, 2, 3]);
}

export async function extensions() {
  await DB.exec("CREATE VIRTUAL TABLE f USING fts5(a)");
  await DB.prepare("INSERT INTO f VALUES ('hello world'), ('other')").run();
  assert.equal(await DB.prepare("SELECT a FROM f('hello')").raw(), [["hello world"]]);
  assert.equal(await DB.prepare(`SELECT json_extract('{"a":1}', '$.a'), '{"a":5}'->>'a'`).raw(), [[1, 5]]);
  assert.equal(await DB.prepare("PRAGMA foreign_keys").first("foreign_keys"), 1);
  assert.equal(await DB.prepare("SELECT name FROM pragma_table_info('f')").raw(), [["a"]]);
}
