// The surface: every global, class and member, and those of the objects that
// bindings, events and modules give, one probe each.
import * as sockets from "cloudflare:sockets";
import * as workers from "cloudflare:workers";
import { DurableObject, RpcTarget, WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers";
import { error } from "../probe.js";
import { Walk, member } from "./walk.js";

// The language's own, which other areas and runtime/polyfill compare.
const language = `AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date
DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array
Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer
String SuppressedError Symbol SyntaxError Temporal TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap
WeakRef WeakSet WebAssembly constructor decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat
parseInt undefined unescape`.split(/\s+/);

/** The names on the global object and on what it inherits from. */
function globalNames() {
  const names = new Set();
  for (let o = globalThis; o && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
    for (const k of Object.getOwnPropertyNames(o)) if (!language.includes(k) && !k.startsWith("__")) names.add(k);
  }
  return names;
}

/** What each of them is, and the classes among them. */
function globals(w) {
  w.class("EventTarget", EventTarget); // of several of that name in workerd the one that programs extend
  for (const k of globalNames()) {
    let at = globalThis;
    while (!Object.hasOwn(at, k)) at = Object.getPrototypeOf(at);
    w.out[`globalThis.${k}`] = `${member(at, k, false)} of ${at === globalThis ? "itself" : at.constructor.name}`;
    const v = globalThis[k];
    if (/GlobalScope$/.test(k)) w.out[k] = `class ${Object.getPrototypeOf(v).name}`;
    else if (k !== "EventTarget" && typeof v === "function" && Object.hasOwn(v, "prototype")) w.class(k, v);
  }
  for (const k of ["caches", "console", "crypto", "navigator", "performance", "scheduler", "Cloudflare"]) w.instance(k, globalThis[k]);
  w.instance("Cloudflare.compatibilityFlags", globalThis.Cloudflare && Object.getPrototypeOf(Cloudflare.compatibilityFlags));
}

/** How each class answers to being called and constructed without arguments. */
function calls(w) {
  for (const k of globalNames()) {
    const C = globalThis[k];
    if (typeof C !== "function" || !Object.hasOwn(C, "prototype")) continue;
    w.out[`${k}()`] = attempt(() => C());
    w.out[`new ${k}()`] = attempt(() => new C());
  }
}

function attempt(f) {
  try {
    f();
    return "works";
  } catch (e) {
    return error(e);
  }
}

/** The objects that calls of APIs give, by name. */
const instances = {
  "request": ({ request }) => request,
  "request.cf": ({ request }) => request.cf,
  "request.cf.tlsClientAuth": ({ request }) => request.cf.tlsClientAuth,
  "request.headers": ({ request }) => request.headers,
  "request.signal": ({ request }) => request.signal,
  "request.clone": ({ request }) => request.clone(),
  "ctx": ({ ctx }) => ctx,
  "ctx.tracing": ({ ctx }) => ctx.tracing,
  "ctx.props": ({ ctx }) => ctx.props,
  "ctx.exports": ({ ctx }) => ctx.exports,
  "ctx.exports.Entry": ({ ctx }) => ctx.exports.Entry,
  "env object": ({ env }) => env,
  "env.JSON": ({ env }) => env.JSON,
  "env.ASSETS": ({ env }) => env.ASSETS,
  "assets answer": ({ env }) => env.ASSETS.fetch("http://e.com/file.txt"),

  "env.KV": ({ env }) => env.KV,
  "kv value": async ({ env }) => { await env.KV.put("k", "v", { metadata: { a: 1 }, expirationTtl: 600 }); return env.KV.getWithMetadata("k"); },
  "kv list": ({ env }) => env.KV.list(),
  "kv key": async ({ env }) => (await env.KV.list()).keys[0],
  "kv stream": ({ env }) => env.KV.get("k", "stream"),

  "kv many": async ({ env }) => env.KV.get(["k", "none"]),
  "kv many with metadata": async ({ env }) => (await env.KV.getWithMetadata(["k"])).get("k"),

  "env.R2": ({ env }) => env.R2,
  "r2 put": ({ env }) => env.R2.put("k", "v", { customMetadata: { a: "1" }, httpMetadata: { contentType: "a/b" } }),
  "r2 checksums": async ({ env }) => (await env.R2.put("k", "v", { sha256: await crypto.subtle.digest("SHA-256", new TextEncoder().encode("v")) })).checksums,
  "r2 checksums json": async ({ env }) => (await env.R2.head("k")).checksums.toJSON(),
  "r2 httpMetadata": async ({ env }) => (await env.R2.put("k", "v", { httpMetadata: { contentType: "a/b" } })).httpMetadata,
  "r2 head": ({ env }) => env.R2.head("k"),
  "r2 get": ({ env }) => env.R2.get("k"),
  "r2 get of a range": ({ env }) => env.R2.get("k", { range: { offset: 0, length: 1 } }),
  "r2 range": async ({ env }) => (await env.R2.get("k", { range: { offset: 0, length: 1 } })).range,
  "r2 body": async ({ env }) => (await env.R2.get("k")).body,
  "r2 list": ({ env }) => env.R2.list(),
  "r2 upload": ({ env }) => env.R2.createMultipartUpload("m"),
  "r2 part": async ({ env }) => (await env.R2.createMultipartUpload("m")).uploadPart(1, "a"),

  "r2 completed": async ({ env }) => { const u = await env.R2.createMultipartUpload("m"); return u.complete([await u.uploadPart(1, "a")]); },
  "r2 resumed upload": ({ env }) => env.R2.resumeMultipartUpload("m", "id"),
  "r2 not modified": async ({ env }) => env.R2.get("k", { onlyIf: { etagMatches: "none" } }),
  "r2 blob": async ({ env }) => (await env.R2.get("k")).blob(),
  "r2 uploaded": async ({ env }) => (await env.R2.head("k")).uploaded,
  "r2 customMetadata": async ({ env }) => (await env.R2.head("k")).customMetadata,

  "env.DB": ({ env }) => env.DB,
  "d1 session": ({ env }) => env.DB.withSession(),
  "d1 statement": ({ env }) => env.DB.prepare("select 1 as a"),
  "d1 bound": ({ env }) => env.DB.prepare("select ? as a").bind(1),
  "d1 result": ({ env }) => env.DB.prepare("select 1 as a").run(),
  "d1 meta": async ({ env }) => (await env.DB.prepare("select 1 as a").all()).meta,
  "d1 exec": ({ env }) => env.DB.exec("select 1"),

  "env.QUEUE": ({ env }) => env.QUEUE,
  "queue send": ({ env }) => env.QUEUE.send("x"),
  "limit": ({ env }) => env.LIMIT.limit({ key: "k" }),
  "env.VERSION": ({ env }) => env.VERSION,
  "env.HYPERDRIVE": ({ env }) => env.HYPERDRIVE,
  "env.LOADER": ({ env }) => env.LOADER,
  "loaded worker": ({ env }) => env.LOADER.get("w", () => ({ compatibilityDate: "2026-08-01", mainModule: "a.js", modules: { "a.js": "export default {}" } })),

  "env.OBJECTS": ({ env }) => env.OBJECTS,
  "object id": ({ env }) => env.OBJECTS.newUniqueId(),
  "object stub": ({ env }) => env.OBJECTS.getByName("a"),
  "object id of a name": ({ env }) => env.OBJECTS.idFromName("a"),
  "object stub of an id": ({ env }) => env.OBJECTS.get(env.OBJECTS.newUniqueId()),
  "objects of a jurisdiction": ({ env }) => typeof env.OBJECTS.jurisdiction("eu"),
  "object answer": ({ env }) => env.OBJECTS.getByName("b").fetch("http://e.com/empty"),
  "object property": ({ env }) => env.OBJECTS.getByName("b").method,
  "env.SELF": ({ env }) => env.SELF,
  "service answer": ({ env }) => env.SELF.fetch("http://e.com/empty"),
  "service answer body": async ({ env }) => (await env.SELF.fetch("http://e.com/empty")).body,
  "service connection": ({ env }) => { const s = env.SELF.connect("e.com:1"); s.opened.catch(() => {}); s.closed.catch(() => {}); return s; },
  "rpc method": ({ env }) => env.SELF.method,
  "rpc promise": ({ env }) => ({ promise: env.SELF.method() }), // in an object, or it would be awaited
  "rpc stub": ({ env }) => env.SELF.target(),
  "rpc function": ({ env }) => env.SELF.func(),
  "RpcTarget instance": () => new RpcTarget(),
  "RpcStub instance": () => new workers.RpcStub(new RpcTarget()),

  "RpcStub duplicate": () => new workers.RpcStub(new RpcTarget()).dup(),
  "RpcPromise property": ({ env }) => ({ promise: env.SELF.target().x }),
  "email message": async () => new (await import("cloudflare:email")).EmailMessage("a@e.com", "b@e.com", "From: a@e.com\r\n\r\nx"),

  "pair": () => new WebSocketPair(),
  "websocket": () => new WebSocketPair()[0],
  "Request instance": () => new Request("http://e.com"),
  "Response instance": () => new Response("x"),
  "Response.json": () => Response.json({}),
  "Response.error": () => Response.error(),
  "Response.redirect": () => Response.redirect("http://e.com"),
  "Response with a socket": () => new Response(null, { status: 101, webSocket: new WebSocketPair()[0] }),
  "Response clone": () => new Response("x").clone(),
  "blob": () => new Response("x").blob(),
  "blob stream": () => new Blob(["x"]).stream(),
  "arrayBuffer": () => new Response("x").arrayBuffer(),
  "formData": () => new Response("a=b", { headers: { "content-type": "application/x-www-form-urlencoded" } }).formData(),
  "formData file": async () => { const f = new FormData(); f.append("a", new Blob(["x"]), "n"); return (await new Response(f).formData()).get("a"); },
  "Headers instance": () => new Headers(),
  "URL instance": () => new URL("http://e.com"),
  "URLSearchParams instance": () => new URLSearchParams(),
  "URLPattern instance": () => new URLPattern(),
  "FormData instance": () => new FormData(),
  "Blob instance": () => new Blob([]),
  "WebSocket message": () => new Promise((resolve) => { const [a, b] = Object.values(new WebSocketPair()); a.accept(); b.accept(); b.addEventListener("message", resolve); a.send("x"); }),
  "WebSocket close": () => new Promise((resolve) => { const [a, b] = Object.values(new WebSocketPair()); a.accept(); b.accept(); b.addEventListener("close", resolve); a.close(1000, "x"); }),
  "abort event": () => new Promise((resolve) => { const c = new AbortController(); c.signal.addEventListener("abort", resolve); c.abort(); }),
  "abort reason": () => AbortSignal.abort().reason,
  "AbortSignal.timeout": () => AbortSignal.timeout(1e6),
  "AbortSignal.any": () => AbortSignal.any([AbortSignal.abort()]),
  "port message": () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port2.onmessage = resolve; port1.postMessage(1); }),
  "teed stream": () => new ReadableStream().tee()[1],
  "ReadableStream.from": () => ReadableStream.from([1]),
  "piped stream": () => new Response("x").body.pipeThrough(new TextDecoderStream()),
  "TransformStream instance": () => new TransformStream(),
  "WritableStream instance": () => new WritableStream(),
  "WritableStream writer": () => new WritableStream().getWriter(),
  "ReadableStream reader": () => new ReadableStream().getReader(),
  "ReadableStream byob reader": () => new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" }),
  "TextEncoder instance": () => new TextEncoder(),
  "TextEncoderStream instance": () => new TextEncoderStream(),
  "DecompressionStream instance": () => new DecompressionStream("gzip"),
  "HTMLRewriter instance": () => new HTMLRewriter(),
  "rewritten response": () => new HTMLRewriter().transform(new Response("x")),
  "performance entry": () => performance.mark?.("x"),
  "performance observer": () => new PerformanceObserver(() => {}),
  "console task": () => console.createTask?.("x"),
  "cached response": async () => { const c = await caches.open("surface"); await c.put("http://e.com/a", new Response("x", { headers: { "cache-control": "max-age=60" } })); return c.match("http://e.com/a"); },
  "CryptoKey jwk": async () => crypto.subtle.exportKey("jwk", await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"])),
  "error from a call": ({ env }) => env.SELF.fails().catch((e) => e),
  "Headers entries": () => new Headers().entries(),
  "Headers keys": () => new Headers().keys(),
  "Headers values": () => new Headers().values(),
  "URLSearchParams entries": () => new URLSearchParams().entries(),
  "URLSearchParams keys": () => new URLSearchParams().keys(),
  "URLSearchParams values": () => new URLSearchParams().values(),
  "FormData entries": () => new FormData().entries(),
  "FormData keys": () => new FormData().keys(),
  "FormData values": () => new FormData().values(),
  "URLPattern result": () => new URLPattern({ pathname: "/:a" }).exec("http://e.com/b"),
  "URLPattern component": () => new URLPattern({ pathname: "/:a" }).exec("http://e.com/b").pathname,
  "ReadableStream values": () => new ReadableStream().values(),
  "ReadableStream result": () => new Response("x").body.getReader().read(),
  "default controller": () => new Promise((resolve) => new ReadableStream({ start: resolve })),
  "byte controller": () => new Promise((resolve) => new ReadableStream({ type: "bytes", start: resolve })),
  "byob request": () => new Promise((resolve) => new ReadableStream({ type: "bytes", pull(c) { resolve(c.byobRequest); } }).getReader({ mode: "byob" }).read(new Uint8Array(1))),
  "writable controller": () => new Promise((resolve) => new WritableStream({ start: resolve })),
  "transform controller": () => new Promise((resolve) => new TransformStream({ start: resolve })),
  "identity readable": () => new IdentityTransformStream().readable,
  "identity writable": () => new IdentityTransformStream().writable,
  "identity reader": () => new IdentityTransformStream().readable.getReader(),
  "identity byob reader": () => new IdentityTransformStream().readable.getReader({ mode: "byob" }),
  "identity writer": () => new IdentityTransformStream().writable.getWriter(),
  "count strategy": () => new CountQueuingStrategy({ highWaterMark: 1 }),
  "byte strategy": () => new ByteLengthQueuingStrategy({ highWaterMark: 1 }),
  "AbortController instance": () => new AbortController(),
  "AbortSignal instance": () => AbortSignal.abort(),
  "Event instance": () => new Event("x"),
  "CustomEvent instance": () => new CustomEvent("x"),
  "MessageEvent instance": () => new MessageEvent("x"),
  "CloseEvent instance": () => new CloseEvent("x"),
  "ErrorEvent instance": () => new ErrorEvent("x"),
  "DOMException instance": () => new DOMException("x"),
  "MessageChannel instance": () => new MessageChannel(),
  "MessagePort instance": () => new MessageChannel().port1,
  "File instance": () => new File([], "x"),
  "EventSource instance": () => EventSource.from(new Response("").body),
  "TextDecoder instance": () => new TextDecoder(),
  "TextDecoderStream instance": () => new TextDecoderStream(),
  "CompressionStream instance": () => new CompressionStream("gzip"),
  "FixedLengthStream instance": () => new FixedLengthStream(1),
  "encodeInto": () => new TextEncoder().encodeInto("a", new Uint8Array(1)),
  "subtle": () => crypto.subtle,
  "CryptoKey instance": () => crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, true, ["encrypt"]),
  "CryptoKey algorithm": async () => (await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"])).algorithm,
  "CryptoKeyPair": () => crypto.subtle.generateKey("Ed25519", true, ["sign"]),
  "DigestStream": () => crypto.DigestStream,
  "DigestStream instance": () => new crypto.DigestStream("SHA-256"),
  "timeout": () => { const t = setTimeout(() => {}, 1e6); clearTimeout(t); return t; },
  "caches.default": () => caches.default,
  "caches.open": () => caches.open("surface"),
  "socket": () => { const s = sockets.connect("127.0.0.1:9"); s.opened.catch(() => {}); s.closed.catch(() => {}); return s; },
  "performance.now": () => performance.now(),
};

