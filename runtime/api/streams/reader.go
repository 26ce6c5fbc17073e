package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// reader is what holds the lock of a ReadableStream.
type reader interface {
	base() *readerBase
	failRequests(js *jsg.Scope, reason jsg.Value)
}

// readerBase is ReadableStreamGenericReader.
type readerBase struct {
	jsg.Instance
	stream *ReadableStream // nil once released
	closed *jsg.Resolver
}

func (b *readerBase) base() *readerBase { return b }

func errReleased() error { return jsg.TypeErrorf("This ReadableStream reader has been released.") }

// acquire locks s for r.
func (b *readerBase) acquire(js *jsg.Scope, s *ReadableStream, r reader) error {
	if s.Locked() {
		return lockedError()
	}
	b.stream, b.closed = s, js.NewPromise()
	s.reader = r
	switch s.state {
	case closed:
		b.closed.Resolve(jsg.Undefined)
	case errored:
		b.closed.RejectValue(s.stored)
		js.MarkHandled(b.closed.Promise())
	}
	return nil
}

// release is ReadableStreamReaderGenericRelease.
func (b *readerBase) release(js *jsg.Scope) {
	if !b.closed.Pending() {
		b.closed = js.NewPromise()
	}
	b.closed.Reject(js, errReleased())
	js.MarkHandled(b.closed.Promise())
	b.stream.controller.release(js)
	b.stream.reader = nil
	b.stream = nil
}

func (b *readerBase) jsClosed(js *jsg.Scope) (jsg.Value, error) { return b.closed.Promise(), nil }

func (b *readerBase) cancel(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if b.stream == nil {
		return nil, errReleased()
	}
	return b.stream.cancel(js, a.Value(0)), nil
}

func constructorStream(a *jsg.Args, class string) (*ReadableStream, error) {
	s, ok := ReadableStreamClass.From(a.Value(0))
	if !ok {
		return nil, jsg.TypeErrorf("Failed to construct '%s': constructor parameter 1 is not of type 'ReadableStream'.", class)
	}
	return s, nil
}

// DefaultReader is ReadableStreamDefaultReader.
type DefaultReader struct {
	readerBase
	requests []readRequest
}

// DefaultReaderClass is the class ReadableStreamDefaultReader.
var DefaultReaderClass = &jsg.Class[DefaultReader]{
	Name: "ReadableStreamDefaultReader",
	New: func(js *jsg.Scope, a *jsg.Args) (*DefaultReader, error) {
		s, err := constructorStream(a, "ReadableStreamDefaultReader")
		if err != nil {
			return nil, err
		}
		return acquireDefaultReader(js, s)
	},
	Members: jsg.Members[DefaultReader]{
		jsg.Getter("closed", func(r *DefaultReader, js *jsg.Scope) (jsg.Value, error) { return r.jsClosed(js) }),
		jsg.Async("cancel", 0, func(r *DefaultReader, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return r.cancel(js, a) }),
		jsg.Async("read", 0, (*DefaultReader).jsRead),
		jsg.Method("releaseLock", 0, (*DefaultReader).releaseLock),
	},
}

func acquireDefaultReader(js *jsg.Scope, s *ReadableStream) (*DefaultReader, error) {
	r := &DefaultReader{}
	if err := r.acquire(js, s, r); err != nil {
		return nil, err
	}
	return r, nil
}

// promiseRead answers a read with an iterator result.
type promiseRead struct{ *jsg.Resolver }

func (p promiseRead) chunk(js *jsg.Scope, v jsg.Value)     { p.Resolve(js.IterResult(v, false)) }
func (p promiseRead) done(js *jsg.Scope)                   { p.Resolve(js.IterResult(jsg.Undefined, true)) }
func (p promiseRead) fail(js *jsg.Scope, reason jsg.Value) { p.RejectValue(reason) }

func (r *DefaultReader) jsRead(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if r.stream == nil {
		return nil, errReleased()
	}
	if r.stream.busy() {
		return nil, errSingleRead()
	}
	p := js.NewPromise()
	r.read(js, promiseRead{p})
	return p.Promise(), nil
}

// read is ReadableStreamDefaultReaderRead.
func (r *DefaultReader) read(js *jsg.Scope, req readRequest) {
	s := r.stream
	s.disturbed = true
	switch {
	case s.state == closed || s.owner == ownerGone:
		req.done(js)
	case s.state == errored:
		req.fail(js, s.stored)
	case s.owner == ownerClosing:
		req.fail(js, js.ErrorValue(errOwnerCloses()))
	default:
		s.controller.pull(js, req)
	}
}

func (r *DefaultReader) take() []readRequest {
	list := r.requests
	r.requests = nil
	return list
}

func (r *DefaultReader) failRequests(js *jsg.Scope, reason jsg.Value) {
	for _, req := range r.take() {
		req.fail(js, reason)
	}
}

func (r *DefaultReader) releaseLock(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if r.stream == nil {
		return jsg.Undefined, nil
	}
	if r.stream.busy() {
		return nil, errOutstanding()
	}
	r.release(js)
	r.failRequests(js, js.ErrorValue(errReleased()))
	return jsg.Undefined, nil
}

