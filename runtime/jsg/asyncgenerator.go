package jsg

import (
	"github.com/dop251/goja"
)

// Async generators. The bundler makes of one a function that has a generator run
// here (wrangler/bundle), which yields what it awaits in an object of a class of
// its own. What happens when is https://tc39.es/ecma262/#sec-asyncgenerator-objects,
// to the microtask.

// asyncGenerator is one that was called.
type asyncGenerator struct {
	kinds *asyncGenerators
	body  *Object // a generator
	state asyncState
	queue []asyncRequest
	inner *delegate // of the yield* it stands at

	result Value // what it is returned with
}

type asyncState int

const (
	atStart asyncState = iota
	atYield
	running // or awaiting
	draining
	completed
)

// asyncRequest is a call of next, return or throw that has no answer yet.
type asyncRequest struct {
	completion
	promise *goja.Promise
}

// completion is how something ended, or is to go on.
type completion struct {
	kind  completionKind
	value Value
}

type completionKind int

const (
	toNext completionKind = iota
	toReturn
	toThrow
)

var completionMethods = [...]string{toNext: "next", toReturn: "return", toThrow: "throw"}

// request is a method of the prototype.
func (g *asyncGenerator) request(js *Scope, c completion) Value {
	p := newPromise(js.rt, js.intrinsics.promiseProto)
	if c.kind == toThrow && g.state == atStart {
		g.state = completed
	}
	switch {
	case g.state == completed && c.kind == toNext:
		js.resolve(p, js.iterResult(Undefined, true))
		return objectOf(p)
	case g.state == completed && c.kind == toThrow:
		rejectPromise(p, c.value)
		return objectOf(p)
	}
	g.queue = append(g.queue, asyncRequest{c, p})
	switch {
	case c.kind == toReturn && (g.state == atStart || g.state == completed):
		g.state = draining
		g.awaitReturn(js)
	case g.state == atStart || g.state == atYield:
		g.resume(js)
	}
	return objectOf(p)
}

// resume goes on with the first request.
func (g *asyncGenerator) resume(js *Scope) {
	c, first := g.queue[0].completion, g.state == atStart
	g.state = running
	if c.kind != toReturn || first {
		g.proceed(js, c)
		return
	}
	js.await(c.value,
		func(v Value) { g.proceed(js, completion{toReturn, v}) },
		func(reason Value) { g.proceed(js, completion{toThrow, reason}) })
}

// proceed hands a completion to where the generator stands.
func (g *asyncGenerator) proceed(js *Scope, c completion) {
	if g.inner != nil {
		g.inner.proceed(js, g, c)
		return
	}
	g.step(js, c)
}

// step runs the body to where it yields, awaits or ends.
func (g *asyncGenerator) step(js *Scope, c completion) {
	if c.kind == toReturn {
		g.result = c.value
		c = completion{toThrow, g.kinds.returned}
	}
	var result *Object
	if ex := js.rt.Try(func() {
		result = g.kinds.resume[c.kind](goja.FunctionCall{This: g.body, Arguments: []Value{c.value}}).(*Object)
	}); ex != nil {
		if ex.Value() == Value(g.kinds.returned) {
			g.end(js, completion{toNext, g.result})
			return
		}
		g.end(js, completion{toThrow, ex.Value()})
		return
	}
	r, _ := engine().plainRecord(result)
	v, done := orUndefined(r.values["value"]), r.values["done"].ToBoolean()
	if done {
		g.end(js, completion{toNext, v})
		return
	}
	if awaited, ok := g.kinds.awaited(v); ok {
		js.await(awaited,
			func(v Value) { g.step(js, completion{toNext, v}) },
			func(reason Value) { g.step(js, completion{toThrow, reason}) })
		return
	}
	if inner, ok := delegateClass.From(v); ok {
		g.inner = inner
		inner.proceed(js, g, completion{toNext, Undefined})
		return
	}
	js.await(v,
		func(v Value) { g.yield(js, v) },
		func(reason Value) { g.step(js, completion{toThrow, reason}) })
}

// yield answers the first request, and goes on with the next one.
func (g *asyncGenerator) yield(js *Scope, v Value) {
	g.answer(js, completion{toNext, v}, false)
	if len(g.queue) == 0 {
		g.state = atYield
		return
	}
	g.resume(js)
}

func (g *asyncGenerator) end(js *Scope, c completion) {
	g.state = draining
	g.answer(js, c, true)
	g.drain(js)
}

// answer settles the first request.
func (g *asyncGenerator) answer(js *Scope, c completion, done bool) {
	p := g.queue[0].promise
	g.queue = g.queue[1:]
	if c.kind == toThrow {
		rejectPromise(p, c.value)
		return
	}
	js.resolve(p, js.iterResult(c.value, done))
}

// drain answers what was asked of a generator that has ended.
func (g *asyncGenerator) drain(js *Scope) {
	for len(g.queue) > 0 {
		c := g.queue[0].completion
		switch c.kind {
		case toReturn:
			g.awaitReturn(js)
			return
		case toNext:
			c.value = Undefined
		}
		g.answer(js, c, true)
	}
	g.state = completed
}

func (g *asyncGenerator) awaitReturn(js *Scope) {
	js.await(g.queue[0].value,
		func(v Value) { g.end(js, completion{toNext, v}) },
		func(reason Value) { g.end(js, completion{toThrow, reason}) })
}

// await calls one of two functions when v is settled, which must not throw.
func (js *Scope) await(v Value, fulfilled, rejected func(Value)) {
	p, ok := promiseOf(v)
	if ok {
		var class Value
		if ex := js.rt.Try(func() { class = v.(*Object).Get("constructor") }); ex != nil {
			p = newPromise(js.rt, js.intrinsics.promiseProto)
			rejectPromise(p, ex.Value())
		} else {
			ok = class == Value(js.intrinsics.promise)
		}
	}
	if !ok {
		p = newPromise(js.rt, js.intrinsics.promiseProto)
		js.resolve(p, v)
	}
	react(p, fulfilled, rejected)
}

// RefuseClone says that it cannot be cloned.
func (*asyncGenerator) RefuseClone() error {
	return DOMErrorf("DataCloneError", "[object AsyncGenerator] could not be cloned.")
}
