package jsg

import (
	"reflect"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// Text is ToString(v) as UTF-8, lone surrogates replaced.
func Text(v Value) string {
	if units, ok := wideUnits(v); ok {
		return string(appendUTF8(make([]byte, 0, len(units)*3/2), units))
	}
	return v.String()
}

// TextBytes is Text as bytes of their own.
func TextBytes(v Value) []byte {
	if units, ok := wideUnits(v); ok {
		return appendUTF8(make([]byte, 0, len(units)*3/2), units)
	}
	return []byte(v.String())
}

// wideUnits are the code units of a string that the engine keeps as such, which
// are not to be changed.
func wideUnits(v Value) ([]uint16, bool) {
	if _, ok := v.(goja.String); !ok {
		return nil, false
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice || r.Type().Elem().Kind() != reflect.Uint16 {
		return nil, false
	}
	units := r.Convert(reflect.TypeFor[[]uint16]()).Interface().([]uint16)
	return units[1:], true // the first is a mark of the engine
}

func appendUTF8(out []byte, units []uint16) []byte {
	for i := 0; i < len(units); {
		if u := units[i]; u < utf8.RuneSelf {
			out = append(out, byte(u))
			i++
			continue
		}
		r, n := firstRune(units[i:])
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// firstRune is the first character, and its number of units.
func firstRune(units []uint16) (r rune, n int) {
	r = rune(units[0])
	switch {
	case !utf16.IsSurrogate(r):
		return r, 1
	case len(units) == 1:
		return utf8.RuneError, 1
	}
	if r = utf16.DecodeRune(r, rune(units[1])); r == utf8.RuneError {
		return r, 1
	}
	return r, 2
}

// EncodeInto puts those characters of Text(v) into dst that fit, and tells how
// many units of v they were. It is for strings that the engine keeps as units;
// ok is false for others.
func EncodeInto(dst []byte, v Value) (read, written int, ok bool) {
	units, ok := wideUnits(v)
	for read < len(units) && written < len(dst) {
		if u := units[read]; u < utf8.RuneSelf {
			dst[written] = byte(u)
			read, written = read+1, written+1
			continue
		}
		r, n := firstRune(units[read:])
		if written+utf8.RuneLen(r) > len(dst) {
			break
		}
		written += utf8.EncodeRune(dst[written:], r)
		read += n
	}
	return read, written, ok
}
