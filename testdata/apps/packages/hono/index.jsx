// hono: routers, middleware, helpers, streaming JSX.
/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import { getCookie, getSignedCookie, setCookie, setSignedCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { csrf } from "hono/csrf";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { html, raw } from "hono/html";
import { ErrorBoundary, createContext, useContext } from "hono/jsx";
import { renderToString } from "hono/jsx/dom/server";
import { Suspense, renderToReadableStream } from "hono/jsx/streaming";
import { jwt, sign } from "hono/jwt";
import { logger } from "hono/logger";
import { poweredBy } from "hono/powered-by";
import { prettyJSON } from "hono/pretty-json";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { stream, streamSSE, streamText } from "hono/streaming";
import { timing } from "hono/timing";
import { validator } from "hono/validator";
import { LinearRouter } from "hono/router/linear-router";
import { PatternRouter } from "hono/router/pattern-router";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";
import { hc } from "hono/client";
import { testClient } from "hono/testing";
import { area } from "../../../conformance/probe.js";

const routes = (router) => {
  const app = new Hono(router ? { router } : {});
  app.get("/", (c) => c.text("root"));
  app.get("/u/:id{[0-9]+}", (c) => c.json({ number: c.req.param("id") }));
  app.get("/u/:name/files/:file{.+\\.png}", (c) => c.json(c.req.param()));
  app.get("/opt/:a?", (c) => c.json({ a: c.req.param("a") ?? null }));
  app.all("/any/*", (c) => c.text(`${c.req.method} ${c.req.path}`));
  app.on(["PUT", "DELETE"], ["/x", "/y"], (c) => c.text("on " + c.req.routePath));
  app.notFound((c) => c.text("nothing at " + c.req.path, 404));
  return app;
};
const paths = ["/", "/u/12", "/u/bob/files/a/b.png", "/any/thing/here", "/any", "/missing", "/u/x"];
const ask = async (app, path, init) => {
  const r = await app.request(path, init);
  return [r.status, [...r.headers].filter(([k]) => k !== "date").map((h) => h.join(": ")).join("; "), await r.text()].join(" | ");
};
const walk = (make) => async () => {
  const out = [];
  const app = routes(make?.());
  for (const p of paths) out.push(await ask(app, p));
  out.push(await ask(app, "/x", { method: "PUT" }));
  return out.join("\n");
};

const middle = new Hono();
middle.onError((e, c) => e instanceof HTTPException ? e.getResponse() : c.text(`${e.name}: ${e.message}`, 500));
middle.use("/c/*", cors({ origin: ["https://a.example"], allowMethods: ["GET", "PUT"], maxAge: 600, credentials: true, exposeHeaders: ["x-a"] }));
middle.use("/e/*", etag());
middle.use("/s/*", secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] } }), poweredBy(), timing({ total: false }));
middle.use("/p/*", prettyJSON());
middle.use("/b/*", basicAuth({ username: "u", password: "p" }));
middle.use("/t/*", bearerAuth({ token: "secret" }));
middle.use("/j/*", jwt({ secret: "key", alg: "HS256" }));
middle.use("/f/*", csrf());
middle.use("/l/*", bodyLimit({ maxSize: 10 }));
middle.use("/i/*", requestId({ generator: () => "fixed" }));
for (const p of "cesptbi") middle.get(`/${p}/x`, (c) => c.json({ ok: true, id: c.get("requestId") }));
middle.get("/j/x", (c) => c.json(c.get("jwtPayload")));
middle.post("/f/x", (c) => c.text("posted"));
middle.post("/l/x", async (c) => c.text(await c.req.text()));
middle.get("/throw", () => { throw new HTTPException(418, { message: "teapot" }); });
middle.get("/boom", () => { throw new TypeError("boom"); });
middle.post("/v", validator("form", (v, c) => v.a ? { a: v.a } : c.text("no a", 400)), (c) => c.json(c.req.valid("form")));
middle.get("/cookie", async (c) => {
  setCookie(c, "plain", "a b", { path: "/", httpOnly: true, maxAge: 1000, sameSite: "Lax" });
  await setSignedCookie(c, "signed", "value", "pepper");
  return c.json({ got: getCookie(c), signed: await getSignedCookie(c, "pepper") });
});
const api = new Hono().get("/add/:a/:b", (c) => c.json({ sum: +c.req.param("a") + +c.req.param("b") })).post("/echo", async (c) => c.json(await c.req.parseBody({ all: true })));

const Theme = createContext("light");
const Item = ({ children, n }) => <li class={`n${n}`} data-theme={useContext(Theme)}>{children}</li>;
const Later = async ({ text }) => { await Promise.resolve(); return <em>{text}</em>; };
const Broken = () => { throw new Error("broken"); };
const Page = () => (
  <html lang="en"><body style={{ color: "red", fontSize: "12px" }}>
    <Theme.Provider value="dark"><ul>{[1, 2, 3].map((n) => <Item n={n} key={n}>{n} &amp; {"<x>"}</Item>)}</ul></Theme.Provider>
    <input disabled value={'"q"'} /><>{null}{false}{0}</>
  </body></html>
);

