package jsg

import "testing"

func TestWordsOfFailedAssignments(t *testing.T) {
	js := realm(t)
	for _, c := range []struct{ source, want string }{
		{`Object.freeze({a: 1}).a = 2`, "TypeError: Cannot assign to read only property 'a' of object '#<Object>'"},
		{`Object.freeze([1])[0] = 2`, "TypeError: Cannot assign to read only property '0' of object '[object Array]'"},
		{`new (class A { get x() { return 1; } })().x = 2`, "TypeError: Cannot set property x of #<A> which has only a getter"},
		{`"abc".length = 1`, "TypeError: Cannot assign to read only property 'length' of string 'abc'"},
		{`[Object.freeze([1]), (() => { throw new TypeError(""); })()]`, "TypeError: "},
		{`const o = {b: {}}; new o.b()`, "TypeError: o.b is not a constructor"},
		{`const o = {b: 1}; new o.b()`, "TypeError: o.b is not a constructor"},
		{`new WeakMap([["x", 1]])`, "TypeError: Invalid value used as weak map key"},
	} {
		v, err := js.Run(MustCompile("test.js", `(() => { "use strict"; try { `+c.source+` } catch (e) { return e.name + ": " + e.message; } })()`))
		if err != nil {
			t.Fatal(err)
		}
		if got := v.String(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.source, got, c.want)
		}
	}
}
