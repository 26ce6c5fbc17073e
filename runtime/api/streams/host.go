package streams

import (
	"context"
	"errors"
	"io"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// chunkSize is how many bytes a default read of a host stream gets at most.
const chunkSize = 64 << 10

// source is where a host stream's bytes come from.
type source interface {
	// read fills into with at least min bytes unless the end comes first, and
	// calls done in this turn or a later one. n is 0 only with an error.
	read(js *jsg.Scope, into []byte, min int, done func(js *jsg.Scope, n int, err error))
	// body gives the bytes to another goroutine; the source is not used again.
	// keep makes the event live until the body is read or closed.
	body(js *jsg.Scope, keep bool) wire.Body
	// cancel gives up the rest; it returns a promise.
	cancel(js *jsg.Scope, reason jsg.Value) jsg.Value
	// length is the number of bytes in total, -1 if unknown.
	length() int64
}

// hostController reads bytes that come from outside JavaScript. It takes one
// read at a time and supports both kinds of readers.
type hostController struct {
	stream *ReadableStream
	src    source
	busy   bool   // a read is under way
	rest   []byte // what came for a reader that was gone by then
}

// busy reports whether a read of a host stream is under way.
func (s *ReadableStream) busy() bool {
	h, ok := s.controller.(*hostController)
	return ok && h.busy && s.state == readable
}

func errSingleRead() error {
	return jsg.TypeErrorf("This ReadableStream only supports a single pending read request at a time.")
}

func errOutstanding() error {
	return jsg.TypeErrorf("Cannot call releaseLock() on a reader with outstanding read promises.")
}

func newHostStream(src source) *ReadableStream {
	s := &ReadableStream{length: -1}
	s.controller = &hostController{stream: s, src: src}
	return s
}

func (c *hostController) pull(js *jsg.Scope, req readRequest) {
	if c.busy {
		req.fail(js, js.ErrorValue(errSingleRead()))
		return
	}
	if data := c.rest; len(data) > 0 {
		c.rest = nil
		req.chunk(js, js.NewUint8Array(data))
		return
	}
	c.busy = true
	r := c.stream.defaultReader()
	r.requests = append(r.requests, req)
	buf := make([]byte, c.chunkSize())
	c.src.read(js, buf, 1, func(js *jsg.Scope, n int, err error) {
		c.busy = false
		switch {
		case c.stream.state != readable: // cancelled meanwhile
		case errors.Is(err, io.EOF):
			c.stream.close(js)
		case err != nil:
			c.stream.fail(js, js.ErrorValue(err))
		default:
			if n < len(buf)/2 { // do not keep a large buffer alive for a few bytes
				buf = append([]byte(nil), buf[:n]...)
			}
			if c.stream.waiting() == 0 { // a pipe was aborted meanwhile
				c.rest = buf[:n:n]
				return
			}
			c.stream.give(js, js.NewUint8Array(buf[:n:n]))
		}
	})
}

func (c *hostController) chunkSize() int64 {
	if m, ok := c.src.(interface{ available() int64 }); ok {
		if n := m.available(); n >= 0 {
			return min(max(n, 1), chunkSize)
		}
	}
	return chunkSize
}

func (c *hostController) pullInto(js *jsg.Scope, view jsg.View, min int, req readIntoRequest) {
	data, ok := jsg.Detach(view.Buffer)
	if !ok {
		req.fail(js, js.ErrorValue(jsg.TypeErrorf("Unable to use a detached ArrayBuffer.")))
		return
	}
	// The platform's own streams give a Uint8Array whatever they were lent.
	give := func(js *jsg.Scope, n int) jsg.Value {
		v, err := js.NewView("Uint8Array", js.NewArrayBuffer(data), view.Offset, n)
		if err != nil {
			return jsg.Undefined
		}
		return v
	}
	if c.stream.state == closed {
		req.done(js, give(js, 0))
		return
	}
	if len(c.rest) > 0 {
		n := copy(data[view.Offset:view.Offset+view.Len], c.rest)
		c.rest = c.rest[n:]
		req.chunk(js, give(js, n))
		return
	}
	c.busy = true
	r := c.stream.byobReader()
	r.requests = append(r.requests, req)
	c.src.read(js, data[view.Offset:view.Offset+view.Len], min, func(js *jsg.Scope, n int, err error) {
		c.busy = false
		switch {
		case c.stream.state != readable:
		case errors.Is(err, io.EOF):
			reqs := r.take()
			c.stream.close(js)
			for _, req := range reqs {
				req.done(js, give(js, 0))
			}
		case err != nil:
			c.stream.fail(js, js.ErrorValue(err))
		default:
			for _, req := range r.take() {
				req.chunk(js, give(js, n))
			}
		}
	})
}

func (c *hostController) cancel(js *jsg.Scope, reason jsg.Value) jsg.Value {
	return c.src.cancel(js, reason)
}

func (c *hostController) release(*jsg.Scope) {}

// bodySource reads a wire.Body.
type bodySource struct {
	b       wire.Body
	err     error  // what the body ended in, kept for the next read
	unwatch func() // nil before the first read
}

// FromBody makes a stream of the bytes of b. Nothing is read before somebody
// asks, and TakeBody of an untouched stream gives b back.
func FromBody(js *jsg.Scope, b wire.Body) *ReadableStream {
	if b == nil {
		b = wire.NewBytesBody(nil)
	}
	return newHostStream(&bodySource{b: b})
}

func (s *bodySource) available() int64 {
	if m, ok := s.b.(*wire.BytesBody); ok {
		return int64(len(m.Bytes()))
	}
	return -1
}

func (s *bodySource) read(js *jsg.Scope, into []byte, min int, done func(js *jsg.Scope, n int, err error)) {
	if s.err != nil {
		done(js, 0, s.err)
		return
	}
	if m, ok := s.b.(*wire.BytesBody); ok { // memory needs no goroutine
		n, err := m.Read(into)
		done(js, n, err)
		return
	}
	c, err := iocontext.Require(js)
	if err != nil {
		done(js, 0, err)
		return
	}
	s.watch(c)
	op := c.Begin(js)
	go func() {
		n, err := io.ReadAtLeast(s.b, into, min)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				s.b.Close()
				s.unwatch()
				s.err = err
				if n > 0 {
					err = nil
				}
			}
			done(js, n, err)
		})
	}()
}

