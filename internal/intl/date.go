package intl

import (
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/cldr"
)

// DateOptions are the options of an Intl.DateTimeFormat; empty is not given.
type DateOptions struct {
	Region                                    string // of the locale asked for
	Calendar, NumberingSystem, TimeZone       string
	HourCycle, OwnCycle                       string // OwnCycle is the one of the locale's tag
	Hour12                                    *bool
	Weekday, Era, Year, Month, Day, DayPeriod string
	Hour, Minute, Second, TimeZoneName        string
	FractionalSecondDigits                    int
	DateStyle, TimeStyle                      string
}

// Date formats points in time.
type Date struct {
	DateOptions
	locale   string
	data     cldr.Node
	zone     *Zone
	naming   zoneNaming
	patterns *generator
	tokens   []token
	interval *interval
}

var (
	hourLetters = map[string]byte{"h11": 'K', "h12": 'h', "h23": 'H', "h24": 'k'}
	hourCycles  = map[byte]string{'K': "h11", 'h': "h12", 'H': "h23", 'k': "h24"}
)

// NewDate makes a format for a locale that cldr has. The calendar and the time
// zone are known ones.
func NewDate(locale string, o DateOptions) *Date {
	d := &Date{DateOptions: o, locale: locale, patterns: generatorFor(locale, o.Calendar)}
	d.data = d.patterns.data
	d.zone, _ = FindZone(o.TimeZone)
	d.naming = zoneNaming{locale, o.NumberingSystem, cldr.Section(locale, "zones")}
	d.HourCycle = d.hourCycle()
	if o.DateStyle != "" || o.TimeStyle != "" {
		d.tokens = tokens(d.styled())
	} else {
		d.tokens = tokens(d.patterns.best(d.skeleton(), true))
		d.setHours(d.tokens)
	}
	return d
}

// hourCycle is the one that is used if there are hours.
func (d *Date) hourCycle() string {
	own := hourCycles[d.patterns.hour]
	if d.OwnCycle != "" {
		own = d.OwnCycle
	}
	half := own == "h11" || own == "h12"
	switch {
	case d.Hour12 == nil && d.HourCycle != "":
		return d.HourCycle
	case d.Hour12 == nil || *d.Hour12 == half:
		return own
	case !*d.Hour12:
		return "h23"
	case d.Region == "JP":
		return "h11"
	}
	return "h12"
}

func (d *Date) styled() string {
	date := cldr.Text(d.data, "dateFormats", d.DateStyle)
	clock := cldr.Text(d.data, "timeFormats", d.TimeStyle)
	full := date + clock
	if date != "" && clock != "" {
		full = joined(cldr.Text(d.data, "dateTimeFormats", "at", d.DateStyle), date, clock)
	}
	if clock == "" {
		return full
	}
	list := tokens(full)
	for _, t := range list {
		if l := meaning(t.char, t.n); l == nil || l.field != hourField || hourCycles[t.char] == d.HourCycle {
			continue
		}
		skeleton := strings.Map(func(r rune) rune {
			switch r {
			case 'a', 'b', 'B':
				return -1
			case 'h', 'H', 'K', 'k':
				return rune(hourLetters[d.HourCycle])
			}
			return r
		}, parseSkeleton(full).text())
		list = tokens(d.patterns.best(skeleton, d.Hour12 != nil || d.HourCycle != d.OwnCycle))
		d.setHours(list)
		break
	}
	return pattern(list)
}

// setHours writes hours in the cycle that is used.
func (d *Date) setHours(list []token) {
	for i, t := range list {
		if hourCycles[t.char] != "" {
			list[i].char = hourLetters[d.HourCycle]
			if i > 0 && list[i-1].char == 'd' {
				list[i-1] = token{text: list[i-1].String() + " "}
			}
		}
	}
}

