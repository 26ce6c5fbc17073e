package jsg

import (
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
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

// IsASCII reports whether s is ASCII only.
func IsASCII[T string | []byte](s T) bool {
	for ; len(s) >= 8; s = s[8:] { // a word at a time: the compiler makes one load of it
		word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if word&0x8080808080808080 != 0 {
			return false
		}
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// ASCII is String of what is known to be ASCII. The engine itself would look at
// each byte, when it first needs to know.
func (js *Scope) ASCII(s string) (v Value) {
	*recordOf(&v) = record{engine().ascii, unsafe.Pointer(&s)}
	return v
}

// wideUnits are the code units of a string that the engine keeps as such, which
// are not to be changed.
func wideUnits(v Value) ([]uint16, bool) {
	r := recordOf(&v)
	if r.kind != engine().wide {
		return nil, false
	}
	return (*(*[]uint16)(r.data))[1:], true // the first is a mark of the engine
}

// WTF8 is a string as bytes in which lone surrogates are kept, as code points of
// their own.
func WTF8(v Value) []byte {
	if LoneSurrogate(v) < 0 {
		return TextBytes(v)
	}
	var out []byte
	units := UTF16Of(v)
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != utf8.RuneError {
				out = utf8.AppendRune(out, pair)
				i++
				continue
			}
		}
		if utf16.IsSurrogate(r) {
			out = append(out, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
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
