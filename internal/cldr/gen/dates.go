package main

import (
	"slices"
	"strings"
)

// dates are the names and patterns of the Gregorian calendar.
func dates(l string) node {
	return calendar(read("cldr-dates-full/main/"+l+"/ca-gregorian.json", "main", l, "dates", "calendars", "gregorian"))
}

// home are the locales that write a calendar with patterns of its own.
var home = map[string]string{"buddhist": "th", "roc": "zh-Hant", "persian": "fa"}

// calendars are the patterns that calendars beside the Gregorian share, and of
// those the runtime has the names and what their home's patterns are.
func calendars(l string) node {
	out := node{"generic": patterns(calendar(read("cldr-dates-full/main/"+l+"/ca-generic.json", "main", l, "dates", "calendars", "generic")))}
	if out["generic"] == nil {
		return nil
	}
	for name, at := range home {
		from := l
		if l == "und" {
			from = "en" // whose names are those of the root, but for months
		}
		n := calendar(read("cldr-cal-"+name+"-full/main/"+from+"/ca-"+name+".json", "main", from, "dates", "calendars", name))
		if n == nil {
			continue
		}
		kept := node{"eras": n["eras"]}
		if name == "persian" {
			kept["months"] = n["months"]
		}
		if l == at {
			for k, v := range patterns(n).(node) {
				kept[k] = v
			}
		}
		out[name] = kept
	}
	return out
}

func patterns(n node) any {
	if n == nil {
		return nil
	}
	return node{"dateFormats": n["dateFormats"], "dateTimeFormats": n["dateTimeFormats"]}
}

func calendar(n node) node {
	if n == nil {
		return nil
	}
	out := node{}
	for _, k := range []string{"months", "days", "dayPeriods", "eras", "dateFormats", "timeFormats", "dateTimeFormats"} {
		out[k] = n[k]
	}
	formats := n["dateTimeFormats"].(node)
	if at, ok := n["dateTimeFormats-atTime"].(node); ok {
		formats["at"] = at["standard"]
	} else {
		formats["at"] = node{"full": formats["full"], "long": formats["long"], "medium": formats["medium"], "short": formats["short"]}
	}
	items := node{}
	all, _ := formats["appendItems"].(node)
	for k, v := range all {
		if !strings.Contains(k, "Quarter") && k != "Week" {
			items[k] = v
		}
	}
	formats["appendItems"] = items
	return plainPatterns(out).(node)
}

// plainPatterns leaves out variants, fields Intl has no option for and numbering of single fields.
func plainPatterns(v any) any {
	n, ok := v.(node)
	if !ok {
		return v
	}
	if s, ok := n["_value"]; ok {
		return s
	}
	for k, v := range n {
		if strings.Contains(k, "-alt-") || strings.Contains(k, "-count-") || len(k) < 9 && strings.ContainsAny(k, "QwW") && strings.Trim(k, "GyMEdQwW") == "" {
			delete(n, k)
			continue
		}
		n[k] = plainPatterns(v)
	}
	return n
}

// zones are the names of time zones; those of their cities are not in workerd
// either.
func zones(l string) node {
	n := read("cldr-dates-full/main/"+l+"/timeZoneNames.json", "main", l, "dates", "timeZoneNames")
	if n == nil {
		return nil
	}
	out := node{}
	for _, k := range []string{"hourFormat", "gmtFormat", "gmtZeroFormat", "regionFormat", "fallbackFormat"} {
		out[k] = n[k]
	}
	names := node{}
	eachZone("", n["zone"], func(id string, zone node) {
		delete(zone, "exemplarCity")
		delete(zone, "exemplarCity-alt-secondary")
		delete(zone, "_type")
		if len(zone) > 0 {
			names[id] = zone
		}
	})
	out["names"] = names
	if m, ok := n["metazone"].(node); ok {
		out["metazones"] = m
	}
	return out
}

func eachZone(id string, v any, f func(id string, zone node)) {
	n, ok := v.(node)
	if !ok {
		return
	}
	if _, leaf := n["_type"]; leaf {
		f(id, n)
		return
	}
	for k, v := range n {
		eachZone(strings.TrimPrefix(id+"/"+k, "/"), v, f)
	}
}

// times is what dates need and belongs to no locale: which zones there are,
// their aliases, regions and metazones; when the periods of the day begin.
func times() node {
	s := func(name string, path ...string) node {
		return read("cldr-core/supplemental/"+name+".json", append([]string{"supplemental"}, path...)...)
	}
	out := node{"primary": s("primaryZones", "primaryZones"), "periods": s("dayPeriods", "dayPeriodRuleSet")}
	aliases, regions := node{}, node{}
	for key, v := range read("cldr-bcp47/bcp47/timezone.json", "keyword", "u", "tz") {
		zone, ok := v.(node)
		if !ok {
			continue
		}
		text := func(k string) string { s, _ := zone[k].(string); return s }
		ids := strings.Fields(text("_alias"))
		if len(ids) == 0 {
			continue
		}
		aliases[ids[0]] = node{"iana": text("_iana"), "also": strings.Join(ids[1:], " ")}
		switch {
		case text("_region") != "":
			regions[ids[0]] = text("_region")
		case len(key) == 5:
			regions[ids[0]] = strings.ToUpper(key[:2])
		}
	}
	out["zones"], out["regions"] = aliases, regions
	uses := node{}
	eachUse("", s("metaZones", "metaZones", "metazoneInfo", "timezone"), uses)
	out["metazones"] = uses
	golden := node{}
	raw := read("cldr-core/supplemental/metaZones.json", "supplemental", "metaZones")
	for _, v := range raw["metazones"].([]any) {
		m := v.(node)["mapZone"].(node)
		golden[m["_other"].(string)+"/"+m["_territory"].(string)] = m["_type"]
	}
	out["golden"] = golden
	calendars := node{}
	for region, v := range s("calendarPreferenceData", "calendarPreferenceData") {
		if list := v.([]any); list[0] != "gregorian" {
			calendars[region] = list[0]
		}
	}
	out["calendars"] = calendars
	return out
}

// eachUse writes which metazones a zone was in: "name from", from being empty at first.
func eachUse(id string, v any, out node) {
	if n, ok := v.(node); ok {
		for k, v := range n {
			eachUse(strings.TrimPrefix(id+"/"+k, "/"), v, out)
		}
		return
	}
	var uses []string
	for _, v := range v.([]any) {
		u := v.(node)["usesMetazone"].(node)
		from, _ := u["_from"].(string)
		to, _ := u["_to"].(string)
		uses = append(uses, strings.Join([]string{u["_mzone"].(string), from, to}, ","))
	}
	slices.Sort(uses)
	out[id] = strings.Join(uses, ";")
}
