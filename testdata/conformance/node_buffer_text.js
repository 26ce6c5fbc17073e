// compatibility_flags: nodejs_compat
// node:buffer: encodings, comparison, search, copies, Blob and File.
import buffer, { Buffer, Blob, File, transcode, isUtf8, isAscii, constants, kMaxLength, SlowBuffer, resolveObjectURL, atob as a2b, btoa as b2a } from "node:buffer";
import { each, nodeArea } from "./lib/node.js";

const encodings = ["utf8", "utf-8", "UTF8", "ucs2", "ucs-2", "utf16le", "utf-16le", "UTF-16LE", "latin1", "binary", "ascii", "hex", "HEX", "base64", "base64url", "Base64", "buffer", "utf32", "", undefined, null, 1, {}];
const texts = ["", "a", "héllo", "€uro", "😀", "\ud800", "a\udc00b", "\0\x7f\x80\xff", "ÿĀ", "zz", "0g", "abc", "YWJj", "YW Jj\n", "YWI=", "YW-_", "YW+/", "=", "ab=cd"];
const odd = [undefined, null, 0, 1, -1, 1.5, NaN, Infinity, "1", "x", true, {}, [], () => {}, 1n];
const hex = (b) => Buffer.from(b).toString("hex");
const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const probes = {};
for (const e of ["utf8", "utf16le", "latin1", "ascii", "hex", "base64", "base64url", "binary", "ucs2"]) {
  probes[`from ${e}`] = () => each(texts, (t) => hex(Buffer.from(t, e)));
  probes[`to ${e}`] = () => JSON.stringify(all.toString(e));
  probes[`byteLength ${e}`] = () => texts.map((t) => Buffer.byteLength(t, e));
  probes[`write ${e}`] = () => each(texts, (t) => { const b = Buffer.alloc(6, 0x2e); return `${b.write(t, 1, 4, e)} ${hex(b)}`; });
  probes[`fill ${e}`] = () => each(texts, (t) => hex(Buffer.alloc(5, 0x2e).fill(t, 1, 5, e)));
  probes[`indexOf ${e}`] = () => each(["b", "bc", "", "zz", "62", "Yg"], (t) => [Buffer.from("abcabc").indexOf(t, 0, e), Buffer.from("abcabc").lastIndexOf(t, undefined, e), Buffer.from("abcabc").includes(t, 2, e)]);
  probes[`slices ${e}`] = () => [[0, 3], [1], [-1, 4], [2, 1], [3, 999]].map(([a, b]) => Buffer.from("héllo wörld")[`${e === "utf8" ? "utf8" : e === "utf16le" ? "ucs2" : e === "binary" ? "latin1" : e}Slice`]?.(Math.max(0, a), b === undefined ? undefined : Math.min(b, 13)));
}
Object.assign(probes, {
  "isEncoding": () => encodings.map((e) => Buffer.isEncoding(e)),
  "from encoding": () => each(encodings, (e) => hex(Buffer.from("6162", e))),
  "to encoding": () => each(encodings, (e) => Buffer.from("ab").toString(e)),
  "from odd": () => each(odd, (v) => hex(Buffer.from(v))),
  "from objects": () => each([{ length: 2, 0: 1, 1: 257 }, { type: "Buffer", data: [1, 2] }, { valueOf: () => "ab" }, { [Symbol.toPrimitive]: () => "cd" }, new String("ef"), new Number(5), new Uint16Array([1, 256]), new Float64Array([1.5]), new ArrayBuffer(2), new DataView(new ArrayBuffer(3)), new Set([1]), "x".repeat(3), { length: -1 }, { length: "2" }, [1, "2", null, undefined, -1, 256, 1.9]], (v) => hex(Buffer.from(v))),
  "from range": () => each([[0], [1], [1, 2], [4], [5], [-1], [1, -1], [1, 9], ["1", "2"], [NaN], [undefined, 2], [null, null], [1.9, 1.9]], (a) => hex(Buffer.from(new Uint8Array([1, 2, 3, 4]).buffer, ...a))),
  "from shares": () => { const a = new Uint8Array([1, 2]); const b = Buffer.from(a.buffer), c = Buffer.from(a); a[0] = 9; return [b[0], c[0]]; },
  "alloc": () => each([[3], [3, 1], [3, "a"], [5, "ab"], [4, "6162", "hex"], [3, Buffer.from([7, 8])], [3, ""], [3, Buffer.alloc(0)], [3, 257], [3, -1], [3, 1.9], [3, null], [3, undefined], [3, true], [3, {}], [3, "x", "nope"], [3, "x", 5], [0]], (a) => hex(Buffer.alloc(...a))),
  "alloc odd": () => each(odd, (v) => Buffer.alloc(v).length),
  "allocUnsafe odd": () => each(odd, (v) => Buffer.allocUnsafe(v).length),
  "allocUnsafeSlow odd": () => each(odd, (v) => Buffer.allocUnsafeSlow(v).length),
  "alloc too large": () => each([kMaxLength + 1, 2 ** 53], (v) => Buffer.alloc(v).length),
  "new": () => each([[3], ["ab"], [[1, 2]], [new ArrayBuffer(2)]], (a) => new Buffer(...a).length),
  "called": () => each([[3], ["ab"]], (a) => Buffer(...a).length),
  "SlowBuffer": () => each([[3], ["x"]], (a) => SlowBuffer(...a).length),
  "constants": () => [constants, kMaxLength, buffer.kStringMaxLength, buffer.INSPECT_MAX_BYTES, Buffer.poolSize],
  "names": () => Object.keys(buffer).sort(),
  "concat": () => [hex(Buffer.concat([Buffer.from("a"), new Uint8Array([98])])), hex(Buffer.concat([Buffer.from("abc")], 2)), hex(Buffer.concat([Buffer.from("abc")], 5)), Buffer.concat([]).length],
  "concat odd": () => each([[undefined], [null], ["x"], [[1]], [["x"]], [[new Uint8Array(1)], -1], [[new Uint8Array(1)], "1"], [[new Uint8Array(1)], 1.5], [[new Uint16Array(1)]]], (a) => Buffer.concat(...a).length),
  "compare": () => [["a", "b"], ["b", "a"], ["a", "a"], ["", "a"], ["ab", "a"]].map(([a, b]) => [Buffer.compare(Buffer.from(a), Buffer.from(b)), Buffer.from(a).compare(Buffer.from(b)), Buffer.from(a).equals(Buffer.from(b))]),
  "compare ranges": () => each([[0, 2], [1, 3, 0, 2], [2, 2, 0, 0], [0, 9], [-1], [0, 2, 9], [0, 2, 0, 9], ["0"], [1.5]], (a) => Buffer.from("abc").compare(Buffer.from("abcd"), ...a)),
  "compare odd": () => each(["a", null, {}, undefined, [1]], (v) => [Buffer.compare(Buffer.from("a"), v)]),
  "equals odd": () => each(["a", null, {}, undefined, new Uint8Array([97])], (v) => Buffer.from("a").equals(v)),
  "copy": () => each([[0], [1], [0, 1], [0, 1, 2], [4], [-1], [0, -1], [0, 9], [0, 0, 9], [NaN], ["1"], [1.9], [0, 2, 1]], (a) => { const t = Buffer.alloc(4, 0x2e); return `${Buffer.from("abc").copy(t, ...a)} ${t}`; }),
  "copy odd": () => each([undefined, null, "x", {}, []], (t) => Buffer.from("abc").copy(t)),
  "copy overlap": () => { const b = Buffer.from("abcdef"); b.copy(b, 2, 0, 4); return b.toString(); },
  "copy views": () => { const t = new Uint16Array(2); const n = Buffer.from([1, 2, 3, 4]).copy(t); return [n, ...t]; },
  "copyBytesFrom": () => each([[new Uint16Array([1, 2])], [new Uint16Array([1, 2]), 1], [new Uint16Array([1, 2]), 0, 1], [new Uint8Array(2), 3], [new Uint8Array(2), -1], [new Uint8Array(2), 0, -1], ["x"], [new DataView(new ArrayBuffer(2))]], (a) => hex(Buffer.copyBytesFrom(...a))),
  "subarray": () => each([[], [1], [1, 3], [-2], [3, 1], [-9, 9], ["1"], [NaN], [1.9], [null]], (a) => [Buffer.from("abcde").subarray(...a).toString(), Buffer.from("abcde").slice(...a).toString()]),
  "fill odd": () => each([[1, 5], [1, -1], [1, 0, 9], [1, 2, 1], ["x", "utf8"], ["x", 0, "hex"], ["zz", "hex"], ["", 1], [1, "1"], [null], [undefined], [{}], [1.5], [-1], [256], [Buffer.alloc(0)], [new Uint8Array([1, 2])], [true]], (a) => hex(Buffer.alloc(4, 0x2e).fill(...a))),
  "write forms": () => each([["ab"], ["ab", 1], ["ab", 1, 1], ["ab", "latin1"], ["ab", 1, "latin1"], ["ab", 1, 1, "latin1"], ["ab", 4], ["ab", 5], ["ab", -1], ["ab", 1, -1], ["ab", 1, 9], ["ab", "1"], [1], [undefined], [null], ["ab", 0, 2, "nope"], ["ab", null], ["ab", undefined, 1]], (a) => { const b = Buffer.alloc(4, 0x2e); return `${b.write(...a)} ${b}`; }),
  "toString forms": () => each([[], ["utf8", 1], ["utf8", 1, 3], ["utf8", -1, 3], ["utf8", 3, 1], ["utf8", 0, 99], ["utf8", "1"], [undefined, 1], [null, 1], ["utf8", NaN, NaN], ["utf8", 1.9]], (a) => Buffer.from("abcde").toString(...a)),
  "indexOf forms": () => each([["c"], ["c", 3], ["c", -1], ["c", -9], ["c", 99], ["c", NaN], ["c", {}], ["c", undefined], ["c", null], [99], [99 + 256], [99.5], [-1], [Buffer.from("cd")], [new Uint8Array([99])], ["c", "latin1"], ["", 2], ["", 99], [Buffer.alloc(0)], [null], [undefined], [{}], [true], ["c", 0, "nope"]], (a) => [Buffer.from("abcdabcd").indexOf(...a), Buffer.from("abcdabcd").includes(...a)]),
  "lastIndexOf forms": () => each([["c"], ["c", 3], ["c", -3], ["c", -99], ["c", 99], ["c", NaN], ["c", undefined], ["c", null], [99], [Buffer.from("cd")], ["", 2], [""], [{}]], (a) => Buffer.from("abcdabcd").lastIndexOf(...a)),
  "indexOf wide": () => [Buffer.from("aäa", "utf16le").indexOf("ä", 0, "utf16le"), Buffer.from("aäa", "utf16le").indexOf("a", 1, "utf16le"), Buffer.from("aäa", "utf16le").lastIndexOf("a", undefined, "utf16le")],
  "toJSON": () => JSON.stringify(Buffer.from("ab")),
  "iteration": () => [[...Buffer.from("ab")], [...Buffer.from("ab").keys()], [...Buffer.from("ab").entries()], Buffer.from("ab").map((x) => x + 1).constructor.name, Buffer.from("ab").filter(() => true).constructor.name],
  "parent": () => { const b = Buffer.from("ab"); return [b.parent === b.buffer, b.offset === b.byteOffset, typeof b.parent]; },
  "inspect": () => Buffer.from("abc").inspect(),
  "inspect long": () => Buffer.alloc(60, 1).inspect(),
  "toLocaleString": () => Buffer.from("abc").toLocaleString("hex"),
  "byteLength odd": () => each([undefined, null, 1, {}, [], new ArrayBuffer(3), new Uint16Array(2), new DataView(new ArrayBuffer(4))], (v) => Buffer.byteLength(v)),
  "byteLength encoding odd": () => each(encodings, (e) => Buffer.byteLength("6162", e)),
  "isBuffer": () => [Buffer.from("a"), new Uint8Array(1), "a", null, {}].map((v) => Buffer.isBuffer(v)),
  "of": () => hex(Buffer.of(1, 257, -1, "3")),
  "transcode": () => each([["€", "utf8", "latin1"], ["é", "utf8", "latin1"], ["é", "utf8", "ascii"], ["é", "utf8", "utf16le"], ["é", "latin1", "utf8"], ["😀", "utf8", "ucs2"], ["a", "utf8", "hex"], ["a", "nope", "utf8"], ["a", "utf16le", "utf8"], ["", "utf8", "utf16le"]], ([t, from, to]) => hex(transcode(Buffer.from(t, from), from, to))),
  "transcode odd": () => each([undefined, null, "x", new ArrayBuffer(1), new Uint16Array([97])], (v) => hex(transcode(v, "utf8", "utf16le"))),
  "isUtf8": () => each([Buffer.from("é"), Buffer.from([0xff]), new Uint16Array([97]), new ArrayBuffer(2), new DataView(new ArrayBuffer(1)), Buffer.alloc(0), "x", null], (v) => isUtf8(v)),
  "isAscii": () => each([Buffer.from("a"), Buffer.from("é"), new ArrayBuffer(2), "x", null], (v) => isAscii(v)),
  "atob": () => each(["YWJj", "YW Jj", "YWI", "YW=", "!", "", undefined, null, 1], (v) => a2b(v)),
  "btoa": () => each(["abc", "é", "€", "", undefined, null, 1], (v) => b2a(v)),
  "atob same": () => [a2b === globalThis.atob, b2a === globalThis.btoa],
  "Blob": async () => { const b = new Blob(["ab", Buffer.from("c")], { type: "text/x" }); return [b.size, b.type, await b.text(), await b.slice(1).text(), b instanceof globalThis.Blob, Blob === globalThis.Blob]; },
  "File": async () => { const f = new File(["ab"], "n", { type: "a/b", lastModified: 5 }); return [f.name, f.size, f.type, f.lastModified, File === globalThis.File]; },
  "Blob bytes": async () => { const b = new Blob(["ab"]); return [hex(await b.bytes()), hex(await b.arrayBuffer()), typeof b.stream]; },
  "resolveObjectURL": () => each(["blob:x", "x", undefined], (v) => resolveObjectURL(v)),
  "species": () => { class B extends Buffer {} return typeof B.from; },
  "prototype": () => Object.getOwnPropertyNames(Buffer.prototype).filter((k) => !/^(read|write|swap)/.test(k)).sort(),
  "static": () => Object.getOwnPropertyNames(Buffer).sort(),
  "lengths": () => ["from", "alloc", "allocUnsafe", "concat", "compare", "isBuffer", "isEncoding", "byteLength", "of", "copyBytesFrom"].map((k) => `${k} ${Buffer[k].length}`),
  "prototype lengths": () => ["toString", "write", "fill", "indexOf", "lastIndexOf", "includes", "copy", "equals", "compare", "slice", "subarray", "toJSON"].map((k) => `${k} ${Buffer.prototype[k].length} ${Buffer.prototype[k].name}`),
});
export default nodeArea(probes);
