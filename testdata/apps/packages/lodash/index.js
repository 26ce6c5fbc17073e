// lodash.
import _ from "lodash";
import get from "lodash/get";
import { area } from "../../../conformance/probe.js";

const users = [{ u: "barney", age: 36, ok: true }, { u: "fred", age: 40, ok: false }, { u: "pebbles", age: 1, ok: true }];

export default area({
  "collections": () => JSON.stringify([_.groupBy(users, "ok"), _.keyBy(users, "u"), _.countBy("abca"), _.orderBy(users, ["ok", "age"], ["asc", "desc"]), _.partition(users, { ok: true }), _.sortBy(users, (o) => -o.age), _.flatMap([1, 2], (n) => [n, n]), _.sampleSize([1], 1), _.invokeMap([[3, 1, 2]], "sort")]),
  "arrays": () => JSON.stringify([_.chunk([1, 2, 3, 4, 5], 2), _.difference([1, 2], [2]), _.zipObjectDeep(["a.b[0].c"], [1]), _.unionBy([2.1], [1.2, 2.3], Math.floor), _.xorWith([{ x: 1 }], [{ x: 1 }, { y: 1 }], _.isEqual), _.sortedUniq([1, 1, 2]), _.flattenDeep([1, [2, [3, [4]]]]), _.pullAt(["a", "b", "c"], [0, 2]), _.unzip([["a", 1], ["b", 2]]), _.intersection([2, 1], [2, 3]), _.range(0, -5, -2)]),
  "objects": () => JSON.stringify([_.merge({ a: [{ b: 2 }] }, { a: [{ c: 3 }] }), _.defaultsDeep({ a: { b: 1 } }, { a: { b: 2, c: 3 } }), _.set({}, "x[0].y.z", 5), get({ a: [{ b: { c: 3 } }] }, "a[0].b.c"), _.omit({ a: 1, b: 2 }, "a"), _.pickBy({ a: 1, b: "2" }, _.isNumber), _.invert({ a: 1 }), _.mapKeys({ a: 1 }, (v, k) => k + v), _.transform([2, 3], (r, n) => r.push(n * n)), _.toPairs(new Map([["a", 1]])), _.at({ a: [1, 2] }, "a[1]"), _.findKey({ x: 1 }, (v) => v === 1), _.unset({ a: 1 }, "a")]),
  "strings": () => [_.camelCase("--foo-bar--"), _.kebabCase("fooBarBaz"), _.snakeCase("FOO BAR 2x"), _.startCase("__FOO_bar"), _.deburr("déjà vu œuvre"), _.escape("<a & 'b'>"), _.unescape("&lt;&#39;"), _.truncate("hi-diddly-ho there, neighborino", { length: 24, separator: " " }), _.words("fred, barney, & pebbles 😀 ÀÉ"), _.padStart("x", 5, "ab"), _.repeat("ab", 3), _.size("a👨‍👩‍👧b"), _.toArray("👨‍👩‍👧é"), _.trim("-_-abc-_-", "_-"), _.upperFirst("fred"), _.lowerCase("fooBar"), _.escapeRegExp("[a](b)")],
  "template": () => { try { return _.template("hi <%= n %>")({ n: 1 }); } catch (e) { return e.name; } },
  "lang": () => [_.isEqual({ a: [new Date(0), /x/g, new Map([[1, { b: 2 }]])] }, { a: [new Date(0), /x/g, new Map([[1, { b: 2 }]])] }), _.isPlainObject(Object.create(null)), _.isEmpty(new Set()), _.isNative(Array.prototype.push), _.isArguments((function () { return arguments; })()), _.isError(new TypeError()), _.isTypedArray(new Uint8Array()), _.isWeakMap(new WeakMap()), _.isBuffer(1), _.toString(-0), _.toInteger("3.7"), _.toSafeInteger(Infinity), _.isMatch({ a: 1, b: 2 }, { b: 2 }), _.toNumber("0b11"), _.isSymbol(Symbol.iterator), _.eq(NaN, NaN)],
  "clone": () => { const s = { d: new Date(3), r: /a/gi, m: new Map([["k", { v: 1 }]]), s: new Set([1]), b: new Uint8Array([1, 2]), f() {}, n: null, y: Symbol.iterator }; s.self = s; const c = _.cloneDeep(s); return [+c.d, String(c.r), c.m.get("k"), c.m.get("k") !== s.m.get("k"), c.b, c.b.buffer !== s.b.buffer, c.self === c, typeof c.f, c.y]; },
  "functions": () => { const out = []; const f = _.curry((a, b, c) => [a, b, c]); out.push(f(1)(2)(3), f(1, _, 3)(2), _.memoize((x) => x * 2)(4), _.partialRight(f, 9)(1, 2), _.flow([Math.abs, Math.sqrt])(-16), _.once(() => 5)(), _.rearg((a, b) => [a, b], [1, 0])(1, 2), _.spread((a, b) => a + b)([1, 2]), _.overEvery([_.isNumber, isFinite])(3), _.ary(parseInt, 1)("6", 2), _.unary(Number)("7"), _.negate(Boolean)(0), _.cond([[_.stubTrue, _.constant("c")]])()); return JSON.stringify(out); },
  "debounce": () => new Promise((ok) => { let n = 0; const f = _.debounce(() => { n++; ok(n); }, 2); f(); f(); f(); }),
  "throttle": () => new Promise((ok) => { let n = 0; const f = _.throttle(() => n++, 2); f(); f(); setTimeout(() => ok(n > 0), 10); }),
  "chain": () => _(users).filter("ok").map("age").sum(),
  "lazy chain": () => _.chain(_.range(300)).map((n) => n * 2).filter((n) => n % 3 === 0).take(4).reverse().value(),
  "math": () => [_.round(4.006, 2), _.ceil(6040, -2), _.floor(0.046, 2), _.mean([4, 2]), _.maxBy(users, "age").u, _.sumBy(users, "age"), _.clamp(-10, -5, 5), _.inRange(3, 2, 4), _.divide(6, 4)],
  "util": () => [_.uniqueId("p").slice(0, 1), _.times(3, String), _.toPath("a[0].b"), _.attempt(() => { throw new Error("x"); }).message, _.matches({ a: 1 })({ a: 1 }), _.property("a.b")({ a: { b: 2 } }), _.defaultTo(NaN, 1), _.VERSION.split(".")[0]],
});
