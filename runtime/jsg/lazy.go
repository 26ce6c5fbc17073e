package jsg

import "github.com/dop251/goja"

// Properties whose value is made on first read. They are accessors, and the
// descriptors that a program asks for are those of data properties.

// lazySymbol marks the getter of such a property, liveSymbol that of one which
// is asked each time and looks like data too.
var (
	lazySymbol = goja.NewSymbol("miniworker.lazy")
	liveSymbol = goja.NewSymbol("miniworker.live")
)

// DefineLazy creates a property whose value is made on first read.
func (js *Scope) DefineLazy(o *Object, name string, enumerable bool, make func(js *Scope) Value) {
	js.defineLazy(o, name, goja.FLAG_TRUE, goja.ToFlag(enumerable), make)
}

// DefineLazyReadOnly is DefineLazy of a property that cannot be assigned to.
func (js *Scope) DefineLazyReadOnly(o *Object, name string, make func(js *Scope) Value) {
	js.defineLazy(o, name, goja.FLAG_FALSE, goja.FLAG_TRUE, make)
}

func (js *Scope) defineLazy(o *Object, name string, writable, enumerable goja.Flag, make func(js *Scope) Value) {
	get := js.lazyGetter(name, func(js *Scope, _ Value) (Value, error) {
		v := make(js)
		o.DefineDataProperty(name, v, writable, goja.FLAG_TRUE, enumerable)
		return v, nil
	})
	var set Value
	if writable == goja.FLAG_TRUE {
		set = js.lazySetter(name, enumerable)
	}
	o.DefineAccessorProperty(name, get, set, goja.FLAG_TRUE, enumerable)
}

// lazyAccessor makes the functions of a lazy property that several objects have.
func (js *Scope) lazyAccessor(name string, enumerable goja.Flag, make func(js *Scope, this Value) (Value, error)) (get, set *Object) {
	return js.lazyGetter(name, func(js *Scope, this Value) (Value, error) {
		v, err := make(js, this)
		if o, ok := this.(*Object); ok && err == nil {
			o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, enumerable)
		}
		return v, err
	}), js.lazySetter(name, enumerable)
}

func (js *Scope) lazyGetter(name string, f func(js *Scope, this Value) (Value, error)) *Object {
	get := js.Func(name, 0, func(js *Scope, this Value, _ *Args) (Value, error) { return f(js, this) })
	get.DefineDataPropertySymbol(lazySymbol, get, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return get
}

// lazySetter does what an assignment to a data property does, on whatever object
// inherits it.
func (js *Scope) lazySetter(name string, enumerable goja.Flag) *Object {
	return js.Func(name, 1, func(js *Scope, this Value, a *Args) (Value, error) {
		o, ok := this.(*Object)
		if !ok {
			o = js.global
		}
		o.DefineDataProperty(name, a.Value(0), goja.FLAG_TRUE, goja.FLAG_TRUE, enumerable)
		return Undefined, nil
	})
}

// markLive says that the descriptor of a property with that getter is the one of
// a data property, though it is read anew each time.
func (js *Scope) markLive(get *Object) {
	get.DefineDataPropertySymbol(liveSymbol, get, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
}

// mendDescriptors gives lazy and live properties the descriptors of data
// properties.
func (js *Scope) mendDescriptors(object, reflect *Object) {
	one := func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			d := next(fc)
			js.asData(fc.Argument(0), d)
			return d
		}
	}
	wrap(object, "getOwnPropertyDescriptor", one)
	wrap(reflect, "getOwnPropertyDescriptor", one)
	wrap(object, "getOwnPropertyDescriptors", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			all := next(fc).(*Object)
			for _, name := range all.Keys() {
				js.asData(fc.Argument(0), all.Get(name))
			}
			return all
		}
	})
}

// asData changes the descriptor of a property of o into one of data, if the
// property is to look like that.
func (js *Scope) asData(o, descriptor Value) {
	d, ok := descriptor.(*Object)
	if !ok {
		return
	}
	get, ok := d.Get("get").(*Object)
	if !ok || get.GetSymbol(lazySymbol) == nil && get.GetSymbol(liveSymbol) == nil {
		return
	}
	v, err := callable(get)(o)
	check(err)
	writable := IsFunction(d.Get("set"))
	check(d.Delete("get"))
	check(d.Delete("set"))
	js.Define(d, "value", v)
	js.Define(d, "writable", js.Bool(writable))
}
