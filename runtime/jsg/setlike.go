package jsg

import (
	"math"
	"slices"

	"github.com/dop251/goja"
)

// Methods of Set take what is like a set. The engine takes a size of Infinity,
// which one that follows a rule has ({ size: Infinity, has: isEven, … }), for 0.

// exchangeSet mends the methods where Set is made.
func exchangeSet(global *objectTemplate) {
	global.made("Set", func(rt *goja.Runtime, set *Object) {
		proto := set.Get("prototype").(*Object)
		for _, name := range []string{"union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"} {
			wrap(proto, name, func(next nativeCall) nativeCall {
				return func(fc goja.FunctionCall) Value {
					if like, ok := fc.Argument(0).(*Object); ok && like.ClassName() != "Set" && like.ClassName() != "Map" {
						fc.Arguments = slices.Concat([]Value{bounded(rt, like)}, fc.Arguments[1:])
					}
					return next(fc)
				}
			})
		}
	})
}

// bounded stands for what is like a set. It asks that for each thing when it is
// asked itself, and has a size that is finite.
func bounded(rt *goja.Runtime, like *Object) *Object {
	o := rt.NewObject()
	get := func(name string, as func(Value) Value) {
		getter := rt.ToValue(func(goja.FunctionCall) Value { return as(orUndefined(like.Get(name))) })
		check(o.DefineAccessorProperty(name, getter, nil, goja.FLAG_TRUE, goja.FLAG_TRUE))
	}
	method := func(v Value) Value {
		call, ok := assertCallable(v)
		if !ok {
			return v
		}
		return rt.ToValue(func(fc goja.FunctionCall) Value { return call(goja.FunctionCall{This: like, Arguments: fc.Arguments}) })
	}
	get("size", func(v Value) Value {
		n := v.ToNumber()
		if math.IsInf(n.ToFloat(), 1) {
			return rt.ToValue(1<<53 - 1)
		}
		return n
	})
	get("has", method)
	get("keys", method)
	return o
}
