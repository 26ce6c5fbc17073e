package selector

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// What can be wrong with a selector, in workerd's words.
var (
	errEmpty          = errors.New("The selector is empty.")
	errDangling       = errors.New("Dangling combinator in selector.")
	errToken          = errors.New("Unexpected token in selector.")
	errEnd            = errors.New("Unexpected end of selector.")
	errAttributeToken = errors.New("Unexpected token in the attribute selector.")
	errPseudo         = errors.New("Unsupported pseudo-class or pseudo-element in selector.")
	errClassName      = errors.New("Invalid or unescaped class name in selector.")
	errNamespace      = errors.New("Selectors with explicit namespaces are not supported.")
)

// Parse reads a selector list.
func Parse(text string) (List, error) {
	p := &parser{s: text}
	list, err := p.list(false)
	if err == nil && !p.eof() {
		err = errToken
	}
	return list, err
}

// list reads selectors up to the end, or the bracket that closes :not().
func (p *parser) list(nested bool) (List, error) {
	var out List
	for {
		c, err := p.complex(nested)
		if err != nil {
			return nil, err
		}
		c.types = p.types
		out = append(out, c)
		if p.accept(',') {
			continue
		}
		return out, nil
	}
}

func (p *parser) complex(nested bool) (c complexSelector, err error) {
	p.space()
	for {
		part, err := p.compound()
		if err != nil {
			return c, err
		}
		if len(part) == 0 {
			if len(c.compounds) > 0 {
				return c, errDangling
			}
			return c, errEmpty
		}
		c.compounds = append(c.compounds, part)
		gap := p.space()
		switch next := p.peek(0); {
		case p.eof() || next == ',' || nested && next == ')':
			return c, nil
		case next == '+' || next == '~':
			return c, fmt.Errorf("Unsupported combinator `%c` in selector.", next)
		case next == '>':
			p.pos++
			p.space()
			c.child = append(c.child, true)
		case gap && next != '|' && next != ')':
			c.child = append(c.child, false)
		default:
			return c, errToken
		}
		if nested {
			return c, errPseudo
		}
	}
}

// compound reads simple selectors until something else comes; none is no error.
func (p *parser) compound() (compound, error) {
	var out compound
	s, err := p.typeSelector()
	if err != nil {
		return nil, err
	}
	if s != nil {
		out = append(out, s)
	}
	for {
		s, err := p.simple()
		if err != nil {
			return nil, err
		}
		if s == nil {
			return out, nil
		}
		out = append(out, s)
	}
}

func (p *parser) typeSelector() (simple, error) {
	start := p.pos
	prefix := ""
	if p.peek(0) != '|' {
		if prefix = p.typeName(); prefix == "" {
			return nil, nil
		}
	}
	if p.peek(0) == '|' && p.peek(1) != '|' && p.peek(1) != '=' {
		p.pos++
		name := p.typeName()
		switch {
		case name == "":
			p.pos = start
			return nil, errToken
		case prefix == "": // of no namespace; every element has one
			return func(Element) bool { return false }, nil
		case prefix != "*":
			return nil, errNamespace
		}
		prefix = name
	}
	if p.peek(0) == '(' && prefix != "*" { // a function, not a name
		p.pos = start
		return nil, nil
	}
	if prefix == "*" {
		return func(Element) bool { return true }, nil
	}
	return named(prefix), nil
}

func (p *parser) typeName() string {
	if p.accept('*') {
		return "*"
	}
	return p.ident()
}

func (p *parser) simple() (simple, error) {
	switch p.peek(0) {
	case '#':
		p.pos++
		name := p.ident()
		if name == "" {
			p.pos--
			return nil, nil
		}
		return hasID(name), nil
	case '.':
		if c := p.peek(1); '0' <= c && c <= '9' {
			return nil, nil // a number
		}
		p.pos++
		name := p.ident()
		if name == "" {
			return nil, errClassName
		}
		return hasClass(name), nil
	case '[':
		p.pos++
		return p.attribute()
	case ':':
		p.pos++
		return p.pseudo()
	}
	return nil, nil
}