// BYOBReader is ReadableStreamBYOBReader.
type BYOBReader struct {
	readerBase
	requests []readIntoRequest
}

// BYOBReaderClass is the class ReadableStreamBYOBReader.
var BYOBReaderClass = &jsg.Class[BYOBReader]{
	Name: "ReadableStreamBYOBReader",
	New: func(js *jsg.Scope, a *jsg.Args) (*BYOBReader, error) {
		s, err := constructorStream(a, "ReadableStreamBYOBReader")
		if err != nil {
			return nil, err
		}
		return acquireBYOBReader(js, s)
	},
	Members: jsg.Members[BYOBReader]{
		jsg.Getter("closed", func(r *BYOBReader, js *jsg.Scope) (jsg.Value, error) { return r.jsClosed(js) }),
		jsg.Async("cancel", 0, func(r *BYOBReader, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return r.cancel(js, a) }),
		jsg.Async("read", 0, (*BYOBReader).jsRead),
		jsg.Method("releaseLock", 0, (*BYOBReader).releaseLock),
		jsg.Async("readAtLeast", 0, (*BYOBReader).readAtLeast),
	},
}

func acquireBYOBReader(js *jsg.Scope, s *ReadableStream) (*BYOBReader, error) {
	if s.Locked() {
		return nil, lockedError()
	}
	if _, ok := s.controller.(byteSource); !ok {
		return nil, jsg.TypeErrorf("This ReadableStream does not support BYOB reads.")
	}
	r := &BYOBReader{}
	return r, r.acquire(js, s, r)
}

// promiseReadInto answers a BYOB read with an iterator result.
type promiseReadInto struct{ *jsg.Resolver }

func (p promiseReadInto) chunk(js *jsg.Scope, v jsg.Value)     { p.Resolve(js.IterResult(v, false)) }
func (p promiseReadInto) done(js *jsg.Scope, v jsg.Value)      { p.Resolve(js.IterResult(v, true)) }
func (p promiseReadInto) fail(js *jsg.Scope, reason jsg.Value) { p.RejectValue(reason) }

func (r *BYOBReader) jsRead(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	view, ok := jsg.ViewOf(a.Value(0))
	if !ok {
		return nil, jsg.TypeErrorf("Failed to execute 'read' on 'ReadableStreamBYOBReader': parameter 1 is not of type 'ArrayBufferView'.")
	}
	options, err := dictionary(a, 1, "ReadableStreamBYOBReaderReadOptions")
	if err != nil {
		return nil, err
	}
	min, err := options.get(js, "min")
	if err != nil {
		return nil, err
	}
	n := 1
	if !jsg.IsUndefined(min) {
		n = int(min.ToInteger())
	}
	return r.readView(js, view, n)
}

func (r *BYOBReader) readAtLeast(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	n := int(a.Int(0))
	if err := a.Err(); err != nil {
		return nil, err
	}
	view, ok := jsg.ViewOf(a.Value(1))
	if !ok {
		return nil, jsg.TypeErrorf("Failed to execute 'readAtLeast' on 'ReadableStreamBYOBReader': parameter 2 is not of type 'ArrayBufferView'.")
	}
	return r.readView(js, view, n)
}

// readView reads into view; min counts its elements.
func (r *BYOBReader) readView(js *jsg.Scope, view jsg.View, min int) (jsg.Value, error) {
	switch elements := view.Len / view.ElementSize; {
	case r.stream == nil:
		return nil, errReleased()
	case view.Len == 0:
		return nil, jsg.TypeErrorf("You must call read() on a \"byob\" reader with a positive-sized TypedArray object.")
	case min < 1:
		return nil, jsg.TypeErrorf("Requested invalid minimum number of bytes to read (%d).", min)
	case min > elements:
		return nil, jsg.TypeErrorf("Minimum bytes to read (%d) exceeds size of buffer (%d).", min, elements)
	}
	if r.stream.busy() {
		return nil, errSingleRead()
	}
	p := js.NewPromise()
	r.read(js, view, min*view.ElementSize, promiseReadInto{p})
	return p.Promise(), nil
}

// read is ReadableStreamBYOBReaderRead; min counts bytes.
func (r *BYOBReader) read(js *jsg.Scope, view jsg.View, min int, req readIntoRequest) {
	r.stream.disturbed = true
	if r.stream.state == errored {
		req.fail(js, r.stream.stored)
		return
	}
	if r.stream.owner == ownerClosing {
		req.fail(js, js.ErrorValue(errOwnerCloses()))
		return
	}
	r.stream.controller.(byteSource).pullInto(js, view, min, req)
}

func (r *BYOBReader) take() []readIntoRequest {
	list := r.requests
	r.requests = nil
	return list
}

func (r *BYOBReader) failRequests(js *jsg.Scope, reason jsg.Value) {
	for _, req := range r.take() {
		req.fail(js, reason)
	}
}

func (r *BYOBReader) releaseLock(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if r.stream == nil {
		return jsg.Undefined, nil
	}
	if r.stream.busy() {
		return nil, errOutstanding()
	}
	r.release(js)
	r.failRequests(js, js.ErrorValue(errReleased()))
	return jsg.Undefined, nil
}
