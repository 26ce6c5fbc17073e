package jsg

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// parseJSON is JSON.parse without a reviver, several times as fast as the
// engine's and exact about lone surrogates. ok is false for what is no JSON, or
// nested deeper than this reads; the engine's own then says what there is to say.
func (js *Scope) parseJSON(text string) (v Value, ok bool) {
	p := &jsonParser{js: js, s: text}
	v = p.value(0)
	return v, p.ok() && p.space() == 0 && p.i == len(text)
}

// jsonParser reads UTF-8 and stops at the first fault.
type jsonParser struct {
	js  *Scope
	s   string
	i   int
	bad bool
	// items are those of the arrays being read, the outermost first; members are
	// those of objects.
	items   []Value
	members []member
	texts   []string // room for strings to come
	// sources says that source is wanted: where the value that was read last is from.
	sources bool
	source  *jsonSource
}

const maxJSONDepth = 2000

func (p *jsonParser) ok() bool { return !p.bad }

func (p *jsonParser) fail() Value {
	p.bad = true
	return goja.Undefined()
}

// space skips white space and looks at what follows, 0 at the end.
func (p *jsonParser) space() byte {
	for ; p.i < len(p.s); p.i++ {
		if c := p.s[p.i]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// take skips a character that has to come next.
func (p *jsonParser) take(c byte) bool {
	if p.space() != c {
		return false
	}
	p.i++
	return true
}

func (p *jsonParser) value(depth int) Value {
	if !p.sources {
		return p.any(depth)
	}
	p.space()
	start := p.i
	p.source = &jsonSource{}
	v := p.any(depth)
	if _, isObject := v.(*Object); !isObject && p.ok() {
		p.source = &jsonSource{text: p.s[start:p.i]}
	}
	p.source.value = v
	return v
}

func (p *jsonParser) any(depth int) Value {
	switch c := p.space(); {
	case depth > maxJSONDepth:
		return p.fail()
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		switch s, ascii, plain := p.plain(); {
		case ascii:
			return p.ascii(s)
		case plain:
			return p.js.rt.ToValue(s)
		}
		return goja.StringFromUTF16(p.units())
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case c == 't':
		return p.word("true", p.js.rt.ToValue(true))
	case c == 'f':
		return p.word("false", p.js.rt.ToValue(false))
	case c == 'n':
		return p.word("null", goja.Null())
	}
	return p.fail()
}

func (p *jsonParser) word(w string, v Value) Value {
	if len(p.s)-p.i < len(w) || p.s[p.i:p.i+len(w)] != w {
		return p.fail()
	}
	p.i += len(w)
	return v
}

func (p *jsonParser) object(depth int) Value {
	p.i++
	first := len(p.members)
	var fields map[string]*jsonSource
	if p.sources {
		fields = map[string]*jsonSource{}
		defer func() { p.source = &jsonSource{fields: fields} }()
	}
	for more := !p.take('}'); more; more = !p.take('}') {
		if len(p.members) > first && !p.take(',') || p.space() != '"' {
			return p.fail()
		}
		key, ascii, plain := p.plain()
		if !plain || !p.take(':') { // escapes are rare enough for the engine's own
			return p.fail()
		}
		name := unistring.String(key)
		if !ascii {
			name = unistring.NewFromString(key)
		}
		p.members = append(p.members, member{name, p.value(depth + 1)})
		if p.bad {
			return p.fail()
		}
		if p.sources {
			fields[key] = p.source
		}
	}
	o := p.js.objectOf(p.members[first:])
	p.members = p.members[:first]
	return o
}

func (p *jsonParser) array(depth int) Value {
	p.i++
	first := len(p.items)
	var sources []*jsonSource
	if p.sources {
		defer func() { p.source = &jsonSource{items: sources} }()
	}
	for more := !p.take(']'); more; more = !p.take(']') {
		if len(p.items) > first && !p.take(',') {
			return p.fail()
		}
		v := p.value(depth + 1)
		if p.bad {
			return p.fail()
		}
		p.items = append(p.items, v)
		if p.sources {
			sources = append(sources, p.source)
		}
	}
	o := p.js.newArray(slices.Clone(p.items[first:]))
	p.items = p.items[:first]
	return o
}

// plain reads a string without escapes.
func (p *jsonParser) plain() (s string, ascii, ok bool) {
	start := p.i + 1
	i, high := start, byte(0)
	for i+8 <= len(p.s) {
		if n := plainASCII(p.s[i:]); n < 8 {
			i += n
			break
		}
		i += 8
	}
	for ; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.i = i + 1
			return p.s[start:i], high < utf8.RuneSelf, true
		case c == '\\' || c < ' ':
			return "", false, false
		default:
			high |= c
		}
	}
	return "", false, false
}

