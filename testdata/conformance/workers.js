// The cloudflare:workers module and what handlers are given.
import { area, shape } from "./probe.js";
import * as workers from "cloudflare:workers";
import { WorkerEntrypoint, DurableObject, RpcTarget, WorkflowEntrypoint, env as importedEnv, waitUntil } from "cloudflare:workers";

let atStart;
try { atStart = new Function("return 1")(); } catch (e) { atStart = String(e); }
let evalAtStart;
try { evalAtStart = (0, eval)("1 + 1"); } catch (e) { evalAtStart = String(e); }
const tried = (f) => { try { return String(f()); } catch (e) { return String(e); } };
const start = {
  "random at start": tried(() => crypto.getRandomValues(new Uint8Array(1)).length),
  "uuid at start": tried(() => typeof crypto.randomUUID()),
  "Math.random at start": tried(() => typeof Math.random()),
  "timeout at start": tried(() => setTimeout(() => {}, 1)),
  "timeout signal at start": tried(() => AbortSignal.timeout(1)),
  "Date at start": tried(() => Date.now()),
  "performance at start": tried(() => performance.now()),
  "queueMicrotask at start": tried(() => queueMicrotask(() => {})),
  "caches at start": tried(() => String(caches.default)),
  "response at start": tried(() => new Response("x").status),
  "Date text at start": tried(() => [+new Date(), Date()]),
  "timeOrigin at start": tried(() => performance.timeOrigin),
  ...Object.fromEntries(Object.entries({
    "no body": () => new Response(null).status, "empty body": () => new Response(""), "bytes": () => new Response(new Uint8Array(1)), "params": () => new Response(new URLSearchParams()),
    "form": () => new Response(new FormData()), "blob": () => new Response(new Blob()), "object": () => new Response({}), "list": () => new Response([]).status, "stream": () => new Response(new ReadableStream()).status,
    "json": () => Response.json({}), "redirect": () => Response.redirect("http://e.com/"), "error": () => Response.error().status, "request body": () => new Request("http://e.com", { method: "POST", body: "x" }),
    "blob stream": () => new Blob(["x"]).stream(), "identity stream": () => new IdentityTransformStream(), "fixed stream": () => new FixedLengthStream(1), "compression": () => new CompressionStream("gzip"),
    "decompression": () => new DecompressionStream("gzip"), "text streams": () => [new TextEncoderStream(), new TextDecoderStream()].length, "pair": () => new WebSocketPair(), "event source": () => new EventSource("http://e.com/"),
    "event source from": () => EventSource.from(new ReadableStream()), "channel": () => typeof new MessageChannel().port1, "signals": () => AbortSignal.any([AbortSignal.abort(), new AbortController().signal]).aborted,
  }).map(([name, f]) => [`start: ${name}`, tried(f)])),
};
let fetchAtStart = "pending";
try { fetch("https://e.com").then(() => { fetchAtStart = "answered"; }, (e) => { fetchAtStart = String(e); }); } catch (e) { fetchAtStart = "sync " + e; }

const probes = {
  "exports": () => Object.keys(workers).sort().join(" "),
  "export types": () => Object.keys(workers).sort().map((k) => `${k}:${typeof workers[k]}`).join(" "),
  "tag": () => Object.prototype.toString.call(workers),
  "eval at start": () => evalAtStart,
  "Function at start": () => atStart,
  "fetch at start": () => fetchAtStart,
  "env": ({ env }) => [env === importedEnv, Object.keys(env)],
  "env is frozen": ({ env }) => { env.x = 1; const r = env.x; delete env.x; return r; },
  "ctx props": ({ ctx }) => ctx.props,
  "ctx exports": ({ ctx }) => Object.keys(ctx.exports ?? {}),
  "ctx waitUntil": ({ ctx }) => ctx.waitUntil(Promise.resolve()),
  "ctx waitUntil none": ({ ctx }) => ctx.waitUntil(),
  "ctx waitUntil value": ({ ctx }) => ctx.waitUntil(5),
  "ctx waitUntil detached": ({ ctx }) => { const { waitUntil } = ctx; waitUntil(Promise.resolve()); },
  "ctx passThrough": ({ ctx }) => ctx.passThroughOnException(),
  "ctx passThrough detached": ({ ctx }) => { const { passThroughOnException } = ctx; passThroughOnException(); },
  "waitUntil import": () => waitUntil(Promise.resolve()),
  "waitUntil import none": () => waitUntil(),
  "entrypoint": () => shape(WorkerEntrypoint.prototype).join("; "),
  "entrypoint called": () => WorkerEntrypoint(),
  "entrypoint new": () => new WorkerEntrypoint(),
  "entrypoint new wrong": () => new WorkerEntrypoint({}, {}),
  "entrypoint new ctx": ({ ctx, env }) => { class A extends WorkerEntrypoint {} const a = new A(ctx, env); return [a.ctx === ctx, a.env === env, Object.keys(a)]; },
  "entrypoint length": () => [WorkerEntrypoint.length, WorkerEntrypoint.name],
  "object": () => shape(DurableObject.prototype).join("; "),
  "object new": () => new DurableObject(),
  "target": () => [shape(RpcTarget.prototype).join("; "), Object.prototype.toString.call(new RpcTarget())],
  "target called": () => RpcTarget(),
  "workflow": () => shape(WorkflowEntrypoint.prototype).join("; "),
  "RpcStub": () => new workers.RpcStub(5),
  "RpcStub function": async () => { using s = new workers.RpcStub((x) => x + 1); return s(1); },
  "withEnv": () => workers.withEnv({ A: 1 }, () => importedEnv.A),
  "withEnv none": () => workers.withEnv(),
  "WorkflowEntrypoint called": () => WorkflowEntrypoint(),
  "tracing": () => typeof workers.tracing,
  "abortIsolate": () => typeof workers.abortIsolate,
  "cache export": () => Object.prototype.toString.call(workers.cache),
  "exports export": () => Object.keys(workers.exports),
  "import meta": () => Object.keys(import.meta).join(),
  "dynamic import": async () => (await import("cloudflare:workers")).WorkerEntrypoint === WorkerEntrypoint,
  "dynamic import unknown": () => import("cloudflare:nope"),
  "dynamic import sockets": async () => Object.keys(await import("cloudflare:sockets")),
  "dynamic import email": async () => Object.keys(await import("cloudflare:email")),
  "this in handler": function () { return typeof this; },
};
for (const [k, v] of Object.entries(start)) probes[k] = () => v;
export default area(probes);
