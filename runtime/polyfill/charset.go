package polyfill

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
		if unicode.SimpleFold(r) != r {
			out = append(out, r)
		}
	}
	return out
})

// folded adds what equals a member when case is ignored, as Canonicalize of
// the u flag (fullUnicode) or of patterns without it has it.
func (s charset) folded(fullUnicode bool) charset {
	var more charset
	for _, r := range cased() {
		if !s.has(r) {
			continue
		}
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			if fullUnicode || upper(o) == upper(r) {
				more = append(more, span{o, o})
			}
		}
	}
	if more == nil {
		return s
	}
	return union(s, more)
}

// upper is Canonicalize without the u flag.
func upper(r rune) rune {
	u := unicode.ToUpper(r)
	if r >= 128 && u < 128 {
		return r
	}
	return u
}

// write writes the set as a class the engine parses; its own empty class
// matches some characters, a lookahead does not.
func (s charset) write(b *strings.Builder, fullUnicode bool) {
	if len(s) == 0 {
		b.WriteString("(?!)")
		return
	}
	b.WriteByte('[')
	for _, r := range s {
		writeRune(b, r.lo, fullUnicode)
		if r.hi > r.lo {
			if r.hi > r.lo+1 {
				b.WriteByte('-')
			}
			writeRune(b, r.hi, fullUnicode)
		}
	}
	b.WriteByte(']')
}

// writeRune writes one code point so that it means itself in and out of classes.
func writeRune(b *strings.Builder, r rune, fullUnicode bool) {
	switch {
	case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'), r >= 0x3400 && r < 0xD800:
		b.WriteRune(r)
	case r <= 0xFFFF:
		b.WriteString(`\u`)
		h := strconv.FormatInt(int64(r), 16)
		b.WriteString("0000"[len(h):] + h)
	case fullUnicode:
		b.WriteRune(r)
	default:
		r -= 0x10000
		writeRune(b, 0xD800+r>>10, false)
		writeRune(b, 0xDC00+r&0x3FF, false)
	}
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
