// compatibility_flags: nodejs_compat
// node:timers and node:timers/promises.
import timers from "node:timers";
import promises, { scheduler } from "node:timers/promises";
import { promisify } from "node:util";
import { nodeArea, each, problem } from "./lib/node.js";

const probes = {
  "setTimeout": () => promises.setTimeout(1, "v"),
  "setTimeout nothing": () => promises.setTimeout(),
  "setTimeout abort": async () => { const c = new AbortController(); const p = promises.setTimeout(10_000, null, { signal: c.signal }); c.abort(); try { await p; } catch (e) { return [problem(e), e.cause?.name]; } },
  "setTimeout aborted": async () => promises.setTimeout(1, null, { signal: AbortSignal.abort("w") }).catch((e) => [problem(e), e.cause]),
  "setTimeout bad": async () => Promise.all([["a"], [1, 1, 5], [1, 1, null], [1, 1, { signal: 5 }], [1, 1, { ref: 5 }], [null], [-1], [NaN]].map((a) => promises.setTimeout(...a).then((v) => v ?? "done", problem))),
  "setImmediate": () => promises.setImmediate("i"),
  "setImmediate bad": async () => Promise.all([[1, 5], [1, null], [1, { signal: 5 }], [1, { ref: 5 }], [1, { signal: AbortSignal.abort() }]].map((a) => promises.setImmediate(...a).then((v) => v, problem))),
  "setInterval": async () => { const l = []; for await (const v of promises.setInterval(1, "v")) { l.push(v); if (l.length === 3) break; } return l; },
  "setInterval abort": async () => { const c = new AbortController(), l = []; try { for await (const v of promises.setInterval(1, "v", { signal: c.signal })) { l.push(v); if (l.length === 2) c.abort(); } } catch (e) { l.push(problem(e)); } return l; },
  "setInterval bad": async () => Promise.all([["a"], [1, 1, 5], [1, 1, { signal: 5 }], [1, 1, { ref: 5 }], [1, 1, { signal: AbortSignal.abort() }]].map(async (a) => { try { const it = promises.setInterval(...a); const r = await it.next(); await it.return(); return r.value; } catch (e) { return problem(e); } })),
  "setInterval return": async () => { const it = promises.setInterval(1, "v"); return [await it.next(), await it.return(), await it.next()]; },
  "scheduler wait": async () => [await scheduler.wait(1), await scheduler.yield(), scheduler.constructor.name, Object.keys(scheduler)],
  "scheduler bad": async () => Promise.all([["a"], [1, 5], [1, { signal: AbortSignal.abort() }]].map((a) => { try { return scheduler.wait(...a).then((v) => v, problem); } catch (e) { return problem(e); } })),
  "promisify": async () => promisify(setTimeout)(1, "a"),
  "promisify of the module": async () => promisify(timers.setTimeout)(1, "a"),
  "promisify immediate": async () => promisify(setImmediate)("c"),
  "arguments": () => new Promise((r) => setTimeout((...a) => r(a), 1, 1, 2, 3)),
  "arguments immediate": () => new Promise((r) => setImmediate((...a) => r(a), 1, 2, 3)),
  "arguments interval": () => new Promise((r) => { const t = setInterval((...a) => { clearInterval(t); r(a); }, 1, "x", "y"); }),
  "this": () => new Promise((r) => { const t = setTimeout(function () { r([this === t, this?.constructor?.name]); }, 1); }),
  "not functions": () => [...each([undefined, "code", 5, {}], (f) => timers.setTimeout(f, 1)), ...each([undefined, "code"], (f) => timers.setInterval(f, 1)), ...each([undefined, "code"], (f) => timers.setImmediate(f))],
  "clear anything": () => each([undefined, null, 0, 1e9, "a", "5", {}, NaN, -1, [], true], (x) => { timers.clearTimeout(x); timers.clearInterval(x); return "ok"; }),
  "clearImmediate anything": () => each([undefined, null, 0, "a", {}], (x) => { timers.clearImmediate(x); return "ok"; }),
  "clear by number": async () => { let n = 0; const t = setTimeout(() => n++, 1); clearTimeout(+t); const u = setTimeout(() => n++, 1); clearTimeout(`${+u}`); await promises.setTimeout(10); return n; },
  "clear across": async () => { let n = 0; clearInterval(setTimeout(() => n++, 1)); clearTimeout(setInterval(() => n++, 1)); await promises.setTimeout(10); return n; },
  "dispose": async () => { let n = 0; { using t = setTimeout(() => n++, 1); using i = setImmediate(() => n++); void t, i; } await promises.setTimeout(10); return n; },
  "refresh": async () => { let n = 0; const t = setTimeout(() => n++, 5); t.refresh(); await promises.setTimeout(40); t.refresh(); await promises.setTimeout(40); return n; },
  "close": async () => { let n = 0; const t = setTimeout(() => n++, 1); const same = t.close() === t; await promises.setTimeout(10); return [n, same]; },
  "ref": () => { const t = setTimeout(() => {}, 1e6); const r = [t.hasRef(), t.unref().hasRef(), t.ref().hasRef()]; clearTimeout(t); return r; },
  "ref immediate": () => { const t = setImmediate(() => {}); const r = [t.hasRef(), t.unref()?.hasRef?.(), t.ref()?.hasRef?.()]; clearImmediate(t); return r; },
  "members": () => { const t = setTimeout(() => {}, 1e6); clearTimeout(t); return [Object.getOwnPropertyNames(Object.getPrototypeOf(t)).sort(), Object.getOwnPropertySymbols(Object.getPrototypeOf(t)).map(String), Object.keys(t)]; },
  "old": () => each(["active", "_unrefActive", "enroll", "unenroll"], (m) => timers[m]?.({}, 1)),
  "order": async () => { const l = []; setTimeout(() => l.push("t2"), 2); setTimeout(() => l.push("t0"), 0); setTimeout(() => l.push("t1"), 1); setImmediate(() => l.push("i")); await promises.setTimeout(30); return l; },
  "same": () => [timers.setTimeout === setTimeout, timers.clearTimeout === clearTimeout, timers.promises === promises, promises.scheduler === scheduler, Object.keys(timers).sort(), Object.keys(promises).sort()],
};
export default nodeArea(probes);
