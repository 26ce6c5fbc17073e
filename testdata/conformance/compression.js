// CompressionStream and DecompressionStream.
import { area, each } from "./probe.js";

const probes = {};
const text = "hello hello hello hello";
const collect = async (s) => new Uint8Array(await new Response(s).arrayBuffer());
const pack = (format, data = text) => collect(new Response(data).body.pipeThrough(new CompressionStream(format)));
const unpack = async (format, data) => new TextDecoder().decode(await collect(new Response(data).body.pipeThrough(new DecompressionStream(format))));
const formats = ["gzip", "deflate", "deflate-raw"];
/** What is read of a stream that is written piece by piece, and what became of it. */
const piecewise = async (s, chunks, close = true) => {
  const w = s.writable.getWriter(), out = [];
  const writing = (async () => { for (const c of chunks) await w.write(c); if (close) await w.close(); return "written"; })().catch((e) => `${e.name}: ${e.message}`);
  const reading = (async () => { let n = 0; const r = s.readable.getReader(); for (;;) { const { done, value } = await r.read(); if (done) return n; n += value.length; out.push(...value); } })().catch((e) => `${e.name}: ${e.message}`);
  return [await writing, await reading, new TextDecoder().decode(new Uint8Array(out))];
};
const join = (...list) => { const out = new Uint8Array(list.reduce((n, l) => n + l.length, 0)); let at = 0; for (const l of list) { out.set(l, at); at += l.length; } return out; };

each(probes, "format", [...formats, "GZIP", "br", "zstd", "brotli", "", null, undefined, 5, {}], (f) => [new CompressionStream(f) instanceof CompressionStream, new DecompressionStream(f) instanceof DecompressionStream]);
each(probes, "there and back", formats, async (f) => unpack(f, await pack(f)));
each(probes, "head", formats, async (f) => { const b = await pack(f); return [...b.slice(0, f === "gzip" ? 4 : 2)]; });
each(probes, "nothing", formats, async (f) => { const b = await pack(f, ""); return [b.length, await unpack(f, b)]; });
each(probes, "nothing to unpack", formats, (f) => unpack(f, new Uint8Array()));
each(probes, "cut", formats, async (f) => { const b = await pack(f); return unpack(f, b.slice(0, -3)); });
each(probes, "one byte", formats, async (f) => unpack(f, (await pack(f)).slice(0, 1)));
each(probes, "trailing", formats, async (f) => unpack(f, join(await pack(f), new Uint8Array([1, 2, 3]))));
each(probes, "trailing zero", formats, async (f) => unpack(f, join(await pack(f), new Uint8Array([0]))));
each(probes, "twice", formats, async (f) => unpack(f, join(await pack(f), await pack(f, "again"))));
each(probes, "garbage", formats, (f) => unpack(f, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9])));
each(probes, "text", formats, (f) => unpack(f, "no compressed data at all"));
each(probes, "by bytes", formats, async (f) => piecewise(new DecompressionStream(f), [...await pack(f)].map((b) => new Uint8Array([b]))));
each(probes, "bad checksum", ["gzip", "deflate"], async (f) => { const b = await pack(f); b[b.length - (f === "gzip" ? 8 : 1)] ^= 1; return unpack(f, b); });
each(probes, "chunk", ["text", 5, null, undefined, {}, [1], new Uint16Array([1]), new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), true, 1n], (c) => new CompressionStream("gzip").writable.getWriter().write(c).then(() => "written"));
each(probes, "chunk to unpack", ["text", 5, {}], (c) => new DecompressionStream("gzip").writable.getWriter().write(c).then(() => "written"));
each(probes, "chunk of identity", ["text", 5, null, undefined, {}], (c) => { const s = new IdentityTransformStream(), r = s.readable.getReader().read(); r.catch(() => {}); return s.writable.getWriter().write(c).then(() => "written"); });
Object.assign(probes, {
  "bad length": async () => { const b = await pack("gzip"); b[b.length - 1] ^= 1; return unpack("gzip", b); },
  "bad method": async () => { const b = await pack("gzip"); b[2] = 7; return unpack("gzip", b); },
  "bad magic": async () => { const b = await pack("gzip"); b[0] = 7; return unpack("gzip", b); },
  "gzip as deflate": async () => unpack("deflate", await pack("gzip")),
  "deflate as raw": async () => unpack("deflate-raw", await pack("deflate")),
  "raw as gzip": async () => unpack("gzip", await pack("deflate-raw")),
  "gzip with a name": () => unpack("gzip", new Uint8Array([31, 139, 8, 8, 0, 0, 0, 0, 0, 3, 97, 0, 75, 4, 0, 67, 190, 183, 232, 1, 0, 0, 0])),
  "stored": () => unpack("deflate-raw", new Uint8Array([1, 2, 0, 253, 255, 104, 105])),
  "none": () => new CompressionStream(),
  "call": () => CompressionStream("gzip"),
  "class": () => [String(new CompressionStream("gzip")), new CompressionStream("gzip") instanceof TransformStream, CompressionStream.length, Object.keys(new CompressionStream("gzip"))],
  "abort": async () => { const s = new CompressionStream("gzip"), r = s.readable.getReader(); const read = r.read().catch((e) => `read ${e}`); await s.writable.abort(new Error("why")); return read; },
  "cancel": async () => { const s = new CompressionStream("gzip"), w = s.writable.getWriter(); await s.readable.cancel(new Error("why")); return w.write(new Uint8Array(1)).then(() => "written", (e) => `${e}`); },
  "write after close": async () => { const s = new CompressionStream("gzip"), w = s.writable.getWriter(); collect(s.readable).catch(() => {}); await w.close(); return w.write(new Uint8Array(1)).then(() => "written", (e) => `${e}`); },
  "large": async () => { const b = await pack("gzip", "x".repeat(1e6)); return [b.length < 5000, (await unpack("gzip", b)).length]; },
  "length of the answer": async () => (await new Response(new Response("x").body.pipeThrough(new CompressionStream("gzip"))).headers.get("content-length")),
  "pipe of two": async () => new Response(new Response(text).body.pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"))).text(),
  "tee": async () => { const [a, b] = new Response(text).body.pipeThrough(new CompressionStream("deflate")).tee(); return [await unpack("deflate", await collect(a)), await unpack("deflate", await collect(b))]; },
  "byob": async () => { const r = new Response(await pack("gzip")).body.pipeThrough(new DecompressionStream("gzip")).getReader({ mode: "byob" }); const { value } = await r.readAtLeast(5, new Uint8Array(5)); return new TextDecoder().decode(value); },
});

export default area(probes);
