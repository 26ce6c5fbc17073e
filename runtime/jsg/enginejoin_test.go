package jsg

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// joining writes a random program that joins strings, and knows what each of its
// variables has to be.
type joining struct {
	*rand.Rand
	code strings.Builder
	is   [6][]uint16
	kept [][]uint16
}

// operand is a variable or a piece of text.
func (p *joining) operand() (code string, is []uint16) {
	if n := p.IntN(len(p.is)); p.IntN(3) == 0 {
		return fmt.Sprint("v", n), p.is[n]
	}
	pieces := []string{"", "a", "piece", "ā", "Größe €", "\U0001f600", strings.Repeat("long ", 30), strings.Repeat("ž", 140)}
	if n := p.IntN(len(pieces) + 1); n < len(pieces) {
		return strconv.Quote(pieces[n]), utf16.Encode([]rune(pieces[n]))
	}
	n := p.IntN(2000) - 1000
	return fmt.Sprint(`(`, n, `)`), utf16.Encode([]rune(fmt.Sprint(n)))
}

func (p *joining) step() {
	to, from := p.IntN(len(p.is)), p.IntN(len(p.is))
	if p.IntN(3) > 0 {
		from = to
	}
	first, second := slices.Clone(p.is[from]), ""
	code, more := p.operand()
	switch p.IntN(6) {
	case 0:
		p.kept = append(p.kept, p.is[from])
		fmt.Fprintf(&p.code, "kept.push(v%d);\n", from)
		return
	case 1:
		second, more = code, append(append(append([]uint16{}, more...), '-'), more...)
		fmt.Fprintf(&p.code, "v%d = `${v%d}${%s}-${%s}`;\n", to, from, second, second)
	case 2:
		fmt.Fprintf(&p.code, "v%d = v%d.concat(%s);\n", to, from, code)
	case 3:
		fmt.Fprintf(&p.code, "o.x = v%d; o.x += %s; v%d = o.x;\n", from, code, to)
	default:
		fmt.Fprintf(&p.code, "v%d = v%d + %s;\n", to, from, code)
	}
	p.is[to] = append(first, more...)
	if len(p.is[to]) > 20_000 {
		p.is[to] = []uint16{'.'}
		fmt.Fprintf(&p.code, "v%d = '.';\n", to)
	}
}

// TestJoin compares strings that were joined in place with those that were not.
func TestJoin(t *testing.T) {
	js := realm(t)
	for seed := range uint64(150) {
		p := &joining{Rand: rand.New(rand.NewPCG(seed, 1))}
		p.code.WriteString(`let v0 = "", v1 = "", v2 = "", v3 = "", v4 = "", v5 = ""; const o = {}, kept = [];` + "\n")
		for range 150 {
			p.step()
		}
		source := "(() => {" + p.code.String() + "return [v0, v1, v2, v3, v4, v5, ...kept] })()"
		made := run(t, js, source).(*Object)
		for i, want := range append(p.is[:], p.kept...) {
			if got := UTF16Of(made.Get(fmt.Sprint(i))); !slices.Equal(got, want) {
				t.Fatalf("seed %d: string %d of %d: %q, want %q\n%s", seed, i, len(p.is), string(utf16.Decode(got)), string(utf16.Decode(want)), source)
			}
		}
	}
}

// allocatedBy is how many bytes f allocates, with what others do meanwhile.
func allocatedBy(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestJoinInPlace holds that a string that grows is not copied each time, and
// that nothing of it is kept after the turn.
func TestJoinInPlace(t *testing.T) {
	js := realm(t)
	for _, piece := range []string{"abc", "ābc"} {
		var bytes uint64
		run(t, js, `globalThis.grow = (n, piece) => { let s = piece.repeat(100); for (let i = 0; i < n; i++) s += piece; return s.length }`)
		if err := js.Enter(nil, func() {
			bytes = allocatedBy(func() {
				if _, err := js.Call(js.Global().Get("grow"), Undefined, js.Int(10_000), js.String(piece)); err != nil {
					t.Error(err)
				}
			})
			if js.texts == (texts{}) {
				t.Error("nothing was remembered")
			}
		}); err != nil {
			t.Fatal(err)
		}
		if bytes > 10<<20 { // a copy each time makes 150 MB
			t.Errorf("%q: allocated %d bytes", piece, bytes)
		}
		if js.texts != (texts{}) {
			t.Error("strings are kept after the turn")
		}
	}
}
