// Writes in every way that is acknowledged, for a test that ends the program in the middle of it.
import { DurableObject } from "cloudflare:workers";

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, kind, name] = url.pathname.split("/");
    if (kind === "ledger") return env.LEDGER.get(env.LEDGER.idFromName(name)).fetch(request);
    if (request.method === "PUT") {
      const version = url.searchParams.get("version");
      await env.BUCKET.put(name, request.body, { customMetadata: { version } });
      return new Response(version);
    }
    const object = await env.BUCKET.get(name);
    if (!object) return new Response("0");
    return new Response(object.body, { headers: { "X-Version": object.customMetadata.version, "X-Listed": await listed(env, name) } });
  },
};

/** The version that a listing shows. */
async function listed(env, name) {
  const { objects } = await env.BUCKET.list({ prefix: name, include: ["customMetadata"] });
  return objects.find(({ key }) => key === name)?.customMetadata.version ?? "missing";
}

/** Keeps the same number in several places, which must never disagree. */
export class Ledger extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS entries (version INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }

  async fetch(request) {
    const { storage } = this.ctx;
    if (request.method === "PUT") {
      const version = Number(new URL(request.url).searchParams.get("version"));
      storage.put("first", version); // not awaited: the answer has to wait for it all the same
      storage.sql.exec("INSERT INTO entries VALUES (?, ?)", version, await request.text());
      await storage.transaction(async (tx) => {
        await tx.put("second", version);
        await tx.put("third", version);
      });
      return new Response(String(version));
    }
    const { count, last, wrong } = storage.sql
      .exec("SELECT COUNT(*) AS count, MAX(version) AS last, SUM(body <> 'entry ' || version) AS wrong FROM entries")
      .one();
    const [first, second, third] = await Promise.all(["first", "second", "third"].map((key) => storage.get(key)));
    return Response.json({ count, last: last ?? 0, wrong: wrong ?? 0, first: first ?? 0, second: second ?? 0, third: third ?? 0 });
  }
}
