package rounded

import "math"

// The hyperbolic functions are those of fdlibm, as V8 has them, made of the
// others: they are not rounded correctly. A conversion to float64 keeps the
// compiler from joining a product and a sum.

const (
	tiny  = 0x1p-28
	large = 0x1p28
	full  = 22 // from where on the smaller exponential does not count

	largestExp  = 709.782470703125  // whose exponential is below infinity
	largestSinh = 710.4758600739439 // half of whose exponential is
)

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 {
	half, a := math.Copysign(0.5, x), math.Abs(x)
	switch {
	case x != x || a < tiny:
		return x
	case a < 1:
		t := Expm1(a)
		return half * (float64(2*t) - float64(t*t)/(t+1))
	case a < full:
		t := Expm1(a)
		return half * (t + t/(t+1))
	case a < largestExp:
		return half * Exp(a)
	case a <= largestSinh:
		w := Exp(a / 2)
		return half * w * w
	}
	return math.Copysign(math.Inf(1), x)
}

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a < math.Ln2/2:
		t := Expm1(a)
		w := 1 + t
		if a < 0x1p-55 {
			return w
		}
		return 1 + float64(t*t)/(w+w)
	case a < full:
		t := Exp(a)
		return float64(t/2) + 0.5/t
	case a < largestExp:
		return Exp(a) / 2
	case a <= largestSinh:
		w := Exp(a / 2)
		return w / 2 * w
	}
	return math.Inf(1)
}

// Tanh is the hyperbolic tangent, of fdlibm's own exponential, which Go has too.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	z := 1.0
	switch {
	case x != x || a < 0x1p-55:
		return x
	case a < 1:
		t := math.Expm1(-2 * a)
		z = -t / (t + 2)
	case a < full:
		t := math.Expm1(2 * a)
		z = 1 - 2/(t+2)
	}
	return math.Copysign(z, x)
}

// Asinh is the inverse of the hyperbolic sine.
func Asinh(x float64) float64 {
	a := math.Abs(x)
	var w float64
	switch {
	case x != x || math.IsInf(x, 0) || a < tiny:
		return x
	case a > large:
		w = Log(a) + math.Ln2
	case a > 2:
		w = Log(float64(2*a) + 1/(math.Sqrt(float64(x*x)+1)+a))
	default:
		t := float64(x * x)
		w = Log1p(a + t/(1+math.Sqrt(1+t)))
	}
	return math.Copysign(w, x)
}

// Acosh is the inverse of the hyperbolic cosine.
func Acosh(x float64) float64 {
	switch {
	case x != x || x < 1:
		return math.NaN()
	case math.IsInf(x, 1):
		return x
	case x >= large:
		return Log(x) + math.Ln2
	case x > 2:
		return Log(float64(2*x) - 1/(x+math.Sqrt(float64(x*x)-1)))
	}
	t := x - 1
	return Log1p(t + math.Sqrt(float64(2*t)+float64(t*t)))
}

// Atanh is the inverse of the hyperbolic tangent.
func Atanh(x float64) float64 {
	a := math.Abs(x)
	var t float64
	switch {
	case x != x || a > 1:
		return math.NaN()
	case a == 1:
		return math.Copysign(math.Inf(1), x)
	case a < tiny:
		return x
	case a < 0.5:
		t = a + a
		t = Log1p(t+float64(t*a)/(1-a)) / 2
	default:
		t = Log1p((a+a)/(1-a)) / 2
	}
	return math.Copysign(t, x)
}
