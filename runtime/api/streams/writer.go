package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Writer is WritableStreamDefaultWriter.
type Writer struct {
	jsg.Instance
	stream *WritableStream // nil once released
	closed *jsg.Resolver
	ready  *jsg.Resolver
}

// WriterClass is the class WritableStreamDefaultWriter.
var WriterClass = &jsg.Class[Writer]{
	Name: "WritableStreamDefaultWriter",
	New: func(js *jsg.Scope, a *jsg.Args) (*Writer, error) {
		s, ok := WritableStreamClass.From(a.Value(0))
		if !ok {
			return nil, jsg.TypeErrorf("Failed to construct 'WritableStreamDefaultWriter': constructor parameter 1 is not of type 'WritableStream'.")
		}
		return acquireWriter(js, s)
	},
	Members: jsg.Members[Writer]{
		jsg.Getter("closed", func(w *Writer, js *jsg.Scope) (jsg.Value, error) { return w.closed.Promise(), nil }),
		jsg.Getter("ready", func(w *Writer, js *jsg.Scope) (jsg.Value, error) { return w.ready.Promise(), nil }),
		jsg.Getter("desiredSize", (*Writer).desiredSize),
		jsg.Async("abort", 0, func(w *Writer, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if w.stream == nil {
				return nil, errWriterReleased()
			}
			return w.stream.abort(js, a.Value(0)), nil
		}),
		jsg.Async("close", 0, func(w *Writer, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if w.stream == nil {
				return nil, errWriterReleased()
			}
			return w.stream.jsClose(js)
		}),
		jsg.Async("write", 0, func(w *Writer, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if w.stream == nil {
				return nil, errWriterReleased()
			}
			return w.write(js, a.Value(0))
		}),
		jsg.Method("releaseLock", 0, func(w *Writer, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if w.stream != nil {
				w.release(js)
			}
			return jsg.Undefined, nil
		}),
	},
}

func errWriterReleased() error {
	return jsg.TypeErrorf("This WritableStream writer has been released.")
}

func acquireWriter(js *jsg.Scope, s *WritableStream) (*Writer, error) {
	if s.Locked() {
		return nil, errWriterLocked()
	}
	w := &Writer{stream: s, closed: js.NewPromise(), ready: js.NewPromise()}
	s.writer = w
	switch s.state {
	case writable:
		if s.closeQueuedOrInFlight() || !s.backpressure {
			w.ready.Resolve(jsg.Undefined)
		}
	case erroring:
		w.breakReady(js, s.stored)
	case writableClosed:
		w.ready.Resolve(jsg.Undefined)
		w.closed.Resolve(jsg.Undefined)
	case writableErrored:
		w.breakReady(js, s.stored)
		w.breakClosed(js, s.stored)
	}
	return w, nil
}

func (w *Writer) desiredSize(js *jsg.Scope) (jsg.Value, error) {
	if w.stream == nil {
		return nil, errWriterReleased()
	}
	switch w.stream.state {
	case erroring, writableErrored:
		return jsg.Null, nil
	case writableClosed:
		return js.Int(0), nil
	}
	return js.Float(w.stream.controller.desiredSize()), nil
}

// breakReady is WritableStreamDefaultWriterEnsureReadyPromiseRejected.
func (w *Writer) breakReady(js *jsg.Scope, reason jsg.Value) {
	w.ready = ensureRejected(js, w.ready, reason)
}

func (w *Writer) breakClosed(js *jsg.Scope, reason jsg.Value) {
	w.closed = ensureRejected(js, w.closed, reason)
}

func ensureRejected(js *jsg.Scope, p *jsg.Resolver, reason jsg.Value) *jsg.Resolver {
	if !p.Pending() {
		p = js.NewPromise()
	}
	p.RejectValue(reason)
	js.MarkHandled(p.Promise())
	return p
}

func (w *Writer) release(js *jsg.Scope) {
	reason := js.ErrorValue(errWriterReleased())
	w.breakReady(js, reason)
	w.breakClosed(js, reason)
	w.stream.writer = nil
	w.stream = nil
}

// write is WritableStreamDefaultWriterWrite.
func (w *Writer) write(js *jsg.Scope, chunk jsg.Value) (jsg.Value, error) {
	s := w.stream
	size := s.controller.chunkSize(js, chunk)
	if s != w.stream {
		return nil, errWriterReleased()
	}
	switch {
	case s.state == writableErrored:
		return nil, jsg.Thrown(s.stored)
	case s.closeQueuedOrInFlight(), s.state == writableClosed:
		if s.ownerCloses {
			return nil, jsg.TypeErrorf("This WritableStream belongs to an object that is closing.")
		}
		return nil, errWriteClosed()
	case s.state == erroring:
		return nil, jsg.Thrown(s.stored)
	}
	p := js.NewPromise()
	s.writes = append(s.writes, p)
	s.controller.write(js, chunk, size)
	return p.Promise(), nil
}
