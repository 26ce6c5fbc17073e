package intl

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
)

// RangePart is a part, and of which end it is: startRange, endRange or shared.
type RangePart struct {
	Part
	Source string
}

// Range writes a range of two numbers. A name stands once, and so does what both
// have around their digits if it is more than one character
// (https://unicode.org/reports/tr35/tr35-numbers.html#Number_Range_Formatting).
func (f *Number) Range(from, to string) []RangePart {
	a, b := parseDecimal(from), parseDecimal(to)
	first, second := f.write(a, false), f.write(b, false)
	if slices.Equal(first.joined(), second.joined()) {
		w := f.write(a, true)
		return sourced("shared", literals(f.named(w.joined(), w.category)))
	}
	collapse := slices.Equal(first.prefix, second.prefix) && slices.Equal(first.suffix, second.suffix) && first.size() > 1
	exponent := slices.ContainsFunc(first.digits, func(p Part) bool { return p.Type == "exponentInteger" })
	between := f.between(exponent || !collapse && first.size() > 0)
	var inner []RangePart
	if collapse {
		inner = slices.Concat(sourced("shared", first.before()), sourced("startRange", first.digits), between, sourced("endRange", second.digits), sourced("shared", second.after()))
	} else {
		inner = slices.Concat(sourced("startRange", first.joined()), between, sourced("endRange", second.joined()))
	}
	return f.around(inner, PluralRange(f.locale, first.category, second.category))
}

// between is what stands between the ends, spaces around it if need be.
func (f *Number) between(apart bool) []RangePart {
	pattern := cldr.Text(f.data, "miscPatterns-numberSystem-"+f.system(), "range")
	if pattern == "" {
		pattern = cldr.Text(f.data, "miscPatterns-numberSystem-latn", "range")
	}
	_, s, _ := strings.Cut(pattern, "{0}")
	s = strings.TrimSuffix(s, "{1}")
	if apart && !strings.HasPrefix(s, " ") {
		s = " " + s
	}
	if apart && !strings.HasSuffix(s, " ") {
		s += " "
	}
	return sourced("shared", []Part{{"literal", s}})
}

// around puts the name of a currency or unit around a range.
func (f *Number) around(inner []RangePart, category string) []RangePart {
	const mark = "range"
	named := f.named([]Part{{mark, ""}}, category)
	var out []RangePart
	for _, p := range named {
		if p.Type == mark {
			out = append(out, inner...)
		} else {
			out = append(out, RangePart{p, "shared"})
		}
	}
	return merged(out)
}

// merged joins neighbouring literals; of different sources they are shared.
func merged(parts []RangePart) []RangePart {
	var out []RangePart
	for _, p := range parts {
		if n := len(out); n > 0 && p.Type == "literal" && out[n-1].Type == "literal" {
			last := &out[n-1]
			last.Value += p.Value
			if last.Source != p.Source {
				last.Source = "shared"
			}
			continue
		}
		out = append(out, p)
	}
	return out
}

func sourced(source string, parts []Part) []RangePart {
	var out []RangePart
	for _, p := range parts {
		out = append(out, RangePart{p, source})
	}
	return out
}

func text(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Value)
	}
	return b.String()
}
