package polyfill

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// class handles [...]. Without the v flag it is copied unless it holds
// something the engine does not know.
func (t *translator) class() error {
	if t.v {
		s, err := t.set()
		if err != nil {
			return err
		}
		s.write(t)
		return nil
	}
	if t.u && t.at("[^]") {
		// The engine's is not as wide as it should be.
		t.i += 3
		t.emit(charset{}.complement(maxRune))
		return nil
	}
	start, c := t.i, classReader{translator: t, spell: t.explain.i && t.now.i}
	s, err := c.read()
	if err != nil {
		return err
	}
	if c.spell {
		t.emit(s)
		return nil
	}
	end := t.i
	t.i = start
	t.raw(end - start)
	return nil
}

// classReader reads a class without set notation.
type classReader struct {
	*translator
	spell bool // the class has to be written out
}

func (c *classReader) read() (charset, error) {
	c.i++
	negated := c.peek(0) == '^'
	if negated {
		c.i++
	}
	var sets []charset
	for {
		if c.i >= len(c.p) {
			return nil, syntax("Unterminated character class")
		}
		if c.p[c.i] == ']' {
			c.i++
			break
		}
		a, single, err := c.atom()
		if err != nil {
			return nil, err
		}
		if c.peek(0) == '-' && c.peek(1) != ']' && c.peek(1) != -1 {
			c.i++
			b, alsoSingle, err := c.atom()
			if err != nil {
				return nil, err
			}
			switch {
			case single && alsoSingle:
				if a[0].lo > b[0].lo {
					return nil, syntax("Range out of order in character class")
				}
				a = charset{{a[0].lo, b[0].lo}}
			case c.u:
				return nil, syntax("Invalid character class")
			default:
				a = union(a, b, charset{{'-', '-'}})
			}
		}
		sets = append(sets, a)
	}
	s := c.fold(union(sets...))
	if negated {
		s = s.complement(c.limit())
	}
	return s, nil
}

// atom reads one member; single means it is one character.
func (c *classReader) atom() (s charset, single bool, err error) {
	r := c.p[c.i]
	if r != '\\' {
		c.i++
		if r > 0xFFFF && !c.u { // two units in the engine's eyes
			return charset{{r, r}}, true, nil
		}
		return charset{{r, r}}, true, nil
	}
	switch e := c.peek(1); {
	case e == -1:
		return nil, false, syntax("\\ at end of pattern")
	case c.u && (e == 'p' || e == 'P'):
		c.spell = true
		s, err = c.propertyEscape()
		return s, false, err
	case strings.ContainsRune("dDsSwW", e):
		if c.u && c.now.i && (e == 'w' || e == 'W') {
			c.spell = true
		}
		c.i += 2
		return c.classEscape(e), false, nil
	}
	if r, ok := c.charEscape(); ok {
		return charset{{r, r}}, true, nil
	}
	return nil, false, syntax("Invalid escape")
}

// charEscape reads an escape that stands for one character, in a class.
func (t *translator) charEscape() (rune, bool) {
	c := t.peek(1)
	if i := strings.IndexRune("tnvfrb", c); i >= 0 {
		t.i += 2
		return rune("\t\n\v\f\r\b"[i]), true
	}
	switch {
	case c == 'u' && t.u && t.peek(2) == '{':
		end := slices.Index(t.p[t.i:], '}')
		if end < 4 {
			return 0, false
		}
		n, err := strconv.ParseInt(string(t.p[t.i+3:t.i+end]), 16, 32)
		t.i += end + 1
		return rune(n), err == nil && n <= maxRune
	case c == 'u' || c == 'x':
		width := map[rune]int{'u': 4, 'x': 2}[c]
		r, ok := t.hex(2, width)
		if !ok {
			t.i += 2
			return c, !t.u // without the u flag an incomplete escape is the letter
		}
		t.i += 2 + width
		if t.u && r >= 0xD800 && r < 0xDC00 && t.at(`\u`) {
			if low, ok := t.hex(2, 4); ok && low >= 0xDC00 && low <= 0xDFFF {
				t.i += 6
				return (r-0xD800)<<10 + (low - 0xDC00) + 0x10000, true
			}
		}
		return r, true
	case c == 'c':
		if l := t.peek(2); l >= 'a' && l <= 'z' || l >= 'A' && l <= 'Z' {
			t.i += 3
			return l % 32, true
		}
		t.i++
		return '\\', !t.u
	case c >= '0' && c <= '7':
		n, at := rune(0), t.i
		t.i++
		for n < 32 && t.i < len(t.p) && t.p[t.i] >= '0' && t.p[t.i] <= '7' && t.i < at+4 {
			n = n*8 + t.p[t.i] - '0'
			t.i++
		}
		return n, !t.u || n == 0 && t.i == at+2
	}
	t.i += 2
	return c, !t.u || strings.ContainsRune(`^$\.*+?()[]{}|/-`, c)
}

func (t *translator) hex(from, n int) (rune, bool) {
	if t.i+from+n > len(t.p) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(t.p[t.i+from:t.i+from+n]), 16, 32)
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

