// What exists on globalThis, and where.
import { area } from "./probe.js";

const language = new Set(`Intl Iterator WeakRef FinalizationRegistry Atomics SharedArrayBuffer DisposableStack AsyncDisposableStack
SuppressedError Float16Array WebAssembly`.split(/\s+/));

const where = (n) => {

  for (let o = globalThis; o; o = Object.getPrototypeOf(o)) {
    const d = Object.getOwnPropertyDescriptor(o, n);
    if (!d) continue;
    return `${typeof globalThis[n]}${d.enumerable ? " enumerable" : ""}${d.configurable ? " configurable" : ""}`;
  }
  return "missing";
};

const probes = {
  "all names": () => {
    const names = new Set();
    for (let o = globalThis; o && o !== Object.prototype; o = Object.getPrototypeOf(o)) for (const n of Object.getOwnPropertyNames(o)) if (!language.has(n)) names.add(n);
    return [...names].sort().join(" ");
  },
  "enumerable names": () => { const names = []; for (const n in globalThis) names.push(n); return names.sort().join(" "); },
  "tag": () => Object.prototype.toString.call(globalThis),
  "String(globalThis)": () => String(globalThis),
  "constructor": () => globalThis.constructor.name,
  "prototypes": () => { const s = []; for (let o = Object.getPrototypeOf(globalThis); o; o = Object.getPrototypeOf(o)) s.push(o.constructor.name); return s; },
  "self": () => self === globalThis,
  "instanceof": () => [globalThis instanceof ServiceWorkerGlobalScope, globalThis instanceof WorkerGlobalScope, globalThis instanceof EventTarget],
  "origin": () => origin,
  "addEventListener": () => { let got = ""; addEventListener("zz", (e) => { got += e.type + (e.target === globalThis) }); dispatchEvent(new Event("zz")); return got; },
  "addEventListener fetch": () => addEventListener("fetch", () => {}),
  "removeEventListener": () => removeEventListener("zz", () => {}),
  "Cloudflare.compatibilityFlags": () => Object.entries(Cloudflare.compatibilityFlags).filter(([, v]) => v).map(([k]) => k).sort().join(" "),
  "compatibilityFlags names": () => Object.keys(Cloudflare.compatibilityFlags).sort().join(" "),
  "compatibilityFlags type": () => [Object.isFrozen(Cloudflare.compatibilityFlags), Object.isFrozen(Cloudflare), Object.prototype.toString.call(Cloudflare.compatibilityFlags), Object.getPrototypeOf(Cloudflare.compatibilityFlags) === Object.prototype],
  "compatibilityFlags write": () => { "use strict"; Cloudflare.compatibilityFlags.x = 1; return Cloudflare.compatibilityFlags.x; },
  "reportError": () => reportError(new Error("x")),
  "reportError none": () => reportError(),
  "navigator.userAgent": () => navigator.userAgent,
  "navigator.language": () => typeof navigator.language,
  "performance.timeOrigin": () => typeof performance.timeOrigin,
  "performance.toJSON": () => Object.keys(performance.toJSON()),
  "performance.mark": () => typeof performance.mark,
  "globals are writable": () => { const old = globalThis.Headers; globalThis.Headers = 1; const r = Headers; globalThis.Headers = old; return r; },
  "delete fetch": () => { const old = fetch; const r = delete globalThis.fetch; const t = typeof globalThis.fetch; globalThis.fetch = old; return [r, t]; },
  "assign undeclared": () => { "use strict"; try { undeclared = 1; } catch (e) { return e.name + e.message } },
  "typeof GoError": () => typeof GoError,
  "indirect eval": () => (0, eval)("1+1"),
  "direct eval": () => eval("1+1"),
  "eval of a value": () => (0, eval)(5),
  "eval syntax error": () => (0, eval)("}{"),
  "new Function": () => new Function("return 1")(),
  "Function()": () => Function("a", "return a")(2),
  "Function via constructor": () => (() => {}).constructor("return 1")(),
  "AsyncFunction": () => (async () => {}).constructor("return 1")(),
  "GeneratorFunction": () => (function* () {}).constructor("yield 1"),
  "setTimeout string": () => setTimeout("1+1"),
  "Function.prototype": () => Object.getPrototypeOf(() => {}) === Function.prototype && (() => {}) instanceof Function,
  "Function shape": () => [Function.name, Function.length, eval.name, eval.length],
};
for (const n of `AbortController Body BroadcastChannel Cloudflare Buffer CacheStorage ExecutionContext ExtendableEvent EventSource EventTarget Fetcher FetchEvent
HTMLRewriter MessageChannel MessagePort Navigator Performance R2Bucket KvNamespace DurableObject Scheduler ScheduledController ScheduledEvent
ServiceWorkerGlobalScope Socket StorageManager TailEvent TraceEvent QueueEvent WorkerGlobalScope WebSocketRequestResponsePair addEventListener atob
caches clearImmediate clearInterval console constructor crypto dispatchEvent fetch global importScripts location navigator name onerror origin performance
postMessage process queueMicrotask reportError require scheduler self setImmediate setTimeout structuredClone window gc print document
PerformanceEntry PerformanceMark DigestStream XMLHttpRequest Worker SharedWorker Storage localStorage indexedDB`.split(/\s+/)) probes[`where is ${n}`] = () => where(n);

export default area(probes);
