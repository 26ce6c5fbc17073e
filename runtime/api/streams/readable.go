package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

type readableState uint8

const (
	readable readableState = iota
	closed
	errored
)

// ReadableStream is a source of chunks. What is behind it is its controller:
// JavaScript code (DefaultController, ByteController) or bytes of the host
// (hostController).
type ReadableStream struct {
	jsg.Instance
	state      readableState
	reader     reader
	held       bool // locked by Go code, which needs no reader object
	disturbed  bool
	stored     jsg.Value // why the stream is errored
	controller readableController
	length     int64 // bytes to come, -1 if unknown
	owner      ownerState
}

// ownerState says how the object stands that a stream is a part of, as a
// socket: reads that begin later are answered by it.
type ownerState int

const (
	ownerOpen ownerState = iota
	ownerClosing
	ownerGone
)

// OwnerCloses makes reads that have not begun yet fail.
func (s *ReadableStream) OwnerCloses() { s.owner = ownerClosing }

// OwnerGone makes reads that have not begun yet find the end.
func (s *ReadableStream) OwnerGone() { s.owner = ownerGone }

func errOwnerCloses() error {
	return jsg.TypeErrorf("This ReadableStream belongs to an object that is closing.")
}

// readableController is the part of a ReadableStream that makes chunks.
type readableController interface {
	// pull answers req, now or later.
	pull(js *jsg.Scope, req readRequest)
	// cancel is told that nobody wants the rest; it returns a promise.
	cancel(js *jsg.Scope, reason jsg.Value) jsg.Value
	// release is told that the reader gave up its lock.
	release(js *jsg.Scope)
}

// byteSource is a readableController that can fill a caller's buffer.
type byteSource interface {
	readableController
	pullInto(js *jsg.Scope, view jsg.View, min int, req readIntoRequest)
}

// readRequest is somebody waiting for a chunk; exactly one method is called.
type readRequest interface {
	chunk(js *jsg.Scope, v jsg.Value)
	done(js *jsg.Scope)
	fail(js *jsg.Scope, reason jsg.Value)
}

// readIntoRequest is somebody waiting for a view to be filled. done gets the
// emptied view, or Undefined after a cancel.
type readIntoRequest interface {
	chunk(js *jsg.Scope, v jsg.Value)
	done(js *jsg.Scope, v jsg.Value)
	fail(js *jsg.Scope, reason jsg.Value)
}

// ReadableStreamClass is the class ReadableStream.
var ReadableStreamClass = &jsg.Class[ReadableStream]{
	Name: "ReadableStream",
	New:  newReadableStream,
}

func init() {
	// Filled in here because several members refer back to the class.
	ReadableStreamClass.Members = jsg.Members[ReadableStream]{
		jsg.Getter("locked", func(s *ReadableStream, js *jsg.Scope) (jsg.Value, error) { return js.Bool(s.Locked()), nil }),
		jsg.Async("cancel", 0, (*ReadableStream).jsCancel),
		jsg.Method("getReader", 0, (*ReadableStream).getReader),
		jsg.Method("pipeThrough", 0, (*ReadableStream).pipeThrough),
		jsg.Async("pipeTo", 0, (*ReadableStream).jsPipeTo),
		jsg.Method("tee", 0, (*ReadableStream).jsTee),
		jsg.Method("values", 0, (*ReadableStream).values),
		jsg.SymbolMethod(jsg.SymAsyncIterator, "values", 0, (*ReadableStream).values),
		jsg.Static[ReadableStream]("from", 0, readableFrom),
	}
}

func newReadableStream(js *jsg.Scope, a *jsg.Args) (*ReadableStream, error) {
	src, err := dictionary(a, 0, "UnderlyingSource")
	if err != nil {
		return nil, err
	}
	strategy, err := readStrategy(js, a, 1)
	if err != nil {
		return nil, err
	}
	source, err := readUnderlyingSource(js, src)
	if err != nil {
		return nil, err
	}
	s := &ReadableStream{length: source.length}
	if source.bytes {
		setUpByteController(js, s, source, strategy.highWaterMark(0))
	} else {
		setUpDefaultController(js, s, source, strategy.highWaterMark(1), strategy.size)
	}
	return s, nil
}

// Locked reports whether the stream has a reader, or is being consumed by Go.
func (s *ReadableStream) Locked() bool { return s.reader != nil || s.held }

