package actor

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Ref is the way to one object, what a stub holds. It is safe for concurrent
// use and starts nothing before the first call.
type Ref struct {
	ns   *Namespace
	id   ID
	last atomic.Pointer[fate] // of the instance used last
}

// Ref makes a reference.
func (ns *Namespace) Ref(id ID) *Ref { return &Ref{ns: ns, id: id} }

// ID is the object's id.
func (r *Ref) ID() ID { return r.id }

// broken is why the instance that this reference led to ended, which the
// reference does not survive; nil if it has not, or was replaced by another.
func (r *Ref) broken() *jsg.Error {
	if last := r.last.Load(); last != nil {
		if err := last.Load(); err != nil && !replaced(err) {
			return err
		}
	}
	return nil
}

// lease is the instance, unless the one this reference led to before broke:
// then the reference is broken too.
func (r *Ref) lease(ctx context.Context) (*Instance, error) {
	if err := r.broken(); err != nil {
		return nil, err
	}
	in, err := r.ns.lease(ctx, r.id)
	if err != nil {
		return nil, err
	}
	// It may have broken while the next one was waited for.
	if err := r.broken(); err != nil && r.last.Load() != in.failure {
		in.unlease()
		return nil, err
	}
	r.last.Store(in.failure)
	return in, nil
}

// Order takes the next place for a request: the one given to what it returns
// reaches the object after those that were ordered before.
func (r *Ref) Order() wire.Fetcher { return r.Ticket() }

// Ticket is a place in the order of an object's events, to be used once.
type Ticket struct {
	ref    *Ref
	sound  bool // the reference was not broken when the place was taken
	before <-chan struct{}
	used   func()
}

// Ticket takes the next place.
func (r *Ref) Ticket() *Ticket {
	mine := make(chan struct{})
	t := &Ticket{ref: r, sound: r.broken() == nil, used: sync.OnceFunc(func() { close(mine) })}
	if o, err := r.ns.object(r.id); err == nil {
		o.mu.Lock()
		t.before, o.tail = o.tail, mine
		o.mu.Unlock()
	}
	return t
}

// wait waits for the tickets before, and lets the next go on if it cannot.
func (t *Ticket) wait(ctx context.Context) error {
	if t.before == nil {
		return nil
	}
	select {
	case <-t.before:
		return nil
	case <-ctx.Done():
		t.used()
		return context.Cause(ctx)
	}
}

// Fetch implements wire.Fetcher.
func (t *Ticket) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if err := t.wait(ctx); err != nil {
		return nil, err
	}
	defer t.used()
	resp, err := t.ref.fetch(ctx, req, t.used)
	if e := t.ref.broken(); t.sound && e != nil && err == error(e) {
		// On its way when the object broke: like a request that had arrived.
		return nil, marked(e)
	}
	return resp, err
}

// Call is Ref.Call in the ticket's place.
func (t *Ticket) Call(ctx context.Context, call Call) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	defer t.used()
	return t.ref.call(ctx, call, t.used)
}

// claim is taken by the event or by the caller that gave up on it, whoever is
// first; the one who has it ends the lease.
type claim struct{ taken atomic.Bool }

func (c *claim) take() bool { return c.taken.CompareAndSwap(false, true) }

// Fetch gives a request to the object's fetch(). An error of the object's code
// is a *jsg.Error marked remote.
func (r *Ref) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return r.fetch(ctx, req, func() {})
}

// fetch calls arrived when the object has the event.
func (r *Ref) fetch(ctx context.Context, req *wire.Request, arrived func()) (*wire.Response, error) {
	in, err := r.lease(ctx)
	if err != nil {
		return nil, err
	}
	// The end of the instance ends the wait, also if its code was stopped.
	served, cancel := context.WithCancelCause(ctx)
	in.track(&cancel)
	var c claim
	var failed atomic.Pointer[jsg.Error]
	resp, err := in.host.Serve(served, req, func(js *jsg.Scope, io *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
		arrived()
		if !c.take() {
			return nil, isolate.ErrDisposed
		}
		return in.fetch(js, io, request, &failed), nil
	})
	in.untrack(&cancel)
	if err == nil {
		if resp.Body == nil || wire.InMemory(resp.Body) {
			cancel(nil)
		} // else the caller's context stands for the reader of the body
		return resp, nil
	}
	cancel(nil)
	if c.take() {
		in.unlease()
	}
	if e := failed.Load(); e != nil && ctx.Err() == nil {
		return nil, e
	}
	if e := in.failure.Load(); e != nil && errors.Is(err, isolate.ErrDisposed) {
		return nil, marked(e) // it broke before the request reached it
	}
	return nil, err
}

func (in *Instance) track(cancel *context.CancelCauseFunc) {
	in.object.mu.Lock()
	defer in.object.mu.Unlock()
	in.waiting.Add(cancel)
}

func (in *Instance) untrack(cancel *context.CancelCauseFunc) {
	in.object.mu.Lock()
	defer in.object.mu.Unlock()
	in.waiting.Delete(cancel)
}

// fetch begins a fetch event. The lease ends with the context of the event,
// which is when the answer's body has been read.
func (in *Instance) fetch(js *jsg.Scope, io *iocontext.Context, request *jsg.Object, failed *atomic.Pointer[jsg.Error]) jsg.Value {
	in.requests.Add(io)
	io.OnEnd(func() { in.requests.Delete(io); in.unlease() })
	io.Gate = in.gate
	p := js.NewPromise()
	ev := in.begin(js, io.Info, iocontext.CurrentFrame(js).Span, func(js *jsg.Scope, v jsg.Value, err error) {
		switch {
		case in.failure.Load() != nil:
			e := marked(in.failure.Load())
			failed.Store(e)
			p.Reject(js, e)
		case err != nil:
			failed.Store(Remote(Portable(js, err)))
			in.AfterCommit(js, func(js *jsg.Scope) { p.Reject(js, err) })
		default:
			in.answer(js, p, v, failed)
		}
	})
	io.OnEnd(ev.drop) // nobody waits for it any more
	ev.run(js, func(js *jsg.Scope) (jsg.Value, error) {
		f, ok, err := in.handler(js, "fetch")
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, noHandler("fetch")
		}
		return js.Call(f, in.value, request)
	})
	return p.Promise()
}

// answer resolves p once what was written is durable. Should the commit fail,
// the answer never leaves.
func (in *Instance) answer(js *jsg.Scope, p *jsg.Resolver, v jsg.Value, failed *atomic.Pointer[jsg.Error]) {
	in.whenDurable(js, func(js *jsg.Scope, err error) {
		if err != nil {
			failed.Store(Remote(Portable(js, err)))
			p.Reject(js, err)
			return
		}
		p.Resolve(v)
	})
}

// whenDurable calls f once everything written so far is committed, or with why
// that never happened.
func (in *Instance) whenDurable(js *jsg.Scope, f func(js *jsg.Scope, err error)) {
	sent := false
	var waiting *event
	in.AfterCommit(js, func(js *jsg.Scope) {
		sent = true
		if waiting == nil {
			f(js, nil)
			return
		}
		waiting.finish(js, nil, nil)
	})
	if !sent {
		waiting = in.register(js, &event{in: in, frame: iocontext.CurrentFrame(js), done: func(js *jsg.Scope, _ jsg.Value, err error) { f(js, err) }})
	}
}
