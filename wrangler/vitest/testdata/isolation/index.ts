import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  inMemory = 0;
  async fetch(request: Request) {
    if (request.headers.get("Upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    this.inMemory++;
    const stored = ((await this.ctx.storage.get<number>("n")) ?? 0) + 1;
    await this.ctx.storage.put("n", stored);
    return Response.json({ stored, inMemory: this.inMemory });
  }
}

export default {
  async fetch(request: Request, env: any, ctx: ExecutionContext) {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/count":
      case "/socket":
        return env.COUNTER.get(env.COUNTER.idFromName("one")).fetch(request);
      case "/later":
        ctx.waitUntil((async () => { await scheduler.wait(20); await env.KV.put("later", "yes"); })());
        return new Response("soon");
      case "/never":
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        await env.KV.put("never", "yes");
        return new Response("never");
      case "/stream":
        return new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(1024)); } }));
    }
    return new Response("ok");
  },
};
