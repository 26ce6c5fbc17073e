package actor

import (
	"context"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Call is something other than a request to do with an object: a method call.
type Call struct {
	Info iocontext.Info
	Span trace.Span
	// Check refuses the call before it begins.
	Check func(js *jsg.Scope, in *Instance) error
	// Run is called as a turn of the object.
	Run func(js *jsg.Scope, in *Instance) (jsg.Value, error)
	// Result takes what Run's promise resolved to out of the isolate, once what
	// the object wrote is durable.
	Result func(js *jsg.Scope, v jsg.Value) error
}

// Call makes a call and waits for its end. An error of the object's code is a
// *jsg.Error marked remote, unless it broke the object.
func (r *Ref) Call(ctx context.Context, call Call) error { return r.call(ctx, call, func() {}) }

func (r *Ref) call(ctx context.Context, call Call, arrived func()) error {
	in, err := r.lease(ctx)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	errand := isolate.ErrandOf(ctx)
	end := func(err error) {
		in.unlease()
		errand.Answered()
		done <- err
	}
	if !in.iso.Post(nil, func(js *jsg.Scope) {
		arrived()
		errand.Arrived()
		if err := iocontext.Revoked(ctx); err != nil {
			end(err)
			return
		}
		in.call(js, call, end)
	}) {
		in.unlease()
		return isolate.ErrDisposed
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-in.iso.Done():
		return isolate.ErrDisposed
	case <-in.gone:
		select {
		case err := <-done:
			return err
		default: // its code was stopped
			return errUpdated
		}
	}
}

// call calls end once, with the outcome.
func (in *Instance) call(js *jsg.Scope, call Call, end func(error)) {
	began := false
	ev := in.begin(js, call.Info, call.Span, func(js *jsg.Scope, v jsg.Value, err error) {
		switch failure := in.failure.Load(); {
		case failure != nil:
			end(failure) // unlike what fetch() gives, not marked remote
		case err != nil:
			e := Remote(Portable(js, err))
			if began {
				e.Props["durableObjectId"] = in.object.hex
			}
			in.whenDurable(js, func(*jsg.Scope, error) { end(e) })
		default:
			in.whenDurable(js, func(js *jsg.Scope, err error) {
				if err == nil {
					err = call.Result(js, v)
				}
				if err != nil {
					err = Remote(Portable(js, err))
				}
				end(err)
			})
		}
	})
	ev.run(js, func(js *jsg.Scope) (jsg.Value, error) {
		if err := call.Check(js, in); err != nil {
			return nil, err
		}
		began = true
		return call.Run(js, in)
	})
}
