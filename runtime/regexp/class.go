package regexp

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// class reads [...].
func (p *parser) class() (*node, error) {
	if p.v {
		s, err := p.notation()
		if err != nil {
			return nil, err
		}
		return s.node(p), nil
	}
	p.i++
	negated := p.peek(0) == '^'
	if negated {
		p.i++
	}
	var sets []charset
	for {
		if p.i >= len(p.p) {
			return nil, syntax("Unterminated character class")
		}
		if p.p[p.i] == ']' {
			p.i++
			break
		}
		a, single, err := p.atom()
		if err != nil {
			return nil, err
		}
		if p.peek(0) == '-' && p.peek(1) != ']' && p.peek(1) != -1 {
			p.i++
			b, alsoSingle, err := p.atom()
			if err != nil {
				return nil, err
			}
			switch {
			case single && alsoSingle:
				if a[0].lo > b[0].lo {
					return nil, syntax("Range out of order in character class")
				}
				a = charset{{a[0].lo, b[0].lo}}
			case p.u:
				return nil, syntax("Invalid character class")
			default:
				p.exotic = true
				a = union(a, b, charset{{'-', '-'}})
			}
		}
		sets = append(sets, a)
	}
	s := p.folded(union(sets...))
	if len(sets) == 0 {
		p.exotic = p.exotic || !negated // the engine's empty class matches some characters
	}
	if negated {
		s = s.complement(p.limit())
	}
	return p.set(s), nil
}

// atom reads one member; single means it is one character.
func (p *parser) atom() (s charset, single bool, err error) {
	r := p.p[p.i]
	if r != '\\' {
		p.i++
		return charset{{r, r}}, true, nil
	}
	switch e := p.peek(1); {
	case p.u && (e == 'p' || e == 'P'):
		s, err = p.propertyEscape()
		return s, false, err
	case e != -1 && strings.ContainsRune("dDsSwW", e):
		p.exotic = p.exotic || e == 'S' || e == 'W' && p.now.i
		p.i += 2
		return p.classEscape(e), false, nil
	}
	r, err = p.charEscape(true)
	return charset{{r, r}}, true, err
}

// charEscape reads an escape that stands for one character.
func (p *parser) charEscape(class bool) (rune, error) {
	c := p.peek(1)
	if c == -1 {
		return 0, syntax("\\ at end of pattern")
	}
	if i := strings.IndexRune("tnvfrb", c); i >= 0 && (class || c != 'b') {
		p.i += 2
		return rune("\t\n\v\f\r\b"[i]), nil
	}
	switch {
	case c == 'u' && p.u && p.peek(2) == '{':
		end := slices.Index(p.p[p.i:], '}')
		if end < 4 {
			return 0, syntax("Invalid Unicode escape")
		}
		n, err := strconv.ParseUint(string(p.p[p.i+3:p.i+end]), 16, 32)
		if err != nil || n > maxRune {
			return 0, syntax("Invalid Unicode escape")
		}
		p.i += end + 1
		return rune(n), nil
	case c == 'u' || c == 'x':
		return p.hexEscape(c)
	case c == 'c':
		return p.control(class)
	case c >= '0' && c <= '7':
		return p.octal()
	}
	if p.u && !strings.ContainsRune(`^$\.*+?()[]{}|/`, c) && !(class && c == '-') {
		return 0, syntax("Invalid escape")
	}
	p.exotic = p.exotic || c >= '8' && c <= '9' || c >= 128 || c == 'k' || c == 'p' || c == 'P'
	p.i += 2
	return c, nil
}