export default area({
  "default router": walk(),
  "linear router": walk(() => new LinearRouter()),
  "pattern router": async () => {
    const app = new Hono({ router: new PatternRouter() }).get("/a/:b", (c) => c.text(c.req.param("b")));
    return [await ask(app, "/a/1"), await ask(app, "/c")].join("\n");
  },
  "trie router": walk(() => new TrieRouter()),
  "smart router": walk(() => new SmartRouter({ routers: [new RegExpRouter(), new TrieRouter()] })),
  "cors": () => ask(middle, "/c/x", { headers: { origin: "https://a.example" } }),
  "cors preflight": () => ask(middle, "/c/x", { method: "OPTIONS", headers: { origin: "https://a.example", "access-control-request-headers": "x-b" } }),
  "etag": () => ask(middle, "/e/x"),
  "etag not modified": async () => ask(middle, "/e/x", { headers: { "if-none-match": (await middle.request("/e/x")).headers.get("etag") } }),
  "secure headers": () => ask(middle, "/s/x"),
  "pretty": () => ask(middle, "/p/x?pretty"),
  "basic auth": async () => [await ask(middle, "/b/x"), await ask(middle, "/b/x", { headers: { authorization: "Basic " + btoa("u:p") } })].join("\n"),
  "bearer": async () => [await ask(middle, "/t/x"), await ask(middle, "/t/x", { headers: { authorization: "Bearer secret" } })].join("\n"),
  "jwt": async () => [await ask(middle, "/j/x"), await ask(middle, "/j/x", { headers: { authorization: "Bearer " + await sign({ sub: "me" }, "key", "HS256") } })].join("\n"),
  "csrf": () => ask(middle, "/f/x", { method: "POST", headers: { origin: "https://evil.example" }, body: new URLSearchParams({ a: "1" }) }),
  "body limit": async () => [await ask(middle, "/l/x", { method: "POST", body: "short" }), await ask(middle, "/l/x", { method: "POST", body: "much too long a body" })].join("\n"),
  "request id": () => ask(middle, "/i/x"),
  "http exception": () => ask(middle, "/throw"),
  "on error": () => ask(middle, "/boom"),
  "validator": async () => [await ask(middle, "/v", { method: "POST", body: new URLSearchParams({ a: "1" }) }), await ask(middle, "/v", { method: "POST", body: new URLSearchParams({ b: "1" }) })].join("\n"),
  "cookies": async () => {
    const r = await middle.request("/cookie");
    const set = r.headers.getSetCookie();
    return [...set, await ask(middle, "/cookie", { headers: { cookie: set.map((s) => s.split(";")[0]).join("; ") } })].join("\n");
  },
  "client": async () => {
    const app = new Hono().route("/api", api);
    const client = testClient(app);
    const r = await client.api.add[":a"][":b"].$get({ param: { a: "2", b: "3" } });
    return [await r.json(), String(hc("https://x.example").api.echo.$url())];
  },
  "parse body": async () => {
    const f = new FormData();
    f.append("a", "1"); f.append("a", "2"); f.append("file", new File(["hello"], "h.txt", { type: "text/plain" }));
    return ask(api, "/echo", { method: "POST", body: f });
  },
  "mount": async () => ask(new Hono().mount("/m", (req) => new Response(new URL(req.url).pathname)), "/m/a/b"),
  "base path": async () => ask(new Hono().basePath("/v1").get("/x", (c) => c.text(c.req.url)), "/v1/x?a=1"),
  "logger": async () => { const lines = []; const app = new Hono().use(logger((...a) => lines.push(a.join(" ").replace(/\d+ms/, "0ms")))).get("/", (c) => c.text("x")); await app.request("/"); return lines; },
  "html": () => String(html`<p>${"<b>"}${raw("<i>")}${["a", "b"]}</p>`),
  "jsx": () => (<Page />).toString(),
  "jsx async": async () => String(await (<div><Later text="late" /></div>).toString()),
  "jsx streaming": async () => new Response(renderToReadableStream(<div><Suspense fallback={<p>wait</p>}><Later text="streamed" /></Suspense></div>)).text(),
  "jsx error boundary": async () => new Response(renderToReadableStream(<div><ErrorBoundary fallback={<b>failed</b>}>{[<Later text="in" />, <Broken />]}</ErrorBoundary></div>)).text(),
  "jsx dom server": () => renderToString(<div><p>{"<in>"}</p></div>),
  "stream text": () => ask(new Hono().get("/", (c) => streamText(c, async (s) => { for (const x of "abc") { await s.writeln(x); await s.sleep(1); } })), "/"),
  "sse": () => ask(new Hono().get("/", (c) => streamSSE(c, async (s) => { for (let i = 0; i < 3; i++) await s.writeSSE({ data: `m${i}\nx`, event: "e", id: String(i) }); })), "/"),
  "stream pipe": () => ask(new Hono().get("/", (c) => stream(c, (s) => s.pipe(new Response("piped").body))), "/"),
});
