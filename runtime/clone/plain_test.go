package clone

import (
	"testing"

	"github.com/miniworker/miniworker/internal/testworker/jseval"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// TestPlainCopiesAgree compares what is copied from object to object with what is
// written and read, for graphs made at random of what matters. (But for names with
// lone surrogates, which a message does not keep.)
func TestPlainCopiesAgree(t *testing.T) {
	js := newRealm(t)
	copied := 0
	js.DefineGlobal("copyPlain", js.Func("copyPlain", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		v, ok := js.CopyPlain(a.Value(0), maxDepth)
		if !ok {
			return jsg.Undefined, nil
		}
		copied++
		return js.NewArray(v), nil
	}))
	js.DefineGlobal("throughMessage", js.Func("throughMessage", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		m, err := Write(js, a.Value(0), Options{})
		if err != nil {
			return nil, err
		}
		return m.Read(js)
	}))
	got := jseval.Eval(t, js, `
	let state = 1;
	const random = (n) => (state = (state * 48271) % 2147483647) % n;
	const names = ["a", "b", "c", "10", "2", "4294967295", "-1", "__proto__", "length", "é", "", " ", "toJSON", "constructor", "a longer name than others"];
	const made = [];
	const rare = [() => Object.freeze({a: 1}), () => ({get a() { return 1 }}), () => Object.create(null), () => new Date(5), () => new Map([[1, {}]]), () => Object.defineProperty({}, "x", {value: 1}),
		() => Object.assign([1], {x: 1}), () => [1, , 2], () => new Array(3), () => Object.freeze([1]), () => Object(1n), () => new (class X { a = 1 })(), () => Math, () => globalThis,
		() => function() {}, () => Symbol(), () => new Proxy({}, {}), () => Object.seal({s: [1]}), () => /x/, () => (function() { return arguments })(1), () => Object.create({inherited: 1}), () => new Badge("x"), () => new Uint8Array(2)];
	const value = (depth) => {
		switch (random(depth > 4 ? 9 : 14)) {
			case 0: return undefined;
			case 1: return null;
			case 2: return random(2) === 0;
			case 3: return [0, -0, NaN, Infinity, 1.5, 2 ** 53, 255, 256, -1e300][random(9)];
			case 4: return ["", "text", "é", "\ud800x", "😀", "a".repeat(40)][random(6)];
			case 5: return 10n ** 20n;
			case 6: case 7: return made.length > 0 ? made[random(made.length)] : 1;
			case 8: return random(60) === 0 ? rare[random(rare.length)]() : 3;
			case 9: case 10: {
				const list = [];
				made.push(list);
				for (let n = random(5); n > 0; n--) list.push(value(depth + 1));
				if (random(4) === 0) list.pop();
				return list;
			}
		}
		const o = {};
		made.push(o);
		for (let n = random(12); n > 0; n--) Object.defineProperty(o, names[random(names.length)], {value: value(depth + 1), writable: true, enumerable: true, configurable: true});
		if (random(5) === 0) delete o.a;
		if (random(5) === 0) o[Symbol("s")] = 1;
		if (random(5) === 0) for (const k in o) if (random(2) === 0) delete o[k];
		return o;
	};
	const show = (v) => {
		const seen = new Map();
		const go = (v) => {
			if (typeof v === "bigint" || typeof v === "symbol" || typeof v === "function") return typeof v + String(v);
			if (typeof v !== "object" || v === null) return Object.is(v, -0) ? "-0" : typeof v === "string" ? JSON.stringify(v) : String(v);
			if (seen.has(v)) return "#" + seen.get(v);
			seen.set(v, seen.size);
			const proto = Object.getPrototypeOf(v), kind = proto === null ? "null" : proto === Object.prototype ? "" : proto === Array.prototype ? "A" + v.length : proto.constructor.name;
			return kind + Object.isExtensible(v) + "{" + Reflect.ownKeys(v).map((k) => { const d = Object.getOwnPropertyDescriptor(v, k); return String(k) + "=" + d.writable + d.enumerable + d.configurable + go(d.value) }).join() + "}";
		};
		return go(v);
	};
	const differ = [];
	for (let i = 0; i < 3000; i++) {
		made.length = 0;
		const v = value(0), before = show(v), mine = copyPlain(v);
		if (!mine) continue;
		let want;
		try { want = show(throughMessage(v)) } catch (e) { want = String(e) }
		if (show(mine[0]) !== want) differ.push(before + " gives " + show(mine[0]) + ", want " + want);
		for (const o of made) if (Array.isArray(o)) o.push("later"); else { o.later = 1; delete o.b }
		if (show(mine[0]) !== want) differ.push(before + " shares something");
		const copy = mine[0];
		if (typeof copy === "object" && copy) { copy.more = 1; delete copy.a; copy[7] = 2; for (const k in copy) delete copy[k]; copy.again = 1; if (!Object.keys(copy).includes("again")) differ.push(before + " cannot be changed") }
	}
	for (const make of rare) { const v = make(); if (copyPlain([v])) differ.push(String(v) + " is copied") }
	const deep = []; let at = deep; for (let i = 0; i < 6000; i++) at.push(at = []);
	if (copyPlain(deep)) differ.push("too deep");
	differ.slice(0, 5).join("\n")`)
	if got != "" {
		t.Error(got)
	}
	if copied < 2000 {
		t.Errorf("only %d are copied", copied)
	}
}
