package jsg

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	js := realm(t)
	for source, want := range map[string]string{
		`"plain"`:                 "plain",
		`"grün 😀"`:                "grün 😀",
		`"\ud83d"`:                "\uFFFD",
		`"\ud83dx\ude00"`:         "\uFFFDx\uFFFD",
		`"\ud83d\ud83d\ude00"`:    "\uFFFD😀",
		`"\ufeffé\uffff\u07ff"`:   "\uFEFFé\uFFFF\u07FF",
		`1.5`:                     "1.5",
		`({toString: () => "é"})`: "é",
	} {
		v, err := js.Run(MustCompile("t", "("+source+")"))
		if err != nil {
			t.Fatal(err)
		}
		if got := Text(v); got != want || string(TextBytes(v)) != want || v.String() != want {
			t.Errorf("%s: %q, %q", source, got, TextBytes(v))
		}
	}
}

// checkText compares both ways between units and UTF-8 with the standard library.
func checkText(t *testing.T, js *Scope, units []uint16) {
	t.Helper()
	v, want := js.UTF16(units), string(utf16.Decode(units))
	if Text(v) != want || string(TextBytes(v)) != want || TextLength(v) != len(want) {
		t.Errorf("%x: %q, %q, %d, want %q", units, Text(v), TextBytes(v), TextLength(v), want)
	}
	back, ok := js.FromUTF8([]byte(want))
	if !ok || string(utf16.Decode(UTF16Of(back))) != want || back.String() != want || !back.StrictEquals(js.rt.ToValue(want)) {
		t.Errorf("%q: %v", want, back)
	}
	for _, room := range []int{0, 1, 7, len(want), 3 * len(units)} {
		dst := make([]byte, room)
		read, written, ok := EncodeInto(dst, v)
		if text := string(dst[:written]); ok && (!strings.HasPrefix(want, text) || text != string(utf16.Decode(units[:read])) || room >= len(want) && text != want) {
			t.Errorf("%x into %d: %d, %q", units, room, read, text)
		}
	}
	fits := true
	for _, u := range units {
		fits = fits && u <= 0xFF
	}
	if b, ok := Latin1(v); ok != fits || ok && len(b) != len(units) {
		t.Errorf("%x: %x, %v", units, b, ok)
	}
}

func TestTextOfPieces(t *testing.T) {
	js := realm(t)
	random := rand.New(rand.NewPCG(1, 2))
	pieces := [][]uint16{{'a'}, {'a', 'b', 'c', 'd'}, {0x7F}, {0x80}, {0xFF}, {0x7FF}, {0x800}, {0xD7FF}, {0xD83D, 0xDE00}, {0xD800}, {0xDC00}, {0xE000}, {0xFEFF}, {0xFFFF}, {0}}
	for range 5000 {
		var units []uint16
		for range random.IntN(30) {
			units = append(units, pieces[random.IntN(len(pieces))]...)
		}
		checkText(t, js, units)
	}
	long := utf16.Encode([]rune(strings.Repeat("long text, é 😀 ", 500)))
	checkText(t, js, long)
}

func FuzzFromUTF8(f *testing.F) {
	f.Add([]byte("plain text é\xff😀"))
	js := New(Options{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, ok := js.FromUTF8(b); ok != utf8.Valid(b) {
			t.Errorf("%q: %v", b, ok)
		}
		if IsASCII(b) != (strings.IndexFunc(string(b), func(r rune) bool { return r >= utf8.RuneSelf }) < 0) {
			t.Errorf("%q: ASCII is %v", b, IsASCII(b))
		}
	})
}

func BenchmarkText(b *testing.B) {
	v, err := New(Options{}).Run(MustCompile("t", `"The quick brown fox jumps over the lazy dog. Žluťoučký kůň 😀 ".repeat(20)`))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Text", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			Text(v)
		}
	})
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			_ = v.String()
		}
	})
}