func (p *parser) hexEscape(c rune) (rune, error) {
	width := map[rune]int{'u': 4, 'x': 2}[c]
	r, ok := p.hex(2, width)
	if !ok {
		if p.u {
			if c == 'u' {
				return 0, syntax("Invalid Unicode escape")
			}
			return 0, syntax("Invalid escape")
		}
		p.exotic = true
		p.i += 2
		return c, nil // without the u flag an incomplete escape is the letter
	}
	p.i += 2 + width
	if r >= 0xD800 && r <= 0xDFFF {
		p.exotic = true
	}
	if p.u && r >= 0xD800 && r < 0xDC00 && p.at(`\u`) {
		if low, ok := p.hex(2, 4); ok && low >= 0xDC00 && low <= 0xDFFF {
			p.i += 6
			return (r-0xD800)<<10 + (low - 0xDC00) + 0x10000, nil
		}
	}
	return r, nil
}

// control reads \cX. In a class X may be a digit or _ too, without the u flag;
// where it is nothing of that, the backslash stands for itself.
func (p *parser) control(class bool) (rune, error) {
	l := p.peek(2)
	if l >= 'a' && l <= 'z' || l >= 'A' && l <= 'Z' || !p.u && class && (l >= '0' && l <= '9' || l == '_') {
		p.exotic = p.exotic || l < 'A' || l == '_'
		p.i += 3
		return l % 32, nil
	}
	if p.u {
		return 0, syntax("Invalid Unicode escape")
	}
	p.exotic = true
	p.i++
	return '\\', nil
}

func (p *parser) octal() (rune, error) {
	n, at := rune(0), p.i
	p.i++
	for n < 32 && p.i < len(p.p) && p.p[p.i] >= '0' && p.p[p.i] <= '7' && p.i < at+4 {
		n = n*8 + p.p[p.i] - '0'
		p.i++
	}
	if p.u && (n != 0 || p.i != at+2 || p.peek(0) >= '0' && p.peek(0) <= '9') {
		return 0, syntax("Invalid escape")
	}
	p.exotic = p.exotic || n != 0 || p.i != at+2
	return n, nil
}

func (p *parser) hex(from, n int) (rune, bool) {
	if p.i+from+n > len(p.p) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(p.p[p.i+from:p.i+from+n]), 16, 32)
	return rune(v), err == nil
}

// stringSet is what a class of the v flag stands for: characters and strings.
type stringSet struct {
	chars   charset
	strings []string
}

func (s *stringSet) add(o stringSet) {
	s.chars = union(s.chars, o.chars)
	for _, str := range o.strings {
		if !slices.Contains(s.strings, str) {
			s.strings = append(s.strings, str)
		}
	}
}

// node is an alternation, longest strings first.
func (s stringSet) node(p *parser) *node {
	if len(s.strings) == 0 {
		return p.set(s.chars)
	}
	slices.SortStableFunc(s.strings, func(a, b string) int { return cmp.Compare(len([]rune(b)), len([]rune(a))) })
	out := &node{op: opAlternatives}
	add := func(str string) {
		row := &node{op: opRow}
		for _, r := range str {
			row.kids = append(row.kids, p.char(r))
		}
		out.kids = append(out.kids, row)
	}
	for _, str := range s.strings {
		if str != "" {
			add(str)
		}
	}
	out.kids = append(out.kids, p.set(s.chars))
	if slices.Contains(s.strings, "") {
		add("")
	}
	return out
}

