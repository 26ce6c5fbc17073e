package intl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
)

// operands are what plural rules ask of a formatted number
// (https://unicode.org/reports/tr35/tr35-numbers.html#Operands).
type operands struct {
	integer, fraction string
	exponent          int
}

func (o operands) value(name byte) float64 {
	trimmed := strings.TrimRight(o.fraction, "0")
	text := "0"
	switch name {
	case 'n':
		text = o.integer + "." + o.fraction + "0"
	case 'i':
		text = o.integer
	case 'v':
		return float64(len(o.fraction))
	case 'w':
		return float64(len(trimmed))
	case 'f':
		text = "0" + o.fraction
	case 't':
		text = "0" + trimmed
	case 'c', 'e':
		return float64(o.exponent)
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// categories are those of a locale's rules, kind is cardinal or ordinal.
func rules(locale, kind string) cldr.Node {
	all := cldr.At(cldr.Supplemental("plurals"), kind)
	for {
		if n := cldr.At(all, locale); n != nil {
			return n
		}
		i := strings.LastIndexByte(locale, '-')
		if i < 0 {
			return nil
		}
		locale = locale[:i]
	}
}

var order = []string{"zero", "one", "two", "few", "many"}

func plural(locale, kind string, o operands) string {
	all := rules(locale, kind)
	for _, category := range order {
		rule := cldr.Text(all, "pluralRule-count-"+category)
		rule, _, _ = strings.Cut(rule, "@")
		if rule = strings.TrimSpace(rule); rule != "" && holds(rule, o) {
			return category
		}
	}
	return "other"
}

func holds(rule string, o operands) bool {
	for alternative := range strings.SplitSeq(rule, " or ") {
		all := true
		for relation := range strings.SplitSeq(alternative, " and ") {
			all = all && related(strings.TrimSpace(relation), o)
		}
		if all {
			return true
		}
	}
	return false
}

// related evaluates "i % 100 != 11..14".
func related(relation string, o operands) bool {
	left, right, equal := strings.Cut(relation, " = ")
	if !equal {
		left, right, _ = strings.Cut(relation, " != ")
	}
	operand, modulus, ok := strings.Cut(left, " % ")
	v := o.value(operand[0])
	if ok {
		m, _ := strconv.ParseFloat(modulus, 64)
		v -= m * float64(int64(v/m))
	}
	for r := range strings.SplitSeq(right, ",") {
		lo, hi, isRange := strings.Cut(r, "..")
		if !isRange {
			hi = lo
		}
		from, _ := strconv.ParseFloat(lo, 64)
		to, _ := strconv.ParseFloat(hi, 64)
		if v >= from && v <= to && (!isRange || v == float64(int64(v))) {
			return equal
		}
	}
	return !equal
}

// Categories lists the plural categories of a locale.
func Categories(locale, kind string) []string {
	var out []string
	for k := range rules(locale, kind) {
		out = append(out, strings.TrimPrefix(k, "pluralRule-count-"))
	}
	if len(out) == 0 {
		out = []string{"other"}
	}
	ranks := append(slices.Clone(order), "other")
	slices.SortFunc(out, func(a, b string) int { return slices.Index(ranks, a) - slices.Index(ranks, b) })
	return out
}

// PluralRange is the category of a range between numbers of two categories.
func PluralRange(locale, from, to string) string {
	language, _, _ := strings.Cut(locale, "-")
	if c := cldr.Text(cldr.Supplemental("plurals"), "ranges", language, "pluralRange-start-"+from+"-end-"+to); c != "" {
		return c
	}
	return "other"
}

// Plural is the category of a number as f would write it.
func (f *Number) Plural(kind, text string) string {
	d := parseDecimal(text)
	if d.nan || d.infinite {
		return "other"
	}
	return plural(f.locale, kind, f.quantity(d).operands())
}
