// compatibility_flags: nodejs_compat
// node:diagnostics_channel.
import dc, { channel, hasSubscribers, subscribe, unsubscribe, tracingChannel, Channel } from "node:diagnostics_channel";
import { AsyncLocalStorage } from "node:async_hooks";
import { nodeArea, each, problem } from "./lib/node.js";

let n = 0;
const fresh = () => channel(`c${n++}`);
const names = ["start", "end", "asyncStart", "asyncEnd", "error"];
const traced = () => { const name = `t${n++}`; const t = tracingChannel(name), log = []; t.subscribe(Object.fromEntries(names.map((k) => [k, (m) => log.push(`${k} ${JSON.stringify({ ...m, error: m.error?.message })}`)]))); return [t, log, name]; };
const tick = () => new Promise((r) => setTimeout(r, 5));
const probes = {
  "channel": () => { const c = channel("a"); return [c === channel("a"), c === dc.channel("a"), c.name, c.constructor.name, c instanceof Channel, c.hasSubscribers, hasSubscribers("a")]; },
  "symbol": () => { const s = Symbol("s"); const c = channel(s); c.subscribe(() => {}); return [channel(s) === c, String(c.name), hasSubscribers(s)]; },
  "bad names": () => each([undefined, null, 5, {}, true], (x) => channel(x)),
  "subscribe": () => { const c = fresh(), l = []; c.subscribe((m, name) => l.push([m, name.slice(0, 1)])); c.publish({ a: 1 }); c.publish(undefined); return [l, c.hasSubscribers, c.constructor.name]; },
  "publish nothing": () => fresh().publish(),
  "several": () => { const c = fresh(), l = []; c.subscribe(() => l.push(1)); c.subscribe(() => l.push(2)); c.publish(0); return l; },
  "unsubscribe": () => { const c = fresh(), f = () => {}; c.subscribe(f); return [c.unsubscribe(f), c.unsubscribe(f), c.hasSubscribers, c.constructor.name]; },
  "unsubscribe twice subscribed": () => { const c = fresh(), l = [], f = () => l.push(1); c.subscribe(f); c.subscribe(f); c.publish(0); c.unsubscribe(f); c.publish(0); return l; },
  "by name": () => { const l = [], f = (m) => l.push(m), name = `c${n++}`; subscribe(name, f); channel(name).publish(1); const a = unsubscribe(name, f); channel(name).publish(2); return [l, a, unsubscribe(name, f)]; },
  "bad subscribers": () => each([undefined, null, 5, {}], (f) => fresh().subscribe(f)),
  "bad subscribers by name": () => each([["a"], ["a", 5], [5, () => {}], []], (a) => subscribe(...a)),
  "bad unsubscribe": () => each([undefined, 5], (f) => fresh().unsubscribe(f)),
  "throwing subscriber": async () => { const c = fresh(), l = []; const on = (e) => { l.push(problem(e)); }; process.on("uncaughtException", on); c.subscribe(() => l.push("a")); c.publish(1); process.off("uncaughtException", on); return l; },
  "publish without": () => fresh().publish(1),
  "subscribe while publishing": () => { const c = fresh(), l = []; c.subscribe(() => { l.push("a"); c.subscribe(() => l.push("b")); }); c.publish(0); return l; },
  "unsubscribe while publishing": () => { const c = fresh(), l = []; const f = () => { l.push("a"); c.unsubscribe(f); }; c.subscribe(f); c.subscribe(() => l.push("b")); c.publish(0); c.publish(0); return l; },
  "constructed": () => { const c = new Channel("zz"); return [c === channel("zz"), c.name, c.hasSubscribers]; },
  "bindStore": () => { const c = fresh(), s = new AsyncLocalStorage(); c.bindStore(s); return [c.runStores({ a: 1 }, () => s.getStore()), s.getStore(), c.unbindStore(s), c.unbindStore(s), c.runStores(1, () => s.getStore())]; },
  "bindStore transform": () => { const c = fresh(), s = new AsyncLocalStorage(), l = []; c.bindStore(s, (m) => { l.push(m); return m * 2; }); return [c.runStores(4, function (...a) { return [this.x, a, s.getStore()]; }, { x: 9 }, 1, 2), l]; },
  "bindStore publishes": () => { const c = fresh(), s = new AsyncLocalStorage(), l = []; c.bindStore(s, () => "st"); c.subscribe((m) => l.push([m, s.getStore()])); c.runStores(1, () => l.push("run")); return l; },
  "bindStore nested": () => { const a = fresh(), b = fresh(), s = new AsyncLocalStorage(); a.bindStore(s); b.bindStore(s); return a.runStores(1, () => [s.getStore(), b.runStores(2, () => s.getStore()), s.getStore()]); },
  "bindStore throws": () => { const c = fresh(), s = new AsyncLocalStorage(); c.bindStore(s, () => { throw new Error("transform"); }); return c.runStores(1, () => s.getStore() ?? "none"); },
  "runStores throws": () => fresh().runStores(1, () => { throw new Error("r"); }),
  "runStores bad": () => fresh().runStores(1, 5),
  "tracing": () => { const t = tracingChannel("tt"); return [Object.keys(t), t.start.name, t.asyncEnd.name, t.error === channel("tracing:tt:error"), t.constructor.name, t.hasSubscribers]; },
  "tracing of channels": () => { const o = Object.fromEntries(names.map((k) => [k, channel(`x:${k}`)])); const t = tracingChannel(o); return [t.start === o.start, t.start.name]; },
  "tracing bad": () => each([undefined, null, 5, {}, { start: 5 }], (x) => tracingChannel(x)),
  "tracing subscribe": () => { const [t, log] = traced(); return [t.hasSubscribers, log]; },
  "tracing unsubscribe": () => { const t = tracingChannel(`t${n++}`), h = { start() {}, end() {} }; t.subscribe(h); return [t.unsubscribe(h), t.unsubscribe(h), t.hasSubscribers]; },
  "traceSync": () => { const [t, log] = traced(); return [t.traceSync(function (a, b) { return [this.t, a, b]; }, { c: 1 }, { t: 1 }, 2, 3), log]; },
  "traceSync throws": () => { const [t, log] = traced(); try { t.traceSync(() => { throw new Error("s"); }, { c: 1 }); } catch (e) { log.push(e.message); } return log; },
  "traceSync without": () => tracingChannel(`t${n++}`).traceSync((a) => a, {}, null, 7),
  "traceSync context": () => { const [t] = traced(); const c = {}; t.traceSync(() => 5, c); return c; },
  "tracePromise": async () => { const [t, log] = traced(); const r = await t.tracePromise(async (a) => a, { c: 1 }, null, 2); return [r, log]; },
  "tracePromise rejects": async () => { const [t, log] = traced(); try { await t.tracePromise(async () => { throw new Error("p"); }, {}); } catch (e) { log.push(e.message); } return log; },
  "tracePromise throws": async () => { const [t, log] = traced(); try { await t.tracePromise(() => { throw new Error("p"); }, {}); } catch (e) { log.push(e.message); } return log; },
  "tracePromise value": async () => { const [t, log] = traced(); const p = t.tracePromise(() => 5, {}); return [p instanceof Promise, await p, log]; },
  "tracePromise thenable": async () => { const [t, log] = traced(); const p = t.tracePromise(() => ({ then(f) { f(6); } }), {}); return [p instanceof Promise, await p, log]; },
  "traceCallback": async () => { const [t, log] = traced(); const r = await new Promise((done) => t.traceCallback((a, cb) => { setTimeout(() => cb(null, a), 1); }, 1, { c: 1 }, null, 5, (e, v) => done([e, v]))); return [r, log]; },
  "traceCallback error": async () => { const [t, log] = traced(); const r = await new Promise((done) => t.traceCallback((cb) => { setTimeout(() => cb(new Error("cb")), 1); }, -1, {}, null, (e) => done(e.message))); return [r, log]; },
  "traceCallback throws": () => { const [t, log] = traced(); try { t.traceCallback(() => { throw new Error("ct"); }, -1, {}, null, () => {}); } catch (e) { log.push(e.message); } return log; },
  "traceCallback bad": () => each([[(cb) => cb, 0, {}, null, 5], [(cb) => cb, 1, {}, null, 5]], (a) => traced()[0].traceCallback(...a)),
  "traceCallback stores": async () => { const [t] = traced(), s = new AsyncLocalStorage(); t.start.bindStore(s, () => "store"); return new Promise((done) => t.traceCallback((cb) => { setTimeout(cb, 1); }, 0, {}, null, () => done(s.getStore() ?? "none"))); },
  "promise stores": async () => { const [t] = traced(), s = new AsyncLocalStorage(); t.start.bindStore(s, () => "store"); return t.tracePromise(async () => { await tick(); return s.getStore(); }, {}); },
  "exports": () => Object.keys(dc).sort(),
};
export default nodeArea(probes);