// watch closes the body with the event that reads it, so that no read outlives
// it, and with the isolate, which may be stopped without a turn to end events in.
func (s *bodySource) watch(c *iocontext.Context) {
	if s.unwatch != nil {
		return
	}
	ended := c.Closing(func() { s.b.Close() })
	stopped := context.AfterFunc(c.Isolate().Context(), func() { s.b.Close() })
	s.unwatch = func() { ended(); stopped() }
}

func (s *bodySource) body(*jsg.Scope, bool) wire.Body {
	if s.err != nil {
		return errorBody{s.err}
	}
	return s.b
}

func (s *bodySource) cancel(js *jsg.Scope, reason jsg.Value) jsg.Value {
	closeBody(s.b, goError(reason))
	return js.Resolved(jsg.Undefined)
}

func (s *bodySource) length() int64 { return s.b.Len() }

// closeBody cancels a body, with the reason if it takes one.
func closeBody(b wire.Body, reason error) {
	if c, ok := b.(wire.Canceler); ok && reason != nil {
		c.Cancel(reason)
	}
	b.Close()
}

// goError is a thrown value as an error that may leave the isolate's goroutine.
func goError(v jsg.Value) error {
	if v == nil || jsg.IsUndefined(v) {
		return jsg.Errorf("The stream was cancelled.")
	}
	d := jsg.Describe(v)
	if d.Name == "" {
		d.Name = "Error"
	}
	return &jsg.Error{Name: d.Name, Message: d.Message}
}

// errorBody is a body that is broken from the start.
type errorBody struct{ err error }

func (b errorBody) Read([]byte) (int, error) { return 0, b.err }
func (b errorBody) Close() error             { return nil }
func (b errorBody) Len() int64               { return -1 }
