package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// ByteController is ReadableByteStreamController.
type ByteController struct {
	jsg.Instance
	stream         *ReadableStream
	chunks         []byteChunk
	total          int
	pullIntos      []*pullInto
	request        *BYOBRequest
	started        bool
	pulling        bool
	pullAgain      bool
	closeRequested bool
	hwm            float64
	autoAlloc      int
	pullFn         func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	cancelFn       func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error)
}

// byteChunk is queued memory that the stream owns.
type byteChunk struct{ data []byte }

// pullInto is a pull-into descriptor: memory a reader lent.
type pullInto struct {
	buffer      *jsg.Object
	offset, len int
	filled, min int
	elementSize int
	kind        string
	from        pullKind
}

type pullKind uint8

const (
	fromNone pullKind = iota
	fromDefault
	fromBYOB
)

func (p *pullInto) memory() []byte {
	b, _ := jsg.ArrayBufferOf(p.buffer)
	return b[p.offset : p.offset+p.len]
}

// view is ReadableByteStreamControllerConvertPullIntoDescriptor.
func (p *pullInto) view(js *jsg.Scope) jsg.Value {
	data, _ := jsg.Detach(p.buffer)
	v, err := js.NewView(p.kind, js.NewArrayBuffer(data), p.offset, p.filled/p.elementSize)
	if err != nil {
		return jsg.Undefined
	}
	return v
}

// ByteControllerClass is the class ReadableByteStreamController.
var ByteControllerClass = &jsg.Class[ByteController]{Name: "ReadableByteStreamController"}

func init() {
	ByteControllerClass.Members = jsg.Members[ByteController]{
		jsg.Getter("byobRequest", (*ByteController).byobRequest),
		jsg.Getter("desiredSize", func(c *ByteController, js *jsg.Scope) (jsg.Value, error) { return desired(js, c.desiredSize) }),
		jsg.Method("close", 0, (*ByteController).jsClose),
		jsg.Method("enqueue", 0, (*ByteController).jsEnqueue),
		jsg.Method("error", 0, func(c *ByteController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			reason := a.Any(0)
			if err := a.Err(); err != nil {
				return nil, err
			}
			c.Error(js, reason)
			return jsg.Undefined, nil
		}),
	}
}

func setUpByteController(js *jsg.Scope, s *ReadableStream, u underlyingSource, hwm float64) {
	c := &ByteController{stream: s, hwm: hwm, autoAlloc: u.autoAlloc, pullFn: u.pull, cancelFn: u.cancel}
	s.controller = c
	// The specification throws what start throws; the platform rejects with it.
	uponResult(js, func() (jsg.Value, error) {
		if u.start == nil {
			return jsg.Undefined, nil
		}
		return u.start(js, ByteControllerClass.Wrap(js, c))
	}, func(js *jsg.Scope, _ jsg.Value) {
		c.started = true
		c.pullIfNeeded(js)
	}, c.Error)
}

func (c *ByteController) byobRequest(js *jsg.Scope) (jsg.Value, error) {
	if c.request == nil && len(c.pullIntos) > 0 {
		p := c.pullIntos[0]
		view, err := js.NewView("Uint8Array", p.buffer, p.offset+p.filled, p.len-p.filled)
		if err != nil {
			return nil, err
		}
		c.request = &BYOBRequest{controller: c, view: view}
	}
	if c.request == nil {
		return jsg.Null, nil
	}
	return BYOBRequestClass.Wrap(js, c.request), nil
}

func (c *ByteController) desiredSize() (float64, bool) {
	switch c.stream.state {
	case errored:
		return 0, false
	case closed:
		return 0, true
	}
	return c.hwm - float64(c.total), true
}

func (c *ByteController) jsClose(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if c.closeRequested || c.stream.state != readable {
		return nil, jsg.TypeErrorf("This ReadableStream is closed.")
	}
	return jsg.Undefined, c.Close(js)
}

func (c *ByteController) jsEnqueue(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	data, ok := jsg.Bytes(a.Value(0))
	switch {
	case !ok:
		return nil, jsg.TypeErrorf("Failed to execute 'enqueue' on 'ReadableByteStreamController': parameter 1 is not of type 'BufferSource'.")
	case len(data) == 0:
		return nil, jsg.TypeErrorf("Cannot enqueue a zero-length ArrayBuffer.")
	case c.closeRequested || c.stream.state != readable:
		return nil, jsg.TypeErrorf("This ReadableByteStreamController is closed.")
	}
	buffer, _ := jsg.IsObject(a.Value(0))
	if view, ok := jsg.ViewOf(buffer); ok {
		buffer = view.Buffer
	}
	if _, ok := jsg.Detach(buffer); !ok {
		return nil, jsg.TypeErrorf("Unable to enqueue a detached ArrayBuffer.")
	}
	return jsg.Undefined, c.Enqueue(js, data)
}

// Close ends the stream once its queue is read.
func (c *ByteController) Close(js *jsg.Scope) error {
	if c.closeRequested || c.stream.state != readable {
		return nil
	}
	if c.total > 0 {
		c.closeRequested = true
		return nil
	}
	if len(c.pullIntos) > 0 && c.pullIntos[0].filled%c.pullIntos[0].elementSize != 0 {
		err := jsg.TypeErrorf("Insufficient bytes to fill elements in the given buffer.")
		v := js.ErrorValue(err)
		c.Error(js, v)
		return jsg.Thrown(v)
	}
	c.clear()
	c.stream.close(js)
	// Readers that lent memory get it back now, which is what the platform
	// does; the specification waits for a respond(0).
	if c.stream.byobReader() != nil && len(c.pullIntos) > 0 {
		c.invalidate()
		c.respondClosed(js)
	}
	return nil
}