/** What wrangler simulates in classes of its own: programs are promised methods. */
const methods = {
  "env.ANALYTICS": [({ env }) => env.ANALYTICS, "writeDataPoint"],
  "env.LIMIT": [({ env }) => env.LIMIT, "limit"],
  "env.SECRET": [({ env }) => env.SECRET, "get"],
  "env.EMAIL": [({ env }) => env.EMAIL, "send"],
  "env.WORKFLOW": [({ env }) => env.WORKFLOW, "create", "createBatch", "deleteBatch", "get"],
  "workflow instance": [({ env }) => env.WORKFLOW.create({ id: `i${Date.now()}` }), "pause", "restart", "resume", "sendEvent", "status", "subscribe", "terminate"],
};

/** Walks the tokens of a document, which can be looked at in their handlers only. */
async function html(w) {
  const rewriter = new HTMLRewriter().on("p", {
    element(e) {
      w.instance("html element", e);
      w.instance("html attributes", e.attributes);
      w.instance("html attribute", e.attributes.next());
      e.onEndTag((t) => w.instance("html end tag", t));
    },
    comments(c) { w.instance("html comment", c); },
    text(t) { if (t.text) w.instance("html text", t); },
  }).onDocument({ doctype(d) { w.instance("html doctype", d); }, end(e) { w.instance("html end", e); } });
  await rewriter.transform(new Response("<!doctype html><p a=b>x<!--c--></p>")).text();
}

