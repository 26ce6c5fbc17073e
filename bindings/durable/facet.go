package durable

import (
	"context"
	"sync"

	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
)

// facet is a facet from the call that starts it until it is aborted or deleted,
// or its object ends. Everything but the queue belongs to the isolate's
// goroutine.
type facet struct {
	*surface
	owner *facets
	name  string
	path  []string

	class  string
	props  worker.Props
	id     actor.ID
	textID *string // an id that is only text

	ns *actor.Namespace // nil until the class is known

	mu    sync.Mutex
	known bool // what becomes of it: ready or err hold
	err   error
	queue []func(error) // what waits for that
}

// whenReady calls f once the facet can be used, or with why it cannot, in the
// order of the calls.
func (f *facet) whenReady(do func(error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.known {
		f.queue = append(f.queue, do)
		return
	}
	do(f.err)
}

func (f *facet) settle(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known && f.err != nil {
		return
	}
	f.known, f.err = true, err
	for _, do := range f.queue {
		do(err)
	}
	f.queue = nil
}

// start asks the application for the class. An error stays until the facet is
// aborted.
func (f *facet) start(js *jsg.Scope, callback jsg.Value) {
	in := f.owner.in
	js.WithFrame(&iocontext.Frame{IO: in.IO()}, func() {
		v, err := js.Call(callback, jsg.Undefined)
		if err != nil {
			f.settle(actor.Portable(js, err))
			return
		}
		if state, _ := jsg.Settled(v); state == jsg.NotPromise {
			f.ready(js, v)
			return
		}
		js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
			f.ready(js, v)
			return jsg.Undefined, nil
		}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
			f.settle(actor.Portable(js, jsg.Thrown(reason)))
			return jsg.Undefined, nil
		})
	})
}

// ready opens the facet with what the application gave.
func (f *facet) ready(js *jsg.Scope, v jsg.Value) {
	if f.owner.running[f.name] != f {
		return // it was ended meanwhile
	}
	err := f.startOptions(js, v)
	if err == nil {
		ns, in := f.owner.ns, f.owner.in
		f.ns, err = in.Adopt(actor.Options{
			Worker: ns.worker, Class: f.class, Clock: ns.session.Clock, Trace: ns.session.Trace,
			Store: facetStore{ns.store, in.ID().Hex, f.path}, Surface: f, Down: ns.down,
		})
	}
	if err != nil {
		f.settle(actor.Portable(js, err))
		return
	}
	f.settle(nil)
}

func (f *facet) end(js *jsg.Scope, err error) {
	f.settle(actor.Portable(js, err))
	if f.ns != nil {
		f.owner.in.EndChild(js, f.ns, err)
	}
}

// facetRef is what a stub of a facet holds. The first use binds it to the facet
// that runs under the name then, and starts that if none does.
type facetRef struct {
	owner    *facets
	name     string
	callback jsg.Value

	mu   sync.Mutex
	run  *facet
	wait []func(*actor.Ref, error) // until run is known
	ref  *actor.Ref
	busy bool
}

// use calls do with the facet's address, in the order of the calls.
func (r *facetRef) use(do func(*actor.Ref, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.run != nil {
		r.pass(do)
		return
	}
	r.wait = append(r.wait, do)
	if r.busy {
		return
	}
	r.busy = true
	if !r.owner.in.IO().Isolate().Post(nil, r.bind) {
		r.drop(errClosed)
	}
}

// drop refuses what waits. The caller holds r.mu.
func (r *facetRef) drop(err error) {
	for _, do := range r.wait {
		do(nil, err)
	}
	r.wait, r.busy = nil, false
}

// bind finds or starts the facet.
func (r *facetRef) bind(js *jsg.Scope) {
	f := r.owner
	if err := f.in.Failure(); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.drop(err)
		return
	}
	run := f.running[r.name]
	if run == nil {
		run = &facet{surface: &surface{f.ns}, owner: f, name: r.name, path: f.pathTo(r.name), id: f.in.ID()}
		f.running[r.name] = run
		run.start(js, r.callback)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run = run
	for _, do := range r.wait {
		r.pass(do)
	}
	r.wait = nil
}

// pass gives do the address once there is one. The caller holds r.mu.
func (r *facetRef) pass(do func(*actor.Ref, error)) {
	run := r.run
	run.whenReady(func(err error) {
		if gone := r.owner.in.Failure(); gone != nil {
			err = gone
		}
		if err != nil {
			do(nil, err)
			return
		}
		do(r.address(run), nil)
	})
}

// address is the same for all uses of a stub: it knows whether the instance it
// led to has broken. The caller holds run.mu.
func (r *facetRef) address(run *facet) *actor.Ref {
	if r.ref == nil {
		r.ref = run.ns.Ref(run.id)
	}
	return r.ref
}

// Send implements rpc.Callee.
func (r *facetRef) Send(op *rpc.Op) {
	r.use(func(ref *actor.Ref, err error) {
		if err != nil {
			op.Fail(err)
			return
		}
		object{ref}.Send(op)
	})
}

// Order takes the next place for a request.
func (r *facetRef) Order() wire.Fetcher {
	place := make(chan eventTarget, 1)
	r.use(func(ref *actor.Ref, err error) {
		if err != nil {
			place <- refused{err}
			return
		}
		place <- ref.Ticket()
	})
	return facetPlace(place)
}

// eventTarget takes one event of an object.
type eventTarget interface {
	wire.Fetcher
	wire.Connector
}

// refused is the target that is not there.
type refused struct{ err error }

func (r refused) Fetch(context.Context, *wire.Request) (*wire.Response, error) { return nil, r.err }
func (r refused) Connect(context.Context, *wire.Connection) error              { return r.err }

// facetPlace is a place in the line of a facet that may not run yet.
type facetPlace chan eventTarget

func (p facetPlace) use(ctx context.Context, f func(t eventTarget) error) error {
	select {
	case t := <-p:
		return f(t)
	case <-ctx.Done():
		// Whoever is behind must not wait for a place that nobody takes.
		go func() { _ = f(<-p) }()
		return context.Cause(ctx)
	}
}

// Fetch implements wire.Fetcher.
func (p facetPlace) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	type answer struct {
		resp *wire.Response
		err  error
	}
	out := make(chan answer, 1)
	if err := p.use(ctx, func(t eventTarget) error {
		resp, err := t.Fetch(ctx, req)
		out <- answer{resp, err}
		return nil
	}); err != nil {
		return nil, err
	}
	a := <-out
	return a.resp, a.err
}

// Connect implements wire.Connector.
func (p facetPlace) Connect(ctx context.Context, conn *wire.Connection) error {
	return p.use(ctx, func(t eventTarget) error { return t.Connect(ctx, conn) })
}

// Fetch implements wire.Fetcher.
func (r *facetRef) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return r.Order().Fetch(ctx, req)
}
