package durable

import (
	"errors"

	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/worker"
)

// object is a Durable Object as the other side of calls.
type object struct{ ref *actor.Ref }

// Send implements rpc.Callee. Calls take their place among the object's other
// events in the order they are sent.
func (o object) Send(op *rpc.Op) {
	if err := worker.CountCall(op); err != nil {
		op.Fail(err)
		return
	}
	ticket := o.ref.Ticket()
	began := false
	call := actor.Call{
		Info: op.Info, Span: op.Span,
		Run: func(js *jsg.Scope, in *actor.Instance) (jsg.Value, error) {
			if !worker.ExtendsDurableObject(in.Value()) {
				return nil, errNoRPC()
			}
			began = true
			return op.Run(js, rpc.Receiver{Value: in.Value(), Class: true})
		},
		Done: func(js *jsg.Scope, in *actor.Instance, v jsg.Value, err error) {
			var thrown *rpc.Thrown
			var failed *jsg.Error
			switch {
			case errors.As(err, &failed) && in.Broken():
				op.Fail(failed) // why the instance ended
			case err != nil && began:
				isolate.ReportThrown(js, err)
				if err = rpc.Capture(js, err); errors.As(err, &thrown) {
					op.Fail(thrown.With("durableObjectId", in.ID().Hex))
					return
				}
				fallthrough
			default:
				op.Return(js, session(in), v, err)
			}
		},
	}
	go func() {
		if err := ticket.Call(op.Ctx, call); err != nil {
			op.Fail(callError(err))
		}
	}()
}

// session is where the calls of an instance run, and what they hand out.
func session(in *actor.Instance) *rpc.Session {
	return &rpc.Session{IO: in.IO(), Hold: in.Lease, Release: in.Unlease}
}

func errNoRPC() error {
	return jsg.TypeErrorf("The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the special class `DurableObject`, which can be imported from the module \"cloudflare:workers\".")
}

// callError keeps errors made for JavaScript and hides the rest.
func callError(err error) error {
	var e *jsg.Error
	if errors.As(err, &e) {
		return e
	}
	text := "Network connection lost."
	if errors.Is(err, isolate.ErrDisposed) {
		text = "Network connection lost: the Durable Object's worker was reloaded or stopped during the call."
	}
	return &jsg.Error{Name: "Error", Message: text, Cause: err, Props: jsg.Flags("remote", "retryable")}
}
