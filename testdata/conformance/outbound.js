// The other end of fetch.js: answers with the request.
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/404": return new Response("no", { status: 404 });
      case "/204": return new Response(null, { status: 204 });
      case "/redirect": return Response.redirect("https://e.com/to", 302);
      case "/redirect307": return Response.redirect("https://e.com/to", 307);
      case "/loop": return Response.redirect("https://e.com/loop", 302);
      case "/throw": throw new RangeError("outbound");
      case "/teapot": return new Response("t", { status: 418, statusText: "Short" });
      case "/cookies": { const h = new Headers(); h.append("set-cookie", "a=1"); h.append("set-cookie", "b=2"); return new Response("c", { headers: h }); }
      case "/ws": {
        const [a, b] = Object.values(new WebSocketPair());
        b.accept();
        b.addEventListener("message", (e) => b.send("echo " + e.data));
        return new Response(null, { status: 101, webSocket: a });
      }
      case "/socket": { // does what it is told: "close 3000 why", "bytes", "protocol"
        const [a, b] = Object.values(new WebSocketPair());
        const asked = request.headers.get("sec-websocket-protocol");
        b.accept();
        b.addEventListener("message", (e) => {
          if (typeof e.data !== "string") return b.send(e.data);
          const [what, code, why] = e.data.split(" ");
          if (what === "close") b.close(code && +code, why);
          else if (what === "bytes") b.send(new Uint8Array([1, 2, 3]));
          else if (what === "protocol") b.send(String(asked));
          else b.send(`echo ${e.data}`);
        });
        b.addEventListener("close", (e) => { try { b.close(e.code === 1005 ? 1000 : e.code, e.reason); } catch {} });
        const chosen = asked?.split(",")[0].trim();
        return new Response(null, { status: 101, webSocket: a, headers: chosen ? { "sec-websocket-protocol": chosen } : {} });
      }
    }
    const headers = {};
    for (const [k, v] of request.headers) headers[k] = v;
    return Response.json({ method: request.method, url: request.url, headers, body: await request.text() });
  },
};
