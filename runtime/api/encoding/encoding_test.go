package encoding

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	asm "github.com/segmentio/asm/base64"

	"github.com/miniworker/miniworker/internal/testworker/jseval"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func newRealm(t testing.TB) *jsg.Scope { return jseval.New(t, Globals(), Install) }

func TestTextDecoder(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`new TextDecoder("foo")`, `RangeError: "foo" is not a valid encoding.`},
		{`new TextDecoder("replacement")`, `RangeError: "replacement" is not a valid encoding.`},
		{`["latin1", "utf-16", "shift_jis", "x-user-defined", "iso-8859-8-i", "gb18030", "\tUTF-8 ", "unicode11utf8", "ucs-2", "unicodefffe", "ascii", "koi8-r"].map(l => new TextDecoder(l).encoding)`,
			`["windows-1252","utf-16le","shift_jis","x-user-defined","iso-8859-8-i","gb18030","utf-8","utf-8","utf-16le","utf-16be","windows-1252","koi8-r"]`},
		{`let d = new TextDecoder(); [d.encoding, d.fatal, d.ignoreBOM]`, `["utf-8",false,false]`},
		{`new TextDecoder().decode(new Uint8Array([0xff, 0x41, 0xe2, 0x82, 0x41, 0xc0, 0x80]))`, "\uFFFDA\uFFFDA\uFFFD\uFFFD"},
		{`new TextDecoder("utf-8", {fatal: true}).decode(new Uint8Array([0xff, 0x41]))`, "TypeError: Failed to decode input."},
		{`new TextDecoder("utf-8", {fatal: true}).decode(new Uint8Array([0xe2, 0x82]))`, "TypeError: Failed to decode input."},
		{`[...new TextDecoder("latin1", {fatal: true}).decode(new Uint8Array([0x80, 0x81]))].map(c => c.charCodeAt(0))`, "[8364,129]"},
		{`new TextDecoder("utf-16le", {fatal: true}).decode(new Uint8Array([0x80]))`, "TypeError: Failed to decode input."},
		{`new TextDecoder("utf-16le", {fatal: true}).decode(new Uint8Array([0, 0xd8, 0x41, 0]))`, "TypeError: Failed to decode input."},
		{`new TextDecoder("utf-16le").decode(new Uint8Array([0x41, 0, 0x42]))`, "A\uFFFD"},
		{`new TextDecoder("utf-16le").decode(new Uint8Array([0, 0xd8, 0x41, 0]))`, "\uFFFDA"},
		{`new TextDecoder("utf-16be").decode(new Uint8Array([0xfe, 0xff, 0xd8, 0x3d, 0xde, 0x00]))`, "\U0001F600"},
		{`let d = new TextDecoder("utf-16le"); [0x3d, 0xd8, 0x00, 0xde].map(b => d.decode(new Uint8Array([b]), {stream: true})).join("|")`, "|||\U0001F600"},
		{`let b = new Uint8Array([0xef, 0xbb, 0xbf, 0x41]); [new TextDecoder().decode(b).length, new TextDecoder("utf-8", {ignoreBOM: true}).decode(b).length]`, "[1,2]"},
		{`let d = new TextDecoder(); [0xef, 0xbb, 0xbf, 0x41].map(b => d.decode(new Uint8Array([b]), {stream: true}).length).join()`, "0,0,0,1"},
		{`let d = new TextDecoder(); [d.decode(new Uint8Array([0xe2, 0x82]), {stream: true}), d.decode(new Uint8Array([0xac]), {stream: true}), d.decode()]`, `["","€",""]`},
		{`let d = new TextDecoder(); [d.decode(new Uint8Array([0xe2, 0x82]), {stream: true}), d.decode()]`, "[\"\",\"\uFFFD\"]"},
		{`let d = new TextDecoder("utf-8", {fatal: true}); try { d.decode(new Uint8Array([0xff])) } catch {} d.decode(new Uint8Array([65]))`, "A"},
		{`let d = new TextDecoder("shift_jis"); d.decode(new Uint8Array([0x82]), {stream: true}) + d.decode(new Uint8Array([0xa0, 0x41]))`, "あA"},
		{`new TextDecoder("euc-kr").decode(new Uint8Array([0xb0, 0xa1])) + new TextDecoder("big5").decode(new Uint8Array([0xa4, 0x40]))`, "가一"},
		{`new TextDecoder("big5", {fatal: true}).decode(new Uint8Array([0xa4]))`, "TypeError: Failed to decode input."},
		{`new TextDecoder().decode("abc")`, "TypeError: Failed to execute 'decode' on 'TextDecoder': parameter 1 is not of type 'Array'."},
		{`new TextDecoder().decode(undefined) + new TextDecoder().decode(new DataView(new Uint8Array([65, 66]).buffer, 1))`, "B"},
		{`new TextDecoder("utf-8", 5)`, "TypeError: Failed to construct 'TextDecoder': constructor parameter 2 is not of type 'ConstructorOptions'."},
	})
}

