package jsg

import (
	"math"
	"math/bits"

	"github.com/dop251/goja"

	"github.com/miniworker/miniworker/internal/rounded"
)

// exchangeMath gives Math functions the last digits that they have in V8.
func exchangeMath(t *objectTemplate) {
	for name, f := range map[string]func(float64) float64{
		"sin": rounded.Sin, "cos": rounded.Cos, "tan": rounded.Tan, "asin": rounded.Asin, "acos": rounded.Acos, "atan": rounded.Atan,
		"sinh": rounded.Sinh, "cosh": rounded.Cosh, "tanh": rounded.Tanh, "asinh": rounded.Asinh, "acosh": rounded.Acosh, "atanh": rounded.Atanh,
		"exp": rounded.Exp, "expm1": rounded.Expm1, "log": rounded.Log, "log1p": rounded.Log1p, "log2": rounded.Log2, "log10": rounded.Log10,
		"cbrt": rounded.Cbrt,
	} {
		t.exchange(name, func(*goja.Runtime, nativeCall) nativeCall {
			return func(fc goja.FunctionCall) goja.Value { return floatToValue(f(fc.Argument(0).ToFloat())) }
		})
	}
	t.exchange("atan2", func(*goja.Runtime, nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			y := fc.Argument(0).ToFloat()
			return floatToValue(rounded.Atan2(y, fc.Argument(1).ToFloat()))
		}
	})
	t.exchange("pow", func(*goja.Runtime, nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			base := fc.Argument(0).ToNumber()
			return raised(base, fc.Argument(1).ToNumber())
		}
	})
}

// exchangeParseInt gives parseInt(-0.5) its sign.
func exchangeParseInt(global *objectTemplate) {
	global.exchange("parseInt", func(_ *goja.Runtime, next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			v, arg := next(fc), fc.Argument(0)
			if recordOf(&v).kind == intKind && recordOf(&arg).kind == floatKind && v.ToInteger() == 0 && arg.ToFloat() < 0 {
				return floatToValue(math.Copysign(0, -1))
			}
			return v
		}
	})
}

// raised is the power of a number.
func raised(base, exponent Value) Value {
	b, e := recordOf(&base), recordOf(&exponent)
	if b.kind == intKind && e.kind == intKind {
		if n, ok := integerPower(*(*int64)(b.data), *(*int64)(e.data)); ok {
			return intToValue(n)
		}
	}
	return floatToValue(rounded.Pow(base.ToFloat(), exponent.ToFloat()))
}

// integerPower multiplies integers; ok is false where the result may not be one
// or be too large.
func integerPower(base, exponent int64) (power int64, ok bool) {
	if exponent < 0 || base == math.MinInt64 || exponent > 53 || int64(bits.Len64(uint64(max(base, -base))))*exponent > 53 {
		return 0, false
	}
	power = 1
	for range exponent {
		power *= base
	}
	return power, true
}
