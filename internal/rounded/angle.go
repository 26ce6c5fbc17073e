package rounded

import (
	"math"
	"math/big"
	"sync"
)

const (
	half1 = 0x1.921fb544p+0 // parts of π/2 of 33 bits
	half2 = 0x1.0b4611a6p-34
	half3 = 0x1.3198a2ep-69
	half4 = math.Pi/2 - half1 - half2 - half3

	halfPiHigh = 0x1.921fb54442d18p+0
)

var halfPi = double{halfPiHigh, math.Pi/2 - halfPiHigh}

// reduce takes multiples of π/2 off an angle, and counts them.
func reduce(x float64) (r double, quarter int) {
	const most, least = 1 << 19, 0x1p-20
	if math.Abs(x) < math.Pi/4 {
		return double{x, 0}, 0
	}
	if n := math.RoundToEven(x / (math.Pi / 2)); math.Abs(n) < most {
		r = twoSum(x, -n*half1).add(double{-n * half2, 0}).add(double{-n * half3, 0}).add(twoProduct(-n, half4))
		if math.Abs(r.hi) > least {
			return r, int(int64(n) & 3)
		}
	}
	return reduceLarge(x)
}

// fractionBits is how many bits of 2/π are behind the point: as many as the
// largest number needs for what is left of it to have all of its own.
const fractionBits = 1024 + 53 + 170

// twoByPi is 2/π times 2^fractionBits.
var twoByPi = sync.OnceValue(func() *big.Int {
	const more = 32
	one := new(big.Int).Lsh(big.NewInt(1), fractionBits+more)
	arctan := func(inverse int64) *big.Int {
		sum, term := new(big.Int), new(big.Int).Div(one, big.NewInt(inverse))
		square := big.NewInt(inverse * inverse)
		for n := int64(1); term.Sign() != 0; n += 2 {
			part := new(big.Int).Div(term, big.NewInt(n))
			if n%4 == 1 {
				sum.Add(sum, part)
			} else {
				sum.Sub(sum, part)
			}
			term.Div(term, square)
		}
		return sum
	}
	// π/4 = 4·arctan(1/5) - arctan(1/239)
	quarter := new(big.Int).Sub(new(big.Int).Lsh(arctan(5), 2), arctan(239))
	return new(big.Int).Div(new(big.Int).Lsh(big.NewInt(1), 2*fractionBits+more), quarter.Lsh(quarter, 1))
})

func reduceLarge(x float64) (double, int) {
	f, k := math.Frexp(x)
	m := big.NewInt(int64(f * (1 << 53)))
	m.Mul(m, twoByPi()) // x·2/π, times 2^(fractionBits+53-k)
	point := uint(fractionBits + 53 - k)
	n := new(big.Int).Rsh(new(big.Int).Add(m, new(big.Int).Lsh(big.NewInt(1), point-1)), point)
	m.Sub(m, new(big.Int).Lsh(n, point))
	rest := new(big.Float).SetPrec(160).SetInt(m)
	rest.SetMantExp(rest, -int(point))
	hi, _ := rest.Float64()
	lo, _ := rest.Sub(rest, big.NewFloat(hi)).Float64()
	return double{hi, lo}.mul(halfPi), int(new(big.Int).And(n, big.NewInt(3)).Int64())
}

func sine(r double) double   { x := r.mul(r); return series(sines, x, 9).mul(r) }
func cosine(r double) double { return series(cosines, r.mul(r), 10) }

// sineCosine is both of an angle.
func sineCosine(x float64) (sin, cos double) {
	r, quarter := reduce(x)
	sin, cos = sine(r), cosine(r)
	switch quarter {
	case 1:
		return cos, sin.neg()
	case 2:
		return sin.neg(), cos.neg()
	case 3:
		return cos.neg(), sin
	}
	return sin, cos
}

// Sin is the sine.
func Sin(x float64) float64 {
	switch {
	case x != x || math.IsInf(x, 0):
		return math.NaN()
	case x == 0:
		return x
	case math.Abs(x) < 0x1p-27:
		return math.FMA(x, -0x1p-55, x)
	}
	r, quarter := reduce(x)
	v := sine
	if quarter%2 == 1 {
		v = cosine
	}
	s := v(r)
	if quarter >= 2 {
		s = s.neg()
	}
	return s.hi + s.lo
}

// Cos is the cosine.
func Cos(x float64) float64 {
	if x != x || math.IsInf(x, 0) {
		return math.NaN()
	}
	r, quarter := reduce(x)
	v := cosine
	if quarter%2 == 1 {
		v = sine
	}
	s := v(r)
	if quarter == 1 || quarter == 2 {
		s = s.neg()
	}
	return s.hi + s.lo
}

// Tan is the tangent.
func Tan(x float64) float64 {
	switch {
	case x != x || math.IsInf(x, 0):
		return math.NaN()
	case math.Abs(x) < 0x1p-27:
		return math.FMA(x, 0x1p-55, x)
	}
	sin, cos := sineCosine(x)
	t := sin.div(cos)
	return t.hi + t.lo
}

// angle is that of a point, whose coordinates are neither large nor small.
func angle(y, x double) double {
	guess := math.Atan2(y.hi, x.hi)
	sin, cos := sineCosine(guess)
	u := y.mul(cos).sub(x.mul(sin)).div(x.mul(cos).add(y.mul(sin)))
	return twoSum(guess, u.hi).add(double{u.lo, 0})
}

// Atan2 is the angle of a point.
func Atan2(y, x float64) float64 {
	if x != x || y != y || x == 0 || y == 0 || math.IsInf(x, 0) || math.IsInf(y, 0) {
		return math.Atan2(y, x)
	}
	_, ky := math.Frexp(y)
	_, kx := math.Frexp(x)
	switch {
	case ky-kx < -60 && x > 0:
		return y/x + 0 // what is too small for a number is 0, without the sign
	case ky-kx < -120:
		return math.Copysign(math.Pi, y)
	case ky-kx > 120:
		return math.Copysign(math.Pi/2, y)
	}
	k := -max(kx, ky)
	a := angle(double{math.Ldexp(y, k), 0}, double{math.Ldexp(x, k), 0})
	return a.hi + a.lo
}

// Atan is the arc tangent.
func Atan(x float64) float64 {
	if x != x || math.Abs(x) < 0x1p-26 { // V8's are not rounded down there
		return x
	}
	return Atan2(x, 1)
}

// Asin is the arc sine.
func Asin(x float64) float64 {
	switch {
	case x != x || math.Abs(x) > 1:
		return math.NaN()
	case math.Abs(x) < 0x1p-60:
		return x
	}
	a := angle(double{x, 0}, opposite(x))
	return a.hi + a.lo
}

// Acos is the arc cosine.
func Acos(x float64) float64 {
	switch {
	case x != x || math.Abs(x) > 1:
		return math.NaN()
	case x == 1:
		return 0
	}
	a := angle(opposite(x), double{x, 0})
	return a.hi + a.lo
}

// opposite is the other coordinate of a point of the circle.
func opposite(x float64) double { return twoSum(1, -x).mul(twoSum(1, x)).sqrt() }
