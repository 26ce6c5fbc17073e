package intl

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/cldr"
)

// Zone is a time zone: of the IANA database, or an offset from UTC.
type Zone struct {
	ID       string // as resolvedOptions has it
	cldr     string // as the locale data has it, empty for an offset
	location *time.Location
}

// zoneNames finds the zones of the data by any of their names, in lower case.
var zoneNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{"factory": "Factory"}
	for id, v := range cldr.At(cldr.Supplemental("times"), "zones") {
		zone := v.(cldr.Node)
		for _, name := range append(strings.Fields(cldr.Text(zone, "also")), id) {
			if strings.HasSuffix(name, "DT") {
				out[strings.ToLower(name)] = name // EST5EDT and its kin
				continue
			}
			out[strings.ToLower(name)] = id
		}
	}
	return out
})

// FindZone finds a zone by its name or offset.
func FindZone(name string) (*Zone, bool) {
	if seconds, ok := parseOffset(name); ok {
		z := &Zone{ID: offsetID(seconds), location: time.FixedZone(name, seconds)}
		if seconds == 0 {
			z.cldr = "Etc/GMT"
		}
		return z, true
	}
	id, ok := zoneNames()[strings.ToLower(name)]
	if !ok {
		return nil, false
	}
	switch id {
	case "Etc/Unknown":
		return nil, false
	case "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT":
		// Offsets to the data, no places.
		location, err := time.LoadLocation(id)
		return &Zone{ID: id, location: location}, err == nil
	case "Factory":
		return &Zone{ID: id, location: time.UTC}, true
	case "Etc/UTC", "Etc/GMT":
		return &Zone{ID: "UTC", cldr: "Etc/UTC", location: time.UTC}, true
	}
	location, err := time.LoadLocation(id)
	if err != nil {
		return nil, false
	}
	return &Zone{ID: id, cldr: id, location: location}, true
}

