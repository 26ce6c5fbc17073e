/** @jsxRuntime automatic @jsxImportSource react */
// react-router: the server runtime of a framework build, and static routes.
import { Link, Links, Meta, Outlet, Scripts, ServerRouter, StaticRouterProvider, createRequestHandler, createStaticHandler, createStaticRouter, data, redirect, useLoaderData, createCookie, createCookieSessionStorage, matchPath, generatePath, resolvePath, Form, useActionData, Await, isRouteErrorResponse, useRouteError } from "react-router";
import { renderToReadableStream, renderToString } from "react-dom/server";
import { Suspense } from "react";
import { area } from "../../../conformance/probe.js";

const Problem = () => { const e = useRouteError(); return <p>{isRouteErrorResponse(e) ? `${e.status} ${e.data}` : e.message}</p>; };
const Home = () => { const d = useLoaderData(); return <main>{d.hello}<Suspense fallback="w"><Await resolve={d.later}>{(v) => <b>{v}</b>}</Await></Suspense><Link to="/item/1?x=2">item</Link></main>; };
const Item = () => <div>{JSON.stringify(useLoaderData())}{JSON.stringify(useActionData() ?? null)}<Form method="post"><input name="a" /></Form></div>;
const root = { default: () => <html><head><Meta /><Links /></head><body><Outlet /><Scripts /></body></html>, meta: () => [{ title: "T" }, { name: "d", content: "<x>" }], ErrorBoundary: Problem };
const home = { default: Home, loader: () => ({ hello: "hi", later: new Promise((ok) => setTimeout(ok, 2, "later")), date: new Date(0), map: new Map([[1, 2n]]) }) };
const item = { default: Item, loader: ({ params, request }) => { if (params.id === "0") throw data("none", { status: 404 }); if (params.id === "9") throw redirect("/"); if (params.id === "7") throw new Error("seven"); return { ...params, q: new URL(request.url).search }; }, action: async ({ request }) => Object.fromEntries(await request.formData()), headers: () => ({ "x-h": "1" }), ErrorBoundary: Problem };
const raw = { loader: () => Response.json({ raw: true }) };
const route = (id, path, module, o) => ({ id, path, parentId: id === "root" ? undefined : "root", module, ...o });
const manifestRoute = (r) => ({ id: r.id, path: r.path, index: r.index, parentId: r.parentId, hasAction: !!r.module.action, hasLoader: !!r.module.loader, hasClientAction: false, hasClientLoader: false, hasClientMiddleware: false, hasErrorBoundary: !!r.module.ErrorBoundary, module: `/${r.id}.js`, imports: [], css: [] });
const routes = { root: route("root", "", root), home: route("home", undefined, home, { index: true }), item: route("item", "item/:id", item), raw: route("raw", "raw", raw) };
const build = {
  entry: { module: { default: async (request, status, headers, context) => { headers.set("content-type", "text/html"); const s = await renderToReadableStream(<ServerRouter context={context} url={request.url} nonce="n" />, { onError() { status = 500; } }); return new Response(s, { status, headers }); } } },
  routes, assets: { entry: { module: "/entry.js", imports: [] }, routes: Object.fromEntries(Object.entries(routes).map(([k, r]) => [k, manifestRoute(r)])), url: "/manifest.js", version: "1" },
  publicPath: "/", assetsBuildDirectory: "build", future: {}, isSpaMode: false, ssr: true, prerender: [], basename: "/", routeDiscovery: { mode: "initial" }, allowedActionOrigins: [],
};
const handler = createRequestHandler(build, "production");
const ask = async (path, init) => { const r = await handler(new Request("https://x.example" + path, init)); return [r.status, [...r.headers].filter(([k]) => k !== "date").join("; "), await r.text()].join(" | "); };
const sessions = createCookieSessionStorage({ cookie: { name: "s", secrets: ["pepper"], httpOnly: true, path: "/" } });

export default area({
  "document": () => ask("/"),
  "loader": () => ask("/item/1?x=2"),
  "not found": () => ask("/none"),
  "thrown data": () => ask("/item/0"),
  "redirect": () => ask("/item/9"),
  "thrown error": () => ask("/item/7"),
  "action": () => ask("/item/1", { method: "POST", body: new URLSearchParams({ a: "é" }) }),
  "resource": () => ask("/raw"),
  "single fetch": () => ask("/_root.data"),
  "single fetch item": () => ask("/item/1.data"),
  "cookie": async () => { const c = createCookie("c", { secrets: ["k"], maxAge: 60 }); const s = await c.serialize({ a: "é" }); return [s, await c.parse(s.split(";")[0])]; },
  "session": async () => { const s = await sessions.getSession(); s.set("u", 1); s.flash("m", "once"); const cookie = await sessions.commitSession(s); const again = await sessions.getSession(cookie.split(";")[0]); return [cookie, again.get("m"), again.get("m") ?? null, again.data, await sessions.destroySession(again)]; },
  "static handler": async () => { const rs = [{ path: "/", loader: () => 1, Component: () => <p>{useLoaderData()}<Outlet /></p>, children: [{ path: "c/:id", loader: ({ params }) => params.id, Component: () => <i>{useLoaderData()}</i> }] }]; const h = createStaticHandler(rs); const ctx = await h.query(new Request("https://x.example/c/5")); return renderToString(<StaticRouterProvider router={createStaticRouter(h.dataRoutes, ctx)} context={ctx} />); },
  "paths": () => [matchPath("/a/:b/*", "/a/1/c/d"), generatePath("/a/:b?/*", { b: "x y", "*": "z" }), resolvePath("../c", "/a/b")],
});
