package polyfill

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// translated is a regular expression in terms of what the engine can do.
type translated struct {
	source, flags string // for the engine
	// indices asks for match.indices; names are the groups' names by number,
	// where the engine's own result would not do.
	indices bool
	names   []string
	exec    bool
	// own are flag properties that the engine's object would get wrong.
	own map[string]bool
}

// translator rewrites one pattern. Only what the engine does not understand is
// parsed closely; the rest is passed on for the engine to judge.
type translator struct {
	p   []rune
	i   int
	out strings.Builder

	u, v    bool // u: code points, set for the v flag too
	now     mode // flags in force here
	explain mode // flags some group changes: their effect is spelled out

	groups []frame
	ids    int
	names  []string // by group number, "" for unnamed ones
	refs   int      // the highest number referred to
	// backtracks: the engine has to use its second matcher.
	backtracks bool
	taken      []taken
}

// mode are the flags that (?ims-ims:…) may change.
type mode struct{ i, m, s bool }

// frame is an open group: the mode around it and the alternative reached in it.
type frame struct {
	id, alt int
	outer   mode
	look    bool // an assertion, which the u flag does not let repeat
}

type taken struct {
	name, as string
	path     []frame
}

// Translates reports whether a literal has to go through the constructor to mean
// what it says. An error says that it is no regular expression at all.
func Translates(pattern, flags string) (bool, error) {
	if !strings.ContainsAny(flags, "dmuv") && !strings.Contains(pattern, "(?") {
		return false, nil
	}
	t, err := translate(utf16.Encode([]rune(pattern)), flags)
	if e, ok := err.(*jsg.Error); ok && e.Name == "SyntaxError" {
		return false, errors.New(e.Message)
	}
	return t != nil || err != nil, nil // what is refused is refused where it is used
}

// translate returns nil if the engine needs no help with the pattern.
func translate(source []uint16, flags string) (*translated, error) {
	t := &translator{names: []string{""}}
	seen := ""
	for _, f := range flags {
		if !strings.ContainsRune("dgimsuvy", f) || strings.ContainsRune(seen, f) {
			return nil, jsg.SyntaxErrorf("Invalid flags supplied to RegExp constructor '%s'", flags)
		}
		seen += string(f)
	}
	on := func(f string) bool { return strings.Contains(flags, f) }
	t.v = on("v")
	if t.v && on("u") {
		return nil, jsg.SyntaxErrorf("Invalid flags supplied to RegExp constructor '%s'", flags)
	}
	t.u = t.v || on("u")
	t.p = decode(source)
	t.now = mode{on("i"), on("m"), on("s")}
	t.findModifiers()
	// The engine takes nothing but \n for the end of a line.
	t.explain.m = t.explain.m || t.now.m && anchored(t.p)
	t.groups = []frame{{outer: t.now}}
	if err := t.run(); err != nil {
		if e, ok := err.(*jsg.Error); ok && e.Name == "SyntaxError" {
			e.Message = "Invalid regular expression: /" + string(t.p) + "/" + flags + ": " + e.Message
		}
		return nil, err
	}
	out := &translated{source: t.out.String(), indices: on("d"), own: map[string]bool{}}
	for _, f := range flags {
		switch f {
		case 'd':
			continue
		case 'v':
			f = 'u'
		case 'i', 'm', 's':
			name := map[rune]string{'i': "ignoreCase", 'm': "multiline", 's': "dotAll"}[f]
			if f == 'i' && t.explain.i || f == 'm' && t.explain.m || f == 's' && t.explain.s {
				out.own[name] = true
				continue
			}
		}
		out.flags += string(f)
	}
	duplicates := slices.ContainsFunc(t.taken, func(a taken) bool { return a.name != a.as })
	// On strings beyond ASCII the engine, with the u flag, forgets the names of
	// groups, and replaces all matches where its second matcher is at work.
	if out.exec = out.indices || duplicates || t.u && (t.backtracks || len(t.taken) > 0); out.exec {
		out.names = t.names
	}
	if !out.exec && !t.v && len(out.own) == 0 && out.source == string(t.p) {
		return nil, nil
	}
	return out, nil
}

// decode joins surrogate pairs and keeps lone surrogates.
func decode(units []uint16) []rune {
	out := make([]rune, 0, len(units))
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != 0xFFFD {
				r = pair
				i++
			}
		}
		out = append(out, r)
	}
	return out
}

// findModifiers looks which flags groups change anywhere in the pattern. One
// too many does no harm: a flag's effect is only written out.
func (t *translator) findModifiers() {
	for i := 0; i+2 < len(t.p); i++ {
		if t.p[i] != '(' || t.p[i+1] != '?' {
			continue
		}
		for _, c := range t.p[i+2:] {
			switch c {
			case 'i':
				t.explain.i = true
			case 'm':
				t.explain.m = true
			case 's':
				t.explain.s = true
			case '-':
			default:
				c = 0
			}
			if c == 0 || !strings.ContainsRune("ims-", c) {
				break
			}
		}
	}
}

// anchored reports whether a pattern asks for the start or end of a line.
func anchored(p []rune) bool {
	class := false
	for i := 0; i < len(p); i++ {
		switch p[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '^', '$':
			if !class {
				return true
			}
		}
	}
	return false
}

func syntax(format string, args ...any) error { return jsg.SyntaxErrorf(format, args...) }

func (t *translator) peek(n int) rune {
	if t.i+n < len(t.p) {
		return t.p[t.i+n]
	}
	return -1
}

func (t *translator) at(s string) bool {
	for n, c := range []rune(s) {
		if t.peek(n) != c {
			return false
		}
	}
	return true
}

