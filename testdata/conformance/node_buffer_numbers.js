// compatibility_flags: nodejs_compat
// node:buffer: numbers of all widths, and what is refused.
import { Buffer } from "node:buffer";
import { each, nodeArea } from "./lib/node.js";

const odd = [undefined, null, -1, 1.5, NaN, Infinity, "1", {}, [], true, 1n, 100];
const probes = {};
const ints = ["UInt8", "Int8", "UInt16LE", "UInt16BE", "Int16LE", "Int16BE", "UInt32LE", "UInt32BE", "Int32LE", "Int32BE"];
const bigs = ["BigUInt64LE", "BigUInt64BE", "BigInt64LE", "BigInt64BE"];
const floats = ["FloatLE", "FloatBE", "DoubleLE", "DoubleBE"];
const widths = ["UIntLE", "UIntBE", "IntLE", "IntBE"];
const bytes = () => Buffer.from([0xff, 0x80, 0x7f, 0x01, 0xfe, 0x00, 0x9c, 0x42, 0xc0]);
const values = [0, 1, -1, 127, 128, 255, 256, -128, -129, 32767, 65535, 65536, 2147483647, 2147483648, 4294967295, 4294967296, 1.9, -1.9, NaN, Infinity, "5", "x", undefined, null, true, {}];
for (const t of [...ints, ...bigs, ...floats]) {
  const size = parseInt(/\d+/.exec(t)?.[0] ?? (t.startsWith("Float") ? 32 : 64)) / 8;
  probes[`read ${t}`] = () => Array.from({ length: 10 - size }, (_, i) => String(bytes()[`read${t}`](i)));
  probes[`read ${t} none`] = () => String(bytes()[`read${t}`]());
  probes[`read ${t} odd`] = () => each(odd, (o) => String(bytes()[`read${t}`](o)));
  probes[`read ${t} short`] = () => each([0, 1, 2], (o) => String(Buffer.alloc(size - 1)[`read${t}`](o)));
  probes[`write ${t} odd offset`] = () => each(odd, (o) => Buffer.alloc(9)[`write${t}`](bigs.includes(t) ? 1n : 1, o));
}
for (const t of ints) probes[`write ${t}`] = () => each(values, (v) => { const b = Buffer.alloc(4); const r = b[`write${t}`](v); return `${r} ${b.toString("hex")}`; });
for (const t of bigs) probes[`write ${t}`] = () => each([0n, 1n, -1n, 2n ** 63n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) - 1n, 2n ** 64n, 2n ** 64n - 1n, 1, "1", undefined, null], (v) => { const b = Buffer.alloc(8); const r = b[`write${t}`](v); return `${r} ${b.toString("hex")}`; });
for (const t of floats) probes[`write ${t}`] = () => each([0, -0, 1.5, -2.25, NaN, Infinity, -Infinity, 1e40, 5e-324, 3.4028234663852886e38, "1.5", null, {}], (v) => { const b = Buffer.alloc(8); const r = b[`write${t}`](v); return `${r} ${b.toString("hex")}`; });
for (const t of widths) {
  for (const n of [1, 2, 3, 4, 5, 6]) {
    probes[`read ${t} ${n}`] = () => Array.from({ length: 10 - n }, (_, i) => bytes()[`read${t}`](i, n));
    probes[`write ${t} ${n}`] = () => each([0, 1, -1, 2 ** (8 * n - 1) - 1, 2 ** (8 * n - 1), -(2 ** (8 * n - 1)), -(2 ** (8 * n - 1)) - 1, 2 ** (8 * n) - 1, 2 ** (8 * n), NaN, "x", 1.5], (v) => { const b = Buffer.alloc(7); const r = b[`write${t}`](v, 1, n); return `${r} ${b.toString("hex")}`; });
  }
  probes[`read ${t} widths`] = () => each([undefined, null, 0, 7, 1.5, NaN, -1, "2", {}], (n) => bytes()[`read${t}`](0, n));
  probes[`write ${t} widths`] = () => each([undefined, null, 0, 7, 1.5, NaN, -1, "2", {}], (n) => bytes()[`write${t}`](1, 0, n));
  probes[`read ${t} offsets`] = () => each(odd, (o) => bytes()[`read${t}`](o, 3));
  probes[`write ${t} offsets`] = () => each(odd, (o) => bytes()[`write${t}`](1, o, 3));
}
Object.assign(probes, {
  "names": () => ["readUint8", "readUint16LE", "readUint32BE", "readUintLE", "writeUint8", "writeUint16LE", "writeUintBE", "readBigUint64LE", "writeBigUint64BE"].map((k) => Buffer.prototype[k] === Buffer.prototype[k.replace("Uint", "UInt")]),
  "lengths": () => [...ints, ...bigs, ...floats, ...widths].map((t) => `${t} ${Buffer.prototype[`read${t}`].length} ${Buffer.prototype[`write${t}`].length} ${Buffer.prototype[`read${t}`].name}`),
  "this": () => each([new Uint8Array([1, 2, 3, 4])], (t) => Buffer.prototype.readUInt16LE.call(t, 0)),
  "this write": () => each([new Uint8Array(4)], (t) => { Buffer.prototype.writeUInt16LE.call(t, 258, 1); return [...t]; }),
  "swap16": () => [Buffer.from([1, 2, 3, 4]).swap16().toString("hex"), Buffer.alloc(0).swap16().length],
  "swap32": () => Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).swap32().toString("hex"),
  "swap64": () => Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).swap64().toString("hex"),
  "swap bad": () => each(["swap16", "swap32", "swap64"], (k) => Buffer.alloc(3)[k]()),
  "swap large": () => { const b = Buffer.alloc(512, 0); for (let i = 0; i < 512; i++) b[i] = i; return [b.swap16().subarray(0, 6).toString("hex"), b.swap32().subarray(0, 8).toString("hex"), b.swap64().subarray(0, 8).toString("hex")]; },
});
export default nodeArea(probes);
