package encoding

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/traditionalchinese"
)

// decodeChar writes the character that b begins with and says how long it is:
// 0 where its end has not come yet, which it may not answer to the last bytes.
// With ok false these bytes are none. The decoders are those of the Encoding
// standard; x/text has their tables, but other ideas of how much of a bad
// sequence is skipped, and no private use characters.
type decodeChar func(d *Decoder, out *strings.Builder, b []byte, last bool) (size int, ok bool)

var multibyte = map[string]decodeChar{
	"gbk":         gb18030,
	"gb18030":     gb18030,
	"big5":        big5,
	"euc-jp":      eucJP,
	"euc-kr":      eucKR,
	"shift_jis":   shiftJIS,
	"iso-2022-jp": iso2022JP,
}

// chars decodes an encoding whose characters have different lengths.
func (d *Decoder) chars(b []byte, last bool) (string, error) {
	var out strings.Builder
	out.Grow(len(b))
	for len(b) > 0 {
		size, ok := d.char(d, &out, b, last)
		if !ok {
			if d.Fatal {
				return "", ErrInvalid
			}
			out.WriteRune(utf8.RuneError)
		}
		if size == 0 {
			d.keep(b, len(b))
			break
		}
		b = b[size:]
	}
	return out.String(), nil
}

// unfinished is the answer to a character that b is only the beginning of.
func unfinished(b []byte, last bool) (size int, ok bool) {
	if last {
		return len(b), false
	}
	return 0, true
}

// pairs are the characters of two bytes, by lead and trail byte.
type pairs [128][256]rune

// readPairs has x/text decode every pair, each after prefix.
func readPairs(e encoding.Encoding, prefix string) *pairs {
	const firstTrail = 0x40
	var in strings.Builder
	for lead := 0x80; lead <= 0xFF; lead++ {
		for trail := firstTrail; trail <= 0xFF; trail++ {
			in.WriteString(prefix)
			in.Write([]byte{byte(lead), byte(trail), '\n'})
		}
	}
	text, _ := e.NewDecoder().String(in.String()) // has replacements for errors
	table := &pairs{}
	i := 0
	for line := range strings.Lines(text) {
		if r, size := utf8.DecodeRuneInString(line); r != utf8.RuneError && size == len(line)-1 {
			table[i/(0x100-firstTrail)][firstTrail+i%(0x100-firstTrail)] = r
		}
		i++
	}
	return table
}

// char writes the pair that b ends with. A bad one is skipped, but for a trail
// byte that is a character itself.
func (t *pairs) char(out *strings.Builder, b []byte) (size int, ok bool) {
	lead, trail := b[len(b)-2], b[len(b)-1]
	if r := t[lead-0x80][trail]; r != 0 {
		out.WriteRune(r)
		return len(b), true
	}
	if trail < utf8.RuneSelf {
		return len(b) - 1, false
	}
	return len(b), false
}

// noPair decodes what begins with no whole pair, where bytes from 0x81 to 0xFE
// lead one; done is false if b does.
func noPair(out *strings.Builder, b []byte, last bool) (size int, ok, done bool) {
	switch c := b[0]; {
	case c < utf8.RuneSelf:
		out.WriteByte(c)
		return 1, true, true
	case c == 0x80 || c == 0xFF:
		return 1, false, true
	case len(b) < 2:
		size, ok = unfinished(b, last)
		return size, ok, true
	}
	return 0, false, false
}

var eucKRPairs = sync.OnceValue(func() *pairs { return readPairs(korean.EUCKR, "") })

func eucKR(_ *Decoder, out *strings.Builder, b []byte, last bool) (size int, ok bool) {
	if size, ok, done := noPair(out, b, last); done {
		return size, ok
	}
	return eucKRPairs().char(out, b[:2])
}

var big5Pairs = sync.OnceValue(func() *pairs { return readPairs(traditionalchinese.Big5, "") })

// big5Two are the trail bytes after 0x88 that make two characters.
var big5Two = map[byte]string{0x62: "\u00CA\u0304", 0x64: "\u00CA\u030C", 0xA3: "\u00EA\u0304", 0xA5: "\u00EA\u030C"}

func big5(_ *Decoder, out *strings.Builder, b []byte, last bool) (size int, ok bool) {
	if size, ok, done := noPair(out, b, last); done {
		return size, ok
	}
	if b[0] == 0x88 {
		if s, ok := big5Two[b[1]]; ok {
			out.WriteString(s)
			return 2, true
		}
	}
	return big5Pairs().char(out, b[:2])
}

// private fills what is open in a range with private use characters, which are
// numbered from r on. No trail byte is 0x7F.
func (t *pairs) private(r rune, lead, lastLead, trail, lastTrail int) {
	for ; lead <= lastLead; lead++ {
		for i := trail; i <= lastTrail; i++ {
			if i == 0x7F {
				continue
			}
			if c := &t[lead-0x80][i]; *c == 0 {
				*c = r
			}
			r++
		}
	}
}
