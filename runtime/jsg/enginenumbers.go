package jsg

import (
	"math"
	"unsafe"
)

// Numbers as values, and back.

func numberOf(v *Value) (float64, bool) {
	switch r := recordOf(v); r.kind {
	case intKind:
		return float64(*(*int64)(r.data)), true
	case floatKind:
		return *(*float64)(r.data), true
	}
	return 0, false
}

// bitsOfFloat are the low 32 bits of a number that has at most 64.
func bitsOfFloat(f float64) (bits uint32, ok bool) {
	const tooLarge = 1 << 62
	if f > -tooLarge && f < tooLarge {
		return uint32(int64(f)), true
	}
	return 0, false
}

func remainder(a, b float64) float64 {
	const exact = 1 << 53
	if a > 0 && a <= exact && b > 0 && b <= exact {
		if i, j := int64(a), int64(b); float64(i) == a && float64(j) == b {
			return float64(i % j)
		}
	}
	return math.Mod(a, b)
}

// smallNumbers are integers that need not be made. They are there before the first
// realm is, and never written again.
var smallNumbers [1 << 15]int64

const leastSmall = -1024

func makeSmallNumbers() {
	for at := range smallNumbers {
		smallNumbers[at] = int64(at + leastSmall)
	}
}

// intValue is an integer of at most 53 bits as a value.
func intValue(i int64) (v Value) {
	if at := uint64(i - leastSmall); at < uint64(len(smallNumbers)) {
		*recordOf(&v) = record{intKind, unsafe.Pointer(&smallNumbers[at])}
		return v
	}
	return intToValue(i)
}

func numberValue(f float64) Value {
	const exact = 1 << 53
	if i := int64(f); float64(i) == f && i <= exact && i >= -exact && (i != 0 || !math.Signbit(f)) {
		return intValue(i)
	}
	return floatToValue(f)
}
