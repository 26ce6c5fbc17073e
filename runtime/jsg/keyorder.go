package jsg

import (
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// The order of keys, where the engine's is another than V8's.

// exchangeKeys gives the names of a function's properties in V8's order, and a
// view of a buffer that was taken away none.
func exchangeKeys(t *objectTemplate) {
	for _, name := range []string{"getOwnPropertyNames", "getOwnPropertyDescriptors", "keys", "values", "entries"} {
		t.exchange(name, func(_ *goja.Runtime, next nativeCall) nativeCall { return orderedKeys(next) })
	}
}

func orderedKeys(next nativeCall) nativeCall {
	return func(fc goja.FunctionCall) goja.Value {
		o, ok := fc.Argument(0).(*Object)
		if !ok {
			return next(fc)
		}
		engine().shrinkDetached(o)
		v := next(fc)
		if o.ClassName() == "Function" {
			orderFunction(v.(*Object))
		}
		return v
	}
}

// orderFunction puts prototype behind length and name, in a list of names or an
// object that has them.
func orderFunction(list *Object) {
	l := engine()
	if items, ok := l.arrayItems(list); ok {
		putThird(items, func(v Value) string {
			if s, ok := v.(goja.String); ok {
				return s.String()
			}
			return ""
		})
	} else if r, ok := l.plainRecord(list); ok {
		putThird(r.propNames, unistring.String.String)
	}
}

func putThird[T any](list []T, text func(T) string) {
	at := slices.IndexFunc(list, func(v T) bool { return text(v) == "prototype" })
	if at < 0 {
		return
	}
	prototype := list[at]
	rest := slices.Delete(slices.Clone(list), at, at+1)
	to := 0
	for i, v := range rest {
		if s := text(v); s == "length" && i == to || s == "name" && i == to {
			to = i + 1
		} else if i == to && isIndex(s) {
			to++
		}
	}
	copy(list, slices.Insert(rest, to, prototype))
}

func isIndex(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// shrinkDetached lets a typed array have no elements if its buffer is detached,
// which it stays.
func (l *layout) shrinkDetached(o *Object) {
	if r := l.record(o); r.kind == l.typedArray {
		if a := (*typedArrayRecord)(r.data); a.viewedArrayBuf.detached {
			a.length = 0
		}
	}
}

// OrderMatch gives the result of a regular expression's exec its keys in V8's
// order: index before input.
func OrderMatch(result *Object) {
	r := engine().record(result)
	if r.kind != engine().array {
		return
	}
	names := (*objectRecord)(r.data).propNames
	if at := slices.Index(names, "input"); at >= 0 && at+1 < len(names) && names[at+1] == "index" {
		names[at], names[at+1] = names[at+1], names[at]
	}
}
