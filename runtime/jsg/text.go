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
	for i := 0; i < len(units); i++ {
		u := units[i]
		if u < utf8.RuneSelf {
			out = append(out, byte(u))
			continue
		}
		r := rune(u)
		if utf16.IsSurrogate(r) {
			if i+1 < len(units) {
				r = utf16.DecodeRune(r, rune(units[i+1]))
			} else {
				r = utf8.RuneError
			}
			if r != utf8.RuneError {
				i++
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
