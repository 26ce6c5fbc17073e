package jsg

import (
	"reflect"

	"github.com/dop251/goja"
)

// Resolver settles one promise. Settle inside a turn (Scope.Enter); reactions
// run at the end of that turn. Settling again does nothing.
type Resolver struct {
	promise *goja.Promise
	value   Value
	resolve func(any) error
	reject  func(any) error
}

// NewPromise makes a pending promise.
func (js *Scope) NewPromise() *Resolver {
	p, resolve, reject := js.rt.NewPromise()
	return &Resolver{promise: p, value: js.rt.ToValue(p), resolve: resolve, reject: reject}
}

// Promise is the promise itself.
func (r *Resolver) Promise() Value { return r.value }

// Pending reports whether the promise is not settled yet.
func (r *Resolver) Pending() bool { return r.promise.State() == goja.PromiseStatePending }

// Resolve fulfils the promise, or follows v if it is a thenable.
func (r *Resolver) Resolve(v Value) {
	if v == nil {
		v = Undefined
	}
	check(r.resolve(v))
}

// Reject rejects the promise with the JavaScript form of err.
func (r *Resolver) Reject(js *Scope, err error) { check(r.reject(js.ErrorValue(err))) }

// RejectValue rejects the promise with v.
func (r *Resolver) RejectValue(v Value) { check(r.reject(v)) }

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
	r := js.NewPromise()
	r.Resolve(v)
	return r.value
}

// Rejected makes a promise rejected with err.
func (js *Scope) Rejected(err error) Value {
	r := js.NewPromise()
	r.Reject(js, err)
	return r.value
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

func promiseOf(v Value) (*goja.Promise, bool) {
	o, ok := v.(*Object)
	if !ok || o.ExportType() != promiseType {
		return nil, false
	}
	p, ok := o.Export().(*goja.Promise)
	return p, ok
}

// ExportType is asked first because Export of a plain object copies all of it.
var promiseType = reflect.TypeFor[*goja.Promise]()

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
	p := v
	if _, ok := promiseOf(v); !ok {
		p = js.Resolved(v)
	}
	out, err := js.intrinsics.then(p, js.reaction(onFulfilled), js.reaction(onRejected))
	if err != nil {
		panic(js.wrapError(err))
	}
	return out
}

func (js *Scope) reaction(f func(*Scope, Value) (Value, error)) Value {
	if f == nil {
		return Undefined
	}
	// The engine drains microtasks whenever a call from Go ends on an empty call
	// stack. A reaction written in Go would run on one: each promise it settles
	// would run that promise's reactions inside it. The JavaScript function
	// around it is a frame on the stack.
	native := js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
		return js.result(f(js, fc.Argument(0)))
	})
	wrapped, err := js.intrinsics.react(Undefined, native)
	check(err)
	return wrapped
}

// microtasks are the callbacks of Microtask, one for each job it queued.
type microtasks struct {
	queue    []func(js *Scope)
	next     int
	resolved Value // any fulfilled promise
	run      Value
}

// reset forgets callbacks whose jobs an interruption dropped.
func (m *microtasks) reset() {
	clear(m.queue)
	m.queue, m.next = m.queue[:0], 0
}

// Microtask runs f once the microtasks queued so far have run, under the async
// frame of now. It is Then on a fulfilled promise at a fraction of the cost.
func (js *Scope) Microtask(f func(js *Scope)) {
	m := &js.microtasks
	if m.run == nil {
		m.resolved = js.Resolved(Undefined)
		m.run = js.reaction(func(js *Scope, _ Value) (Value, error) {
			f := m.queue[m.next]
			m.queue[m.next] = nil
			if m.next++; m.next == len(m.queue) {
				m.queue, m.next = m.queue[:0], 0
			}
			f(js)
			return Undefined, nil
		})
	}
	m.queue = append(m.queue, f)
	if _, err := js.intrinsics.then(m.resolved, m.run, Undefined); err != nil {
		panic(js.wrapError(err))
	}
}

// Catch reacts to a rejection only, and marks the promise handled.
func (js *Scope) Catch(v Value, onRejected func(js *Scope, reason Value) (Value, error)) Value {
	return js.Then(v, nil, onRejected)
}

// MarkHandled keeps a rejection of p from being reported.
func (js *Scope) MarkHandled(p Value) {
	if _, ok := promiseOf(p); !ok {
		return
	}
	if _, err := js.intrinsics.then(p, Undefined, js.intrinsics.noop); err != nil {
		panic(js.wrapError(err))
	}
}
