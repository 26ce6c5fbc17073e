// compatibility_flags: nodejs_compat
// node:http and node:https: a client on fetch, servers behind cloudflare:node.
import http from "node:http";
import https from "node:https";
import { Buffer } from "node:buffer";
import * as cf from "cloudflare:node";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { area, show } from "./probe.js";

/** Adds the code that errors of Node carry. */
const coded = (f) => async (x) => {
  try {
    return show(await f(x));
  } catch (e) {
    return e?.code ? `${e.name} ${e.code}: ${e.message}` : `${e?.name}: ${e?.message}`;
  }
};
const read = (res) => new Promise((resolve, reject) => { let s = ""; res.setEncoding("utf8"); res.on("data", (c) => { s += c; }).on("end", () => resolve(s)).on("error", reject); });
const ask = (url, options = {}, body, lib = http) => new Promise((resolve, reject) => {
  const req = lib.request(url, options, async (res) => resolve({ status: res.statusCode, message: res.statusMessage, headers: res.headers, body: await read(res), raw: res.rawHeaders.length, version: res.httpVersion, complete: res.complete }));
  req.on("error", reject);
  req.end(body);
});
const seen = async (...args) => { const { method, url, body, headers } = JSON.parse((await ask(...args)).body); return [method, url, body, headers]; };
const pick = (o, ...names) => names.map((n) => o[n]);

let port = 4000;
const serve = async (listener, path = "/", init) => {
  const p = port++;
  http.createServer(listener).listen(p);
  const r = await cf.handleAsNodeRequest(p, new Request(`http://server.example${path}`, init));
  return r;
};
const answer = async (...args) => { const r = await serve(...args); return [r.status, r.statusText, [...r.headers].filter(([k]) => k !== "date"), await r.text()]; };

