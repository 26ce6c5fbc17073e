package jsg

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// computing programs are random ones that mostly compute.
type arithmetic struct{ *rand.Rand }

func (p arithmetic) pick(list ...string) string { return list[p.IntN(len(list))] }

// variables live in the frame, in arguments, and in scopes of closures.
func (p arithmetic) variable() string {
	return p.pick("a", "b", "c", "d", "p", "q", "k", "m", "outer", "free", "i")
}

func (p arithmetic) array() string {
	return p.pick("list", "mixed", "u8", "u8c", "i16", "u32", "f32", "f64", "shared", "frozen", "text")
}

func (p arithmetic) expression(depth int) string {
	if depth > 3 || p.IntN(5) == 0 {
		return p.pick(p.variable(), p.variable(), p.variable(), "0", "1", "3", "255", "-1", "0.5", "4294967295", "9007199254740991", "1e300", "NaN", "(-0)", "31")
	}
	e := func() string { return p.expression(depth + 1) }
	switch p.IntN(12) {
	case 0:
		return fmt.Sprintf("%s[%s]", p.array(), p.pick(p.variable(), "i", "i + 1", "(i & 3)", e()))
	case 1:
		return p.array() + ".length"
	case 2:
		return fmt.Sprintf("(%s%s)", p.pick("-", "~", "+"), "("+e()+")")
	case 3:
		return fmt.Sprintf("(%s %s %s ? %s : %s)", e(), p.compare(), e(), e(), e())
	case 4, 5, 6:
		return fmt.Sprintf("(%s %s %s)", e(), p.pick("&", "|", "^", "<<", ">>", ">>>"), e())
	}
	return fmt.Sprintf("(%s %s %s)", e(), p.pick("+", "-", "*", "/", "%", "+", "-", "*"), e())
}

func (p arithmetic) compare() string {
	return p.pick("<", "<=", ">", ">=", "==", "!=", "===", "!==")
}

func (p arithmetic) statement(depth int) string {
	v := p.pick("a", "b", "c", "d", "p", "k", "m", "outer", "free")
	switch p.IntN(9) {
	case 0:
		return fmt.Sprintf("%s[%s] = %s;", p.array(), p.pick("i", "(i & 3)", "i + 1", p.variable()), p.expression(1))
	case 1:
		return v + p.pick("++", "--") + ";"
	case 2:
		return fmt.Sprintf("%s %s= %s;", v, p.pick("+", "-", "*", "&", "|", "^", ">>", ">>>", "<<", "%"), p.expression(1))
	case 3:
		if depth < 2 {
			return fmt.Sprintf("if (%s %s %s) { %s }", p.expression(2), p.compare(), p.expression(2), p.statement(depth+1))
		}
	case 4:
		if depth < 2 {
			return fmt.Sprintf("for (let i = 0; i < %s; i++) { if (++turns > 200) break; %s %s }", p.pick("5", "list.length", "u8.length"), p.statement(depth+1), p.statement(depth+1))
		}
	case 5:
		return fmt.Sprintf("if (%s) { %s = %s; }", p.expression(1), v, p.expression(2))
	}
	return fmt.Sprintf("%s = %s;", v, p.expression(0))
}

func (p arithmetic) program() string {
	value := func() string {
		return p.pick("0", "1", "7", "-3", "0.25", "2147483647", "-0", "NaN", "1e21", "NaN", `"5"`, "undefined", "null", "true", "{ valueOf: () => 6 }", "12n")
	}
	number := func() string { return p.pick("0", "1", "7", "-3", "0.25", "2147483647", "65536", "1e10") }
	start := number
	if p.IntN(3) == 0 {
		start = value
	}
	var body strings.Builder
	for range 3 + p.IntN(6) {
		body.WriteString("\t" + p.statement(0) + "\n")
	}
	return fmt.Sprintf(`(() => { %s
let outer = %s, turns = 0; var free = %s;
const list = [1, 2, 3, 4, 5], mixed = [1, "2", , 4.5, { valueOf: () => 5 }], frozen = Object.freeze([1, 2, 3]), text = "12345";
const u8 = new Uint8Array([1, 2, 3, 250, 5]), u8c = new Uint8ClampedArray(5), i16 = new Int16Array(5), u32 = new Uint32Array(5), f32 = new Float32Array(5), f64 = new Float64Array(5);
const shared = new Int32Array(u8.buffer.slice(0, 4));
const work = function (p, q, i = 0) {
	let a = %s, b = %s, c = %s, d = %s, k = 3; var m = 2;
	const see = () => [k, outer];
%s
	return [a, b, c, d, p, q, k, m, i, see()];
};
const show = (v) => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? v + "n" : typeof v === "object" && v ? "{" + Object.keys(v).map((k) => k + ":" + show(v[k])) + "}" : typeof v + v;
const seen = [];
for (let n = 0; n < 3; n++) try { seen.push(show(work(%s, n))) } catch (e) { seen.push(e.name + e.message) }
return seen + show([outer, free, list, mixed, frozen, u8, u8c, i16, u32, f32, f64, shared, turns]);
})()`, p.pick("", `"use strict";`), start(), start(), start(), start(), start(), start(), body.String(), start())
}

// unfuse has the engine do what computations do, and tells how many there were.
func unfuse(p *programRecord) (n int) {
	for i := range p.code {
		in := &p.code[i]
		known := engine().knowInstruction(in)
		if known.table == in.kind && known.part.role == noPart && len(known.programs) == 0 {
			if (*methodTable)(in.kind).methods[0] == methodOf(compute) {
				c := (*computation)(in.data)
				at := *(*unsafe.Pointer)(unsafe.Pointer(&c.first))
				*in = record{unsafe.Add(at, -int(unsafe.Offsetof(methodTable{}.methods))), c.data}
				n++
			}
		}
		for _, at := range known.programs {
			if inner := *(**programRecord)(unsafe.Add(in.data, at)); inner != nil {
				n += unfuse(inner)
			}
		}
	}
	return n
}

func methodOf(f instruction) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

// TestCompute compares computations with what the engine makes of the same
// instructions.
func TestCompute(t *testing.T) {
	js, runs := realm(t), 0
	for seed := range uint64(1000) {
		source := arithmetic{rand.New(rand.NewPCG(seed, 3))}.program()
		fused, alone := MustCompile("test.js", source), MustCompile("test.js", source)
		runs += unfuse((*programRecord)(unsafe.Pointer(alone.p)))
		got, err := js.Run(fused)
		if err != nil {
			t.Fatal(err, source)
		}
		want, err := js.Run(alone)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Fatalf("seed %d:\n%s\nwant\n%s\n%s", seed, got, want, source)
		}
	}
	if runs < 10_000 {
		t.Errorf("%d computations in all programs", runs)
	}
}

// TestSharedProgram runs one program in several realms at a time: they share what
// was found in it, and the small integers.
func TestSharedProgram(t *testing.T) {
	program := MustCompile("test.js", `(() => {
	let n = 0, text = "";
	const bytes = new Uint8Array(64);
	for (let i = 0; i < 3000; i++) {
		n = (n * 31 + i) & 0xffff;
		bytes[i & 63] = n;
		text += n + ";";
	}
	for (const x of [...bytes]) n += x;
	return n + text.length;
})()`)
	results := make([]string, 4)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			js := New(Options{})
			for range 3 {
				v, err := js.Run(program)
				if err != nil {
					t.Error(err)
					return
				}
				results[i] = v.String()
			}
		})
	}
	all.Wait()
	for _, got := range results {
		if got != results[0] {
			t.Errorf("%s and %s", got, results[0])
		}
	}
}
