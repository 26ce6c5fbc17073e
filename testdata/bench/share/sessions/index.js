import { DurableObject } from "cloudflare:workers";

// Counter stores one increment per request.
export class Counter extends DurableObject {
  async fetch() {
    const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
    await this.ctx.storage.put("n", n);
    return new Response(String(n));
  }
}

// Echo answers each message on the socket it came by.
export class Echo extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(socket, message) {
    socket.send(message);
  }
}

// Room passes each message on to all its sockets.
export class Room extends Echo {
  fetch(request) {
    if (request.headers.get("upgrade") === "websocket") return super.fetch(request);
    this.broadcast("changed");
    return new Response("ok");
  }
  webSocketMessage(socket, message) {
    this.broadcast(message);
  }
  broadcast(message) {
    for (const s of this.ctx.getWebSockets()) s.send(message);
  }
}

function object(namespace, name, request) {
  return namespace.get(namespace.idFromName(name)).fetch(request);
}

// plainEcho is an echo without a Durable Object.
function plainEcho() {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.addEventListener("message", (event) => server.send(event.data));
  return new Response(null, { status: 101, webSocket: client });
}

async function store(env, request, key) {
  if (request.method === "PUT") {
    await env.STORE.put(key, request.body);
    return new Response("stored");
  }
  const found = await env.STORE.get(key);
  if (!found) return new Response("not found", { status: 404 });
  return new Response(found.body, { headers: { etag: found.httpEtag } });
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const [, , kind, name] = pathname.split("/");
    switch (kind) {
      case "hop":
        return new Response("Hello World!");
      case "counter":
        return object(env.COUNTER, name, request);
      case "echo":
        return object(env.ECHO, name, request);
      case "room":
        return object(env.ROOM, name, request);
      case "plain-echo":
        return plainEcho();
      case "store":
        return store(env, request, name);
      case "sync":
        await env.STORE.put(name, request.body);
        return object(env.ROOM, "sync", new Request("http://room/"));
      case "upload":
        return new Response(request.body);
      case "pipe": {
        const { readable, writable } = new IdentityTransformStream();
        request.body.pipeTo(writable);
        return new Response(readable);
      }
    }
    return new Response("not found", { status: 404 });
  },
};