const probes = {
  "cloudflare:node": () => Object.keys(cf).sort(),
  "get": async () => { const [m, u] = await seen("http://probe.example/a?b=1"); return [m, u]; },
  "get function": () => new Promise((r) => http.get("http://probe.example/teapot", async (res) => r([res.statusCode, res.statusMessage, await read(res), res.constructor.name, res.complete]))),
  "post": async () => (await seen("http://probe.example/p", { method: "POST" }, "hello")).slice(0, 3),
  "post headers": async () => pick((await seen("http://probe.example/p", { method: "POST", headers: { "X-A": "1", "content-type": "text/x" } }, "hello"))[3], "x-a", "content-type"),
  "options": async () => (await seen({ hostname: "probe.example", path: "/o?q=2", port: 81, method: "PUT" }, {}, "b")).slice(0, 3),
  "auth": async () => (await seen("http://u:p@probe.example/"))[3].authorization,
  "https": async () => (await seen("https://probe.example/s", {}, undefined, https)).slice(0, 2),
  "https wrong protocol": () => https.request("http://probe.example/"),
  "http wrong protocol": () => http.request("https://probe.example/"),
  "status": async () => pick(await ask("http://probe.example/404"), "status", "message", "body"),
  "no redirect": async () => pick(await ask("http://probe.example/redirect"), "status", "message"),
  "cookies": async () => (await ask("http://probe.example/cookies")).headers["set-cookie"],
  "version": async () => pick(await ask("http://probe.example/"), "version", "complete"),
  "error": async () => ask("http://probe.example/throw"),
  "bad header": () => http.request("http://probe.example/", { headers: { "a b": "c" } }),
  "bad header value": () => http.request("http://probe.example/", { headers: { a: "c\n" } }),
  "bad method": () => http.request("http://probe.example/", { method: "a b" }),
  "bad path": () => http.request({ hostname: "probe.example", path: "/a b" }),
  "bad url": () => http.request("nonsense"),
  "request members": () => { const r = http.request("http://probe.example/a", { method: "post" }); r.on("error", () => {}); const v = [r.method, r.path, r.host, r.protocol, r.getHeader("host"), r.getHeaderNames(), r.headersSent, r.writableEnded, r.finished, r.destroyed, r.aborted]; r.destroy(); return v; },
  "set header": () => { const r = http.request("http://probe.example/a"); r.on("error", () => {}); r.setHeader("X-B", ["1", "2"]); const v = [r.getHeader("x-b"), r.hasHeader("X-b"), r.getRawHeaderNames(), (r.removeHeader("x-b"), r.hasHeader("x-b"))]; r.destroy(); return v; },
  "destroy": () => new Promise((r) => { const q = http.request("http://probe.example/a"); q.on("error", (e) => r([e.code, e.message])); q.destroy(); }),
  "abort signal": () => new Promise((r) => { const c = new AbortController(); const q = http.request("http://probe.example/a", { signal: c.signal }); q.on("error", (e) => r([e.name, e.code])); c.abort(); }),
  "pipe body": async () => new Promise((resolve, reject) => { const q = http.request("http://probe.example/p", { method: "POST" }, async (res) => resolve(JSON.parse(await read(res)).body)); q.on("error", reject); Readable.from(["a", "b", "c"]).pipe(q); }),
  "write end": async () => new Promise((resolve) => { const q = http.request("http://probe.example/p", { method: "POST" }, async (res) => resolve(JSON.parse(await read(res)).body)); q.write("a"); q.write(Buffer.from("b")); q.end("c"); }),
  "head": async () => pick(await ask("http://probe.example/", { method: "HEAD" }), "status", "body"),
  "agent": () => { const a = new http.Agent({ keepAlive: true, maxSockets: 5 }); return [a.keepAlive, a.maxSockets, a.defaultPort, a.protocol, a.getName({ host: "h", port: 1 }), Object.keys(a.sockets)]; },
  "https agent": () => [new https.Agent().defaultPort, https.globalAgent.protocol],
  "agent false": async () => (await seen("http://probe.example/", { agent: false }))[0],
  "agent bad": () => http.request("http://probe.example/", { agent: {} }),
  "validateHeaderName": () => http.validateHeaderName("a b"),
  "validateHeaderValue": () => http.validateHeaderValue("a", undefined),
  "validateHeaderValue char": () => http.validateHeaderValue("a", "\n"),

  "server": () => answer((req, res) => { res.setHeader("X-A", "1"); res.end("hi"); }),
  "server request": async () => JSON.parse((await answer((req, res) => { res.end(JSON.stringify([req.method, req.url, req.headers["x-q"], req.httpVersion])); }, "/p?x=1", { method: "POST", headers: { "x-q": "v" }, body: "b" }))[3]),
  "server body": async () => (await answer(async (req, res) => { res.end(`got ${await read(req)}`); }, "/", { method: "POST", body: "data" }))[3],
  "server writeHead": () => answer((req, res) => { res.writeHead(201, "Made", { "X-B": "2" }); res.write("a"); res.end("b"); }),
  "server writeHead array": () => answer((req, res) => { res.writeHead(200, ["a", "1", "b", "2"]); res.end(); }),
  "server status": () => answer((req, res) => { res.statusCode = 404; res.end("no"); }),
  "server 204": () => answer((req, res) => { res.statusCode = 204; res.end(); }),
  "server head": () => answer((req, res) => { res.end("not sent"); }, "/", { method: "HEAD" }),
  "server cookies": () => answer((req, res) => { res.setHeader("set-cookie", ["a=1", "b=2"]); res.end(); }),
  "server append": () => answer((req, res) => { res.appendHeader("x", "1"); res.appendHeader("x", "2"); res.end(); }),
  "server pipe": async () => (await answer(async (req, res) => { await pipeline(Readable.from(["a", "b"]), res); }))[3],
  "server echo": async () => (await answer((req, res) => { req.pipe(res); }, "/", { method: "POST", body: "echo" }))[3],
  "server after head": async () => (await answer((req, res) => { res.writeHead(200); try { res.setHeader("a", "b"); res.end("no"); } catch (e) { res.end(e.code); } }))[3],
  "server write after end": async () => (await answer((req, res) => { res.end("x"); res.on("error", () => {}); res.write("y"); }))[3],
  "server bad status": async () => (await answer((req, res) => { try { res.writeHead(1); res.end(); } catch (e) { res.end(`${e.code} ${e.message}`); } }))[3],
  "server throws": () => answer(() => { throw new Error("listener"); }),
  "server no listener": async () => { const p = port++; http.createServer().listen(p); const r = await Promise.race([cf.handleAsNodeRequest(p, new Request("http://s/")), scheduler.wait(50)]); return r?.status; },
  "server later": async () => (await answer((req, res) => { setTimeout(() => res.end("later"), 5); }))[3],
  "server listen": () => { const s = http.createServer(() => {}).listen(port++); return [s.listening, s.address(), s.close() === s]; },
  "server listen twice": () => { const s = http.createServer(() => {}).listen(port++); s.listen(port++); },
  "server listen used": () => { const p = port++; http.createServer(() => {}).listen(p); http.createServer(() => {}).listen(p); },
  "server listen 0": () => { const s = http.createServer(() => {}).listen(0); return typeof s.address().port; },
  "server listening event": () => new Promise((r) => http.createServer(() => {}).listen(port++, () => r("listening"))),
  "server missing": () => cf.handleAsNodeRequest(1, new Request("http://s/")),
  "httpServerHandler": async () => { const p = port++; http.createServer((q, r) => r.end("h")).listen(p); const h = cf.httpServerHandler({ port: p }); return [Object.keys(h), await (await h.fetch(new Request("http://s/"))).text()]; },
  "httpServerHandler server": async () => { const s = http.createServer((q, r) => r.end("h")); s.listen(port++); return (await cf.httpServerHandler(s).fetch(new Request("http://s/"))).text(); },
  "httpServerHandler bad": () => cf.httpServerHandler({}),
  "https server": async () => { const p = port++; https.createServer((q, r) => r.end("h")).listen(p); return (await cf.handleAsNodeRequest(p, new Request("https://s/"))).text(); },
  "response finish": async () => { const log = []; let closed; const over = new Promise((f) => { closed = f; }); const r = await serve((q, s) => { s.on("finish", () => log.push("finish")); s.on("close", () => { log.push("close"); closed(); }); s.end("x", () => log.push("callback")); }); await r.text(); await over; return log; },
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
