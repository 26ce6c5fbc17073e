package jsg

import (
	"slices"

	"github.com/dop251/goja"
)

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
// JavaScript, whose own properties are those that code gives it.
func (c *Class[T]) newCallable(js *Scope, in *installed, v *T) *Object {
	h := &hidden{slot{class: in, value: v}}
	box := js.rt.NewDynamicObject(h)
	var own ownProps
	proxy := js.rt.NewProxy(in.callable(js), &goja.ProxyTrapConfig{
		Has: func(*Object, string) bool { return true },
		Get: func(_ *Object, name string, _ Value) Value {
			if name == "__proto__" {
				return in.proto
			}
			if p := own.find(name); p != nil {
				return p.value
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
		OwnKeys: func(*Object) *Object { return own.keys(js) },
		GetOwnPropertyDescriptor: func(_ *Object, name string) goja.PropertyDescriptor {
			if p := own.find(name); p != nil {
				return goja.PropertyDescriptor{Value: p.value, Writable: goja.FLAG_TRUE, Configurable: goja.FLAG_TRUE, Enumerable: p.enumerable}
			}
			return goja.PropertyDescriptor{}
		},
		DeleteProperty: func(_ *Object, name string) bool { own.delete(name); return true },
		// They are kept aside: what all instances share must not change through one.
		DefineProperty:    func(_ *Object, name string, d goja.PropertyDescriptor) bool { return own.define(name, d) },
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

// ownProps are the properties that code gave a callable object, in order. They
// can be written and deleted; others cannot be made.
type ownProps []ownProp

type ownProp struct {
	name       string
	value      Value
	enumerable goja.Flag
}

func (o ownProps) find(name string) *ownProp {
	for i := range o {
		if o[i].name == name {
			return &o[i]
		}
	}
	return nil
}

func (o *ownProps) define(name string, d goja.PropertyDescriptor) bool {
	if d.Getter != nil || d.Setter != nil || d.Writable == goja.FLAG_FALSE || d.Configurable == goja.FLAG_FALSE {
		return false
	}
	p := o.find(name)
	if p == nil {
		if d.Writable != goja.FLAG_TRUE || d.Configurable != goja.FLAG_TRUE {
			return false // the default is that it cannot
		}
		*o = append(*o, ownProp{name: name, value: Undefined, enumerable: goja.FLAG_FALSE})
		p = &(*o)[len(*o)-1]
	}
	if d.Value != nil {
		p.value = d.Value
	}
	if d.Enumerable != goja.FLAG_NOT_SET {
		p.enumerable = d.Enumerable
	}
	return true
}

func (o *ownProps) delete(name string) {
	*o = slices.DeleteFunc(*o, func(p ownProp) bool { return p.name == name })
}

func (o ownProps) keys(js *Scope) *Object {
	names := make([]Value, len(o))
	for i, p := range o {
		names[i] = js.String(p.name)
	}
	return js.NewArray(names...)
}
