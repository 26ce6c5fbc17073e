// compatibility_flags: nodejs_compat
// node:async_hooks.
import * as hooks from "node:async_hooks";
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { EventEmitter } from "node:events";
import process from "node:process";
import { area } from "./probe.js";

const als = new AsyncLocalStorage(), named = new AsyncLocalStorage({ defaultValue: 5, name: "nm" });
const inside = (f) => als.run("p", f);
/** Collects what als holds in callbacks, until all have been called. */
const seen = (f) => new Promise((resolve) => {
  const log = [];
  const note = (tag) => () => log.push(`${tag} ${als.getStore()}`);
  f(note);
  setTimeout(() => resolve(log), 30);
});

export default area({
  "name": () => [als.name, named.name, named.getStore()],
  "enterWith": () => als.enterWith(3),
  "disable": () => als.disable(),
  "run": () => als.run(1, (a, b) => [als.getStore(), a, b], 2, 3),
  "run nested": () => als.run(1, () => [als.run(2, () => als.getStore()), als.getStore()]),
  "run throws": () => { try { als.run(1, () => { throw new Error("x"); }); } catch (e) { return [e.message, als.getStore()]; } },
  "exit": () => als.run(1, () => als.exit(() => als.getStore())),
  "exit arguments": () => als.exit((a) => a, 3),
  "two": () => als.run(1, () => named.run(2, () => [als.getStore(), named.getStore()])),
  "default outside": () => named.getStore(),
  "undefined store": () => named.run(undefined, () => named.getStore()),
  "snapshot": () => { const s = als.run(7, () => AsyncLocalStorage.snapshot()); return [s(() => als.getStore()), s((a) => a, 4)]; },
  "bind": () => { const s = als.run(7, () => AsyncLocalStorage.bind(function (a) { return [als.getStore(), a]; })); return s(9); },
  "bind shape": () => { const s = AsyncLocalStorage.bind(function x(a, b) {}); return [s.name, s.length]; },
  "resource": () => { const r = als.run(8, () => new AsyncResource("X")); return [r.asyncId(), r.triggerAsyncId(), r.runInAsyncScope(function (a) { return [als.getStore(), a, this]; }, "th", 2)]; },
  "resource bind": () => { const r = als.run(8, () => new AsyncResource("X")); const f = r.bind(function () { return als.getStore(); }); return [f(), f.length, f.asyncResource === r, r.emitDestroy()]; },
  "resource bind this": () => new AsyncResource("X").bind(function () { return this; }).call("t"),
  "resource static bind": () => { const f = als.run(8, () => AsyncResource.bind(() => als.getStore(), "T")); return f(); },
  "resource trigger": () => new AsyncResource("a", { triggerAsyncId: 3 }),
  "resource subclass": () => { class R extends AsyncResource { constructor() { super("R"); } go() { return this.runInAsyncScope(() => als.getStore()); } } const r = als.run(4, () => new R()); return r.go(); },
  "run without function": () => als.run(1),
  "bind without function": () => AsyncLocalStorage.bind(1),
  "called": () => AsyncLocalStorage(),
  "tag": () => Object.prototype.toString.call(als),
  "hook": () => { const h = hooks.createHook({}); return [h.enable() === h, h.disable() === h]; },
  "ids": () => [hooks.executionAsyncId(), hooks.triggerAsyncId(), typeof hooks.executionAsyncResource()],

  "await": () => inside(async () => { await null; return als.getStore(); }),
  "await timer": () => inside(async () => { await scheduler.wait(1); return als.getStore(); }),
  "promise then": () => als.run(1, async () => { let r; const p = Promise.resolve(); als.run(2, () => p.then(() => { r = als.getStore(); })); await p; return r; }),
  "thenable": () => inside(() => Promise.resolve({ then(f) { f(als.getStore()); } })),
  "rejection": () => inside(() => Promise.reject(1).catch(() => als.getStore())),
  "finally": () => inside(async () => { let r; await Promise.resolve().finally(() => { r = als.getStore(); }); return r; }),
  "all": () => inside(async () => { const r = await Promise.all([1, 2].map(async (x) => { await null; return als.getStore() + x; })); return r; }),
  "generator": () => { function* g() { yield als.getStore(); yield als.getStore(); } const it = als.run(1, () => g()); return [als.run(2, () => it.next().value), als.run(3, () => it.next().value)]; },
  "async generator": () => inside(async () => { async function* g() { yield als.getStore(); await null; yield als.getStore(); } const r = []; for await (const x of g()) r.push(x); return r; }),
  "setTimeout": () => seen((n) => inside(() => setTimeout(n("t")))),
  "setInterval": () => seen((n) => inside(() => { const f = n("i"), id = setInterval(() => { f(); clearInterval(id); }); })),
  "setImmediate": () => seen((n) => inside(() => setImmediate(n("im")))),
  "queueMicrotask": () => seen((n) => inside(() => queueMicrotask(n("m")))),
  "nextTick": () => seen((n) => inside(() => process.nextTick(n("n")))),
  "order": () => seen((n) => inside(() => { setTimeout(n("t"), 10); setImmediate(n("im")); Promise.resolve().then(n("p")); process.nextTick(n("n")); queueMicrotask(n("m")); n("s")(); })),
  "emitter": () => seen((n) => { const e = new EventEmitter(); inside(() => e.on("x", n("e"))); als.run("q", () => e.emit("x")); }),
  "event target": () => seen((n) => { const e = new EventTarget(); inside(() => e.addEventListener("x", n("e"))); als.run("q", () => e.dispatchEvent(new Event("x"))); }),
  "stream pull": () => als.run("made", async () => { let r; const s = new ReadableStream({ pull(c) { r = als.getStore(); c.enqueue("x"); c.close(); } }, { highWaterMark: 0 }); return als.run("read", async () => { await s.getReader().read(); return r; }); }),
  "stream transform": () => als.run("made", async () => { let r; const t = new TransformStream({ transform(c, o) { r = als.getStore(); o.enqueue(c); } }); return als.run("read", async () => { const w = t.writable.getWriter(); w.write("x"); await t.readable.getReader().read(); return r; }); }),
  "fetch": () => inside(async () => { await fetch("http://probe.example/"); return als.getStore(); }),
  "body": () => inside(async () => { await new Response("x").text(); return als.getStore(); }),
  "digest": () => inside(async () => { await crypto.subtle.digest("SHA-1", new Uint8Array(1)); return als.getStore(); }),
  "waitUntil": async ({ ctx }) => { let r; await als.run("w", async () => { const p = scheduler.wait(1).then(() => { r = als.getStore(); }); ctx.waitUntil(p); await p; }); return r; },
});
