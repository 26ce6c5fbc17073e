package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

type writableState uint8

const (
	writable writableState = iota
	writableClosed
	erroring
	writableErrored
)

// WritableStream is a sink of chunks.
type WritableStream struct {
	jsg.Instance
	state        writableState
	stored       jsg.Value // why it is erroring or errored
	writer       *Writer
	held         bool // locked by Go code
	controller   *WritableController
	backpressure bool

	writes       []*jsg.Resolver // accepted, not yet begun
	inFlight     *jsg.Resolver
	closing      *jsg.Resolver // close requested, not yet begun
	inFlightEnd  *jsg.Resolver // close under way
	abortRequest *abortRequest

	ownerCloses bool // closed as a part of another object, by FinishForOwner

	host hostSink // where bytes go without JavaScript, nil if nowhere
}

type abortRequest struct {
	promise  *jsg.Resolver
	reason   jsg.Value
	erroring bool // the stream was erroring already
}

// WritableStreamClass is the class WritableStream.
var WritableStreamClass = &jsg.Class[WritableStream]{Name: "WritableStream"}

func init() {
	WritableStreamClass.New = newWritableStream
	WritableStreamClass.Members = jsg.Members[WritableStream]{
		jsg.Getter("locked", func(s *WritableStream, js *jsg.Scope) (jsg.Value, error) { return js.Bool(s.Locked()), nil }),
		jsg.Async("abort", 0, func(s *WritableStream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if s.Locked() {
				return nil, errWriterLocked()
			}
			return s.abort(js, a.Value(0)), nil
		}),
		jsg.Async("close", 0, func(s *WritableStream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if s.Locked() {
				return nil, errWriterLocked()
			}
			return s.jsClose(js)
		}),
		jsg.Method("getWriter", 0, func(s *WritableStream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			w, err := acquireWriter(js, s)
			if err != nil {
				return nil, err
			}
			return WriterClass.Wrap(js, w), nil
		}),
	}
}

func errWriterLocked() error {
	return jsg.TypeErrorf("This WritableStream is currently locked to a writer.")
}

func errWriteClosed() error { return jsg.TypeErrorf("This WritableStream has been closed.") }

// underlyingSink is what a stream writes to. A nil function does nothing.
type underlyingSink struct {
	start func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	write func(js *jsg.Scope, chunk, controller jsg.Value) (jsg.Value, error)
	close func(js *jsg.Scope) (jsg.Value, error)
	abort func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error)
}

func newWritableStream(js *jsg.Scope, a *jsg.Args) (*WritableStream, error) {
	d, err := dictionary(a, 0, "UnderlyingSink")
	if err != nil {
		return nil, err
	}
	strategy, err := readStrategy(js, a, 1)
	if err != nil {
		return nil, err
	}
	var u underlyingSink
	if u.abort, err = d.method(js, "abort"); err != nil {
		return nil, err
	}
	end, err := d.method0(js, "close")
	if err != nil {
		return nil, err
	}
	u.close = end
	if u.start, err = d.method(js, "start"); err != nil {
		return nil, err
	}
	if u.write, err = d.method2(js, "write"); err != nil {
		return nil, err
	}
	s := &WritableStream{}
	setUpWritable(js, s, u, strategy.highWaterMark(1), strategy.size)
	return s, nil
}

// SinkFuncs take what is written to a stream of NewWritableFuncs.
type SinkFuncs struct {
	Write func(js *jsg.Scope, chunk jsg.Value) error
	Close func(js *jsg.Scope)
	Abort func(js *jsg.Scope, reason jsg.Value)
}

// NewWritableFuncs makes a stream that writes at once: there is nothing to start.
func NewWritableFuncs(js *jsg.Scope, f SinkFuncs) *WritableStream {
	s := &WritableStream{}
	setUpWritable(js, s, underlyingSink{
		write: func(js *jsg.Scope, chunk, _ jsg.Value) (jsg.Value, error) { return nil, f.Write(js, chunk) },
		close: func(js *jsg.Scope) (jsg.Value, error) { f.Close(js); return nil, nil },
		abort: func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) { f.Abort(js, reason); return nil, nil },
	}, 1, nil)
	s.controller.started = true
	return s
}

// Fail makes the stream fail, unless it has ended.
func (s *WritableStream) Fail(js *jsg.Scope, reason jsg.Value) {
	s.controller.failIfWritable(js, reason)
}

// Wrap is the stream's JavaScript object.
func (s *WritableStream) Wrap(js *jsg.Scope) *jsg.Object { return WritableStreamClass.Wrap(js, s) }

// Locked reports whether the stream has a writer, or is being written by Go.
func (s *WritableStream) Locked() bool { return s.writer != nil || s.held }

func (s *WritableStream) closeQueuedOrInFlight() bool {
	return s.closing != nil || s.inFlightEnd != nil
}

