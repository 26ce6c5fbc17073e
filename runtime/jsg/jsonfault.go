package jsg

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// mendJSON makes JSON.parse fast, and say what is wrong as V8 does, since
// programs show it to their users.
func (js *Scope) mendJSON(parse *Object) {
	call, _ := natives(parse)
	next := *call
	*call = func(fc goja.FunctionCall) goja.Value {
		// A text with lone surrogates of its own does not survive as UTF-8.
		text, ok := fc.Argument(0).(goja.String)
		reviver, revives := goja.AssertFunction(fc.Argument(1))
		if ok {
			if s := text.String(); IsASCII(s) || utf8.ValidString(s) && !strings.ContainsRune(s, utf8.RuneError) {
				var v Value
				if revives {
					v, ok = js.reviveJSON(s, reviver)
				} else {
					v, ok = js.parseJSON(s)
				}
				if ok {
					return v
				}
			}
		}
		if revives {
			fc.Arguments = []Value{fc.Argument(0), js.withContext(reviver)}
		}
		defer func() {
			x := recover()
			if x == nil {
				return
			}
			if e, ok := x.(*Object); ok && e.Prototype() == js.intrinsics.syntaxError.Get("prototype") {
				if message := jsonFault(fc.Argument(0).String()); message != "" {
					panic(js.newError(&Error{Name: "SyntaxError", Message: message}))
				}
			}
			panic(x)
		}()
		return next(fc)
	}
}

// jsonFault is V8's message about a text that is no JSON, empty for one that is.
func jsonFault(text string) string {
	p := &jsonReader{s: utf16.Encode([]rune(text)), text: text}
	if p.value(); p.fault == "" && p.space() != eof {
		p.at("Unexpected non-whitespace character after JSON")
	}
	return p.fault
}

// jsonReader reads JSON up to its first fault.
type jsonReader struct {
	s     []uint16
	text  string
	i     int
	fault string
}

const eof = -1

func (p *jsonReader) peek() int {
	if p.i < len(p.s) {
		return int(p.s[p.i])
	}
	return eof
}

func (p *jsonReader) space() int {
	for p.i < len(p.s) && strings.ContainsRune(" \t\r\n", rune(p.s[p.i])) {
		p.i++
	}
	return p.peek()
}

// at records a fault here.
func (p *jsonReader) at(what string) {
	before := p.s[:min(p.i, len(p.s))]
	line, start := 1, 0
	for i, c := range before {
		if c == '\n' {
			line, start = line+1, i+1
		}
	}
	p.fault = fmt.Sprintf("%s in JSON at position %d (line %d column %d)", what, p.i, line, len(before)-start+1)
	p.fault = strings.Replace(p.fault, "after JSON in JSON", "after JSON", 1)
}

// unexpected records that the character here begins nothing.
func (p *jsonReader) unexpected() {
	const context = 10
	c := p.peek()
	part := func(from, to int) string { return string(utf16.Decode(p.s[from:to])) }
	switch n := len(p.s); {
	case slices.Contains([]string{"NaN", "Infinity", "undefined", "[object Object]"}, p.text):
		p.fault = fmt.Sprintf("%q is not valid JSON", p.text)
	case c == eof:
		p.fault = "Unexpected end of JSON input"
	case c >= '0' && c <= '9' || c == '-':
		p.at("Unexpected number")
	case c == '"':
		p.at("Unexpected string")
	default:
		from, to, before, after := 0, n, "", ""
		if n > 2*context {
			if p.i >= context {
				from, before = p.i-context, "..."
			}
			if p.i < context || p.i < n-context {
				to, after = p.i+context, "..."
			}
		}
		p.fault = fmt.Sprintf("Unexpected token '%s', %s\"%s\"%s is not valid JSON", part(p.i, p.i+1), before, part(from, to), after)
	}
}

func (p *jsonReader) value() {
	switch c := p.space(); {
	case c == '{':
		p.object()
	case c == '[':
		p.array()
	case c == '"':
		p.string()
	case c == '-' || c >= '0' && c <= '9':
		p.number()
	case c == 't':
		p.word("true")
	case c == 'f':
		p.word("false")
	case c == 'n':
		p.word("null")
	default:
		p.unexpected()
	}
}

func (p *jsonReader) word(w string) {
	for _, r := range w {
		if p.peek() != int(r) {
			p.unexpected()
			return
		}
		p.i++
	}
}

func (p *jsonReader) object() {
	p.i++
	if p.space() == '}' {
		p.i++
		return
	}
	for expected := "Expected property name or '}'"; ; expected = "Expected double-quoted property name" {
		if p.space() != '"' {
			p.at(expected)
			return
		}
		if p.string(); p.fault != "" {
			return
		}
		if p.space() != ':' {
			p.at("Expected ':' after property name")
			return
		}
		p.i++
		if p.value(); p.fault != "" {
			return
		}
		switch p.space() {
		case ',':
			p.i++
		case '}':
			p.i++
			return
		default:
			p.at("Expected ',' or '}' after property value")
			return
		}
	}
}

func (p *jsonReader) array() {
	p.i++
	if p.space() == ']' {
		p.i++
		return
	}
	for {
		if p.value(); p.fault != "" {
			return
		}
		switch p.space() {
		case ',':
			p.i++
		case ']':
			p.i++
			return
		default:
			p.at("Expected ',' or ']' after array element")
			return
		}
	}
}

func (p *jsonReader) string() {
	for p.i++; ; p.i++ {
		switch c := p.peek(); {
		case c == eof:
			p.at("Unterminated string")
			return
		case c == '"':
			p.i++
			return
		case c < ' ':
			p.at("Bad control character in string literal")
			return
		case c == '\\':
			p.i++
			if p.escape(); p.fault != "" {
				return
			}
		}
	}
}

// escape leaves i on the last character of an escape.
func (p *jsonReader) escape() {
	c := p.peek()
	switch {
	case c == eof:
		p.unexpected()
	case c == 'u':
		for range 4 {
			p.i++
			if h := p.peek(); h == eof || !strings.ContainsRune("0123456789abcdefABCDEF", rune(h)) {
				p.at("Bad Unicode escape")
				return
			}
		}
	case !strings.ContainsRune(`"\/bfnrt`, rune(c)):
		p.at("Bad escaped character")
	}
}

func (p *jsonReader) digits() (any bool) {
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.i++
		any = true
	}
	return any
}

func (p *jsonReader) number() {
	if p.peek() == '-' {
		p.i++
	}
	if p.peek() == '0' {
		p.i++
		if c := p.peek(); c >= '0' && c <= '9' {
			p.unexpected()
			return
		}
	} else if !p.digits() {
		p.at("No number after minus sign")
		return
	}
	if p.peek() == '.' {
		p.i++
		if !p.digits() {
			p.at("Unterminated fractional number")
			return
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.i++
		if c := p.peek(); c == '+' || c == '-' {
			p.i++
		}
		if !p.digits() {
			p.at("Exponent part is missing a number")
		}
	}
}
