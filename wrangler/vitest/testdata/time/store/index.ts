import { DurableObject } from "cloudflare:workers";

const log = async (env, text) => env.KV.put("log", `${(await env.KV.get("log")) ?? ""}${text}@${new Date().toISOString().slice(5, 16)}\n`);

export class Room extends DurableObject {
  async remind(ms) {
    await this.ctx.storage.put("asked", Date.now());
    await this.ctx.storage.setAlarm(Date.now() + ms);
  }
  async alarm() {
    const rows = [...this.ctx.storage.sql.exec("SELECT 1 AS one")];
    await log(this.env, `alarm ${rows.length}`);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    switch (url.pathname) {
      case "/put":
        await env.KV.put("brief", "x", { expirationTtl: 3600 });
        return new Response("stored");
      case "/get":
        return new Response(await env.KV.get("brief"));
      case "/remind":
        await env.ROOM.getByName("a").remind(90 * 60_000);
        return new Response("set");
      case "/send":
        await env.JOBS.send("job");
        return new Response("sent");
      case "/log":
        return new Response(await env.KV.get("log"));
      case "/cache": {
        let hit = await caches.default.match("https://cache.test/a");
        if (hit) return new Response("hit");
        await caches.default.put("https://cache.test/a", new Response("x", { headers: { "cache-control": "max-age=60" } }));
        return new Response("miss");
      }
      case "/wait":
        await new Promise((resolve) => setTimeout(resolve, 86_400_000));
        return new Response("waited");
    }
    return new Response(new Date().toISOString());
  },
  scheduled: (controller, env) => log(env, `cron ${controller.cron} for ${new Date(controller.scheduledTime).toISOString().slice(11, 16)}`),
  async queue(batch, env) {
    for (const m of batch.messages) {
      await log(env, `${m.body} ${m.attempts}`);
      m.retry();
    }
  },
};
