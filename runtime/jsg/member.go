package jsg

import (
	"iter"

	"github.com/dop251/goja"
)

// Members is the property list of a Class.
type Members[T any] []Member[T]

// Member is one property; make it with Method, Async, Getter, Accessor,
// Static, Const or Iterable.
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
	return Member[T]{kind: kindIterable, pairs: pairs}
}

// IterableSnapshot is Iterable whose iterators keep to what there was when they
// were made, as those of Headers do in workerd.
func IterableSnapshot[T any](pairs func(*T, *Scope) iter.Seq2[Value, Value]) Member[T] {
	return Member[T]{kind: kindIterable, pairs: pairs, frozen: true}
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
		installIterable(js, c, in, m.pairs, m.frozen)
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
	js.nameFunc(fn, m.name, c.length(m.length))
	if m.symbol != nil {
		in.proto.DefineDataPropertySymbol(m.symbol, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		return
	}
	in.proto.DefineDataProperty(m.name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

func (m *Member[T]) installAccessor(js *Scope, c *Class[T], in *installed) {
	get := js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
		t, ok := c.receiver(js, fc.This)
		if !ok {
			panic(js.thrown(illegalInvocation()))
		}
		return js.result(m.get(t, js))
	}).(*Object)
	js.nameFunc(get, "get "+m.name, 0)
	var set Value
	if m.set != nil {
		fn := js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
			t, ok := c.receiver(js, fc.This)
			if !ok {
				panic(js.thrown(illegalInvocation()))
			}
			return js.result(Undefined, m.set(t, js, fc.Argument(0)))
		}).(*Object)
		js.nameFunc(fn, "set "+m.name, 0)
		set = fn
	}
	in.proto.DefineAccessorProperty(m.name, get, set, goja.FLAG_TRUE, goja.FLAG_TRUE)
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
