package rounded

import (
	"math"
	"math/big"
)

const (
	ln2High   = 0x1.62e42fefa39efp-1
	ln10High  = 0x1.26bb1bbb55516p+1
	ln2Short  = 0x1.62e42fefap-1 // times a number of ten bits it is exact
	ln2Middle = 0x1.cf79abc9ep-40
)

var (
	ln2  = double{ln2High, math.Ln2 - ln2High}
	ln10 = double{ln10High, math.Ln10 - ln10High}
)

// exponential is e^x - 1, to be multiplied by 2^k after 1 was added; x is no
// larger than what makes e^x overflow.
func exponential(x double) (less1 double, k int) {
	n := math.RoundToEven(x.hi / math.Ln2)
	r := twoSum(x.hi, -n*ln2Short)
	r = r.add(twoProduct(-n, ln2Middle)).add(twoProduct(-n, math.Ln2-ln2Short-ln2Middle)).add(double{x.lo, 0})
	return halved(r), int(n)
}

// halved is e^r - 1, by (e^(r/64))^64.
func halved(r double) double {
	const times = 6
	r = r.scale(1.0 / (1 << times))
	sum := series(factorials[1:12], r, 6).mul(r)
	for range times {
		sum = sum.scale(2).add(sum.mul(sum))
	}
	return sum
}

func raise(x double) float64 {
	switch {
	case x.hi != x.hi:
		return x.hi
	case x.hi > 710:
		return math.Inf(1)
	case x.hi < -750:
		return 0
	}
	less1, k := exponential(x)
	return less1.add(double{1, 0}).times2(k)
}

// times2 is a·2^k as a float64.
func (a double) times2(k int) float64 {
	if f := math.Ldexp(a.hi+a.lo, k); math.Abs(f) >= 0x1p-1021 || f == 0 && k > -1100 {
		return f
	}
	const bits = 160
	sum := new(big.Float).SetPrec(bits).Add(new(big.Float).SetPrec(bits).SetFloat64(a.hi), new(big.Float).SetFloat64(a.lo))
	f, _ := sum.SetMantExp(sum, k).Float64()
	return f
}

// Exp is e^x.
func Exp(x float64) float64 { return raise(double{x, 0}) }

// Expm1 is e^x - 1.
func Expm1(x float64) float64 {
	switch {
	case x != x || x == 0 || math.IsInf(x, 1):
		return x
	case x > 710:
		return math.Inf(1)
	case x < -60:
		return -1
	case math.Abs(x) < 0x1p-60:
		return x
	}
	r := lessOne(double{x, 0})
	return r.hi + r.lo
}

// lessOne is e^x - 1.
func lessOne(x double) double {
	if math.Abs(x.hi) < 0.25 {
		return halved(x)
	}
	r, k := exponential(x)
	if k > 1000 { // 2^k may be beyond a float64
		half := math.Ldexp(1, k-10)
		return r.add(double{1, 0}).scale(half).scale(1 << 10)
	}
	return r.add(double{1, 0}).scale(math.Ldexp(1, k)).sub(double{1, 0})
}

// logarithm is that of x, which is positive and not close to 1.
func logarithm(x double) double {
	f, k := math.Frexp(x.hi)
	if f < math.Sqrt2/2 {
		f *= 2
		k--
	}
	m := double{f, math.Ldexp(x.lo, -k)}
	log := nearOne(m.sub(double{1, 0}))
	if k == 0 {
		return log
	}
	n := float64(k)
	return ln2.mul(double{n, 0}).add(log)
}

// nearOne is log(1+f).
func nearOne(f double) double {
	if math.Abs(f.hi) < 1.0/64 {
		s := f.div(f.add(double{2, 0}))
		return series(odds[:10], s.mul(s), 5).mul(s).scale(2)
	}
	// Newton's method, from an approximation.
	guess := math.Log1p(f.hi)
	u := halved(double{-guess, 0})
	u = u.mul(f).add(u).add(f) // (1+f)·e^-guess - 1
	return twoSum(guess, u.hi-u.hi*u.hi/2).add(double{u.lo, 0})
}

func special(x float64) (float64, bool) {
	switch {
	case x != x || x < 0:
		return math.NaN(), true
	case x == 0:
		return math.Inf(-1), true
	case math.IsInf(x, 1):
		return x, true
	}
	return 0, false
}

// Log is the natural logarithm.
func Log(x float64) float64 {
	if f, ok := special(x); ok {
		return f
	}
	r := logarithm(double{x, 0})
	return r.hi + r.lo
}

// Log2 is that to the base 2.
func Log2(x float64) float64 {
	if f, ok := special(x); ok {
		return f
	}
	r := logarithm(double{x, 0}).div(ln2)
	return r.hi + r.lo
}

// Log10 is that to the base 10.
func Log10(x float64) float64 {
	if f, ok := special(x); ok {
		return f
	}
	r := logarithm(double{x, 0}).div(ln10)
	return r.hi + r.lo
}

// Log1p is log(1+x).
func Log1p(x float64) float64 {
	switch {
	case x == 0 || x != x || math.IsInf(x, 1) || math.Abs(x) < 0x1p-60:
		return x
	case x <= -1:
		f, _ := special(1 + x)
		return f
	}
	var r double
	if math.Abs(x) < 0.25 {
		r = nearOne(double{x, 0})
	} else {
		r = logarithm(twoSum(1, x))
	}
	return r.hi + r.lo
}

// Pow is x^y as ECMAScript has it.
func Pow(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case x != x || y != y || math.IsInf(y, 0) && math.Abs(x) == 1:
		return math.NaN()
	case x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0) || x == 1 || x < 0 && y != math.Trunc(y):
		return math.Pow(x, y)
	}
	sign := 1.0
	if x < 0 && math.Mod(y, 2) != 0 {
		sign = -1
	}
	x = math.Abs(x)
	if f, ok := exactPower(x, y); ok {
		return sign * f
	}
	log := logarithm(double{x, 0})
	if approximately := log.hi * y; approximately > 750 {
		return sign * math.Inf(1)
	} else if approximately < -800 {
		return sign * 0
	}
	return sign * raise(log.mul(double{y, 0}))
}

// exactPower multiplies where nothing is lost by it: a product may be in the
// middle between two numbers, which a logarithm cannot tell.
func exactPower(x, y float64) (float64, bool) {
	const most = 34
	if y < 2 || y > most || y != math.Trunc(y) {
		return 0, false
	}
	p := double{x, 0}
	for i := 1; i < int(y); i++ {
		low := twoProduct(p.lo, x)
		high := twoProduct(p.hi, x)
		sum := twoSum(high.lo, low.hi)
		if low.lo != 0 || sum.lo != 0 || math.IsInf(high.hi, 0) || high.hi < 0x1p-900 {
			return 0, false
		}
		p = ordered(high.hi, sum.hi)
	}
	return p.hi, true
}

// Cbrt is the cube root.
func Cbrt(x float64) float64 {
	if x == 0 || x != x || math.IsInf(x, 0) {
		return x
	}
	f, k := math.Frexp(x)
	for k%3 != 0 {
		f *= 2
		k--
	}
	guess := math.Cbrt(f)
	square := twoProduct(guess, guess)
	rest := square.mul(double{guess, 0}).sub(double{f, 0})
	r := double{guess, 0}.sub(rest.div(square.scale(3)))
	r = ordered(r.hi, r.lo)
	return math.Ldexp(r.hi+r.lo, k/3)
}
