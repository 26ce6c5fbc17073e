// Takes WebSockets, and says so in every message.
export default {
  fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("a WebSocket only", { status: 426 });
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.addEventListener("message", ({ data }) => {
      if (data === "leave") server.close(4001, "told to");
      else server.send(typeof data === "string" ? `back: ${data}` : data);
    });
    server.addEventListener("close", ({ code, reason }) => {
      // 1005 and 1006 say that no code came; they may not be sent.
      if (code === 1005 || code === 1006) server.close();
      else server.close(code, reason);
    });
    return new Response(null, { status: 101, webSocket: client, headers: { "X-Answered-By": "back" } });
  },
};
