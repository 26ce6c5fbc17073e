package jsg

import (
	"iter"

	"github.com/dop251/goja"
)

// Members is the property list of a Class.
type Members[T any] []Member[T]

// Member is one property; make it with Method, Async, Getter, Accessor, Own,
// OwnLazy, OwnLive, Static, Const or Iterable.
type Member[T any] struct {
	name   string
	symbol *Symbol
	length int
	flag   string
	kind   memberKind

	method func(*T, *Scope, *Args) (Value, error)
	get    func(*T, *Scope) (Value, error)
	set    func(*T, *Scope, Value) error
	static func(*Scope, *Args) (Value, error)
	value  any
	pairs  func(*T, *Scope) iter.Seq2[Value, Value]
	frozen bool
	// iterators are the classes of what keys, values and entries give.
	iterators map[string]*Class[Iterator]
}

type memberKind int

const (
	kindMethod memberKind = iota
	kindAsync
	kindAccessor
	kindStatic
	kindStaticAsync
	kindConst
	kindIterable
	kindOwn
	kindOwnLazy
	kindOwnLive
	kindSelf
)

// Since makes a member exist only where a compatibility flag is on.
func (m Member[T]) Since(flag string) Member[T] { m.flag = flag; return m }

// Method is a prototype method with the number of its required arguments: the
// getters of Args refuse to do without those. JavaScript sees the length 0, as
// of every native function of workerd (but see Class.Length).
func Method[T any](name string, length int, f func(*T, *Scope, *Args) (Value, error)) Member[T] {
	return Member[T]{name: name, length: length, kind: kindMethod, method: f}
}

// SymbolMethod is a prototype method under a symbol.
func SymbolMethod[T any](sym *Symbol, name string, length int, f func(*T, *Scope, *Args) (Value, error)) Member[T] {
	return Member[T]{name: name, symbol: sym, length: length, kind: kindMethod, method: f}
}

// Async is a method that always returns a promise: an error, a failed brand
// check included, is a rejection.
func Async[T any](name string, length int, f func(*T, *Scope, *Args) (Value, error)) Member[T] {
	return Member[T]{name: name, length: length, kind: kindAsync, method: f}
}

// Getter is a read-only accessor on the prototype.
func Getter[T any](name string, get func(*T, *Scope) (Value, error)) Member[T] {
	return Member[T]{name: name, kind: kindAccessor, get: get}
}

// Accessor is a read-write accessor on the prototype.
func Accessor[T any](name string, get func(*T, *Scope) (Value, error), set func(*T, *Scope, Value) error) Member[T] {
	return Member[T]{name: name, kind: kindAccessor, get: get, set: set}
}

// Self is a prototype method that gives what it is called on, as Symbol.iterator
// of an iterator does.
func Self[T any](sym *Symbol) Member[T] {
	return Member[T]{symbol: sym, kind: kindSelf}
}

// Own is a read-only property of each instance, asked for when the object is
// made.
func Own[T any](name string, get func(*T, *Scope) Value) Member[T] {
	return Member[T]{name: name, kind: kindOwn, get: func(t *T, js *Scope) (Value, error) { return get(t, js), nil }}
}

// OwnLazy is a property of each instance that is asked for when it is first
// read, and can be assigned.
func OwnLazy[T any](name string, get func(*T, *Scope) (Value, error)) Member[T] {
	return Member[T]{name: name, kind: kindOwnLazy, get: get}
}

// OwnLive is a property of each instance that is asked for whenever it is read;
// set may be nil.
func OwnLive[T any](name string, get func(*T, *Scope) (Value, error), set func(*T, *Scope, Value) error) Member[T] {
	return Member[T]{name: name, kind: kindOwnLive, get: get, set: set}
}

// Static is a method of the constructor.
func Static[T any](name string, length int, f func(*Scope, *Args) (Value, error)) Member[T] {
	return Member[T]{name: name, length: length, kind: kindStatic, static: f}
}

// StaticAsync is a method of the constructor that always returns a promise.
func StaticAsync[T any](name string, length int, f func(*Scope, *Args) (Value, error)) Member[T] {
	return Member[T]{name: name, length: length, kind: kindStaticAsync, static: f}
}

// Const is a constant on both constructor and prototype.
func Const[T any](name string, value any) Member[T] {
	return Member[T]{name: name, kind: kindConst, value: value}
}

// Iterable gives WebIDL's pair iterator: entries, keys, values, forEach and
// Symbol.iterator. pairs is asked anew for each step by position, so changes
// made while iterating are seen as WebIDL wants.
func Iterable[T any](pairs func(*T, *Scope) iter.Seq2[Value, Value]) Member[T] {
	return Member[T]{kind: kindIterable, pairs: pairs, iterators: pairIterators()}
}

// IterableSnapshot is Iterable whose iterators keep to what there was when they
// were made, as those of Headers do in workerd.
func IterableSnapshot[T any](pairs func(*T, *Scope) iter.Seq2[Value, Value]) Member[T] {
	return Member[T]{kind: kindIterable, pairs: pairs, iterators: pairIterators(), frozen: true}
}