/** What an entrypoint or object found inside, or nothing to look at the answer. */
async function answer(of, request) {
  return new Response(request.url.endsWith("/empty") ? "x" : JSON.stringify(await of.inside()));
}

export class Entry extends WorkerEntrypoint {
  method() { return 1; }
  target() { return new RpcTarget(); }
  func() { return () => 1; }
  fails() { throw new TypeError("x"); }
  connect() {}
  fetch(request) { return answer(this, request); }
  inside() {
    const w = new Walk();
    w.instance("entrypoint ctx", this.ctx);
    w.instance("entrypoint", this);
    return w.out;
  }
}

export class Flow extends WorkflowEntrypoint {
  async run() {}
}

/** What is seen inside of an object only. */
export class Probed extends DurableObject {
  method() {}
  fetch(request) { return answer(this, request); }
  async inside() {
    const w = new Walk(), { ctx } = this, { storage } = ctx, { sql } = storage;
    w.instance("object", Object.create(DurableObject.prototype, Object.getOwnPropertyDescriptors(this)));
    w.instance("state", ctx);
    w.instance("state.id", ctx.id);
    w.instance("state.props", ctx.props);
    w.instance("state.facets", ctx.facets);
    w.instance("storage", storage);
    w.instance("sql", sql);
    w.instance("sql cursor", sql.exec("select 1 as a"));
    w.instance("sql raw", sql.exec("select 1 as a").raw());
    w.instance("sql statement", sql.prepare?.("select 1"));
    w.instance("sql.Cursor", sql.Cursor);
    w.instance("storage.kv", storage.kv);
    w.instance("storage.kv list", storage.kv.list());
    await storage.transaction(async (t) => w.instance("transaction", t));
    await storage.put("a", 1);
    w.instance("storage list", await storage.list());
    w.instance("hibernatable pair", new WebSocketRequestResponsePair("a", "b"));
    const [client, server] = Object.values(new WebSocketPair());
    ctx.acceptWebSocket(server, ["tag"]);
    client.accept();
    w.instance("hibernatable socket", ctx.getWebSockets()[0]);
    w.instance("hibernatable client", client);
    w.instance("socket tags", ctx.getTags(server));
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("a", "b"));
    w.instance("auto response", ctx.getWebSocketAutoResponse());
    w.instance("sql cursor next", sql.exec("select 1 as a").next());
    w.instance("sql row", sql.exec("select 1 as a").one());
    w.instance("storage.kv entry", [...storage.kv.list()][0]);
    w.methods("bookmarks", storage, "getCurrentBookmark", "getBookmarkForTime", "onNextSessionRestoreBookmark", "waitForBookmark", "ensureReplicas");
    await new Promise((resolve) => {
      this.alarmed = (info) => { w.instance("alarm info", info); resolve(); };
      storage.setAlarm(Date.now());
    });
    return w.out;
  }
  alarm(info) { this.alarmed(info); }
}