// plainASCII is how many of the next eight bytes of s are ASCII that stands for
// itself in a string of JSON.
func plainASCII(s string) int {
	const ones = 0x0101010101010101
	word := binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s), len(s)))
	zero := func(x uint64) uint64 { return (x - ones) &^ x } // the high bit of bytes that are zero, and perhaps of some after them
	special := zero(word^'"'*ones) | zero(word^'\\'*ones) | (word-' '*ones)&^word | word
	return bits.TrailingZeros64(special&highBits) / 8
}

// ascii makes a string that is ASCII. Several share a piece of memory: they are
// parts of one text, so that none keeps more alive than itself does.
func (p *jsonParser) ascii(s string) (v Value) {
	const together = 16
	if len(p.texts) == 0 {
		p.texts = make([]string, together)
	}
	p.texts[0] = s
	*recordOf(&v) = record{engine().ascii, unsafe.Pointer(&p.texts[0])}
	p.texts = p.texts[1:]
	return v
}

// units reads a string with escapes.
func (p *jsonParser) units() []uint16 {
	var out []uint16
	for p.i++; p.i < len(p.s); {
		switch c := p.s[p.i]; {
		case c == '"':
			p.i++
			return out
		case c < ' ':
			p.fail()
			return nil
		case c == '\\':
			u, ok := p.escape()
			if !ok {
				p.fail()
				return nil
			}
			out = append(out, u)
		default:
			end := p.i
			for end < len(p.s) && p.s[end] != '"' && p.s[end] != '\\' && p.s[end] >= ' ' {
				end++
			}
			out = append(out, utf16.Encode([]rune(p.s[p.i:end]))...)
			p.i = end
		}
	}
	p.fail()
	return nil
}

func (p *jsonParser) escape() (uint16, bool) {
	if p.i+1 >= len(p.s) {
		return 0, false
	}
	c := p.s[p.i+1]
	p.i += 2
	switch c {
	case '"', '\\', '/':
		return uint16(c), true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		if p.i+4 > len(p.s) {
			return 0, false
		}
		u, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 16)
		p.i += 4
		return uint16(u), err == nil
	}
	return 0, false
}

func (p *jsonParser) number() Value {
	start := p.i
	if p.s[p.i] == '-' {
		p.i++
	}
	first := p.i
	n := p.digits()
	if n == 0 || n > 1 && p.s[first] == '0' {
		return p.fail()
	}
	whole := true
	if p.i < len(p.s) && p.s[p.i] == '.' {
		p.i++
		whole = false
		if p.digits() == 0 {
			return p.fail()
		}
	}
	if p.i < len(p.s) && (p.s[p.i] == 'e' || p.s[p.i] == 'E') {
		p.i++
		whole = false
		if p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
			p.i++
		}
		if p.digits() == 0 {
			return p.fail()
		}
	}
	text := p.s[start:p.i]
	const exact = 15 // digits a double always holds
	if whole && n <= exact && text != "-0" {
		i := int64(0)
		for _, c := range []byte(p.s[first:p.i]) {
			i = 10*i + int64(c-'0')
		}
		if first > start {
			i = -i
		}
		return intToValue(i)
	}
	f, _ := strconv.ParseFloat(text, 64) // too large is infinite
	return floatToValue(f)
}

func (p *jsonParser) digits() int {
	start := p.i
	for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
		p.i++
	}
	return p.i - start
}
