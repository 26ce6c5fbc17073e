package encoding

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// halfWidth is the first of the half-width punctuation and katakana.
const halfWidth = '\uFF61'

var (
	jis0208Pairs = sync.OnceValue(func() *pairs { return readPairs(japanese.EUCJP, "") })
	jis0212Pairs = sync.OnceValue(func() *pairs { return readPairs(japanese.EUCJP, "\x8F") })
)

func eucJP(_ *Decoder, out *strings.Builder, b []byte, last bool) (size int, ok bool) {
	switch c := b[0]; {
	case c < utf8.RuneSelf:
		out.WriteByte(c)
		return 1, true
	case c < 0x8E || c > 0x8F && c < 0xA1 || c == 0xFF:
		return 1, false
	case len(b) < 2:
		return unfinished(b, last)
	case c != 0x8F || b[1] < 0xA1 || b[1] == 0xFF:
		return jis0208Pairs().char(out, b[:2])
	case len(b) < 3:
		return unfinished(b, last)
	}
	return jis0212Pairs().char(out, b[:3])
}

var shiftJISPairs = sync.OnceValue(func() *pairs {
	t := readPairs(japanese.ShiftJIS, "")
	t.private(0xE000, 0xF0, 0xF9, 0x40, 0xFC)
	return t
})

func shiftJIS(_ *Decoder, out *strings.Builder, b []byte, last bool) (size int, ok bool) {
	switch c := b[0]; {
	case c <= 0x80:
		out.WriteRune(rune(c))
		return 1, true
	case c >= 0xA1 && c <= 0xDF:
		out.WriteRune(halfWidth + rune(c-0xA1))
		return 1, true
	case c == 0xA0 || c > 0xFC:
		return 1, false
	case len(b) < 2:
		return unfinished(b, last)
	}
	return shiftJISPairs().char(out, b[:2])
}

// jisState is what iso-2022-jp has switched to.
type jisState struct {
	set     byte // the last byte of the escape sequence, 0 for ASCII
	escaped bool // nothing came since
}

// escapes are the sequences, without the escape itself, by what they switch to.
var escapes = map[string]byte{"(B": 0, "(J": 'J', "(I": 'I', "$@": 'B', "$B": 'B'}

func iso2022JP(d *Decoder, out *strings.Builder, b []byte, last bool) (size int, ok bool) {
	c, s := b[0], &d.jis
	if c == 0x1B {
		return s.escape(b, last)
	}
	s.escaped = false
	switch {
	case s.set == 'B':
		return jis0208(out, b, last)
	case s.set == 'I':
		if c < 0x21 || c > 0x5F {
			return 1, false
		}
		out.WriteRune(halfWidth + rune(c-0x21))
	case s.set == 'J' && c == '\\':
		out.WriteRune('¥')
	case s.set == 'J' && c == '~':
		out.WriteRune('‾')
	case c == 0x0E || c == 0x0F || c >= utf8.RuneSelf:
		return 1, false
	default:
		out.WriteByte(c)
	}
	return 1, true
}

// escape switches; twice with nothing between is an error.
func (s *jisState) escape(b []byte, last bool) (size int, ok bool) {
	if !last && (len(b) < 2 || len(b) < 3 && (b[1] == '(' || b[1] == '$')) {
		return 0, true
	}
	if len(b) >= 3 {
		if set, known := escapes[string(b[1:3])]; known {
			ok = !s.escaped
			s.set, s.escaped = set, true
			return 3, ok
		}
	}
	s.escaped = false
	return 1, false
}

func jis0208(out *strings.Builder, b []byte, last bool) (size int, ok bool) {
	within := func(c byte) bool { return c >= 0x21 && c <= 0x7E }
	switch {
	case !within(b[0]):
		return 1, false
	case len(b) < 2:
		return unfinished(b, last)
	case b[1] == 0x1B:
		return 1, false
	case !within(b[1]):
		return 2, false
	}
	_, ok = jis0208Pairs().char(out, []byte{b[0] | 0x80, b[1] | 0x80})
	return 2, ok
}
