package intl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/miniworker/miniworker/internal/cldr"
)

// List joins elements: kind is conjunction, disjunction or unit, style long,
// short or narrow.
func List(locale, kind, style string, elements []string) []Part {
	name := "listPattern-type-" + map[string]string{"conjunction": "standard", "disjunction": "or", "unit": "unit"}[kind]
	if style != "long" {
		name += "-" + style
	}
	patterns := cldr.At(cldr.Section(locale, "lists"), name)
	element := func(i int) []Part { return []Part{{"element", elements[i]}} }
	n := len(elements)
	switch n {
	case 0:
		return nil
	case 1:
		return element(0)
	case 2:
		return literals(fill(listPattern(locale, kind, cldr.Text(patterns, "2"), elements[1]), element(0), element(1), "literal"))
	}
	out := fill(listPattern(locale, kind, cldr.Text(patterns, "end"), elements[n-1]), element(n-2), element(n-1), "literal")
	for i := n - 3; i >= 0; i-- {
		name := "middle"
		if i == 0 {
			name = "start"
		}
		out = fill(cldr.Text(patterns, name), element(i), out, "literal")
	}
	return literals(out)
}

// listPattern is a pattern as it is before a word: Spanish says e and u before i
// and o, Hebrew writes a hyphen before another script.
func listPattern(locale, kind, pattern, next string) string {
	if first, _ := utf8.DecodeRuneInString(next); locale == "he" && !unicode.Is(unicode.Hebrew, first) {
		return strings.Replace(pattern, " ו{1}", " ו-{1}", 1)
	}
	if !strings.HasPrefix(locale, "es") {
		return pattern
	}
	next = strings.ToLower(next)
	starts := func(list ...string) bool {
		for _, s := range list {
			if strings.HasPrefix(next, s) {
				return true
			}
		}
		return false
	}
	switch {
	case kind == "conjunction" && (starts("i") || starts("hi") && !starts("hia", "hie")):
		return strings.Replace(pattern, " y ", " e ", 1)
	case kind == "disjunction" && (starts("o", "ho", "8") || next == "11" || starts("11 ")):
		return strings.Replace(pattern, " o ", " u ", 1)
	}
	return pattern
}

// literals joins neighbouring literals.
func literals(parts []Part) []Part {
	var out []Part
	for _, p := range parts {
		if n := len(out); n > 0 && p.Type == "literal" && out[n-1].Type == "literal" {
			out[n-1].Value += p.Value
			continue
		}
		out = append(out, p)
	}
	return out
}

// RelativePart is a part of a relative time; those of the number have a unit.
type RelativePart struct {
	Part
	Unit string
}

// Relative writes "in 3 days": unit is singular, word permits "tomorrow".
func Relative(locale, unit, style string, word bool, number *Number, value string) []RelativePart {
	name := unit
	if style != "long" {
		name += "-" + style
	}
	field := cldr.At(cldr.Section(locale, "fields"), name)
	past := strings.HasPrefix(value, "-")
	if word {
		key := value
		if key == "-0" {
			key = "0"
		}
		if s := cldr.Text(field, "relative-type-"+key); s != "" {
			return []RelativePart{{Part{"literal", s}, ""}}
		}
	}
	direction := "relativeTime-type-future"
	if past {
		direction = "relativeTime-type-past"
	}
	value = strings.TrimPrefix(value, "-")
	pattern := counted(cldr.At(field, direction), "relativeTimePattern", number.Plural("cardinal", value))
	before, after, ok := strings.Cut(pattern, "{0}")
	var out []RelativePart
	add := func(s string) {
		if s != "" {
			out = append(out, RelativePart{Part{"literal", s}, ""})
		}
	}
	add(before)
	if ok {
		for _, p := range number.Format(value) {
			out = append(out, RelativePart{p, unit})
		}
	}
	add(after)
	return out
}

// Name is what a locale calls a region, script, currency, calendar or field;
// empty if it has no name for it.
func Name(locale, kind, style, code string) string {
	names := cldr.Section(locale, "names")
	styled := func(n cldr.Node) string {
		if style != "long" {
			if s := cldr.Text(n, code+"-alt-"+style); s != "" {
				return s
			}
			if s := cldr.Text(n, code+"-alt-short"); s != "" {
				return s
			}
		}
		return cldr.Text(n, code)
	}
	switch kind {
	case "region":
		return styled(cldr.At(names, "territories"))
	case "script":
		if s := cldr.Text(names, "scripts", code+"-alt-stand-alone"); s != "" {
			return s
		}
		return styled(cldr.At(names, "scripts"))
	case "calendar":
		return cldr.Text(names, "types", "calendar", code)
	case "currency":
		n := cldr.At(cldr.Section(locale, "currencies"), code)
		if style == "long" {
			return cldr.Text(n, "displayName")
		}
		if style == "narrow" {
			if s := cldr.Text(n, "symbol-alt-narrow"); s != "" {
				return s
			}
		}
		return cldr.Text(n, "symbol")
	case "dateTimeField":
		if style != "long" {
			code += "-" + style
		}
		return cldr.Text(cldr.Section(locale, "fields"), code, "displayName")
	}
	return ""
}

// LanguageName is what a locale calls a language; dialects have names of their
// own unless standard is set.
func LanguageName(locale, style, tag string, standard bool) string {
	names := cldr.Section(locale, "names")
	find := func(code string) string {
		if style != "long" {
			if s := cldr.Text(names, "languages", code+"-alt-short"); s != "" {
				return s
			}
		}
		return cldr.Text(names, "languages", code)
	}
	if !standard {
		if s := find(tag); s != "" {
			return s
		}
	}
	parts := strings.Split(tag, "-")
	base, rest := find(parts[0]), parts[1:]
	if !standard && len(parts) > 2 {
		if s := find(parts[0] + "-" + parts[1]); s != "" {
			base, rest = s, parts[2:]
		}
	}
	if base == "" {
		return ""
	}
	var inner []string
	for _, p := range rest {
		kind := "territories"
		if len(p) == 4 {
			kind = "scripts"
		}
		s := cldr.Text(names, kind, p)
		if style != "long" {
			if short := cldr.Text(names, kind, p+"-alt-short"); short != "" {
				s = short
			}
		}
		if s == "" {
			s = p
		}
		inner = append(inner, s)
	}
	if len(inner) == 0 {
		return base
	}
	separator := cldr.Text(names, "localeDisplayPattern", "localeSeparator")
	joined := inner[0]
	for _, s := range inner[1:] {
		joined = strings.Replace(strings.Replace(separator, "{0}", joined, 1), "{1}", s, 1)
	}
	return strings.Replace(strings.Replace(cldr.Text(names, "localeDisplayPattern", "localePattern"), "{0}", base, 1), "{1}", joined, 1)
}

// CurrencyDigits are the digits after the point that a currency has.
func CurrencyDigits(code string) string {
	if s := cldr.Text(cldr.Supplemental("misc"), "fractions", code, "_digits"); s != "" {
		return s
	}
	return "2"
}