// notation reads a class with set notation.
func (p *parser) notation() (stringSet, error) {
	var out stringSet
	p.i++
	negated := p.peek(0) == '^'
	if negated {
		p.i++
	}
	op := ""
	for n := 0; ; n++ {
		if p.i >= len(p.p) {
			return out, syntax("Unterminated character class")
		}
		if p.p[p.i] == ']' {
			p.i++
			break
		}
		here := ""
		if p.at("--") || p.at("&&") {
			here = string(p.p[p.i : p.i+2])
			p.i += 2
			if n == 0 || p.peek(0) == '&' {
				return out, syntax("Invalid set operation in character class")
			}
		}
		if n > 1 && here != op || n == 0 && here != "" {
			return out, syntax("Invalid set operation in character class")
		}
		if n > 0 {
			op = here
		}
		o, single, err := p.operand()
		if err != nil {
			return out, err
		}
		if !single && p.peek(0) == '-' && p.peek(1) != '-' {
			return out, syntax("Invalid character class")
		}
		if op != "" && single {
			o.chars = p.folded(o.chars)
		}
		switch op {
		case "--":
			out.chars = out.chars.subtract(o.chars)
			out.strings = slices.DeleteFunc(out.strings, func(s string) bool { return slices.Contains(o.strings, s) })
		case "&&":
			out.chars = out.chars.intersect(o.chars)
			out.strings = slices.DeleteFunc(out.strings, func(s string) bool { return !slices.Contains(o.strings, s) })
		default:
			if single && p.peek(0) == '-' && p.peek(1) != '-' {
				if o, err = p.rangeTo(o.chars); err != nil {
					return out, err
				}
				if n == 0 { // a range is no operand of -- and &&
					if p.at("--") || p.at("&&") {
						return out, syntax("Invalid set operation in character class")
					}
				}
			}
			if single {
				o.chars = p.folded(o.chars)
			}
			out.add(o)
		}
	}
	if negated {
		if len(out.strings) > 0 {
			return out, syntax("Negated character class may contain strings")
		}
		out.chars = out.chars.complement(maxRune)
	}
	return out, nil
}

func (p *parser) rangeTo(from charset) (stringSet, error) {
	p.i++
	to, single, err := p.operand()
	if err != nil {
		return to, err
	}
	lo, hi := p.low(from), p.low(to.chars)
	if !single {
		return to, syntax("Invalid character class")
	}
	if lo > hi {
		return to, syntax("Range out of order in character class")
	}
	return stringSet{chars: charset{{lo, hi}}}, nil
}

func (p *parser) low(s charset) rune {
	if len(s) == 0 {
		return 0
	}
	return s[0].lo
}

// operand reads one operand; single means it is one character, not yet folded.
func (p *parser) operand() (s stringSet, single bool, err error) {
	if p.i >= len(p.p) {
		return s, false, syntax("Unterminated character class")
	}
	c := p.p[p.i]
	switch {
	case c == '[':
		s, err = p.notation()
		return s, false, err
	case c != '\\':
		if strings.ContainsRune(`()[]{}/-|`, c) {
			return s, false, syntax("Invalid character in character class")
		}
		if c == p.peek(1) && strings.ContainsRune("&!#$%*+,.:;<=>?@^`~", c) {
			return s, false, syntax("Invalid set operation in character class")
		}
		p.i++
		return stringSet{chars: charset{{c, c}}}, true, nil
	}
	switch e := p.peek(1); {
	case e == 'p' || e == 'P':
		s.chars, err = p.propertyEscape()
		return s, false, err
	case strings.ContainsRune("dDsSwW", e):
		p.i += 2
		return stringSet{chars: p.folded(p.classEscape(e))}, false, nil
	case e == 'q' && p.peek(2) == '{':
		s, err = p.quoted()
		return s, false, err
	case e != -1 && strings.ContainsRune("&-!#%,:;<=>@`~", e):
		p.i += 2
		return stringSet{chars: charset{{e, e}}}, true, nil
	}
	r, err := p.charEscape(true)
	return stringSet{chars: charset{{r, r}}}, true, err
}

// quoted reads \q{abc|d|}.
func (p *parser) quoted() (stringSet, error) {
	var out stringSet
	var cur []rune
	finish := func() {
		o := stringSet{strings: []string{string(cur)}}
		if len(cur) == 1 {
			o = stringSet{chars: p.folded(charset{{cur[0], cur[0]}})}
		}
		out.add(o)
		cur = nil
	}
	for p.i += 3; ; {
		switch c := p.peek(0); c {
		case -1:
			return out, syntax("Invalid escape")
		case '}':
			p.i++
			finish()
			return out, nil
		case '|':
			p.i++
			finish()
		default:
			o, single, err := p.operand()
			if err != nil {
				return out, err
			}
			if !single {
				return out, syntax("Invalid escape")
			}
			cur = append(cur, o.chars[0].lo)
		}
	}
}