// write writes the set as an alternation, longest strings first.
func (s stringSet) write(t *translator) {
	if len(s.strings) == 0 {
		t.emit(s.chars)
		return
	}
	slices.SortStableFunc(s.strings, func(a, b string) int { return cmp.Compare(len([]rune(b)), len([]rune(a))) })
	t.out.WriteString("(?:")
	empty := false
	for _, str := range s.strings {
		if str == "" {
			empty = true
			continue
		}
		for _, r := range str {
			if t.explain.i && t.now.i {
				t.char(r)
			} else {
				writeRune(&t.out, r, true)
			}
		}
		t.out.WriteByte('|')
	}
	t.emit(s.chars)
	if empty {
		t.out.WriteByte('|')
	}
	t.out.WriteByte(')')
}

// set reads a class with set notation.
func (t *translator) set() (stringSet, error) {
	var out stringSet
	t.i++
	negated := t.peek(0) == '^'
	if negated {
		t.i++
	}
	op := ""
	for n := 0; ; n++ {
		if t.i >= len(t.p) {
			return out, syntax("Unterminated character class")
		}
		if t.p[t.i] == ']' {
			t.i++
			break
		}
		here := ""
		if t.at("--") || t.at("&&") {
			here = string(t.p[t.i : t.i+2])
			t.i += 2
			if n == 0 || t.peek(0) == '&' {
				return out, syntax("Invalid set operation in character class")
			}
		}
		if n > 1 && here != op || n == 0 && here != "" {
			return out, syntax("Invalid set operation in character class")
		}
		if n > 0 {
			op = here
		}
		o, single, err := t.operand()
		if err != nil {
			return out, err
		}
		if op != "" && single {
			o.chars = t.fold(o.chars)
		}
		switch op {
		case "--":
			out.chars = out.chars.subtract(o.chars)
			out.strings = slices.DeleteFunc(out.strings, func(s string) bool { return slices.Contains(o.strings, s) })
		case "&&":
			out.chars = out.chars.intersect(o.chars)
			out.strings = slices.DeleteFunc(out.strings, func(s string) bool { return !slices.Contains(o.strings, s) })
		default:
			if single && t.peek(0) == '-' && t.peek(1) != '-' {
				if o, err = t.rangeTo(o.chars); err != nil {
					return out, err
				}
				if n == 0 { // a range is no operand of -- and &&
					if t.at("--") || t.at("&&") {
						return out, syntax("Invalid set operation in character class")
					}
				}
			}
			if single {
				o.chars = t.fold(o.chars)
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

func (t *translator) rangeTo(from charset) (stringSet, error) {
	t.i++
	to, single, err := t.operand()
	if err != nil {
		return to, err
	}
	lo, hi := t.low(from), t.low(to.chars)
	if !single {
		return to, syntax("Invalid character class")
	}
	if lo > hi {
		return to, syntax("Range out of order in character class")
	}
	return stringSet{chars: charset{{lo, hi}}}, nil
}

func (t *translator) low(s charset) rune {
	if len(s) == 0 {
		return 0
	}
	return s[0].lo
}

// operand reads one operand; single means it is one character, not yet folded.
func (t *translator) operand() (s stringSet, single bool, err error) {
	if t.i >= len(t.p) {
		return s, false, syntax("Unterminated character class")
	}
	c := t.p[t.i]
	switch {
	case c == '[':
		s, err = t.set()
		return s, false, err
	case c != '\\':
		if strings.ContainsRune(`()[]{}/-|`, c) {
			return s, false, syntax("Invalid character in character class")
		}
		if c == t.peek(1) && strings.ContainsRune("&!#$%*+,.:;<=>?@^`~", c) {
			return s, false, syntax("Invalid set operation in character class")
		}
		t.i++
		return stringSet{chars: charset{{c, c}}}, true, nil
	}
	switch e := t.peek(1); {
	case e == 'p' || e == 'P':
		s.chars, err = t.propertyEscape()
		return s, false, err
	case strings.ContainsRune("dDsSwW", e):
		t.i += 2
		return stringSet{chars: t.fold(t.classEscape(e))}, false, nil
	case e == 'q' && t.peek(2) == '{':
		s, err = t.quoted()
		return s, false, err
	case e != -1 && strings.ContainsRune("&-!#%,:;<=>@`~", e):
		t.i += 2
		return stringSet{chars: charset{{e, e}}}, true, nil
	}
	r, ok := t.charEscape()
	if !ok {
		return s, false, syntax("Invalid escape")
	}
	return stringSet{chars: charset{{r, r}}}, true, nil
}

// quoted reads \q{abc|d|}.
func (t *translator) quoted() (stringSet, error) {
	var out stringSet
	var cur []rune
	finish := func() {
		o := stringSet{strings: []string{string(cur)}}
		if len(cur) == 1 {
			o = stringSet{chars: t.fold(charset{{cur[0], cur[0]}})}
		}
		out.add(o)
		cur = nil
	}
	for t.i += 3; ; {
		switch c := t.peek(0); c {
		case -1:
			return out, syntax("Invalid escape")
		case '}':
			t.i++
			finish()
			return out, nil
		case '|':
			t.i++
			finish()
		default:
			o, single, err := t.operand()
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
