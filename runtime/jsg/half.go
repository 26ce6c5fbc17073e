package jsg

import "math"

// Half floats: a sign, five bits of exponent, ten of fraction.

// toHalf rounds a double to the nearest half, ties to even.
func toHalf(x float64) uint16 {
	const infinite, smallest, normal = 65520, 1.0 / (1 << 24), 1.0 / (1 << 14)
	var sign uint16
	if math.Signbit(x) {
		sign = 0x8000
	}
	switch x = math.Abs(x); {
	case math.IsNaN(x):
		return 0x7E00
	case x >= infinite:
		return sign | 0x7C00
	case x < normal:
		return sign | uint16(math.RoundToEven(x/smallest))
	}
	fraction, exponent := math.Frexp(x) // x is fraction * 2^exponent, at least a half
	units := uint16(math.RoundToEven(fraction * (1 << 11)))
	return sign | (uint16(exponent+13)<<10 + units) // the highest unit adds one to the exponent
}

func fromHalf(h uint16) float64 {
	sign := 1.0
	if h&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(h>>10&31), float64(h&1023)
	switch {
	case exponent == 31 && fraction != 0:
		return math.NaN()
	case exponent == 31:
		return sign * math.Inf(1)
	case exponent == 0:
		return math.Copysign(math.Ldexp(fraction, -24), sign)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
