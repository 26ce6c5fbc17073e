package regexp

import (
	_ "embed"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// charset is a set of code points: sorted, disjoint, not adjacent ranges.
type charset []span

type span struct{ lo, hi rune }

const maxRune = 0x10FFFF

var (
	lineEnds = charset{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
	digits   = charset{{'0', '9'}}
	words    = charset{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	spaces   = charset{{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}}
)

func (s charset) has(r rune) bool {
	i := sort.Search(len(s), func(i int) bool { return s[i].hi >= r })
	return i < len(s) && s[i].lo <= r
}

func union(sets ...charset) charset {
	var all charset
	for _, s := range sets {
		all = append(all, s...)
	}
	slices.SortFunc(all, func(a, b span) int { return int(a.lo - b.lo) })
	var out charset
	for _, r := range all {
		if n := len(out); n > 0 && r.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, r.hi)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// complement is every code point up to limit that is not in s.
func (s charset) complement(limit rune) charset {
	var out charset
	at := rune(0)
	for _, r := range s {
		if r.lo > limit {
			break
		}
		if r.lo > at {
			out = append(out, span{at, r.lo - 1})
		}
		at = r.hi + 1
	}
	if at <= limit {
		out = append(out, span{at, limit})
	}
	return out
}

func (s charset) intersect(o charset) charset {
	var out charset
	for i, j := 0, 0; i < len(s) && j < len(o); {
		if lo, hi := max(s[i].lo, o[j].lo), min(s[i].hi, o[j].hi); lo <= hi {
			out = append(out, span{lo, hi})
		}
		if s[i].hi < o[j].hi {
			i++
		} else {
			j++
		}
	}
	return out
}

func (s charset) subtract(o charset) charset { return s.intersect(o.complement(maxRune)) }

// cased are the code points that differ from another by case only.
var cased = sync.OnceValue(func() (out []rune) {
	const last = 0x1E943 // Adlam is the last script with case
	for r := rune(0); r <= last; r++ {
		if len(orbit(r)) > 1 {
			out = append(out, r)
		}
	}
	return out
})

// later are pairs that Unicode made one after the tables of Go.
var later = map[rune]rune{0x390: 0x1FD3, 0x1FD3: 0x390, 0x3B0: 0x1FE3, 0x1FE3: 0x3B0, 0xFB05: 0xFB06, 0xFB06: 0xFB05}

// orbit is a code point and those that differ from it by case only.
func orbit(r rune) []rune {
	out := []rune{r}
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		out = append(out, o)
	}
	if o, ok := later[r]; ok {
		out = append(out, o)
	}
	return out
}

// equals is a code point and those that equal it when case is ignored, as
// Canonicalize of the u flag (fullUnicode) or of patterns without it has it.
func equals(r rune, fullUnicode bool) []rune {
	all := orbit(r)
	if fullUnicode {
		return all
	}
	return slices.DeleteFunc(all, func(o rune) bool { return upper(o) != upper(r) })
}

// foldings is how many the engine's matchers take for r.
func foldings(r rune) int {
	n := 1
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		n++
	}
	return n
}

// folded adds what equals a member when case is ignored.
func (s charset) folded(fullUnicode bool) charset {
	return s.with(func(r rune) []rune { return equals(r, fullUnicode) })
}

// byEngine is what the engine makes of folded.
func (s charset) byEngine() charset {
	return s.with(func(r rune) (out []rune) {
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			out = append(out, o)
		}
		return out
	})
}

func (s charset) with(same func(rune) []rune) charset {
	var more charset
	for _, r := range cased() {
		if !s.has(r) {
			continue
		}
		for _, o := range same(r) {
			more = append(more, span{o, o})
		}
	}
	if more == nil {
		return s
	}
	return union(s, more)
}

// upper is Canonicalize without the u flag: the upper case, if that is one code
// unit and does not leave or enter ASCII.
func upper(r rune) rune {
	u := unicode.ToUpper(r)
	switch {
	case r >= 128 && u < 128, u > 0xFFFF,
		r >= 0x1F80 && r <= 0x1FAF, r == 0x1FB3, r == 0x1FBC, r == 0x1FC3, r == 0x1FCC, r == 0x1FF3, r == 0x1FFC:
		return r
	}
	return u
}

// unicodeData has a line per property: its kind (gc, b, sc, scx), its names,
// and its ranges as base-36 numbers, each lo[.length] from the end of the one
// before. It was made by asking workerd; testdata/unicode.js is how.
//
//go:embed unicode.txt
var unicodeData string

// properties maps kind:name to the line's ranges, unparsed.
var properties = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(unicodeData) {
		head, ranges, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		kind, names, _ := strings.Cut(head, " ")
		for name := range strings.SplitSeq(names, "|") {
			out[kind+":"+name] = ranges
		}
	}
	return out
})

var parsedProperties sync.Map // kind:name → charset

// property finds what is between the braces of \p{…}.
func property(text string) (charset, bool) {
	name, value, valued := strings.Cut(text, "=")
	var keys []string
	switch {
	case !valued:
		keys = []string{"gc:" + text, "b:" + text}
	case name == "General_Category" || name == "gc":
		keys = []string{"gc:" + value}
	case name == "Script" || name == "sc":
		keys = []string{"sc:" + value}
	case name == "Script_Extensions" || name == "scx":
		keys = []string{"scx:" + value, "sc:" + value}
	}
	for _, key := range keys {
		if s, ok := parsedProperties.Load(key); ok {
			return s.(charset), true
		}
		if text, ok := properties()[key]; ok {
			s := parseRanges(text)
			parsedProperties.Store(key, s)
			return s, true
		}
	}
	return nil, false
}

func parseRanges(text string) charset {
	var out charset
	at := rune(0)
	for f := range strings.FieldsSeq(text) {
		gap, length, _ := strings.Cut(f, ".")
		g, _ := strconv.ParseInt(gap, 36, 32)
		n, _ := strconv.ParseInt("0"+length, 36, 32)
		lo := at + rune(g)
		out = append(out, span{lo, lo + rune(n)})
		at = lo + rune(n) + 1
	}
	return out
}
