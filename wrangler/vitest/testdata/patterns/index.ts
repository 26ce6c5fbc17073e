import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

export class Sockets extends DurableObject {
  heard: string[] = [];
  async fetch(request: Request) {
    if (request.headers.get("upgrade")) {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    switch (new URL(request.url).pathname) {
      case "/elsewhere": return Response.redirect("https://example.com/there", 302);
      case "/heard": return Response.json(this.heard);
    }
    return new Response((await import("./later")).from("an object"));
  }
  webSocketMessage(socket: WebSocket, message: string) { // there is no webSocketClose
    this.heard.push(message);
    socket.send(`heard ${message}`);
  }
}

export class Named extends WorkerEntrypoint<any> {
  hi() { return `hi from ${this.env.NAME}`; }
}

export const plain = { fetch: (_: Request, env: any) => Response.json(Object.keys(env).sort()) };

export default {
  async fetch(request: Request, env: any, ctx: any) {
    const { pathname, search } = new URL(request.url);
    switch (pathname) {
      case "/out": return fetch(`https://upstream.example.com${search}`, { headers: request.headers });
      case "/named": return new Response(await ctx.exports.Named.hi());
      case "/cached": {
        const hit = await caches.default.match(request);
        if (hit) return hit;
        const fresh = new Response(crypto.randomUUID(), { headers: { "Cache-Control": "max-age=60" } });
        ctx.waitUntil(caches.default.put(request, fresh.clone()));
        return fresh;
      }
    }
    return new Response((await import("./later")).from("a worker"));
  },
  async queue(batch: any, env: any) {
    for (const message of batch.messages) await env.KV.put("job", message.body);
  },
};
