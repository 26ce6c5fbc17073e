// SQL values and cursors: what goes in, what comes out, and what text that is
// no UTF-8, blobs and large numbers become on the way.
import { DurableObject } from "cloudflare:workers";
import { area, error, run, show } from "../probe.js";

const caught = (f) => { try { return show(f(), 1); } catch (e) { return error(e); } };

/** Asked of both, without parameters. */
const queries = [
  // Text that is no UTF-8.
  "select cast(x'ff' as text) a", "select cast(x'41ff42' as text) a", "select cast(x'c3' as text) a", "select cast(x'e282' as text) a", "select cast(x'eda080' as text) a", "select cast(x'f4908080' as text) a", "select cast(x'c080' as text) a",
  "select length(cast(x'ff41' as text)) a", "select hex(cast(x'ff41' as text)) a", "select upper(cast(x'ff61' as text)) a", "select unicode(cast(x'ff' as text)) a", "select cast(x'6100' as text) a, length(cast(x'610062' as text)) b", "select cast(x'ff' as text) as \"\u00fc\"", "select char(0, 65, 55296, 1114111, 1114112) a",
  "select 'a' || x'ff' || 'b' a", "select replace(cast(x'ff61ff' as text), 'a', 'b') a", "select substr(cast(x'41ff42' as text), 2, 1) a", "select instr(x'0102ff', x'ff') a", "select quote(cast(x'ff' as text)) a", "select x'ff' like x'ff' a", "select cast(x'ff' as text) = x'ff' a", "select group_concat(cast(x'ff' as text)) a",
  // JSON of text that is none, and of blobs.
  "select json(cast(x'22ff22' as text)) a", "select json_valid(cast(x'22ff22' as text)) a", "select json_quote(cast(x'ff' as text)) a", "select json_array(cast(x'ff' as text)) a", "select json_object(cast(x'ff' as text), 1) a", "select json_group_array(cast(x'ff' as text)) a", "select json_extract(cast(x'5b22ff225d' as text), '$[0]') a",
  "select json(x'5b315d') a", "select json_valid(x'5b315d') a", "select json_valid(x'5b315d', 8) a", "select json_extract(x'5b315d', '$[0]') a", "select json_type(x'5b315d') a", "select json_quote(x'01') a", "select json_array(x'01') a", "select json_object('a', x'01') a", "select json_each.value from json_each(x'5b315d')", "select json_set('{}', '$.a', x'01') a", "select json_array_length(x'ff') a",
  "select jsonb('[1, 2]') a", "select typeof(jsonb('{}')) a", "select json(jsonb('{\"a\": [1, null]}')) a", "select json_extract(jsonb('[1, \"x\"]'), '$[1]') a", "select json_array(jsonb('[1]')) a", "select json_group_array(jsonb(value)) a from json_each('[1, [2]]')", "select jsonb_extract('{\"a\": {\"b\": 1}}', '$.a') a", "select json_valid(jsonb('[1]'), 4) a", "select hex(jsonb_object('a', 1)) a", "select json_error_position('[1,') a",
  "select json('{a: 1, /* x */ b: 0x10, c: +1, d: .5, e: Infinity, f: NaN,}') a", "select json_valid('{a: 1}') a, json_valid('{a: 1}', 2) b", "select json('[1e400, -1e400, 9007199254740993]') a", "select json_extract('[9007199254740993]', '$[0]') a", "select json_extract('[1e400]', '$[0]') a", "select json_extract('{\"a\": \"\\ud800\"}', '$.a') a", "select json_extract('\"\\u0000\"', '$') a", "select json('\"a\u0001\"') a",
  "select json_extract('{\"a\": 1}', 'a') a", "select json_extract('{\"a\": 1}', '$.b') a", "select json_extract('{\"a\": 1}', '$.a', '$.b') a", "select json_extract('x', '$') a", "select '{\"a\": null}' -> 'a' a, '{\"a\": null}' ->> 'a' b", "select '[1, 2, 3]' ->> -1 a", "select json_patch('{\"a\": 1}', '{\"a\": null, \"b\": 2}') a", "select json_remove('[1, 2, 3]', '$[1]') a", "select json_replace('{}', '$.a', 1) a", "select json_tree.path, json_tree.atom from json_tree('{\"a\": [1]}')", "select key, value, type, fullkey from json_each('{\"a\": 1, \"b\": [2]}')", "select json_group_object(key, value) a from json_each('{\"b\": 1, \"a\": 2}')", "select json_pretty('[1]') a",
  "select json_array(1, 1.0, 1.5, 'x', null, 9223372036854775807, 1e999) a", "select json_quote(1.0) a, json_quote(1e20) b, json_quote(0.1) c", "select json_array(json('[1]'), '[1]') a",
  // Numbers.
  "select 9223372036854775807 a, -9223372036854775808 b, 9223372036854775808 c", "select 9007199254740991 a, 9007199254740992 b, 9007199254740993 c, -9007199254740993 d", "select 0.1 + 0.2 a, 1e308 * 10 b, -1e308 * 10 c, 1e-320 d", "select -0.0 a, typeof(-0.0) b, 1 / -0.0 c", "select 1 / 0 a, 1 % 0 b, 1.0 / 0 c", "select 5 / 2 a, -5 / 2 b, 5.0 / 2 c, 5 % -3 d", "select 0x10 a, 0xffffffffffffffff b", "select 1_000 a, 1e3 b, .5 c, 5. d", "select cast('12abc' as integer) a, cast('1e3' as integer) b, cast('1e3' as real) c, cast('abc' as real) d", "select cast(9.9 as integer) a, cast(1e30 as integer) b, cast(-1e30 as integer) c", "select round(2.5) a, round(-2.5) b, round(1.005, 2) c, round(1e20) d", "select abs(-0.0) a, sign(-5) b, ceil(1.2) c, trunc(-1.7) d, mod(7, 3) e", "select max(1, 2.5, '3') a, min(null, 1) b, coalesce(null, 2) c, iif(1, 2, 3) d", "select 'a' + 1 a, '5' + 1 b, '5' * '2' c, 'x' || 1.0 d, 1.0 || '' e, 1e100 || '' f", "select true a, false b, not 5 c, null is null d, 1 is true e", "select typeof(1 = 1) a, 1 <> null b", "select sum(value) a, total(value) b, avg(value) c from json_each('[1, 2]')", "select sum(value) a from json_each('[9223372036854775807, 1]')", "select random() between -9223372036854775808 and 9223372036854775807 a", "select typeof(sum(1)) a, typeof(sum(1.0)) b, typeof(count(*)) c",
  // Blobs and text.
  "select x'' a, zeroblob(3) b", "select hex(zeroblob(2)) a, unhex('ff01') b, unhex('zz') c", "select length(x'ff00') a, length('ü') b, octet_length('ü') c", "select substr(x'010203', 2) a", "select x'01' || x'02' a, typeof(x'01' || x'02') b", "select 'it''s' a, \"quoted\" b", "select '' a, null b, '' = null c", "select lower('ÄB') a, upper('äb') b", "select 'a' < 'B' a, 'a' < 'B' collate nocase b", "select trim('  x ') a, ltrim('xxa', 'x') b, printf('%5.2f|%-4s|%04d|%,d|%x|%q|%!s', 3.14159, 'a', 7, 1234567, 255, 'it''s', 'b') c", "select printf('%s', x'4142') a, format('%d', 1.9) b, format('%s', null) c", "select glob('a*', 'abc') a, 'abc' like 'A_C' b, 'a%' like 'a\\%' escape '\\' c", "select concat('a', null, 1) a, concat_ws('-', 'a', null, 'b') b", "select string_agg(value, '+') a from json_each('[1, 2]')", "select soundex('robert') a",
  // Dates.
  "select date('2024-02-30') a, date('2024-13-01') b, date('nonsense') c", "select datetime('2024-01-31', '+1 month') a, date('2024-01-31', '+1 month', 'floor') b", "select strftime('%Y-%m-%d %H:%M:%f %j %s %w %u %G-%V', '2024-02-29 12:34:56.789') a", "select unixepoch('2024-01-01') a, julianday('2024-01-01') b, unixepoch('2024-01-01', 'subsec') c", "select timediff('2024-03-01', '2024-02-01') a", "select time('12:00', 'localtime') is not null a", "select date(1e9, 'unixepoch') a, date(1e9, 'auto') b",
  // Names and shapes.
  "select 1, 2", "select 1 a, 2 a", "select 1 as \"__proto__\"", "select 1 as \"constructor\", 2 as \"\"", "select 1 as \"0\", 2 as \"b\", 3 as \"1\"", "select *, 1 from (select 1 a, 2 b)", "select count(*) from (select 1)", "values (1, 'a'), (2, 'b')", "select 1 where 0", "select (select 1 where 0) a",
  // What is refused.
  "select * from (select 1", "select 'unterminated", "select 1;;", "select nofunction(1)", "select count(", "insert into nowhere values (1)", "pragma nonsense", "create table sqlite_x(a)", "select * from json_each('x')", "select json('x')", "select cast('a' as nonsense) a", "select 1 union select 1, 2", "select a from (select 1 b)", "select load_extension('x')", "select writefile('x', 'y')", "select readfile('x')", "select edit('x')", "select sqlite_compileoption_used('X')", "select typeof(last_insert_rowid()) a, typeof(changes()) b, typeof(total_changes()) c", "select * from dbstat", "select * from sqlite_dbpage", "select * from bytecode('select 1')", "select fts5_source_id()", "select * from pragma_database_list", "select * from pragma_function_list limit 0", "select name from pragma_module_list where name = 'csv'", "create virtual table c using csv(filename='x')", "explain select 1 limit 0",
];

