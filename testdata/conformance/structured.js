// structuredClone, beyond what clone.js asks: depth, identity, order, errors of all kinds.
import { area, each, error, show } from "./probe.js";

const probes = {};
const c = structuredClone;
const caught = (f) => { try { return f(); } catch (e) { return `${e.constructor.name} ${e.name} ${e.code}: ${e.message}`; } };

each(probes, "primitive", [0, -0, NaN, Infinity, 2 ** 53, 1.5, "", "é", "\ud800", "\u{1f600}", true, null, undefined, 10n, -(2n ** 70n)], (v) => [Object.is(c(v), v), typeof c(v)]);
each(probes, "boxed", [new Number(-0), new String("ab"), new Boolean(false), Object(5n), Object("\udc00")], (v) => { const w = c(v); return [typeof w, Object.prototype.toString.call(w), Object.is(w.valueOf(), v.valueOf()), Object.keys(w)]; });
each(probes, "date", [0, -1, NaN, 8.64e15, 1e9], (v) => { const d = c(new Date(v)); return [d instanceof Date, Object.is(d.getTime(), new Date(v).getTime())]; });
each(probes, "regexp", [/a/, /b/gi, /c/dgimsuy, /[\p{L}]/v, /\//, new RegExp(""), new RegExp("\n")], (r) => { r.lastIndex = 3; r.extra = 1; const d = c(r); return [d.source, d.flags, d.lastIndex, d.extra]; });
each(probes, "error", [new Error("m"), new TypeError("m"), new RangeError(""), new EvalError("e"), new URIError("u"), new SyntaxError("s"), new ReferenceError("r"), new AggregateError([new Error("a"), 1], "g"), new Error("m", { cause: { a: 1 } }), new Error("m", { cause: undefined }), new Error("m", { cause: new Error("in") })], (e) => { const d = c(e); return [error(d), d.constructor.name, Object.getOwnPropertyNames(d).sort(), show(d.cause), d.errors && d.errors.map(String), typeof d.stack]; });
each(probes, "typed", [Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array], (T) => { const b = new ArrayBuffer(16), v = new T(b, 8, 1); const d = c(v); return [d.constructor.name, d.length, d.byteOffset, d.buffer.byteLength]; });
Object.assign(probes, {
  "error subclass": () => { class E extends Error { constructor() { super("m"); this.name = "E"; this.code = 7; } } const d = c(new E()); return [error(d), d.constructor.name, d.code, Object.keys(d), d instanceof E]; },
  "error subclass of TypeError": () => { class E extends TypeError {} const d = c(new E("m")); return [error(d), d.constructor.name]; },
  "error name": () => ["TypeError", "X", "", 5, undefined].map((name) => { const e = new Error("m"); e.name = name; const d = c(e); return [d.name, d.constructor.name, Object.hasOwn(d, "name")]; }),
  "error message": () => ["", "other"].map((m) => { const e = new Error("m"); e.message = m; const d = c(e); return [d.message, Object.hasOwn(d, "message")]; }),
  "error message getter": () => { const e = new Error("m"); Object.defineProperty(e, "message", { get: () => "g" }); return c(e).message; },
  "error stack": () => { const e = new Error("m"); e.stack = "mine"; return c(e).stack; },
  "error cause function": () => caught(() => c(new Error("m", { cause: () => {} })) && "cloned"),
  "error cause cycle": () => { const e = new Error("m"); e.cause = e; const d = c(e); return d.cause === d; },
  "error property function": () => caught(() => c(Object.assign(new Error("m"), { f: Math.max })) && "cloned"),
  "error prototype null": () => { const e = new Error("m"); Object.setPrototypeOf(e, null); const d = c(e); return [Object.prototype.toString.call(d), d instanceof Error]; },
  "error like": () => { const d = c(Object.create(Error.prototype, { message: { value: "m", enumerable: true } })); return [d instanceof Error, d.message]; },
  "domexception": () => { const d = c(new DOMException("m", "AbortError")); return [error(d), d instanceof DOMException, d.code, Object.getOwnPropertyNames(d).sort()]; },
  "domexception names": () => ["DataCloneError", "QuotaExceededError", "Nope", ""].map((n) => { const d = c(new DOMException("m", n)); return [d.name, d.code]; }),
  "domexception cause": () => { const e = new DOMException("m", { name: "X", cause: 1 }); const d = c(e); return [d.name, d.cause]; },
  "domexception extra": () => c(Object.assign(new DOMException("m"), { extra: 1 })).extra,
  "identity": () => { const o = {}; const d = c([o, o, { o }]); return [d[0] === d[1], d[2].o === d[0]]; },
  "cycle of map": () => { const m = new Map(); m.set("self", m); m.set(m, 1); const d = c(m); return [d.get("self") === d, d.get(d)]; },
  "cycle of set": () => { const s = new Set(); s.add(s); const d = c(s); return [d.has(d), d.size]; },
  "cycle of array": () => { const a = [1]; a.push(a); const d = c(a); return [d[1] === d, d.length]; },
  "map order": () => [...c(new Map([["b", 1], ["a", 2], [1, 3]])).keys()],
  "map key objects": () => { const k = { a: 1 }; const d = c({ m: new Map([[k, k]]), k }); const [[x, y]] = d.m; return [x === y, x === d.k]; },
  "map subclass": () => { class M extends Map { x = 1; } const d = c(new M([[1, 2]])); return [d.constructor.name, d.x, d.size]; },
  "map extra": () => { const m = new Map([[1, 2]]); m.extra = 1; return c(m).extra; },
  "map changed by getter": () => { const m = new Map(); m.set(1, { get a() { m.set(2, 3); return 1; } }); return [...c(m).keys()]; },
  "array extra": () => { const a = [1, , 3]; a.extra = 1; const d = c(a); return [d.length, 1 in d, d.extra, Object.keys(d)]; },
  "array subclass": () => { class A extends Array {} const d = c(A.from([1, 2])); return [d.constructor.name, d.length]; },
  "array long and empty": () => { const d = c(new Array(1e6)); return [d.length, Object.keys(d).length]; },
  "array shrunk by getter": () => { const a = [{ get x() { a.length = 1; return 1; } }, 2, 3]; const d = c(a); return [d.length, Object.keys(d)]; },
  "object order": () => Object.keys(c({ b: 1, 2: 1, a: 1, 1: 1 })),
  "object accessors": () => { const d = c({ get a() { return 1; }, set b(x) {} }); return [Object.getOwnPropertyDescriptor(d, "a"), "b" in d, d.b]; },
  "object hidden": () => c(Object.defineProperty({ a: 1 }, "h", { value: 1 })),
  "object frozen": () => Object.isFrozen(c(Object.freeze({ a: 1 }))),
  "object added by getter": () => { const o = { get a() { o.z = 1; return 1; }, b: 2 }; return Object.keys(c(o)); },
  "object deleted by getter": () => { const o = { get a() { delete o.b; return 1; }, b: 2 }; return Object.keys(c(o)); },
  "object no prototype": () => { const d = c(Object.assign(Object.create(null), { a: 1 })); return [Object.getPrototypeOf(d) === Object.prototype, d.a]; },
  "object proto key": () => { const d = c(JSON.parse('{"__proto__": {"a": 1}}')); return [Object.hasOwn(d, "__proto__"), Object.getPrototypeOf(d) === Object.prototype]; },
  "object symbols": () => Object.getOwnPropertySymbols(c({ [Symbol("x")]: 1 })).length,
  "class fields": () => { class A { #p = 1; q = 2; get r() { return 3; } } const d = c(new A()); return [d.constructor.name, Object.keys(d)]; },
  "throwing getter": () => caught(() => c({ get a() { throw new RangeError("mine"); } })),
  "throwing getter of a thing": () => { try { c({ get a() { throw { x: 1 }; } }); } catch (e) { return e; } },
  "deep": () => { let o = {}; for (let i = 0; i < 500; i++) o = { o }; let d = c(o), n = 0; while (d.o) { d = d.o; n++; } return n; },
  "buffer and views": () => { const b = new ArrayBuffer(8); const d = c([b, new Uint8Array(b, 2, 3), new DataView(b, 1)]); return [d[0] === d[1].buffer, d[2].buffer === d[0], d[1].byteOffset, d[2].byteLength]; },
  "transfer": () => { const b = new Uint8Array([1, 2]).buffer; const d = c({ b }, { transfer: [b] }); return [b.byteLength, b.detached, new Uint8Array(d.b), d.b === b]; },
  "transfer not referred to": () => { const b = new ArrayBuffer(4); const d = c(1, { transfer: [b] }); return [d, b.byteLength]; },
  "transfer of a view's buffer": () => { const v = new Uint8Array([1, 2, 3]).subarray(1); const d = c(v, { transfer: [v.buffer] }); return [v.length, d, d.byteOffset]; },
  "transfer and failure": () => { const b = new ArrayBuffer(4); return [caught(() => c({ b, f: Math.max }, { transfer: [b] })), b.byteLength]; },
  "transfer list of strings": () => caught(() => c(1, { transfer: ["x"] })),
  "transfer null": () => caught(() => c(1, { transfer: null })),
  "transfer set": () => { const b = new ArrayBuffer(4); return caught(() => { c(b, { transfer: new Set([b]) }); return b.byteLength; }); },
  "transfer port": () => caught(() => { const { port1 } = new MessageChannel(); return Object.prototype.toString.call(c(port1, { transfer: [port1] })); }),
  "transfer stream": () => caught(() => { const s = new ReadableStream(); return Object.prototype.toString.call(c(s, { transfer: [s] })); }),
  "options null": () => c(1, null),
  "options string": () => caught(() => c(1, "x")),
  "arguments object": () => { const d = c((function () { return arguments; })(1, 2)); return [Array.isArray(d), Object.keys(d)]; },
  "Math": () => Object.keys(c(Math)),
  "iterators": () => [caught(() => c([1].values())), caught(() => c(new Map().keys())), caught(() => c("a".matchAll(/a/g))), caught(() => c((function* () {})()))],
  "weak": () => [caught(() => c(new WeakRef({}))), caught(() => c(new WeakMap())), caught(() => c(new WeakSet()))],
  "promise": () => caught(() => c(Promise.resolve())),
  "symbols": () => [caught(() => c(Symbol("s"))), caught(() => c(Symbol.iterator)), caught(() => c([Symbol()]))],
  "platform": () => [new Headers(), new URL("http://e.com"), new Request("http://e.com"), new Response(), new AbortController(), new TextEncoder(), new FormData(), new Event("x"), crypto.subtle, caches, new ReadableStream(), new WritableStream()].map((o) => caught(() => Object.prototype.toString.call(c(o)))),
  "proxies": () => [caught(() => c(new Proxy({ a: 1 }, {}))), caught(() => c(new Proxy([], {})))],
  "detached view": () => { const v = new Uint8Array(4); c(v, { transfer: [v.buffer] }); return caught(() => c(v)); },
  "tag": () => { const d = c({ [Symbol.toStringTag]: "X", a: 1 }); return [String(d), d.a]; },
  "returns a new one": () => { const o = { a: [] }; const d = c(o); return [d !== o, d.a !== o.a]; },
});

export default area(probes);
