// itty-router: all three routers, middleware, errors.
import { AutoRouter, IttyRouter, Router, StatusError, cors, createResponse, error, html, json, status, text, withContent, withCookies, withParams } from "itty-router";
import { area } from "../../../conformance/probe.js";

const { preflight, corsify } = cors({ origin: true, credentials: true });
const app = AutoRouter({ base: "/api", before: [preflight], finally: [corsify], catch: (e) => error(e.status ?? 500, e.message) });
app.get("/hi/:name+", ({ name }) => `hi ${name}`)
  .get("/opt/:a?", ({ params, query }) => ({ params, query }))
  .get("/file/:f.(png|jpg)", ({ params }) => params)
  .get("/fail", () => { throw new StatusError(402, "pay"); })
  .get("/bug", () => null.x)
  .post("/echo", withContent, ({ content }) => content)
  .get("/cookies", withCookies, ({ cookies }) => cookies)
  .all("*", () => undefined);
const ask = async (path, init) => { const r = await app.fetch(new Request("https://x.example/api" + path, init)); return [r.status, [...r.headers].join("; "), await r.text()].join(" | "); };

export default area({
  "string": () => ask("/hi/a/b"),
  "query": () => ask("/opt/1?a=1&a=2&b"),
  "optional": () => ask("/opt"),
  "extension": () => ask("/file/x.png"),
  "status error": () => ask("/fail"),
  "not found": () => ask("/none"),
  "json body": () => ask("/echo", { method: "POST", body: '{"a":[1]}', headers: { "content-type": "application/json" } }),
  "form body": () => ask("/echo", { method: "POST", body: new URLSearchParams({ a: "1" }) }),
  "cookies": () => ask("/cookies", { headers: { cookie: "a=1; b=two%20x" } }),
  "preflight": () => ask("/hi/x", { method: "OPTIONS", headers: { origin: "https://o.example" } }),
  "cors": () => ask("/hi/x", { headers: { origin: "https://o.example" } }),
  "bare": async () => { const r = IttyRouter(); r.get("/:id", withParams, ({ id }) => id); return r.fetch({ method: "GET", url: "https://x.example/7" }); },
  "router": async () => { const r = Router({ before: [withParams], finally: [json] }); r.get("/a/:b", ({ b }) => ({ b })); return (await r.fetch(new Request("https://x.example/a/1"))).text(); },
  "responses": async () => { const out = []; for (const r of [json({ a: 1 }), text("t"), html("<p>"), status(204), error(404), error(400, { a: 1 }), createResponse("x/y", (s) => s + "!")("z", { status: 201 })]) out.push(r.status, r.headers.get("content-type"), await r.text()); return out; },
});
