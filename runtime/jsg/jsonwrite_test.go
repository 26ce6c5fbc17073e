package jsg

import "testing"

// TestJSONStringify compares with the engine's own, which a replacer brings.
func TestJSONStringify(t *testing.T) {
	js := realm(t)
	source := `const circular = {}; circular.a = [circular];
	const lone = {a: 1, b: {["\ud800"]: [1, {c: 2}]}};
	const values = () => [1, -0, 1.5, 1e21, 123456789012345680000, 2 ** 53, -1e-7, NaN, -Infinity, "", "é😀\ufffd", "\ud800 \udc00x", '"\\\b\t\n\v\f\r\u0000\u001f\u007f\u2028', true, false, null, undefined,
		Symbol("s"), () => 1, class {}, [], {}, [undefined, () => 1, Symbol()], {a: undefined, b: () => 1, [Symbol()]: 1}, [[[]], [1, [2]]], {a: {f: []}, b: [{g: 1}], c: {d: {e: 1}}},
		new Number(3), new Number(NaN), new String("s"), new Boolean(false), Object(1n), 1n, [1n], new Date(0), new Date(NaN), new Map([[1, 2]]), /x/, new Error("e"),
		{toJSON() { return "t" }}, {a: {toJSON(k) { return k + arguments.length }}}, [{toJSON(k) { return typeof k + k }}], {toJSON: 1, a: 2}, {toJSON() { return undefined }},
		{get a() { return this.b }, b: 2}, Object.create({inherited: 1}), Object.defineProperty({}, "hidden", {value: 1}), {10: 1, 9: 2, b: 3, a: 4}, new Uint8Array(3), [1, , 3],
		new Proxy([1, 2], {}), new Proxy({a: 1}, {get: (o, k) => k}), new Proxy(function() {}, {}), new Proxy({a: 1}, {ownKeys: () => ["a", "x"]}), lone, circular,
		{"__proto__": 1, ["__proto__"]: 2}, {"": {"": 1}}, {"\"": 1, "\n": 2, "é": 3}, JSON.rawJSON("12.0"), {a: JSON.rawJSON('"x"')}, {get a() { throw new RangeError("mine") }}, Object(Symbol.iterator).a];
	const answer = (...args) => { try { return JSON.stringify(...args) } catch (e) { return e.name + e.message.split("\n")[0] } };
	const out = [];
	for (const space of [undefined, null, 0, 2, 3.9, 20, -1, NaN, "\t", "- - - - - - - -", new Number(1), true]) {
		values().forEach((v, i) => { const a = answer(v, null, space), b = answer(values()[i], (k, v) => v, space); if (a !== b && v !== null) out.push(i + ": " + a + " for " + b) });
	}
	out.join(" | ")`
	if got := eval(t, js, source); got != "" {
		t.Errorf("differs: %s", got)
	}
	for source, want := range map[string]string{
		`let calls = ""; JSON.stringify({get a() { calls += "a"; return {toJSON() { calls += "j" }} }, b: new Proxy({}, {ownKeys() { calls += "o"; return [] }})}) + calls`: `{"b":{}}ajo`,
		`let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; try { JSON.stringify(deep) } catch (e) { e.name }`:                                                     "RangeError",
		`JSON.stringify({a: {}, b: [{}, []]}, null, 1)`: "{\n \"a\": {},\n \"b\": [\n  {},\n  []\n ]\n}", // the engine's is wrong here
		`const shrinking = {a: {toJSON() { delete shrinking.b; shrinking.c = 3; return 1 }}, b: 2, c: 1}; JSON.stringify(shrinking)`: `{"a":1,"c":3}`,
		`const shorter = [{toJSON() { shorter.length = 1; shorter[0] = 0; return 1 }}, 2, 3]; JSON.stringify(shorter)`:               `[1,null,null]`,
		`const {proxy, revoke} = Proxy.revocable([], {}); revoke(); try { JSON.stringify(proxy) } catch (e) { e.name }`:              "TypeError",
		`JSON.stringify.name + JSON.stringify.length`: "stringify3",
		`JSON.stringify({a: Object(Symbol())})`:       `{"a":{}}`,
	} {
		if got := eval(t, js, source); got != want {
			t.Errorf("%s = %s, want %s", source, got, want)
		}
	}
}

