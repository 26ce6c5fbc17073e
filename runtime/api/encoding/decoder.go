package encoding

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Decoder turns bytes of one encoding into text, in any number of pieces. It is
// what TextDecoder and TextDecoderStream share.
type Decoder struct {
	Encoding  string // canonical name
	Fatal     bool
	IgnoreBOM bool

	decode  func(d *Decoder, b []byte, last bool) (string, error)
	table   *charmap.Charmap // of a single byte
	char    decodeChar       // of more
	jis     jisState
	pending []byte // the start of a character whose rest has not come yet
	started bool   // text was given out, so a byte order mark is a character now
}

// ErrInvalid is the answer to bytes that are not text, where Fatal is set.
var ErrInvalid = errors.New("Failed to decode input.")

// lateLabels are labels of the Encoding standard that x/text does not know.
var lateLabels = map[string]string{
	"unicode11utf8": "utf-8", "unicode20utf8": "utf-8", "x-unicode20utf8": "utf-8",
	"csunicode": "utf-16le", "iso-10646-ucs-2": "utf-16le", "ucs-2": "utf-16le", "unicode": "utf-16le", "unicodefeff": "utf-16le",
	"unicodefffe": "utf-16be",
}

// NewDecoder makes a decoder for a label; ok is false where the Encoding
// standard has no such label, or no decoder for it.
func NewDecoder(label string, fatal, ignoreBOM bool) (d *Decoder, ok bool) {
	name := strings.ToLower(strings.Trim(label, "\t\n\f\r "))
	if canonical, ok := lateLabels[name]; ok {
		name = canonical
	}
	d = &Decoder{Encoding: name, Fatal: fatal, IgnoreBOM: ignoreBOM}
	if name == "utf-8" {
		d.decode = (*Decoder).utf8
		return d, true
	}
	e, err := htmlindex.Get(name)
	if err != nil || e == encoding.Replacement {
		return nil, false
	}
	if d.Encoding, err = htmlindex.Name(e); err != nil {
		return nil, false
	}
	switch d.Encoding {
	case "utf-8":
		d.decode = (*Decoder).utf8
	case "utf-16le", "utf-16be":
		d.decode = (*Decoder).utf16
	case "iso-8859-8-i":
		d.table, d.decode = charmap.ISO8859_8, (*Decoder).singleByte
	default:
		if table, ok := e.(*charmap.Charmap); ok {
			d.table, d.decode = table, (*Decoder).singleByte
			break
		}
		if d.char, ok = multibyte[d.Encoding]; !ok {
			return nil, false
		}
		d.decode = (*Decoder).chars
	}
	return d, true
}

// Decode decodes b, which it does not keep. With more to come, an incomplete
// character at the end waits for the next call; otherwise the decoder starts
// afresh after this call.
func (d *Decoder) Decode(b []byte, more bool) (string, error) {
	if len(d.pending) > 0 {
		b = append(d.pending, b...)
		d.pending = nil
	}
	s, err := d.decode(d, b, !more)
	if err == nil && !d.started && s != "" {
		d.started = true
		if !d.IgnoreBOM && strings.HasPrefix(d.Encoding, "utf-") {
			s = strings.TrimPrefix(s, "\uFEFF")
		}
	}
	if !more || err != nil {
		d.pending, d.started, d.jis = nil, false, jisState{}
	}
	return s, err
}

// whole is b without a byte order mark, if all that is to be decoded is in it and
// should be UTF-8.
func (d *Decoder) whole(b []byte, more bool) (text []byte, ok bool) {
	if d.Encoding != "utf-8" || more || d.started || len(d.pending) > 0 {
		return nil, false
	}
	if d.IgnoreBOM {
		return b, true
	}
	return bytes.TrimPrefix(b, []byte("\uFEFF")), true
}

// keep puts the last n bytes of b aside and returns the others.
func (d *Decoder) keep(b []byte, n int) []byte {
	cut := len(b) - n
	d.pending = bytes.Clone(b[cut:])
	return b[:cut]
}

func (d *Decoder) utf8(b []byte, last bool) (string, error) {
	if !last {
		b = d.keep(b, incomplete(b))
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	if d.Fatal {
		return "", ErrInvalid
	}
	s, err := unicode.UTF8.NewDecoder().Bytes(b)
	return string(s), err
}

// incomplete is the number of bytes at the end of b that start a character.
func incomplete(b []byte) int {
	for n := 1; n <= 3 && n <= len(b); n++ {
		c := b[len(b)-n]
		if !utf8.RuneStart(c) {
			continue
		}
		if c >= 0xC2 && !utf8.FullRune(b[len(b)-n:]) {
			return n
		}
		return 0
	}
	return 0
}

func (d *Decoder) utf16(b []byte, last bool) (string, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if d.Encoding == "utf-16be" {
		order = binary.BigEndian
	}
	whole := len(b) &^ 1
	odd := len(b) - whole
	high := whole >= 2 && utf16.IsSurrogate(rune(order.Uint16(b[whole-2:]))) && order.Uint16(b[whole-2:]) < 0xDC00
	if !last {
		if high {
			odd += 2
		}
		b = d.keep(b, odd)
		whole = len(b)
	}
	units := make([]uint16, 0, whole/2+1)
	for i := 0; i < whole; i += 2 {
		units = append(units, order.Uint16(b[i:]))
	}
	runes := utf16.Decode(units)
	if last && odd > 0 && !high { // a lone surrogate and half a unit are one error
		runes = append(runes, utf8.RuneError)
	}
	if d.Fatal && (last && odd > 0 || loneSurrogate(units)) {
		return "", ErrInvalid
	}
	return string(runes), nil
}

func loneSurrogate(units []uint16) bool {
	for i := 0; i < len(units); i++ {
		if u := rune(units[i]); utf16.IsSurrogate(u) {
			if i+1 == len(units) || utf16.DecodeRune(u, rune(units[i+1])) == utf8.RuneError {
				return true
			}
			i++
		}
	}
	return false
}

// singleByte decodes by table. Where a Windows code page leaves a byte open, the
// Encoding standard has the control character of that number.
func (d *Decoder) singleByte(b []byte, last bool) (string, error) {
	var out strings.Builder
	out.Grow(len(b))
	for _, c := range b {
		r := rune(c)
		if c >= 0x80 {
			if r = d.table.DecodeByte(c); r == utf8.RuneError && c < 0xA0 {
				r = rune(c)
			}
		}
		if r == utf8.RuneError && d.Fatal {
			return "", ErrInvalid
		}
		out.WriteRune(r)
	}
	return out.String(), nil
}
