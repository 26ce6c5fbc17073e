// compatibility_flags: nodejs_compat
// The events of process that concern errors nobody handles.
import process from "node:process";
import { EventEmitter } from "node:events";
import { area } from "./probe.js";

const names = ["unhandledRejection", "rejectionHandled", "uncaughtException", "uncaughtExceptionMonitor", "multipleResolves", "warning", "exit", "beforeExit", "worker", "message", "SIGINT"];

async function events(f, only = names, look = (x) => x instanceof Promise ? "promise" : x) {
  const got = [];
  const listeners = only.map((name) => [name, (...args) => { got.push([name, args.map(look)]); }]);
  for (const l of listeners) process.on(...l);
  try { await f(); await scheduler.wait(5); } finally { for (const l of listeners) process.removeListener(...l); }
  return got;
}

export default area({
  "unhandled": () => events(() => { Promise.reject(1); }),
  "unhandled error": () => events(() => { Promise.reject(new RangeError("x")); }),
  "handled": () => events(() => { Promise.reject(1).catch(() => {}); }),
  "handled late": () => events(async () => { const p = (() => Promise.reject(1))(); await scheduler.wait(1); p.catch(() => {}); }),
  "only rejectionHandled": () => events(async () => { const p = (() => Promise.reject(1))(); await scheduler.wait(1); p.catch(() => {}); }, ["rejectionHandled"]),
  "same promise": async () => { let p; const got = await events(() => { p = Promise.reject(1); }, ["unhandledRejection"], (x) => x === p); return got; },
  "once": async () => { const got = []; process.once("unhandledRejection", (r) => got.push(r)); Promise.reject(1); Promise.reject(2); await scheduler.wait(2); Promise.reject(3); await scheduler.wait(2); return got; },
  "off": async () => { const got = []; const f = (r) => got.push(r); process.on("unhandledRejection", f); process.off("unhandledRejection", f); Promise.reject(1); await scheduler.wait(2); return got; },
  "two listeners": async () => { const got = []; const a = (r) => got.push("a" + r), b = (r) => got.push("b" + r); process.on("unhandledRejection", a); process.on("unhandledRejection", b); Promise.reject(1); await scheduler.wait(2); process.off("unhandledRejection", a).off("unhandledRejection", b); return got; },
  "this": async () => { let r; process.once("unhandledRejection", function () { r = this === process; }); Promise.reject(1); await scheduler.wait(2); return r; },
  "args": async () => { let r; process.once("unhandledRejection", function () { r = arguments.length; }); Promise.reject(1); await scheduler.wait(2); return r; },
  "both": async () => { const got = []; const l = (e) => got.push("event " + e.defaultPrevented); addEventListener("unhandledrejection", l); process.once("unhandledRejection", () => got.push("process")); Promise.reject(1); await scheduler.wait(2); removeEventListener("unhandledrejection", l); return got; },
  "event after process": async () => { const got = []; process.once("unhandledRejection", () => got.push("process")); const l = (e) => got.push("event " + e.defaultPrevented); addEventListener("unhandledrejection", l); Promise.reject(1); await scheduler.wait(2); removeEventListener("unhandledrejection", l); return got; },
  "listener throws": async () => { const got = []; const l = (e) => { got.push(e.message); }; addEventListener("error", l); process.once("unhandledRejection", () => { throw new Error("thrown"); }); Promise.reject(1); await scheduler.wait(2); removeEventListener("error", l); return got; },
  "emit": () => { const got = []; process.once("unhandledRejection", (...a) => got.push(a)); process.emit("unhandledRejection", 1, 2); return got; },
  "timer throws": () => events(() => { setTimeout(() => { throw new Error("x"); }, 0); }),
  "microtask throws": () => events(() => { queueMicrotask(() => { throw new Error("x"); }); }),
  "nextTick throws": () => events(() => { process.nextTick(() => { throw new Error("x"); }); }),
  "reportError": () => events(() => { reportError(new Error("x")); }),
  "emitter error": () => events(() => { setTimeout(() => new EventEmitter().emit("error", new Error("x"))); }),
  "emitWarning": () => events(() => { process.emitWarning("w"); }),
  "listenerCount": () => names.map((n) => process.listenerCount(n)),
  "eventNames": () => process.eventNames(),
  "uncaughtException": () => events(() => { setTimeout(() => { throw 5; }); }, ["uncaughtException"]),
  "exit": () => process.exit.length,
  "multipleResolves": () => events(() => { new Promise((f) => { f(1); f(2); }); }),
  "unhandled later": () => events(async () => { await scheduler.wait(1); Promise.reject(2); await scheduler.wait(1); }),
  "rejection of a listener": () => events(async () => { process.once("unhandledRejection", async () => { throw "again"; }); Promise.reject(1); await scheduler.wait(2); }),
});
