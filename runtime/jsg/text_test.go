package jsg

import "testing"

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
