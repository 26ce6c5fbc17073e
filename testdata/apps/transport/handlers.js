// What happened to streams and sockets, by the id of the request that made them.
const cancelled = {};
const pulls = {};
const closed = {};

const encoder = new TextEncoder();

// What a worker does, by path.
const handlers = {
  "/method": (request) => new Response(request.method),
  "/echo": (request) => new Response(request.body),
  "/length": async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
  "/ignore": () => new Response("not read"),
  "/hang": () => new Promise(() => {}),
  "/throw": () => {
    throw new RangeError("thrown on purpose");
  },

  // An event, and a second one once ?gate=URL has answered.
  "/events": (_request, _env, query) => {
    let events = 0;
    const body = new ReadableStream({
      async pull(controller) {
        if (events++ === 0) return controller.enqueue(encoder.encode("data: first\n\n"));
        controller.enqueue(encoder.encode(`data: ${await (await fetch(query.get("gate"))).text()}\n\n`));
        controller.close();
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  },

  // Never ends by itself.
  "/endless": (_request, _env, query) => {
    const body = new ReadableStream({
      pull(controller) {
        pulls[query.get("id")] = (pulls[query.get("id")] ?? 0) + 1;
        controller.enqueue(new Uint8Array(16384));
      },
      cancel() {
        cancelled[query.get("id")] = true;
      },
    });
    return new Response(body);
  },
  "/cancelled": (_request, _env, query) => new Response(String(query.get("id") in cancelled)),
  "/pulls": (_request, _env, query) => new Response(String(pulls[query.get("id")] ?? 0)),

  "/upload": async (request, env) => {
    const { size } = await env.BUCKET.put("upload", request.body);
    return new Response(String(size));
  },
  "/uploaded": async (_request, env) => new Response((await env.BUCKET.get("upload")).body),

  // Answers every message with itself; leaves when asked to.
  "/socket": (_request, _env, query) => {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.addEventListener("message", ({ data }) => (data === "leave" ? server.close(4001, "told to") : server.send(data)));
    server.addEventListener("close", ({ code, reason }) => {
      closed[query.get("id")] = code;
      // 1005 and 1006 say that no code came; they may not be sent.
      if (code === 1005 || code === 1006) server.close();
      else server.close(code, reason);
    });
    return new Response(null, { status: 101, webSocket: client });
  },
  "/closed": (_request, _env, query) => new Response(String(closed[query.get("id")])),
};

export function handle(request, env) {
  const { pathname, searchParams } = new URL(request.url);
  return handlers[pathname]?.(request, env, searchParams) ?? new Response("no such path", { status: 404 });
}
