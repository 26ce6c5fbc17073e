package jsg

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// asynchrony writes a random program of async functions and promises that logs
// what happens when.
type asynchrony struct {
	*rand.Rand
	code  strings.Builder
	notes int
}

func (p *asynchrony) note() string {
	p.notes++
	return fmt.Sprint("log(", p.notes, ");")
}

// value is an expression, which may be a promise.
func (p *asynchrony) value(depth int) string {
	if depth > 2 {
		return "7"
	}
	switch p.IntN(17) {
	case 0:
		return "undefined"
	case 1:
		return fmt.Sprintf("Promise.resolve(%s)", p.value(depth+1))
	case 2:
		return fmt.Sprintf("Promise.reject(%d)", p.IntN(100))
	case 3:
		return fmt.Sprint("p", p.IntN(3))
	case 4, 5:
		return fmt.Sprint("f", p.IntN(4), "()")
	case 6:
		return fmt.Sprintf("({ then(done) { %s done(%s) } })", p.note(), p.value(depth+1))
	case 7:
		return fmt.Sprintf("({ then(done, failed) { %s failed(8) } })", p.note())
	case 8:
		return fmt.Sprintf("%s.then(() => { %s return %s })", p.promise(), p.note(), p.value(depth+1))
	case 9:
		return fmt.Sprintf("%s.then(undefined, (e) => { log('' + e); %s return %s })", p.promise(), p.note(), p.value(depth+1))
	case 10:
		return fmt.Sprintf("%s.finally(() => { %s return %s })", p.promise(), p.note(), p.value(depth+1))
	case 11:
		return fmt.Sprintf("%s.catch(() => { %s throw %s })", p.promise(), p.note(), p.value(depth+1))
	case 12:
		return fmt.Sprintf("new Promise((done) => { %s done(%s) })", p.note(), p.value(depth+1))
	case 13:
		return fmt.Sprintf("Promise.all([%s, %s])", p.value(depth+1), p.value(depth+1))
	case 14:
		return fmt.Sprintf("new Sub((done) => done(%s))", p.value(depth+1))
	case 15:
		return fmt.Sprintf("(async () => { %s return %s })()", p.note(), p.value(depth+1))
	}
	return fmt.Sprint(p.IntN(100))
}

func (p *asynchrony) promise() string {
	return [...]string{"p0", "p1", "p2", "Promise.resolve(1)", "f0()", "Sub.resolve(2)"}[p.IntN(6)]
}

func (p *asynchrony) statement() string {
	switch p.IntN(8) {
	case 0:
		return fmt.Sprintf("done%d(%s);", p.IntN(3), p.value(0))
	case 1:
		return fmt.Sprintf("try { log(typeof await %s) } catch (e) { log('caught ' + e) } finally { %s }", p.value(0), p.note())
	case 2:
		return fmt.Sprintf("if (left-- < 0) return %s;", p.value(0))
	case 3:
		return fmt.Sprintf("if (left-- < 0) throw %d;", p.IntN(100))
	case 4:
		return p.value(0) + ";"
	case 5:
		return fmt.Sprintf("for (let i = 0; i < 2; i++) { await i; %s }", p.note())
	}
	return fmt.Sprintf("%s await %s; %s", p.note(), p.value(0), p.note())
}

func (p *asynchrony) program() string {
	p.code.WriteString(`const out = []; let left = 20, calls = 0;
const log = (x) => { if (out.length < 3000) out.push(x) };
class Sub extends Promise {}
let done0, done1, done2;
const p0 = new Promise((f) => done0 = f), p1 = new Promise((f) => done1 = f), p2 = new Promise((f) => done2 = f);
const o = {};
`)
	for i := range 4 {
		var body strings.Builder
		body.WriteString("if (calls++ > 30) return 1;\n")
		for range 2 + p.IntN(5) {
			body.WriteString(p.statement() + "\n")
		}
		form := [...]string{"async function f%d() { %s }\n", "const f%d = async () => { %s };\n", "o.f = { async m() { %[2]s } }; const f%[1]d = o.f.m;\n", "const f%d = [async () => { %s }].map((f) => () => f())[0];\n"}[i]
		fmt.Fprintf(&p.code, form, i, body.String())
	}
	p.code.WriteString("f0(); f1(); f2(); f3(); log('end');")
	return "(() => {" + p.code.String() + "; return () => out.join() })()"
}

// TestAsyncOrder compares the order in which things happen with that of the
// engine alone.
func TestAsyncOrder(t *testing.T) {
	for seed := range uint64(300) {
		source := (&asynchrony{Rand: rand.New(rand.NewPCG(seed, 2))}).program()
		want, got := withAndWithout(t, source)
		// The words are ours.
		if want = strings.ReplaceAll(want, "Promise self-resolution", "Chaining cycle detected for promise #<Promise>"); got != want {
			t.Fatalf("seed %d:\n%s\nwant\n%s\n%s", seed, got, want, source)
		}
	}
}

func TestAsyncFunctions(t *testing.T) {
	js := realm(t)
	for source, want := range map[string]string{
		// super, which the engine finds by the methods of the function.
		`class A { async m() { return "A" } get x() { return 1 } }
		 class B extends A {
			async m() { return await super.m() + "B" + await (async () => super.x)() }
			async n() { return (() => super.x)() }
			static async s() { return super.name }
		 }
		 const b = new B, s = B.s; (async () => [await b.m(), await b.n(), await B.s()].join())()`: "AB1,1,A",
		`(async function () { return arguments.length + typeof this })(1, 2, 3)`:                                                        "3object",
		`(async (...a) => a.length + (await 3))(1, 2)`:                                                                                  "5",
		`({ k: 5, async m(x = 1) { return this.k + x + await 2 } }).m()`:                                                                "8",
		`Reflect.apply(async function (x) { return this + x }, "a", ["b"])`:                                                             "ab",
		`(async function f(n) { return n ? n + await f(n - 1) : 0 })(10)`:                                                               "55",
		`(async () => { throw new TypeError("x") })().catch((e) => e.message)`:                                                          "x",
		`(async () => { try { return await Promise.reject(1) } finally { await 2 } })().catch((e) => "no " + e)`:                        "no 1",
		`(async function () {}).toString()`:                                                                                             "async function () {}",
		`Object.prototype.toString.call(async () => {})`:                                                                                "[object AsyncFunction]",
		`typeof async function () {} + (async (a, b) => {}).length + (async function n() {}).name`:                                      "function2n",
		`(async () => { const p = Promise.resolve(1); p.constructor = Object; return await p })()`:                                      "1",
		`(() => { const p = Promise.resolve(1); p.constructor = Object; return Promise.resolve(p) === p })()`:                           "false",
		`class S extends Promise {}; (async () => (await S.resolve(1)) + String(S.resolve(1).then(() => {}) instanceof S))()`:           "1true",
		`(async () => { let self; const f = async () => { await 1; return self }; self = f(); return self.catch((e) => e.message) })()`: "Chaining cycle detected for promise #<Promise>",
	} {
		v := run(t, js, source)
		if state, result := Settled(v); state != NotPromise {
			v = result
		}
		if got := v.String(); got != want {
			t.Errorf("%s gives %q, want %q", source, got, want)
		}
	}
}
