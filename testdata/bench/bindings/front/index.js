import { DurableObject } from "cloudflare:workers";

// Rows reads a row of its own database for each request.
export class Rows extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT, price REAL)");
    if (ctx.storage.sql.exec("SELECT count(*) AS n FROM items").one().n === 0) {
      for (let i = 1; i <= 100; i++) ctx.storage.sql.exec("INSERT INTO items VALUES (?, ?, ?)", i, `item ${i}`, i * 1.25);
    }
  }
  fetch() {
    return new Response(this.ctx.storage.sql.exec("SELECT * FROM items WHERE id = ?", 42).one().name);
  }
}

async function setup(env) {
  await env.DB.prepare("CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT, price REAL)").run();
  const insert = env.DB.prepare("INSERT OR REPLACE INTO items VALUES (?, ?, ?)");
  await env.DB.batch(Array.from({ length: 100 }, (_, i) => insert.bind(i + 1, `item ${i + 1}`, i * 1.25)));
  await env.KV.put("read", "v".repeat(1024));
}

const value = "w".repeat(1024);
let n = 0;

const operations = {
  ready: () => "ready",
  setup: async (env) => { await setup(env); return "done"; },
  "kv-get": async (env) => (await env.KV.get("read")).length,
  "kv-put": async (env) => { await env.KV.put(`write-${n++ % 64}`, value); return "stored"; },
  "d1-query": async (env) => (await env.DB.prepare("SELECT * FROM items WHERE id = ?").bind(42).first()).name,
  "d1-batch": async (env) => {
    const [update, read] = await env.DB.batch([
      env.DB.prepare("UPDATE items SET price = price + 1 WHERE id = ?").bind(7),
      env.DB.prepare("SELECT name FROM items WHERE id = ?").bind(7),
    ]);
    return update.meta.changes + read.results[0].name;
  },
  rpc: async (env) => env.BACK.add(1, 2),
  "rpc-chain": async (env) => env.BACK.account("a").wallet().balance(),
  "queue-send": async (env) => { await env.QUEUE.send({ order: n++ }); return "sent"; },
};

export default {
  async fetch(request, env) {
    const name = new URL(request.url).pathname.slice(1);
    if (name === "do-sql") return env.ROWS.get(env.ROWS.idFromName("one")).fetch(request);
    const run = operations[name];
    return run ? new Response(String(await run(env))) : new Response("not found", { status: 404 });
  },
  queue() {},
};