/** Asked of SqlStorage. */
const cursors = {
  "bind numbers": ({ sql }) => sql.exec("select ? a, ? b, ? c, ? d, ? e, ? f, ? g", 1, 1.5, -0, NaN, Infinity, 2 ** 53, -(2 ** 63)).one(),
  "bind types": ({ sql }) => sql.exec("select typeof(?) a, typeof(?) b, typeof(?) c, typeof(?) d, typeof(?) e, typeof(?) f", 1, 1.5, NaN, true, null, undefined).one(),
  "bind into integers": ({ sql }) => { sql.exec("create table t(i integer, r real, n numeric, t text, b blob, x)"); sql.exec("insert into t values (?, ?, ?, ?, ?, ?)", 1, 1, 1, 1, 1, 1); return sql.exec("select i, r, n, t, b, x, typeof(i), typeof(r), typeof(n), typeof(t), typeof(b), typeof(x) from t").raw().toArray(); },
  "bind large into integer": ({ sql }) => { sql.exec("create table t(i integer)"); for (const v of [2 ** 53, 2 ** 62, 2 ** 63, 1.5, "9223372036854775807", "x", true]) sql.exec("insert into t values (?)", v); return sql.exec("select i, typeof(i) from t").raw().toArray(); },
  "bind booleans": ({ sql }) => sql.exec("select ? a, ? b, typeof(?) c, ? = 'true' d", true, false, true, true).one(),
  "bind bigint": ({ sql }) => caught(() => sql.exec("select ?", 1n).one()),
  "bind bigint of 0": ({ sql }) => caught(() => sql.exec("select ?", 0n).one()),
  "bind symbol": ({ sql }) => caught(() => sql.exec("select ?", Symbol("x"))),
  "bind function": ({ sql }) => caught(() => sql.exec("select ? a", () => 1).one()).replace(/\s/g, ""),
  "bind object": ({ sql }) => [caught(() => sql.exec("select ? a", { a: 1 }).one()), caught(() => sql.exec("select ? a", { toString() { return "by toString"; } }).one()), caught(() => sql.exec("select ? a", Object.create(null)).one())],
  "bind array": ({ sql }) => [caught(() => sql.exec("select ? a", [1, 2]).one()), caught(() => sql.exec("select ? a", []).one())],
  "bind date": ({ sql }) => caught(() => typeof sql.exec("select ? a", new Date(0)).one().a),
  "bind boxed": ({ sql }) => caught(() => sql.exec("select ? a, ? b", new Number(5), new String("s")).one()),
  "bind views": ({ sql }) => { const b = new Uint8Array([0, 1, 2, 255]).buffer; return [b, new Uint8Array(b, 1, 2), new DataView(b, 2), new Uint16Array(b, 2, 1), new Int8Array(b), new Float32Array(b), new Uint8ClampedArray(b), new BigInt64Array(1)].map((v) => caught(() => sql.exec("select hex(?) a, typeof(?1) b", v).one())); },
  "bind empty buffers": ({ sql }) => sql.exec("select typeof(?) a, length(?) b, typeof(?) c", new ArrayBuffer(0), new Uint8Array(0), "").one(),
  "bind shared": ({ sql }) => caught(() => sql.exec("select ? a", new Blob(["x"])).one()),
  "bind detached": ({ sql }) => { const b = new ArrayBuffer(2); structuredClone(b, { transfer: [b] }); return caught(() => sql.exec("select typeof(?) a", b).one()); },
  "bound buffer changed": ({ sql }) => { const b = new Uint8Array([1]); const c = sql.exec("select ? a", b); b[0] = 2; return c.one(); },
  "bind surrogates": ({ sql }) => sql.exec("select ? a, length(?1) b, hex(?1) c", "a\ud800b").one(),
  "bind nul": ({ sql }) => sql.exec("select ? a, length(?1) b, hex(?1) c", "a\0b").one(),
  "bind long": ({ sql }) => [caught(() => sql.exec("select length(?) a", "x".repeat(2_000_000)).one()), caught(() => sql.exec("select length(?) a", "x".repeat(2_200_000)).one())],
  "bind by number": ({ sql }) => [caught(() => sql.exec("select ?2 a, ?1 b", 1, 2).one()), caught(() => sql.exec("select ?3 a", 1, 2, 3).one()), caught(() => sql.exec("select ?1 a, ?1 b", 1).one()), caught(() => sql.exec("select ?2 a", 1).one())],
  "bind by name": ({ sql }) => [caught(() => sql.exec("select :a a, @b b, $c c", 1, 2, 3).one()), caught(() => sql.exec("select :a a, :a b", 1).one()), caught(() => sql.exec("select :a a", { a: 1 }).one())],
  "bind too many": ({ sql }) => [caught(() => sql.exec("select 1", 1)), caught(() => sql.exec("select ?", 1, 2)), caught(() => sql.exec("select ?"))],
  "bind 100": ({ sql }) => [caught(() => sql.exec("select " + Array(100).fill("?"), ...Array(100).fill(1)).toArray().length), caught(() => sql.exec("select " + Array(101).fill("?").join("+"), ...Array(101).fill(1)).toArray().length)],
  "query of others": ({ sql }) => [caught(() => sql.exec(5)), caught(() => sql.exec(null)), caught(() => sql.exec({ toString: () => "select 1 a" }).one()), caught(() => sql.exec("select 1 a\0 nonsense").one())],

  "several statements": ({ sql }) => [caught(() => sql.exec("create table t(a); insert into t values (1); select * from t").toArray()), caught(() => sql.exec("insert into t values (2); insert into t values (?); select 1", 3)), sql.exec("select a from t").raw().toArray()],
  "several, the last with parameters": ({ sql }) => sql.exec("create table t(a); insert into t values (1); select a + ? b from t", 5).toArray(),
  "several, one fails": ({ sql }) => { sql.exec("create table t(a)"); return [caught(() => sql.exec("insert into t values (1); selec; insert into t values (2)")), caught(() => sql.exec("insert into t values (3); select * from nope")), sql.exec("select a from t").raw().toArray()]; },
  "several, first selects": ({ sql }) => sql.exec("select 1 a; select 2 b").toArray(),
  "several, comments": ({ sql }) => [caught(() => sql.exec("/* a */ select 1 a -- b").one()), caught(() => sql.exec("select 1 a; -- b")), caught(() => sql.exec("-- only")), caught(() => sql.exec("select 1 a;\n").one())],
  "trigger with semicolons": ({ sql }) => { sql.exec("create table t(a); create table l(b); create trigger r after insert on t begin insert into l values (new.a); insert into l values (new.a * 2); end; insert into t values (4)"); return sql.exec("select b from l").raw().toArray(); },

  "cursor twice": ({ sql }) => { const c = sql.exec("select 1 a union select 2"); return [c.toArray(), c.toArray(), [...c], c.next()]; },
  "cursor one": ({ sql }) => [caught(() => sql.exec("select 1 a").one()), caught(() => sql.exec("select 1 a where 0").one()), caught(() => sql.exec("select 1 a union select 2").one()), caught(() => { const c = sql.exec("select 1 a union select 2"); c.next(); return c.one(); }), caught(() => { const c = sql.exec("select 1 a"); c.one(); return c.one(); })],
  "cursor next then the rest": ({ sql }) => { const c = sql.exec("select 1 a union select 2 union select 3"); return [c.next(), c.raw().next(), c.toArray(), c.next()]; },
  "cursor raw": ({ sql }) => { const c = sql.exec("select 1 a, 2 a, null b"); const r = c.raw(); return [Object.prototype.toString.call(r), r === r[Symbol.iterator](), typeof r.toArray, [...r], r.next()]; },
  "cursor raw twice": ({ sql }) => { const c = sql.exec("select 1 a union select 2"); return [c.raw().toArray(), c.raw().toArray()]; },
  "cursor two at once": ({ sql }) => { const q = "select 1 a union select 2"; const x = sql.exec(q); x.next(); const y = sql.exec(q); y.next(); return [caught(() => x.next()), caught(() => y.next())]; },
  "cursor two at once, with parameters": ({ sql }) => { const q = "select ? a union select 9"; const x = sql.exec(q, 1); x.next(); const y = sql.exec(q, 2); return [caught(() => x.toArray()), caught(() => y.toArray())]; },
  "cursor two of tables": ({ sql }) => { sql.exec("create table t(a); insert into t values (1), (2), (3)"); const x = sql.exec("select a from t"); x.next(); const out = []; for (const r of sql.exec("select a from t where a > 1")) out.push(r.a, caught(() => x.next())); return out; },
  "cursor broken off": ({ sql }) => { const c = sql.exec("select 1 a union select 2 union select 3"); for (const r of c) { if (r.a === 1) break; } return [c.next(), c.toArray()]; },
  "cursor and a write": ({ sql }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const out = []; for (const r of sql.exec("select rowid, a from t")) { out.push(r.a); if (out.length < 5) sql.exec("insert into t values (?)", r.a * 10); } return out; },
  "cursor and a delete": ({ sql }) => { sql.exec("create table t(a); insert into t values (1), (2), (3)"); const out = []; for (const r of sql.exec("select a from t")) { out.push(r.a); sql.exec("delete from t where a = ?", r.a); } return [out, sql.exec("select count(*) n from t").one()]; },
  "cursor and a drop": ({ sql }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const c = sql.exec("select a from t"); c.next(); return [caught(() => sql.exec("drop table t")), caught(() => c.next())]; },
  "cursor and alter": ({ sql }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const c = sql.exec("select * from t"); c.next(); return [caught(() => sql.exec("alter table t add column b")), caught(() => c.next()), c.columnNames, sql.exec("select * from t").columnNames]; },
  "cursor and deleteAll": async ({ sql, st }) => { sql.exec("create table t(a); insert into t values (1), (2)"); const c = sql.exec("select a from t"); c.next(); await st.deleteAll(); return caught(() => c.next()); },
  "cursor of a write": ({ sql }) => { sql.exec("create table t(a)"); const c = sql.exec("insert into t values (1), (2) returning a"); const before = sql.exec("select count(*) n from t").one().n; return [before, c.toArray(), c.rowsWritten]; },
  "cursor of a write, unread": ({ sql }) => { sql.exec("create table t(a)"); sql.exec("insert into t values (1), (2) returning a"); return sql.exec("select count(*) n from t").one(); },
  "cursor of nothing": ({ sql }) => { const c = sql.exec("create table t(a)"); return [c.columnNames, c.toArray(), c.rowsRead >= 0, c.next()]; },
  "cursor fails later": ({ sql }) => { sql.exec("create table t(a); insert into t values ('[1]'), ('x')"); const c = sql.exec("select json(a) j from t"); return [caught(() => c.next()), caught(() => c.next()), caught(() => c.next())]; },
  "cursor fails at once": ({ sql }) => caught(() => sql.exec("select json('x')")),
  "cursor of everything": ({ sql }) => sql.exec("with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select i from n").toArray().length,
  "cursor names": ({ sql }) => [sql.exec("select 1, 1 + 1, 'x', max(1, 2), (select 5), ?", 1).columnNames, sql.exec("select 1 a, 2 a").columnNames, sql.exec("select 1 as \"\", 2 as \"ü\"").columnNames],
  "cursor names kept": ({ sql }) => { const c = sql.exec("select 1 a"); c.columnNames.push("b"); return [c.columnNames, c.columnNames === c.columnNames]; },
  "cursor shape": ({ sql }) => { const c = sql.exec("select 1 a"); return [Object.keys(c), typeof c.toArray, typeof c.raw, Object.prototype.toString.call(c), c[Symbol.iterator]() === c, JSON.stringify(c)]; },
  "row shape": ({ sql }) => { const r = sql.exec("select 1 b, 2 a, x'01' c").one(); return [Object.keys(r), Object.getPrototypeOf(r) === Object.prototype, r.c, JSON.stringify(r)]; },
  "row of one name": ({ sql }) => sql.exec("select 1 a, 2 b, 3 a").one(),
  "row proto": ({ sql }) => { const r = sql.exec("select 5 as \"__proto__\"").one(); return [Object.keys(r), r.__proto__ === 5]; },
  "same query, other schema": ({ sql }) => { sql.exec("create table t(a); insert into t values (1)"); const q = () => sql.exec("select * from t").toArray(); const x = q(); sql.exec("alter table t add column b default 2"); const y = q(); sql.exec("drop table t; create table t(z); insert into t values (9)"); return [x, y, q()]; },
  "same query, thousand times": ({ sql }) => { sql.exec("create table t(a)"); for (let i = 0; i < 1000; i++) sql.exec("insert into t values (?)", i); return sql.exec("select count(*) n, sum(a) s from t").one(); },
  "many queries": ({ sql }) => { let s = 0; for (let i = 0; i < 300; i++) s += sql.exec(`select ${i} a`).one().a; return s; },
  "last id": ({ sql }) => { sql.exec("create table t(id integer primary key autoincrement, a)"); sql.exec("insert into t(a) values (1), (2)"); return [sql.exec("select last_insert_rowid() i, changes() c").one(), sql.exec("insert into t(a) values (3) returning id").one()]; },
  "rowid large": ({ sql }) => { sql.exec("create table t(id integer primary key)"); sql.exec("insert into t values (9007199254740993)"); return [caught(() => sql.exec("select id from t").one()), sql.exec("select id || '' s from t").one(), caught(() => sql.exec("insert into t values (?) returning id || '' s", 2 ** 53).one())]; },
  "strict": ({ sql }) => { sql.exec("create table t(i integer, r real, t text, b blob, a any) strict"); return [caught(() => sql.exec("insert into t(i) values (?)", 1).toArray()), caught(() => sql.exec("insert into t(i) values (?)", 1.5)), caught(() => sql.exec("insert into t(t) values (?)", 5)), caught(() => sql.exec("insert into t(b) values (?)", "x")), caught(() => sql.exec("insert into t(a) values (?)", 5).toArray()), sql.exec("select t, typeof(t), a, typeof(a) from t").raw().toArray()]; },
  "json of a parameter": ({ sql }) => [caught(() => sql.exec("select json(?) a", '{"a":1}').one()), caught(() => sql.exec("select json(?) a", new Uint8Array([0x5b, 0x5d])).one()), caught(() => sql.exec("select json_array(?) a", new Uint8Array([1])).one()), caught(() => sql.exec("select json_array(?, ?, ?) a", 1, 1.5, true).one()), caught(() => sql.exec("select value from json_each(?)", JSON.stringify([1, "x", null])).toArray())],
  "size": ({ sql }) => { const a = sql.databaseSize; sql.exec("create table t(a); insert into t values (zeroblob(100000))"); return [typeof a, sql.databaseSize - a > 90_000, Object.getOwnPropertyDescriptor(sql, "databaseSize") === undefined]; },
  "ingest": ({ sql }) => [typeof sql.ingest, typeof sql.prepare, typeof sql.setMaxPageCountForTest, typeof sql.Cursor, typeof sql.Statement],
  "detached exec": ({ sql }) => { const { exec } = sql; return caught(() => exec("select 1")); },
};

export class Asked extends DurableObject {
  query(q) { return run(() => { const c = this.ctx.storage.sql.exec(q); return [c.columnNames, c.raw().toArray()]; }); }
  cursor(name) { return run(() => cursors[name]({ sql: this.ctx.storage.sql, st: this.ctx.storage })); }
}

export default area({
  ...Object.fromEntries(queries.map((q) => [q, ({ env }) => env.OBJECTS.getByName("queries").query(q)])),
  ...Object.fromEntries(queries.map((q) => ["D1 " + q, ({ env }) => env.DB.prepare(q).raw({ columnNames: true })])),
  ...Object.fromEntries(Object.keys(cursors).map((name) => [name, async ({ env }) => (await run(() => env.OBJECTS.getByName(name).cursor(name))).replace(/reference = \w+/, "reference = …")])),
});
