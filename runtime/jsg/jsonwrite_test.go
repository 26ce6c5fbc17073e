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