// abort is WritableStreamAbort.
func (s *WritableStream) abort(js *jsg.Scope, reason jsg.Value) jsg.Value {
	if s.state == writableClosed || s.state == writableErrored {
		return js.Resolved(jsg.Undefined)
	}
	s.controller.signalAbort(js, reason)
	if s.state == writableClosed || s.state == writableErrored {
		return js.Resolved(jsg.Undefined)
	}
	if s.abortRequest != nil {
		return s.abortRequest.promise.Promise()
	}
	already := s.state == erroring
	if already {
		reason = jsg.Undefined
	}
	s.abortRequest = &abortRequest{promise: js.NewPromise(), reason: reason, erroring: already}
	p := s.abortRequest.promise.Promise()
	if !already {
		s.startErroring(js, reason)
	}
	return p
}

// jsClose is WritableStreamClose with its argument checks.
func (s *WritableStream) jsClose(js *jsg.Scope) (jsg.Value, error) {
	switch {
	case s.closeQueuedOrInFlight(), s.state == writableClosed:
		return nil, errWriteClosed()
	case s.state == writableErrored:
		return nil, jsg.Thrown(s.stored)
	}
	return s.close(js), nil
}

func (s *WritableStream) close(js *jsg.Scope) jsg.Value {
	p := js.NewPromise()
	s.closing = p
	if s.writer != nil && s.backpressure && s.state == writable {
		s.writer.ready.Resolve(jsg.Undefined)
	}
	s.controller.close(js)
	return p.Promise()
}

// startErroring is WritableStreamStartErroring.
func (s *WritableStream) startErroring(js *jsg.Scope, reason jsg.Value) {
	s.state, s.stored = erroring, reason
	if s.writer != nil {
		s.writer.breakReady(js, reason)
	}
	if s.inFlight == nil && s.inFlightEnd == nil && s.controller.started {
		s.finishErroring(js)
	}
}

// dealWithRejection is WritableStreamDealWithRejection.
func (s *WritableStream) dealWithRejection(js *jsg.Scope, reason jsg.Value) {
	if s.state == writable {
		s.startErroring(js, reason)
		return
	}
	s.finishErroring(js)
}

// finishErroring is WritableStreamFinishErroring.
func (s *WritableStream) finishErroring(js *jsg.Scope) {
	s.state = writableErrored
	s.controller.queue.reset()
	for _, w := range s.writes {
		w.RejectValue(s.stored)
	}
	s.writes = nil
	req := s.abortRequest
	if req == nil {
		s.rejectClosed(js)
		return
	}
	s.abortRequest = nil
	if req.erroring {
		req.promise.RejectValue(s.stored)
		s.rejectClosed(js)
		return
	}
	upon(js, s.controller.abortSteps(js, req.reason), func(js *jsg.Scope, _ jsg.Value) {
		req.promise.Resolve(jsg.Undefined)
		s.rejectClosed(js)
	}, func(js *jsg.Scope, reason jsg.Value) {
		req.promise.RejectValue(reason)
		s.rejectClosed(js)
	})
}

// rejectClosed is WritableStreamRejectCloseAndClosedPromiseIfNeeded.
func (s *WritableStream) rejectClosed(js *jsg.Scope) {
	if s.closing != nil {
		s.closing.RejectValue(s.stored)
		s.closing = nil
	}
	if s.writer != nil {
		s.writer.breakClosed(js, s.stored)
	}
}

func (s *WritableStream) finishWrite(js *jsg.Scope) {
	s.inFlight.Resolve(jsg.Undefined)
	s.inFlight = nil
}

func (s *WritableStream) failWrite(js *jsg.Scope, reason jsg.Value) {
	s.inFlight.RejectValue(reason)
	s.inFlight = nil
	s.dealWithRejection(js, reason)
}

func (s *WritableStream) finishClose(js *jsg.Scope) {
	s.inFlightEnd.Resolve(jsg.Undefined)
	s.inFlightEnd = nil
	if s.state == erroring {
		s.stored = nil
		if s.abortRequest != nil {
			s.abortRequest.promise.Resolve(jsg.Undefined)
			s.abortRequest = nil
		}
	}
	s.state = writableClosed
	if s.writer != nil {
		s.writer.closed.Resolve(jsg.Undefined)
	}
}

func (s *WritableStream) failClose(js *jsg.Scope, reason jsg.Value) {
	s.inFlightEnd.RejectValue(reason)
	s.inFlightEnd = nil
	if s.abortRequest != nil {
		s.abortRequest.promise.RejectValue(reason)
		s.abortRequest = nil
	}
	s.dealWithRejection(js, reason)
}

// updateBackpressure is WritableStreamUpdateBackpressure.
func (s *WritableStream) updateBackpressure(js *jsg.Scope, on bool) {
	if s.writer != nil && on != s.backpressure {
		if on {
			s.writer.ready = js.NewPromise()
		} else {
			s.writer.ready.Resolve(jsg.Undefined)
		}
	}
	s.backpressure = on
}
