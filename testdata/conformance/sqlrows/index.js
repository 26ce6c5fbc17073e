// Rows read and written, as Durable Objects' SQL and D1 count them.
import { DurableObject } from "cloudflare:workers";
import { area, run } from "../probe.js";

const fill = (table, columns, n) => `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${n}) insert into ${table} select ${columns} from n`;
const people = ["create table people(id integer primary key, name text, age integer)", fill("people", "i, 'n' || i, i % 7", 20)];
const posts = [...people, "create table posts(id integer primary key, author integer references people(id), title text)", "create index by_author on posts(author)", fill("posts", "i, case when i % 5 = 0 then null else i % 10 + 1 end, 't' || i", 30)];
const keyed = ["create table keyed(k text primary key, v integer) without rowid", fill("keyed", "'k' || i, i", 10)];
const unique = ["create table u(a integer unique, b integer, c integer)", "create index u_b on u(b)", fill("u", "i, i % 3, i", 12)];
const cascade = ["create table parent(id integer primary key)", "create table child(id integer primary key, p integer references parent(id) on delete cascade on update cascade)", "create index child_p on child(p)", fill("parent", "i", 5), fill("child", "i, i % 5 + 1", 15)];
const search = ["create virtual table docs using fts5(title, body)", fill("docs", "'title ' || i, 'body of ' || i", 8)];