// skeleton asks for the fields of the options.
func (d *Date) skeleton() string {
	var b strings.Builder
	put := func(option, letters string) {
		for pair := range strings.FieldsSeq(letters) {
			if name, s, _ := strings.Cut(pair, "="); name == option {
				b.WriteString(s)
			}
		}
	}
	put(d.Weekday, "narrow=EEEEE long=EEEE short=EEE")
	put(d.Era, "narrow=GGGGG long=GGGG short=GGG")
	put(d.Year, "2-digit=yy numeric=y")
	put(d.Month, "narrow=MMMMM long=MMMM short=MMM 2-digit=MM numeric=M")
	put(d.Day, "2-digit=dd numeric=d")
	put(d.DayPeriod, "narrow=BBBBB long=BBBB short=B")
	h := string(hourLetters[d.HourCycle])
	put(d.Hour, "2-digit="+h+h+" numeric="+h)
	put(d.Minute, "2-digit=mm numeric=m")
	put(d.Second, "2-digit=ss numeric=s")
	b.WriteString(strings.Repeat("S", d.FractionalSecondDigits))
	put(d.TimeZoneName, "long=zzzz short=z longOffset=OOOO shortOffset=O longGeneric=vvvv shortGeneric=v")
	return b.String()
}

// letterOptions tells which options a pattern has by what is in its text, as V8
// does: the longest letters first, those of quoted words among them.
var letterOptions = []struct{ option, letters string }{
	{"weekday", "EEEEE=narrow ccccc=narrow EEEE=long cccc=long EEE=short ccc=short"}, {"era", "GGGGG=narrow GGGG=long GGG=short"}, {"year", "yy=2-digit y=numeric"},
	{"month", "MMMMM=narrow LLLLL=narrow MMMM=long LLLL=long MMM=short LLL=short MM=2-digit LL=2-digit M=numeric L=numeric"}, {"day", "dd=2-digit d=numeric"},
	{"dayPeriod", "BBBBB=narrow bbbbb=narrow BBBB=long bbbb=long B=short b=short"}, {"hour", "HH=2-digit H=numeric hh=2-digit h=numeric kk=2-digit k=numeric KK=2-digit K=numeric"},
	{"minute", "mm=2-digit m=numeric"}, {"second", "ss=2-digit s=numeric"}, {"fractionalSecondDigits", "SSS=3 SS=2 S=1"},
	{"timeZoneName", "zzzz=long z=short OOOO=longOffset O=shortOffset vvvv=longGeneric v=shortGeneric"},
}

// Resolved are names and values of options as the pattern has them.
func (d *Date) Resolved() []string {
	var out []string
	for _, t := range d.tokens {
		if cycle := hourCycles[t.char]; cycle != "" {
			out = append(out, "hourCycle", cycle)
			break
		}
	}
	text := pattern(d.tokens)
	for _, w := range letterOptions {
		for pair := range strings.FieldsSeq(w.letters) {
			if letters, value, _ := strings.Cut(pair, "="); strings.Contains(text, letters) {
				out = append(out, w.option, value)
				break
			}
		}
	}
	return out
}

// moment is a point in time taken apart.
type moment struct {
	when                              time.Time
	calendarDate                      // in the format's calendar
	weekday, hour, minute, second, ms int
}

