package jsg

import (
	"testing"

	"github.com/dop251/goja"
)

// iterations and calls are as the engine does them alone.
var iterations = []string{
	`for (const x of [1, 2, 3]) out.push(x)`,
	`for (const x of [1, , 3]) out.push(x)`,
	`for (const x of [undefined, null, 0]) out.push(x)`,
	`const a = [1, 2, 3]; for (const x of a) { out.push(x); if (a.length < 6) a.push(x * 10) }`,
	`const a = [1, 2, 3, 4]; for (const x of a) { out.push(x); a.length = 2 }`,
	`const a = [1, 2, 3, 4]; for (const x of a) { out.push(x); a.shift() }`,
	`const a = [1, 2, 3]; Object.defineProperty(a, 1, { get() { out.push("get"); return 9 } }); for (const x of a) out.push(x); out.push(...a); const [b, c] = a; out.push(b, c)`,
	`const a = Object.freeze([1, 2]); for (const x of a) out.push(x); out.push(...a, [...a].length)`,
	`const a = [1]; a[100000000] = 2; let n = 0; for (const x of a) { out.push(x); if (++n > 3) break }`,
	`const a = [1, 2, 3]; a[Symbol.iterator] = function* () { yield "own" }; for (const x of a) out.push(x); out.push(...a); const [b] = a; out.push(b)`,
	`const it = [1, 2, 3][Symbol.iterator](); it.next(); for (const x of it) out.push(x); out.push(it.next().done)`,
	`const it = [1, 2, 3].values(); for (const x of it) { out.push(x); break } for (const x of it) out.push(x)`,
	`const it = [1, 2, 3].values(); it.return = () => { out.push("return"); return {} }; for (const x of it) { out.push(x); break } const [a] = it; out.push(a); const [b, c, d] = it; out.push(b, c, d)`,
	`const it = [1, 2, 3].values(); it.next = () => ({ done: out.length > 4, value: "x" }); for (const x of it) out.push(x)`,
	`const P = Object.getPrototypeOf([].values()), next = P.next; let n = 0; P.next = function () { n++; return next.call(this) }; try { for (const x of [1, 2]) out.push(x); out.push(...[3, 4], [...[5]][0]); const [a] = [6]; out.push(a, n) } finally { P.next = next }`,
	`const P = Object.getPrototypeOf([].values()), next = P.next; for (const x of [1, 2, 3]) { out.push(x); P.next = () => ({ done: true }) } P.next = next; for (const x of [4]) out.push(x)`,
	`const was = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function* () { yield "all" }; try { for (const x of [1, 2]) out.push(x); out.push(...[3]); const [a] = [6]; out.push(a) } finally { Array.prototype[Symbol.iterator] = was }`,
	`for (const [i, x] of ["a", "b"].entries()) out.push(i, x); for (const k of ["a", "b"].keys()) out.push(k)`,
	`for (const x of new Uint8Array([1, 2])) out.push(x); out.push(...new Float64Array([0.5])); const [a, b] = new Int8Array([7]); out.push(a, b)`,
	`for (const x of "aé😀") out.push(x); for (const x of new Set([1, 2])) out.push(x); for (const [k, v] of new Map([[1, 2]])) out.push(k, v)`,
	`(function () { for (const x of arguments) out.push(x); out.push(...arguments); const [a] = arguments; out.push(a) })(1, 2)`,
	`class A extends Array {} const a = A.from([1, 2]); for (const x of a) out.push(x); out.push(...a)`,
	`const [a, b = 5, ...c] = [1, undefined, 3, 4]; out.push(a, b, c.length); const [d, , e] = [1, 2, 3]; out.push(d, e); const [f, g] = [1]; out.push(f, g); const [] = [1]`,
	`const [[a, b], { c }] = [[1, 2], { c: 3 }]; out.push(a, b, c); let x = 1, y = 2; [x, y] = [y, x]; out.push(x, y)`,
	`try { for (const x of [1, 2]) { out.push(x); throw "thrown" } } catch (e) { out.push(e) }`,
	`const f = () => { for (const x of [1, 2]) for (const y of [3, 4]) { if (y === 4) return x + y; out.push(y) } }; out.push(f())`,
	`outer: for (const x of [1, 2, 3]) { for (const y of [4, 5]) { if (y === 5) continue outer; out.push(x, y) } }`,
	`function* g() { for (const x of [1, 2, 3]) yield x } out.push(...g(), ...[], ...[...g()]); for (const x of g()) { out.push(x); break }`,
	`out.push(Math.max(...[1, 5, 2], ...[4], 3), [...[1, 2], 0, ...[3], ...[, 4]].length, new Date(...[2020, 1, 2]).getMonth())`,
	`try { out.push(...5) } catch (e) { out.push(e.name) } try { const [a] = {} } catch (e) { out.push(e.name) } try { for (const x of null); } catch (e) { out.push(e.name) }`,
	`const big = Array.from({ length: 5000 }, (_, i) => i); out.push(((...a) => a.length)(...big, ...big), [...big, ...big].length)`,
	// objects
	`const s = Symbol("s"), show = (o) => Object.entries(o).join("|") + Object.getOwnPropertySymbols(o).length; const o = { a: 1, get b() { out.push("get"); return 2 }, [s]: 3 }; Object.defineProperty(o, "hidden", { value: 1 }); out.push(show({ ...o }), show({ z: 0, ...o, a: 5 }), show({ a: 7, ...{ a: 1, b: 2 }, c: 3 }), show({ ...null, ...undefined, ..."xy", ...[1, 2], ...5 }))`,
	`const show = (o) => JSON.stringify(Object.entries(o)); out.push(show({ ...{ b: 1, 2: 3, 1: 4, a: 5 } }), show({ 5: 0, x: 1, ...{ y: 2 }, 3: 1 }), show({ get a() { return 1 }, ...{ a: 2 } }), show({ ...{ a: 1 }, get a() { return 3 } }), show({ ...new (class { p = 1; #q = 2; get r() { return 3 } }) }))`,
	`const o = { __proto__: { inherited: 1 }, own: 2 }, c = { ...o }; out.push(Object.keys(c), c.inherited, Object.isFrozen({ ...Object.freeze({ a: 1 }) })); const d = { ...{ ["__proto__"]: 5 } }; out.push(Object.hasOwn(d, "__proto__")); delete c.own; out.push(Object.keys({ ...c, own: 1 })); const e = { ...{ a: 1, b: 2, c: 3 } }; delete e.b; e.b = 4; out.push(Object.keys(e))`,
	// call and apply
	`function f(a, b) { "use strict"; return [this, a, b, arguments.length] } out.push(...f.call(), ...f.call(1), ...f.call(1, 2), ...f.call(1, 2, 3, 4), ...f.apply(), ...f.apply(1), ...f.apply(1, null), ...f.apply(1, [2, 3]), ...f.apply(1, { length: 2, 0: 8 }), ...Reflect.apply(f, 1, [2]))`,
	`function f() { return typeof this + (this === globalThis) } out.push(f.call(1), f.call("s"), f.call(null), f.call(undefined), f.apply(true))`,
	`const o = { m() { return this?.k }, k: 5, a: () => typeof this }; out.push(o.m.call({ k: 6 }), o.m.apply(o), o.a.call(1), Reflect.apply(o.m, { k: 7 }, []))`,
	`out.push(Object.prototype.hasOwnProperty.call({ a: 1 }, "a"), Array.prototype.slice.call([1, 2, 3], 1).length, Math.max.apply(null, [1, 3, 2]), [].concat.apply([], [[1], [2]]).length, String.fromCharCode.apply(null, [65, 66]))`,
	`const args = [1, , 3]; Object.defineProperty(args, 0, { get: () => 8 }); out.push(...((a, b, c) => [a, b, c]).apply(null, args))`,
	`for (const bad of [5, null, {}, class {}]) { try { out.push(Function.prototype.call.call(bad)) } catch (e) { out.push(e.name) } try { out.push(Function.prototype.apply.call(bad, 1, [])) } catch (e) { out.push(e.name) } }`,
	`try { (() => 1).apply(null, 5) } catch (e) { out.push(e.name) } try { Reflect.apply(() => 1, null) } catch (e) { out.push(e.name) } try { Reflect.apply(1, null, []) } catch (e) { out.push(e.name) }`,
	`function f() { throw new TypeError("inside") } try { f.call() } catch (e) { out.push(e.message) } try { f.apply(null, [1]) } catch (e) { out.push(e.message) } out.push([1].map(Function.prototype.call, (function () { return this }).bind(3)).length)`,
	`function F(a) { this.a = a } function G(a) { F.call(this, a); this.b = new.target === G } const g = new G(3); out.push(g.a, g.b); class P { m(x) { return "P" + x } } class Q extends P { m(x) { return super.m.call(this, x) + super.m.apply(this, [x]) } } out.push(new Q().m(1))`,
	`const bound = (function (...a) { return this + a.join("") }).bind("t", 1); out.push(bound.call("u", 2), bound.apply("u", [2, 3]), Function.prototype.call.call(bound, 0, 4), Function.prototype.call.call(Function.prototype.call, function () { return this + 1 }, 5))`,
	`function f(n) { return n ? f.call(null, n - 1) + 1 : 0 } function h(n) { return n ? h.apply(null, [n - 1]) + 1 : 0 } out.push(f(500), h(500))`,
	`function* gen(a) { yield this.k; yield a } out.push(...gen.call({ k: 1 }, 2), ...gen.apply({ k: 3 }, [4]))`,
	`out.push(new Proxy(function () { return "target" }, { apply: (t, self, args) => self + args.join() }).call("s", 1, 2))`,
	`(async function (a) { out.push(this, a); await 1; out.push("later") }).call("as", 1); (async (a) => { out.push(a) }).apply(null, ["arrow"])`,
}

func TestIterationsAndCalls(t *testing.T) {
	for _, code := range iterations {
		source := `(() => { const out = []; ` + code + `; return () => out.map(String).join() })()`
		want, got := withAndWithout(t, source)
		if got != want {
			t.Errorf("%s\n gives %s\n want  %s", code, got, want)
		}
	}
}

// withAndWithout is what a function answers that source gives: in the engine alone,
// and in a realm.
func withAndWithout(t *testing.T, source string) (alone, here string) {
	t.Helper()
	f, err := goja.New().RunString(source)
	if err != nil {
		t.Fatal(err, source)
	}
	result, _ := goja.AssertFunction(f)
	want, err := result(goja.Undefined())
	if err != nil {
		t.Fatal(err)
	}
	js := realm(t)
	got, err := js.Call(run(t, js, source), Undefined)
	if err != nil {
		t.Fatal(err)
	}
	return want.String(), got.String()
}
