// EventSource, on streams.
import { area, shape, show } from "./probe.js";
const enc = (s) => new TextEncoder().encode(s);
const attempt = (f) => { try { return show(f(), 1); } catch (e) { return `${e.constructor?.name}: ${e.message}`; } };
const body = (...parts) => new ReadableStream({ async pull(c) { if (!parts.length) return c.close(); c.enqueue(enc(parts.shift())); await scheduler.wait(1); } });
const listen = (es, out, ...types) => { for (const t of ["open", "message", "error", ...types]) es.addEventListener(t, (e) => out.push(t === "open" || t === "error" ? [t, es.readyState, e.constructor.name, e.message ?? null, e.error ? String(e.error) : null] : [t, e.data, e.lastEventId, e.origin, e.constructor.name])); };
const over = async (es) => { for (let i = 0; i < 180 && es.readyState !== 2; i++) await scheduler.wait(5); };
const run = async (s, ...types) => { const out = []; const es = EventSource.from(body(...[].concat(s))); listen(es, out, ...types); await over(es); out.push(es.readyState); es.close(); return out; };
export default area({
  "class": () => [shape(EventSource), shape(EventSource.prototype)],
  "call": () => attempt(() => EventSource("http://a/")),
  "none": () => attempt(() => new EventSource()),
  "bad url": () => attempt(() => new EventSource("nope")),
  "constants": () => [EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED],
  "members": () => { const es = new EventSource("https://example.com/x"); const r = [es.url, es.withCredentials, es.readyState, es.onopen, es.onmessage, es.onerror, es instanceof EventTarget, String(es), shape(es)]; es.close(); r.push(es.readyState); return r; },
  "withCredentials": () => attempt(() => new EventSource("https://example.com/", { withCredentials: true })),
  "withCredentials false": () => attempt(() => { new EventSource("https://example.com/", { withCredentials: false }).close(); return "ok"; }),
  "options wrong": () => attempt(() => new EventSource("https://example.com/", 5)),
  "fetcher wrong": () => attempt(() => new EventSource("https://example.com/", { fetcher: 5 })),
  "scheme": () => attempt(() => { const e = new EventSource("ftp://a/"); e.close(); return e.url; }),
  "relative": () => attempt(() => new EventSource("/x")),
  "from none": () => attempt(() => EventSource.from()),
  "from string": () => attempt(() => EventSource.from("x")),
  "from locked": () => attempt(() => { const s = body("x"); s.getReader(); return EventSource.from(s); }),
  "from disturbed": async () => { const s = body("x"); const r = s.getReader(); await r.read(); r.releaseLock(); return attempt(() => EventSource.from(s)); },
  "from members": () => { const es = EventSource.from(body("x")); const r = [es.url, es.withCredentials, es.readyState]; es.close(); return r; },
  "message": () => run("data: hello\n\n"),
  "two lines": () => run("data: a\ndata: b\n\n"),
  "no space": () => run("data:a\ndata:  b\n\n"),
  "id": () => run("id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"),
  "id null": () => run("id: a\0b\ndata: a\n\n"),
  "event": () => run("event: x\ndata: a\n\nevent: message\ndata: b\n\n", "x"),
  "event no data": () => run("event: x\n\ndata\n\n", "x"),
  "comment": () => run(": c\ndata: a\n\n:\n\n"),
  "crlf": () => run("data: a\r\ndata: b\r\n\r\n"),
  "cr": () => run("data: a\rdata: b\r\r"),
  "crlf split": () => run(["data: a\r", "\n", "\r", "\ndata: b\r\n\r\n"]),
  "split": () => run(["da", "ta: h", "el", "lo\n", "\n"]),
  "bom": () => run("\ufeffdata: a\n\n"),
  "unfinished": () => run("data: a\n\ndata: b\n"),
  "unknown field": () => run("foo: x\ndata: a\n\n"),
  "retry": () => run("retry: 10\ndata: a\n\n"),
  "retry bad": () => run("retry: x\ndata: a\n\n"),
  "empty": () => run([]),
  "utf8": () => run("data: é€\n\n"),
  "invalid utf8": async () => { const out = []; const es = EventSource.from(new Response(new Uint8Array([100, 97, 116, 97, 58, 0xff, 10, 10])).body); listen(es, out); await over(es); es.close(); return out; },
  "stream error": async () => { const out = []; const es = EventSource.from(new ReadableStream({ pull(c) { c.error(new RangeError("boom")); } })); listen(es, out); await over(es); out.push(es.readyState); return out; },
  "not bytes": async () => { const out = []; const es = EventSource.from(new ReadableStream({ pull(c) { c.enqueue("data: x\n\n"); c.close(); } })); listen(es, out); await over(es); out.push(es.readyState); return out; },
  "close early": async () => { const out = []; const es = EventSource.from(body("data: a\n\n", "data: b\n\n")); es.onmessage = (e) => { out.push(e.data); es.close(); }; await over(es); out.push(es.readyState); return out; },
  "handlers": async () => { const out = []; const es = EventSource.from(body("data: a\n\n")); es.onopen = (e) => out.push("open", e.type); es.onmessage = function (e) { out.push(this === es, e.data); }; es.onerror = (e) => out.push("error", es.readyState); await over(es); return out; },
  "handler set": () => { const es = EventSource.from(body("")); const f = () => {}; es.onopen = f; const r = [es.onopen === f]; es.onopen = 5; r.push(es.onopen); es.onopen = null; r.push(es.onopen); es.close(); return r; },
});
