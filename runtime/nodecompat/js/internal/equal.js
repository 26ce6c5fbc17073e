// util.isDeepStrictEqual, and the looser and partial comparisons of node:assert.
const types = require("util/types");

const isView = ArrayBuffer.isView;
const bytes = (v) => (isView(v) ? new Uint8Array(v.buffer, v.byteOffset, v.byteLength) : new Uint8Array(v));

function sameBytes(a, b) {
  return native.buffer.compare(bytes(a), bytes(b)) === 0;
}

function primitives(a, b, mode) {
  if (mode === "loose") return a == b || (a !== a && b !== b);
  return Object.is(a, b);
}

const keysOf = (o) => Object.keys(o).concat(Object.getOwnPropertySymbols(o).filter((s) => Object.prototype.propertyIsEnumerable.call(o, s)));

// boxed compares what an object holds beside its properties; undefined means
// that there is nothing of the kind.
function boxed(a, b, mode, seen) {
  const partial = mode === "partial";
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (types.isDate(a) || types.isDate(b)) return types.isDate(a) && types.isDate(b) && Object.is(a.getTime(), b.getTime());
  if (types.isRegExp(a) || types.isRegExp(b)) {
    return types.isRegExp(a) && types.isRegExp(b) && a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
  }
  if (a instanceof Error || b instanceof Error) {
    return a instanceof Error && b instanceof Error && a.message === b.message && a.name === b.name &&
      ["cause", "errors"].every((k) => (partial && !(k in b)) || equal(a[k], b[k], mode, seen));
  }
  if (isView(a) || isView(b)) {
    if (!isView(a) || !isView(b) || a.byteLength !== b.byteLength) return false;
    if (mode === "loose" && (a instanceof Float32Array || a instanceof Float64Array)) return a.every((v, i) => v === b[i]);
    return sameBytes(a, b);
  }
  if (types.isAnyArrayBuffer(a) || types.isAnyArrayBuffer(b)) {
    return types.isAnyArrayBuffer(a) && types.isAnyArrayBuffer(b) && a.byteLength === b.byteLength && sameBytes(a, b);
  }
  if (types.isSet(a) || types.isSet(b)) return types.isSet(a) && types.isSet(b) && sets(a, b, mode, seen);
  if (types.isMap(a) || types.isMap(b)) return types.isMap(a) && types.isMap(b) && maps(a, b, mode, seen);
  if (types.isBoxedPrimitive(a) || types.isBoxedPrimitive(b)) {
    return types.isBoxedPrimitive(a) && types.isBoxedPrimitive(b) && Object.is(a.valueOf(), b.valueOf());
  }
  if (types.isWeakMap(a) || types.isWeakSet(a) || types.isPromise(a)) return false;
  if (a instanceof URL || b instanceof URL) return a instanceof URL && b instanceof URL && a.href === b.href;
  return true;
}

function sets(a, b, mode, seen) {
  if (mode === "partial" ? a.size < b.size : a.size !== b.size) return false;
  const rest = [...a].filter((v) => !b.has(v));
  return [...b].every((v) => {
    if (a.has(v)) return true;
    const at = rest.findIndex((w) => equal(w, v, mode, seen));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function maps(a, b, mode, seen) {
  if (mode === "partial" ? a.size < b.size : a.size !== b.size) return false;
  const rest = [...a].filter(([k]) => !b.has(k));
  return [...b].every(([k, v]) => {
    if (a.has(k)) return equal(a.get(k), v, mode, seen);
    const at = rest.findIndex(([l, w]) => equal(l, k, mode, seen) && equal(w, v, mode, seen));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

// equal compares by structure. mode is "strict", "loose" (assert.deepEqual of
// legacy mode) or "partial" (b is a part of a).
function equal(a, b, mode, seen) {
  if (a === b) return a !== 0 || mode === "loose" || Object.is(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return primitives(a, b, mode);
  if (mode !== "loose" && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (mode !== "partial" && Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  for (const [x, y] of seen) if (x === a && y === b) return true;
  const deeper = [...seen, [a, b]];
  if (!boxed(a, b, mode, deeper)) return false;
  if (isView(a)) return true;
  if (mode === "partial" && Array.isArray(b)) return partialArray(a, b, deeper);
  const keys = mode === "loose" ? Object.keys(b) : keysOf(b);
  if (mode !== "partial" && keys.length !== (mode === "loose" ? Object.keys(a) : keysOf(a)).length) return false;
  if (Array.isArray(a) && mode !== "partial" && a.length !== b.length) return false;
  return keys.every((k) => Object.prototype.hasOwnProperty.call(a, k) && equal(a[k], b[k], mode, deeper));
}

function partialArray(a, b, seen) {
  let at = 0;
  return b.every((v) => {
    while (at < a.length && !equal(a[at], v, "partial", seen)) at++;
    return at++ < a.length;
  });
}

module.exports = {
  isDeepStrictEqual: (a, b) => equal(a, b, "strict", []),
  isDeepEqual: (a, b) => equal(a, b, "loose", []),
  isPartial: (a, b) => equal(a, b, "partial", []),
};
