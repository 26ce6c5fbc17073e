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
    }
    const headers = {};
    for (const [k, v] of request.headers) headers[k] = v;
    return Response.json({ method: request.method, url: request.url, headers, body: await request.text() });
  },
};
