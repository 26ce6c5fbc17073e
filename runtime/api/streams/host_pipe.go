package streams

import (
	"io"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// hostSink takes bytes without JavaScript.
type hostSink interface {
	// pipeFrom takes all bytes of src and calls done once. stop ends it early,
	// unless it has ended by then. ok is false if it cannot right now; nothing has
	// happened then.
	pipeFrom(js *jsg.Scope, src source, o PipeOptions, done func(js *jsg.Scope, r pipeResult)) (stop func(js *jsg.Scope, reason error), ok bool)
}

// pipeResult is how a host pipe ended: at most one error is set.
type pipeResult struct{ srcErr, dstErr error }

// feed is the source behind a host stream if its bytes come from the host
// already, nil if JavaScript still has to write them.
func (s *ReadableStream) feed() source {
	h, ok := s.controller.(*hostController)
	if !ok || h.busy || s.state != readable || len(h.rest) > 0 {
		return nil
	}
	if c, ok := h.src.(*channel); ok && !c.spliced() {
		return nil
	}
	return h.src
}

// pipeHost pipes between host streams; nil if either is none.
func (s *ReadableStream) pipeHost(js *jsg.Scope, dst *WritableStream, o PipeOptions) jsg.Value {
	src := s.feed()
	if src == nil || dst.host == nil || dst.state != writable || dst.closeQueuedOrInFlight() || !dst.idle() {
		return nil
	}
	if o.Signal != nil && o.Signal.Aborted() {
		return nil
	}
	p := js.NewPromise()
	var unhook func()
	var why jsg.Value // the signal's reason
	stop, ok := dst.host.pipeFrom(js, src, o, func(js *jsg.Scope, r pipeResult) {
		if unhook != nil {
			unhook()
		}
		s.held, dst.held = false, false
		s.afterPipe(js, dst, o, r, why, p)
	})
	if !ok {
		return nil
	}
	s.held, dst.held = true, true
	if o.Signal != nil {
		unhook = o.Signal.OnAbort(js, func(js *jsg.Scope, reason jsg.Value) {
			why = reason
			stop(js, goError(reason))
		})
	}
	return p.Promise()
}

// afterPipe brings the states of both streams in line with what happened.
func (s *ReadableStream) afterPipe(js *jsg.Scope, dst *WritableStream, o PipeOptions, r pipeResult, why jsg.Value, p *jsg.Resolver) {
	switch {
	case why != nil:
		if !o.PreventAbort {
			js.MarkHandled(dst.abort(js, why))
		}
		s.close(js)
		p.RejectValue(why)
	case r.srcErr != nil:
		reason := js.ErrorValue(r.srcErr)
		s.fail(js, reason)
		if !o.PreventAbort {
			js.MarkHandled(dst.abort(js, reason))
		}
		p.RejectValue(reason)
	case r.dstErr != nil:
		reason := js.ErrorValue(r.dstErr)
		dst.controller.failIfWritable(js, reason)
		s.close(js)
		p.RejectValue(reason)
	default:
		s.close(js)
		if !o.PreventClose && dst.state == writable {
			dst.controller.clear()
			dst.state = writableClosed
		}
		p.Resolve(jsg.Undefined)
	}
}

// idle reports whether nothing is queued or being written.
func (s *WritableStream) idle() bool {
	return s.inFlight == nil && s.controller.queue.empty()
}

// Sink is where NewWritable's bytes go. Write blocks until the bytes are taken,
// which is the backpressure the script feels. Calls come one at a time and from
// any goroutine, except that Abort may come during a Write, which it ends.
type Sink interface {
	io.Writer
	Close() error
	Abort(reason error)
}

// NewWritable makes a host stream that writes to sink.
func NewWritable(js *jsg.Scope, sink Sink) *WritableStream {
	h := &goSink{sink}
	s := &WritableStream{host: h}
	setUpWritable(js, s, underlyingSink{
		write: func(js *jsg.Scope, chunk, _ jsg.Value) (jsg.Value, error) {
			data, err := chunkBytes(chunk)
			if err != nil {
				return nil, err
			}
			data = append([]byte(nil), data...)
			return h.do(js, func() error { _, err := sink.Write(data); return err }), nil
		},
		close: func(js *jsg.Scope) (jsg.Value, error) { return h.do(js, sink.Close), nil },
		abort: func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
			sink.Abort(goError(reason))
			return jsg.Undefined, nil
		},
	}, 1, noSize)
	return s
}

// Finish closes the stream after all that was written, whoever holds its lock.
// The promise settles when its sink is closed, or has failed.
func (s *WritableStream) Finish(js *jsg.Scope) jsg.Value {
	switch {
	case s.closing != nil:
		return s.closing.Promise()
	case s.state != writable || s.closeQueuedOrInFlight():
		return js.Resolved(jsg.Undefined)
	}
	p := s.close(js)
	js.MarkHandled(p)
	return p
}

// FinishForOwner is Finish for the object that the stream is a part of.
func (s *WritableStream) FinishForOwner(js *jsg.Scope) jsg.Value {
	s.ownerCloses = true
	return s.Finish(js)
}

// noSize makes desiredSize constant: host streams feel backpressure by writes.
func noSize(*jsg.Scope, jsg.Value) (float64, error) { return 0, nil }

// chunkBytes is the memory of a chunk written to a host stream; text is UTF-8.
func chunkBytes(v jsg.Value) ([]byte, error) {
	if b, ok := jsg.Bytes(v); ok {
		return b, nil
	}
	if jsg.IsString(v) {
		return []byte(v.String()), nil
	}
	return nil, jsg.TypeErrorf("This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.")
}

type goSink struct{ Sink }

// do runs a blocking step on its own goroutine.
func (g *goSink) do(js *jsg.Scope, step func() error) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	r := js.NewPromise()
	op := c.Begin(js)
	go func() {
		err := step()
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				r.Reject(js, err)
				return
			}
			r.Resolve(jsg.Undefined)
		})
	}()
	return r.Promise()
}

func (g *goSink) pipeFrom(js *jsg.Scope, src source, o PipeOptions, done func(js *jsg.Scope, r pipeResult)) (func(*jsg.Scope, error), bool) {
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, false
	}
	body := src.body(js, false)
	op := c.Begin(js)
	c.OnEnd(func() { body.Close() })
	go func() {
		r := copyBody(g.Sink, body)
		if r.srcErr == nil && r.dstErr == nil && !o.PreventClose {
			r.dstErr = g.Close()
		}
		switch {
		case r.dstErr == nil:
			body.Close()
		case !o.PreventCancel:
			closeBody(body, r.dstErr)
		}
		op.Finish(func(js *jsg.Scope) { done(js, r) })
	}()
	return func(_ *jsg.Scope, reason error) {
		g.Abort(reason)
		closeBody(body, reason)
	}, true
}

// copyBody is io.Copy that tells which side failed.
func copyBody(w io.Writer, b wire.Body) (r pipeResult) {
	side := &failingWriter{w: w}
	if _, err := io.Copy(side, b); err != nil {
		if side.err != nil {
			return pipeResult{dstErr: side.err}
		}
		return pipeResult{srcErr: err}
	}
	return r
}

type failingWriter struct {
	w   io.Writer
	err error
}

func (f *failingWriter) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err != nil {
		f.err = err
	}
	return n, err
}
