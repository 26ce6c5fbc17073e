package r2

import (
	"context"
	"errors"
	"io"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// call is one call of a method, for error texts and traces.
type call struct {
	b *binding
	// method is the name in JavaScript; action what R2 calls it in its errors.
	method, action string
	key            string
	// quick: metadata, and small contents in memory; see op.Call.
	quick bool
}

func run[T any](js *jsg.Scope, k call, work func(ctx context.Context) (T, error), finish func(js *jsg.Scope, v T) (jsg.Value, error)) jsg.Value {
	return op.Run(js, op.Call{Binding: k.b.name, Method: k.method, Key: k.key, Quick: k.quick, Error: k.jsError}, work, finish)
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
