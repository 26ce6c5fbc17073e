// OpenAPI tools: @hono/zod-openapi and chanfana.
import { OpenAPIHono, createRoute, z } from "@hono/zod-openapi";
import { OpenAPIRoute, fromHono, fromIttyRouter, contentJson } from "chanfana";
import { Hono } from "hono";
import { AutoRouter } from "itty-router";
import * as zod from "zod";
import { area } from "../../../conformance/probe.js";

const app = new OpenAPIHono({ defaultHook: (r, c) => r.success ? undefined : c.json({ issues: r.error.issues.map((i) => i.path.join(".")) }, 422) });
app.openapi(createRoute({
  method: "post", path: "/users/{id}", tags: ["u"],
  request: { params: z.object({ id: z.string().regex(/^\d+$/).openapi({ param: { name: "id", in: "path" }, example: "12" }) }), query: z.object({ v: z.coerce.number().optional() }), body: { content: { "application/json": { schema: z.object({ name: z.string().min(1) }).openapi("NewUser") } } } },
  responses: { 200: { description: "ok", content: { "application/json": { schema: z.object({ id: z.string(), at: z.string().datetime() }).openapi("User") } } } },
}), (c) => c.json({ ...c.req.valid("param"), ...c.req.valid("query"), ...c.req.valid("json") }));
app.doc31("/doc", { openapi: "3.1.0", info: { title: "t", version: "1" } });

class Get extends OpenAPIRoute {
  schema = { summary: "one", request: { params: zod.object({ id: zod.string() }), query: zod.object({ n: zod.coerce.number().default(3) }) }, responses: { 200: { description: "ok", ...contentJson(zod.object({ id: zod.string() })) } } };
  async handle() { const d = await this.getValidatedData(); return { ...d.params, ...d.query }; }
}
class Post extends OpenAPIRoute {
  schema = { request: { body: contentJson(zod.object({ title: zod.string(), n: zod.number().int() })) }, responses: {} };
  async handle(c) { return c.json((await this.getValidatedData()).body, 201); }
}
const chan = fromHono(new Hono(), { openapi_url: "/openapi.json" });
chan.get("/x/:id", Get); chan.post("/x", Post);
const itty = fromIttyRouter(AutoRouter(), {});
itty.get("/x/:id", Get);
const ask = async (a, path, init) => { const r = await (a.request ? a.request(path, init) : a.fetch(new Request("https://x.example" + path, init))); return [r.status, await r.text()].join(" | "); };
const post = (v) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(v) });

export default area({
  "hono": () => ask(app, "/users/12?v=4", post({ name: "a" })),
  "hono invalid": () => ask(app, "/users/x", post({ name: "" })),
  "hono document": () => ask(app, "/doc"),
  "chanfana": () => ask(chan, "/x/5"),
  "chanfana invalid": () => ask(chan, "/x/5?n=z"),
  "chanfana post": () => ask(chan, "/x", post({ title: "t", n: 1 })),
  "chanfana post invalid": () => ask(chan, "/x", post({ title: 1 })),
  "chanfana document": () => ask(chan, "/openapi.json"),
  "chanfana docs": async () => (await ask(chan, "/docs")).slice(0, 60),
  "itty": () => ask(itty, "/x/5?n=9"),
});
