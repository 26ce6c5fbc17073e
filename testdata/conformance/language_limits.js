// What is too large: V8 throws, rather than take the process with it.
import { area } from "./probe.js";

const texts = (...list) => list.map((f) => { try { const v = f(); return typeof v === "object" || typeof v === "string" && v.length > 50 ? `length ${v.length ?? v.byteLength}` : v; } catch (e) { return `${e.name}: ${e.message}`; } });
const max = 2 ** 29 - 24;

export default area({
  "array buffer": () => texts(() => new ArrayBuffer(2 ** 42), () => new ArrayBuffer(2 ** 53), () => new ArrayBuffer(-1), () => new ArrayBuffer(Infinity), () => new ArrayBuffer(1e15), () => new ArrayBuffer(4).transfer(2 ** 42), () => new ArrayBuffer(NaN), () => new ArrayBuffer("2")),
  "typed array": () => texts(() => new Uint8Array(1e13), () => new Uint8Array(2 ** 53), () => new Float64Array(2 ** 42), () => new Uint8Array(-1), () => new BigInt64Array(1e13), () => new (class X extends Uint8Array {})(1e13), () => new Uint8Array(Infinity), () => new Uint8Array(1e15), () => new Uint8Array(2)[0], () => new Uint8Array({ length: 2 ** 53 })),
  "repeat": () => texts(() => "x".repeat(2 ** 40), () => "x".repeat(max + 1), () => "ab".repeat(max), () => "".repeat(2 ** 40), () => "x".repeat(2 ** 53), () => "x".repeat(-1), () => "x".repeat(Infinity), () => "é".repeat(2 ** 33)),
  "pad": () => texts(() => "x".padStart(2 ** 40), () => "x".padEnd(max + 1, "ab"), () => "x".padEnd(2 ** 53), () => "x".padStart(2 ** 40, ""), () => "x".padStart(-5), () => "x".padStart(Infinity)),
  "join": () => texts(() => Array(2 ** 30).join("x"), () => Array(600).join("x".repeat(2 ** 20)), () => Array(600).fill("x".repeat(2 ** 20)).join("").length),
  "concat": () => texts(() => "".concat(...Array(600).fill("x".repeat(2 ** 20)))),
  "replace": () => texts(() => "a".repeat(2 ** 20).replaceAll("a", "b".repeat(1024))),
  "bigint": () => texts(() => BigInt.asUintN(2 ** 53 - 1, -1n), () => BigInt.asUintN(2 ** 53 - 1, 5n), () => BigInt.asIntN(2 ** 53 - 1, -5n), () => BigInt.asIntN(2 ** 40, 5n)),
  "array": () => texts(() => new Array(2 ** 32), () => new Array(-1), () => { [].length = 2 ** 32; }, () => new Array(2 ** 32 - 1), () => Array(2 ** 32 - 1).at(-1), () => Array(5).fill(0).length, () => Array.prototype.toSorted.call({ length: 2 ** 32 }), () => Array.prototype.with.call({ length: 2 ** 32 }, 0, 0), () => Array.prototype.toReversed.call({ length: 2 ** 53 })),
});
