// compatibility_flags: nodejs_compat
// node:zlib. Compressed bytes differ by library; what is asked is what comes back.
import zlib from "node:zlib";
import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { area, show } from "./probe.js";

/** Adds the code that errors of Node carry. */
const coded = (f) => async (x) => {
  try {
    return show(await f(x));
  } catch (e) {
    return e?.code ? `${e.name} ${e.code} ${e.errno ?? ""}: ${e.message}` : `${e?.name}: ${e?.message}`;
  }
};
const text = "hello hello hello hello ".repeat(50), data = Buffer.from(text);
const gz = Buffer.from("H4sIAAAAAAAAA8tIzcnJVyjPL8pJAQCFEUoNCwAAAA==", "base64"); // hello world
const good = zlib.gzipSync("x");
const collect = (s, ...chunks) => new Promise((resolve, reject) => {
  const out = [];
  s.on("data", (c) => out.push(c)).on("end", () => resolve(Buffer.concat(out))).on("error", reject);
  for (const c of chunks) s.write(c);
  s.end();
});
const trips = { deflate: "inflate", deflateRaw: "inflateRaw", gzip: "gunzip", brotliCompress: "brotliDecompress", zstdCompress: "zstdDecompress" };

const probes = {
  "sync": () => Object.entries(trips).map(([c, d]) => zlib[`${d}Sync`](zlib[`${c}Sync`](data)).toString() === text),
  "sync string": () => zlib.inflateSync(zlib.deflateSync(text)).toString() === text,
  "sync typed": () => zlib.inflateSync(zlib.deflateSync(new Uint16Array([1, 2]))).toString("hex"),
  "sync buffer": () => zlib.inflateSync(new Uint8Array(zlib.deflateSync("ab")).buffer).toString(),
  "callback": async () => { const r = []; for (const [c, d] of Object.entries(trips)) r.push((await promisify(zlib[d])(await promisify(zlib[c])(data))).toString() === text); return r; },
  "callback options": async () => (await promisify(zlib.inflate)(await promisify(zlib.deflate)(data, { level: 1 }))).length,
  "callback error": async () => promisify(zlib.inflate)(Buffer.from("nope")),
  "unzip": () => [zlib.unzipSync(zlib.gzipSync("a")).toString(), zlib.unzipSync(zlib.deflateSync("b")).toString()],
  "levels": () => [0, 1, 9, -1].map((level) => zlib.inflateSync(zlib.deflateSync(data, { level })).length),
  "level bad": () => zlib.deflateSync("a", { level: 99 }),
  "level text": () => zlib.deflateSync("a", { level: "a" }),
  "windowBits bad": () => zlib.deflateSync("a", { windowBits: 99 }),
  "memLevel bad": () => zlib.deflateSync("a", { memLevel: 99 }),
  "strategy bad": () => zlib.deflateSync("a", { strategy: 99 }),
  "chunkSize bad": () => zlib.deflateSync("a", { chunkSize: 1 }),
  "dictionary": () => { const dictionary = Buffer.from("hello"); return zlib.inflateSync(zlib.deflateSync("hello hello", { dictionary }), { dictionary }).toString(); },
  "dictionary missing": () => zlib.inflateSync(zlib.deflateSync("hello hello", { dictionary: Buffer.from("hello") })),
  "dictionary wrong": () => zlib.inflateSync(zlib.deflateSync("hello hello", { dictionary: Buffer.from("hello") }), { dictionary: Buffer.from("other") }),
  "maxOutputLength": () => zlib.inflateSync(zlib.deflateSync(data), { maxOutputLength: 10 }),
  "gunzip known": () => zlib.gunzipSync(gz).toString(),
  "inflate garbage": () => zlib.inflateSync(Buffer.from("garbage")),
  "inflate empty": () => zlib.inflateSync(Buffer.alloc(0)),
  "inflate short": () => zlib.inflateSync(zlib.deflateSync(data).subarray(0, 10)),
  "inflate short finishFlush": () => zlib.inflateSync(zlib.deflateSync(data, { level: 0 }).subarray(0, 100), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).length,
  "inflate checksum": () => { const b = Buffer.from(zlib.deflateSync("abc")); b[b.length - 1] ^= 1; return zlib.inflateSync(b); },
  "inflate trailing": () => zlib.inflateSync(Buffer.concat([zlib.deflateSync("a"), Buffer.from("xyz")])).toString(),
  "inflateRaw garbage": () => zlib.inflateRawSync(Buffer.from([255, 255])),
  "gunzip garbage": () => zlib.gunzipSync(Buffer.from("garbage")),
  "gunzip short": () => zlib.gunzipSync(good.subarray(0, 15)),
  "gunzip twice": () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync("a"), zlib.gzipSync("b")])).toString(),
  "gunzip trailing": () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync("a"), Buffer.from("xyz")])).toString(),
  "gunzip trailing zeros": () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync("a"), Buffer.alloc(8)])).toString(),
  "brotli garbage": () => zlib.brotliDecompressSync(Buffer.from("garbage")),
  "brotli short": () => zlib.brotliDecompressSync(zlib.brotliCompressSync(data).subarray(0, 5)),
  "brotli params": () => zlib.brotliDecompressSync(zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } })).length,
  "brotli param bad": () => zlib.brotliCompressSync(data, { params: { 999: 1 } }),
  "zstd garbage": () => zlib.zstdDecompressSync(Buffer.from("garbage")),
  "zstd params": () => zlib.zstdDecompressSync(zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 3 } })).length,
  "wrong type": () => zlib.deflateSync(5),
  "callback missing": () => zlib.deflate("a"),
  "info": () => { const r = zlib.deflateSync("a", { info: true }); return [Object.keys(r).join(), r.engine?.constructor?.name]; },
  "crc32": () => [zlib.crc32("hello"), zlib.crc32(Buffer.from("lo"), zlib.crc32("hel")), zlib.crc32("")],
  "crc32 bad": () => zlib.crc32(5),
  "stream": async () => { const r = []; for (const [c, d] of Object.entries(trips)) { const up = (n) => n[0].toUpperCase() + n.slice(1); r.push((await collect(zlib[`create${up(d)}`](), await collect(zlib[`create${up(c)}`](), "abc", "def"))).toString()); } return r; },
  "stream pieces": async () => { const z = zlib.gzipSync(data); return (await collect(zlib.createGunzip(), ...Array.from(z, (b) => Buffer.from([b])))).length; },
  "stream unzip": async () => (await collect(zlib.createUnzip(), zlib.gzipSync("q"))).toString(),
  "stream error": async () => collect(zlib.createGunzip(), Buffer.from("garbage")),
  "stream short": async () => collect(zlib.createGunzip(), good.subarray(0, 15)),
  "stream flush": async () => { const s = zlib.createDeflateRaw(); const first = new Promise((r) => s.once("data", r)); s.write("abc"); s.flush(); const b = await first; return zlib.inflateRawSync(b, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString(); },
  "stream params": async () => { const s = zlib.createDeflate(); await new Promise((r) => s.params(9, 0, r)); return (await collect(s, "a")).length > 0; },
  "stream reset": async () => { const s = zlib.createDeflate(); s.reset(); return zlib.inflateSync(await collect(s, "a")).toString(); },
  "stream bytesWritten": async () => { const s = zlib.createDeflate(); await collect(s, "abcd"); return s.bytesWritten; },
  "stream close": async () => { const s = zlib.createDeflate(); await new Promise((r) => s.close(r)); return s.destroyed; },
  "class": () => { const g = new zlib.Gzip(); return [g instanceof zlib.Gzip, typeof g._transform, typeof g.flush, g.constructor.name]; },
  "called": () => zlib.Gzip() instanceof zlib.Gzip,
  "codes": () => [zlib.codes.Z_OK, zlib.codes["-3"], Object.isFrozen(zlib.codes)],
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
