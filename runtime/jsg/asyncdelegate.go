package jsg

import "github.com/dop251/goja"

// delegate is an iteration of yield* in an async generator.
type delegate struct {
	iterator *Object
	next     Value
}

// delegateClass wraps what yield* is given on its way through the generator; it is
// never seen.
var delegateClass = &Class[delegate]{Name: "Delegate"}

// delegated is what V8 calls the value of yield* in errors.
const delegated = "yield* (intermediate value)"

// newDelegate begins to iterate over a value.
func (js *Scope) newDelegate(iterable Value) *Object {
	it := js.asyncIterator(iterable, delegated)
	return delegateClass.Wrap(js, &delegate{it, it.Get("next")})
}

// proceed passes a completion on to the iterator.
func (d *delegate) proceed(js *Scope, g *asyncGenerator, c completion) {
	fail := func(reason Value) {
		g.inner = nil
		g.step(js, completion{toThrow, reason})
	}
	var promised Value
	missing := false
	if ex := js.rt.Try(func() {
		method := d.next
		if c.kind != toNext {
			method = d.iterator.Get(completionMethods[c.kind])
			if missing = IsNullish(orUndefined(method)); missing {
				return
			}
		}
		if !IsFunction(method) && c.kind == toNext {
			panic(js.rt.NewTypeError(delegated + " is not async iterable"))
		}
		promised = js.invoke(method, d.iterator, c.value)
	}); ex != nil {
		fail(ex.Value())
		return
	}
	if missing {
		d.without(js, g, c, fail)
		return
	}
	js.await(promised, func(result Value) {
		o, ok := result.(*Object)
		if !ok {
			fail(js.ErrorValue(TypeErrorf("Iterator result %s is not an object", result)))
			return
		}
		var done bool
		var v Value
		if ex := js.rt.Try(func() { done = orUndefined(o.Get("done")).ToBoolean(); v = orUndefined(o.Get("value")) }); ex != nil {
			fail(ex.Value())
			return
		}
		if !done {
			g.yield(js, v)
			return
		}
		g.inner = nil
		if c.kind == toThrow {
			c.kind = toNext
		}
		g.step(js, completion{c.kind, v})
	}, fail)
}

// without is for iterators that have no method to return or throw with.
func (d *delegate) without(js *Scope, g *asyncGenerator, c completion, fail func(Value)) {
	if c.kind == toReturn {
		js.await(c.value, func(v Value) {
			g.inner = nil
			g.step(js, completion{toReturn, v})
		}, fail)
		return
	}
	missing := func(Value) {
		fail(js.ErrorValue(TypeErrorf("The iterator does not provide a 'throw' method.")))
	}
	var closing Value
	if ex := js.rt.Try(func() {
		if method := d.iterator.Get("return"); !IsNullish(orUndefined(method)) {
			closing = js.invoke(method, d.iterator)
		}
	}); ex != nil {
		fail(ex.Value())
		return
	}
	if closing == nil {
		missing(nil)
		return
	}
	js.await(closing, missing, fail)
}

// invoke calls a method; it throws as JavaScript does.
func (js *Scope) invoke(method Value, this *Object, args ...Value) Value {
	call, ok := assertCallable(orUndefined(method))
	if !ok {
		panic(js.rt.NewTypeError("%s is not a function", js.describe(orUndefined(method))))
	}
	return orUndefined(call(goja.FunctionCall{This: this, Arguments: args}))
}

// asyncIterator is that of a value, which errors call name; it throws as
// JavaScript does.
func (js *Scope) asyncIterator(iterable Value, name string) *Object {
	if IsNullish(iterable) {
		panic(js.rt.NewTypeError("Cannot read properties of %s (reading 'Symbol(Symbol.asyncIterator)')", iterable))
	}
	o := iterable.ToObject(js.rt)
	method := orUndefined(o.GetSymbol(SymAsyncIterator))
	if IsNullish(method) {
		open := orUndefined(o.GetSymbol(goja.SymIterator))
		if !IsFunction(open) {
			panic(js.rt.NewTypeError("%s is not async iterable", name))
		}
		return js.fromSync(js.opened(open, o, "iterator"))
	}
	if !IsFunction(method) {
		panic(js.rt.NewTypeError("%s is not async iterable", name))
	}
	return js.opened(method, o, "asyncIterator")
}

func (js *Scope) opened(method Value, of *Object, symbol string) *Object {
	it, ok := js.invoke(method, of).(*Object)
	if !ok {
		panic(js.rt.NewTypeError("Result of the Symbol.%s method is not an object", symbol))
	}
	return it
}

// syncIterator is one that async code goes through.
type syncIterator struct {
	iterator *Object
	next     Value
}

var syncIteratorClass = &Class[syncIterator]{
	Name: "Async-from-Sync Iterator", Script: true,
	Members: Members[syncIterator]{
		Method("next", 1, func(s *syncIterator, js *Scope, a *Args) (Value, error) { return s.proceed(js, toNext, a), nil }),
		Method("return", 1, func(s *syncIterator, js *Scope, a *Args) (Value, error) { return s.proceed(js, toReturn, a), nil }),
		Method("throw", 1, func(s *syncIterator, js *Scope, a *Args) (Value, error) { return s.proceed(js, toThrow, a), nil }),
	},
}

func (js *Scope) fromSync(it *Object) *Object {
	return syncIteratorClass.Wrap(js, &syncIterator{it, it.Get("next")})
}

// proceed is a method: https://tc39.es/ecma262/#sec-async-from-sync-iterator-objects
func (s *syncIterator) proceed(js *Scope, kind completionKind, a *Args) Value {
	p := newPromise(js.rt, js.intrinsics.promiseProto)
	var args []Value
	if a.Len() > 0 {
		args = []Value{a.Value(0)}
	}
	if ex := js.rt.Try(func() { s.run(js, p, kind, args) }); ex != nil {
		rejectPromise(p, ex.Value())
	}
	return objectOf(p)
}

func (s *syncIterator) run(js *Scope, p *goja.Promise, kind completionKind, args []Value) {
	method := s.next
	if kind != toNext {
		method = orUndefined(s.iterator.Get(completionMethods[kind]))
		if IsNullish(method) {
			s.without(js, p, kind, args)
			return
		}
	}
	o, ok := js.invoke(method, s.iterator, args...).(*Object)
	if !ok {
		panic(js.rt.NewTypeError("Iterator result is not an object"))
	}
	done := orUndefined(o.Get("done")).ToBoolean()
	v := orUndefined(o.Get("value"))
	js.await(v, func(v Value) { js.resolve(p, js.iterResult(v, done)) }, func(reason Value) {
		if !done && kind != toReturn {
			s.close(js)
		}
		rejectPromise(p, reason)
	})
}

func (s *syncIterator) without(js *Scope, p *goja.Promise, kind completionKind, args []Value) {
	if kind == toThrow {
		s.close(js)
		panic(js.rt.NewTypeError("The iterator does not provide a 'throw' method."))
	}
	v := Undefined
	if len(args) > 0 {
		v = args[0]
	}
	js.resolve(p, js.iterResult(v, true))
}

// close tells the iterator that no more is wanted.
func (s *syncIterator) close(js *Scope) {
	js.rt.Try(func() {
		if method := orUndefined(s.iterator.Get("return")); !IsNullish(method) {
			js.invoke(method, s.iterator)
		}
	})
}

func (js *Scope) describe(v Value) string {
	if o, ok := v.(*Object); ok {
		return js.Describe(o)
	}
	return v.String()
}