func (m *Member[T]) install(js *Scope, c *Class[T], in *installed) {
	switch m.kind {
	case kindMethod, kindAsync:
		m.installMethod(js, c, in)
	case kindAccessor:
		m.installAccessor(js, c, in)
	case kindStatic, kindStaticAsync:
		m.installStatic(js, c, in)
	case kindConst:
		v := js.rt.ToValue(m.value)
		in.ctor.DefineDataProperty(m.name, v, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_TRUE)
		in.proto.DefineDataProperty(m.name, v, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_TRUE)
	case kindIterable:
		installIterable(js, c, in, m)
	case kindSelf:
		fn := js.Func("", 0, func(_ *Scope, this Value, _ *Args) (Value, error) { return this, nil })
		in.proto.DefineDataPropertySymbol(m.symbol, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	case kindOwn:
		m.installOwn(in)
	case kindOwnLive:
		get, set := m.accessors(js, c)
		js.markLive(get)
		in.own = append(in.own, func(_ *Scope, o *Object, _ any) {
			o.DefineAccessorProperty(m.name, get, set, goja.FLAG_TRUE, goja.FLAG_TRUE)
		})
	case kindOwnLazy:
		m.installOwnLazy(js, c, in)
	}
}

func (m *Member[T]) installMethod(js *Scope, c *Class[T], in *installed) {
	call := func(this Value, args []Value) (Value, error) {
		t, ok := c.receiver(js, this)
		if !ok {
			return nil, illegalInvocation()
		}
		a := js.args.get(js, args, c.Name, m.name)
		defer js.leaveNative(a)
		a.required = m.length
		return m.method(t, js, a)
	}
	var fn *Object
	if m.kind == kindAsync {
		fn = js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
			return js.promiseResult(func() (Value, error) { return call(fc.This, fc.Arguments) })
		}).(*Object)
	} else {
		fn = js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
			return js.result(call(fc.This, fc.Arguments))
		}).(*Object)
	}
	if m.symbol != nil {
		js.nameFunc(fn, "", c.length(m.length))
		in.proto.DefineDataPropertySymbol(m.symbol, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		return
	}
	js.nameFunc(fn, m.name, c.length(m.length))
	in.proto.DefineDataProperty(m.name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.ToFlag(!c.Script))
}

func (m *Member[T]) installAccessor(js *Scope, c *Class[T], in *installed) {
	get, set := m.accessors(js, c)
	in.proto.DefineAccessorProperty(m.name, get, set, goja.FLAG_TRUE, goja.ToFlag(!c.Script))
}

// accessors makes the functions that read and write the member; set may be nil.
func (m *Member[T]) accessors(js *Scope, c *Class[T]) (get *Object, set Value) {
	get = js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
		t, ok := c.receiver(js, fc.This)
		if !ok {
			panic(js.thrown(illegalInvocation()))
		}
		return js.result(m.get(t, js))
	}).(*Object)
	js.nameFunc(get, c.accessor("get", m.name), 0)
	if m.set != nil {
		fn := js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
			t, ok := c.receiver(js, fc.This)
			if !ok {
				panic(js.thrown(illegalInvocation()))
			}
			return js.result(Undefined, m.set(t, js, fc.Argument(0)))
		}).(*Object)
		js.nameFunc(fn, c.accessor("set", m.name), 0)
		set = fn
	}
	return get, set
}

func (m *Member[T]) installOwn(in *installed) {
	in.own = append(in.own, func(js *Scope, o *Object, value any) {
		v, _ := m.get(value.(*T), js)
		js.DefineReadOnly(o, m.name, v)
	})
}

// installOwnLazy makes the functions that the instances share.
func (m *Member[T]) installOwnLazy(js *Scope, c *Class[T], in *installed) {
	get, set := js.lazyAccessor(m.name, goja.FLAG_TRUE, func(js *Scope, this Value) (Value, error) {
		t, ok := c.From(this)
		if !ok {
			return nil, illegalInvocation()
		}
		return m.get(t, js)
	})
	in.own = append(in.own, func(_ *Scope, o *Object, _ any) {
		o.DefineAccessorProperty(m.name, get, set, goja.FLAG_TRUE, goja.FLAG_TRUE)
	})
}

func (m *Member[T]) installStatic(js *Scope, c *Class[T], in *installed) {
	call := func(args []Value) (Value, error) {
		a := js.args.get(js, args, c.Name, m.name)
		defer js.leaveNative(a)
		a.required = m.length
		return m.static(js, a)
	}
	fn := js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
		if m.kind == kindStaticAsync {
			return js.promiseResult(func() (Value, error) { return call(fc.Arguments) })
		}
		return js.result(call(fc.Arguments))
	}).(*Object)
	js.nameFunc(fn, m.name, c.length(m.length))
	in.ctor.DefineDataProperty(m.name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

func illegalInvocation() error {
	return TypeErrorf("Illegal invocation: function called with incorrect `this` reference. " +
		"See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.")
}