func TestTextEncoder(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`new TextEncoder().encode("\ud800x€")`, "Uint8Array efbfbd78e282ac"},
		{`new TextEncoder().encode()`, "Uint8Array "},
		{`new TextEncoder().encode(5)`, "Uint8Array 35"},
		{`new TextEncoder().encode(Symbol())`, "TypeError: Cannot convert a Symbol value to a string"},
		{`new TextEncoder().encoding`, "utf-8"},
		{`new TextEncoder().encodeInto("aé€😀", new Uint8Array(4))`, `{"read":2,"written":3}`},
		{`new TextEncoder().encodeInto("aé€😀", new Uint8Array(10))`, `{"read":5,"written":10}`},
		{`let b = new Uint8Array(4); new TextEncoder().encodeInto("xyz", b.subarray(1, 3)); b`, "Uint8Array 00787900"},
		{`new TextEncoder().encodeInto("x", new Uint16Array(10))`, "TypeError: Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'."},
		{`new TextEncoder().encodeInto("x")`, "TypeError: Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'."},
	})
}

func TestBase64(t *testing.T) {
	invalid := "InvalidCharacterError: " + notBase64
	jseval.Run(t, newRealm, []jseval.Case{
		{`[atob("YQ"), atob("YQ=="), atob(" Y\nQ = = "), atob("YR=="), atob(""), atob(null).length]`, `["a","a","a","a","",3]`},
		{`atob("6Q==")`, "é"},
		{`atob("a")`, invalid},
		{`atob("YQ=")`, invalid},
		{`atob("Y!Q=")`, invalid},
		{`atob("abcde")`, invalid},
		{`atob("=")`, invalid},
		{`atob("YQ==YQ==")`, invalid},
		{`atob("Y\u00a0Q")`, invalid},
		{`atob()`, "TypeError: Failed to execute 'atob' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'string'."},
		{`[btoa("é"), btoa(""), btoa(null), btoa("\0\xff")]`, `["6Q==","","bnVsbA==","AP8="]`},
		{`btoa("€")`, "InvalidCharacterError: " + notLatin1},
		{`btoa()`, "TypeError: Failed to execute 'btoa' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'String'."},
	})
}

// Decoding in pieces must give what decoding at once gives.
func FuzzDecodePieces(f *testing.F) {
	labels := []string{"utf-8", "utf-16le", "utf-16be", "shift_jis", "euc-jp", "gb18030", "gbk", "big5", "euc-kr", "iso-2022-jp", "windows-1252"}
	f.Add([]byte("a\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x82"), uint8(0), uint8(3))
	f.Add([]byte{0x3d, 0xd8, 0, 0xde, 0, 0xd8, 1}, uint8(1), uint8(2))
	f.Add([]byte{0x82, 0xa0, 0x82}, uint8(3), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, label, cut uint8) {
		name := labels[int(label)%len(labels)]
		whole, _ := NewDecoder(name, false, false)
		want, err := whole.Decode(data, false)
		if err != nil {
			t.Fatal(err)
		}
		n := int(cut) % (len(data) + 1)
		d, _ := NewDecoder(name, false, false)
		first, err1 := d.Decode(data[:n], true)
		second, err2 := d.Decode(data[n:], false)
		if err1 != nil || err2 != nil || first+second != want {
			t.Errorf("%s %x cut at %d: %q + %q, want %q (%v, %v)", name, data, n, first, second, want, err1, err2)
		}
	})
}

