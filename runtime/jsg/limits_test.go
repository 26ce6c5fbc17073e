package jsg

import "testing"

// onRealm evaluates code on a new realm and gives the result, or the error, as
// text.
func onRealm(t *testing.T, code string) string {
	t.Helper()
	p, err := Compile("test.js", code)
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(Options{}).Run(p)
	if err != nil {
		return err.Error()
	}
	return v.String()
}

func TestLimits(t *testing.T) {
	for code, want := range map[string]string{
		`new ArrayBuffer(2 ** 40)`:                                     "RangeError: Array buffer allocation failed",
		`new ArrayBuffer({valueOf: () => 2 ** 40})`:                    "RangeError: Array buffer allocation failed",
		`new ArrayBuffer(-1)`:                                          "RangeError: Invalid array buffer length",
		`new Uint8Array(1e12)`:                                         "RangeError: Array buffer allocation failed",
		`new Float64Array(2 ** 28)`:                                    "RangeError: Array buffer allocation failed",
		`new Uint8ClampedArray(2 ** 53)`:                               "RangeError: Invalid typed array length: 9007199254740992",
		`new (class extends Uint8Array {})(-1)`:                        "RangeError: Invalid typed array length: -1",
		`new Uint8Array({length: 2 ** 40})`:                            "RangeError: Array buffer allocation failed",
		`Uint8Array.from({length: 2 ** 40})`:                           "RangeError: Array buffer allocation failed",
		`"x".repeat(2 ** 40)`:                                          "RangeError: Invalid string length",
		`"x".repeat(-1)`:                                               "RangeError: Invalid count value: -1",
		`"x".repeat({valueOf: () => 3})`:                               "xxx",
		`"".repeat(2 ** 40)`:                                           "",
		`"x".padStart(2 ** 40)`:                                        "RangeError: Invalid string length",
		`"x".padEnd(2 ** 40, "")`:                                      "x",
		`Array(2 ** 30).join("x")`:                                     "RangeError: Invalid string length",
		`var s = "x".repeat(2 ** 20); Array(600).fill(s).join()`:       "RangeError: Invalid string length",
		`"".concat(...Array(600).fill("x".repeat(2 ** 20)))`:           "RangeError: Invalid string length",
		`"a".repeat(2 ** 20).replaceAll("a", "b".repeat(1024)).length`: "RangeError: Invalid string length",
		`"abcabc".replaceAll("a", "-")`:                                "-bc-bc",
		`new Array(1e9).fill(0)`:                                       "RangeError: Invalid array length",
		`Array.from({length: 1e9})`:                                    "RangeError: Invalid array length",
		`[].toSorted.call({length: 2 ** 32})`:                          "RangeError: Invalid array length",
		`[].toReversed.call({length: 2 ** 53})`:                        "RangeError: Invalid array length",
		`[].with.call({length: 2 ** 32}, 0, 0)`:                        "RangeError: Invalid array length",
		`[3, 1, 2].toSorted().join()`:                                  "1,2,3",
		`BigInt.asUintN(2 ** 53 - 1, -1n)`:                             "RangeError: Maximum BigInt size exceeded",
		`BigInt.asUintN(2 ** 53 - 1, 5n)`:                              "5",
		`BigInt.asIntN(2 ** 53 - 1, -5n)`:                              "-5",
		`BigInt.asUintN(8, 257n)`:                                      "1",
	} {
		if got := onRealm(t, code); got != want {
			t.Errorf("%s gives %q, want %q", code, got, want)
		}
	}
}

func TestIteratorsWithoutNext(t *testing.T) {
	const of = `var of = (next) => ({ [Symbol.iterator]: () => ({ next }) }), caught = (f) => { try { return f(); } catch (e) { return e.name + ": " + e.message; } };`
	for code, want := range map[string]string{
		`caught(() => { for (const x of of()) return x; })`:                      "TypeError: undefined is not a function",
		`caught(() => { for (const x of of(5)) return x; })`:                     "TypeError: number 5 is not a function",
		`caught(() => { const [a] = of("x"); return a; })`:                       `TypeError: string "x" is not a function`,
		`caught(() => { const [...a] = of(null); return a; })`:                   "TypeError: object null is not a function",
		`caught(() => { const [] = of(); return "fine"; })`:                      "fine",
		`caught(() => String(of))`:                                               "(next) => ({ [Symbol.iterator]: () => ({ next }) })",
		`caught(() => { let n = 0; for (const x of [1, 2]) n += x; return n; })`: "3",
	} {
		if got := onRealm(t, of+code); got != want {
			t.Errorf("%s gives %q, want %q", code, got, want)
		}
	}
}
