package polyfill

import (
	"strings"
	"unicode/utf16"

	"github.com/dlclark/regexp2/v2"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Patterns with the d flag or with several groups of one name have an exec of
// their own. It matches with the library the engine itself uses for whatever
// needs backtracking, set up the same way.

func compileMatcher(t *translated) (*regexp2.Regexp, error) {
	opts := regexp2.RegexOptions(regexp2.ECMAScript)
	for _, f := range t.flags {
		switch f {
		case 'i':
			opts |= regexp2.IgnoreCase
		case 'm':
			opts |= regexp2.Multiline
		case 's':
			opts |= regexp2.Singleline
		case 'u':
			opts |= regexp2.Unicode
		}
	}
	return regexp2.Compile(t.source, opts)
}

// subject is a string as the matcher reads it: units or, with the u flag, code
// points, with the position in units of each.
type subject struct {
	runes []rune
	pos   []int
}

func newSubject(units []uint16, fullUnicode bool) subject {
	s := subject{runes: make([]rune, 0, len(units)), pos: make([]int, 0, len(units)+1)}
	for i := 0; i < len(units); i++ {
		s.pos = append(s.pos, i)
		r := rune(units[i])
		if fullUnicode && i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != 0xFFFD {
				r = pair
				i++
			}
		}
		s.runes = append(s.runes, r)
	}
	s.pos = append(s.pos, len(units))
	return s
}

// index is where the unit at position at is read; in the middle of a pair it is
// the pair, as V8 has it.
func (s subject) index(at int) int {
	for i := len(s.pos) - 1; i > 0; i-- {
		if s.pos[i] <= at {
			return i
		}
	}
	return 0
}

// run is RegExp.prototype.exec.
func (t *pattern) run(js *jsg.Scope, this, input jsg.Value) (jsg.Value, error) {
	o, ok := jsg.IsObject(this)
	if got, mine := patternClass.From(this); !ok || !mine || got != t {
		return nil, jsg.TypeErrorf("Method RegExp.prototype.exec called on incompatible receiver")
	}
	input = input.ToString()
	units := jsg.UTF16Of(input)
	stateful := strings.ContainsAny(t.flags, "gy")
	last := 0
	if v, err := js.Get(o, "lastIndex"); err != nil {
		return nil, err
	} else if n := v.ToInteger(); stateful {
		if n > int64(len(units)) {
			return jsg.Null, js.Set(o, "lastIndex", js.Int(0))
		}
		last = int(max(n, 0))
	}
	s := newSubject(units, strings.ContainsAny(t.flags, "uv"))
	from := s.index(last)
	m, err := t.matcher.FindRunesMatchStartingAt(s.runes, from)
	if err != nil {
		return nil, jsg.Errorf("internal error in a regular expression")
	}
	if m == nil || strings.Contains(t.flags, "y") && m.RuneIndex != from {
		if stateful {
			return jsg.Null, js.Set(o, "lastIndex", js.Int(0))
		}
		return jsg.Null, nil
	}
	if stateful {
		if err := js.Set(o, "lastIndex", js.Int(int64(s.pos[m.RuneIndex+m.RuneLength]))); err != nil {
			return nil, err
		}
	}
	return t.result(js, m, s, units, input), nil
}

func (t *pattern) result(js *jsg.Scope, m *regexp2.Match, s subject, units []uint16, input jsg.Value) *jsg.Object {
	groups := m.Groups()
	values, indices := make([]jsg.Value, len(groups)), make([]jsg.Value, len(groups))
	var named, namedIndices *jsg.Object
	for i := range groups {
		values[i], indices[i] = jsg.Undefined, jsg.Undefined
		if g := &groups[i]; len(g.Captures) > 0 {
			lo, hi := s.pos[g.RuneIndex], s.pos[g.RuneIndex+g.RuneLength]
			values[i] = js.UTF16(units[lo:hi])
			indices[i] = js.NewArray(js.Int(int64(lo)), js.Int(int64(hi)))
		}
		if i >= len(t.names) || t.names[i] == "" {
			continue
		}
		if named == nil {
			named, namedIndices = js.CreateObject(nil), js.CreateObject(nil)
		}
		// Of several groups with a name, the one that took part counts.
		if name := t.names[i]; !jsg.IsUndefined(values[i]) || named.Get(name) == nil {
			js.Define(named, name, values[i])
			js.Define(namedIndices, name, indices[i])
		}
	}
	out := js.NewArray(values...)
	js.Define(out, "index", js.Int(int64(s.pos[m.RuneIndex])))
	js.Define(out, "input", input)
	js.Define(out, "groups", orUndefined(named))
	if t.indices {
		list := js.NewArray(indices...)
		js.Define(list, "groups", orUndefined(namedIndices))
		js.Define(out, "indices", list)
	}
	return out
}

func orUndefined(o *jsg.Object) jsg.Value {
	if o == nil {
		return jsg.Undefined
	}
	return o
}

// escapePattern is RegExp.escape.
func escapePattern(units []uint16) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i, r := range decode(units) {
		switch {
		case i == 0 && r < 128 && isWord(r) && r != '_':
			b.WriteString(`\x` + string(hex[r>>4]) + string(hex[r&15]))
		case strings.ContainsRune(`^$\.*+?()[]{}|/`, r):
			b.WriteString(`\` + string(r))
		case r >= '\t' && r <= '\r':
			b.WriteString(`\` + string("tnvfr"[r-'\t']))
		case r < 128 && strings.ContainsRune(",-=<>#&!%:;@~'`\" ", r), r == 0xA0:
			b.WriteString(`\x` + string(hex[r>>4]) + string(hex[r&15]))
		case r >= 0xD800 && r <= 0xDFFF, spaces.has(r):
			b.WriteString(`\u` + string(hex[r>>12]) + string(hex[r>>8&15]) + string(hex[r>>4&15]) + string(hex[r&15]))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