func BenchmarkDecodeASCII(b *testing.B) {
	d, _ := NewDecoder("utf-8", false, false)
	data := make([]byte, 1024)
	b.SetBytes(1024)
	for b.Loop() {
		if _, err := d.Decode(data, false); err != nil {
			b.Fatal(err)
		}
	}
}

func TestEncodeInto(t *testing.T) {
	const of = `((text, size) => { const to = new Uint8Array(size), {read, written} = new TextEncoder().encodeInto(text, to); return [read, written, ...to].join() })`
	jseval.Run(t, newRealm, []jseval.Case{
		{of + `("ab", 3)`, "2,2,97,98,0"},
		{of + `("abc", 2)`, "2,2,97,98"},
		{of + `("é😀", 6)`, "3,6,195,169,240,159,152,128"},
		{of + `("é😀", 5)`, "1,2,195,169,0,0,0"},
		{of + `("\ud83d", 4)`, "1,3,239,191,189,0"},
		{of + `("", 1)`, "0,0,0"},
		{`[" YQ\n= = ", "YW\fJj", "YWI="].map(atob).join()`, "a,abc,ab"},
		{`try { atob("YQ\n=") } catch (e) { e.name }`, "InvalidCharacterError"},
		{`[btoa("é"), atob("6Q=="), btoa("")].join()`, "6Q==,é,"},
	})
}

// BenchmarkText is what text of two thousand characters costs, by function.
func BenchmarkText(b *testing.B) {
	js := newRealm(b)
	const setup = `(() => { const text = "The quick brown fox. Žluťoučký kůň 😀 ".repeat(50), ascii = "abcdefghij0123456789".repeat(100), base64 = btoa(ascii);
		const e = new TextEncoder(), d = new TextDecoder(), bytes = e.encode(text), to = new Uint8Array(8192);
		const f = {encode: () => e.encode(text), encodeInto: () => e.encodeInto(text, to), decode: () => d.decode(bytes), btoa: () => btoa(ascii), atob: () => atob(base64)};
		return (name, n) => { for (let i = 0; i < n; i++) f[name]() } })()`
	loop, err := js.Run(jsg.MustCompile("bench.js", setup))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"encode", "encodeInto", "decode", "btoa", "atob"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			if _, err := js.Call(loop, jsg.Undefined, js.String(name), js.Int(int64(b.N))); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// TestBase64Agrees compares the library with Go's own, over lengths at which it
// does something else, with one character wrong here and there.
func TestBase64Agrees(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	encodings := map[*asm.Encoding]*base64.Encoding{asm.StdEncoding: base64.StdEncoding, asm.RawStdEncoding: base64.RawStdEncoding, asm.RawURLEncoding: base64.RawURLEncoding}
	for n := range 300 {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		for mine, its := range encodings {
			text := its.EncodeToString(b)
			if got := mine.EncodeToString(b); got != text {
				t.Errorf("%x: %s, want %s", b, got, text)
			}
			for range 20 {
				if mine == asm.RawURLEncoding {
					break // nothing decodes with it: it takes a slash
				}
				got, err := mine.DecodeString(text)
				want, wantErr := its.DecodeString(text)
				if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
					t.Errorf("%q: %x, %v, want %x, %v", text, got, err, want, wantErr)
				}
				if n > 0 {
					at := random.IntN(len(text))
					text = text[:at] + string("Aa0+/-_=\n \x80"[random.IntN(11)]) + text[at+1:]
				}
			}
		}
	}
}

// TestForgivingDecode tries everything short, beside the standard's own words:
// white space goes, then up to two = of a length divisible by four, then all of
// the rest has to be digits, and one more than a multiple of four is an error.
func TestForgivingDecode(t *testing.T) {
	const characters = "AQ= \n\r\t-"
	want := func(s string) (ok bool) {
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \n\r\t", r) {
				return -1
			}
			return r
		}, s)
		if len(s)%4 == 0 {
			s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
		}
		return len(s)%4 != 1 && strings.Trim(s, "AQ") == ""
	}
	var try func(s string)
	try = func(s string) {
		if _, ok := ForgivingDecode(s); ok != want(s) {
			t.Errorf("%q decodes: %v", s, ok)
		}
		if len(s) < 6 {
			for _, c := range characters {
				try(s + string(c))
			}
		}
	}
	try("")
}
