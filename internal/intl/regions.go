package intl

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
)

// Customs are what people do where a tag says they live: what is one of
// calendars, collations, hourCycles, timeZones, direction and week, which is the
// first day (Monday is 1) and the days of the weekend.
func Customs(t Tag, what string) []string {
	all := cldr.Supplemental("regions")
	full := t.Maximized()
	region := strings.ToUpper(full.Region)
	if rg := t.Keyword("rg"); len(rg) == 6 {
		region = strings.ToUpper(rg[:2])
	}
	switch what {
	case "calendars":
		list := texts(all, "calendars", region)
		if list == nil {
			list = texts(all, "calendars", "001")
		}
		for i, c := range list {
			list[i] = CalendarType(c)
		}
		return list
	case "collations":
		if t.Language == "zh" && t.Script == "latn" {
			return slices.Clone(standardCollations)
		}
		return slices.Sorted(slices.Values(append(texts(all, "collations", t.Language), standardCollations...)))
	case "hourCycles":
		clock := ""
		for _, key := range []string{full.Language + "-" + region, region, "001"} {
			if clock = cldr.Text(all, "clocks", key); clock != "" {
				break
			}
		}
		return []string{map[string]string{"h": "h12", "H": "h23", "K": "h11", "k": "h24"}[clock]}
	case "timeZones":
		return texts(all, "zones", strings.ToUpper(t.Region))
	case "direction":
		if slices.Contains(texts(all, "rtl"), title(full.Script)) {
			return []string{"rtl"}
		}
		return []string{"ltr"}
	case "week":
		return week(all, region, t.Keyword("fw"))
	}
	return nil
}

var standardCollations = []string{"emoji", "eor"}

// CalendarType is what a calendar's name in the data is called in tags.
func CalendarType(name string) string {
	switch name {
	case "gregorian":
		return "gregory"
	case "ethiopic-amete-alem":
		return "ethioaa"
	}
	return name
}

var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func week(all cldr.Node, region, first string) []string {
	of := func(what string) string {
		if s := cldr.Text(all, what, region); s != "" {
			return s
		}
		return cldr.Text(all, what, "001")
	}
	if !slices.Contains(weekdays, first) {
		first = of("firstDay")
	}
	number := func(day string) string { return itoa(slices.Index(weekdays, day) + 1) }
	out := []string{number(first)}
	for i, end := slices.Index(weekdays, of("weekendStart")), of("weekendEnd"); ; i = (i + 1) % 7 {
		out = append(out, itoa(i+1))
		if weekdays[i] == end {
			return out
		}
	}
}

// Supported are all values of a kind, as Intl.supportedValuesOf names kinds.
func Supported(kind string) []string {
	all := cldr.Supplemental("regions")
	var out []string
	switch kind {
	case "calendar":
		out = strings.Fields("buddhist chinese coptic dangi ethioaa ethiopic gregory hebrew indian islamic islamic-civil islamic-rgsa islamic-tbla islamic-umalqura iso8601 japanese persian roc")
	case "collation":
		out = slices.Clone(standardCollations)
		for language := range cldr.At(all, "collations") {
			out = append(out, texts(all, "collations", language)...)
		}
	case "currency":
		out = texts(all, "currencies")
	case "numberingSystem":
		for system := range cldr.At(cldr.Supplemental("misc"), "digits") {
			out = append(out, system)
		}
	case "timeZone":
		for region := range cldr.At(all, "zones") {
			out = append(out, texts(all, "zones", region)...)
		}
	case "unit":
		out = slices.Clone(cldr.SanctionedUnits)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// texts is the list of strings at a path, a copy.
func texts(n cldr.Node, path ...string) []string {
	last := len(path) - 1
	list, _ := cldr.At(n, path[:last]...)[path[last]].([]any)
	var out []string
	for _, v := range list {
		s, _ := v.(string)
		out = append(out, s)
	}
	return out
}
