package jsg

import (
	"reflect"
	"strings"
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
func (l *layout) findTagged(sample *goja.Runtime) {
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

// weakKey refuses what a weak collection cannot hold.
func (js *Scope) weakKey(class string, fc goja.FunctionCall) {
	v := fc.Argument(0)
	if isObject(v) || js.key(v, true) != nil {
		return
	}
	if this, ok := fc.This.(*Object); !ok || !strings.EqualFold(engine().selfOf(this).Type().Elem().Name(), class+"Object") {
		return // which the engine refuses first
	}
	if class == "WeakMap" {
		panic(js.rt.NewTypeError("Invalid value used as weak map key"))
	}
	panic(js.rt.NewTypeError("Invalid value used in weak set"))
}

// mendWeak makes constructors of weak collections add what they are given by
// their method, which knows the keys above, and say what is no entry.
func (js *Scope) mendWeak(class, adder string) {
	_, construct := natives(js.global.Get(class).(*Object))
	next := *construct
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		if len(args) == 0 || IsNullish(args[0]) {
			return next(args, newTarget)
		}
		o := next(nil, newTarget)
		add, ok := goja.AssertFunction(orUndefined(o.Get(adder)))
		if !ok {
			panic(js.rt.NewTypeError("'%s' returned for property '%s' of object '#<%s>' is not a function", orUndefined(o.Get(adder)), adder, class))
		}
		err := js.Iterate(args[0], func(v Value) (bool, error) {
			if adder == "add" {
				_, err := add(o, v)
				return true, err
			}
			entry, ok := v.(*Object)
			if !ok {
				return false, TypeErrorf("Iterator value %s is not an entry object", v)
			}
			_, err := add(o, orUndefined(entry.Get("0")), orUndefined(entry.Get("1")))
			return true, err
		})
		if err != nil {
			panic(js.thrown(js.wrapError(err)))
		}
		return o
	}
}

// mendKeys gives the methods of collections the keys above.
func (js *Scope) mendKeys() {
	js.mendWeak("WeakMap", "set")
	js.mendWeak("WeakSet", "add")
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
					if c.weak && (name == "set" || name == "add") {
						js.weakKey(c.class, fc)
					}
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
