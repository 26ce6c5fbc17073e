package jsg

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/dop251/goja/unistring"
)

// Text is ToString(v) as UTF-8, lone surrogates replaced.
func Text(v Value) string {
	if units, ok := wideUnits(v); ok {
		b := utf8Of(units)
		return unsafe.String(unsafe.SliceData(b), len(b))
	}
	return v.String()
}

// TextBytes is Text as bytes of their own.
func TextBytes(v Value) []byte {
	if units, ok := wideUnits(v); ok {
		return utf8Of(units)
	}
	return []byte(v.String())
}

// TextLength is len(Text(v)).
func TextLength(v Value) int {
	if units, ok := wideUnits(v); ok {
		return utf8Length(units)
	}
	return len(v.String())
}

// IsASCII reports whether s is ASCII only.
func IsASCII[T string | []byte](s T) bool {
	b := unsafe.Slice(unsafe.StringData(*(*string)(unsafe.Pointer(&s))), len(s)) // a slice begins as a string does
	for ; len(b) >= 32; b = b[32:] {
		if (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[8:])|binary.LittleEndian.Uint64(b[16:])|binary.LittleEndian.Uint64(b[24:]))&highBits != 0 {
			return false
		}
	}
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&highBits != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// highBits are those of eight bytes.
const highBits = 0x8080808080808080

// ASCII is String of what is known to be ASCII. The engine itself would look at
// each byte, when it first needs to know.
func (js *Scope) ASCII(s string) Value { return asciiValue(s) }

// Latin1 is a string with a byte for each unit, not to be changed; ok is false
// where one does not fit.
func Latin1(v Value) (b []byte, ok bool) {
	units, wide := wideUnits(v)
	if !wide {
		s := v.String()
		if IsASCII(s) {
			return unsafe.Slice(unsafe.StringData(s), len(s)), true
		}
		units = UTF16Of(v)
	}
	b = make([]byte, len(units))
	for i, u := range units {
		if u > 0xFF {
			return nil, false
		}
		b[i] = byte(u)
	}
	return b, true
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

// mostBytes is how many bytes of UTF-8 a unit can become.
const mostBytes = 3

func utf8Of(units []uint16) []byte {
	var room [4096]byte // as long as it is enough, nothing need be counted
	if mostBytes*len(units) <= len(room) {
		return bytes.Clone(room[:putUTF8(room[:], units)])
	}
	out := make([]byte, utf8Length(units))
	putUTF8(out, units)
	return out
}

// putUTF8 puts units into dst, which has room for them.
func putUTF8(dst []byte, units []uint16) (n int) {
	for len(units) > 0 {
		if n+4 <= len(dst) {
			if word, ok := fourASCII(units); ok {
				binary.LittleEndian.PutUint32(dst[n:], word)
				units, n = units[4:], n+4
				continue
			}
		}
		if u := units[0]; u < utf8.RuneSelf {
			dst[n] = byte(u)
			units, n = units[1:], n+1
			continue
		}
		r, size := firstRune(units)
		n += utf8.EncodeRune(dst[n:], r)
		units = units[size:]
	}
	return n
}

// fourASCII are the next four units as bytes, if they are ASCII.
func fourASCII(units []uint16) (four uint32, ok bool) {
	if len(units) < 4 {
		return 0, false
	}
	word := uint64(units[0]) | uint64(units[1])<<16 | uint64(units[2])<<32 | uint64(units[3])<<48
	if word&0xFF80FF80FF80FF80 != 0 {
		return 0, false
	}
	word |= word >> 8
	return uint32(word&0xFFFF | word>>16&0xFFFF0000), true
}

func utf8Length(units []uint16) (n int) {
	for len(units) > 0 {
		if _, ok := fourASCII(units); ok {
			units, n = units[4:], n+4
			continue
		}
		r, size := firstRune(units)
		n += utf8.RuneLen(r)
		units = units[size:]
	}
	return n
}

// FromUTF8 makes a string, ready to be worked with; ok is false where b is not
// UTF-8.
func (js *Scope) FromUTF8(b []byte) (v Value, ok bool) {
	if IsASCII(b) {
		return js.ASCII(string(b)), true
	}
	units := make([]uint16, 1+utf16Length(b))
	units[0] = unistring.BOM
	for n := 1; len(b) > 0; {
		if len(b) >= 4 && binary.LittleEndian.Uint32(b)&0x80808080 == 0 {
			four := units[n : n+4]
			four[0], four[1], four[2], four[3] = uint16(b[0]), uint16(b[1]), uint16(b[2]), uint16(b[3])
			b, n = b[4:], n+4
			continue
		}
		r, size := rune(b[0]), 1
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRune(b); r == utf8.RuneError && size == 1 {
				return nil, false
			}
		}
		if b = b[size:]; r < 0x10000 {
			units[n] = uint16(r)
			n++
			continue
		}
		high, low := utf16.EncodeRune(r)
		units[n], units[n+1] = uint16(high), uint16(low)
		n += 2
	}
	return wideValue(units), true
}

// utf16Length is how many units UTF-8 becomes, and not less for what is no UTF-8.
func utf16Length(b []byte) int {
	n := len(b)
	for ; len(b) >= 8; b = b[8:] {
		word := binary.LittleEndian.Uint64(b)
		following := word >> 7 &^ (word >> 6)                       // 10xxxxxx
		four := word >> 7 & (word >> 6) & (word >> 5) & (word >> 4) // 1111xxxx
		n -= bits.OnesCount64(following&0x0101010101010101) - bits.OnesCount64(four&0x0101010101010101)
	}
	for _, c := range b {
		if c&0xC0 == 0x80 {
			n--
		}
		if c >= 0xF0 {
			n++
		}
	}
	return n
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
	if mostBytes*len(units) <= len(dst) {
		return len(units), putUTF8(dst, units), ok
	}
	for read < len(units) && written < len(dst) {
		r, n := firstRune(units[read:])
		if written+utf8.RuneLen(r) > len(dst) {
			break
		}
		written += utf8.EncodeRune(dst[written:], r)
		read += n
	}
	return read, written, ok
}
