package intl

import (
	"maps"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
)

// interval are the patterns of a range, by the largest field that differs, as
// TR 35 says, 2.6.3 and ICU's DateIntervalFormat does.
type interval struct {
	d          *Date
	patterns   map[string]span // by G y M d a h m
	date, time string          // patterns of the halves
	glue       string
	fallback   string
	full       []token // of one end
}

// span is a pattern in two halves; a whole one of both ends has no first half.
type span struct{ first, second string }

// differences are the fields that can differ, the largest first.
var differences = []struct {
	key   string
	field field
	of    func(m moment) int
}{
	{"G", eraField, func(m moment) int { return m.era }},
	{"y", yearField, func(m moment) int { return m.year }},
	{"M", monthField, func(m moment) int { return m.month }},
	{"d", dayField, func(m moment) int { return m.day }},
	{"a", periodField, func(m moment) int { return m.hour / 12 }},
	{"h", hourField, func(m moment) int { return m.hour }},
	{"m", minuteField, func(m moment) int { return m.minute }},
	{"s", secondField, func(m moment) int { return m.second }},
	{"S", fractionField, func(m moment) int { return m.ms }},
}

func newInterval(d *Date) *interval {
	v := &interval{d: d, patterns: map[string]span{}}
	formats := cldr.At(d.data, "dateTimeFormats", "intervalFormats")
	v.fallback = cldr.Text(formats, "intervalFormatFallback")
	full := parseSkeleton(pattern(d.tokens))
	skeleton := full.text()
	v.full = tokens(d.best(strings.ReplaceAll(skeleton, "O", "")))
	date, time := halves(skeleton)
	skeleton = date + time
	normalDate, normalTime := normal(date), normal(time)
	if date != "" && time != "" {
		v.glue = cldr.Text(d.data, "dateTimeFormats", "medium")
	}
	found := v.separate(formats, normalDate, normalTime)
	switch {
	case time == "":
	case date == "":
		p := d.best("yMd" + time)
		for _, k := range []string{"d", "M", "y"} {
			v.patterns[k] = span{"", p}
		}
		v.patterns["G"] = span{"", d.best("GyMd" + time)}
	case found:
		more := skeleton
		for _, k := range []string{"d", "M", "y", "G"} {
			if !strings.Contains(date, k) {
				more = k + more
				v.patterns[k] = span{"", d.best(more)}
			}
		}
		single := d.best(date)
		for _, k := range []string{"a", "h", "m"} {
			if p, ok := v.patterns[k]; ok && p.first != "" {
				v.patterns[k] = cutAtRepeat(joined(v.glue, single, p.first+p.second))
			}
		}
	}
	return v
}

// best is the pattern of a skeleton in the format's hour cycle.
func (d *Date) best(skeleton string) string {
	list := tokens(d.patterns.best(skeleton, false))
	d.setHours(list)
	return pattern(list)
}

// halves splits a skeleton in its date and its time.
func halves(skeleton string) (date, time string) {
	for _, t := range tokens(skeleton) {
		if l := meaning(t.char, t.n); l != nil && l.field < periodField {
			date += t.String()
		} else if t.char != 'O' { // offsets are left out of ranges
			if l != nil && l.field == hourField {
				t.n = 1
			}
			time += t.String()
		}
	}
	return date, time
}

// normal is a half as the keys of the data are written.
func normal(half string) string {
	var other, out string
	for _, c := range "yMEdhHKkmzv" {
		n := strings.Count(half, string(c))
		switch {
		case c == 'M' && n < 3, c == 'E' && n <= 3, c != 'y' && c != 'M' && c != 'E':
			n = min(n, 1)
		}
		out += strings.Repeat(string(c), n)
	}
	for _, c := range half {
		if !strings.ContainsRune("yMEdhHKkmzva", c) && !(c == 'B' && strings.Contains(other, "B")) {
			other += string(c)
		}
	}
	return other + out
}

