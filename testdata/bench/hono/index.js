import { Hono } from "hono";

const app = new Hono();
for (const name of ["users", "posts", "tags", "files", "rooms"]) {
  app.get(`/${name}`, (c) => c.json({ list: name }));
  app.get(`/${name}/:id`, (c) => c.json({ kind: name, id: c.req.param("id"), page: c.req.query("page") ?? "1" }));
}
app.use("/api/*", async (c, next) => {
  await next();
  c.header("x-powered-by", "hono");
});
app.get("/api/hello/:name", (c) => c.text(`Hello ${c.req.param("name")}!`));

export default app;
