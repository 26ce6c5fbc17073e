package main

import (
	"slices"
	"strings"
)

// aliases are the replacements of subtags and of the types of Unicode
// extensions that a language tag gets in canonical form.
func aliases() node {
	out := node{}
	for kind, all := range read("cldr-core/supplemental/aliases.json", "supplemental", "metadata", "alias") {
		name, ok := strings.CutSuffix(kind, "Alias")
		if !ok || name == "zone" {
			continue
		}
		kept := node{}
		for from, to := range all.(node) {
			if name == "territory" && len(from) == 3 && (from[0] < '0' || from[0] > '9') {
				continue // no subtag has three letters
			}
			kept[from] = to.(node)["_replacement"]
		}
		out[name] = kept
	}
	types := node{}
	for _, file := range []string{"calendar", "collation", "currency", "measure", "number", "segmentation", "timezone", "variant"} {
		for key, all := range read("cldr-bcp47/bcp47/"+file+".json", "keyword", "u") {
			kept := node{}
			for to, v := range all.(node) {
				info, _ := v.(node)
				if p, ok := info["_preferred"].(string); ok {
					kept[to] = p
					continue
				}
				alias, _ := info["_alias"].(string)
				for from := range strings.FieldsSeq(alias) {
					if file != "timezone" && from != to {
						kept[strings.ToLower(from)] = to
					}
				}
			}
			if len(kept) > 0 {
				types[key] = kept
			}
		}
	}
	out["type"] = types
	return out
}

// regions are the customs of regions: calendars, the clock, the week, and their
// time zones under the names ICU has for them.
func regions() node {
	s := func(name string, path ...string) node {
		return read("cldr-core/supplemental/"+name+".json", append([]string{"supplemental"}, path...)...)
	}
	clocks := node{}
	for region, v := range s("timeData", "timeData") {
		clocks[strings.ReplaceAll(region, "_", "-")] = v.(node)["_preferred"]
	}
	week := s("weekData", "weekData")
	zones := map[string][]string{}
	for id, v := range read("cldr-bcp47/bcp47/timezone.json", "keyword", "u", "tz") {
		info, ok := v.(node)
		name, _ := info["_alias"].(string)
		name, _, _ = strings.Cut(name, " ")
		if !ok || info["_deprecated"] != nil || strings.HasPrefix(name, "Etc/") || !strings.Contains(name, "/") {
			continue
		}
		region, _ := info["_region"].(string)
		if region == "" {
			region = strings.ToUpper(id[:2])
		}
		zones[region] = append(zones[region], name)
	}
	for _, list := range zones {
		slices.Sort(list)
	}
	var rtl []string
	for script, v := range read("cldr-core/scriptMetadata.json", "scriptMetadata") {
		if v.(node)["rtl"] == "YES" {
			rtl = append(rtl, script)
		}
	}
	slices.Sort(rtl)
	return node{
		"calendars": s("calendarPreferenceData", "calendarPreferenceData"), "clocks": clocks, "zones": zones, "rtl": rtl,
		"firstDay": week["firstDay"], "weekendStart": week["weekendStart"], "weekendEnd": week["weekendEnd"],
		"collations": collations, "currencies": strings.Fields(currencies),
	}
}

// collations are those of languages that have more than all have, as workerd
// lists them: they are not in the JSON packages.
var collations = map[string][]string{
	"ar": {"compat"}, "bn": {"trad"}, "de": {"phonebk"}, "es": {"trad"}, "fi": {"trad"}, "ja": {"unihan"}, "kn": {"trad"}, "ko": {"searchjl", "unihan"},
	"sv": {"trad"}, "vi": {"trad"}, "zh": {"pinyin", "stroke", "zhuyin"},
}

// currencies are those workerd supports: ICU has a list of its own.
const currencies = `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK
JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND
TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XDR XOF XPF XSU YER ZAR ZMW ZWL`
