// Package intl writes numbers, dates, lists, relative times and names as
// ECMA-402 and the Unicode CLDR have them, in the locales of internal/cldr; it
// compares and cuts texts, and reads language tags.
//
// It is given options that are resolved already; runtime/polyfill has the
// classes of Intl. Deliberately not: words of scripts without spaces.
//
// The truth: https://tc39.es/ecma402/ and https://unicode.org/reports/tr35/.
package intl

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/miniworker/miniworker/internal/cldr"
)

// Part is a piece of a formatted text, as formatToParts has it.
type Part struct{ Type, Value string }

// NumberOptions are the resolved options of an Intl.NumberFormat.
type NumberOptions struct {
	NumberingSystem, Style                  string
	Currency, CurrencyDisplay, CurrencySign string
	Unit, UnitDisplay                       string
	Notation, CompactDisplay, SignDisplay   string
	UseGrouping                             any // false, "auto", "always" or "min2"
	MinimumIntegerDigits                    int
	MinimumFractionDigits                   *int
	MaximumFractionDigits                   *int
	MinimumSignificantDigits                *int
	MaximumSignificantDigits                *int
	RoundingIncrement                       int
	RoundingMode                            string
	RoundingPriority, TrailingZeroDisplay   string
}

// Number formats numbers.
type Number struct {
	NumberOptions
	locale  string
	data    cldr.Node
	symbols cldr.Node
}

// NewNumber makes a format for a locale that cldr has.
func NewNumber(locale string, o NumberOptions) *Number {
	f := &Number{NumberOptions: o, locale: locale, data: cldr.Section(locale, "numbers")}
	f.symbols = cldr.At(f.data, "symbols-numberSystem-"+f.system())
	return f
}

// DefaultNumberingSystem is the one a locale writes with.
func DefaultNumberingSystem(locale string) string {
	return cldr.Text(cldr.Section(locale, "numbers"), "defaultNumberingSystem")
}

// system is the numbering system whose symbols and patterns are used.
func (f *Number) system() string {
	if _, ok := f.data["symbols-numberSystem-"+f.NumberingSystem]; ok {
		return f.NumberingSystem
	}
	return "latn"
}

// pattern is that of the numbering system, of Latin digits if it has none.
func (f *Number) pattern(kind string, path ...string) string {
	for _, system := range []string{f.system(), "latn"} {
		if s := cldr.Text(f.data, append([]string{kind + "Formats-numberSystem-" + system}, path...)...); s != "" {
			return s
		}
	}
	return ""
}

// body writes the digits.
func (f *Number) body(q quantity, pattern string) []Part {
	var out []Part
	group, point := cldr.Text(f.symbols, "group"), cldr.Text(f.symbols, "decimal")
	if f.Style == "currency" {
		if s := cldr.Text(f.symbols, "currencyGroup"); s != "" {
			group = s
		}
		if s := cldr.Text(f.symbols, "currencyDecimal"); s != "" {
			point = s
		}
	}
	chunks := []string{q.integer}
	if f.Notation != "scientific" && f.Notation != "engineering" {
		chunks = f.grouped(q.integer, pattern)
	}
	for i, c := range chunks {
		if i > 0 {
			out = append(out, Part{"group", group})
		}
		out = append(out, Part{"integer", f.digits(c)})
	}
	if q.fraction != "" {
		out = append(out, Part{"decimal", point}, Part{"fraction", f.digits(q.fraction)})
	}
	if f.Notation == "scientific" || f.Notation == "engineering" {
		out = append(out, Part{"exponentSeparator", cldr.Text(f.symbols, "exponential")})
		e := q.exponent
		if e < 0 {
			out = append(out, Part{"exponentMinusSign", cldr.Text(f.symbols, "minusSign")})
			e = -e
		}
		out = append(out, Part{"exponentInteger", f.digits(itoa(e))})
	}
	return out
}

