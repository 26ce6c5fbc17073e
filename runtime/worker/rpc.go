package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Props makes ctx.props in a realm. nil is an empty object.
type Props func(js *jsg.Scope) (jsg.Value, error)

// JSONProps are props from a configuration; nil data gives nil.
func JSONProps(data []byte) Props {
	if data == nil {
		return nil
	}
	return func(js *jsg.Scope) (jsg.Value, error) { return js.JSONParse(string(data)) }
}

// maxInvocations are the workers that one request may run, the one it came to
// included.
const maxInvocations = 32

var errTooManyInvocations = &jsg.Error{Name: "Error", Message: fmt.Sprintf("The request led to more than %d Worker invocations through service bindings, which is the limit; do they call each other in a circle?", maxInvocations)}

// CountFetch counts an invocation by a request through a binding.
func CountFetch(req *wire.Request) error {
	if req.Calls == nil {
		req.Calls = new(wire.Calls)
	}
	if req.Calls.Add() >= maxInvocations {
		return errTooManyInvocations
	}
	return nil
}

// CountConnection counts an invocation by a connection, as CountCall does.
func CountConnection(conn *wire.Connection) error {
	conn.Calls = conn.Calls.Inside()
	if conn.Calls.Count() >= maxInvocations {
		return errTooManyInvocations
	}
	return nil
}

// CountCall counts an invocation by a call. Only those inside one another count:
// a worker makes many small calls where it would make one request.
func CountCall(op *rpc.Op) error {
	op.Info.Calls = op.Info.Calls.Inside()
	if op.Info.Calls.Count() >= maxInvocations {
		return errTooManyInvocations
	}
	return nil
}

// Call runs an operation on an entrypoint as an event of its own. The event lasts
// until nobody holds a stub of what it handed out. begun reports whether the
// event is this version's; if not, the isolate is going away.
func (w *Worker) Call(entrypoint string, props Props, op *rpc.Op, begun func() bool) error {
	_, err := w.Event(op.Ctx, op.Info, op.Span, func(js *jsg.Scope, c *iocontext.Context) {
		defer c.Release()
		if !begun() {
			return
		}
		op.Watch(c)
		if err := cmp.Or(iocontext.Revoked(c.Context()), iocontext.Revoked(op.Ctx)); err != nil {
			op.Fail(err)
			return
		}
		s := rpc.EventSession(c)
		r, err := w.receiver(js, entrypoint, props)
		if err != nil {
			op.Return(js, s, nil, err)
			return
		}
		op.Serve(js, s, r)
	})
	return err
}

// receiver is what operations on an entrypoint start from: an instance, or the
// exported object.
func (w *Worker) receiver(js *jsg.Scope, name string, props Props) (r rpc.Receiver, err error) {
	if w.opts.ServiceWorker {
		return r, jsg.TypeErrorf("The receiving Worker does not support RPC, because it uses the service-worker format. Write an ES module that exports a class extending `WorkerEntrypoint`.")
	}
	ctx, err := newExecutionContext(js, w, props)
	if err != nil {
		return r, err
	}
	target, bound, err := w.entrypoint(js, name, ctx)
	if err != nil {
		return r, err
	}
	if !bound {
		return rpc.Receiver{Value: target, Extra: []jsg.Value{w.env, ctx}}, nil
	}
	if _, ok := entrypointClass.From(target); !ok {
		return r, jsg.TypeErrorf("The receiving Worker does not support RPC, because its entrypoint %q was not declared with `extends WorkerEntrypoint`. In order to enable RPC, make sure the class extends the special class `WorkerEntrypoint`, which can be imported from the module \"cloudflare:workers\".", name)
	}
	return rpc.Receiver{Value: target, Class: true}, nil
}

// Entrypoint is a named entrypoint across reloads, with the props of a binding:
// it answers requests, and can be called.
type Entrypoint struct {
	handle *Handle
	name   string
	props  Props
}

// Entrypoint finds an entrypoint of whatever version is current when it is used.
func (h *Handle) Entrypoint(name string, props Props) *Entrypoint { return &Entrypoint{h, name, props} }

// Fetch implements wire.Fetcher.
func (e *Entrypoint) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return e.handle.fetch(ctx, e.name, e.props, req)
}

// Connect implements wire.Connector.
func (e *Entrypoint) Connect(ctx context.Context, conn *wire.Connection) error {
	return e.handle.use(ctx, func(w *Worker) error { return w.ConnectEntrypoint(ctx, e.name, e.props, conn) })
}

// Send implements rpc.Callee. An operation that the version did not begin before
// it went away is given to the next one.
func (e *Entrypoint) Send(op *rpc.Op) {
	w := e.handle.current.Load()
	if w == nil {
		op.Fail(jsg.Errorf("%v", e.handle.Err()))
		return
	}
	var taken atomic.Bool
	take := func() bool { return taken.CompareAndSwap(false, true) }
	again := func() {
		if take() {
			<-w.replaced
			e.Send(op)
		}
	}
	stop := context.AfterFunc(w.iso.Context(), again)
	err := w.Call(e.name, e.props, op, func() bool { stop(); return take() })
	switch {
	case errors.Is(err, isolate.ErrDisposed):
		stop()
		go again()
	case err != nil && take():
		stop()
		op.Fail(err)
	}
}
