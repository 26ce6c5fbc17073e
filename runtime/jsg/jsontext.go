package jsg

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// Numbers and strings as JSON.

// number writes a double as Number::toString does.
func (w *jsonWriter) number(v Value) {
	const exact, least, most = 1 << 53, 1e-6, 1e21
	switch f := v.ToFloat(); {
	case f == math.Trunc(f) && math.Abs(f) < exact:
		w.out = strconv.AppendInt(w.out, int64(f), 10)
	case math.IsNaN(f) || math.IsInf(f, 0):
		w.out = append(w.out, "null"...)
	case math.Abs(f) >= least && math.Abs(f) < most:
		w.out = strconv.AppendFloat(w.out, f, 'f', -1, 64)
	default:
		w.out = append(w.out, v.String()...)
	}
}

// lost stands in Go's copy of a string for a lone surrogate, or for itself.
const lost = string(utf8.RuneError)

// quoteText writes a string without lone surrogates.
func (w *jsonWriter) quoteText(s string) {
	w.out = append(w.out, '"')
	for s != "" {
		n := 0
		for n+8 <= len(s) && plainASCII(s[n:]) == 8 {
			n += 8
		}
		for n < len(s) && s[n] >= ' ' && s[n] != '"' && s[n] != '\\' {
			n++
		}
		w.out = append(w.out, s[:n]...)
		if s = s[n:]; s != "" {
			w.escape(rune(s[0]))
			s = s[1:]
		}
	}
	w.out = append(w.out, '"')
}

func (w *jsonWriter) quote(s goja.String) {
	v := Value(s)
	units, ok := wideUnits(v)
	if !ok {
		text := s.String()
		w.wide = w.wide || !IsASCII(text)
		if utf8.ValidString(text) && !strings.Contains(text, lost) {
			w.quoteText(text)
			return
		}
		units = UTF16Of(v)
	}
	w.wide = true
	w.out = append(w.out, '"')
	for len(units) > 0 {
		r, n := rune(units[0]), 1
		if pair, two := firstRune(units); two == 2 {
			r, n = pair, two
		}
		w.escape(r)
		units = units[n:]
	}
	w.out = append(w.out, '"')
}

func (w *jsonWriter) escape(r rune) {
	const short, hex = "btn.fr", "0123456789abcdef"
	switch {
	case r == '"' || r == '\\':
		w.out = append(w.out, '\\', byte(r))
	case r >= '\b' && r <= '\r' && r != '\v':
		w.out = append(w.out, '\\', short[r-'\b'])
	case r < ' ' || utf16.IsSurrogate(r):
		w.out = append(w.out, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
	default:
		w.out = utf8.AppendRune(w.out, r)
	}
}
