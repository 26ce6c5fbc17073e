package polyfill

import (
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// escape handles a backslash outside classes.
func (t *translator) escape() error {
	c := t.peek(1)
	switch {
	case c == -1:
		return syntax("\\ at end of pattern")
	case (c == 'p' || c == 'P') && t.u:
		s, err := t.propertyEscape()
		if err != nil {
			return err
		}
		t.emit(s)
		return nil
	case c == 'k' && t.at(`\k<`):
		return t.reference()
	case c >= '1' && c <= '9' && t.explain.i && t.now.i:
		return jsg.NotImplementedf("A back reference under (?i:…)", "use the i flag")
	case strings.ContainsRune("dDwWsS", c):
		if t.explain.i && t.now.i || t.u && t.now.i && (c == 'w' || c == 'W') {
			t.i += 2
			t.emit(t.fold(t.classEscape(c)))
			return nil
		}
		t.raw(2)
		return nil
	case (c == 'u' || c == 'x') && t.explain.i && t.now.i:
		at := t.i
		if r, ok := t.charEscape(); ok {
			t.char(r)
			return nil
		}
		t.i = at
	case t.u:
		return t.strictEscape(c)
	}
	t.raw(2)
	return nil
}

// strictEscape handles the escapes the u flag allows.
func (t *translator) strictEscape(c rune) error {
	if c >= '1' && c <= '9' {
		n := 0
		for i := 1; t.peek(i) >= '0' && t.peek(i) <= '9' && n < 1e6; i++ {
			n = n*10 + int(t.peek(i)-'0')
		}
		t.refs, t.backtracks = max(t.refs, n), true
		t.raw(2)
		return nil
	}
	if strings.ContainsRune("bBfnrtvk", c) {
		t.raw(2)
		return nil
	}
	start := t.i
	r, ok := t.charEscape()
	if !ok || c == '-' {
		if c == 'u' {
			return syntax("Invalid Unicode escape")
		}
		return syntax("Invalid escape")
	}
	if c == 'u' && r > 0xFFFF {
		// Written as a pair the engine would take it apart.
		t.out.WriteString(`\u{` + strconv.FormatInt(int64(r), 16) + `}`)
		return nil
	}
	end := t.i
	t.i = start
	t.raw(end - start)
	return nil
}

// reference handles \k<name>: of several groups with the name at most one took
// part, and the others match nothing.
func (t *translator) reference() error {
	end := slices.Index(t.p[t.i:], '>')
	if end < 0 {
		t.raw(2)
		return nil
	}
	if t.explain.i && t.now.i {
		return jsg.NotImplementedf("A back reference under (?i:…)", "use the i flag")
	}
	name := string(t.p[t.i+3 : t.i+end])
	prefix := "(?<" + name + ">"
	if strings.Count(string(t.p), prefix) < 2 {
		t.raw(end + 1)
		return nil
	}
	t.out.WriteString(`(?:\k<` + name + ">")
	for n := range strings.Count(string(t.p), prefix) - 1 {
		t.out.WriteString(`\k<` + name + "__" + strconv.Itoa(n+2) + ">")
	}
	t.out.WriteString(")")
	t.i += end + 1
	return nil
}

// emit writes a set outside of a class.
func (t *translator) emit(s charset) { s.write(&t.out, t.u) }

// fold is what s matches under the i flag in force.
func (t *translator) fold(s charset) charset {
	if t.now.i {
		return s.folded(t.u)
	}
	return s
}

func (t *translator) classEscape(c rune) charset {
	switch c {
	case 'd':
		return digits
	case 'D':
		return digits.complement(t.limit())
	case 's':
		return spaces
	case 'S':
		return spaces.complement(t.limit())
	}
	w := words
	if t.u && t.now.i {
		w = words.folded(true)
	}
	if c == 'W' {
		return w.complement(t.limit())
	}
	return w
}

var ofStrings = []string{"Basic_Emoji", "Emoji_Keycap_Sequence", "RGI_Modifier_Sequence", "RGI_Flag_Sequence", "RGI_Emoji_Tag_Sequence", "RGI_Emoji_ZWJ_Sequence", "RGI_Emoji"}

// propertyEscape reads \p{…} or \P{…}.
func (t *translator) propertyEscape() (charset, error) {
	negated := t.peek(1) == 'P'
	end := slices.Index(t.p[t.i:], '}')
	if t.peek(2) != '{' || end < 0 {
		return nil, syntax("Invalid property name")
	}
	text := string(t.p[t.i+3 : t.i+end])
	s, ok := property(text)
	if !ok {
		if t.v && !negated && slices.Contains(ofStrings, text) {
			return nil, jsg.NotImplementedf(`\p{`+text+`}`, `use \p{Emoji_Presentation} or \p{Extended_Pictographic}`)
		}
		return nil, syntax("Invalid property name")
	}
	t.i += end + 1
	if t.v {
		s = t.fold(s)
	}
	if negated {
		s = s.complement(maxRune)
	}
	if !t.v && t.explain.i {
		s = t.fold(s)
	}
	return s, nil
}
