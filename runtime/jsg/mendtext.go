package jsg

import (
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// mendStrings keeps the halves of surrogate pairs that stand alone.
func (js *Scope) mendStrings(proto *Object) {
	for _, name := range []string{"toUpperCase", "toLowerCase", "normalize"} {
		wrap(proto, name, func(next nativeCall) nativeCall {
			return func(fc goja.FunctionCall) goja.Value {
				units, wide := wideUnits(fc.This)
				if !wide || loneSurrogate(units, 0) < 0 {
					return next(fc)
				}
				return js.inParts(units, func(part Value) Value {
					fc.This = part
					return next(fc)
				})
			}
		})
	}
}

// mendSplit lets split of a regular expression read its limit as 32 bits without a
// sign where the engine calls exec for each match: -1 is no limit.
func (js *Scope) mendSplit(proto *Object) {
	call, _ := natives(proto.GetSymbol(goja.SymSplit).(*Object))
	next := *call
	*call = func(fc goja.FunctionCall) goja.Value {
		if limit := fc.Argument(1); IsNumber(limit) && limit.ToFloat() < 0 {
			fc.Arguments = []Value{fc.Argument(0), js.rt.ToValue(int64(bitsOf(limit)))}
		}
		return next(fc)
	}
}

// inParts applies f to what stands between lone surrogates.
func (js *Scope) inParts(units []uint16, f func(Value) Value) Value {
	var out []uint16
	for from := 0; from <= len(units); {
		end := loneSurrogate(units, from)
		if end < 0 {
			end = len(units)
		}
		out = append(out, UTF16Of(f(goja.StringFromUTF16(units[from:end])))...)
		if end < len(units) {
			out = append(out, units[end])
		}
		from = end + 1
	}
	return goja.StringFromUTF16(out)
}

// loneSurrogate finds the next one from a place on, or -1.
func loneSurrogate(units []uint16, from int) int {
	for i := from; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == '\uFFFD' {
			return i
		}
		i++
	}
	return -1
}

// LoneSurrogate finds the first half of a surrogate pair that stands alone in a
// string, by its place in UTF-8; -1 if there is none.
func LoneSurrogate(v Value) int {
	units, wide := wideUnits(v)
	if !wide {
		return -1
	}
	i := loneSurrogate(units, 0)
	if i < 0 {
		return -1
	}
	return len(string(utf16.Decode(units[:i])))
}

// mendBits gives functions that take 32 bits of a number what they should get of
// one beyond 2^63, which the engine takes for 0.
func (js *Scope) mendBits() {
	const tooLarge, bits = 1 << 63, 1 << 32
	within := func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			for i, v := range fc.Arguments {
				if v.ExportType() != floatType {
					continue
				}
				if f := v.ToFloat(); math.Abs(f) >= tooLarge && !math.IsInf(f, 0) {
					fc.Arguments = slices.Clone(fc.Arguments)
					fc.Arguments[i] = js.rt.ToValue(math.Mod(f, bits))
				}
			}
			return next(fc)
		}
	}
	for _, name := range []string{"imul", "clz32"} {
		wrap(js.global.Get("Math").(*Object), name, within)
	}
	wrap(js.global.Get("String").(*Object), "fromCharCode", within)
	view := js.prototype("DataView")
	for _, name := range []string{"setInt8", "setUint8", "setInt16", "setUint16", "setInt32", "setUint32"} {
		wrap(view, name, within)
	}
}

var floatType = reflect.TypeFor[float64]()

// mendConversions makes numbers of BigInts beyond 64 bits, which the engine takes
// for 0, and -0 of "-0".
func (js *Scope) mendConversions() {
	number := js.global.Get("Number").(*Object)
	toNumber := func(args []goja.Value) []goja.Value {
		if len(args) == 0 || !IsBigInt(args[0]) {
			return args
		}
		n, _ := args[0].Export().(*big.Int)
		f, _ := new(big.Float).SetInt(n).Float64()
		return []goja.Value{js.rt.ToValue(f)}
	}
	call, construct := natives(number)
	nextCall, nextConstruct := *call, *construct
	*call = func(fc goja.FunctionCall) goja.Value {
		fc.Arguments = toNumber(fc.Arguments)
		return nextCall(fc)
	}
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		return nextConstruct(toNumber(args), newTarget)
	}
	zero := js.rt.ToValue(0)
	wrap(js.global, "parseInt", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			v := next(fc)
			if s, ok := fc.Argument(0).(goja.String); ok && v.StrictEquals(zero) && strings.HasPrefix(strings.TrimSpace(s.String()), "-") {
				return js.rt.ToValue(math.Copysign(0, -1))
			}
			return v
		}
	})
}

// mendNumbers writes fractions and large numbers in another radix as V8 does,
// which programs see who make names of Math.random().
func (js *Scope) mendNumbers(proto *Object) {
	wrap(proto, "toString", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			if len(fc.Arguments) == 0 || !IsNumber(fc.This) {
				return next(fc)
			}
			radix, ok := primitive(fc.Arguments, 0)
			v := fc.This.ToFloat()
			if !ok || radix < 2 || radix >= 37 || int(radix) == 10 || math.IsNaN(v) || math.IsInf(v, 0) || v == math.Trunc(v) && math.Abs(v) < 1<<53 {
				return next(fc)
			}
			return js.rt.ToValue(inRadix(v, float64(int(radix))))
		}
	})
}

const digits36 = "0123456789abcdefghijklmnopqrstuvwxyz"

// inRadix gives as many digits of the fraction as tell the number from its
// neighbours, and zeros for digits of the integer that it does not hold.
func inRadix(v, radix float64) string {
	negative := v < 0
	v = math.Abs(v)
	integer := math.Floor(v)
	fraction := v - integer
	delta := max(0.5*(math.Nextafter(v, math.Inf(1))-v), math.SmallestNonzeroFloat64)
	var after []byte
	for more := fraction >= delta; more; more = fraction >= delta {
		fraction *= radix
		delta *= radix
		digit := int(fraction)
		after = append(after, byte(digit))
		fraction -= float64(digit)
		if (fraction > 0.5 || fraction == 0.5 && digit&1 == 1) && fraction+delta > 1 {
			var carry bool
			if after, carry = roundUp(after, byte(radix)); carry {
				integer++
			}
			break
		}
	}
	var before []byte
	for integer/radix >= 1<<53 {
		integer /= radix
		before = append(before, 0)
	}
	for first := true; first || integer > 0; first = false {
		rest := math.Mod(integer, radix)
		before = append(before, byte(rest))
		integer = (integer - rest) / radix
	}
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for i := range before {
		b.WriteByte(digits36[before[len(before)-1-i]])
	}
	if len(after) > 0 {
		b.WriteByte('.')
	}
	for _, d := range after {
		b.WriteByte(digits36[d])
	}
	return b.String()
}

// roundUp adds one to the last digit; carry is set if that leaves no fraction.
func roundUp(digits []byte, radix byte) (rounded []byte, carry bool) {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i]+1 < radix {
			digits[i]++
			return digits[:i+1], false
		}
	}
	return nil, true
}
