package rounded

import "math"

// double is a number of some 106 bits: the sum of two that do not overlap.
type double struct{ hi, lo float64 }

// twoSum and twoProduct are exact: the result and what rounding took off it.
func twoSum(a, b float64) double {
	s := a + b
	t := s - a
	return double{s, (a - (s - t)) + (b - t)}
}

func twoProduct(a, b float64) double {
	p := float64(a * b)
	return double{p, math.FMA(a, b, -p)}
}

// ordered is twoSum where a is the larger one.
func ordered(a, b float64) double {
	s := a + b
	return double{s, b - (s - a)}
}

func (a double) add(b double) double {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	s = ordered(s.hi, s.lo+t.hi)
	return ordered(s.hi, s.lo+t.lo)
}

func (a double) sub(b double) double { return a.add(double{-b.hi, -b.lo}) }

func (a double) mul(b double) double {
	p := twoProduct(a.hi, b.hi)
	return ordered(p.hi, p.lo+math.FMA(a.hi, b.lo, float64(a.lo*b.hi)))
}

func (a double) div(b double) double {
	q := a.hi / b.hi
	r := a.sub(b.mul(double{q, 0}))
	q2 := r.hi / b.hi
	r = r.sub(b.mul(double{q2, 0}))
	return ordered(q, q2).add(double{r.hi / b.hi, 0})
}

func (a double) sqrt() double {
	if a.hi <= 0 {
		return double{}
	}
	r := math.Sqrt(a.hi)
	return ordered(r, a.sub(twoProduct(r, r)).hi/(2*r))
}

// scale multiplies by a power of two, without rounding.
func (a double) scale(by float64) double { return double{a.hi * by, a.lo * by} }

func (a double) neg() double { return double{-a.hi, -a.lo} }

// series is c[0] + x·(c[1] + x·(…)). Of the terms from exact on a float64 is enough.
func series(c []double, x double, exact int) double {
	rest := 0.0
	i := len(c) - 1
	for ; i >= exact; i-- {
		rest = math.FMA(rest, x.hi, c[i].hi)
	}
	sum := double{rest, 0}
	for ; i >= 0; i-- {
		sum = sum.mul(x).add(c[i])
	}
	return sum
}

// coefficients of series: 1/n!, those of sine and cosine, 1/(2n+1).
var factorials, sines, cosines, odds = coefficients()

func coefficients() (factorials, sines, cosines, odds []double) {
	const most = 28
	f := double{1, 0}
	for n := range most {
		if n > 0 {
			f = f.div(double{float64(n), 0})
		}
		term := f
		if n%4 >= 2 {
			term = f.neg()
		}
		switch {
		case n%2 == 0:
			cosines = append(cosines, term)
		default:
			sines = append(sines, term)
		}
		factorials = append(factorials, f)
		odds = append(odds, double{1, 0}.div(double{float64(2*n + 1), 0}))
	}
	return factorials, sines, cosines, odds
}
