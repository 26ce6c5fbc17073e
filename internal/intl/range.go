package intl

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/miniworker/miniworker/internal/cldr"
)

// RangePart is a part, and of which end it is: startRange, endRange or shared.
type RangePart struct {
	Part
	Source string
}

// Range writes a range of two numbers. What both have around them stands once,
// if it is more than one character.
func (f *Number) Range(from, to string) []RangePart {
	a, b := parseDecimal(from), parseDecimal(to)
	first, second := f.format(a, false), f.format(b, false)
	var out []RangePart
	add := func(source string, parts []Part) {
		for _, p := range parts {
			out = append(out, RangePart{p, source})
		}
	}
	if slices.Equal(first, second) {
		add("shared", f.format(a, true))
		return out
	}
	p1, n1, s1 := split(first)
	p2, n2, s2 := split(second)
	shared := slices.Equal(p1, p2) && slices.Equal(s1, s2)
	size := utf8.RuneCountInString(text(p1) + text(s1))
	collapse := shared && (size > 1 || f.Style == "unit")
	pattern := strings.Split(cldr.Text(f.data, "miscPatterns-numberSystem-"+f.system(), "range"), "{0}")
	between := strings.TrimSuffix(pattern[len(pattern)-1], "{1}")
	if !collapse && text(p1)+text(s1)+text(p2)+text(s2) != "" && strings.TrimSpace(between) == between {
		between = " " + between + " "
	}
	if !collapse {
		add("startRange", first)
		add("shared", []Part{{"literal", between}})
		add("endRange", second)
		return out
	}
	add("shared", p1)
	add("startRange", n1)
	add("shared", []Part{{"literal", between}})
	add("endRange", n2)
	add("shared", s2)
	return out
}

// split cuts a formatted number into what is before, in and after the digits.
func split(parts []Part) (before, number, after []Part) {
	digit := func(p Part) bool {
		return slices.Contains([]string{"integer", "group", "decimal", "fraction", "infinity", "nan", "exponentSeparator", "exponentMinusSign", "exponentInteger"}, p.Type)
	}
	start := slices.IndexFunc(parts, digit)
	end := len(parts)
	if start < 0 {
		return nil, parts, nil // a word that stands for the number, as in Arabic
	}
	for end > start && !digit(parts[end-1]) {
		end--
	}
	return parts[:start], parts[start:end], parts[end:]
}

func text(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Value)
	}
	return b.String()
}