// separate finds the data's patterns, false if it has none for these fields.
func (v *interval) separate(formats cldr.Node, date, time string) bool {
	want := time
	if want == "" {
		want = date
	}
	best, difference := nearestInterval(formats, want)
	if best == "" {
		return false
	}
	if date != "" {
		v.date = v.d.best(date)
	}
	if time != "" {
		v.time = v.d.best(time)
	}
	if difference < 0 {
		return false
	}
	if time != "" {
		for _, k := range []string{"m", "h", "a"} {
			v.take(formats, k, want, best, difference)
		}
		return true
	}
	v.take(formats, "d", want, best, difference)
	for _, k := range []string{"M", "y", "G"} {
		if longer, longerBest, ok := v.take(formats, k, want, best, difference); ok {
			want, best = longer, longerBest
		}
	}
	return true
}

// take sets the pattern for one difference, from a longer skeleton if the field
// is not in this one; those are given then.
func (v *interval) take(formats cldr.Node, key, want, best string, difference int) (longer, longerBest string, ok bool) {
	p := intervalPattern(formats, best, key)
	if p == "" {
		if smallest(best) < keyField(key) {
			return "", "", false
		}
		switch key {
		case "a":
			if p := intervalPattern(formats, best, "h"); p != "" {
				v.patterns["a"] = cutAtRepeat(v.fitted(p, want, best, difference))
			}
			return "", "", false
		case "m", "h":
			return "", "", false
		}
		longer, longerBest = key+want, key+best
		p = intervalPattern(formats, longerBest, key)
		if p == "" && difference == 0 {
			if b, d := nearestInterval(formats, longerBest); b != "" && d >= 0 {
				p, best, difference = intervalPattern(formats, b, key), b, d
			}
		}
	}
	if p == "" {
		return "", "", false
	}
	v.patterns[key] = cutAtRepeat(v.fitted(p, want, best, difference))
	return longer, longerBest, longer != ""
}

func intervalPattern(formats cldr.Node, skeleton, key string) string {
	s := cldr.Text(formats, skeleton, key)
	if s == "" && key == "h" {
		s = cldr.Text(formats, skeleton, "H")
	}
	return s
}

func keyField(key string) field {
	for _, d := range differences {
		if d.key == key {
			return d.field
		}
	}
	return fieldCount
}

// smallest is the smallest field of a skeleton.
func smallest(skeleton string) field {
	out := eraField
	for _, t := range tokens(skeleton) {
		if l := meaning(t.char, t.n); l != nil && l.field != zoneField {
			f := l.field
			if f == weekdayField {
				f = dayField
			}
			out = max(out, f)
		}
	}
	return out
}

func widths(skeleton string) map[rune]int {
	out := map[rune]int{}
	for _, c := range skeleton {
		out[c]++
	}
	return out
}

// nearestInterval finds the key that fits best: 0 exactly, 1 but for widths, 2
// but for letters that mean much the same, -1 not.
func nearestInterval(formats cldr.Node, want string) (best string, difference int) {
	plain := strings.NewReplacer("z", "v", "K", "h", "k", "H", "a", "", "b", "").Replace(want)
	mine := widths(plain)
	least := int(^uint(0) >> 1)
	for _, key := range slices.Sorted(maps.Keys(formats)) {
		if key == "intervalFormatFallback" {
			continue
		}
		theirs := widths(key)
		all := maps.Clone(mine)
		maps.Copy(all, theirs)
		distance, diff := 0, 1
		for c := range all {
			a, b := mine[c], theirs[c]
			switch {
			case a == b:
			case a == 0 || b == 0:
				diff = -1
				distance += 0x1000
			case c == 'M' && (a <= 2) != (b <= 2):
				distance += 0x100
			default:
				distance += max(a-b, b-a)
			}
		}
		if distance < least {
			best, least, difference = key, distance, diff
		}
		if distance == 0 {
			difference = 0
			break
		}
	}
	if plain != want && difference >= 0 {
		difference = 2
	}
	return best, difference
}

// fitted is a pattern of the data with the letters and widths that are wanted.
func (v *interval) fitted(p, want, best string, difference int) string {
	if difference == 0 {
		return p
	}
	list := tokens(p)
	mine, theirs := widths(want), widths(best)
	for i, t := range list {
		if difference == 2 {
			switch {
			case t.char == 'v' && mine['z'] > 0:
				list[i].char = 'z'
			case t.char == 'h' && mine['K'] > 0:
				list[i].char = 'K'
			case t.char == 'H' && mine['k'] > 0:
				list[i].char = 'k'
			}
		}
		c := rune(t.char)
		if c == 'L' {
			c = 'M'
		}
		if theirs[c] == t.n && mine[c] > t.n {
			list[i].n = mine[c]
		}
	}
	return pattern(list)
}

