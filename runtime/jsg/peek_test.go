package jsg

import (
	"strings"
	"testing"
)

func TestRemaining(t *testing.T) {
	for code, want := range map[string]string{
		`new Map([[1, 2], [3, 4]]).keys()`:                                           "1 3",
		`new Map([[1, 2], [3, 4]]).values()`:                                         "2 4",
		`new Map([[1, 2], [3, 4]]).entries()`:                                        "pairs 1 2 3 4",
		`new Set([1, 2]).values()`:                                                   "1 2",
		`new Set([1, 2]).entries()`:                                                  "pairs 1 1 2 2",
		`new Map().keys()`:                                                           "",
		`i = new Set([1, 2, 3]).values(); i.next(); i`:                               "2 3",
		`s = new Set([1, 2, 3]); i = s.values(); i.next(); s.delete(1); s.add(4); i`: "2 3 4",
		`i = new Set([1]).values(); i.next(); i.next(); i`:                           "",
		`[1][Symbol.iterator]()`:                                                     "none",
		`new Proxy(new Set([1]).values(), {})`:                                       "none",
		`({})`:                                                                       "none",
		`5`:                                                                          "none",
	} {
		p, err := Compile("test.js", "var i, s;"+code)
		if err != nil {
			t.Fatal(err)
		}
		v, err := New(Options{}).Run(p)
		if err != nil {
			t.Fatal(err)
		}
		items, pairs, ok := Remaining(v)
		var got []string
		if !ok {
			got = append(got, "none")
		}
		if pairs {
			got = append(got, "pairs")
		}
		for _, item := range items {
			got = append(got, item.String())
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %q, want %q", code, text, want)
		}
	}
}

func TestProxyParts(t *testing.T) {
	for code, want := range map[string]string{
		`new Proxy({a: 1}, {b: 2})`:                                      `{"a":1} {"b":2}`,
		`var {proxy, revoke} = Proxy.revocable({}, {}); revoke(); proxy`: "revoked",
		`new Proxy(function () {}, {apply() {}, c: 3})`:                  `function {"c":3}`,
		`({})`: "none",
	} {
		p, err := Compile("test.js", code)
		if err != nil {
			t.Fatal(err)
		}
		js := New(Options{})
		v, err := js.Run(p)
		if err != nil {
			t.Fatal(err)
		}
		target, handler, ok := ProxyParts(v)
		got := "none"
		switch {
		case ok && target == nil:
			got = "revoked"
		case ok:
			got = "function"
			if !IsFunction(target) {
				got = asJSON(t, js, target)
			}
			got += " " + asJSON(t, js, handler)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
}

func asJSON(t *testing.T, js *Scope, v Value) string {
	t.Helper()
	text, _, err := js.JSONStringify(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
