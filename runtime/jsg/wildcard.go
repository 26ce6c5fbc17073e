package jsg

import "github.com/dop251/goja"

// Classes whose instances have any property, or can be called: those that stand
// for something elsewhere.

// installWildcard puts c.Wildcard at the end of the prototype chain: it is asked
// for what neither the instance nor its classes have.
func (c *Class[T]) installWildcard(js *Scope, in *installed) {
	parent := in.proto.Prototype()
	proxy := js.rt.NewProxy(parent, &goja.ProxyTrapConfig{
		GetPrototypeOf: func(*Object) *Object { return parent },
		Has:            func(*Object, string) bool { return true },
		Get: func(_ *Object, name string, receiver Value) Value {
			if name == "__proto__" { // an accessor of the receiver
				return receiver.(*Object).Prototype()
			}
			if v := parent.Get(name); v != nil {
				return v
			}
			t, ok := c.From(receiver)
			if !ok {
				return nil // asked of the prototype itself
			}
			v, err := c.Wildcard(t, js, name)
			if err != nil {
				panic(js.thrown(err))
			}
			if IsUndefined(v) {
				return nil // so that a call says "is not a function"
			}
			return v
		},
		GetIdx: func(*Object, int, Value) Value { return Undefined },
	})
	js.SetPrototype(in.proto, js.rt.ToValue(proxy).(*Object))
}

// newCallable makes the object of v, for a class with Call: a function to
// JavaScript, without properties of its own.
func (c *Class[T]) newCallable(js *Scope, in *installed, v *T) *Object {
	h := &hidden{slot{class: in, value: v}}
	box := js.rt.NewDynamicObject(h)
	proxy := js.rt.NewProxy(in.callable(js), &goja.ProxyTrapConfig{
		Has: func(*Object, string) bool { return true },
		Get: func(_ *Object, name string, _ Value) Value {
			if name == "__proto__" {
				return in.proto
			}
			if v := in.proto.Get(name); v != nil {
				return v
			}
			if c.Wildcard == nil {
				return Undefined
			}
			return js.result(c.Wildcard(v, js, name))
		},
		GetIdx: func(*Object, int, Value) Value { return Undefined },
		GetSym: func(_ *Object, sym *Symbol, _ Value) Value {
			if sym == slotSymbol {
				return box
			}
			return orUndefined(in.proto.GetSymbol(sym))
		},
		Apply: func(_ *Object, _ Value, args []Value) Value {
			a := js.args.get(js, args, c.Name, "(called as function)")
			defer js.leaveNative(a)
			return js.result(c.Call(v, js, a))
		},
		// What all instances share must not be changed through one.
		DefineProperty:    func(*Object, string, goja.PropertyDescriptor) bool { return false },
		DefinePropertyIdx: func(*Object, int, goja.PropertyDescriptor) bool { return false },
		DefinePropertySym: func(*Object, *Symbol, goja.PropertyDescriptor) bool { return false },
		SetPrototypeOf:    func(*Object, *Object) bool { return false },
		PreventExtensions: func(*Object) bool { return false },
	})
	owner := js.rt.ToValue(proxy).(*Object)
	h.slot.owner = owner
	if i, ok := any(v).(identity); ok {
		i.setObject(owner)
	}
	return owner
}

// callable is the function behind the instances of a class with Call.
func (in *installed) callable(js *Scope) *Object {
	if in.function == nil {
		in.function = js.rt.ToValue(func(goja.FunctionCall) goja.Value { return Undefined }).(*Object)
		for _, own := range in.function.GetOwnPropertyNames() {
			_ = in.function.Delete(own)
		}
		js.SetPrototype(in.function, in.proto)
	}
	return in.function
}
