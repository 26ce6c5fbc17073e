package jsg

import (
	"strconv"
	"unicode/utf16"

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
	// items are those of the arrays being read, the outermost first.
	items []any
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
		if s, plain := p.plain(); plain {
			return p.js.String(s)
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
	o := p.js.rt.NewObject()
	record, _ := engine().plainRecord(o)
	if p.take('}') {
		return o
	}
	var fields map[string]*jsonSource
	if p.sources {
		fields = map[string]*jsonSource{}
		defer func() { p.source = &jsonSource{fields: fields} }()
	}
	for p.ok() {
		if p.space() != '"' {
			return p.fail()
		}
		key, plain := p.plain()
		if !plain {
			return p.fail() // rare enough for the engine's own
		}
		if !p.take(':') {
			return p.fail()
		}
		v := p.value(depth + 1)
		record.put(unistring.NewFromString(key), v)
		if p.sources {
			fields[key] = p.source
		}
		if p.take('}') {
			return o
		}
		if !p.take(',') {
			return p.fail()
		}
	}
	return o
}

func (p *jsonParser) array(depth int) Value {
	p.i++
	first := len(p.items)
	defer func() { p.items = p.items[:first] }()
	if p.take(']') {
		return p.js.rt.NewArray()
	}
	var sources []*jsonSource
	if p.sources {
		defer func() { p.source = &jsonSource{items: sources} }()
	}
	for p.ok() {
		v := p.value(depth + 1)
		p.items = append(p.items, v)
		if p.sources {
			sources = append(sources, p.source)
		}
		if p.take(']') {
			break
		}
		if !p.take(',') {
			return p.fail()
		}
	}
	return p.js.rt.NewArray(p.items[first:]...)
}

// plain reads a string without escapes.
func (p *jsonParser) plain() (string, bool) {
	for i := p.i + 1; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			s := p.s[p.i+1 : i]
			p.i = i + 1
			return s, true
		case c == '\\' || c < ' ':
			return "", false
		}
	}
	return "", false
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
		i, _ := strconv.ParseInt(text, 10, 64)
		return p.js.rt.ToValue(i)
	}
	f, _ := strconv.ParseFloat(text, 64) // too large is infinite
	return p.js.rt.ToValue(f)
}

func (p *jsonParser) digits() int {
	start := p.i
	for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
		p.i++
	}
	return p.i - start
}
