import { DurableObject } from "cloudflare:workers";

export class Broken extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    throw new Error("not constructed");
  }
}

export class Room extends DurableObject {
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  fetch(request: Request) {
    if (new URL(request.url).pathname === "/grow") grow();
    return new Response("ok");
  },
};

export function grow() {
  const kept = [], text = "x".repeat(1 << 20);
  for (;;) kept.push(text + kept.length);
}
