// Package op runs the calls that JavaScript makes on storage bindings: off the
// isolate's goroutine where they take long, reported to the trace, and with
// their promises settled as turns of the event that made them.
//
// It knows no product; error texts are the callers'.
package op

import (
	"context"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Call is one call of a binding's method.
type Call struct {
	// Binding, Method and Key are for the trace; Key may be "".
	Binding, Method, Key string
	// Quick says that the work is so short that doing it at once costs less than
	// handing it to another goroutine. It is still handed on where output must
	// wait for a commit.
	Quick bool
	// Line, if set, keeps the calls that share it in the order they were made.
	Line *Line
	// Error makes of what work returned what JavaScript sees.
	Error func(err error) error
}

// Run does work and gives the promise of what finish makes of its result. The
// promise settles in a later turn in any case, so that a loop of calls lets the
// worker's other events have theirs.
func Run[T any](js *jsg.Scope, k Call, work func(ctx context.Context) (T, error), finish func(js *jsg.Scope, v T) (jsg.Value, error)) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	if _, err := c.Subrequest(js); err != nil {
		return js.Rejected(err)
	}
	p, op := js.NewPromise(), c.Begin(js)
	report := k.trace(js)
	do := func() {
		v, err := work(c.Context())
		report(err)
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				p.Reject(js, k.Error(err))
				return
			}
			if out, err := finish(js, v); err != nil {
				p.Reject(js, err)
			} else {
				p.Resolve(out)
			}
		})
	}
	elsewhere := func(start func(f func())) {
		c.Output(func() {
			done := c.Isolate().Working()
			start(func() { defer done(); do() })
		})
	}
	switch {
	case k.Line != nil:
		elsewhere(k.Line.Go)
	case k.Quick && c.Gate == nil:
		do()
	default:
		elsewhere(func(f func()) { go f() })
	}
	return p.Promise()
}

func (k Call) trace(js *jsg.Scope) func(error) {
	iso := isolate.Of(js)
	if !iso.Trace().Active() {
		return func(error) {}
	}
	r := trace.Record{Kind: trace.Binding, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: iso.Name(),
		Time: iso.Clock().Now(), Name: k.Binding + "." + k.Method, Target: k.Binding}
	if k.Key != "" {
		r.Name += " " + k.Key
	}
	return func(err error) {
		r.Duration = iso.Clock().Now().Sub(r.Time)
		if err != nil {
			r.Error = err.Error()
		}
		iso.Trace().Emit(r)
	}
}
