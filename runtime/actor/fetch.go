package actor

import (
	"context"
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
	last atomic.Pointer[Instance]
}

// Ref makes a reference.
func (ns *Namespace) Ref(id ID) *Ref { return &Ref{ns: ns, id: id} }

// ID is the object's id.
func (r *Ref) ID() ID { return r.id }

// lease is the instance, unless the one this reference led to before broke:
// then the reference is broken too.
func (r *Ref) lease(ctx context.Context) (*Instance, error) {
	if last := r.last.Load(); last != nil {
		if err := last.failure.Load(); err != nil && err != errUpdated {
			return nil, err
		}
	}
	in, err := r.ns.lease(ctx, r.id)
	if err == nil {
		r.last.Store(in)
	}
	return in, err
}

// claim is taken by the event or by the caller that gave up on it, whoever is
// first; the one who has it ends the lease.
type claim struct{ taken atomic.Bool }

func (c *claim) take() bool { return c.taken.CompareAndSwap(false, true) }

// Fetch gives a request to the object's fetch(). An error of the object's code
// is a *jsg.Error marked remote.
func (r *Ref) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	in, err := r.lease(ctx)
	if err != nil {
		return nil, err
	}
	var c claim
	var failed atomic.Pointer[jsg.Error]
	resp, err := in.host.Serve(ctx, req, func(js *jsg.Scope, io *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
		if !c.take() {
			return nil, isolate.ErrDisposed
		}
		return in.fetch(js, io, request, &failed), nil
	})
	if err != nil && c.take() {
		in.unlease()
	}
	if e := failed.Load(); err != nil && e != nil && ctx.Err() == nil {
		return nil, e
	}
	return resp, err
}

// fetch begins a fetch event. The lease ends with the context of the event,
// which is when the answer's body has been read.
func (in *Instance) fetch(js *jsg.Scope, io *iocontext.Context, request *jsg.Object, failed *atomic.Pointer[jsg.Error]) jsg.Value {
	io.OnEnd(in.unlease)
	io.Gate = in.gate
	p := js.NewPromise()
	ev := in.begin(io.Info, iocontext.CurrentFrame(js).Span, func(js *jsg.Scope, v jsg.Value, err error) {
		switch {
		case in.failure.Load() != nil:
			e := in.failure.Load()
			if e != errUpdated {
				e = Remote(e)
			}
			failed.Store(e)
			p.Reject(js, e)
		case err != nil:
			failed.Store(Remote(Portable(js, err)))
			in.AfterCommit(js, func(js *jsg.Scope) { p.Reject(js, err) })
		default:
			in.answer(js, p, v, failed)
		}
	})
	io.OnEnd(func() { // the promise hung, or nobody waits for it any more
		ev.over = true
		delete(in.events, ev)
	})
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
	sent := false
	waiting := &event{in: in, frame: iocontext.CurrentFrame(js), done: func(js *jsg.Scope, _ jsg.Value, err error) {
		if err != nil {
			failed.Store(Portable(js, err))
			p.Reject(js, err)
			return
		}
		p.Resolve(v)
	}}
	in.AfterCommit(js, func(js *jsg.Scope) { sent = true; waiting.finish(js, nil, nil) })
	if !sent {
		in.events[waiting] = struct{}{}
	}
}
