// AbortSignal through what takes one, and MessageChannel.
import { area, each } from "./probe.js";

const probes = {};
const told = (p) => Promise.resolve(p).then((v) => ["ok", typeof v], (e) => e instanceof Error ? [e.constructor.name, e.name, e.message] : ["thrown", e]);
const reasons = [undefined, null, "why", 5, new Error("mine"), new DOMException("d", "TimeoutError"), { a: 1 }];

each(probes, "reason", reasons, (r) => { const s = AbortSignal.abort(r); return [s.aborted, s.reason === r, s.reason instanceof DOMException, String(s.reason)]; });
each(probes, "fetch aborted", reasons, (r) => told(fetch("http://e.com/", { signal: AbortSignal.abort(r) })));
each(probes, "wait aborted", reasons, (r) => told(scheduler.wait(10, { signal: AbortSignal.abort(r) })));
each(probes, "pipe aborted", reasons, (r) => told(new ReadableStream().pipeTo(new WritableStream(), { signal: AbortSignal.abort(r) })));
each(probes, "wait aborted later", reasons, (r) => { const c = new AbortController(); const p = told(scheduler.wait(1e6, { signal: c.signal })); c.abort(r); return p; });
each(probes, "throwIfAborted", reasons, (r) => { try { AbortSignal.abort(r).throwIfAborted(); } catch (e) { return [e === r, String(e)]; } });
Object.assign(probes, {
  "pipeThrough aborted": async () => { const out = new ReadableStream().pipeThrough(new TransformStream(), { signal: AbortSignal.abort("x") }); return told(out.getReader().read()); },
  "signal of a request": () => { const c = new AbortController(); const r = new Request("http://e.com/", { signal: c.signal }); c.abort("x"); return [r.signal.aborted, r.signal === c.signal, r.signal.reason]; },
  "signal of a clone": () => { const c = new AbortController(); const r = new Request("http://e.com/", { signal: c.signal }).clone(); c.abort("x"); return [r.signal.aborted, r.signal.reason]; },
  "signal of a copy": () => { const c = new AbortController(); const r = new Request(new Request("http://e.com/", { signal: c.signal })); c.abort("x"); return [r.signal.aborted, r.signal.reason]; },
  "request of an aborted one": () => told(fetch(new Request("http://e.com/", { signal: AbortSignal.abort("x") }))),
  "signal null over a request's": () => new Request(new Request("http://e.com/", { signal: AbortSignal.abort("x") }), { signal: null }).signal.aborted,
  "fetch signal null": () => told(fetch("http://e.com/", { signal: null }).then((r) => r.text())),
  "fetch signal wrong": () => told(fetch("http://e.com/", { signal: 5 })),
  "fetch aborted while it waits": async () => { const c = new AbortController(); const p = told(fetch("http://e.com/", { signal: c.signal })); c.abort("x"); return p; },
  "body aborted": async () => { const c = new AbortController(); const r = await fetch("http://e.com/", { signal: c.signal }); const t = await r.text(); c.abort("x"); return t.length >= 0; },
  "any keeps order": () => { const a = new AbortController(), b = new AbortController(); const s = AbortSignal.any([a.signal, b.signal]); b.abort("b"); a.abort("a"); return s.reason; },
  "any first of aborted": () => AbortSignal.any([new AbortController().signal, AbortSignal.abort("x"), AbortSignal.abort("y")]).reason,
  "any event": () => { const a = new AbortController(); const s = AbortSignal.any([a.signal]); const seen = []; s.addEventListener("abort", (e) => seen.push(e.type, e.target === s, e.isTrusted)); a.abort(); a.abort(); return seen; },
  "any in any": () => { const a = new AbortController(); const s = AbortSignal.any([AbortSignal.any([a.signal])]); a.abort("x"); return [s.aborted, s.reason]; },
  "any and fetch": () => { const a = new AbortController(); const p = told(fetch("http://e.com/", { signal: AbortSignal.any([a.signal, AbortSignal.timeout(1e6)]) })); a.abort("x"); return p; },
  "timeout reason": async () => { const s = AbortSignal.timeout(1); await new Promise((f) => { s.onabort = f; }); return [s.reason.constructor.name, s.reason.name, s.reason.message, s.reason.code]; },
  "timeout and wait": () => told(scheduler.wait(1e6, { signal: AbortSignal.timeout(1) })),
  "listener with a signal": () => { const c = new AbortController(), t = new EventTarget(); let n = 0; t.addEventListener("x", () => n++, { signal: c.signal }); t.dispatchEvent(new Event("x")); c.abort(); t.dispatchEvent(new Event("x")); return n; },
  "abort in a listener": () => { const c = new AbortController(); const seen = []; c.signal.addEventListener("abort", () => { seen.push(1); c.abort("again"); }); c.signal.addEventListener("abort", () => seen.push(2)); c.abort("first"); return [seen, c.signal.reason]; },
  "writable controller": async () => { let signal; const w = new WritableStream({ start(c) { signal = c.signal; } }); await w.abort("x"); return [signal.aborted, signal.reason]; },

  "port data": async () => { const { port1, port2 } = new MessageChannel(); const got = new Promise((f) => { port2.onmessage = (e) => f([e.constructor.name, e.type, e.data, e.origin, e.lastEventId, e.source, e.ports, e.target === port2]); }); port1.postMessage({ a: 1n, m: new Map([[1, 2]]) }); return got; },
  "port both ways": async () => { const { port1, port2 } = new MessageChannel(); port2.onmessage = (e) => port2.postMessage(e.data + 1); const got = new Promise((f) => { port1.onmessage = (e) => f(e.data); }); port1.postMessage(1); return got; },
  "port order": async () => { const { port1, port2 } = new MessageChannel(); const out = []; const got = new Promise((f) => { port2.onmessage = (e) => { out.push(e.data); if (e.data === 4) f(out); }; }); for (let i = 0; i < 5; i++) port1.postMessage(i); return got; },
  "port later than microtasks": async () => { const { port1, port2 } = new MessageChannel(); const out = []; const got = new Promise((f) => { port2.onmessage = () => { out.push("message"); f(out); }; }); port1.postMessage(1); queueMicrotask(() => out.push("microtask")); out.push("sync"); return got; },
  "port copies": async () => { const { port1, port2 } = new MessageChannel(); const o = { a: [1] }; const got = new Promise((f) => { port2.onmessage = (e) => f([e.data, e.data === o]); }); port1.postMessage(o); o.a.push(2); return got; },
  "port unclonable": () => { const { port1 } = new MessageChannel(); port1.postMessage(Symbol("s")); },
  "port none": () => new MessageChannel().port1.postMessage(),
  "port transfers": async () => { const { port1, port2 } = new MessageChannel(); const b = new Uint8Array([7]).buffer; const got = new Promise((f) => { port2.onmessage = (e) => f([new Uint8Array(e.data), b.byteLength]); }); port1.postMessage(b, [b]); return got; },
  "port transfer option": async () => { const { port1, port2 } = new MessageChannel(); const b = new Uint8Array([7]).buffer; const got = new Promise((f) => { port2.onmessage = (e) => f([new Uint8Array(e.data), b.byteLength]); }); port1.postMessage(b, { transfer: [b] }); return got; },
  "port error": async () => { const { port1, port2 } = new MessageChannel(); const got = new Promise((f) => { port2.onmessage = (e) => f([e.data.constructor.name, e.data.message, e.data.cause]); }); port1.postMessage(new RangeError("m", { cause: 1 })); return got; },
  "port closed": async () => { const { port1, port2 } = new MessageChannel(); let n = 0; port2.onmessage = () => n++; port2.close(); port1.postMessage(1); await scheduler.wait(5); return n; },
  "port queue": async () => { const { port1, port2 } = new MessageChannel(); port1.postMessage(1); port1.postMessage(2); await scheduler.wait(5); const out = []; const got = new Promise((f) => { port2.onmessage = (e) => { out.push(e.data); if (out.length === 2) f(out); }; }); return got; },
  "port same": () => { const m = new MessageChannel(); return [m.port1 === m.port1, m.port1 !== m.port2, m.port1 instanceof EventTarget, String(m.port1), Object.keys(m)]; },
  "port handler": () => { const { port1 } = new MessageChannel(); const f = () => {}; const out = [port1.onmessage]; port1.onmessage = f; out.push(port1.onmessage === f); port1.onmessage = 5; out.push(port1.onmessage); port1.onmessage = null; return [...out, port1.onmessage]; },
});

export default area(probes);
