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
  w.instance("Cloudflare.compatibilityFlags", Object.getPrototypeOf(Cloudflare.compatibilityFlags));
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
  "env.SELF": ({ env }) => env.SELF,
  "rpc method": ({ env }) => env.SELF.method,
  "rpc promise": ({ env }) => ({ promise: env.SELF.method() }), // in an object, or it would be awaited
  "rpc stub": ({ env }) => env.SELF.target(),
  "rpc function": ({ env }) => env.SELF.func(),
  "RpcTarget instance": () => new RpcTarget(),
  "RpcStub instance": () => new workers.RpcStub(new RpcTarget()),

  "pair": () => new WebSocketPair(),
  "websocket": () => new WebSocketPair()[0],
  "Request instance": () => new Request("http://e.com"),
  "Response instance": () => new Response("x"),
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

export class Entry extends WorkerEntrypoint {
  method() { return 1; }
  target() { return new RpcTarget(); }
  func() { return () => 1; }
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
      if (name === "rpc promise") w.instance(name, v.promise);
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
    for (const inside of [() => env.OBJECTS.getByName("a").inside(), () => env.SELF.inside()]) {
      try {
        Object.assign(w.out, await inside());
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
