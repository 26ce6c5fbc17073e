package intl

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
)

// Canonical replaces what is deprecated and puts in order what may stand in any
// (https://unicode.org/reports/tr35/#LocaleId_Canonicalization).
func (t Tag) Canonical() Tag {
	aliases := cldr.Supplemental("aliases")
	t.Variants = slices.Clone(t.Variants)
	slices.Sort(t.Variants)
	for range 8 { // a replacement can be replaced itself
		next, changed := t.aliased(cldr.At(aliases, "language"))
		if t = next; !changed {
			break
		}
	}
	if s := cldr.Text(aliases, "script", title(t.Script)); s != "" {
		t.Script = strings.ToLower(s)
	}
	t.Region = t.currentRegion(cldr.Text(aliases, "territory", strings.ToUpper(t.Region)))
	for i, v := range t.Variants {
		if s := cldr.Text(aliases, "variant", v); s != "" {
			t.Variants[i] = s
		}
	}
	slices.Sort(t.Variants)
	t.Variants = slices.Compact(t.Variants)
	slices.Sort(t.attributes)
	t.keywords = slices.Clone(t.keywords)
	slices.SortFunc(t.keywords, func(a, b keyword) int { return strings.Compare(a.key, b.key) })
	for i := range t.keywords {
		k := &t.keywords[i]
		if s := cldr.Text(aliases, "type", k.key, k.value); s != "" {
			k.value = s
		}
		if k.key == "rg" || k.key == "sd" {
			if s := cldr.Text(aliases, "subdivision", k.value); s != "" {
				k.value, _, _ = strings.Cut(strings.ToLower(s), " ")
			}
		}
		if k.value == "true" {
			k.value = ""
		}
	}
	return t
}

func title(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// currentRegion is the replacement of a region; of several, the one where the
// language is at home, else the first.
func (t Tag) currentRegion(replacements string) string {
	list := strings.Fields(replacements)
	if len(list) == 0 {
		return t.Region
	}
	if full := strings.Split(Maximize(t.Language, title(t.Script), ""), "-"); len(full) == 3 && slices.Contains(list, full[2]) {
		return strings.ToLower(full[2])
	}
	return strings.ToLower(list[0])
}

// aliased applies the alias of a language that says most of t.
func (t Tag) aliased(aliases cldr.Node) (Tag, bool) {
	script, region := title(t.Script), strings.ToUpper(t.Region)
	var keys []string
	for _, language := range []string{t.Language, "und"} {
		for i, v := range t.Variants {
			for _, w := range t.Variants[i+1:] {
				keys = append(keys, language+"-"+v+"-"+w)
			}
		}
		for _, v := range t.Variants {
			keys = append(keys, language+"-"+v)
		}
		if language != "und" {
			if script != "" && region != "" {
				keys = append(keys, language+"-"+script+"-"+region)
			}
			if region != "" {
				keys = append(keys, language+"-"+region)
			}
			if script != "" {
				keys = append(keys, language+"-"+script)
			}
			keys = append(keys, language)
		}
	}
	for _, k := range keys {
		to := cldr.Text(aliases, k)
		if to == "" {
			continue
		}
		from, _ := Parse(k)
		r, ok := Parse(to)
		if !ok {
			continue
		}
		if r.Language != "und" {
			t.Language = r.Language
		}
		t.Script = replaced(t.Script, from.Script, r.Script)
		t.Region = replaced(t.Region, from.Region, r.Region)
		t.Variants = slices.DeleteFunc(slices.Clone(t.Variants), func(v string) bool { return slices.Contains(from.Variants, v) })
		t.Variants = append(t.Variants, r.Variants...)
		slices.Sort(t.Variants)
		return t, true
	}
	return t, false
}

// replaced is a subtag after an alias that has from and says to.
func replaced(own, from, to string) string {
	if own == "" || from != "" {
		return to
	}
	return own
}

// Maximize adds what a language tag leaves out, "" if it is not known.
func Maximize(language, script, region string) string {
	likely := cldr.Supplemental("likely")
	for _, key := range [][]string{{language, script, region}, {language, region}, {language, script}, {language}} {
		if strings.Contains("-"+strings.Join(key, "-")+"-", "--") {
			continue
		}
		if s := cldr.Text(likely, strings.Join(key, "-")); s != "" {
			full := strings.Split(s, "-")
			for i, own := range []string{language, script, region} {
				if own != "" && own != "und" {
					full[i] = own
				}
			}
			return strings.Join(full, "-")
		}
	}
	return ""
}

// Maximized adds the script and the region that are likely.
func (t Tag) Maximized() Tag {
	full := strings.Split(strings.ToLower(Maximize(t.Language, title(t.Script), strings.ToUpper(t.Region))), "-")
	if len(full) == 3 {
		t.Language, t.Script, t.Region = full[0], full[1], full[2]
	}
	return t
}

// Minimized takes away the script and the region that are likely.
func (t Tag) Minimized() Tag {
	full := t.Maximized()
	for _, try := range []Tag{{Language: full.Language}, {Language: full.Language, Region: full.Region}, {Language: full.Language, Script: full.Script}} {
		if m := try.Maximized(); m.Language == full.Language && m.Script == full.Script && m.Region == full.Region {
			t.Language, t.Script, t.Region = try.Language, try.Script, try.Region
			return t
		}
	}
	t.Language, t.Script, t.Region = full.Language, full.Script, full.Region
	return t
}