// raw passes n characters on as they are.
func (t *translator) raw(n int) {
	for _, r := range t.p[t.i : t.i+n] {
		if r >= 0xD800 && r <= 0xDFFF || r > 0xFFFF && !t.u {
			writeRune(&t.out, r, t.u)
		} else {
			t.out.WriteRune(r)
		}
	}
	t.i += n
}

const (
	lineStart = `(?<![^\n\r\u2028\u2029])`
	lineEnd   = `(?![^\n\r\u2028\u2029])`
)

func (t *translator) run() error {
	for t.i < len(t.p) {
		var err error
		switch c := t.p[t.i]; {
		case c == '\\':
			err = t.escape()
		case c == '[':
			err = t.class()
		case c == '(':
			err = t.open()
		case c == ')':
			if len(t.groups) == 1 {
				return syntax("Unmatched ')'")
			}
			g := t.groups[len(t.groups)-1]
			t.now = g.outer
			t.groups = t.groups[:len(t.groups)-1]
			t.raw(1)
			if n := t.peek(0); t.u && g.look && (n == '*' || n == '+' || n == '?' || n == '{') {
				return syntax("Nothing to repeat")
			}
		case t.u && (c == ']' || c == '}'):
			return syntax("Lone quantifier brackets")
		case t.u && c == '{':
			err = t.quantifier()
		case c == '|':
			t.groups[len(t.groups)-1].alt++
			t.raw(1)
		case c == '.' && t.explain.s:
			t.i++
			if t.now.s {
				charset{}.complement(t.limit()).write(&t.out, t.u)
			} else {
				lineEnds.complement(t.limit()).write(&t.out, t.u)
			}
		case (c == '^' || c == '$') && t.explain.m && t.now.m:
			t.i++
			t.backtracks = true
			t.out.WriteString(map[rune]string{'^': lineStart, '$': lineEnd}[c])
		case t.explain.i && t.now.i && !strings.ContainsRune(`^$.*+?{}|`, c):
			t.i++
			t.char(c)
		default:
			t.raw(1)
		}
		if err != nil {
			return err
		}
	}
	if len(t.groups) > 1 {
		return syntax("Unterminated group")
	}
	if t.u && t.refs >= len(t.names) {
		return syntax("Invalid escape")
	}
	return nil
}

// quantifier copies {n}, {n,} or {n,m}, which is all that a brace may be with
// the u flag.
func (t *translator) quantifier() error {
	n, digits, comma := 1, 0, false
	for ; ; n++ {
		switch c := t.peek(n); {
		case c >= '0' && c <= '9':
			digits++
		case c == ',' && digits > 0 && !comma:
			comma = true
		case c == '}' && digits > 0:
			t.raw(n + 1)
			return nil
		default:
			return syntax("Incomplete quantifier")
		}
	}
}

func (t *translator) limit() rune {
	if t.u {
		return maxRune
	}
	return 0xFFFF
}

// char writes one literal character whose case is ignored by being spelled out.
func (t *translator) char(c rune) {
	s := charset{{c, c}}
	if f := s.folded(t.u); len(f) > 1 || f[0] != s[0] {
		f.write(&t.out, t.u)
		return
	}
	if c < 128 && !strings.ContainsRune(`/-`, c) && !isWord(c) {
		t.out.WriteRune(c)
		return
	}
	writeRune(&t.out, c, t.u)
}

func isWord(c rune) bool { return words.has(c) }

// open handles what follows an opening parenthesis.
func (t *translator) open() error {
	t.ids++
	t.groups = append(t.groups, frame{id: t.ids, outer: t.now})
	switch {
	case t.at("(?:"):
		t.raw(3)
	case t.at("(?="), t.at("(?!"):
		t.groups[len(t.groups)-1].look, t.backtracks = true, true
		t.raw(3)
	case t.at("(?<="), t.at("(?<!"):
		t.groups[len(t.groups)-1].look, t.backtracks = true, true
		t.raw(4)
	case t.at("(?<"):
		return t.named()
	case t.at("(?"):
		return t.modifiers()
	default:
		t.names = append(t.names, "")
		t.raw(1)
	}
	return nil
}

func (t *translator) named() error {
	end := slices.Index(t.p[t.i:], '>')
	if end < 4 {
		return syntax("Invalid capture group name")
	}
	name := string(t.p[t.i+3 : t.i+end])
	g := taken{name: name, as: name, path: slices.Clone(t.groups)}
	same := 1
	for _, o := range t.taken {
		if o.name != name {
			continue
		}
		if !apart(o.path, g.path) {
			return syntax("Duplicate capture group name")
		}
		same++
		g.as = name + "__" + strconv.Itoa(same)
	}
	t.taken = append(t.taken, g)
	t.names = append(t.names, name)
	t.i += end + 1
	t.out.WriteString("(?<" + g.as + ">")
	return nil
}

// apart reports whether two groups are in different alternatives of one
// disjunction, so that never both take part in a match.
func apart(a, b []frame) bool {
	for i := range min(len(a), len(b)) {
		if a[i].id != b[i].id {
			return false
		}
		if a[i].alt != b[i].alt {
			return true
		}
	}
	return false
}

// modifiers handles (?ims-ims:…).
func (t *translator) modifiers() error {
	set, seen, off := t.now, "", false
	for i := t.i + 2; i < len(t.p); i++ {
		switch c := t.p[i]; {
		case c == ':' && seen != "":
			t.i = i + 1
			t.now = set
			t.out.WriteString("(?:")
			return nil
		case c == '-' && !off:
			off = true
		case strings.ContainsRune("ims", c) && !strings.ContainsRune(seen, c):
			seen += string(c)
			switch c {
			case 'i':
				set.i = !off
			case 'm':
				set.m = !off
			case 's':
				set.s = !off
			}
		default:
			return syntax("Invalid group")
		}
	}
	return syntax("Invalid group")
}