/** Statements that come first, and the one or more that are counted. */
const scripts = {
  "scan": [people, "select * from people"],
  "scan of nothing": [["create table e(a)"], "select * from e"],
  "scan limited": [people, "select * from people limit 3"],
  "scan filtered": [people, "select * from people where age = 3"],
  "offset": [people, "select * from people limit 2 offset 5"],
  "by rowid": [people, "select * from people where id = 5"],
  "by missing rowid": [people, "select * from people where id = 500"],
  "by rowid of text": [people, "select * from people where id = 'x'"],
  "by rowid null": [people, "select * from people where id = null"],
  "by rowids": [people, "select * from people where id in (1, 5, 99)"],
  "by rowid range": [people, "select * from people where id > 4 and id <= 9"],
  "backwards": [people, "select * from people order by id desc limit 2"],
  "by index": [posts, "select * from posts where author = 3"],
  "by index missing": [posts, "select * from posts where author = 300"],
  "by index range": [posts, "select * from posts where author > 3 and author < 6"],
  "by index in": [posts, "select title from posts where author in (2, 4, 77)"],
  "by index null": [posts, "select id from posts where author is null"],
  "by index only": [posts, "select author from posts where author = 2"],
  "sorted": [people, "select * from people order by name"],
  "sorted by index": [posts, "select author from posts order by author"],
  "sorted limited": [people, "select * from people order by name limit 2"],
  "distinct": [people, "select distinct age from people"],
  "grouped": [people, "select age, count(*) from people group by age"],
  "grouped by index": [posts, "select author, count(*) from posts group by author"],
  "having": [people, "select age, count(*) n from people group by age having n > 2"],
  "count": [people, "select count(*) from people"],
  "count by index": [posts, "select count(*) from posts"],
  "count filtered": [people, "select count(*) from people where age > 3"],
  "count and more": [people, "select count(*) + 1, 2 from people"],
  "max of rowid": [people, "select max(id) from people"],
  "max by index": [posts, "select max(author) from posts"],
  "min and max": [people, "select min(age), max(age) from people"],
  "sum": [people, "select sum(age) from people"],
  "join": [posts, "select p.name, t.title from posts t join people p on p.id = t.author"],
  "join by index": [posts, "select p.name, t.title from people p join posts t on t.author = p.id where p.age = 2"],
  "left join": [posts, "select t.id, p.name from posts t left join people p on p.id = t.author"],
  "join without index": [[...people, "create table tag(person, label)", fill("tag", "i, 'l' || i", 6)], "select * from tag left join people on people.name = tag.label"],
  "cross join": [people, "select count(*) from people a, people b"],
  "exists": [posts, "select name from people p where exists (select 1 from posts where author = p.id)"],
  "in select": [posts, "select name from people where id in (select author from posts)"],
  "scalar subquery": [posts, "select name, (select count(*) from posts where author = p.id) from people p"],
  "union": [people, "select id from people union select age from people"],
  "union all": [people, "select id from people union all select age from people"],
  "except": [people, "select id from people except select age from people"],
  "recursive": [[], "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select * from n"],
  "materialized": [people, "with old as materialized (select * from people where age > 3) select * from old a, old b where a.id = b.id"],
  "view": [[...people, "create view old as select * from people where age > 4"], "select * from old"],
  "window": [people, "select id, row_number() over (order by age) from people"],
  "values": [[], "values (1), (2), (3)"],
  "constant": [[], "select 1"],
  "json_each": [[], "select value from json_each('[1, 2, 3]')"],
  "json_each joined": [people, "select p.id from json_each('[1, 2, 3]') j join people p on p.id = j.value"],
  "pragma": [people, "pragma table_info(people)"],
  "schema": [posts, "select name from sqlite_schema"],
  "explain": [people, "explain query plan select * from people"],

  "insert": [people, "insert into people values (100, 'x', 1)"],
  "insert many": [people, "insert into people values (100, 'x', 1), (101, 'y', 2)"],
  "insert indexed": [posts, "insert into posts values (100, 1, 'x')"],
  "insert unique": [unique, "insert into u values (100, 1, 1)"],
  "insert defaults": [["create table d(a default 5)"], "insert into d default values"],
  "insert select": [[...people, "create table copy(id, name)"], "insert into copy select id, name from people where age = 1"],
  "insert select itself": [people, "insert into people(name) select name from people"],
  "insert returning": [people, "insert into people(name) values ('r'), ('s') returning id"],
  "insert autoincrement": [["create table a(id integer primary key autoincrement, v)"], "insert into a(v) values (1), (2)"],
  "insert or ignore": [unique, "insert or ignore into u values (1, 1, 1), (50, 1, 1)"],
  "insert or replace": [unique, "insert or replace into u values (1, 7, 7), (50, 1, 1)"],
  "insert keyed": [keyed, "insert into keyed values ('x', 1)"],
  "replace keyed": [keyed, "replace into keyed values ('k1', 100)"],
  "upsert new": [unique, "insert into u values (70, 1, 1) on conflict(a) do update set c = 9"],
  "upsert old": [unique, "insert into u values (1, 1, 1) on conflict(a) do update set c = excluded.c + 9"],
  "upsert index": [unique, "insert into u values (1, 1, 1) on conflict(a) do update set b = b + 9 returning b"],
  "upsert nothing": [unique, "insert into u values (1, 1, 1) on conflict do nothing"],
  "upsert keyed": [keyed, "insert into keyed values ('k1', 1) on conflict(k) do update set v = v + 1"],
  "update": [people, "update people set age = age + 1"],
  "update one": [people, "update people set age = 9 where id = 4"],
  "update none": [people, "update people set age = 9 where id = 400"],
  "update indexed": [posts, "update posts set author = 5 where author = 2"],
  "update unique": [unique, "update u set a = a + 100"],
  "update unindexed": [unique, "update u set c = 1 where b = 1"],
  "update to the same": [unique, "update u set b = b"],
  "update rowid": [people, "update people set id = id + 1000 where id > 15"],
  "update returning": [people, "update people set age = 9 where id < 4 returning id"],
  "update from": [posts, "update posts set title = p.name from people p where p.id = posts.author and p.age = 3"],
  "update keyed": [keyed, "update keyed set v = 1 where k > 'k5'"],
  "update key": [keyed, "update keyed set k = 'z' || k"],
  "delete all": [people, "delete from people"],
  "delete all indexed": [unique, "delete from u"],
  "delete all keyed": [keyed, "delete from keyed"],
  "delete some": [people, "delete from people where age = 3"],
  "delete indexed": [posts, "delete from posts where author = 3"],
  "delete one": [people, "delete from people where id = 3"],
  "delete keyed": [keyed, "delete from keyed where k = 'k3'"],
  "delete returning": [people, "delete from people where id < 4 returning name"],
  "delete by subquery": [posts, "delete from posts where author in (select id from people where age = 1)"],

  "cascade": [cascade, "delete from parent where id = 2"],
  "cascade all": [cascade, "delete from parent"],
  "cascade update": [cascade, "update parent set id = 50 where id = 2"],
  "foreign key": [cascade, "insert into child values (100, 1)"],
  "trigger": [[...people, "create table log(t)", "create trigger tr after insert on people begin insert into log values (new.name); update people set age = 1 where id = new.id; end"], "insert into people(name) values ('a'), ('b')"],
  "trigger before": [[...people, "create table log(t)", "create trigger tr before delete on people when old.age > 2 begin insert into log values (old.id); end"], "delete from people"],
  "trigger emptying": [[...people, "create table log(t)", "insert into log values (1), (2), (3)", "create trigger tr after update on people begin delete from log; end"], "update people set age = 2 where id = 1"],
  "instead of": [[...people, "create view v as select id, name from people", "create trigger tr instead of update on v begin update people set name = new.name where id = old.id; end"], "update v set name = 'q' where id < 3"],

  "create table": [[], "create table t(a, b)"],
  "create table with keys": [[], "create table t(a primary key, b unique)"],
  "create table again": [people, "create table if not exists people(a)"],
  "create table as": [people, "create table t as select * from people"],
  "create table keyed": [[], "create table t(a primary key) without rowid"],
  "create table autoincrement": [[], "create table t(a integer primary key autoincrement)"],
  "create index": [people, "create index i on people(age)"],
  "create unique index": [people, "create unique index i on people(name)"],
  "create partial index": [people, "create index i on people(age) where age > 3"],
  "create expression index": [people, "create index i on people(age * 2)"],
  "create view": [people, "create view v as select * from people"],
  "create trigger": [people, "create trigger tr after insert on people begin select 1; end"],
  "drop table": [people, "drop table people"],
  "drop table indexed": [unique, "drop table u"],
  "drop parent": [cascade, "drop table parent"],
  "drop index": [posts, "drop index by_author"],
  "drop view": [[...people, "create view v as select 1"], "drop view v"],
  "drop trigger": [[...people, "create trigger tr after insert on people begin select 1; end"], "drop trigger tr"],
  "add column": [people, "alter table people add column extra"],
  "add column with default": [people, "alter table people add column extra not null default 5"],
  "rename table": [posts, "alter table people rename to persons"],
  "rename column": [posts, "alter table people rename column name to called"],
  "drop column": [people, "alter table people drop column age"],
  "reindex": [posts, "reindex"],
  "partial index": [[...people, "create index i on people(age) where age > 3"], "insert into people values (100, 'x', 1), (101, 'y', 5)"],
  "generated": [["create table g(a, b as (a * 2) stored, c as (a + 1))", "create index g_c on g(c)"], "insert into g(a) values (1), (2)"],

  "fts create": [[], "create virtual table f using fts5(a)"],
  "fts insert": [search, "insert into docs values ('a', 'b')"],
  "fts match": [search, "select * from docs where docs match 'body'"],
  "fts match ranked": [search, "select * from docs where docs match 'body' order by rank limit 2"],
  "fts scan": [search, "select * from docs"],
  "fts by rowid": [search, "select * from docs where rowid = 3"],
  "fts update": [search, "update docs set title = 'z' where rowid = 3"],
  "fts delete": [search, "delete from docs where docs match '3'"],
  "fts drop": [search, "drop table docs"],
  "rtree": [["create virtual table r using rtree(id, a, b)", "insert into r values (1, 0, 5), (2, 3, 9)"], "select id from r where a > 1"],

  "again": [people, "select * from people", "select * from people", "select * from people where id = 3", "insert into people(name) values ('q')", "insert into people(name) values ('q')"],
  "again after a change": [people, "select count(*) from people", "create index i on people(age)", "select count(*) from people", "drop index i", "select count(*) from people"],
  "two statements": [people, "select * from people; select 1"],
  "two written": [people, "insert into people(name) values ('a'); insert into people(name) values ('b'), ('c')"],
  // Last: what it keeps stays in the database.
  "analyze": [posts, "analyze"],
};

