package actor

import (
	"cmp"
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
	// Run is called as a turn of the object.
	Run func(js *jsg.Scope, in *Instance) (jsg.Value, error)
	// Done gets what Run's promise came to, once what the object wrote is
	// durable, in a turn: a value, what code threw, or why the instance ended. It
	// is not called where Call returns an error.
	Done func(js *jsg.Scope, in *Instance, v jsg.Value, err error)
}

// Call makes a call and waits for its end.
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
		return in.lost(isolate.ErrDisposed)
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-in.iso.Done():
		err = in.lost(isolate.ErrDisposed)
	case <-in.gone:
		err = in.lost(errUpdated) // its code was stopped
	}
	select {
	case err := <-done: // given in the last turn
		return err
	default:
		return err
	}
}

// lost is why a call has no answer: what ended the instance, or else err.
func (in *Instance) lost(err error) error {
	if failure := in.failure.Load(); failure != nil {
		return failure
	}
	return err
}

// call calls end once, after Done.
func (in *Instance) call(js *jsg.Scope, call Call, end func(error)) {
	finish := func(js *jsg.Scope, v jsg.Value, err error) {
		call.Done(js, in, v, err)
		end(nil)
	}
	ev := in.begin(js, call.Info, call.Span, func(js *jsg.Scope, v jsg.Value, err error) {
		if failure := in.failure.Load(); failure != nil {
			finish(js, nil, failure)
			return
		}
		in.whenDurable(js, func(js *jsg.Scope, lost error) { finish(js, v, cmp.Or(lost, err)) })
	})
	ev.run(js, func(js *jsg.Scope) (jsg.Value, error) { return call.Run(js, in) })
}

// Lease keeps the instance from going idle until Unlease, for those who hold a
// way to call into it.
func (in *Instance) Lease() {
	in.object.mu.Lock()
	defer in.object.mu.Unlock()
	in.leases++
}

// Unlease undoes one Lease.
func (in *Instance) Unlease() { in.unlease() }