// Enqueue adds bytes, which the stream then owns.
func (c *ByteController) Enqueue(js *jsg.Scope, data []byte) error {
	if c.closeRequested || c.stream.state != readable {
		return nil
	}
	if len(c.pullIntos) > 0 {
		first := c.pullIntos[0]
		if jsg.IsDetached(first.buffer) {
			return jsg.TypeErrorf("The BYOB request's buffer has been detached.")
		}
		c.invalidate()
		old, _ := jsg.Detach(first.buffer)
		first.buffer = js.NewArrayBuffer(old)
		if first.from == fromNone {
			if first.filled > 0 {
				c.push(append([]byte(nil), first.memory()[:first.filled]...))
			}
			c.pullIntos = c.pullIntos[1:]
		}
	}
	switch {
	case c.stream.defaultReader() != nil:
		c.answerFromQueue(js)
		if c.stream.waiting() == 0 {
			c.push(data)
			break
		}
		if len(c.pullIntos) > 0 {
			c.pullIntos = c.pullIntos[1:]
		}
		c.stream.give(js, js.NewUint8Array(data))
	case c.stream.byobReader() != nil:
		c.push(data)
		for _, p := range c.fillFromQueue() {
			c.commit(js, p)
		}
	default:
		c.push(data)
	}
	c.pullIfNeeded(js)
	return nil
}

// Error breaks the stream.
func (c *ByteController) Error(js *jsg.Scope, reason jsg.Value) {
	if c.stream.state != readable {
		return
	}
	c.clearPullIntos()
	c.reset()
	c.clear()
	c.stream.fail(js, reason)
}

func (c *ByteController) push(data []byte) {
	c.chunks = append(c.chunks, byteChunk{data})
	c.total += len(data)
}

func (c *ByteController) reset()      { c.chunks, c.total = nil, 0 }
func (c *ByteController) clear()      { c.pullFn, c.cancelFn = nil, nil }
func (c *ByteController) invalidate() { c.request.invalidate(); c.request = nil }

func (c *ByteController) clearPullIntos() {
	c.invalidate()
	c.pullIntos = nil
}

func (c *ByteController) shouldPull() bool {
	s := c.stream
	if s.state != readable || c.closeRequested || !c.started || c.pullFn == nil {
		return false
	}
	if s.waiting() > 0 {
		return true
	}
	if r := s.byobReader(); r != nil && len(r.requests) > 0 {
		return true
	}
	n, _ := c.desiredSize()
	return n > 0
}

func (c *ByteController) pullIfNeeded(js *jsg.Scope) {
	if !c.shouldPull() {
		return
	}
	if c.pulling {
		c.pullAgain = true
		return
	}
	c.pulling = true
	uponResult(js, func() (jsg.Value, error) { return c.pullFn(js, ByteControllerClass.Wrap(js, c)) },
		func(js *jsg.Scope, _ jsg.Value) {
			c.pulling = false
			if c.pullAgain {
				c.pullAgain = false
				c.pullIfNeeded(js)
			}
		}, c.Error)
}

func (c *ByteController) cancel(js *jsg.Scope, reason jsg.Value) jsg.Value {
	c.clearPullIntos()
	c.reset()
	f := c.cancelFn
	c.clear()
	return promiseOf(js, func() (jsg.Value, error) {
		if f == nil {
			return jsg.Undefined, nil
		}
		return f(js, reason)
	})
}

func (c *ByteController) release(*jsg.Scope) {
	if len(c.pullIntos) > 0 {
		c.pullIntos[0].from = fromNone
		c.pullIntos = c.pullIntos[:1]
	}
}

func (c *ByteController) pull(js *jsg.Scope, req readRequest) {
	if c.total > 0 {
		c.answer(js, req)
		return
	}
	if c.autoAlloc > 0 {
		c.pullIntos = append(c.pullIntos, &pullInto{
			buffer: js.NewArrayBuffer(make([]byte, c.autoAlloc)), len: c.autoAlloc,
			min: 1, elementSize: 1, kind: "Uint8Array", from: fromDefault,
		})
	}
	r := c.stream.defaultReader()
	r.requests = append(r.requests, req)
	c.pullIfNeeded(js)
}

// answer gives a default read the first queued chunk.
func (c *ByteController) answer(js *jsg.Scope, req readRequest) {
	data := c.chunks[0].data
	c.chunks[0].data = nil
	c.chunks = c.chunks[1:]
	c.total -= len(data)
	c.drained(js)
	req.chunk(js, js.NewUint8Array(data))
}

// drained is ReadableByteStreamControllerHandleQueueDrain.
func (c *ByteController) drained(js *jsg.Scope) {
	if c.total == 0 && c.closeRequested {
		c.clear()
		c.stream.close(js)
		return
	}
	c.pullIfNeeded(js)
}

func (c *ByteController) answerFromQueue(js *jsg.Scope) {
	r := c.stream.defaultReader()
	for len(r.requests) > 0 && c.total > 0 {
		req := r.requests[0]
		r.requests = r.requests[1:]
		c.answer(js, req)
	}
}
