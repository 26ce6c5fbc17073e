// kysely on D1: migrations, helpers for JSON, errors.
import { Migrator } from "kysely/migration";
import { Kysely, sql, ParseJSONResultsPlugin } from "kysely";
import { jsonArrayFrom, jsonObjectFrom } from "kysely/helpers/sqlite";
import { D1Dialect } from "kysely-d1";
import { area } from "../../../conformance/probe.js";
const open = (env) => new Kysely({ dialect: new D1Dialect({ database: env.DB }), plugins: [new ParseJSONResultsPlugin()] });
export default area({
  "migrate": async ({ env }) => {
    const db = open(env);
    const m = new Migrator({ db, provider: { async getMigrations() { return {
      "1": { up: (d) => d.schema.createTable("person").addColumn("id", "integer", (c) => c.primaryKey().autoIncrement()).addColumn("name", "text", (c) => c.notNull().unique()).addColumn("age", "integer").execute(), down: (d) => d.schema.dropTable("person").execute() },
      "2": { up: (d) => d.schema.createTable("pet").addColumn("id", "integer", (c) => c.primaryKey()).addColumn("owner", "integer", (c) => c.references("person.id")).addColumn("name", "text").execute() },
    }; } } });
    const { error, results } = await m.migrateToLatest();
    return [error ? String(error.cause ?? error) : null, results?.map((r) => [r.migrationName, r.direction, r.status])];
  },
  "create": async ({ env }) => { const db = open(env); await db.schema.createTable("person").ifNotExists().addColumn("id", "integer", (c) => c.primaryKey().autoIncrement()).addColumn("name", "text", (c) => c.notNull().unique()).addColumn("age", "integer").execute(); await db.schema.createTable("pet").ifNotExists().addColumn("id", "integer", (c) => c.primaryKey()).addColumn("owner", "integer").addColumn("name", "text").execute(); return true; },
  "insert": async ({ env }) => { const r = await open(env).insertInto("person").values([{ name: "Ann", age: 3 }, { name: "Bob", age: null }]).executeTakeFirst(); return [r.insertId, r.numInsertedOrUpdatedRows]; },
  "returning": async ({ env }) => open(env).insertInto("person").values({ name: "Cy", age: 40 }).returningAll().execute(),
  "upsert": async ({ env }) => open(env).insertInto("person").values({ name: "Cy", age: 41 }).onConflict((c) => c.column("name").doUpdateSet({ age: 42 })).returning(["name", "age"]).execute(),
  "pets": async ({ env }) => open(env).insertInto("pet").values([{ owner: 1, name: "Rex" }, { owner: 1, name: "Kit" }]).execute().then((r) => r.map((x) => x.numInsertedOrUpdatedRows)),
  "join": async ({ env }) => open(env).selectFrom("person as p").leftJoin("pet", "pet.owner", "p.id").select(["p.name", "pet.name as pet"]).orderBy("p.id").orderBy("pet.id").execute(),
  "json": async ({ env }) => open(env).selectFrom("person").select((eb) => ["name", jsonArrayFrom(eb.selectFrom("pet").select(["pet.name"]).whereRef("pet.owner", "=", "person.id")).as("pets"), jsonObjectFrom(eb.selectFrom("pet").select("pet.id").whereRef("pet.owner", "=", "person.id").limit(1)).as("first")]).execute(),
  "case": async ({ env }) => open(env).selectFrom("person").select((eb) => [eb.case().when("age", ">", 10).then("old").else("young").end().as("k"), eb.fn.count("id").over((o) => o.partitionBy("age")).as("n")]).execute(),
  "update": async ({ env }) => open(env).updateTable("person").set((eb) => ({ age: eb("age", "+", 1) })).where("name", "in", ["Ann", "Cy"]).executeTakeFirst().then((r) => r.numUpdatedRows),
  "delete": async ({ env }) => open(env).deleteFrom("pet").where("name", "=", "Kit").executeTakeFirst().then((r) => r.numDeletedRows),
  "raw": async ({ env }) => (await sql`select ${1} as a, ${"x"} as b`.execute(open(env))).rows,
  "transaction": async ({ env }) => open(env).transaction().execute(async () => 1),
  "unique": async ({ env }) => open(env).insertInto("person").values({ name: "Ann" }).execute(),
  "compile": async ({ env }) => { const q = open(env).with("x", (d) => d.selectFrom("person").selectAll()).selectFrom("x").selectAll().where((eb) => eb.or([eb("age", "is", null), eb("name", "like", "A%")])).compile(); return [q.sql, q.parameters]; },
  "stream": async ({ env }) => { const out = []; for await (const r of open(env).selectFrom("person").select("name").stream()) out.push(r); return out; },
  "tables": async ({ env }) => (await open(env).introspection.getTables()).map((t) => t.name),
});
