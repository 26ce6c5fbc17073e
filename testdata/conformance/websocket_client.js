// WebSocket: what a client sees of a server, and the ends of a pair of each other.
import { area, each } from "./probe.js";

const probes = {};
const url = "ws://e.com/socket";
const next = (s, type) => new Promise((f) => s.addEventListener(type, f, { once: true }));
const opened = async (...a) => { const s = new WebSocket(url, ...a); await next(s, "open"); return s; };
const asked = async (text, ...a) => { const s = await opened(...a); const got = next(s, "message"); s.send(text); const { data } = await got; s.close(); return data; };
const ended = (e) => [e.constructor.name, e.type, e.code, e.reason, e.wasClean];
const closed = async (text) => { const s = await opened(); const got = next(s, "close"); s.send(text); return [ended(await got), s.readyState]; };
const pair = (...options) => { const [a, b] = Object.values(new WebSocketPair()); a.accept(...options); b.accept(...options); return [a, b]; };
const attempt = (f) => { try { return f(); } catch (e) { return `${e.constructor.name} ${e.name}: ${e.message}`; } };

each(probes, "closed by the server", ["close", "close 1000", "close 1000 bye", "close 1001 away", "close 1011 oops", "close 3000 mine", "close 4999 é", "close 1008"], closed);
each(probes, "closed by the client", [[], [1000], [1000, "bye"], [3000, "mine"], [4999, "é"], [1001, "x"], [1011]], async (a) => { const s = await opened(); const got = next(s, "close"); const out = attempt(() => { s.close(...a); return s.readyState; }); if (typeof out === "string") { s.close(); return out; } return [out, ended(await got), s.readyState]; });
each(probes, "scheme", ["ws://e.com/socket", "http://e.com/socket", "WS://E.com/socket", "ws:e.com/socket", "ws://e.com/socket?x=1", "wss://", "ws://e.com:99999/", "ws://e.com", "ws://e.com?x", "ws://e.com/a/../b", "ws://e.com/é", "https://e.com/", "", "/socket", "data:x", "blob:x"], (u) => attempt(() => { const s = new WebSocket(u); s.addEventListener("error", () => {}); return [s.url, s.readyState, s.protocol, s.extensions]; }));
each(probes, "protocols", ["a", ["a"], ["a", "b"], [], undefined], async (p) => { const s = await opened(p); const out = s.protocol; s.close(); return [out, await asked("protocol", p)]; });
each(probes, "protocols wrong", ["", " ", "a b", "a,b", ["a", "a"], ["a", ""], [1], "é", "a;b", null, {}], (p) => attempt(() => { const s = new WebSocket(url, p); s.addEventListener("error", () => {}); return s.protocol; }));
each(probes, "sent", ["x", "", "é", 5, null, {}, true, [1, 2]], (v) => asked(v));
each(probes, "sent as bytes", [new Uint8Array([1, 2]), new Uint16Array([258]), new ArrayBuffer(2), new DataView(new ArrayBuffer(3), 1), new Uint8Array()], async (v) => { const s = await opened(); s.binaryType = "arraybuffer"; const got = next(s, "message"); s.send(v); const { data } = await got; s.close(); return data; });
Object.assign(probes, {
  "states": async () => { const s = new WebSocket(url); const out = [s.readyState]; await next(s, "open"); out.push(s.readyState); const got = next(s, "close"); s.close(); out.push(s.readyState); await got; return [...out, s.readyState]; },
  "open event": async () => { const s = new WebSocket(url); const e = await next(s, "open"); s.close(); return [e.constructor.name, e.type, e.target === s, e.isTrusted, e.bubbles]; },
  "message event": async () => { const s = await opened(); const got = next(s, "message"); s.send("x"); const e = await got; s.close(); return [e.constructor.name, e.data, e.origin, e.lastEventId, e.source, e.ports, e.target === s]; },
  "bytes by default": async () => { const data = await asked("bytes"); return [Object.prototype.toString.call(data), data.size, data.type, [...new Uint8Array(await data.arrayBuffer())]]; },
  "bytes as buffer": async () => { const s = await opened(); s.binaryType = "arraybuffer"; const got = next(s, "message"); s.send("bytes"); const { data } = await got; s.close(); return data; },
  "bytes and text in order": async () => { const s = await opened(); s.binaryType = "arraybuffer"; const out = []; const got = new Promise((f) => s.addEventListener("message", (e) => { out.push(typeof e.data); if (out.length === 4) f(); })); for (const t of ["x", "bytes", "y", "bytes"]) s.send(t); await got; s.close(); return out; },
  "send while connecting": () => attempt(() => { const s = new WebSocket(url); s.addEventListener("error", () => {}); s.send("x"); return s.readyState; }),
  "accept on a client": async () => { const s = await opened(); const out = attempt(() => s.accept()); s.close(); return out; },
  "send after close": async () => { const s = await opened(); s.close(); return attempt(() => s.send("x")); },
  "send after closed": async () => { const s = await opened(); const got = next(s, "close"); s.close(); await got; return attempt(() => s.send("x")); },
  "close after closed": async () => { const s = await opened(); const got = next(s, "close"); s.close(); await got; return [attempt(() => s.close()), attempt(() => s.close(1000, "again")), s.readyState]; },
  "through fetch": async () => { const r = await fetch("http://e.com/socket", { headers: { upgrade: "websocket" } }); const s = r.webSocket; const out = [r.status, s.readyState, s.url, s.protocol]; s.accept(); const got = next(s, "message"); s.send("x"); out.push((await got).data); s.close(); return out; },
  "through fetch, never accepted": async () => { const r = await fetch("http://e.com/socket", { headers: { upgrade: "websocket" } }); return attempt(() => r.webSocket.send("x")); },
  "through fetch, protocol": async () => { const r = await fetch("http://e.com/socket", { headers: { upgrade: "websocket", "sec-websocket-protocol": "a, b" } }); const s = r.webSocket; s.accept(); const out = [s.protocol, r.headers.get("sec-websocket-protocol")]; s.close(); return out; },
  "through fetch, no upgrade": async () => (await fetch("http://e.com/404")).webSocket,
  "not a socket": async () => { const s = new WebSocket("ws://e.com/404"); const e = await next(s, "error"); return [e.constructor.name, e.type, e.message]; },
  "pair closed by one": async () => { const [a, b] = pair(); const got = next(b, "close"); a.close(1000, "x"); const e = await got; return [ended(e), a.readyState, b.readyState]; },
  "pair closed by both": async () => { const [a, b] = pair(); const got = Promise.all([next(a, "close"), next(b, "close")]); a.close(3001, "a"); b.close(3002, "b"); return (await got).map(ended); },
  "pair half open": async () => { const [a, b] = pair({ allowHalfOpen: true }); const got = next(b, "close"); a.close(1000, "x"); await got; const back = next(a, "message"); const out = [b.readyState, attempt(() => b.send("late"))]; out.push((await back).data); const end = next(a, "close"); b.close(3000, "y"); return [...out, ended(await end), a.readyState, b.readyState]; },
  "pair answers by itself": async () => { const [a, b] = pair(); const got = next(a, "close"); a.close(3000, "x"); return ended(await got); },
  "pair last messages": async () => { const [a, b] = pair(); const out = []; b.addEventListener("message", (e) => out.push(e.data)); const got = next(b, "close"); a.send(1); a.send(2); a.close(); await got; return out; },
  "pair own end": async () => { const [a, b] = pair(); let n = 0; a.addEventListener("message", () => n++); const got = next(b, "message"); a.send("x"); await got; return n; },
  "pair same object": () => { const p = new WebSocketPair(); return [p[0] === p[0], p[0] !== p[1], p[2]]; },
  "accept wrong": () => [5, "x", null, {}, { allowHalfOpen: 1 }].map((o) => attempt(() => { const [a] = Object.values(new WebSocketPair()); a.accept(o); return a.readyState; })),
  "binaryType kinds": () => ["blob", "arraybuffer", "Blob", "", null, 5].map((v) => { const [a] = Object.values(new WebSocketPair()); const out = attempt(() => { a.binaryType = v; return "set"; }); return [out, a.binaryType]; }),
  "accepted in a response": () => attempt(() => { const [a] = Object.values(new WebSocketPair()); a.accept(); return new Response(null, { status: 101, webSocket: a }).status; }),
  "response without 101": () => attempt(() => new Response(null, { status: 200, webSocket: Object.values(new WebSocketPair())[0] }).status),
  "response 101 without socket": () => attempt(() => new Response(null, { status: 101 }).status),
  "response with a body": () => attempt(() => new Response("x", { status: 101, webSocket: Object.values(new WebSocketPair())[0] }).status),
  "response of another": () => attempt(() => new Response(null, { status: 101, webSocket: {} }).status),
});

export default area(probes);
