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
	js.Define(o, "proxyParts", js.Func("proxyParts", 1, proxyParts))
	js.Define(o, "remaining", js.Func("remaining", 1, remaining))
	return o
}

// proxyParts is [target, handler] of a Proxy, nulls once it is revoked.
func proxyParts(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
	target, handler, ok := jsg.ProxyParts(a.Value(0))
	switch {
	case !ok:
		return jsg.Undefined, nil
	case target == nil:
		return js.NewArray(jsg.Null, jsg.Null), nil
	}
	return js.NewArray(target, handler), nil
}

// remaining is what an iterator of a Map or Set has yet to give, and whether in
// pairs.
func remaining(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
	items, pairs, ok := jsg.Remaining(a.Value(0))
	if !ok {
		return jsg.Undefined, nil
	}
	return js.NewArray(js.NewArray(items...), js.Bool(pairs)), nil
}
