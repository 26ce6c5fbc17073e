package intl

import (
	"math/big"
	"strconv"
	"strings"
)

// decimal is a number as it was written: m × 10^e, or no number, or infinite.
type decimal struct {
	negative, nan, infinite bool
	m                       *big.Int // never negative
	e                       int
}

// parseDecimal reads what JavaScript writes for a number or a BigInt.
func parseDecimal(s string) decimal {
	var d decimal
	s, d.negative = strings.CutPrefix(s, "-")
	switch s {
	case "NaN":
		return decimal{nan: true}
	case "Infinity":
		d.infinite = true
		return d
	}
	s, exponent, _ := strings.Cut(s, "e")
	d.e, _ = strconv.Atoi(exponent)
	whole, fraction, _ := strings.Cut(s, ".")
	m, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return decimal{nan: true}
	}
	d.m, d.e = m, d.e-len(fraction)
	return d
}

func (d decimal) zero() bool { return d.m.Sign() == 0 }

// magnitude is the power of ten of the first digit.
func (d decimal) magnitude() int {
	if d.zero() {
		return 0
	}
	return len(d.m.String()) - 1 + d.e
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// round gives the multiple of increment × 10^place that mode chooses.
func (d decimal) round(place, increment int, mode string) decimal {
	if d.e >= place && increment == 1 {
		return d
	}
	m, e := d.m, d.e
	if e > place {
		m, e = new(big.Int).Mul(m, pow10(e-place)), place
	}
	unit := new(big.Int).Mul(big.NewInt(int64(increment)), pow10(place-e))
	q, r := new(big.Int).QuoRem(m, unit, new(big.Int))
	if r.Sign() != 0 && roundsUp(mode, d.negative, r.Lsh(r, 1).Cmp(unit), q.Bit(0) == 1) {
		q.Add(q, big.NewInt(1))
	}
	d.m, d.e = q.Mul(q, big.NewInt(int64(increment))), place
	return d
}

// roundsUp decides away from zero or not; half compares what is left over with
// the middle.
func roundsUp(mode string, negative bool, half int, odd bool) bool {
	switch mode {
	case "ceil":
		return !negative
	case "floor":
		return negative
	case "expand":
		return true
	case "trunc":
		return false
	}
	if half != 0 {
		return half > 0
	}
	switch mode {
	case "halfCeil":
		return !negative
	case "halfFloor":
		return negative
	case "halfTrunc":
		return false
	case "halfEven":
		return odd
	}
	return true
}

// text gives the digits before and after the point.
func (d decimal) text(minInteger, minFraction int) (integer, fraction string) {
	s := d.m.String()
	if d.e >= 0 {
		integer = s
		if !d.zero() {
			integer += strings.Repeat("0", d.e)
		}
	} else {
		if len(s) <= -d.e {
			s = strings.Repeat("0", -d.e-len(s)+1) + s
		}
		integer, fraction = s[:len(s)+d.e], strings.TrimRight(s[len(s)+d.e:], "0")
	}
	if n := minInteger - len(integer); n > 0 {
		integer = strings.Repeat("0", n) + integer
	}
	if n := minFraction - len(fraction); n > 0 {
		fraction += strings.Repeat("0", n)
	}
	return integer, fraction
}
