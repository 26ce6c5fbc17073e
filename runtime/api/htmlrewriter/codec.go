package htmlrewriter

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// codec is the encoding of a document; nil stands for UTF-8.
type codec struct{ enc encoding.Encoding }

// decode is complete bytes as text.
func (c codec) decode(b []byte) string {
	if ascii(b) || c.enc == nil && utf8.Valid(b) {
		return string(b)
	}
	out, err := c.decoder().Bytes(b)
	if err != nil { // decoders replace what is wrong
		return string(b)
	}
	return string(out)
}

func (c codec) decoder() *encoding.Decoder {
	if c.enc == nil {
		return unicode.UTF8.NewDecoder()
	}
	return c.enc.NewDecoder()
}

// encode is text in the document's encoding, with character references for what
// it does not have.
func (c codec) encode(s string) []byte {
	if c.enc == nil || ascii(s) {
		return []byte(s)
	}
	out, err := encoding.HTMLEscapeUnsupported(c.enc.NewEncoder()).String(s)
	if err != nil {
		return []byte(s)
	}
	return []byte(out)
}

func ascii[S string | []byte](s S) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// textDecoder decodes text that comes in pieces.
type textDecoder struct {
	codec codec
	t     transform.Transformer
	held  []byte // the beginning of a character
}

// decode gives the text of b as far as it is complete, in the pieces workerd
// gives: what is valid as it is, and the rest.
func (d *textDecoder) decode(b []byte, atEnd bool) []string {
	if d.codec.enc == nil && len(d.held) == 0 {
		n := validPrefix(b)
		var out []string
		if n > 0 {
			out = append(out, string(b[:n]))
		}
		if b = b[n:]; len(b) == 0 {
			return out
		}
		return append(out, d.transform(b, atEnd)...)
	}
	return d.transform(b, atEnd)
}

func (d *textDecoder) transform(b []byte, atEnd bool) []string {
	src := append(d.held, b...)
	if len(src) == 0 {
		return nil
	}
	if d.t == nil {
		d.t = d.codec.decoder().Transformer
	}
	dst := make([]byte, 3*len(src)+utf8.UTFMax)
	n, used, _ := d.t.Transform(dst, src, atEnd)
	d.held = append([]byte(nil), src[used:]...)
	if atEnd {
		d.t.Reset()
		d.held = nil
	}
	if n == 0 {
		return nil
	}
	return []string{string(dst[:n])}
}

// validPrefix is how many bytes of b are valid UTF-8.
func validPrefix(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}
