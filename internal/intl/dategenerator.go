package intl

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/internal/cldr"
)

// generator finds patterns for sets of fields, as TR 35 says, 2.6.2.2: the
// nearest pattern the locale has, with what it lacks appended.
type generator struct {
	locale  string
	data    cldr.Node
	known   []*known
	decimal string
	hour    byte // the letter the locale writes hours with
}

// known is a pattern of the data; given is set if its skeleton is the data's too.
type known struct {
	*skeleton
	pattern string
	given   bool
}

var styles = []string{"full", "long", "medium", "short"}

var generators sync.Map // by locale and calendar

func generatorFor(locale, calendar string) *generator {
	key := locale + " " + calendar
	if g, ok := generators.Load(key); ok {
		return g.(*generator)
	}
	g := newGenerator(locale, calendarData(locale, calendar))
	generators.Store(key, g)
	return g
}

func newGenerator(locale string, data cldr.Node) *generator {
	g := &generator{locale: locale, data: data}
	g.decimal = cldr.Text(NewNumber(locale, NumberOptions{NumberingSystem: DefaultNumberingSystem(locale)}).symbols, "decimal")
	for _, c := range "GyMEdaHmsSv" {
		g.add(string(c), "")
	}
	for _, s := range styles {
		g.add(cldr.Text(data, "dateFormats", s), "")
		g.add(cldr.Text(data, "timeFormats", s), "")
	}
	for _, t := range tokens(cldr.Text(data, "timeFormats", "short")) {
		if l := meaning(t.char, t.n); l != nil && l.field == hourField {
			g.hour = t.char
			break
		}
	}
	formats := cldr.At(data, "dateTimeFormats", "availableFormats")
	for _, key := range slices.Sorted(maps.Keys(formats)) {
		g.add(cldr.Text(formats, key), key)
	}
	slices.SortStableFunc(g.known, func(a, b *known) int { return int(a.base[0]) - int(b.base[0]) })
	return g
}

// add takes a pattern in; one of the data with a skeleton goes before one that
// was only seen in a style.
func (g *generator) add(pattern, key string) {
	k := &known{parseSkeleton(pattern), pattern, key != ""}
	if key != "" {
		k.skeleton = parseSkeleton(key)
	}
	if k.base == "" {
		return
	}
	for i, old := range g.known {
		switch {
		case old.base == k.base && old.kinds == k.kinds:
			if k.given && !old.given {
				g.known[i] = k
			}
			return
		case !k.given && old.base == k.base, k.text() == old.text() && !(k.given && !old.given):
			return
		}
	}
	g.known = append(g.known, k)
}

func (g *generator) nearest(want *skeleton, mask int) (best *known, missing, extra int) {
	least, fewest := int(^uint(0)>>1), -1
	for _, k := range g.known {
		d, m, e := want.distance(k.skeleton, mask)
		if d < least || d == least && fewest < m {
			best, least, fewest, missing, extra = k, d, m, m, e
		}
		if d == 0 {
			break
		}
	}
	return best, missing, extra
}

// best is the pattern for a skeleton; hours says whether its hours are to be as
// long as there.
func (g *generator) best(text string, hours bool) string {
	want := parseSkeleton(text)
	k, missing, extra := g.nearest(want, -1)
	if missing|extra == 0 {
		return g.adjusted(k.pattern, k, want, hours, false)
	}
	date, time := g.appended(want, want.mask()&dateFields, hours), g.appended(want, want.mask()&timeFields, hours)
	if date == "" || time == "" {
		return date + time
	}
	return joined(g.glue(want), date, time)
}

// glue is what joins a date to a time.
func (g *generator) glue(want *skeleton) string {
	style := "short"
	switch month := want.lengths[monthField]; {
	case month == 4 && want.chars[weekdayField] != 0:
		style = "full"
	case month == 4:
		style = "long"
	case month == 3:
		style = "medium"
	}
	return cldr.Text(g.data, "dateTimeFormats", "at", style)
}

func joined(glue, date, time string) string {
	return strings.NewReplacer("{1}", date, "{0}", time).Replace(glue)
}

// appended is the pattern of some fields, put together of several if need be.
func (g *generator) appended(want *skeleton, mask int, hours bool) string {
	if mask == 0 {
		return ""
	}
	k, missing, _ := g.nearest(want, mask)
	out := g.adjusted(k.pattern, k, want, hours, false)
	for last := 0; missing != 0 && missing != last; {
		const both = 1<<secondField | 1<<fractionField
		if missing&both == 1<<fractionField && mask&both == both {
			out = g.adjusted(out, k, want, hours, true)
			missing &^= 1 << fractionField
			continue
		}
		start := missing
		last = missing
		k, missing, _ = g.nearest(want, missing)
		more := g.adjusted(k.pattern, k, want, hours, false)
		top := bits.Len(uint(start&^missing)) - 1
		if top < 0 {
			break
		}
		item := cldr.Text(g.data, "dateTimeFormats", "appendItems", appendNames[top][0])
		if item == "" {
			item = "{0} \u251C{2}: {1}\u2524"
		}
		name := "'" + cldr.Text(cldr.Section(g.locale, "fields"), appendNames[top][1], "displayName") + "'"
		out = strings.NewReplacer("{0}", out, "{1}", more, "{2}", name).Replace(item)
	}
	return out
}

// adjusted is a pattern with its fields as long as they are wanted.
func (g *generator) adjusted(from string, k *known, want *skeleton, hours, fraction bool) string {
	list := tokens(from)
	for i, t := range list {
		l := meaning(t.char, t.n)
		if t.char == 0 || l == nil || want.kinds[l.field] == 0 {
			continue
		}
		if fraction && l.field == secondField {
			list[i] = token{text: t.String() + g.decimal + strings.Repeat("S", want.lengths[fractionField])}
			continue
		}
		char, n := want.chars[l.field], want.lengths[l.field]
		if char == 'E' && n < 3 {
			n = 3
		}
		length := n
		switch {
		case l.field == minuteField || l.field == secondField || l.field == hourField && !hours:
			length = t.n
		case k.given && char != 'c' && char != 'e':
			if k.lengths[l.field] == n || (l.kind > 0) != (want.kinds[l.field] > 0) {
				length = t.n
			}
		}
		if l.field == hourField || l.field == monthField || l.field == weekdayField || l.field == yearField {
			char = t.char
		}
		if char == 'E' && length < 3 {
			char = 'e'
		}
		list[i] = token{char: char, n: length}
	}
	return pattern(list)
}
