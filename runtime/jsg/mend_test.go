package jsg

import "testing"

func TestMended(t *testing.T) {
	for code, want := range map[string]string{
		"var m = new Map(), tag = (s) => s, f = () => tag`x`; m.set(f(), 1); m.get(f())":                                            "1",
		"var m = new WeakMap(), tag = (s) => s, f = () => tag`x`, g = () => tag`x`; m.set(f(), 1); [m.has(f()), m.has(g())].join()": "true,false",
		`var m = new WeakMap(), s = Symbol(); m.set(s, 1); [m.get(s), m.has(Symbol()), m.delete(s), m.has(s)].join()`:               "1,false,true,false",
		`new WeakSet([Symbol.for("x")])`:                                                         "TypeError: Invalid value used in weak set",
		`new Date(2020, 5, 1).toISOString()`:                                                     "2020-06-01T00:00:00.000Z",
		`new Date("Jun 1 2020 10:00 GMT+2").toISOString()`:                                       "2020-06-01T08:00:00.000Z",
		`new Date("2020-06-01T10:00").toISOString()`:                                             "2020-06-01T10:00:00.000Z",
		`Date.parse("2020-01-02T03:04:05+05")`:                                                   "NaN",
		`new Date(-1e15).toISOString()`:                                                          "-029719-04-05T22:13:20.000Z",
		`new Date(253402300800000).toISOString()`:                                                "+010000-01-01T00:00:00.000Z",
		`"a\ud800ß".toUpperCase() === "A\ud800SS"`:                                               "true",
		`"\udc00e\u0301\ud800".normalize() === "\udc00\u00e9\ud800"`:                             "true",
		`[(0.1).toString(3), (1e21).toString(7), (-255.5).toString(16), (8).toString(2)].join()`: "0.0022002200220022002200220022002201,5135235413265003022600000,-ff.8,1000",
	} {
		if got := onRealm(t, code); got != want {
			t.Errorf("%s gives %q, want %q", code, got, want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2020-01-01T00:00:00.000Z", "Jan 1 2020 10:00 PM (x) GMT+1:30", "+275760-09-13", "1:2:3.4 5/6/7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if ms := parseDate(s); ms > 8.64e15 || ms < -8.64e15 {
			t.Errorf("%q gives %v", s, ms)
		}
	})
}