// cutAtRepeat cuts a pattern before the first field that comes again.
func cutAtRepeat(p string) span {
	seen := map[byte]bool{}
	list := tokens(p)
	for i, t := range list {
		if t.char != 0 && seen[t.char] {
			return span{pattern(list[:i]), pattern(list[i:])}
		}
		seen[t.char] = true
	}
	return span{p, ""}
}

// Range writes two times as a range, or one if nothing that is written differs.
func (d *Date) Range(from, to int64) []RangePart {
	if d.interval == nil {
		d.interval = newInterval(d)
	}
	a, b := d.moment(from), d.moment(to)
	parts, starts := d.interval.write(a, b)
	out := make([]RangePart, len(parts))
	for i, p := range spacedPlainly(parts) {
		out[i] = RangePart{Part: p, Source: "shared"}
	}
	if starts > 0 {
		sources(out)
	}
	return joinRange(out)
}

// write gives the parts; two is more than zero if both ends are in them.
func (v *interval) write(a, b moment) (parts []Part, two int) {
	d := v.d
	single := func() []Part { return d.write(d.tokens, a) }
	var key string
	var f field
	for _, c := range differences {
		if c.of(a) != c.of(b) {
			key, f = c.key, c.field
			break
		}
	}
	if key == "" || key == "S" && d.FractionalSecondDigits == 0 {
		return single(), 0
	}
	p := v.patterns[key]
	if p == (span{}) {
		if ignored(d.tokens, f) {
			return single(), 0
		}
		return v.fallbackParts(v.full, a, b, f >= periodField), 1
	}
	if p.first == "" {
		return v.fallbackParts(tokens(p.second), a, b, false), 1
	}
	parts = d.write(tokens(p.first), a)
	if p.second != "" {
		parts = append(parts, d.write(tokens(p.second), b)...)
	}
	return parts, 1
}

// ignored reports whether a pattern has no field as small as f.
func ignored(list []token, f field) bool {
	if f == weekdayField {
		f = dayField
	}
	return smallest(pattern(list)) < f
}

func (v *interval) fallbackParts(list []token, a, b moment, sameDay bool) []Part {
	d := v.d
	both := func(list []token) []Part {
		before, rest, _ := strings.Cut(v.fallback, "{0}")
		between, after, _ := strings.Cut(rest, "{1}")
		out := append([]Part{{"literal", before}}, d.write(list, a)...)
		out = append(append(out, Part{"literal", between}), d.write(list, b)...)
		return append(out, Part{"literal", after})
	}
	if !sameDay || v.date == "" || v.time == "" {
		return both(list)
	}
	var out []Part
	for i, piece := range strings.Split(strings.NewReplacer("{1}", "\x001\x00", "{0}", "\x000\x00").Replace(v.glue), "\x00") {
		switch {
		case i%2 == 0:
			out = append(out, Part{"literal", unquoted(piece)})
		case piece == "1":
			out = append(out, d.write(tokens(v.date), a)...)
		default:
			out = append(out, both(tokens(v.time))...)
		}
	}
	return out
}

// sources tells the parts of one end from those of the other: an end reaches
// from the first to the last field that is there twice.
func sources(parts []RangePart) {
	s1, e1, s2, e2 := len(parts), -1, len(parts), -1
	for i, p := range parts {
		if p.Type == "literal" {
			continue
		}
		for j := i + 1; j < len(parts); j++ {
			if parts[j].Type == p.Type {
				s1, e1, s2, e2 = min(s1, i), max(e1, i), min(s2, j), max(e2, j)
				break
			}
		}
	}
	for i := range parts {
		switch {
		case i >= s1 && i <= e1:
			parts[i].Source = "startRange"
		case i >= s2 && i <= e2:
			parts[i].Source = "endRange"
		}
	}
}

// joinRange joins neighbouring literals of one source and leaves empty ones out.
func joinRange(parts []RangePart) []RangePart {
	var out []RangePart
	for _, p := range parts {
		n := len(out)
		switch {
		case p.Value == "":
		case n > 0 && p.Type == "literal" && out[n-1].Type == "literal" && out[n-1].Source == p.Source:
			out[n-1].Value += p.Value
		default:
			out = append(out, p)
		}
	}
	return out
}
