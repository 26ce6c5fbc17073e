package jsg

import "github.com/dop251/goja"

// Resolver settles one promise. Settle inside a turn (Scope.Enter); reactions
// run at the end of that turn. Settling again does nothing.
type Resolver struct {
	js      *Scope
	promise *goja.Promise
	settled bool // or follows another
}

// NewPromise makes a pending promise.
func (js *Scope) NewPromise() *Resolver {
	return &Resolver{js: js, promise: newPromise(js.rt, js.intrinsics.promiseProto)}
}

// Promise is the promise itself.
func (r *Resolver) Promise() Value { return objectOf(r.promise) }

// Pending reports whether the promise is not settled yet.
func (r *Resolver) Pending() bool { return r.promise.State() == goja.PromiseStatePending }

// Resolve fulfils the promise, or follows v if it is a thenable.
func (r *Resolver) Resolve(v Value) {
	if r.settled {
		return
	}
	r.settled = true
	r.js.resolve(r.promise, orUndefined(v))
}

func (js *Scope) resolve(p *goja.Promise, v Value) {
	if o, ok := v.(*Object); ok {
		var then Value
		if o == objectOf(p) {
			rejectPromise(p, js.ErrorValue(TypeErrorf("Chaining cycle detected for promise #<Promise>")))
			return
		}
		if ex := js.rt.Try(func() { then = o.Get("then") }); ex != nil {
			rejectPromise(p, ex.Value())
			return
		}
		call, ok := assertCallable(then)
		if other, isPromise := promiseOf(o); isPromise && then == Value(js.ordinary.then) {
			queue := js.jobs()
			*queue = append(*queue, func() { js.adopt(p, other, call) })
			return
		}
		if ok {
			js.follow(p, o, call)
			return
		}
	}
	fulfillPromise(p, v)
}

// Reject rejects the promise with the JavaScript form of err.
func (r *Resolver) Reject(js *Scope, err error) {
	if !r.settled {
		r.RejectValue(js.ErrorValue(err))
	}
}

// RejectValue rejects the promise with v.
func (r *Resolver) RejectValue(v Value) {
	if r.settled {
		return
	}
	r.settled = true
	rejectPromise(r.promise, orUndefined(v))
}

// check passes an interruption of the engine on to Enter.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// Resolved makes a promise fulfilled with v (Promise.resolve).
func (js *Scope) Resolved(v Value) Value {
	if _, ok := promiseOf(v); ok {
		return v
	}
	p := newPromise(js.rt, js.intrinsics.promiseProto)
	js.resolve(p, orUndefined(v))
	return objectOf(p)
}

// Rejected makes a promise rejected with err.
func (js *Scope) Rejected(err error) Value {
	p := newPromise(js.rt, js.intrinsics.promiseProto)
	rejectPromise(p, js.ErrorValue(err))
	return objectOf(p)
}

func (js *Scope) promiseResult(f func() (Value, error)) Value {
	var v Value
	var err error
	// What user code throws while arguments are read is a rejection too.
	if thrown := js.Try(func() { v, err = f() }); thrown != nil {
		err = thrown
	}
	if err != nil {
		return js.Rejected(err)
	}
	return js.Resolved(orUndefined(v))
}

// PromiseState tells how far a promise is.
type PromiseState int

const (
	NotPromise PromiseState = iota
	Pending
	Fulfilled
	RejectedState
)

// Settled looks at v: whether it is a native promise, its state, and its result.
func Settled(v Value) (PromiseState, Value) {
	p, ok := promiseOf(v)
	if !ok {
		return NotPromise, nil
	}
	switch p.State() {
	case goja.PromiseStateFulfilled:
		return Fulfilled, orUndefined(p.Result())
	case goja.PromiseStateRejected:
		return RejectedState, orUndefined(p.Result())
	}
	return Pending, nil
}

// Then reacts to v, a promise or any other value (treated as resolved). The
// callbacks run in a microtask; what they return settles the promise Then
// returns. A nil onRejected passes the rejection on.
func (js *Scope) Then(v Value, onFulfilled func(js *Scope, v Value) (Value, error), onRejected func(js *Scope, reason Value) (Value, error)) Value {
	p, ok := promiseOf(v)
	if !ok {
		p, _ = promiseOf(js.Resolved(v))
	}
	out := newPromise(js.rt, js.intrinsics.promiseProto)
	fulfilled := func(v Value) { js.resolve(out, v) }
	if onFulfilled != nil {
		fulfilled = func(v Value) { js.settle(out, onFulfilled, v) }
	}
	rejected := func(reason Value) { rejectPromise(out, reason) }
	if onRejected != nil {
		rejected = func(reason Value) { js.settle(out, onRejected, reason) }
	}
	react(p, fulfilled, rejected)
	return objectOf(out)
}

// settle settles out as f says.
func (js *Scope) settle(out *goja.Promise, f func(*Scope, Value) (Value, error), v Value) {
	var result Value
	var err error
	if ex := js.rt.Try(func() { result, err = f(js, v) }); ex != nil {
		rejectPromise(out, ex.Value())
		return
	}
	if err == nil {
		js.resolve(out, orUndefined(result))
		return
	}
	thrown := js.thrown(err)
	reason, ok := thrown.(Value)
	if !ok {
		panic(thrown) // an interruption, which nothing catches
	}
	rejectPromise(out, reason)
}

// Microtask runs f once the microtasks queued so far have run, under the async
// frame of now. It is Then on a fulfilled promise at a fraction of the cost.
func (js *Scope) Microtask(f func(js *Scope)) {
	if js.resolved == nil {
		js.resolved, _ = promiseOf(js.Resolved(Undefined))
	}
	react(js.resolved, func(Value) {
		if ex := js.rt.Try(func() { f(js) }); ex != nil {
			js.Rejected(js.wrapError(ex)) // which nobody handles
		}
	}, func(Value) {})
}

// Catch reacts to a rejection only, and marks the promise handled.
func (js *Scope) Catch(v Value, onRejected func(js *Scope, reason Value) (Value, error)) Value {
	return js.Then(v, nil, onRejected)
}

// MarkHandled keeps a rejection of p from being reported.
func (js *Scope) MarkHandled(p Value) {
	if p, ok := promiseOf(p); ok {
		react(p, func(Value) {}, func(Value) {})
	}
}
