package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// asyncIterator is what values() and for await use.
type asyncIterator struct {
	reader        *DefaultReader
	preventCancel bool
	ongoing       jsg.Value // the last next() or return()
	finished      bool
}

var asyncIteratorClass = &jsg.Class[asyncIterator]{
	Name: "ReadableStreamAsyncIterator",
	Members: jsg.Members[asyncIterator]{
		jsg.Async("next", 0, func(it *asyncIterator, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return it.after(js, it.next), nil
		}),
		jsg.Async("return", 0, func(it *asyncIterator, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			v := a.Value(0)
			return it.after(js, func(js *jsg.Scope) jsg.Value { return it.end(js, v) }), nil
		}),
		jsg.Self[asyncIterator](jsg.SymAsyncIterator),
	},
}

func (s *ReadableStream) values(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	options, err := dictionary(a, 0, "ValuesOptions")
	if err != nil {
		return nil, err
	}
	prevent, err := options.bool(js, "preventCancel")
	if err != nil {
		return nil, err
	}
	r, err := acquireDefaultReader(js, s)
	if err != nil {
		return nil, err
	}
	proto := asyncIteratorClass.Prototype(js)
	if proto.Prototype() != js.AsyncIteratorPrototype() {
		if err := proto.SetPrototype(js.AsyncIteratorPrototype()); err != nil {
			return nil, err
		}
	}
	return asyncIteratorClass.Wrap(js, &asyncIterator{reader: r, preventCancel: prevent}), nil
}

// after runs step once the step before it has ended.
func (it *asyncIterator) after(js *jsg.Scope, step func(js *jsg.Scope) jsg.Value) jsg.Value {
	if it.ongoing == nil {
		it.ongoing = step(js)
		return it.ongoing
	}
	if state, _ := jsg.Settled(it.ongoing); state != jsg.Pending {
		it.ongoing = step(js)
		return it.ongoing
	}
	next := func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) { return step(js), nil }
	it.ongoing = js.Then(it.ongoing, next, next)
	return it.ongoing
}

func (it *asyncIterator) next(js *jsg.Scope) jsg.Value {
	if it.finished {
		return js.Resolved(iteration(js, jsg.Undefined, true))
	}
	p := js.NewPromise()
	it.reader.read(js, iteratorRead{it, p})
	return p.Promise()
}

// iteratorRead answers next() and gives the lock up at the end.
type iteratorRead struct {
	it *asyncIterator
	p  *jsg.Resolver
}

func (r iteratorRead) chunk(js *jsg.Scope, v jsg.Value) { r.p.Resolve(iteration(js, v, false)) }

func (r iteratorRead) done(js *jsg.Scope) {
	r.it.finish(js)
	r.p.Resolve(iteration(js, jsg.Undefined, true))
}

func (r iteratorRead) fail(js *jsg.Scope, reason jsg.Value) {
	r.it.finish(js)
	r.p.RejectValue(reason)
}

// iteration is what next gives, with done first as it is in workerd.
func iteration(js *jsg.Scope, v jsg.Value, done bool) *jsg.Object {
	return js.Record("done", js.Bool(done), "value", v)
}

func (it *asyncIterator) finish(js *jsg.Scope) {
	it.finished = true
	if it.reader.stream != nil {
		it.reader.release(js)
	}
}

func (it *asyncIterator) end(js *jsg.Scope, v jsg.Value) jsg.Value {
	if it.finished {
		return js.Resolved(iteration(js, v, true))
	}
	result := js.Resolved(jsg.Undefined)
	if !it.preventCancel {
		result = it.reader.stream.cancel(js, v)
	}
	it.finish(js)
	return js.Then(result, func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
		return iteration(js, v, true), nil
	}, nil)
}

// readableFrom is ReadableStream.from: a stream over any (async) iterable.
func readableFrom(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s, err := FromIterable(js, a.Value(0))
	if err != nil {
		return nil, err
	}
	return s.Wrap(js), nil
}

// FromIterable is ReadableStream.from for Go callers.
func FromIterable(js *jsg.Scope, iterable jsg.Value) (*ReadableStream, error) {
	it, err := openIterator(js, iterable)
	if err != nil {
		return nil, err
	}
	s := &ReadableStream{length: -1}
	setUpDefaultController(js, s, underlyingSource{pull: it.pull, cancel: it.cancel}, 0, nil)
	return s, nil
}

// iterator is a JavaScript iterator record, sync or async.
type iterator struct {
	o    *jsg.Object
	next jsg.Value
	sync bool
}

func openIterator(js *jsg.Scope, v jsg.Value) (*iterator, error) {
	notIterable := jsg.TypeErrorf("Failed to execute 'from' on 'ReadableStream': parameter 1 is not of type 'AsyncGenerator'.")
	if jsg.IsNullish(v) {
		return nil, notIterable
	}
	o, ok := jsg.IsObject(v)
	if !ok && !jsg.IsString(v) {
		return nil, notIterable
	}
	it := &iterator{}
	method := jsg.Undefined
	var err error
	if ok {
		if method, err = js.GetSymbol(o, jsg.SymAsyncIterator); err != nil {
			return nil, err
		}
	}
	if jsg.IsNullish(method) {
		it.sync = true
		if !ok {
			if o, err = js.Construct(js.Global().Get("String"), v); err != nil {
				return nil, err
			}
		}
		if method, err = js.GetSymbol(o, jsg.SymIterator); err != nil {
			return nil, err
		}
	}
	if !jsg.IsFunction(method) {
		return nil, notIterable
	}
	opened, err := js.Call(method, v)
	if err != nil {
		return nil, err
	}
	if it.o, ok = jsg.IsObject(opened); !ok {
		return nil, notIterable
	}
	it.next, err = js.Get(it.o, "next")
	return it, err // one without next has ended
}

func (it *iterator) pull(js *jsg.Scope, controller jsg.Value) (jsg.Value, error) {
	c, _ := DefaultControllerClass.From(controller)
	if jsg.IsUndefined(it.next) {
		c.Close(js)
		return jsg.Undefined, nil
	}
	result, err := js.Call(it.next, it.o)
	if err != nil {
		return nil, err
	}
	return js.Then(js.Resolved(result), func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		o, ok := jsg.IsObject(v)
		if !ok {
			return nil, jsg.TypeErrorf("The iterator's result is not an object.")
		}
		done, err := js.Get(o, "done")
		if err != nil {
			return nil, err
		}
		if done.ToBoolean() {
			c.Close(js)
			return jsg.Undefined, nil
		}
		value, err := js.Get(o, "value")
		if err != nil {
			return nil, err
		}
		if !it.sync {
			return jsg.Undefined, c.Enqueue(js, value)
		}
		return js.Then(value, func(js *jsg.Scope, value jsg.Value) (jsg.Value, error) {
			return jsg.Undefined, c.Enqueue(js, value)
		}, nil), nil
	}, nil), nil
}

func (it *iterator) cancel(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
	f, err := js.Get(it.o, "return")
	if err != nil || jsg.IsNullish(f) {
		return jsg.Undefined, err
	}
	return js.Call(f, it.o, reason)
}
