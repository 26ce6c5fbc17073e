// compatibility_flags: nodejs_compat
// node:stream.
import stream, { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal } from "node:stream";
import promises from "node:stream/promises";
import consumers from "node:stream/consumers";
import { Buffer } from "node:buffer";
import { area, show } from "./probe.js";

/** Adds the code that errors of Node carry. */
const coded = (f) => async (x) => {
  try {
    return show(await f(x));
  } catch (e) {
    return e?.code ? `${e.name} ${e.code}: ${e.message}` : `${e?.name}: ${e?.message}`;
  }
};
const events = (s, names) => { const log = []; for (const n of names) s.on(n, (v) => log.push(v === undefined || n === "pipe" || n === "unpipe" ? n : `${n} ${v?.message ?? v}`)); return log; };
const later = () => new Promise((r) => setTimeout(r, 10));
const sink = (options = {}) => { const out = []; const w = new Writable({ write(c, e, done) { out.push(String(c)); done(); }, ...options }); w.out = out; return w; };

const probes = {
  "readable order": async () => { const r = new Readable({ read() {} }); const log = events(r, ["readable", "data", "end", "close"]); r.push("a"); r.push("b"); r.push(null); await later(); return log; },
  "flowing": async () => { const r = Readable.from(["a", "b"]); const log = events(r, ["data", "end", "close", "pause", "resume"]); await later(); return log; },
  "paused": async () => { const r = new Readable({ read() {} }); r.push("abc"); r.push(null); await later(); return [r.read(1)?.toString(), r.read()?.toString(), r.read(), r.readableEnded]; },
  "encoding": async () => { const r = new Readable({ read() {}, encoding: "utf8" }); const b = Buffer.from("€"); r.push(b.subarray(0, 1)); r.push(b.subarray(1)); r.push(null); return r.toArray(); },
  "object mode": async () => new Readable({ objectMode: true, read() { this.push({ a: 1 }); this.push(null); } }).toArray(),
  "highWaterMark": () => [new Readable().readableHighWaterMark, new Writable().writableHighWaterMark, new Readable({ objectMode: true }).readableHighWaterMark, stream.getDefaultHighWaterMark(false), stream.getDefaultHighWaterMark(true)],
  "push after end": async () => { const r = new Readable({ read() {} }); const log = events(r, ["error"]); r.push(null); r.push("x"); await later(); return log; },
  "no read": async () => { const r = new Readable(); const log = events(r, ["error", "close"]); r.read(); await later(); return log; },
  "unshift": async () => { const r = new Readable({ read() {} }); r.push("b"); r.unshift("a"); r.push(null); return (await r.toArray()).map(String); },
  "destroy": async () => { const r = new Readable({ read() {} }); const log = events(r, ["error", "close", "end"]); r.destroy(new Error("x")); await later(); return [log, r.destroyed, r.errored?.message, r.closed]; },
  "destroy quietly": async () => { const r = new Readable({ read() {} }); const log = events(r, ["error", "close", "end"]); r.destroy(); await later(); return log; },
  "async iterator": async () => { const out = []; for await (const c of Readable.from(["a", "b"])) out.push(c); return out; },
  "async iterator break": async () => { const r = Readable.from(["a", "b"]); for await (const c of r) break; return r.destroyed; },
  "async iterator error": async () => { const r = new Readable({ read() { this.destroy(new Error("it")); } }); for await (const c of r); },
  "from generator": async () => Readable.from((function* () { yield 1; yield 2; })()).toArray(),
  "from async generator": async () => Readable.from((async function* () { yield 1; yield 2; })()).toArray(),
  "from string": async () => Readable.from("abc").toArray(),
  "from bad": () => Readable.from(5),
  "operators": async () => [await Readable.from([1, 2, 3, 4]).filter((x) => x % 2).map((x) => x * 2).toArray(), await Readable.from([1, 2, 3]).reduce((a, b) => a + b), await Readable.from([1, 2]).some((x) => x > 1), await Readable.from([1, 2]).every((x) => x > 1), await Readable.from([1, 2, 3]).take(2).toArray(), await Readable.from([1, 2, 3]).drop(2).toArray(), await Readable.from([1, 2]).find((x) => x > 1), await Readable.from([1, 2]).flatMap((x) => [x, x]).toArray()],
  "writable order": async () => { const w = sink(); const log = events(w, ["finish", "close", "drain", "prefinish"]); w.write("a"); w.end("b"); await later(); return [w.out, log, w.writableFinished, w.writableEnded]; },
  "write callback": async () => { const log = []; const w = sink(); w.write("a", () => log.push("wrote")); w.end(() => log.push("ended")); await later(); return log; },
  "write returns": () => { const w = new Writable({ highWaterMark: 3, write() {} }); return [w.write("a"), w.write("bcd"), w.writableLength, w.writableNeedDrain]; },
  "drain": async () => { const w = sink({ highWaterMark: 1 }); const log = events(w, ["drain"]); w.write("abc"); await later(); return log; },
  "write after end": async () => { const w = sink(); const log = events(w, ["error"]); w.end(); w.write("a"); await later(); return log; },
  "write null": () => sink().write(null),
  "write number": () => sink().write(5),
  "write error": async () => { const w = new Writable({ write(c, e, done) { done(new Error("bad")); } }); const log = events(w, ["error", "close"]); w.write("a", (e) => log.push(`callback ${e.message}`)); await later(); return log; },
  "cork": async () => { const calls = []; const w = new Writable({ writev(list, done) { calls.push(list.length); done(); } }); w.cork(); w.write("a"); w.write("b"); w.uncork(); await later(); return calls; },
  "final": async () => { const log = []; const w = sink({ final(done) { log.push("final"); done(); } }); w.on("finish", () => log.push("finish")); w.end(); await later(); return log; },
  "construct": async () => { const log = []; const w = sink({ construct(done) { log.push("construct"); setTimeout(done, 1); } }); w.end("a"); await later(); return [log, w.out]; },
  "decodeStrings": async () => { let seen; const w = new Writable({ decodeStrings: false, write(c, e, done) { seen = [typeof c, e]; done(); } }); w.write("a", "latin1"); return seen; },
  "transform": async () => { const t = new Transform({ transform(c, e, done) { done(null, String(c).toUpperCase()); }, flush(done) { this.push("!"); done(); } }); t.write("a"); t.end("b"); return consumers.text(t); },
  "transform error": async () => { const t = new Transform({ transform(c, e, done) { done(new Error("tr")); } }); const log = events(t, ["error", "close"]); t.write("a"); await later(); return log; },
  "passthrough": async () => { const p = new PassThrough(); p.end("x"); return consumers.text(p); },
  "duplex": async () => { const d = new Duplex({ read() { this.push("r"); this.push(null); }, write(c, e, done) { done(); } }); d.end("w"); return [await consumers.text(d), d.readableEnded, d.writableFinished]; },
  "duplex from": async () => { const d = Duplex.from(async function* (source) { for await (const c of source) yield String(c).toUpperCase(); }); d.end("abc"); return consumers.text(d); },
  "duplexPair": async () => { const [a, b] = stream.duplexPair(); a.end("hi"); return consumers.text(b); },
  "pipe": async () => { const w = sink(); const log = events(w, ["pipe", "unpipe", "finish"]); Readable.from(["a", "b"]).pipe(w); await later(); return [w.out, log]; },
  "pipe no end": async () => { const w = sink(); Readable.from(["a"]).pipe(w, { end: false }); await later(); return w.writableEnded; },
  "unpipe": async () => { const w = sink(), r = new Readable({ read() {} }); r.pipe(w); r.unpipe(w); return r.readableFlowing; },
  "pipeline": async () => { const w = sink(); await promises.pipeline(Readable.from(["a", "b"]), new PassThrough(), w); return w.out; },
  "pipeline functions": async () => { const w = sink(); await promises.pipeline(async function* () { yield "a"; yield "b"; }, async function* (s) { for await (const c of s) yield String(c) + "!"; }, w); return w.out; },
  "pipeline value": async () => promises.pipeline(Readable.from(["a", "b"]), async (s) => { let t = ""; for await (const c of s) t += c; return t; }),
  "pipeline error": async () => promises.pipeline(Readable.from(["a"]), new Transform({ transform(c, e, done) { done(new Error("mid")); } }), sink()),
  "pipeline callback": () => new Promise((r) => pipeline(Readable.from(["a"]), sink(), (err) => r(err ?? "done"))),
  "pipeline premature": async () => { const r = new Readable({ read() {} }); const p = promises.pipeline(r, sink()); r.destroy(); return p; },
  "pipeline abort": async () => { const c = new AbortController(); const p = promises.pipeline(new Readable({ read() {} }), sink(), { signal: c.signal }); c.abort(); return p; },
  "pipeline missing": () => pipeline(Readable.from([])),
  "finished": () => new Promise((r) => { const s = Readable.from(["a"]); finished(s, (err) => r(err ?? "ended")); s.resume(); }),
  "finished error": () => new Promise((r) => { const s = new Readable({ read() {} }); finished(s, (err) => r(err.message)); s.destroy(new Error("f")); }),
  "finished premature": () => new Promise((r) => { const s = new Readable({ read() {} }); finished(s, (err) => r([err.code, err.message])); s.destroy(); }),
  "finished promise": async () => { const w = sink(); w.end("a"); await promises.finished(w); return w.out; },
  "finished bad": () => finished({}, () => {}),
  "addAbortSignal": async () => { const c = new AbortController(); const r = addAbortSignal(c.signal, new Readable({ read() {} })); const log = events(r, ["error"]); c.abort(); await later(); return log; },
  "compose": async () => { const s = stream.compose(new Transform({ transform(c, e, d) { d(null, String(c) + "1"); } }), new Transform({ transform(c, e, d) { d(null, String(c) + "2"); } })); s.end("a"); return consumers.text(s); },
  "isReadable": () => { const r = new Readable({ read() {} }); return [stream.isReadable(r), stream.isErrored(r), stream.isDisturbed(r), Readable.prototype instanceof stream, r instanceof stream.Stream]; },
  "consumers": async () => [await consumers.json(Readable.from(['{"a":', "1}"])), (await consumers.buffer(Readable.from([Buffer.from("x")]))).toString(), (await consumers.arrayBuffer(Readable.from([Buffer.from("xy")]))).byteLength, await (await consumers.blob(Readable.from(["b"]))).text()],
  "toWeb": async () => new Response(Readable.toWeb(Readable.from([Buffer.from("a"), Buffer.from("b")]))).text(),
  "toWeb object": async () => { const out = []; for await (const c of Readable.toWeb(Readable.from([1, 2]))) out.push(c); return out; },
  "toWeb error": async () => { const r = new Readable({ read() { this.destroy(new Error("w")); } }); return Readable.toWeb(r).getReader().read(); },
  "fromWeb": async () => consumers.text(Readable.fromWeb(new Response("web").body)),
  "fromWeb cancel": async () => { let why; const r = Readable.fromWeb(new ReadableStream({ cancel(x) { why = x?.message ?? "cancelled"; } })); r.on("error", () => {}); r.destroy(new Error("c")); await later(); return why; },
  "fromWeb bad": () => Readable.fromWeb({}),
  "writable toWeb": async () => { const w = sink(); const writer = Writable.toWeb(w).getWriter(); await writer.write("a"); await writer.close(); return w.out; },
  "writable fromWeb": async () => { const t = new TransformStream(); const w = Writable.fromWeb(t.writable); w.end("hi"); return new Response(t.readable).text(); },
  "duplex web": async () => { const d = Duplex.fromWeb(new TransformStream()); d.end("dd"); return consumers.text(d); },
  "old style": async () => { function My() { Readable.call(this); } Object.setPrototypeOf(My.prototype, Readable.prototype); Object.setPrototypeOf(My, Readable); My.prototype._read = function () { this.push("old"); this.push(null); }; return consumers.text(new My()); },
  "called": () => [Readable() instanceof Readable, Writable() instanceof Writable, Transform() instanceof Transform, PassThrough() instanceof Duplex],
  "dispose": async () => { const r = new Readable({ read() {} }); r.on("error", () => {}); await r[Symbol.asyncDispose](); return r.destroyed; },
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
