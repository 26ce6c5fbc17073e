package intl

import (
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/miniworker/miniworker/internal/cldr"
)

func bigInt(n int) *big.Int { return big.NewInt(int64(n)) }

// affixes are what a pattern has before and after the digits, with a sign: "-",
// "+" or none.
func (f *Number) affixes(pattern, sign string, approximately, compact bool) (prefix, suffix []Part) {
	use, negative, explicit := strings.Cut(pattern, ";")
	plus := sign == "+" && !strings.Contains(use, "+")
	fromNegative := explicit && (sign == "-" || strings.Contains(negative, "-") && (plus || approximately))
	if fromNegative {
		use = negative
	}
	before, after := cutDigits(use)
	if !fromNegative && (sign == "-" || plus || approximately) {
		before = "-" + before
	}
	if approximately {
		sign = "~" + sign
	}
	return f.tokens(before, sign, compact), f.tokens(after, sign, compact)
}

// cutDigits takes the digits out of a pattern.
func cutDigits(pattern string) (before, after string) {
	start, end, quoted := -1, len(pattern), false
	for i, r := range pattern {
		if r == '\'' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if strings.ContainsRune("#0,.", r) {
			if start < 0 {
				start = i
			}
			end = i + 1
		}
	}
	if start < 0 {
		return pattern, ""
	}
	return pattern[:start], pattern[end:]
}

// tokens reads an affix.
func (f *Number) tokens(affix, sign string, compact bool) []Part {
	var out []Part
	literal := func(s string) {
		if n := len(out); n > 0 && out[n-1].Type == "literal" {
			out[n-1].Value += s
			return
		}
		out = append(out, Part{"literal", s})
	}
	quoted := false
	for _, r := range affix {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
			literal(string(r))
		case r == '-':
			for _, s := range sign {
				out = append(out, f.signParts(s)...)
			}
		case r == '+':
			out = append(out, f.signParts('+')...)
		case r == '%':
			kind := "percentSign"
			if f.Style == "unit" {
				kind = "unit"
			}
			out = append(out, trimmed(kind, cldr.Text(f.symbols, "percentSign"))...)
		case r == '¤':
			out = append(out, Part{"currency", f.currencySymbol()})
		default:
			literal(string(r))
		}
	}
	if compact {
		return compactParts(out)
	}
	return out
}

// signParts are a sign and the marks of direction around it.
func (f *Number) signParts(sign rune) []Part {
	kind := map[rune]string{'+': "plusSign", '~': "approximatelySign"}[sign]
	if kind == "" {
		kind = "minusSign"
	}
	return trimmed(kind, cldr.Text(f.symbols, kind))
}

// compactParts tells the words of a compact pattern from the space around them.
func compactParts(parts []Part) []Part {
	var out []Part
	for _, p := range parts {
		if p.Type != "literal" {
			out = append(out, p)
			continue
		}
		out = append(out, trimmed("compact", p.Value)...)
	}
	return out
}

// trimmed is a part without the space around it, which becomes literals.
func trimmed(kind, s string) []Part {
	ignorable := func(r rune) bool { return unicode.IsSpace(r) || r == '\u200e' || r == '\u200f' || r == '\u061c' }
	inner := strings.TrimFunc(s, ignorable)
	if inner == "" {
		if s == "" {
			return nil
		}
		return []Part{{"literal", s}}
	}
	i := strings.Index(s, inner)
	var out []Part
	if i > 0 {
		out = append(out, Part{"literal", s[:i]})
	}
	out = append(out, Part{kind, inner})
	if rest := s[i+len(inner):]; rest != "" {
		out = append(out, Part{"literal", rest})
	}
	return out
}

// noCurrency is the code for none; ICU writes it as it is.
const noCurrency = "XXX"