// grouped splits an integer as the pattern's separators say.
func (f *Number) grouped(integer, pattern string) []string {
	least := 1
	switch f.UseGrouping {
	case false:
		return []string{integer}
	case "min2":
		least = 2
	case "auto":
		if cldr.Text(f.data, "minimumGroupingDigits") == "2" {
			least = 2
		}
	}
	whole, _, _ := strings.Cut(strings.Split(pattern, ";")[0], ".")
	at := strings.Split(strings.Map(func(r rune) rune {
		if strings.ContainsRune("#0,", r) {
			return r
		}
		return -1
	}, whole), ",")
	if len(at) < 2 {
		return []string{integer}
	}
	primary := len(at[len(at)-1])
	secondary := primary
	if len(at) > 2 {
		secondary = len(at[len(at)-2])
	}
	if len(integer) < primary+least {
		return []string{integer}
	}
	out := []string{integer[len(integer)-primary:]}
	for rest := integer[:len(integer)-primary]; rest != ""; {
		n := min(secondary, len(rest))
		out = append([]string{rest[len(rest)-n:]}, out...)
		rest = rest[:len(rest)-n]
	}
	return out
}

func (f *Number) digits(s string) string {
	if f.NumberingSystem == "latn" || f.NumberingSystem == "" {
		return s
	}
	own := []rune(cldr.Text(cldr.Supplemental("misc"), "digits", f.NumberingSystem))
	if len(own) != 10 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return own[r-'0']
		}
		return r
	}, s)
}

func itoa(n int) string { i, _ := decimal{m: bigInt(n)}.text(1, 0); return i }

// Format writes a number, given as JavaScript writes it.
func (f *Number) Format(text string) []Part {
	w := f.write(parseDecimal(text), false)
	return literals(f.named(w.joined(), w.category))
}

// written is a number in digits, what its pattern has around them, and the
// plural category that a name would have.
type written struct {
	prefix, digits, suffix []Part
	words                  bool // no digits: NaN, infinity, or a word for the number
	category               string
}

func (w written) joined() []Part { return slices.Concat(w.before(), w.digits, w.after()) }

// before and after are the prefix and the suffix, apart from the digits.
func (w written) before() []Part {
	if w.words {
		return w.prefix
	}
	return spaced(w.prefix, false)
}

func (w written) after() []Part {
	if w.words {
		return w.suffix
	}
	return spaced(w.suffix, true)
}

// size is how many characters stand around the digits.
func (w written) size() int { return utf8.RuneCountInString(text(w.prefix) + text(w.suffix)) }

func (f *Number) write(d decimal, approximately bool) written {
	pattern := f.standard()
	w := written{category: "other"}
	var q quantity
	switch {
	case d.nan:
		w.digits = []Part{{"nan", cldr.Text(f.symbols, "nan")}}
	case d.infinite:
		w.digits = []Part{{"infinity", cldr.Text(f.symbols, "infinity")}}
	default:
		q = f.quantity(d)
		w.digits = f.body(q, pattern)
		w.category = plural(f.locale, "cardinal", q.operands())
	}
	affixes := pattern
	if q.affixes != "" {
		affixes = q.affixes
		if f.CurrencySign == "accounting" && strings.Contains(pattern, ";") {
			affixes += ";(" + q.affixes + ")"
		}
	}
	w.prefix, w.suffix = f.affixes(affixes, f.sign(d, q.zero), approximately, q.affixes != "")
	w.words = d.nan || d.infinite
	if q.affixes != "" && !strings.Contains(q.affixes, "0") {
		w.digits, w.words = nil, true
	}
	return w
}

// standard is the pattern that has the grouping and, unless it is compact, the affixes.
func (f *Number) standard() string {
	switch {
	case f.Style == "percent" && !f.namedPercent() || f.percentUnit():
		return f.pattern("percent", "standard")
	case f.Style == "currency" && f.CurrencyDisplay != "name":
		kind := "standard"
		if f.CurrencySign == "accounting" {
			kind = "accounting"
		}
		return f.pattern("currency", kind)
	}
	return f.pattern("decimal", "standard")
}

// namedPercent: a compact percentage is written as the unit.
func (f *Number) namedPercent() bool { return f.Style == "percent" && f.Notation == "compact" }

// percentUnit: the unit is written with the sign of percentages.
func (f *Number) percentUnit() bool {
	return f.Style == "unit" && f.Unit == "percent" && f.UnitDisplay != "long"
}

func (f *Number) sign(d decimal, zero bool) string {
	zero = zero && !d.nan && !d.infinite
	switch f.SignDisplay {
	case "never":
		return ""
	case "always":
		if d.negative {
			return "-"
		}
		return "+"
	case "exceptZero":
		if zero || d.nan {
			return ""
		}
		if d.negative {
			return "-"
		}
		return "+"
	case "negative":
		if d.negative && !zero {
			return "-"
		}
		return ""
	}
	if d.negative {
		return "-"
	}
	return ""
}
