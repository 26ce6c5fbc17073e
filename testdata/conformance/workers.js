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
