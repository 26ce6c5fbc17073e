package regexp

import (
	"slices"
	"strings"
	"unicode"
)

// escape reads a backslash outside classes.
func (p *parser) escape() (*node, repeating, error) {
	c := p.peek(1)
	switch {
	case c == -1:
		return nil, may, syntax("\\ at end of pattern")
	case c == 'b' || c == 'B':
		p.i += 2
		p.exotic = true // the engine has letters beyond ASCII in words
		n := &node{op: opWord, negative: c == 'B', set: newSet(words)}
		if p.u && p.now.i {
			n.set = newSet(words.folded(true))
		}
		return n, nothing, nil
	case (c == 'p' || c == 'P') && p.u:
		s, err := p.propertyEscape()
		return p.unlessError(s, err)
	case strings.ContainsRune("dDwWsS", c):
		p.i += 2
		return p.set(p.folded(p.classEscape(c))), may, nil
	case c == 'k' && (p.u || p.named):
		p.i += 2
		p.exotic = true
		if p.peek(0) != '<' {
			return nil, may, syntax("Invalid named reference")
		}
		p.i++
		name, ok := p.identifier()
		if !ok {
			return nil, may, syntax("Invalid named reference")
		}
		n := &node{op: opReference, name: name, fold: p.now.i}
		p.refs = append(p.refs, n)
		return n, may, nil
	case c >= '1' && c <= '9':
		p.exotic = true
		n, end := 0, 1
		for ; p.peek(end) >= '0' && p.peek(end) <= '9'; end++ {
			n = min(n*10+int(p.peek(end)-'0'), many)
		}
		if n <= p.total {
			p.i += end
			return &node{op: opReference, groups: []int{n}, fold: p.now.i}, may, nil
		}
		if p.u {
			return nil, may, syntax("Invalid escape")
		}
		if c >= '8' {
			p.i += 2
			return p.char(c), may, nil
		}
	}
	r, err := p.charEscape(false)
	if err != nil {
		return nil, may, err
	}
	return p.char(r), may, nil
}

func (p *parser) unlessError(s charset, err error) (*node, repeating, error) {
	if err != nil {
		return nil, may, err
	}
	return p.set(s), may, nil
}

// identifier reads a name and the > behind it.
func (p *parser) identifier() (string, bool) {
	var b strings.Builder
	for p.i < len(p.p) && p.p[p.i] != '>' {
		r := p.p[p.i]
		switch {
		case r == '\\':
			if p.peek(1) != 'u' {
				return "", false
			}
			u := p.u
			p.u = true // \u{…} and pairs are taken either way
			var err error
			r, err = p.charEscape(false)
			p.u = u
			if err != nil {
				return "", false
			}
		case r >= 0xD800 && r < 0xDC00 && p.peek(1) >= 0xDC00 && p.peek(1) <= 0xDFFF:
			r = (r-0xD800)<<10 + (p.peek(1) - 0xDC00) + 0x10000
			p.i += 2
		default:
			p.i++
		}
		first := b.Len() == 0
		if r != '$' && r != '_' && !unicode.IsLetter(r) && !unicode.Is(unicode.Nl, r) && (first || !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Pc, r) && r != 0x200C && r != 0x200D) {
			return "", false
		}
		b.WriteRune(r)
	}
	if p.i >= len(p.p) || b.Len() == 0 {
		return "", false
	}
	p.i++
	return b.String(), true
}

// folded is what s matches under the i flag in force.
func (p *parser) folded(s charset) charset {
	if !p.now.i {
		return s
	}
	f := s.folded(p.u)
	if !p.u && !p.exotic && !slices.Equal(f, s.byEngine()) {
		p.exotic = true
	}
	return f
}

func (p *parser) classEscape(c rune) charset {
	switch c {
	case 'd':
		return digits
	case 'D':
		return digits.complement(p.limit())
	case 's':
		return spaces
	case 'S':
		return spaces.complement(p.limit())
	}
	w := words
	if p.u && p.now.i {
		w = words.folded(true)
	}
	if c == 'W' {
		return w.complement(p.limit())
	}
	return w
}

var ofStrings = []string{"Basic_Emoji", "Emoji_Keycap_Sequence", "RGI_Modifier_Sequence", "RGI_Flag_Sequence", "RGI_Emoji_Tag_Sequence", "RGI_Emoji_ZWJ_Sequence", "RGI_Emoji", "RGI_Emoji_Modifier_Sequence", "RGI_Emoji_Flag_Sequence"}

// UnsupportedError is a property of strings, of which there are no tables here.
type UnsupportedError struct{ Property string }

// Error implements error.
func (e *UnsupportedError) Error() string { return `\p{` + e.Property + `} is not implemented` }

// propertyEscape reads \p{…} or \P{…}.
func (p *parser) propertyEscape() (charset, error) {
	negated := p.peek(1) == 'P'
	end := slices.Index(p.p[p.i:], '}')
	if p.peek(2) != '{' || end < 0 {
		return nil, syntax("Invalid property name")
	}
	text := string(p.p[p.i+3 : p.i+end])
	s, ok := property(text)
	if !ok {
		if p.v && !negated && slices.Contains(ofStrings, text) {
			return nil, &UnsupportedError{text}
		}
		return nil, syntax("Invalid property name")
	}
	p.i += end + 1
	if p.v {
		s = p.folded(s)
	}
	if negated {
		s = s.complement(maxRune)
	}
	if !p.v {
		s = p.folded(s)
	}
	return s, nil
}