// Disturbed reports whether the stream was ever read from or cancelled.
func (s *ReadableStream) Disturbed() bool { return s.disturbed }

// Len is the number of bytes the stream will give in total, -1 if unknown.
func (s *ReadableStream) Len() int64 {
	if h, ok := s.controller.(*hostController); ok {
		return h.src.length()
	}
	return s.length
}

func lockedError() error {
	return jsg.TypeErrorf("This ReadableStream is currently locked to a reader.")
}

func (s *ReadableStream) jsCancel(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if s.Locked() {
		return nil, lockedError()
	}
	return s.cancel(js, a.Value(0)), nil
}

func (s *ReadableStream) getReader(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	options, err := dictionary(a, 0, "GetReaderOptions")
	if err != nil {
		return nil, err
	}
	mode, err := options.get(js, "mode")
	if err != nil {
		return nil, err
	}
	if jsg.IsUndefined(mode) {
		r, err := acquireDefaultReader(js, s)
		if err != nil {
			return nil, err
		}
		return DefaultReaderClass.Wrap(js, r), nil
	}
	if mode.String() != "byob" {
		return nil, jsg.TypeErrorf("mode must be undefined or 'byob' in call to getReader().")
	}
	r, err := acquireBYOBReader(js, s)
	if err != nil {
		return nil, err
	}
	return BYOBReaderClass.Wrap(js, r), nil
}

// From is the brand check: the stream of v if v is one.
func From(v jsg.Value) (*ReadableStream, bool) { return ReadableStreamClass.From(v) }

// Wrap is the stream's JavaScript object.
func (s *ReadableStream) Wrap(js *jsg.Scope) *jsg.Object { return ReadableStreamClass.Wrap(js, s) }

// cancel is ReadableStreamCancel: the stream closes for readers at once.
func (s *ReadableStream) cancel(js *jsg.Scope, reason jsg.Value) jsg.Value {
	s.disturbed = true
	switch s.state {
	case closed:
		return js.Resolved(jsg.Undefined)
	case errored:
		return rejected(js, s.stored)
	}
	s.close(js)
	if r, ok := s.reader.(*BYOBReader); ok {
		if c, ok := s.controller.(*ByteController); ok {
			// Lent memory goes back, emptied; the specification keeps it.
			c.invalidate()
			c.respondClosed(js)
		}
		for _, req := range r.take() {
			req.done(js, jsg.Undefined)
		}
	}
	return js.Then(s.controller.cancel(js, reason), func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
		return jsg.Undefined, nil
	}, nil)
}

// close is ReadableStreamClose.
func (s *ReadableStream) close(js *jsg.Scope) {
	if s.state != readable {
		return
	}
	s.state = closed
	if s.reader == nil {
		return
	}
	s.reader.base().closed.Resolve(jsg.Undefined)
	if r, ok := s.reader.(*DefaultReader); ok {
		for _, req := range r.take() {
			req.done(js)
		}
	}
}

// fail is ReadableStreamError.
func (s *ReadableStream) fail(js *jsg.Scope, reason jsg.Value) {
	if s.state != readable {
		return
	}
	s.state, s.stored = errored, reason
	if s.reader == nil {
		return
	}
	base := s.reader.base()
	base.closed.RejectValue(reason)
	js.MarkHandled(base.closed.Promise())
	s.reader.failRequests(js, reason)
}

// defaultReader is the default reader holding the lock, nil if none.
func (s *ReadableStream) defaultReader() *DefaultReader {
	r, _ := s.reader.(*DefaultReader)
	return r
}

// byobReader is the BYOB reader holding the lock, nil if none.
func (s *ReadableStream) byobReader() *BYOBReader {
	r, _ := s.reader.(*BYOBReader)
	return r
}

// waiting is the number of unanswered default reads.
func (s *ReadableStream) waiting() int {
	if r := s.defaultReader(); r != nil {
		return len(r.requests)
	}
	return 0
}

// give answers the oldest default read with a chunk.
func (s *ReadableStream) give(js *jsg.Scope, chunk jsg.Value) {
	r := s.defaultReader()
	req := r.requests[0]
	r.requests[0] = nil
	r.requests = r.requests[1:]
	req.chunk(js, chunk)
}
