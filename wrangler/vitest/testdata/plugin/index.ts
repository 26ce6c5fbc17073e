import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

export class Counter extends DurableObject<any> {
  count = 0;
  constructor(ctx: any, env: any) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => { this.count = (await ctx.storage.get("count")) ?? 0; });
  }
  async add(by: number) {
    this.count += by;
    await this.ctx.storage.put("count", this.count);
    return this.count;
  }
  async fetch(request: Request) {
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server!);
      return new Response(null, { status: 101, webSocket: client });
    }
    return new Response(String(await this.add(1)));
  }
  async alarm() {
    this.count = 0;
    await this.ctx.storage.put("count", 0);
  }
  webSocketMessage(socket: WebSocket, message: string) { socket.send(`${this.count} ${message}`); }
}

export class Greeter extends WorkerEntrypoint<any> {
  greet() { return `Hello from ${this.env.NAME}`; }
}

export default {
  async fetch(request: Request, env: any, ctx: any) {
    const { pathname } = new URL(request.url);
    if (pathname === "/later") {
      ctx.waitUntil(env.KV.put("later", "done"));
      return new Response("soon");
    }
    if (pathname === "/greet") return new Response(await ctx.exports.Greeter.greet());
    return env.COUNTER.get(env.COUNTER.idFromName(pathname)).fetch(request);
  },
  async scheduled(controller: any, env: any, ctx: any) {
    ctx.waitUntil(env.KV.put("cron", `${controller.cron} ${controller.scheduledTime}`));
  },
  async queue(batch: any, env: any) {
    for (const message of batch.messages) {
      if (message.body === "again") message.retry({ delaySeconds: 5 });
      else message.ack();
    }
  },
};
