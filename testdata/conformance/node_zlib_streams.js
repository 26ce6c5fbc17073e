// compatibility_flags: nodejs_compat
// node:zlib: all formats at once, with callbacks and as streams.
import zlib from "node:zlib";
import { promisify } from "node:util";
import { Buffer } from "node:buffer";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as consumers from "node:stream/consumers";
import { callback, each, events, nodeArea, problem } from "./lib/node.js";

const text = "the text of a message, the text of a message, the text of a message";
const odd = [undefined, null, 1, "x", {}, [], true, new Uint8Array(2), new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), new Uint16Array(2)];
const pairs = { gzip: ["gzip", "gunzip"], deflate: ["deflate", "inflate"], raw: ["deflateRaw", "inflateRaw"], brotli: ["brotliCompress", "brotliDecompress"], zstd: ["zstdCompress", "zstdDecompress"] };
const classes = { gzip: ["Gzip", "Gunzip"], deflate: ["Deflate", "Inflate"], raw: ["DeflateRaw", "InflateRaw"], brotli: ["BrotliCompress", "BrotliDecompress"], zstd: ["ZstdCompress", "ZstdDecompress"] };
const settle = async () => { for (let i = 0; i < 10; i++) await new Promise((r) => setImmediate(r)); };
const caught = async (f) => { try { return await f(); } catch (e) { return [problem(e), e.errno]; } };
const probes = {};
for (const [format, [pack, unpack]] of Object.entries(pairs)) {
  const [P, U] = classes[format];
  Object.assign(probes, {
    [`${format} sync`]: () => { const z = zlib[`${pack}Sync`](text); return [z.constructor.name, z.length < text.length, String(zlib[`${unpack}Sync`](z))]; },
    [`${format} callback`]: async () => String(await callback(zlib[unpack], await callback(zlib[pack], text))),
    [`${format} callback options`]: async () => String(await callback(zlib[unpack], await callback(zlib[pack], text, {}), {})),
    [`${format} promise`]: async () => String(await promisify(zlib[unpack])(await promisify(zlib[pack])(text))),
    [`${format} empty`]: async () => String(zlib[`${unpack}Sync`](zlib[`${pack}Sync`](""))).length,
    [`${format} odd`]: () => each(odd, (v) => zlib[`${unpack}Sync`](zlib[`${pack}Sync`](v)).length),
    [`${format} callback odd`]: () => each([undefined, null, 1, {}], (f) => zlib[pack]("x", f)),
    [`${format} bad`]: () => caught(() => zlib[`${unpack}Sync`](Buffer.from("not compressed at all"))),
    [`${format} bad callback`]: () => caught(() => callback(zlib[unpack], Buffer.from("not compressed at all"))),
    [`${format} nothing`]: () => caught(() => zlib[`${unpack}Sync`](Buffer.alloc(0)).length),
    [`${format} cut`]: () => caught(() => { const z = zlib[`${pack}Sync`](text); return String(zlib[`${unpack}Sync`](z.subarray(0, z.length - 4))); }),
    [`${format} trailing`]: () => caught(() => String(zlib[`${unpack}Sync`](Buffer.concat([zlib[`${pack}Sync`](text), Buffer.from("trailing")])))),
    [`${format} trailing zeros`]: () => caught(() => String(zlib[`${unpack}Sync`](Buffer.concat([zlib[`${pack}Sync`](text), Buffer.alloc(4)])))),
    [`${format} twice`]: () => caught(() => String(zlib[`${unpack}Sync`](Buffer.concat([zlib[`${pack}Sync`]("one"), zlib[`${pack}Sync`]("two")])))),
    [`${format} longest output`]: () => caught(() => zlib[`${unpack}Sync`](zlib[`${pack}Sync`](text), { maxOutputLength: 5 })),
    [`${format} info`]: () => { const r = zlib[`${pack}Sync`]("x", { info: true }); return [Object.keys(r), r.engine?.constructor?.name]; },
    [`${format} stream`]: async () => consumers.text(Readable.from([text.slice(0, 9), text.slice(9)]).pipe(zlib[`create${P}`]()).pipe(zlib[`create${U}`]())),
    [`${format} stream pieces`]: async () => { const z = zlib[`${pack}Sync`](text); const u = zlib[`create${U}`](); for (const b of z) u.write(Buffer.from([b])); u.end(); return consumers.text(u); },
    [`${format} stream bad`]: async () => { const u = zlib[`create${U}`](); const log = events(u, ["error", "close", "end"]); u.end("not compressed at all"); u.resume(); await settle(); return log; },
    [`${format} stream cut`]: async () => { const u = zlib[`create${U}`](); const z = zlib[`${pack}Sync`](text); return caught(() => { u.end(z.subarray(0, z.length - 3)); return consumers.text(u); }); },
    [`${format} flush`]: async () => { const c = zlib[`create${P}`](), u = zlib[`create${U}`](); const out = []; c.on("data", (d) => u.write(d)); u.on("data", (d) => out.push(String(d))); c.write("now"); await new Promise((r) => c.flush(r)); await settle(); return out; },
    [`${format} bytesWritten`]: async () => { const c = zlib[`create${P}`](); c.end(text); await consumers.buffer(c); return c.bytesWritten; },
    [`${format} close`]: async () => { const c = zlib[`create${P}`](); const log = events(c, ["close", "error"]); c.close(() => log.push("cb")); await settle(); return [log, c.destroyed, c._closed]; },
    [`${format} write after close`]: async () => { const c = zlib[`create${P}`](); const log = events(c, ["error"]); c.close(); c.write("x"); await settle(); return log; },
    [`${format} large`]: () => { const b = Buffer.alloc(200_000, "abc"); const z = zlib[`${pack}Sync`](b); return [z.length < 5000, zlib[`${unpack}Sync`](z).equals(b)]; },
    [`${format} chunkSize`]: () => each([64, 63, 1e9, "x", NaN, -1, 1.5], (chunkSize) => String(zlib[`${unpack}Sync`](zlib[`${pack}Sync`]("x", { chunkSize }), { chunkSize }))),
    [`${format} maxOutputLength odd`]: () => each([0, 1, -1, "x", NaN, 1e12], (maxOutputLength) => zlib[`${pack}Sync`]("x", { maxOutputLength }).length > 0),
    [`${format} flush odd`]: () => each([0, 2, 4, 5, 9, -1, "x"], (flush) => typeof zlib[`create${P}`]({ flush })),
    [`${format} class`]: () => { const c = zlib[`create${P}`](); return [c instanceof zlib[P], c.constructor.name, zlib[P].length, zlib[P].name, Object.keys(c).filter((k) => !k.startsWith("_") && k !== "domain").sort()]; },
    [`${format} called`]: () => { const c = zlib[P](); return c instanceof zlib[P]; },
    [`${format} reset`]: () => { const c = zlib[`create${P}`](); return c.reset(); },
    [`${format} options odd`]: () => each([null, 1, "x", true], (o) => typeof zlib[`create${P}`](o)),
  });
}
const named = (options) => String(zlib.inflateSync(zlib.deflateSync(text, options))) === text;
Object.assign(probes, {
  "unzip": () => each(["gzipSync", "deflateSync"], (k) => String(zlib.unzipSync(zlib[k](text)))),
  "unzip bad": () => caught(() => zlib.unzipSync(Buffer.from("zz"))),
  "unzip raw": () => caught(() => zlib.unzipSync(zlib.deflateRawSync("x"))),
  "unzip stream": async () => consumers.text(Readable.from([zlib.gzipSync(text)]).pipe(zlib.createUnzip())),
  "levels": () => each([-1, 0, 1, 9, 10, -2, "x", NaN, 1.5], (level) => named({ level })),
  "memLevel": () => each([1, 9, 0, 10, "x"], (memLevel) => named({ memLevel })),
  "strategy": () => each([0, 1, 2, 3, 4, 5, -1, "x"], (strategy) => named({ strategy })),
  "windowBits": () => each([8, 9, 15, 7, 16, 0, "x"], (windowBits) => named({ windowBits })),
  "windowBits inflate": () => each([0, 8, 15, 16], (windowBits) => String(zlib.inflateSync(zlib.deflateSync("x"), { windowBits }))),
  "dictionary": () => { const dictionary = Buffer.from("the text of a message"); return String(zlib.inflateSync(zlib.deflateSync(text, { dictionary }), { dictionary })); },
  "dictionary raw": () => { const dictionary = Buffer.from("the text of a message"); return String(zlib.inflateRawSync(zlib.deflateRawSync(text, { dictionary }), { dictionary })); },
  "dictionary missing": () => caught(() => zlib.inflateSync(zlib.deflateSync(text, { dictionary: Buffer.from("the text") }))),
  "dictionary wrong": () => caught(() => zlib.inflateSync(zlib.deflateSync(text, { dictionary: Buffer.from("the text") }), { dictionary: Buffer.from("other") })),
  "dictionary odd": () => each(["x", 1, null, {}, new ArrayBuffer(2)], (dictionary) => typeof zlib.createDeflate({ dictionary })),
  "params": async () => { const c = zlib.createDeflate({ level: 0 }); c.write("aaaaaaaa"); await new Promise((r) => c.params(9, 0, r)); c.end("bbbbbbbb"); return String(zlib.inflateSync(await consumers.buffer(c))); },
  "params odd": () => { const c = zlib.createDeflate(); return each([[10, 0], ["x", 0], [1, 5], [1, "x"], []], (a) => c.params(...a, () => {})); },
  "brotli params": () => each([{ [zlib.constants.BROTLI_PARAM_QUALITY]: 1 }, { [zlib.constants.BROTLI_PARAM_QUALITY]: 12 }, { 99: 1 }, { [zlib.constants.BROTLI_PARAM_LGWIN]: 10 }, { 1: "x" }, { [zlib.constants.BROTLI_PARAM_MODE]: 1, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: 5 }], (params) => String(zlib.brotliDecompressSync(zlib.brotliCompressSync("x", { params })))),
  "zstd params": () => each([{ [zlib.constants.ZSTD_c_compressionLevel]: 1 }, { [zlib.constants.ZSTD_c_compressionLevel]: 99 }, { 9999: 1 }, { [zlib.constants.ZSTD_c_checksumFlag]: 1 }], (params) => String(zlib.zstdDecompressSync(zlib.zstdCompressSync("x", { params })))),
  "finishFlush": () => each([zlib.constants.Z_SYNC_FLUSH, zlib.constants.Z_FINISH], (finishFlush) => { const z = zlib.deflateSync(text); return String(zlib.inflateSync(z.subarray(0, z.length - 4), { finishFlush })).length > 0; }),
  "flush kinds": async () => { const out = []; for (const k of [zlib.constants.Z_PARTIAL_FLUSH, zlib.constants.Z_SYNC_FLUSH, zlib.constants.Z_FULL_FLUSH]) { const c = zlib.createDeflateRaw(); let n = 0; c.on("data", (d) => { n += d.length; }); c.write("abc"); await new Promise((r) => c.flush(k, r)); await settle(); out.push(n > 0); } return out; },
  "crc32": () => each([["abc"], ["abc", 5], [Buffer.from("abc")], [""], [new Uint16Array([1])], [new DataView(new ArrayBuffer(1))], [1], [undefined], [null], ["abc", "x"], ["abc", -1], ["abc", 2 ** 32], ["abc", 1.5], [new ArrayBuffer(1)]], (a) => zlib.crc32(...a)),
  "crc32 in parts": () => zlib.crc32("lo", zlib.crc32("hel")) === zlib.crc32("hello"),
  "codes": () => [zlib.codes.Z_OK, zlib.codes[0], zlib.codes[-3], Object.isFrozen(zlib.codes), Object.keys(zlib.codes).length],
  "constants": () => [Object.keys(zlib.constants).length, Object.isFrozen(zlib.constants), zlib.constants.Z_BEST_SPEED, zlib.constants.ZSTD_CLEVEL_DEFAULT],
  "names": () => Object.keys(zlib).sort(),
  "signal": () => each([AbortSignal.abort()], (signal) => typeof zlib.createGzip({ signal })),
  "gzip header": () => { const z = zlib.gzipSync("a"); return [...z.subarray(0, 4), z[8], z[9]]; },
  "deflate header": () => each([0, 1, 6, 9], (level) => zlib.deflateSync("a", { level }).subarray(0, 2).toString("hex")),
  "stored": () => zlib.deflateRawSync("abc", { level: 0 }).toString("hex"),
});
export default nodeArea(probes);
