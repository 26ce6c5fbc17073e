package jsg

import (
	"sync/atomic"

	"github.com/dop251/goja"
)

// Class is an immutable template of a JavaScript class over a Go type, written
// once at package level like a WebIDL interface and installed per realm.
type Class[T any] struct {
	// Name is the class's global name and Symbol.toStringTag.
	Name string
	// Parent is the class extended, nil for none. Upcast gives the parent's Go
	// value out of the child's.
	Parent AnyClass
	Upcast func(*T) any
	// ExtendsError makes the class extend the engine's Error.
	ExtendsError bool
	// New constructs; nil makes the class "Illegal constructor".
	New func(js *Scope, a *Args) (*T, error)
	// NewObject is New for a class that also puts own properties on the object.
	NewObject func(js *Scope, this *Object, a *Args) (*T, error)
	// Called is the message if the constructor is called without new, where it is
	// not the usual one.
	Called string
	// Length is that of the constructor. Unless it is 0, as for every class of
	// workerd, methods have theirs too: V8's classes are so.
	Length int
	// Script makes the class look like one written in JavaScript: its methods are
	// not enumerable and have their lengths, and there is no Symbol.toStringTag.
	Script bool
	// Members are the prototype's and constructor's properties.
	Members Members[T]
	// Wildcard is asked for properties that neither the instance nor the class
	// has; a nil Value is none.
	Wildcard func(t *T, js *Scope, name string) (Value, error)
	// Call makes instances functions. Such an object has no properties of its own.
	Call func(t *T, js *Scope, a *Args) (Value, error)
	// Extend, if set, finishes the class in a realm by hand, for the rare
	// property no Member describes.
	Extend func(js *Scope, ctor, proto *Object)

	id atomic.Int64 // 1-based; 0 means not yet assigned
}

// AnyClass is a Class of any Go type.
type AnyClass interface {
	// ClassName is the global name.
	ClassName() string
	// Constructor returns the constructor in a realm, installing it if needed.
	Constructor(js *Scope) *Object

	install(js *Scope) *installed
}

// installed is a class in one realm.
type installed struct {
	ctor, proto *Object
	parent      *installed
	upcast      func(any) any
	function    *Object // see callable
	// own define the properties of an instance.
	own []func(js *Scope, o *Object, value any)
}

var classCount atomic.Int64

// ClassName implements AnyClass.
func (c *Class[T]) ClassName() string { return c.Name }

// Constructor implements AnyClass.
func (c *Class[T]) Constructor(js *Scope) *Object { return c.install(js).ctor }

// Prototype returns the prototype object in a realm.
func (c *Class[T]) Prototype(js *Scope) *Object { return c.install(js).proto }

// Wrap makes (or, for a type embedding Instance, finds) the object of v,
// without running New.
func (c *Class[T]) Wrap(js *Scope, v *T) *Object {
	if h, ok := any(v).(identity); ok {
		if o := h.Object(); o != nil {
			return o
		}
	}
	in := c.install(js)
	if c.Call != nil {
		return c.newCallable(js, in, v)
	}
	o := js.newSlotted(in.proto)
	js.attach(o, in, v)
	return o
}

// WrapInto makes the existing object o carry v, for objects that something
// else created (an Error for DOMException, the global object).
func (c *Class[T]) WrapInto(js *Scope, o *Object, v *T) { js.attach(o, c.install(js), v) }

// From is the brand check: the Go value of v if v is an instance.
func (c *Class[T]) From(v Value) (*T, bool) {
	s := slotOf(v)
	if s == nil {
		return nil, false
	}
	if t, ok := s.value.(*T); ok {
		return t, true
	}
	value := s.value
	for in := s.class; in != nil && in.upcast != nil; in = in.parent {
		value = in.upcast(value)
		if t, ok := value.(*T); ok {
			return t, true
		}
	}
	return nil, false
}

// receiver is From for the this of a call: none means the global object, so
// that addEventListener can be called alone.
func (c *Class[T]) receiver(js *Scope, this Value) (*T, bool) {
	if IsNullish(this) {
		return c.From(js.global)
	}
	return c.From(this)
}

// Arg is argument i as an instance.
func (c *Class[T]) Arg(a *Args, i int) *T {
	t, ok := c.From(a.Value(i))
	if !ok {
		a.Mismatch(i, c.Name)
	}
	return t
}

