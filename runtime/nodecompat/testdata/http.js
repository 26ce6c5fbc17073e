// Servers of node:http with bodies in pieces.
const handler = async (listener) => {
  const http = require("http");
  const server = http.createServer(listener).listen(0);
  const { httpServerHandler } = await importNode();
  return httpServerHandler(server);
};

export async function bodiesStreamBothWays() {
  const h = await handler((req, res) => {
    res.writeHead(200, { "content-type": "text/plain" });
    req.on("data", (c) => res.write(c.toString().toUpperCase()));
    req.on("end", () => res.end("!"));
  });
  const { readable, writable } = new TransformStream();
  const w = writable.getWriter();
  const pending = h.fetch(new Request("http://s/", { method: "POST", body: readable }));
  w.write(new TextEncoder().encode("ab"));
  const response = await pending;
  const reader = response.body.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "AB");
  w.write(new TextEncoder().encode("cd"));
  assert.equal(new TextDecoder().decode((await reader.read()).value), "CD");
  w.close();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "!");
  assert((await reader.read()).done);
}

export async function slowReadersAreWaitedFor() {
  let drained = 0;
  const h = await handler((req, res) => {
    let n = 0;
    const more = () => {
      while (n < 20) if (!res.write(Buffer.alloc(20000, String(n++ % 10)))) return res.once("drain", () => { drained++; more(); });
      res.end();
    };
    more();
  });
  const r = await h.fetch(new Request("http://s/"));
  assert.equal((await r.text()).length, 400000);
  assert(drained > 0);
}