// parseOffset reads +hh, +hhmm and +hh:mm.
func parseOffset(s string) (seconds int, ok bool) {
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	digits := s[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	if len(digits) == 2 {
		digits += "00"
	}
	if len(digits) != 4 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n := func(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
	h, m := n(digits), n(digits[2:])
	if h > 23 || m > 59 {
		return 0, false
	}
	if seconds = h*3600 + m*60; s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

func offsetID(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
}

// at is a zone's offset in seconds, and whether it is daylight saving time.
// Where the database has a winter time that is the exception, as in Ireland,
// the data's names are for a summer time that is.
func (z *Zone) at(t time.Time) (offset int, daylight bool) {
	t = t.In(z.location)
	_, offset = t.Zone()
	start, end := t.ZoneBounds()
	negative := func(standard, exception time.Time) bool {
		_, s := standard.Zone()
		_, e := exception.Zone()
		return e < s
	}
	if t.IsDST() {
		for _, other := range []time.Time{start.Add(-time.Second), end} {
			if !other.IsZero() && !other.IsDST() {
				return offset, !negative(other, t)
			}
		}
		return offset, true
	}
	switch z.cldr {
	case "Europe/Dublin", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Windhoek":
		if before := start.Add(-time.Second); !start.IsZero() && before.IsDST() && negative(t, before) {
			return offset, true
		}
	}
	return offset, false
}

// lastUse is when the data ends; it begins in 1970.
var lastUse = time.Date(9999, 12, 31, 23, 59, 0, 0, time.UTC)

// metazone is the name of the group of zones that a zone is in at a time.
func (z *Zone) metazone(t time.Time) string {
	uses := cldr.Text(cldr.Supplemental("times"), "metazones", z.cldr)
	if z.cldr == "Etc/GMT" {
		return "GMT"
	}
	if t.UnixMilli() < 0 || !t.Before(lastUse) {
		return ""
	}
	at := t.UTC().Format("2006-01-02 15:04")
	for use := range strings.SplitSeq(uses, ";") {
		part := strings.Split(use, ",")
		if len(part) == 3 && at >= part[1] && (part[2] == "" || at < part[2]) {
			return part[0]
		}
	}
	return ""
}

// zoneNaming writes zones in a locale.
type zoneNaming struct {
	locale, system string
	data           cldr.Node
}

// name is what the locale calls a zone or metazone: width is long or short,
// kind standard, daylight or generic.
func (n *zoneNaming) name(group, id, width, kind string) string {
	if id == "" {
		return ""
	}
	s := cldr.Text(n.data, group, id, width, kind)
	if s == "∅∅∅" {
		return ""
	}
	return s
}

func (n *zoneNaming) either(z *Zone, t time.Time, width, kind string) string {
	if s := n.name("names", z.cldr, width, kind); s != "" {
		return s
	}
	return n.name("metazones", z.metazone(t), width, kind)
}

// specific is the name of the time that is kept there then.
func (n *zoneNaming) specific(z *Zone, t time.Time, width string) string {
	offset, daylight := z.at(t)
	kind := "standard"
	if daylight {
		kind = "daylight"
	}
	if s := n.either(z, t, width, kind); s != "" {
		return s
	}
	return n.offset(offset, width)
}

// generic is the name of the time that is kept there all year.
func (n *zoneNaming) generic(z *Zone, t time.Time, width string) string {
	if s := n.nonLocation(z, t, width); s != "" {
		return s
	}
	if s := n.location(z); s != "" {
		return strings.Replace(cldr.Text(n.data, "regionFormat"), "{0}", s, 1)
	}
	offset, _ := z.at(t)
	return n.offset(offset, width)
}

func (n *zoneNaming) nonLocation(z *Zone, t time.Time, width string) string {
	if s := n.name("names", z.cldr, width, "generic"); s != "" {
		return s
	}
	mz := z.metazone(t)
	if mz == "" {
		return ""
	}
	generic := n.name("metazones", mz, width, "generic")
	if !n.summerNear(z, t) {
		if s := n.either(z, t, width, "standard"); s != "" && !strings.EqualFold(s, generic) {
			return s
		}
	}
	if generic == "" {
		return ""
	}
	golden := goldenZone(mz, region(n.locale))
	if golden == "" || golden == z.cldr {
		return generic
	}
	g, ok := FindZone(golden)
	if !ok {
		return generic
	}
	mine, _ := z.at(t)
	if theirs, _ := g.at(t); mine == theirs {
		return generic
	}
	place := n.city(z.cldr)
	if r := zoneRegion(z.cldr); r != "" && goldenZone(mz, r) == z.cldr {
		place = Name(n.locale, "region", "long", r)
	}
	return strings.NewReplacer("{0}", place, "{1}", generic).Replace(cldr.Text(n.data, "fallbackFormat"))
}

// summerNear reports whether there is daylight saving time within half a year.
func (n *zoneNaming) summerNear(z *Zone, t time.Time) bool {
	if _, daylight := z.at(t); daylight {
		return true
	}
	const near = 184 * 24 * time.Hour
	start, end := t.In(z.location).ZoneBounds()
	if !start.IsZero() && t.Sub(start) < near {
		if _, daylight := z.at(start.Add(-time.Second)); daylight {
			return true
		}
	}
	if !end.IsZero() && end.Sub(t) < near {
		_, daylight := z.at(end)
		return daylight
	}
	return false
}

// location is the country of a zone if it stands for it, else its city.
func (n *zoneNaming) location(z *Zone) string {
	r := zoneRegion(z.cldr)
	if r == "" {
		return ""
	}
	if primaryZone(r) == z.cldr {
		return Name(n.locale, "region", "long", r)
	}
	return n.city(z.cldr)
}

func (n *zoneNaming) city(id string) string {
	return strings.ReplaceAll(id[strings.LastIndexByte(id, '/')+1:], "_", " ")
}

func zoneRegion(id string) string { return cldr.Text(cldr.Supplemental("times"), "regions", id) }

func goldenZone(metazone, region string) string {
	golden := cldr.At(cldr.Supplemental("times"), "golden")
	if s := cldr.Text(golden, metazone+"/"+region); s != "" {
		return s
	}
	return cldr.Text(golden, metazone+"/001")
}

// primaryZone is the zone that stands for a region: its only one or its capital's.
func primaryZone(region string) string {
	times := cldr.Supplemental("times")
	if s := cldr.Text(times, "primary", region); s != "" {
		return s
	}
	only := ""
	for id, r := range cldr.At(times, "regions") {
		if r == region {
			if only != "" {
				return ""
			}
			only = id
		}
	}
	return only
}

// region is the one a locale names or is likeliest in.
func region(locale string) string {
	parts := strings.Split(locale, "-")
	script, r := "", ""
	for _, p := range parts[1:] {
		switch len(p) {
		case 4:
			script = p
		case 2, 3:
			r = p
		}
	}
	if r != "" {
		return r
	}
	full := strings.Split(Maximize(parts[0], script, ""), "-")
	return full[len(full)-1]
}

// offset writes GMT+1 and GMT+01:00.
func (n *zoneNaming) offset(seconds int, width string) string {
	positive, negative, _ := strings.Cut(cldr.Text(n.data, "hourFormat"), ";")
	format := positive
	if seconds < 0 {
		format, seconds = negative, -seconds
	}
	sign, rest, _ := strings.Cut(format, "H")
	rest = strings.TrimLeft(rest, "H")
	between, after, _ := strings.Cut(rest, "mm")
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	text := fmt.Sprintf("%s%02d%s%02d", sign, h, between, m)
	if width == "short" {
		text = fmt.Sprintf("%s%d", sign, h)
		if m != 0 || s != 0 {
			text += fmt.Sprintf("%s%02d", between, m)
		}
	}
	if s != 0 {
		text += fmt.Sprintf("%s%02d", between, s)
	}
	text = localDigits(n.system, text+after)
	return strings.Replace(cldr.Text(n.data, "gmtFormat"), "{0}", text, 1)
}

// localDigits writes digits in a numbering system.
func localDigits(system, s string) string {
	return (&Number{NumberOptions: NumberOptions{NumberingSystem: system}}).digits(s)
}

// TimeSeparator stands between hours and minutes in a locale's durations.
func TimeSeparator(locale, system string) string {
	return cldr.Text(NewNumber(locale, NumberOptions{NumberingSystem: system}).symbols, "timeSeparator")
}
