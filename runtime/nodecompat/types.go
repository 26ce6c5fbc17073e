package nodecompat

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// typesNative is what of node:util/types JavaScript cannot tell.
func typesNative(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	is := func(name string, f func(v jsg.Value) bool) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return js.Bool(f(a.Value(0))), nil
		}))
	}
	class := func(name string) func(v jsg.Value) bool {
		return func(v jsg.Value) bool {
			o, ok := jsg.IsObject(v)
			return ok && !jsg.IsProxy(v) && o.ClassName() == name
		}
	}
	is("isArgumentsObject", class("Arguments"))
	is("isDate", class("Date"))
	is("isRegExp", class("RegExp"))
	is("isNativeError", class("Error"))
	is("isArrayBuffer", func(v jsg.Value) bool { _, ok := jsg.ArrayBufferOf(v); return ok })
	is("isPromise", func(v jsg.Value) bool { state, _ := jsg.Settled(v); return state != jsg.NotPromise })
	is("isProxy", jsg.IsProxy)
	// settled is a promise's state and result, for inspect.
	js.Define(o, "settled", js.Func("settled", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		state, v := jsg.Settled(a.Value(0))
		if v == nil {
			v = jsg.Undefined
		}
		return js.NewArray(js.Int(int64(state)), v), nil
	}))
	return o
}
