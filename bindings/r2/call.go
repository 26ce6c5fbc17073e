package r2

import (
	"context"
	"errors"
	"io"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// call is one call of a method, for error texts and traces.
type call struct {
	b *binding
	// method is the name in JavaScript; action what R2 calls it in its errors.
	method, action string
	key            string
	// quick says that the work is so short that doing it at once costs less than
	// handing it to another goroutine: metadata, and small contents in memory.
	quick bool
}

// run does work and gives the promise of what finish makes of its result. In
// any case the promise settles in a later turn, so that a loop of calls lets
// other events of the worker have theirs.
func run[T any](js *jsg.Scope, k call, work func(ctx context.Context) (T, error), finish func(js *jsg.Scope, v T) (jsg.Value, error)) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	p, op := js.NewPromise(), c.Begin(js)
	report := k.trace(js)
	do := func() {
		v, err := work(c.Context())
		report(err)
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				p.Reject(js, k.jsError(err))
				return
			}
			if out, err := finish(js, v); err != nil {
				p.Reject(js, err)
			} else {
				p.Resolve(out)
			}
		})
	}
	if k.quick && c.Gate == nil {
		do()
	} else {
		c.Output(func() { go do() })
	}
	return p.Promise()
}

// jsError is what the application sees. What went wrong on the host's side is
// R2's internal error to it; the trace has the details.
func (k call) jsError(err error) error {
	var refusal *Error
	var own *jsg.Error
	switch {
	case errors.As(err, &refusal):
		return jsg.Errorf("%s", refusal.Text(k.action))
	case errors.As(err, &own):
		return own
	}
	return &jsg.Error{Name: "Error", Message: ErrInternal.Text(k.action), Cause: err}
}

func (k call) trace(js *jsg.Scope) func(error) {
	iso := isolate.Of(js)
	if !iso.Trace().Active() {
		return func(error) {}
	}
	r := trace.Record{Kind: trace.Binding, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: iso.Name(),
		Time: iso.Clock().Now(), Name: k.b.name + "." + k.method, Target: k.b.name}
	if k.key != "" {
		r.Name += " " + k.key
	}
	return func(err error) {
		r.Duration = iso.Clock().Now().Sub(r.Time)
		if err != nil {
			r.Error = err.Error()
		}
		iso.Trace().Emit(r)
	}
}

// value is the content given to put and uploadPart: bytes, or a body.
type value struct {
	data []byte
	body wire.Body
}

// quick reports whether the content can be stored without waiting for anybody.
func (v *value) quick() bool { return v.body == nil && len(v.data) <= maxInline }

// errTaken is the answer to a stream that something else is reading already.
func errTaken() error { return jsg.TypeErrorf("The ReadableStream has been locked to a reader.") }

// watched is a body that remembers how reading failed: that is no failure of
// the storage.
type watched struct {
	wire.Body
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// failure is what a failed store call means, given the error it returned.
func (w *watched) failure(err error) error {
	var own *jsg.Error
	switch {
	case w.err == nil:
		return err
	case errors.As(w.err, &own):
		return own
	}
	return &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: w.err}
}
