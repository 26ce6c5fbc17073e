package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/runtime/jsg"
)

func value(t *testing.T, code string) string {
	t.Helper()
	p, err := jsg.Compile("test.js", code)
	if err != nil {
		return err.Error()
	}
	js := jsg.New(jsg.Options{})
	var out string
	turn := js.Enter(nil, func() {
		v, err := js.Run(p)
		if err != nil {
			out = strings.SplitN(err.Error(), ":", 2)[0]
			return
		}
		out = fmt.Sprint(v)
	})
	if turn != nil {
		t.Fatal(turn)
	}
	return out
}

func TestCorrect(t *testing.T) {
	for code, want := range map[string]string{
		`((x = class {}, y = function () {}, z = () => {}, a = async () => {}, b = class B {}, c = class { static name = "own" }) => [x, y, z, a, b, c].map((f) => f.name).join())()`: "x,y,z,a,B,own",
		`new (class { constructor(x = class {}, y = x) { this.t = x.name + y.name } m(g = function* () {}) { return g.name } })().t`:                                                  "xx",
		`(function (f = function () { return f }, g = function* () {}) { return (f() === f) + g.name })()`:                                                                            "trueg",

		`1 < 2 < 3`:                             "true",
		`3 > 2 > 1`:                             "false",
		`3 > (2 > 1)`:                           "true",
		`3 > (2) > 1`:                           "false",
		`(3 > 2) > 1`:                           "false",
		`3 > 2 >= 1 > 0`:                        "true",
		`3 > (2 >= 1 > 0)`:                      "true",
		`3 > (2 >= (5 > 6))`:                    "true",
		`5 > ((1) < (2) < 1)`:                   "true",
		`"a" in {a: 1} in {true: 1}`:            "true",
		`[] instanceof Array instanceof Object`: "false",
		`1 < "a" in {false: 1}`:                 "true",
		`var s = "(", r = /[)]/; 3 > 2 > 1 /* ) */ + (0)`: "false",
		"`${3 > 2 > 1}(`":       "false(",
		`((x) => 3 > x > 1)(2)`: "false",
		`var n = 0; for (var i = 0; 0 <= i < 1; i++) { if (i > 2) break; n++ } n`:           "0",
		`class C { #x; static has(o) { return #x in o } } [C.has(new C), C.has({})].join()`: "true,false",

		`function F() { return new.target } var r; function K() { r = F() } new K; r`:                                                             "undefined",
		`function F() { this.t = new.target } F.call(o = {}); var o; [o.t, (new F).t === F, Reflect.construct(F, [], Array).t === Array].join()`:  ",true,true",
		`function F() { return typeof new.target } class C { constructor() { this.r = F() + [1].map(F) } } new C().r`:                             "undefinedundefined",
		`function F(t = new.target) { if (!new.target) return new F(); this.t = t } function G() { return F() } (new G).t === F`:                  "true",
		`function F() { this.f = () => new.target } (new F).f().name`:                                                                             "F",
		`class A { constructor() { this.t = new.target } } class B extends A { m() { return new.target } } [new B().t === B, new B().m()].join()`: "true,",
		`function F() { return new.target } var o = {f() { return [new.target, F()].join() }}; function K() { this.r = o.f() } (new K).r`:         ",",
		`Object.getOwnPropertyNames(globalThis).filter((n) => /target/i.test(n)).length`:                                                          "0",
		`1e20 | 0`:                  "1661992960",
		`0 | 1e20`:                  "1661992960",
		`var x = 1e20; x >>> 0`:     "1661992960",
		`var x = -1e20; x | 0`:      "-1661992960",
		`~~(2 ** 70 + 1.5)`:         "0",
		`~~(1.5 * 1e19)`:            "-824442880",
		`2 ** 65 + 2 ** 33 | 0`:     "0",
		`(2 ** 31 * 2 ** 20) >>> 0`: "0",
		`(1e19 * 1.5) & 0xffff`:     "0",
		`Number("1e20") << 1`:       "-970981376",
		`var x = NaN; x | 0`:        "0",
		`var x = 1 / 0; x | 0`:      "0",
		`var x = -1.9; x | 0`:       "-1",
		`var x = "12.7"; x | 0`:     "12",
		`var x = 5n; x | 0`:         "TypeError",
		`var x = {y: 1e20}; [x.y & -1, x.y << 0, x.y >> 0, x.y ^ 0].join()`: "1661992960,1661992960,1661992960,1661992960",
		`var x = 1e20; (x + x) | 0`:                                         "-970981376",
		`(() => 1e20)() | 0`:                                                "1661992960",
		`Math.imul(1e20, 1)`:                                                "1661992960",
		`Math.clz32(2 ** 64 + 2 ** 20)`:                                     "11",
		`var d = new DataView(new ArrayBuffer(4)); d.setInt32(0, 1e20); d.getInt32(0)`: "1661992960",
		`~~5n`:                      "5",
		`var x = 5n; ~~(x * x)`:     "25",
		`5n * 3n | 1n`:              "15",
		`var x = 2n ** 70n; x | 1n`: "1180591620717411303425",

		"String(() => ({ a: 1 }))":                  "() => ({ a: 1 })",
		"String((a, b) => a * (b + (1)))":           "(a, b) => a * (b + (1))",
		"String(() => ( ( { } ) ) )":                "() => ( ( { } ) )",
		`String(() => "(")`:                         `() => "("`,
		"String(() => /[(]/)":                       "() => /[(]/",
		"String(() => `(${(1)}`)":                   "() => `(${(1)}`",
		`String(async (x) => (y) => [x, (")", y)])`: `async (x) => (y) => [x, (")", y)]`,
		"String((x) => (0, x)((1)))":                "(x) => (0, x)((1))",
		`[String(() => (1)), 2].join()`:             "() => (1),2",
	} {
		if got := value(t, code); got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
	}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
