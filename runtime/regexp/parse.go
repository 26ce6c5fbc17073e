// Package regexp matches regular expressions as ECMAScript has them, exactly:
// by backtracking, with groups that are reset in each repetition, lookbehind
// from right to left, the u and v flags, modifiers, and the folding of case of
// either mode.
//
// The engine has matchers of its own, which are made for other languages'
// expressions and for speed; Pattern.Plain tells which patterns they get right.
//
// The truth: https://tc39.es/ecma262/#sec-regexp-regular-expression-objects,
// and unicode.txt, which holds the properties of characters that workerd knows.
package regexp

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// Pattern is a parsed regular expression.
type Pattern struct {
	// Names are the groups' names by number, "" for unnamed ones; the first
	// stands for the whole match.
	Names []string
	// Plain is set if nothing in the pattern is known to be beyond the engine.
	Plain bool

	root        *node
	fullUnicode bool
	prog        *program
}

// SyntaxError is a pattern that is none.
type SyntaxError struct{ Message string }

// Error implements error.
func (e *SyntaxError) Error() string { return e.Message }

func syntax(message string) error { return &SyntaxError{message} }

// parser makes the tree of a pattern.
type parser struct {
	p []rune // code points with the u flag, else code units
	i int

	u, v bool // u: code points, set for the v flag too
	now  mode // flags in force here

	named  bool    // some group has a name
	total  int     // how many groups there are
	path   []frame // the open groups
	ids    int
	names  []string
	taken  []taken
	refs   []*node // by name, to be given their groups at the end
	exotic bool    // not Plain
}

// mode are the flags that (?ims-ims:…) may change.
type mode struct{ i, m, s bool }

// frame is an open group and the alternative reached in it.
type frame struct{ id, alt int }

type taken struct {
	name string
	path []frame
}

// Parse reads a pattern.
func Parse(source []uint16, flags string) (*Pattern, error) {
	p := &parser{names: []string{""}, path: []frame{{}}}
	seen := ""
	for _, f := range flags {
		if !strings.ContainsRune("dgimsuvy", f) || strings.ContainsRune(seen, f) {
			return nil, syntax("Invalid flags supplied to RegExp constructor '" + flags + "'")
		}
		seen += string(f)
	}
	on := func(f string) bool { return strings.Contains(flags, f) }
	if p.v = on("v"); p.v && on("u") {
		return nil, syntax("Invalid flags supplied to RegExp constructor '" + flags + "'")
	}
	p.u = p.v || on("u")
	p.exotic = p.u || on("d")
	p.now = mode{on("i"), on("m"), on("s")}
	if p.u {
		p.p = decode(source)
	} else {
		for _, unit := range source {
			p.p = append(p.p, rune(unit))
			p.exotic = p.exotic || utf16.IsSurrogate(rune(unit))
		}
	}
	p.count()
	root, err := p.disjunction()
	if err == nil && p.i < len(p.p) {
		err = syntax("Unmatched ')'")
	}
	if err == nil {
		err = p.resolve()
	}
	if _, known := err.(*SyntaxError); known {
		return nil, syntax(fmt.Sprintf("Invalid regular expression: /%s/%s: %s", string(utf16.Decode(source)), sorted(flags), err))
	}
	if err != nil {
		return nil, err
	}
	return &Pattern{Names: p.names, Plain: !p.exotic, root: root, fullUnicode: p.u}, nil
}