// TestJSONStringifyRandom compares as well, for values made at random of what
// matters, and what was called meanwhile.
func TestJSONStringifyRandom(t *testing.T) {
	js := realm(t)
	source := `let state = 7;
	const random = (n) => (state = (state * 48271) % 2147483647) % n;
	const names = ["a", "b", "name", "10", "2", "__proto__", "length", "é", "", "\"quoted\"", "line\nbreak", "a longer name than the others", "toJSON", "😀"];
	const texts = ["", "text", "a longer text, with nothing in it", "\"", "12345678\\", "tab\tand\u0001", "é", "\ud800", "x\udc00y", "😀", "\u2028\ufffd", "ascii until é", "\u007f"];
	let calls = "";
	const rare = [(v) => ({toJSON(k) { calls += "t" + k; return v }}), (v) => ({get a() { calls += "g"; return v }}), (v) => Object.create(null, {a: {value: v, enumerable: true}}), () => new Date(state), (v) => new Map([[1, v]]),
		(v) => Object.defineProperty({a: v}, "x", {value: 1}), (v) => Object.assign([v], {x: 1}), (v) => [v, , v], () => new Array(3), (v) => Object.freeze({f: [v]}), () => Object("boxed"), () => new (class X { a = 1; #b = 2; get c() { return 3 } })(),
		() => Math, () => function() {}, () => Symbol(), (v) => new Proxy({p: v}, {get(o, k) { calls += "p" + String(k); return o[k] }}), (v) => new Proxy([v], {}), () => /x/, (v) => (function() { return arguments })(v), (v) => Object.create({inherited: v}),
		() => new Uint8Array(2), () => JSON.rawJSON("1e3"), (v) => { const later = {}; later.first = {toJSON() { later.second = v; delete later.third; calls += "m"; return 1 }}; later.second = 2; later.third = [3]; return later }];
	const value = (depth) => {
		switch (random(depth > 4 ? 7 : 11)) {
			case 0: return [undefined, null, true, false][random(4)];
			case 1: return random(1000000) - 500000;
			case 2: return (random(1000000) - 500000) / (random(1000) + 1);
			case 3: return (random(1000) - 500) * 10 ** (random(60) - 30);
			case 4: return [0, -0, NaN, Infinity, 1.5, 2 ** 53, 2 ** 53 + 2, 1e21, 999999999999999900000, 1e-6, 9.99e-7, 5e-324, 1.7976931348623157e308][random(13)];
			case 5: return texts[random(texts.length)];
			case 6: return random(8) === 0 ? rare[random(rare.length)](value(depth + 1)) : 3;
			case 7: case 8: return Array.from({length: random(5)}, () => value(depth + 1));
		}
		const o = {};
		for (let n = random(6); n > 0; n--) Object.defineProperty(o, names[random(names.length)], {value: value(depth + 1), writable: true, enumerable: true, configurable: true});
		if (random(5) === 0) o[Symbol("s")] = 1;
		if (random(5) === 0) delete o.a;
		return o;
	};
	const answer = (start, ...args) => {
		state = start;
		const v = value(0);
		calls = "";
		try { return JSON.stringify(v, ...args) + calls } catch (e) { return e.name + calls }
	};
	const out = [];
	const compare = (count) => {
		for (let i = 0, start = 1; i < count; i++) {
			const gap = [undefined, 2][i % 2], mine = answer(start, null, gap), next = state, its = answer(start, (k, v) => v, gap);
			// With a gap the engine writes {} and [] of nothing to show otherwise.
			const same = gap ? mine.replace(/\s+/g, "") === its.replace(/\s+/g, "") : mine === its;
			if (!same) out.push(mine + "\n for " + its);
			start = next;
		}
	};
	compare(4000);
	Object.prototype.toJSON = function(k) { calls += "O" + k; return Array.isArray(this) ? this.length : Object.keys(this).length };
	compare(200);
	delete Object.prototype.toJSON;
	Array.prototype.toJSON = function() { calls += "A"; return {array: this.length} };
	compare(200);
	delete Array.prototype.toJSON;
	Object.defineProperty(Object.prototype, "toJSON", {get() { calls += "G" }, configurable: true});
	compare(200);
	delete Object.prototype.toJSON;
	const meanwhile = (...args) => {
		calls = "";
		const v = [{a: 1}, {toJSON() { Object.prototype.toJSON = function() { calls += "O"; return 5 }; return 1 }}, {b: 1}, [2]];
		try { return JSON.stringify(v, ...args) + calls } finally { delete Object.prototype.toJSON }
	};
	if (meanwhile() !== meanwhile((k, v) => v)) out.push(meanwhile() + " for " + meanwhile((k, v) => v));
	const nested = {a: {toJSON: () => JSON.stringify({b: [1, {c: "é"}]})}, d: "x"};
	if (JSON.stringify(nested) !== JSON.stringify(nested, (k, v) => v)) out.push(JSON.stringify(nested));
	out.slice(0, 3).join("\n")`
	if got := eval(t, js, source); got != "" {
		t.Errorf("differs: %s", got)
	}
}

func BenchmarkJSON(b *testing.B) {
	js := New(Options{})
	const make = `(function() {
		const object = {users: Array.from({length: 40}, (_, i) => ({id: i, name: "user " + i, email: "u" + i + "@example.com", tags: ["a", "b"], nested: {on: true, score: i / 3}}))};
		const text = JSON.stringify(object), stringify = JSON.stringify, parse = JSON.parse;
		return {stringify(n) { for (let i = 0; i < n; i++) stringify(object) }, parse(n) { for (let i = 0; i < n; i++) parse(text) }};
	})()`
	made, err := js.Run(MustCompile("b", make))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"stringify", "parse"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			if _, err := js.Call(made.(*Object).Get(name), Undefined, js.Int(int64(b.N))); err != nil {
				b.Fatal(err)
			}
		})
	}
}