export class Counted extends DurableObject {
  counted(name) {
    return run(() => {
      const { sql } = this.ctx.storage;
      const [before, ...then] = scripts[name];
      for (const q of before) sql.exec(q);
      return then.map((q) => { const c = sql.exec(q); const n = c.toArray().length; return `${n}: ${c.rowsRead}/${c.rowsWritten}`; });
    });
  }
  partly() {
    return run(() => {
      const { sql } = this.ctx.storage;
      for (const q of people) sql.exec(q);
      const c = sql.exec("select * from people");
      const counts = [c.rowsRead];
      for (let i = 0; i < 3; i++) { c.next(); counts.push(c.rowsRead); }
      c.toArray();
      return [...counts, c.rowsRead];
    });
  }
}

/** What goes through the schema is asked of D1: Miniflare keeps a table of its own in every object. */
const ofSchema = (name) => /^(schema|create|drop|add|rename|analyze|reindex|fts drop|again after)/.test(name);
const d1 = ["scan", "by index", "join", "count", "insert many", "insert or replace", "upsert old", "update indexed", "delete some", "cascade", ...Object.keys(scripts).filter(ofSchema)];

/** A database for each script: what was there goes first. */
async function counted(db, name) {
  const old = await db.prepare("select type, name from sqlite_schema where name not like 'sqlite%' and name not like '\\_cf%' escape '\\' and type in ('table', 'view')").all();
  await db.exec("pragma defer_foreign_keys = on");
  await db.batch([db.prepare("pragma defer_foreign_keys = on"), ...old.results.map((o) => db.prepare(`drop ${o.type} "${o.name}"`))]);
  const [before, ...then] = scripts[name];
  for (const q of before) await db.prepare(q).run();
  const out = [];
  for (const q of then) {
    const { meta, results } = await db.prepare(q).all();
    out.push(`${results.length}: ${meta.rows_read}/${meta.rows_written}, ${meta.changes}`);
  }
  return out;
}

export default area({
  ...Object.fromEntries(Object.keys(scripts).filter((name) => !ofSchema(name)).map((name) => [name, ({ env }) => env.OBJECTS.getByName(name).counted(name)])),
  "partly read": ({ env }) => env.OBJECTS.getByName("partly").partly(),
  ...Object.fromEntries(d1.map((name) => ["D1 " + name, ({ env }) => counted(env.DB, name)])),
});