func (p *parser) attribute() (simple, error) {
	p.space()
	if p.accept('*') {
		if !p.accept('|') {
			return nil, errToken
		}
	} else {
		p.accept('|')
	}
	name := p.ident()
	if name == "" {
		if p.eof() || p.peek(0) == ']' {
			return nil, errEnd
		}
		return nil, errAttributeToken
	}
	p.space()
	if p.eof() || p.accept(']') {
		return attribute(name, "", "", 0), nil
	}
	op := "="
	if c := p.peek(0); strings.IndexByte("~|^$*", c) >= 0 && p.peek(1) == '=' {
		op = string(c) + "="
	} else if c == '|' {
		return nil, errNamespace
	} else if c != '=' {
		return nil, errAttributeToken
	}
	p.pos += len(op)
	p.space()
	value, ok := p.value()
	if !ok {
		if p.eof() || p.peek(0) == ']' {
			return nil, errEnd
		}
		return nil, errAttributeToken
	}
	p.space()
	var flag byte
	if c := p.peek(0) | 0x20; c == 'i' || c == 's' {
		flag = c
		p.pos++
		p.space()
	}
	if !p.eof() && !p.accept(']') {
		return nil, errToken
	}
	return attribute(name, op, value, flag), nil
}

func (p *parser) value() (string, bool) {
	quote := p.peek(0)
	if quote != '"' && quote != '\'' {
		v := p.ident()
		return v, v != ""
	}
	p.pos++
	var b strings.Builder
	for !p.eof() && p.s[p.pos] != quote {
		if p.s[p.pos] == '\\' {
			if c := p.peek(1); c == '\n' || c == 0 {
				p.pos += 2
				continue
			}
			b.WriteRune(p.escape())
			continue
		}
		b.WriteByte(p.s[p.pos])
		p.pos++
	}
	p.pos = min(p.pos+1, len(p.s))
	return b.String(), true
}

func (p *parser) pseudo() (simple, error) {
	element := p.accept(':')
	name := strings.ToLower(p.ident())
	if name == "" {
		if p.eof() {
			return nil, errEnd
		}
		return nil, errToken
	}
	if element {
		return nil, errPseudo
	}
	if !p.accept('(') {
		switch name {
		case "first-child":
			return nth(0, 1, Element.Index), nil
		case "first-of-type":
			p.types = true
			return nth(0, 1, Element.TypeIndex), nil
		}
		return nil, errPseudo
	}
	var s simple
	switch name {
	case "not":
		list, err := p.list(true)
		if err != nil {
			return nil, err
		}
		s = not(list)
	case "nth-child", "nth-of-type":
		a, b, err := p.nth()
		if err != nil {
			return nil, err
		}
		index := Element.Index
		if name == "nth-of-type" {
			index, p.types = Element.TypeIndex, true
		}
		s = nth(a, b, index)
	default:
		return nil, errPseudo
	}
	p.space()
	if !p.eof() && !p.accept(')') {
		return nil, errToken
	}
	return s, nil
}

// nth reads odd, even or an+b.
func (p *parser) nth() (a, b int, err error) {
	p.space()
	rest := p.s[p.pos:]
	if i := strings.IndexByte(rest, ')'); i >= 0 {
		rest = rest[:i]
	}
	p.pos += len(rest)
	text := strings.ToLower(strings.TrimFunc(rest, isSpace))
	switch text {
	case "":
		return 0, 0, errEnd
	case "odd":
		return 2, 1, nil
	case "even":
		return 2, 0, nil
	}
	left, right, hasN := strings.Cut(text, "n")
	if !hasN {
		b, err = number(text)
		return 0, b, err
	}
	switch left {
	case "", "+":
		a = 1
	case "-":
		a = -1
	default:
		if a, err = number(left); err != nil {
			return 0, 0, err
		}
	}
	if right = strings.TrimFunc(right, isSpace); right == "" {
		return a, 0, nil
	}
	if right[0] != '+' && right[0] != '-' {
		return 0, 0, errToken
	}
	b, err = number(right[:1] + strings.TrimFunc(right[1:], isSpace))
	return a, b, err
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, errToken
	}
	return n, nil
}
