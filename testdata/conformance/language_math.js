// The digits of Math functions, at many places.
import { area } from "./probe.js";

// Numbers that are the same everywhere: small, middling and large ones of both signs.
const numbers = (n, scales) => {
  let seed = 12345;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length: n }, (_, i) => (i % 2 ? -1 : 1) * (next() + next() / 2 ** 31) * scales[i % scales.length]);
};
const usual = numbers(240, [1, 10, 1e-3, 700, 1e6, 1e300, 1e-9, 1e-300]), unit = numbers(160, [1, 0.1, 1e-5, 0.999999]);
const hex = (f, list) => list.map((x) => { const v = new DataView(new ArrayBuffer(8)); v.setFloat64(0, f(x)); if (Number.isNaN(v.getFloat64(0))) return "NaN"; return v.getBigUint64(0).toString(36); }).join(" ");
const pairs = (f, list) => hex((i) => f(list[i], list[(i * 7 + 3) % list.length]), [...list.keys()]);
const probes = {};
for (const name of ["sin", "cos", "tan", "atan", "exp", "expm1", "sinh", "cosh", "tanh", "asinh", "cbrt", "sqrt", "fround", "round", "f16round"]) probes[name] = () => hex(Math[name], usual);
for (const name of ["log", "log2", "log10", "log1p", "acosh"]) probes[name] = () => hex((x) => Math[name](Math.abs(x)), usual.concat(unit));
for (const name of ["asin", "acos", "atanh", "log1p"]) probes[`${name} of one`] = () => hex(Math[name], unit);

export default area({
  ...probes,
  "atan2": () => pairs(Math.atan2, usual),
  "hypot": () => pairs(Math.hypot, usual) + pairs((a, b) => Math.hypot(a, b, a / 3), usual),
  "remainder": () => pairs((a, b) => a % b, usual),
  "integer powers": () => hex((i) => (i % 37) ** (i % 23), [...Array(300).keys()]) + hex((i) => 10 ** i, Array.from({ length: 640 }, (_, i) => i - 330)),
  "squares and roots": () => hex((x) => x ** 2, usual) + hex((x) => Math.abs(x) ** 0.5, usual) + hex((x) => Math.pow(x, -1), usual) + hex((x) => Math.pow(x, 3), usual),
  "power edges": () => [0, -0, 1, -1, 2, -2, 0.5, NaN, Infinity, -Infinity].map((x) => [0, -0, 1, -1, 2, 3, 0.5, -3, NaN, Infinity, -Infinity].map((y) => [x ** y, Math.pow(x, y)].map((v) => Object.is(v, -0) ? "-0" : v).join("/")).join(" ")),
  "edges": () => ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "expm1", "log", "log1p", "log2", "log10", "cbrt"].map((name) => name + [0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, -5e-324, 1.7976931348623157e308, 2 ** -1022, undefined, null, "2", "x", [3], true].map((x) => { const v = Math[name](x); return Object.is(v, -0) ? "-0" : v; }).join(" ")),
  "printed": () => usual.slice(0, 60).map((x) => [x.toFixed(Math.abs(x) < 1e20 ? 5 : 0), x.toPrecision(7), x.toPrecision(17), x.toExponential(3), x.toString(3), x.toString(16)].join(" ")),
  "coerced": () => { const log = []; const v = (n) => ({ valueOf() { log.push(n); return n; } }); return [v(2) ** v(3), Math.pow(v(4), v(5)), Math.atan2(v(6), v(7)), Math.hypot(v(8), v(9)), log, "2" ** 3, null ** 0, [] ** 1, true ** 2]; },
});
