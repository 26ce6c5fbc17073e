package streams

import (
	"errors"
	"io"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Streams travel to other isolates as capabilities: the bytes of a readable one
// as a Body, what is written to the copy of a writable one back to the original.

var (
	_ = clone.Register("ReadableStream", writeReadable, readReadable)
	_ = clone.Register("WritableStream", writeWritable, readWritable)
)

// bodyCap is a Body on its way.
type bodyCap struct{ wire.Body }

func writeReadable(s *ReadableStream, js *jsg.Scope, e *clone.Encoder) error {
	if !e.Live() {
		return e.Cap("ReadableStream", nil)
	}
	if s.Locked() {
		return jsg.TypeErrorf("The ReadableStream has been locked to a reader.")
	}
	b, err := s.TakeBody(js)
	if err != nil {
		return err
	}
	return e.Cap("ReadableStream", bodyCap{b})
}

func readReadable(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	b, ok := d.Cap().(bodyCap)
	if !ok {
		return nil, d.Err()
	}
	return FromBody(js, Received(b.Body)).Wrap(js), nil
}

// Received is a body that came from another isolate: should that fail, the
// reader learns no more than that.
func Received(b wire.Body) wire.Body {
	if b == nil || wire.InMemory(b) {
		return b
	}
	return received{b}
}

type received struct{ wire.Body }

func (r received) Read(p []byte) (int, error) {
	n, err := r.Body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = jsg.Errorf("ReadableStream received over RPC disconnected prematurely.")
	}
	return n, err
}

// Cancel implements wire.Canceler. Reasons do not travel.
func (r received) Cancel(error) {
	if c, ok := r.Body.(wire.Canceler); ok {
		c.Cancel(jsg.Errorf("Network connection lost."))
	}
}

func writeWritable(s *WritableStream, js *jsg.Scope, e *clone.Encoder) error {
	if !e.Live() {
		return e.Cap("WritableStream", nil)
	}
	if s.Locked() {
		return jsg.TypeErrorf("The WritableStream has been locked to a writer.")
	}
	w, err := acquireWriter(js, s)
	if err != nil {
		return err
	}
	return e.Cap("WritableStream", &writerCap{turns: currentTurns(js), writer: w, aborted: make(chan struct{})})
}

func readWritable(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	w, ok := d.Cap().(*writerCap)
	if !ok {
		return nil, d.Err()
	}
	return NewWritable(js, w).Wrap(js), nil
}

// writerCap is the Sink that writes to a stream of another isolate.
type writerCap struct {
	turns
	writer  *Writer
	aborted chan struct{}
	over    bool // on the isolate's goroutine
}

// Write implements io.Writer: it waits until the stream has taken the bytes.
func (w *writerCap) Write(p []byte) (int, error) {
	data := append([]byte(nil), p...)
	err := w.step(func(js *jsg.Scope) (jsg.Value, error) { return w.writer.write(js, js.NewArrayBuffer(data)) })
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close ends the stream; a message that nobody read aborts it the same way.
func (w *writerCap) Close() error {
	return w.step(func(js *jsg.Scope) (jsg.Value, error) {
		w.over = true
		return w.writer.stream.close(js), nil
	})
}

func errSinkLost() error {
	return jsg.Errorf("WritableStream received over RPC was disconnected because the remote execution context has ended.")
}

// Abort implements Sink. Reasons do not travel.
func (w *writerCap) Abort(error) {
	w.post(func(js *jsg.Scope) {
		if w.over {
			return
		}
		w.over = true
		close(w.aborted)
		js.MarkHandled(w.writer.stream.abort(js, js.ErrorValue(errSinkLost())))
	})
}

// step runs f as a turn of the stream's event and waits for its promise.
func (w *writerCap) step(f func(js *jsg.Scope) (jsg.Value, error)) error {
	done := make(chan error, 1)
	posted := w.post(func(js *jsg.Scope) {
		if w.over {
			done <- errWriteClosed()
			return
		}
		p, err := f(js)
		if err != nil {
			done <- leaving(err)
			return
		}
		js.Then(p, func(*jsg.Scope, jsg.Value) (jsg.Value, error) {
			done <- nil
			return jsg.Undefined, nil
		}, func(_ *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
			done <- goError(reason)
			return jsg.Undefined, nil
		})
	})
	if !posted {
		return errSinkLost()
	}
	err, waiting := wait(w.turns, done, w.aborted)
	if waiting != nil {
		return errSinkLost()
	}
	return err
}

// leaving is an error as it may leave the isolate.
func leaving(err error) error {
	var ex *jsg.Exception
	if errors.As(err, &ex) {
		return goError(ex.Value)
	}
	return err
}