func (c *Class[T]) install(js *Scope) *installed {
	id := c.id.Load()
	if id == 0 {
		c.id.CompareAndSwap(0, classCount.Add(1))
		id = c.id.Load()
	}
	for int64(len(js.classes)) <= id {
		js.classes = append(js.classes, nil)
	}
	if in := js.classes[id]; in != nil {
		return in
	}
	in := &installed{}
	js.classes[id] = in
	c.build(js, in)
	return in
}

// length is what JavaScript sees of a method with so many required arguments.
func (c *Class[T]) length(required int) int {
	if c.Length == 0 && !c.Script {
		return 0
	}
	return required
}

// accessor is the name of a getter or setter: workerd's have none.
func (c *Class[T]) accessor(kind, name string) string {
	if c.Length == 0 && !c.Script {
		return ""
	}
	return kind + " " + name
}

const illegal = "Illegal constructor"

func (c *Class[T]) called() string {
	switch {
	case c.Called != "":
		return c.Called
	case c.New == nil && c.NewObject == nil:
		return illegal
	}
	return "Failed to construct '" + c.Name + "': Please use the 'new' operator, this object constructor cannot be called as a function."
}

// constructor makes the function that is the class. The engine enters a function
// made in Go on one side if it is called and on another if it constructs.
func (c *Class[T]) constructor(js *Scope, in *installed) *Object {
	ctor := js.rt.ToValue(func(goja.ConstructorCall) *goja.Object { return nil }).(*Object)
	call, construct := natives(ctor)
	*call = func(goja.FunctionCall) goja.Value {
		e := js.newError(&Error{Name: "TypeError", Message: c.called()})
		if stack, _, ok := errorRecord(e); ok && len(*stack) > 0 {
			*stack = (*stack)[1:] // this one
		}
		panic(e)
	}
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		proto := in.proto
		if newTarget != nil && newTarget != ctor { // of a class that extends this one
			if its, ok := newTarget.Get("prototype").(*Object); ok {
				proto = its
			}
		}
		this := js.newSlotted(proto)
		if f := c.construct(js, in, this, args); f != nil {
			return f
		}
		return this
	}
	if in.parent != nil {
		js.SetPrototype(ctor.Get("prototype").(*Object), in.parent.proto)
	}
	return ctor
}

// construct makes this an instance, or gives another object that is one.
func (c *Class[T]) construct(js *Scope, in *installed, this *Object, args []Value) *Object {
	if c.New == nil && c.NewObject == nil {
		panic(js.thrown(TypeErrorf(illegal)))
	}
	a := js.args.get(js, args, c.Name, "")
	defer js.leaveNative(a)
	var v *T
	var err error
	if c.NewObject != nil {
		v, err = c.NewObject(js, this, a)
	} else {
		v, err = c.New(js, a)
	}
	if err != nil {
		panic(js.thrown(err))
	}
	if c.Call != nil {
		return c.newCallable(js, in, v)
	}
	js.attach(this, in, v)
	return nil
}

// errorConstructor makes the constructor of a class that extends Error.
func (c *Class[T]) errorConstructor(js *Scope, in *installed) *Object {
	construct := js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		c.construct(js, in, call.Arguments[0].(*Object), call.Arguments[1:])
		return Undefined
	})
	ctor, err := js.intrinsics.errorShell(Undefined, construct, js.rt.ToValue(c.Name), js.rt.ToValue(c.called()), js.intrinsics.errorCtor)
	check(err)
	return ctor.(*Object)
}

func (c *Class[T]) build(js *Scope, in *installed) {
	if c.Parent != nil {
		in.parent = c.Parent.install(js)
		in.upcast = func(v any) any { return c.Upcast(v.(*T)) }
		for _, define := range in.parent.own {
			in.own = append(in.own, func(js *Scope, o *Object, value any) { define(js, o, in.upcast(value)) })
		}
	}
	if c.ExtendsError {
		in.ctor = c.errorConstructor(js, in)
	} else {
		in.ctor = c.constructor(js, in)
	}
	in.proto = in.ctor.Get("prototype").(*Object)
	js.nameFunc(in.ctor, c.Name, c.Length)
	if !c.Script && js.Flag("set_tostring_tag") {
		in.proto.DefineDataPropertySymbol(goja.SymToStringTag, js.String(c.Name), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	for i := range c.Members {
		if m := &c.Members[i]; m.flag == "" || js.Flag(m.flag) {
			m.install(js, c, in)
		}
	}
	if c.Wildcard != nil && c.Call == nil {
		c.installWildcard(js, in)
	}
	if c.Extend != nil {
		c.Extend(js, in.ctor, in.proto)
	}
}
