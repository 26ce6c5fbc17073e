package jsg

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/dop251/goja"
)

// What V8 refuses to make because it is too large. The engine tries, and takes
// the process with it.

const (
	// maxString is V8's, in code units.
	maxString = 1<<29 - 24
	// MaxBuffer is how long a buffer may be. V8's is larger than a worker's
	// memory as well.
	MaxBuffer = 1 << 30
	// maxItems is how many elements one call may give an array.
	maxItems = 1 << 26
	// maxBigInt is how many bits V8's BigInt may have.
	maxBigInt = 1 << 30
)

func (js *Scope) rangeError(format string, args ...any) any {
	return js.newError(&Error{Name: "RangeError", Message: fmt.Sprintf(format, args...)})
}

func (js *Scope) limitBuiltins() {
	js.limitStrings(js.prototype("String"))
	js.limitArrays(js.global.Get("Array").(*Object))
	bigInt := js.global.Get("BigInt").(*Object)
	wrap(bigInt, "asUintN", js.limitBigInt(false))
	wrap(bigInt, "asIntN", js.limitBigInt(true))
}

func (js *Scope) prototype(class string) *Object {
	return js.global.Get(class).(*Object).Get("prototype").(*Object)
}

// primitive makes an argument that is read more than once one that may be.
func primitive(args []Value, i int) (n float64, ok bool) {
	if i >= len(args) || args[i] == nil || goja.IsUndefined(args[i]) {
		return 0, false
	}
	if _, isSymbol := args[i].(*Symbol); isSymbol || IsBigInt(args[i]) {
		return 0, false // the engine throws
	}
	if isObject(args[i]) {
		args[i] = args[i].ToNumber()
	}
	return args[i].ToFloat(), true
}

// plainLength is the length of an object that is no array, as far as that is
// known without running code.
func plainLength(o *Object) (float64, bool) {
	r, ok := engine().plainRecord(o)
	if !ok {
		return 0, false
	}
	n := r.values["length"]
	if n == nil || !IsNumber(n) {
		return 0, false
	}
	return min(n.ToFloat(), 1<<53-1), true
}

func (js *Scope) limitStrings(proto *Object) {
	tooLong := func() { panic(js.rangeError("Invalid string length")) }
	wrap(proto, "repeat", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			s, isString := fc.This.(goja.String)
			n, ok := primitive(fc.Arguments, 0)
			switch {
			case !ok || !isString:
			case n <= -1 || math.IsInf(n, 1):
				panic(js.rangeError("Invalid count value: %s", fc.Arguments[0]))
			case n*float64(s.Length()) > maxString:
				tooLong()
			}
			return next(fc)
		}
	})
	for _, name := range []string{"padStart", "padEnd"} {
		wrap(proto, name, func(next nativeCall) nativeCall {
			return func(fc goja.FunctionCall) goja.Value {
				if n, ok := primitive(fc.Arguments, 0); ok && n > maxString {
					if filler := fc.Argument(1); goja.IsUndefined(filler) || filler.String() != "" {
						tooLong()
					}
					return fc.This.ToString()
				}
				return next(fc)
			}
		})
	}
	wrap(proto, "concat", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			n := stringLength(fc.This)
			for _, v := range fc.Arguments {
				n += stringLength(v)
			}
			if n > maxString {
				tooLong()
			}
			if stringLength(fc.This) < joinFrom {
				return next(fc)
			}
			if joined, ok := js.texts.join(fc.This, fc.Arguments); ok {
				return joined
			}
			joined := next(fc)
			js.texts.remember(joined)
			return joined
		}
	})
	wrap(proto, "replaceAll", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			s, by := stringLength(fc.This), stringLength(fc.Argument(1))
			if pattern, ok := fc.Argument(0).(goja.String); ok && product(s+1, by) > maxString {
				n := strings.Count(fc.This.String(), pattern.String())
				if s+product(n, by-pattern.Length()) > maxString {
					tooLong()
				}
			}
			return next(fc)
		}
	})
}

func stringLength(v Value) int {
	if s, ok := v.(goja.String); ok {
		return s.Length()
	}
	return 0
}

// product is a*b, or a large number where that is larger still.
func product(a, b int) int {
	if a <= 0 || b <= 0 {
		return a * b
	}
	if hi, lo := bits.Mul64(uint64(a), uint64(b)); hi == 0 && lo < math.MaxInt/4 {
		return int(lo)
	}
	return math.MaxInt / 4
}

func (js *Scope) limitArrays(array *Object) {
	proto := array.Get("prototype").(*Object)
	wrap(proto, "join", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			if o, ok := fc.This.(*Object); ok && js.joined(o, fc.Argument(0)) > maxString {
				panic(js.rangeError("Invalid string length"))
			}
			return next(fc)
		}
	})
	wrap(proto, "fill", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			if o, ok := fc.This.(*Object); ok && len(fc.Arguments) < 2 && isArray(o) && o.Get("length").ToInteger() > maxItems {
				panic(js.rangeError("Invalid array length"))
			}
			return next(fc)
		}
	})
	for _, name := range []string{"toSorted", "toReversed", "with", "toSpliced"} {
		wrap(proto, name, func(next nativeCall) nativeCall {
			return func(fc goja.FunctionCall) goja.Value {
				if o, ok := fc.This.(*Object); ok {
					if n, ok := plainLength(o); ok && n >= 1<<32 {
						panic(js.rangeError("Invalid array length"))
					}
				}
				return next(fc)
			}
		})
	}
	wrap(array, "from", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			if o, ok := fc.Argument(0).(*Object); ok {
				if n, ok := plainLength(o); ok && n > maxItems {
					panic(js.rangeError("Invalid array length"))
				}
			}
			return next(fc)
		}
	})
}

// isArray is false for a proxy, whose traps are not to be called twice.
func isArray(o *Object) bool { return o.ClassName() == "Array" && o.ExportType() != proxyType }

// joined is how long the text of an array is at least.
func (js *Scope) joined(o *Object, separator Value) int {
	by := 1
	if !goja.IsUndefined(separator) {
		by = stringLength(separator)
	}
	if !isArray(o) {
		return 0
	}
	n := product(int(o.Get("length").ToInteger())-1, by)
	items, _ := engine().arrayItems(o)
	for _, item := range items {
		n += stringLength(item)
	}
	return n
}

// limitBigInt keeps asIntN and asUintN from making all bits they are asked for.
func (js *Scope) limitBigInt(signed bool) func(nativeCall) nativeCall {
	return func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			n, ok := primitive(fc.Arguments, 0)
			if !ok || n <= maxBigInt || n > 1<<53-1 || !IsBigInt(fc.Argument(1)) {
				return next(fc)
			}
			if !signed && strings.HasPrefix(fc.Argument(1).String(), "-") {
				panic(js.rangeError("Maximum BigInt size exceeded"))
			}
			return fc.Argument(1) // which has fewer bits
		}
	}
}
