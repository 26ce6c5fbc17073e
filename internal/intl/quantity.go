package intl

import "strings"

// quantity is a number rounded, scaled and split into digits.
type quantity struct {
	integer, fraction string
	zero              bool
	exponent          int    // of scientific and engineering notation
	compact           int    // power of ten that the compact pattern stands for
	affixes           string // compact pattern
}

// operands are those of the whole number: 1.2K is 1200.
func (q quantity) operands() operands {
	e := q.compact + q.exponent
	digits, point := q.integer+q.fraction, len(q.integer)+e
	if point <= 0 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if n := point - len(digits); n > 0 {
		digits += strings.Repeat("0", n)
	}
	return operands{digits[:point], digits[point:], e}
}

// rounded applies the digit options, and gives the digits a fraction has at least.
func (f *Number) rounded(d decimal) (decimal, int) {
	bySignificant := func() (decimal, int, int) {
		place := d.magnitude() - *f.MaximumSignificantDigits + 1
		r := d.round(place, 1, f.RoundingMode)
		return r, max(0, *f.MinimumSignificantDigits-1-r.magnitude()), place
	}
	byFraction := func() (decimal, int, int) {
		place := -*f.MaximumFractionDigits
		return d.round(place, f.RoundingIncrement, f.RoundingMode), *f.MinimumFractionDigits, place
	}
	var r decimal
	var least int
	switch {
	case f.MaximumFractionDigits == nil:
		r, least, _ = bySignificant()
	case f.MaximumSignificantDigits == nil:
		r, least, _ = byFraction()
	default:
		s, sLeast, sPlace := bySignificant()
		p, pLeast, pPlace := byFraction()
		if (sPlace <= pPlace) == (f.RoundingPriority == "morePrecision") {
			r, least = s, sLeast
		} else {
			r, least = p, pLeast
		}
	}
	if _, fraction := r.text(1, 0); fraction == "" && f.TrailingZeroDisplay == "stripIfInteger" {
		least = 0
	}
	return r, least
}

// quantity rounds d, and scales it by what its notation takes out.
func (f *Number) quantity(d decimal) quantity {
	if f.Style == "percent" {
		d.e += 2
	}
	var q quantity
	scale := func(magnitude int) int {
		switch f.Notation {
		case "scientific":
			return magnitude
		case "engineering":
			return (magnitude%3+3)%3*-1 + magnitude
		case "compact":
			return f.compactScale(magnitude)
		}
		return 0
	}
	take := scale(d.magnitude())
	at := d
	at.e -= take
	r, least := f.rounded(at)
	if again := scale(r.magnitude() + take); !r.zero() && again != take {
		take = again
		at = d
		at.e -= take
		r, least = f.rounded(at)
	}
	q.integer, q.fraction = r.text(f.MinimumIntegerDigits, least)
	q.zero = r.zero()
	switch f.Notation {
	case "scientific", "engineering":
		q.exponent = take
	case "compact":
		q.compact = take
		category := plural(f.locale, "cardinal", operands{q.integer, q.fraction, 0})
		if q.integer == "1" && q.fraction == "" && f.compactPattern(r.magnitude()+take, "1") != "" {
			category = "1" // a word for exactly one, such as "mille"
		}
		q.affixes = f.compactPattern(r.magnitude()+take, category)
	}
	return q
}

// compactPattern is the pattern of a power of ten, empty where a number of that
// size is written in full.
func (f *Number) compactPattern(magnitude int, category string) string {
	if magnitude < 3 {
		return ""
	}
	key := "1" + strings.Repeat("0", min(magnitude, 14)) + "-count-"
	path := []string{f.CompactDisplay, "decimalFormat"}
	kind := "decimal"
	if f.Style == "currency" && f.CurrencyDisplay != "name" {
		kind, path = "currency", []string{"short", "standard"}
	}
	p := f.pattern(kind, append(path, key+category)...)
	if p == "" && category != "1" {
		p = f.pattern(kind, append(path, key+"other")...)
	}
	if p == "0" {
		return ""
	}
	return p
}

func (f *Number) compactScale(magnitude int) int {
	p, _, _ := strings.Cut(f.compactPattern(magnitude, "other"), ";")
	if zeros := strings.Count(p, "0"); zeros > 0 {
		return min(magnitude, 14) - zeros + 1
	}
	return 0
}