// sorted are flags in the order in which they are shown.
func sorted(flags string) string {
	f := []byte(flags)
	slices.Sort(f)
	return string(f)
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

// count finds out beforehand how many groups there are, and whether any has a
// name: what \2 and \k mean depends on it.
func (p *parser) count() {
	class := false
	for i := 0; i < len(p.p); i++ {
		switch p.p[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '(':
			if class {
				continue
			}
			rest := p.p[i+1:]
			if len(rest) == 0 || rest[0] != '?' {
				p.total++
			} else if len(rest) > 2 && rest[1] == '<' && rest[2] != '=' && rest[2] != '!' {
				p.total++
				p.named = true
			}
		}
	}
}

func (p *parser) peek(n int) rune {
	if p.i+n < len(p.p) {
		return p.p[p.i+n]
	}
	return -1
}

func (p *parser) at(s string) bool {
	for n, c := range []rune(s) {
		if p.peek(n) != c {
			return false
		}
	}
	return true
}

func (p *parser) limit() rune {
	if p.u {
		return maxRune
	}
	return 0xFFFF
}

// disjunction reads alternatives up to a closing parenthesis or the end.
func (p *parser) disjunction() (*node, error) {
	var alternatives []*node
	for {
		n, err := p.alternative()
		if err != nil {
			return nil, err
		}
		alternatives = append(alternatives, n)
		if p.peek(0) != '|' {
			break
		}
		p.i++
		p.path[len(p.path)-1].alt++
	}
	if len(alternatives) == 1 {
		return alternatives[0], nil
	}
	return &node{op: opAlternatives, kids: alternatives}, nil
}

func (p *parser) alternative() (*node, error) {
	row := &node{op: opRow}
	for p.i < len(p.p) {
		if c := p.p[p.i]; c == '|' || c == ')' {
			break
		}
		first := len(p.names)
		n, repeats, err := p.term()
		if err != nil {
			return nil, err
		}
		if n, err = p.quantified(n, repeats, first); err != nil {
			return nil, err
		}
		row.kids = append(row.kids, n)
	}
	return row, nil
}

// repeating says what may follow a term.
type repeating int

const (
	may repeating = iota
	never
	nothing // there is nothing to repeat
)

// term reads one assertion or atom.
func (p *parser) term() (*node, repeating, error) {
	c := p.p[p.i]
	switch c {
	case '^', '$':
		p.i++
		n := &node{op: opStart}
		if c == '$' {
			n.op = opEnd
		}
		n.lines = p.now.m
		p.exotic = p.exotic || p.now.m // the engine knows no line ends but \n
		return n, nothing, nil
	case '(':
		return p.group()
	case '.':
		p.i++
		if p.now.s {
			return p.set(charset{}.complement(p.limit())), may, nil
		}
		return p.set(lineEnds.complement(p.limit())), may, nil
	case '[':
		n, err := p.class()
		return n, may, err
	case '\\':
		return p.escape()
	case '*', '+', '?':
		return nil, may, syntax("Nothing to repeat")
	case '{':
		if _, _, n := p.braces(); n > 0 {
			return nil, may, syntax("Nothing to repeat")
		}
		if p.u {
			return nil, may, syntax("Lone quantifier brackets")
		}
	case ']', '}':
		if p.u {
			return nil, may, syntax("Lone quantifier brackets")
		}
	}
	p.i++
	return p.char(c), may, nil
}

// char is one character as the flags have it.
func (p *parser) char(c rune) *node {
	if !p.now.i {
		return &node{op: opChar, char: c}
	}
	same := equals(c, p.u)
	if !p.u {
		p.exotic = p.exotic || len(same) != foldings(c)
	}
	if len(same) == 1 {
		return &node{op: opChar, char: c}
	}
	var s charset
	for _, r := range same {
		s = append(s, span{r, r})
	}
	return p.set(union(s))
}

func (p *parser) set(s charset) *node { return &node{op: opSet, set: newSet(s)} }

// braces reads {n}, {n,} or {n,m} and says how long it is, 0 if it is none.
func (p *parser) braces() (low, high, length int) {
	number := func(at int) (n, next int) {
		for ; p.peek(at) >= '0' && p.peek(at) <= '9'; at++ {
			n = min(n*10+int(p.peek(at)-'0'), many)
		}
		return n, at
	}
	low, at := number(1)
	if at == 1 {
		return 0, 0, 0
	}
	high = low
	if p.peek(at) == ',' {
		from := at + 1
		if high, at = number(from); at == from {
			high = many
		}
	}
	if p.peek(at) != '}' {
		return 0, 0, 0
	}
	return low, high, at + 1
}

// quantified reads what may follow a term. Groups from first on are in it.
func (p *parser) quantified(n *node, repeats repeating, first int) (*node, error) {
	low, high := 0, 0
	switch p.peek(0) {
	case '*':
		high = many
	case '+':
		low, high = 1, many
	case '?':
		high = 1
	case '{':
		var length int
		if low, high, length = p.braces(); length == 0 {
			if p.u {
				return nil, syntax("Incomplete quantifier")
			}
			return n, nil
		}
		if low > high {
			return nil, syntax("numbers out of order in {} quantifier")
		}
		p.i += length - 1
	default:
		return n, nil
	}
	switch repeats {
	case never:
		return nil, syntax("Invalid quantifier")
	case nothing:
		return nil, syntax("Nothing to repeat")
	}
	p.i++
	lazy := p.peek(0) == '?'
	if lazy {
		p.i++
	}
	r := &node{op: opRepeat, kids: []*node{n}, low: low, high: high, lazy: lazy, first: first, last: len(p.names)}
	// The engine keeps groups of the repetition before, and has its own idea of
	// when to stop repeating nothing.
	const engineLimit = 1000
	p.exotic = p.exotic || first < len(p.names) && high > 1 || n.empty() || low > engineLimit || high < many && high > engineLimit
	return r, nil
}

// group reads a parenthesis.
func (p *parser) group() (*node, repeating, error) {
	outer := p.now
	defer func() { p.now = outer }()
	n, repeats := &node{op: opGroup}, may
	p.ids++
	switch {
	case p.at("(?:"):
		p.i += 3
	case p.at("(?="), p.at("(?!"), p.at("(?<="), p.at("(?<!"):
		n.op, p.exotic = opLook, true
		p.i += 2
		if p.peek(0) == '<' {
			n.behind, repeats = true, never
			p.i++
		} else if p.u {
			repeats = never
		}
		n.negative = p.peek(0) == '!'
		p.i++
	case p.at("(?<"):
		p.i += 3
		if err := p.name(); err != nil {
			return nil, may, err
		}
		n.group = len(p.names) - 1
	case p.at("(?"):
		p.exotic = true
		if err := p.modifiers(); err != nil {
			return nil, may, err
		}
	default:
		p.i++
		p.names = append(p.names, "")
		n.group = len(p.names) - 1
	}
	p.path = append(p.path, frame{id: p.ids})
	n.first = len(p.names)
	body, err := p.disjunction()
	if err != nil {
		return nil, may, err
	}
	if p.peek(0) != ')' {
		return nil, may, syntax("Unterminated group")
	}
	p.i++
	p.path = p.path[:len(p.path)-1]
	n.kids, n.last = []*node{body}, len(p.names)
	return n, repeats, nil
}

// name reads the name of a group.
func (p *parser) name() error {
	name, ok := p.identifier()
	if !ok {
		return syntax("Invalid capture group name")
	}
	g := taken{name: name, path: slices.Clone(p.path)}
	for _, o := range p.taken {
		if o.name != name {
			continue
		}
		p.exotic = true
		if !apart(o.path, g.path) {
			return syntax("Duplicate capture group name")
		}
	}
	p.taken = append(p.taken, g)
	p.names = append(p.names, name)
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

// modifiers reads what stands before the colon of (?ims-ims:…).
func (p *parser) modifiers() error {
	set, seen, off := p.now, "", false
	for p.i += 2; p.i < len(p.p); p.i++ {
		switch c := p.p[p.i]; {
		case c == ':' && seen != "":
			p.i++
			p.now = set
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

// resolve gives references by name their groups.
func (p *parser) resolve() error {
	for _, n := range p.refs {
		for i, name := range p.names {
			if i > 0 && name == n.name {
				n.groups = append(n.groups, i)
			}
		}
		if len(n.groups) == 0 {
			return syntax("Invalid named capture referenced")
		}
	}
	return nil
}