const modules = {
  sockets: () => sockets,
  workers: () => workers,
  email: () => import("cloudflare:email"),
  workflows: () => import("cloudflare:workflows"),
};

/** Gives what walk finds to the promise that waits for the batch. */
let delivered = Promise.withResolvers();

/** Walks everything that needs an event. */
async function reached(w, given) {
  for (const [name, get] of Object.entries(instances)) {
    try {
      const v = await get(given);
      if (/^rpc ?promise/i.test(name)) w.instance(name, v.promise);
      else w.instance(name, v);
    } catch (e) {
      w.out[name] = error(e);
    }
  }
  await html(w);
  for (const [name, [get, ...names]] of Object.entries(methods)) {
    try {
      w.out[name] = "found";
      w.methods(name, await get(given), ...names);
    } catch (e) {
      w.out[name] = error(e);
    }
  }
  for (const [name, load] of Object.entries(modules)) {
    try {
      const m = await load();
      w.out[`cloudflare:${name}`] = "module";
      for (const k of Object.getOwnPropertyNames(m)) {
        const v = m[k];
        if (typeof v === "function" && !/^[A-Z]/.test(k)) w.out[`cloudflare:${name}.${k}`] = `function/${v.length}`;
      else if (typeof v === "function") w.class(`cloudflare:${name}.${k}`, v);
        else if (k === "env" || k === "default") w.out[`cloudflare:${name}.${k}`] = typeof v;
        else w.instance(`cloudflare:${name}.${k}`, v);
      }
    } catch (e) {
      w.out[`cloudflare:${name}`] = error(e);
    }
  }
}

export default {
  async fetch(request, env, ctx) {
    const w = new Walk();
    globals(w);
    calls(w);
    await reached(w, { request, env, ctx });
    for (const inside of [() => env.OBJECTS.get(env.OBJECTS.idFromName("a")), () => env.SELF]) {
      try {
        Object.assign(w.out, await (await inside().fetch("http://e.com/")).json());
      } catch (e) {
        w.out[String(inside)] = error(e);
      }
    }
    Object.assign(w.out, await delivered.promise);
    return new Response(JSON.stringify(w.out));
  },
  queue(batch, env, ctx) {
    const w = new Walk();
    w.instance("batch", batch);
    w.instance("batch.messages", batch.messages);
    w.instance("message", batch.messages[0]);
    w.instance("queue ctx", ctx);
    delivered.resolve(w.out);
  },
};