func (d *Date) moment(ms int64) moment {
	t := time.UnixMilli(ms)
	offset, _ := d.zone.at(t)
	local := ms + int64(offset)*1000
	days := floorDiv(local, 86_400_000)
	rest := int(local - days*86_400_000)
	m := moment{when: t, weekday: int(((days+4)%7 + 7) % 7)}
	m.calendarDate = dateIn(d.Calendar, int(days))
	m.hour, m.minute, m.second, m.ms = rest/3_600_000, rest/60_000%60, rest/1000%60, rest%1000
	return m
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Format writes a time in milliseconds.
func (d *Date) Format(ms int64) []Part { return spacedPlainly(d.write(d.tokens, d.moment(ms))) }

// spacedPlainly has ordinary spaces where the data has narrow ones, as V8.
func spacedPlainly(parts []Part) []Part {
	for i := range parts {
		parts[i].Value = narrowSpaces.Replace(parts[i].Value)
	}
	return parts
}

var narrowSpaces = strings.NewReplacer("\u202f", " ", "\u2009", " ")

func (d *Date) write(list []token, m moment) []Part {
	var out []Part
	for _, t := range list {
		if t.char == 0 {
			out = append(out, Part{"literal", unquoted(t.text)})
			continue
		}
		if kind := partTypes[t.char]; kind != "" {
			if s := d.letter(t.char, t.n, m, list); s != "" {
				out = append(out, Part{kind, s})
			}
		}
	}
	return literals(out)
}

var partTypes = map[byte]string{'G': "era", 'y': "year", 'Y': "year", 'u': "year", 'r': "relatedYear", 'U': "yearName", 'M': "month", 'L': "month", 'd': "day",
	'E': "weekday", 'c': "weekday", 'e': "weekday", 'a': "dayPeriod", 'b': "dayPeriod", 'B': "dayPeriod", 'h': "hour", 'H': "hour", 'k': "hour",
	'K': "hour", 'm': "minute", 's': "second", 'S': "fractionalSecond", 'z': "timeZoneName", 'O': "timeZoneName", 'v': "timeZoneName"}

// letter writes one field.
func (d *Date) letter(c byte, n int, m moment, list []token) string {
	switch c {
	case 'G':
		kind := map[int]string{4: "eraNames", 5: "eraNarrow"}[n]
		if kind == "" {
			kind = "eraAbbr"
		}
		return cldr.Text(d.data, "eras", kind, strconv.Itoa(m.era))
	case 'y', 'Y', 'u', 'r', 'U':
		if n == 2 {
			return d.number(((m.year%100)+100)%100, 2)
		}
		return d.number(m.year, n)
	case 'M', 'L':
		if n < 3 {
			return d.number(m.month, n)
		}
		return d.named("months", c == 'L', n, strconv.Itoa(m.month))
	case 'd':
		return d.number(m.day, n)
	case 'E', 'e', 'c':
		return d.named("days", c == 'c', n, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[m.weekday])
	case 'a', 'b', 'B':
		return d.period(c, n, m, list)
	case 'h':
		return d.number((m.hour+11)%12+1, n)
	case 'H':
		return d.number(m.hour, n)
	case 'K':
		return d.number(m.hour%12, n)
	case 'k':
		return d.number((m.hour+23)%24+1, n)
	case 'm':
		return d.number(m.minute, n)
	case 's':
		return d.number(m.second, n)
	case 'S':
		return localDigits(d.NumberingSystem, (strconv.Itoa(1000 + m.ms)[1:] + "000000")[:n])
	}
	width := "short"
	if n == 4 {
		width = "long"
	}
	switch c {
	case 'z':
		return d.naming.specific(d.zone, m.when, width)
	case 'v':
		return d.naming.generic(d.zone, m.when, width)
	}
	offset, _ := d.zone.at(m.when)
	return d.naming.offset(offset, width)
}

func (d *Date) number(n, width int) string {
	s := strconv.Itoa(max(n, -n))
	s = strings.Repeat("0", max(0, width-len(s))) + s
	if n < 0 {
		s = "-" + s
	}
	return localDigits(d.NumberingSystem, s)
}

func (d *Date) named(kind string, alone bool, n int, key string) string {
	context, width := "format", "abbreviated"
	if alone {
		context = "stand-alone"
	}
	switch n {
	case 4:
		width = "wide"
	case 5:
		width = "narrow"
	case 6:
		width = "short"
	}
	return cldr.Text(d.data, kind, context, width, key)
}

// period writes AM and PM, or "in the morning".
func (d *Date) period(c byte, n int, m moment, list []token) string {
	half := "am"
	if m.hour >= 12 {
		half = "pm"
	}
	if c == 'a' {
		return d.named("dayPeriods", false, n, half)
	}
	minute, second := 0, 0
	for _, t := range list {
		switch t.char {
		case 'm':
			minute = m.minute
		case 's':
			second = m.second
		}
	}
	name := func(key string) string { return d.named("dayPeriods", false, n, key) }
	rules := dayPeriods(d.locale)
	if minute == 0 && second == 0 && m.hour == 12 && rules["noon"] != nil {
		if s := name("noon"); s != "" {
			return s
		}
	}
	if c == 'B' {
		if s := name(periodAt(rules, m.hour)); s != "" {
			return s
		}
	}
	return name(half)
}

// dayPeriods are the parts of the day in a locale's language.
func dayPeriods(locale string) cldr.Node {
	all := cldr.At(cldr.Supplemental("times"), "periods")
	for l := locale; ; {
		if n := cldr.At(all, l); n != nil {
			return n
		}
		i := strings.LastIndexByte(l, '-')
		if i < 0 {
			return nil
		}
		l = l[:i]
	}
}

func periodAt(rules cldr.Node, hour int) string {
	at := strconv.Itoa(100 + hour)[1:] + ":00"
	for name, v := range rules {
		from, before := cldr.Text(v.(cldr.Node), "_from"), cldr.Text(v.(cldr.Node), "_before")
		if from == "" {
			continue
		}
		if from < before && at >= from && at < before || from > before && (at >= from || at < before) {
			return name
		}
	}
	return ""
}