func (f *Number) currencySymbol() string {
	n := cldr.At(cldr.Section(f.locale, "currencies"), f.Currency)
	if f.Currency == noCurrency {
		return noCurrency
	}
	symbol := ""
	switch f.CurrencyDisplay {
	case "symbol":
		symbol = cldr.Text(n, "symbol")
	case "narrowSymbol":
		if symbol = cldr.Text(n, "symbol-alt-narrow"); symbol == "" {
			symbol = cldr.Text(n, "symbol")
		}
	}
	if symbol == "" {
		return f.Currency
	}
	return symbol
}

// spaced puts a space between a currency that is no symbol and digits.
func spaced(affix []Part, after bool) []Part {
	if len(affix) == 0 {
		return nil
	}
	const space = "\u00a0"
	needs := func(p Part, r rune) bool {
		return p.Type == "currency" && !unicode.Is(unicode.S, r) && !unicode.Is(unicode.Z, r)
	}
	if after {
		r, _ := utf8.DecodeRuneInString(affix[0].Value)
		if needs(affix[0], r) {
			return append([]Part{{"literal", space}}, affix...)
		}
		return affix
	}
	last := affix[len(affix)-1]
	r, _ := utf8.DecodeLastRuneInString(last.Value)
	if needs(last, r) {
		return append(affix, Part{"literal", space})
	}
	return affix
}

// named puts the name of a currency or unit around a number.
func (f *Number) named(number []Part, category string) []Part {
	switch {
	case f.Style == "currency" && f.CurrencyDisplay == "name":
		pattern := counted(cldr.At(f.data, "currencyFormats-numberSystem-"+f.system()), "unitPattern", category)
		if pattern == "" {
			pattern = counted(cldr.At(f.data, "currencyFormats-numberSystem-latn"), "unitPattern", category)
		}
		n := cldr.At(cldr.Section(f.locale, "currencies"), f.Currency)
		name := counted(n, "displayName", category)
		if name == "" {
			name = cldr.Text(n, "displayName")
		}
		if name == "" || f.Currency == noCurrency {
			name = f.Currency
		}
		return fill(pattern, number, []Part{{"currency", name}}, "literal")
	case f.namedPercent():
		all := cldr.At(cldr.Section(f.locale, "units"), "short")
		return fill(counted(cldr.At(all, "percent"), "unitPattern", category), number, nil, "unit")
	case f.Style == "unit" && !f.percentUnit():
		return f.unit(number, category)
	}
	return number
}

// counted is a pattern by plural category, that of "other" if there is none.
func counted(n cldr.Node, name, category string) string {
	if s := cldr.Text(n, name+"-count-"+category); s != "" {
		return s
	}
	return cldr.Text(n, name+"-count-other")
}

// fill puts parts into the places of a pattern; the text between is of a kind.
func fill(pattern string, zero, one []Part, kind string) []Part {
	var out []Part
	for pattern != "" {
		i := strings.IndexByte(pattern, '{')
		if i < 0 || i+2 >= len(pattern) {
			return append(out, trimmed(kind, pattern)...)
		}
		out = append(out, trimmed(kind, pattern[:i])...)
		if pattern[i+1] == '0' {
			out = append(out, zero...)
		} else {
			out = append(out, one...)
		}
		pattern = pattern[i+3:]
	}
	return out
}

func (f *Number) unit(number []Part, category string) []Part {
	all := cldr.At(cldr.Section(f.locale, "units"), f.UnitDisplay)
	const kind = "unit"
	if p := counted(cldr.At(all, f.Unit), "unitPattern", category); p != "" {
		return fill(p, number, nil, kind)
	}
	first, second, _ := strings.Cut(f.Unit, "-per-")
	out := counted(cldr.At(all, first), "unitPattern", category)
	if p := cldr.Text(all, second, "perUnitPattern"); p != "" {
		return fill(strings.Replace(p, "{0}", out, 1), number, nil, kind)
	}
	name := counted(cldr.At(all, second), "unitPattern", "one")
	name = strings.TrimSpace(strings.Replace(name, "{0}", "", 1))
	p := cldr.Text(all, "per", "compoundUnitPattern")
	return fill(strings.Replace(strings.Replace(p, "{1}", name, 1), "{0}", out, 1), number, nil, kind)
}
