package jsg

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// Keys of collections. The engine makes the array of a tagged template anew at
// each call and only compares it as if it were the same, and takes no symbols as
// weak keys; both get an object of their own, once per realm.

type keys struct {
	templates map[unsafe.Pointer]*Object
	symbols   map[*Symbol]*Object
	keyFor    goja.Callable
}

// templateKind is the type of the engine's record of such an array, and where it
// keeps the identity of its place in the program.
func (l *layout) findTemplates(sample *goja.Runtime) {
	v, err := sample.RunString("(s => s)``")
	check(err)
	o := v.(*Object)
	l.template = l.record(o).kind
	f, ok := l.selfOf(o).Type().Elem().FieldByName("idPtr")
	if !ok || f.Type.Kind() != reflect.Pointer {
		panic("jsg: in this version of the engine tagged templates have no identity")
	}
	l.place = f.Offset
}

// key is what stands for v in a collection, nil if that is v itself.
func (js *Scope) key(v Value, weak bool) *Object {
	switch k := v.(type) {
	case *Object:
		r := engine().record(k)
		if r.kind != engine().template {
			return nil
		}
		place := *(*unsafe.Pointer)(unsafe.Add(r.data, engine().place))
		if js.keys.templates == nil {
			js.keys.templates = map[unsafe.Pointer]*Object{}
		}
		if first := js.keys.templates[place]; first != nil {
			return first
		}
		js.keys.templates[place] = k
	case *Symbol:
		if !weak {
			return nil
		}
		if registered, err := js.keys.keyFor(goja.Undefined(), k); err != nil || !goja.IsUndefined(registered) {
			return nil // the engine refuses it
		}
		if js.keys.symbols == nil {
			js.keys.symbols = map[*Symbol]*Object{}
		}
		if js.keys.symbols[k] == nil {
			js.keys.symbols[k] = js.rt.NewObject()
		}
		return js.keys.symbols[k]
	}
	return nil
}

// mendKeys gives the methods of collections the keys above.
func (js *Scope) mendKeys() {
	js.keys.keyFor = callable(js.global.Get("Symbol").(*Object).Get("keyFor"))
	for _, c := range []struct {
		class   string
		weak    bool
		methods []string
	}{
		{"Map", false, []string{"get", "set", "has", "delete"}},
		{"Set", false, []string{"add", "has", "delete"}},
		{"WeakMap", true, []string{"get", "set", "has", "delete"}},
		{"WeakSet", true, []string{"add", "has", "delete"}},
	} {
		proto := js.prototype(c.class)
		for _, name := range c.methods {
			wrap(proto, name, func(next nativeCall) nativeCall {
				return func(fc goja.FunctionCall) goja.Value {
					if len(fc.Arguments) > 0 {
						if k := js.key(fc.Arguments[0], c.weak); k != nil {
							fc.Arguments = append([]Value{k}, fc.Arguments[1:]...)
						}
					}
					return next(fc)
				}
			})
		}
	}
}
