// drizzle-orm: SQLite and Postgres query building.
import { aliasedTable, and, asc, between, count, desc, eq, exists, gt, ilike, inArray, isNull, like, max, ne, not, notInArray, or, relations, sql, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/sqlite-proxy";
import { drizzle as pgDrizzle } from "drizzle-orm/pg-proxy";
import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex, union, getTableConfig } from "drizzle-orm/sqlite-core";
import * as pg from "drizzle-orm/pg-core";
import { area } from "../../../conformance/probe.js";

const users = sqliteTable("users", {
  id: integer("id").primaryKey({ autoIncrement: true }), name: text("name").notNull(), role: text({ enum: ["admin", "user"] }).default("user"),
  meta: text("meta", { mode: "json" }), at: integer("at", { mode: "timestamp" }).$defaultFn(() => new Date(0)), ok: integer({ mode: "boolean" }), score: real(), raw: blob("raw", { mode: "bigint" }),
}, (t) => [index("by_name").on(t.name), uniqueIndex("u").on(sql`lower(${t.name})`)]);
const posts = sqliteTable("posts", { id: integer().primaryKey(), author: integer("author_id").references(() => users.id, { onDelete: "cascade" }), title: text() });
const tags = sqliteTable("tags", { post: integer(), tag: text() }, (t) => [primaryKey({ columns: [t.post, t.tag] })]);
const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const postRelations = relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.author], references: [users.id] }) }));
const seen = [];
const rows = { all: [], get: undefined, run: [], values: [] };
const db = drizzle(async (q, params, method) => { seen.push([q, params, method]); return { rows: rows[method] ?? [] }; }, { schema: { users, posts, userRelations, postRelations } });
const q = (f) => () => JSON.stringify(f().toSQL());

const pgUsers = pg.pgTable("users", { id: pg.uuid().defaultRandom().primaryKey(), n: pg.bigint({ mode: "bigint" }), tags: pg.text().array(), j: pg.jsonb(), at: pg.timestamp({ withTimezone: true }).defaultNow(), v: pg.vector({ dimensions: 3 }) });
const pgdb = pgDrizzle(async () => ({ rows: [] }));

export default area({
  "select": q(() => db.select().from(users).where(and(eq(users.name, "a"), or(gt(users.id, 3), isNull(users.score)), not(inArray(users.id, [1, 2])))).orderBy(desc(users.at), asc(users.name)).limit(5).offset(10)),
  "fields": q(() => db.select({ n: users.name, up: sql`upper(${users.name})`.as("up"), c: count(), m: max(users.score), s: sum(users.id) }).from(users).groupBy(users.name).having(({ c }) => gt(c, 1))),
  "joins": q(() => db.select().from(posts).leftJoin(users, eq(posts.author, users.id)).innerJoin(tags, eq(tags.post, posts.id)).where(like(tags.tag, "%x%"))),
  "alias": q(() => { const boss = aliasedTable(users, "boss"); return db.select().from(users).leftJoin(boss, eq(users.id, boss.id)); }),
  "subquery": q(() => { const s = db.select({ id: posts.author, n: count().as("n") }).from(posts).groupBy(posts.author).as("s"); return db.select().from(users).innerJoin(s, eq(s.id, users.id)); }),
  "with": q(() => { const w = db.$with("w").as(db.select().from(posts)); return db.with(w).select().from(w); }),
  "exists": q(() => db.select().from(users).where(exists(db.select().from(posts).where(eq(posts.author, users.id))))),
  "between": q(() => db.select().from(users).where(and(between(users.id, 1, 9), notInArray(users.role, ["admin"]), ne(users.ok, true)))),
  "insert": q(() => db.insert(users).values([{ name: "a", meta: { x: [1] }, ok: true }, { name: "b", at: new Date(86400000) }]).returning({ id: users.id })),
  "upsert": q(() => db.insert(users).values({ name: "a" }).onConflictDoUpdate({ target: users.id, set: { name: sql`excluded.name` }, setWhere: gt(users.id, 1) })),
  "update": q(() => db.update(users).set({ name: "z", score: sql`${users.score} + 1` }).where(eq(users.id, 1)).returning()),
  "delete": q(() => db.delete(posts).where(eq(posts.id, sql.placeholder("id")))),
  "union": q(() => union(db.select({ x: users.name }).from(users), db.select({ x: posts.title }).from(posts)).orderBy(sql`1`)),
  "raw": async () => { await db.run(sql`pragma ${sql.identifier("a b")}, ${1}, ${sql.raw("x")}, ${sql.join([sql`a`, sql`b`], sql`, `)}`); return JSON.stringify(seen.pop()); },
  "relational": q(() => db.query.users.findMany({ columns: { id: true, name: true }, with: { posts: { limit: 2, orderBy: (p, { desc }) => [desc(p.id)] } }, where: (u, { eq }) => eq(u.name, "q"), extras: { low: sql`lower(${users.name})`.as("low") } })),
  "mapping": async () => { rows.all = [[1, "n", "admin", '{"a":1}', 5, 1, 1.5, null]]; try { return JSON.stringify(await db.select().from(users)); } finally { rows.all = []; } },
  "prepared": async () => { const p = db.select().from(users).where(eq(users.name, sql.placeholder("n"))).prepare(); await p.all({ n: "v" }); return JSON.stringify(seen.pop()); },
  "failing": async () => { const bad = drizzle(async () => { throw new Error("no table"); }); try { await bad.select().from(users); } catch (e) { return [e.name, e.message, e.cause?.message]; } },
  "config": () => { const c = getTableConfig(users); return [c.name, c.columns.map((x) => `${x.name}:${x.getSQLType()}:${x.notNull}`), c.indexes.map((i) => i.config.name), getTableConfig(posts).foreignKeys.map((f) => f.getName()), getTableConfig(tags).primaryKeys.map((k) => k.getName())]; },
  "batch order": async () => { seen.length = 0; await db.transaction(async (tx) => { await tx.insert(posts).values({ title: "t" }); await tx.select().from(posts); }); return JSON.stringify(seen); },
  "postgres": () => JSON.stringify(pgdb.select().from(pgUsers).where(and(ilike(pgUsers.n, "x"), sql`${pgUsers.tags} @> ${["a"]}`)).for("update").toSQL()),
  "postgres insert": () => JSON.stringify(pgdb.insert(pgUsers).values({ n: 5n, tags: ["a", 'b"c'], j: { a: 1 }, v: [1, 2, 3] }).onConflictDoNothing().returning().toSQL(), (k, v) => typeof v === "bigint" ? v + "n" : v),
});
