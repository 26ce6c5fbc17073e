package intl

import "strings"

// field is a part of a date as patterns have them, in the order of skeletons.
type field int

const (
	eraField field = iota
	yearField
	monthField
	weekdayField
	dayField
	periodField
	hourField
	minuteField
	secondField
	fractionField
	zoneField
	fieldCount

	dateFields = 1<<periodField - 1
	timeFields = 1<<fieldCount - 1 - dateFields
)

// appendNames are the fields as the data's appendItems and fields call them.
var appendNames = [fieldCount][2]string{{"Era", "era"}, {"Year", "year"}, {"Month", "month"}, {"Day-Of-Week", "weekday"}, {"Day", "day"},
	{"", "dayperiod"}, {"Hour", "hour"}, {"Minute", "minute"}, {"Second", "second"}, {"", ""}, {"Timezone", "zone"}}

// How a letter writes its field. Numbers are positive, words negative; the
// nearer two kinds are, the better one stands in for the other.
const (
	narrow  = -0x101
	shorter = -0x102
	short   = -0x103
	long    = -0x104
	numeric = 0x100
	delta   = 0x10
)

// letter is what a pattern letter means from a length on.
type letter struct {
	char        byte
	field       field
	kind, least int
}

var letters = []letter{
	{'G', eraField, short, 1}, {'G', eraField, long, 4}, {'G', eraField, narrow, 5},
	{'y', yearField, numeric, 1}, {'Y', yearField, numeric + delta, 1}, {'u', yearField, numeric + 2*delta, 1}, {'r', yearField, numeric + 3*delta, 1}, {'U', yearField, short, 1},
	{'M', monthField, numeric, 1}, {'M', monthField, short, 3}, {'M', monthField, long, 4}, {'M', monthField, narrow, 5},
	{'L', monthField, numeric + delta, 1}, {'L', monthField, short - delta, 3}, {'L', monthField, long - delta, 4}, {'L', monthField, narrow - delta, 5},
	{'E', weekdayField, short, 1}, {'E', weekdayField, long, 4}, {'E', weekdayField, narrow, 5}, {'E', weekdayField, shorter, 6},
	{'c', weekdayField, numeric + 2*delta, 1}, {'c', weekdayField, short - 2*delta, 3}, {'c', weekdayField, long - 2*delta, 4}, {'c', weekdayField, narrow - 2*delta, 5},
	{'e', weekdayField, numeric + delta, 1}, {'e', weekdayField, short - delta, 3}, {'e', weekdayField, long - delta, 4}, {'e', weekdayField, narrow - delta, 5},
	{'d', dayField, numeric, 1},
	{'a', periodField, short, 1}, {'a', periodField, long, 4}, {'a', periodField, narrow, 5},
	{'b', periodField, short - delta, 1}, {'b', periodField, long - delta, 4}, {'b', periodField, narrow - delta, 5},
	{'B', periodField, short - 3*delta, 1}, {'B', periodField, long - 3*delta, 4}, {'B', periodField, narrow - 3*delta, 5},
	{'H', hourField, numeric + 10*delta, 1}, {'k', hourField, numeric + 11*delta, 1}, {'h', hourField, numeric, 1}, {'K', hourField, numeric + delta, 1},
	{'m', minuteField, numeric, 1}, {'s', secondField, numeric, 1}, {'S', fractionField, numeric, 1},
	{'v', zoneField, short - 2*delta, 1}, {'v', zoneField, long - 2*delta, 4},
	{'z', zoneField, short, 1}, {'z', zoneField, long, 4},
	{'O', zoneField, short - delta, 1}, {'O', zoneField, long - delta, 4},
}

// meaning finds a letter by how often it is repeated.
func meaning(char byte, n int) *letter {
	var found *letter
	for i := range letters {
		if l := &letters[i]; l.char == char && (found == nil || l.least <= n) {
			found = l
		}
	}
	return found
}

// token is a piece of a pattern: a letter and how often, or text as it is
// written there, quotes and all.
type token struct {
	char byte
	n    int
	text string
}

func (t token) String() string {
	if t.char == 0 {
		return t.text
	}
	return strings.Repeat(string(t.char), t.n)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func tokens(pattern string) []token {
	var out []token
	for i := 0; i < len(pattern); {
		start := i
		if c := pattern[i]; isLetter(c) {
			for i < len(pattern) && pattern[i] == c {
				i++
			}
			out = append(out, token{char: c, n: i - start})
			continue
		}
		for quoted := false; i < len(pattern) && (quoted || !isLetter(pattern[i])); i++ {
			if pattern[i] == '\'' {
				quoted = !quoted
			}
		}
		out = append(out, token{text: pattern[start:i]})
	}
	return out
}

func pattern(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.String())
	}
	return b.String()
}

// unquoted is the text a literal of a pattern stands for.
func unquoted(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	const quote = "\x00"
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "''", quote), "'", ""), quote, "'")
}

// skeleton says which fields a pattern has and how they are written.
type skeleton struct {
	chars   [fieldCount]byte // 0 where there is none
	lengths [fieldCount]int
	kinds   [fieldCount]int
	base    string // the fields at their shortest
	implied bool   // the period of the day was not asked for
}

func parseSkeleton(s string) *skeleton {
	k := &skeleton{}
	var base [fieldCount]string
	set := func(c byte, n int, l *letter, kind int) {
		k.chars[l.field], k.lengths[l.field], k.kinds[l.field] = c, n, kind
		base[l.field] = strings.Repeat(string(c), l.least)
	}
	for _, t := range tokens(s) {
		l := meaning(t.char, t.n)
		if t.char == 0 || l == nil {
			continue
		}
		kind := l.kind
		if kind > 0 {
			kind += t.n
		}
		set(t.char, t.n, l, kind)
	}
	if k.chars[minuteField] != 0 && k.chars[fractionField] != 0 && k.chars[secondField] == 0 {
		set('s', 1, meaning('s', 1), numeric+1)
	}
	switch h := k.chars[hourField]; {
	case h == 'h' || h == 'K':
		if k.chars[periodField] == 0 {
			set('a', 1, meaning('a', 1), short)
			k.implied = true
		}
	case h != 0:
		k.chars[periodField], k.kinds[periodField], base[periodField] = 0, 0, ""
	}
	k.base = strings.Join(base[:], "")
	return k
}

// text is the skeleton written out.
func (k *skeleton) text() string {
	var b strings.Builder
	for f, c := range k.chars {
		if c != 0 && !(k.implied && field(f) == periodField) {
			b.WriteString(strings.Repeat(string(c), k.lengths[f]))
		}
	}
	return b.String()
}

func (k *skeleton) mask() int {
	mask := 0
	for f, c := range k.chars {
		if c != 0 {
			mask |= 1 << f
		}
	}
	return mask
}

// distance is how badly another skeleton serves for the fields of mask: which
// it lacks, which it has besides.
func (k *skeleton) distance(other *skeleton, mask int) (distance, missing, extra int) {
	for f := range fieldCount {
		mine, theirs := 0, other.kinds[f]
		if mask&(1<<f) != 0 {
			mine = k.kinds[f]
		}
		switch {
		case mine == theirs:
		case mine == 0:
			distance, extra = distance+0x10000, extra|1<<f
		case theirs == 0:
			distance, missing = distance+0x1000, missing|1<<f
		default:
			distance += max(mine-theirs, theirs-mine)
		}
	}
	return distance, missing, extra
}
