// compatibility_flags: nodejs_compat
// util.inspect and util.format.
import util, { inspect, format } from "node:util";
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { nodeArea, each, problem } from "./lib/node.js";

class Foo { constructor() { this.x = 1; } get y() { return 2; } }
class Bar extends Foo { static s = 1; }
class Tagged { get [Symbol.toStringTag]() { return "Tag"; } }
const circular = { a: 1 }; circular.self = circular; circular.list = [circular, { circular }];
const long = "x".repeat(90);
const withError = (e) => inspect(e).split("\n")[0];
const values = {
  primitives: () => [1, -0, 1n, "a", "it's", 'say "hi"', "both ' and \"", "all ' \" `", "new\nline\ttab\u0000\u001b", true, null, undefined, Symbol("s"), Symbol(), NaN, 1e21, "\ud800", "é😀"],
  boxed: () => [new Number(1), new String("abc"), new Boolean(false), Object(Symbol("a")), Object(1n), Object.assign(new String("ab"), { x: 1 }), new Number(-0)],
  objects: () => [{}, { a: 1 }, { "a-b": 1, 1: 2, [Symbol("k")]: 3 }, Object.create(null), Object.assign(Object.create(null), { a: 1 }), new Foo(), new Bar(), new Tagged(), Object.create(Foo.prototype), Object.create({}), new (class {})(), { __proto__: { a: 1 }, b: 2 }],
  accessors: () => [{ get a() { return 1; } }, { set a(v) {} }, { get a() { return 1; }, set a(v) {} }, Object.defineProperty({}, "hidden", { value: 1 })],
  functions: () => [function f() {}, () => {}, async () => {}, function* g() {}, async function* h() {}, class {}, Foo, Bar, Math.max, Object.assign(() => {}, { a: 1 }), (class X extends null {}), Object.setPrototypeOf(function n() {}, null)],
  arrays: () => [[], [1, 2, 3], [, 1], [1, , , 2], Object.assign([1], { x: 1 }), new Array(5), [undefined, null], [[[[1]]]], Array.from({ length: 150 }, (_, i) => i), new (class Sub extends Array {})(3), Array.from({ length: 30 }, (_, i) => `item ${i}`)],
  collections: () => [new Map(), new Map([[1, { a: 2 }], ["k", [1]]]), new Set(), new Set([1, "a", {}]), new WeakMap(), new WeakSet(), new (class M extends Map {})([[1, 2]]), Object.assign(new Set([1]), { p: 1 })],
  iterators: () => [new Map([[1, 2]]).keys(), new Map([[1, 2]]).entries(), new Set([1, 2]).values(), new Set([5]).entries(), [1, 2][Symbol.iterator](), "ab"[Symbol.iterator](), "ab".matchAll(/a/g), (function* () {})(), new Map([[1, 2], [3, 4]]).values()],
  dates: () => [new Date(0), new Date(NaN), Object.assign(new Date(0), { x: 1 }), new (class D extends Date {})(0)],
  regexps: () => [/a/g, Object.assign(/b/, { x: 1 }), new (class R extends RegExp {})("c", "i")],
  promises: () => [Promise.resolve(1), new Promise(() => {}), (() => { const p = Promise.reject(new Error("no")); p.catch(() => {}); return p; })().constructor.name, Object.assign(Promise.resolve(), { x: 1 })],
  proxies: () => [new Proxy({ a: 1 }, {}), new Proxy([1, 2], {}), new Proxy(function f() {}, {}), new Proxy(new Map([[1, 2]]), {})],
  buffers: () => [Buffer.from("abc"), new Uint8Array([1, 2]), new Float64Array(2), new ArrayBuffer(3), new DataView(new ArrayBuffer(2)), new BigInt64Array(1), Object.assign(Buffer.from("a"), { x: 1 }), Buffer.alloc(60), new Uint8Array(120)],
  symbols: () => [{ [Symbol("a b")]: 1 }, { [Symbol.toStringTag]: "T" }, { [Symbol()]: 1 }],
  globals: () => [globalThis.constructor?.name, Math, JSON, Reflect, Atomics?.constructor?.name, Intl?.constructor?.name, new Intl.NumberFormat().constructor.name],
  args: () => [(function () { return arguments; })(1, "a")],
  platform: () => [new URL("http://u:p@h:8/p?q#f"), new URLSearchParams("a=1&b=2"), new Headers({ a: "1" }), new FormData(), new AbortController(), new AbortController().signal, new EventTarget(), new TextEncoder(), new TextDecoder(), new Blob(["ab"]), new File(["a"], "n.txt", { lastModified: 5 }), new MessageChannel().port1.constructor.name, new DOMException("m", "AbortError").name, crypto, performance.constructor.name, new CompressionStream("gzip"), new URLPattern({ pathname: "/a" }).constructor.name],
};
const probes = {};
for (const [name, list] of Object.entries(values)) probes[name] = () => each(list(), (v) => inspect(v));
Object.assign(probes, {
  "streams": () => each([new ReadableStream(), new WritableStream(), new TransformStream()], (v) => inspect(v)),
  "request": () => inspect(new Request("http://h/")),
  "response": () => inspect(new Response("x")),
  "depths": () => each([0, 1, 2, 3, null, Infinity, -1], (depth) => inspect({ a: { b: { c: { d: { e: 1 } } } }, l: [[[[1]]]] }, { depth })),
  "depth classes": () => inspect({ a: { b: { c: new Foo(), m: new Map([[1, { a: 1 }]]), n: Object.create(null), t: new Tagged(), d: new Date(0), e: [], o: {} } } }),
  "circular": () => inspect(circular, { depth: 4 }),
  "circular map": () => { const m = new Map(); m.set("m", m); const s = new Set(); s.add(s); return [inspect(m), inspect(s)]; },
  "compact": () => each([true, false, 0, 1, 3, 5], (compact) => inspect({ a: { b: { c: [1, { d: 2 }] } }, s: "x" }, { compact })),
  "breakLength": () => each([10, 40, 80, 200, Infinity], (breakLength) => inspect({ alpha: "aaaaaaaaaa", beta: "bbbbbbbbbb", gamma: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, { breakLength })),
  "long lines": () => [inspect({ a: long }), inspect([long, long]), inspect({ a: `${long}\n${long}` }), inspect(`a\nb${long}`)],
  "numbers": () => inspect([1.5, 100, 2, 33.333, -4, 5e-7, 12345678, 0.1, 99, 1, 2, 3]),
  "numericSeparator": () => inspect([1234567.891, 1000, 123456n, -1234, 0.12345678], { numericSeparator: true }),
  "sorted": () => [inspect({ b: 1, a: 2, c: 3 }, { sorted: true }), inspect({ b: 1, a: 2 }, { sorted: (a, b) => (a < b ? 1 : -1) }), inspect(new Set([3, 1, 2]), { sorted: true }), inspect(new Map([["b", 1], ["a", 2]]), { sorted: true })],
  "getters": () => each([true, "get", "set"], (getters) => inspect({ get a() { return { x: 1 }; }, get b() { throw new Error("g"); }, set c(v) {}, get d() { return 1; }, set d(v) {} }, { getters })),
  "showHidden": () => [inspect([1], { showHidden: true }), inspect(new Map([[1, 2]]), { showHidden: true }), inspect(Object.defineProperty({ a: 1 }, "h", { value: 2 }), { showHidden: true }), inspect(new Uint8Array(2), { showHidden: true }), inspect(new Foo(), { showHidden: true }), inspect(function f() {}, { showHidden: true }).slice(0, 30), inspect(new WeakSet(), { showHidden: true })],
  "showProxy": () => [inspect(new Proxy({ a: 1 }, { get() {} }), { showProxy: true }), inspect(new Proxy([1], {}), { showProxy: true }), inspect(new Proxy(new Proxy({}, {}), {}), { showProxy: true })],
  "revoked proxy": () => { const r = Proxy.revocable({}, {}); r.revoke(); return inspect(r.proxy); },
  "proxy traps": () => { let n = 0; inspect(new Proxy({ a: 1 }, { get() { n++; }, ownKeys() { n++; return []; }, getPrototypeOf() { n++; return null; } })); return n; },
  "maxArrayLength": () => each([0, 1, 2, null, Infinity], (maxArrayLength) => inspect([[1, 2, 3], new Set([1, 2, 3]), new Map([[1, 2], [3, 4]]), new Uint8Array(3)], { maxArrayLength })),
  "maxStringLength": () => each([0, 3, null, Infinity], (maxStringLength) => inspect(["abcdef", { a: "abcdef" }], { maxStringLength })),
  "colors": () => inspect({ a: 1, b: "s", c: null, d: undefined, e: Symbol("x"), f: /r/, g: new Date(0), h: () => {}, i: true, j: 5n, k: [1, , 2], [Symbol("k")]: 1, get l() { return 1; } }, { colors: true }),
  "custom": () => inspect({ [inspect.custom](depth, options, i) { return [depth, Object.keys(options).sort().join(), i === inspect, typeof options.stylize].join(" "); } }),
  "custom nested": () => inspect({ a: { [inspect.custom]: () => "CUSTOM" }, b: [{ [inspect.custom]: () => ({ real: 1 }) }], c: { [inspect.custom]: () => "two\nlines" } }),
  "custom off": () => inspect({ [inspect.custom]: () => "C", a: 1 }, { customInspect: false }),
  "custom throws": () => inspect({ [inspect.custom]() { throw new Error("ci"); } }),
  "old arguments": () => [inspect({ a: { b: { c: { d: 1 } } } }, false, 0), inspect({ a: 1 }, false, 2, true), inspect({ a: { b: {} } }, true)],
  "defaultOptions": () => { const old = inspect.defaultOptions; inspect.defaultOptions = { depth: 0 }; const r = inspect({ a: { b: 1 } }); inspect.defaultOptions = { depth: 2 }; return [r, Object.keys(old).sort(), old.depth]; },
  "defaultOptions bad": () => each([null, 5, "a"], (x) => { inspect.defaultOptions = x; }),
  "styles": () => [Object.keys(inspect.styles), Object.keys(inspect.colors).length, inspect.colors.red],
  "errors": () => [withError(new Error("m")), withError(new TypeError()), withError(new RangeError("two\nlines")), withError(Object.assign(new Error("n"), { name: "Other" })), withError(new (class MyError extends Error {})("sub")), withError(new (class Nameless extends Error { name = "Z"; })("z"))],
  "errors odd": () => { const a = new Error("a"); a.stack = "custom stack"; const b = new Error("b"); b.stack = undefined; const c = new Error("c"); c.message = "changed"; const d = new Error("d"); delete d.stack; return [inspect(a), inspect(b), withError(c), withError(d), inspect(Object.assign(new Error("e"), { stack: "" }))]; },
  "errors props": () => { const e = new Error("p"); e.stack = "Error: p\n    at x"; e.code = "C"; e.more = { a: [1] }; return inspect(e); },
  "errors cause": () => { const e = new Error("p", { cause: "why" }); e.stack = "Error: p\n    at x"; const f = new Error("q", { cause: e }); f.stack = "Error: q\n    at y"; return [inspect(e), inspect(f)]; },
  "errors aggregate": () => { const a = new AggregateError([1, "b"], "agg"); a.stack = "AggregateError: agg\n    at z"; return inspect(a); },
  "errors nested": () => { const e = new Error("n"); e.stack = "Error: n\n    at x\n    at y"; return [inspect({ e }), inspect([e]), inspect({ a: { b: { c: { e } } } })]; },
  "errors keys": () => { const e = new TypeError("k"); e.stack = "TypeError: k\n    at x"; e.name = "Renamed"; return inspect(e); },
  "modules": async () => { const m = await import("node:path/posix"); return inspect(m).slice(0, 24); },
  "emitter": () => inspect(new EventEmitter()),
  "stream": () => inspect(new Readable({ read() {} })).slice(0, 60),
  "prototypes": () => [inspect(Foo.prototype), inspect(Object.prototype), inspect(Array.prototype), inspect(Map.prototype), inspect(Bar.prototype), inspect(Date.prototype), inspect(RegExp.prototype), inspect(Error.prototype)],
  "null prototypes": () => [inspect(Object.setPrototypeOf([1], null)), inspect(Object.setPrototypeOf(new Map([[1, 2]]), null)), inspect(Object.setPrototypeOf(new Date(0), null)), inspect(Object.setPrototypeOf(/a/, null)), inspect(Object.setPrototypeOf({ x: 1 }, null)), inspect(Object.setPrototypeOf(class Q {}, null))],
  "constructors": () => { const o = new Foo(); o.constructor = 5; class Anon {} Object.defineProperty(Anon, "name", { value: "" }); return [inspect(o), inspect(new Anon()), inspect({ constructor: "x" }), inspect({ constructor: { name: "Fake" } })]; },
  "keys": () => inspect({ a: 1, "b c": 2, "d'e": 3, "f\n": 4, 5: 5, "-1": 6, é: 7, $x: 8, _y: 9, "": 10 }),
  "format": () => [format(), format("a", "b"), format(1, 2), format("%s"), format("%%", 1), format("%s", "a", { b: 1 }), format("%"), format("%x", 1), format("a%sb%s", 1), format(null, undefined), format({ a: 1 }, "x"), format("%s %s", "only")],
  "format s": () => each([1, -0, 1n, "s", true, null, undefined, Symbol("a"), {}, { a: { b: { c: 1 } } }, [1, [2, [3]]], new Date(0), new Foo(), { toString() { return "T"; } }, new (class { toString() { return "CT"; } })(), new String("x"), Object.create(null)], (v) => format("%s", v)),
  "format s error": () => [format("%s", Object.assign(new Error("m"), { stack: "Error: m\n    at x" })), format("%s", Object.assign(new (class E extends Error { toString() { return "own"; } })("m"), { stack: "st" }))],
  "format d": () => each([1, "5", "a", 1n, {}, Symbol("a"), -0, "", null, undefined, 1.5, [2]], (v) => format("%d", v)),
  "format i": () => each([1.9, "5.5", "a", 1n, {}, Symbol("a"), -0.5, null], (v) => format("%i", v)),
  "format f": () => each([1.5, "5.5x", "a", {}, Symbol("a"), -0, 1n], (v) => format("%f", v)),
  "format j": () => each([{ a: 1 }, "s", undefined, circular, { toJSON() { throw new Error("tj"); } }, () => {}, 1], (v) => format("%j", v)),
  "format j bigint": () => format("%j", { a: 1n }),
  "format o": () => [format("%o", { a: [1, { b: 2 }] }), format("%O", { a: { b: { c: { d: { e: 1 } } } } }), format("%o", 5), format("%O", "s")],
  "format o function": () => format("%o", function foo(a) {}).replace(/\s+/g, " "),
  "format c": () => [format("%cred%c", "color:red", ""), format("%c")],
  "formatWithOptions": () => [util.formatWithOptions({ colors: true }, "%s %O", "a", { b: 1 }), util.formatWithOptions({ compact: false }, { a: 1 }), util.formatWithOptions({ depth: 0 }, { a: { b: 1 } })],
  "formatWithOptions bad": () => each([null, 5, "a", undefined], (o) => util.formatWithOptions(o, "x")),
  "inspect options bad": () => each([[{}, null], [{}, 5], [{}, "a"], [{}, { depth: "a" }], [[1, 2], { maxArrayLength: "a" }]], (a) => inspect(...a)),
  "getter on prototype": () => inspect(new (class G { get v() { return 1; } static get s() { return 2; } })()),
  "deep nesting": () => { let o = {}; for (let i = 0; i < 100; i++) o = { o }; return inspect(o, { depth: Infinity }).length > 0; },
  "many keys": () => inspect(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key${i}`, i]))),
  "grouping": () => inspect(Array.from({ length: 40 }, (_, i) => "y".repeat(i % 7))),
  "sparse": () => { const a = []; a[3] = 1; a[100] = 2; a.x = 3; return inspect(a); },
  "typed array extra": () => inspect(Object.assign(new Uint8Array(2), { a: 1 })),
  "string in object": () => inspect({ a: "it's", b: "tick`", c: "new\nline" }),
  "problem": () => problem(new Error("x")),
});
export default nodeArea(probes);
