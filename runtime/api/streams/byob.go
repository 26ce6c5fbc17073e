package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// BYOBRequest is ReadableStreamBYOBRequest: the memory a reader lent, shown to
// the source that is to fill it.
type BYOBRequest struct {
	jsg.Instance
	controller *ByteController // nil once answered
	view       *jsg.Object
}

// BYOBRequestClass is the class ReadableStreamBYOBRequest.
var BYOBRequestClass = &jsg.Class[BYOBRequest]{Name: "ReadableStreamBYOBRequest"}

func init() {
	// Not in the declaration: answering a request may make the next one.
	BYOBRequestClass.Members = jsg.Members[BYOBRequest]{
		jsg.Getter("view", func(r *BYOBRequest, js *jsg.Scope) (jsg.Value, error) {
			if r.controller == nil {
				return jsg.Null, nil
			}
			return r.view, nil
		}),
		jsg.Method("respond", 1, (*BYOBRequest).respond),
		jsg.Method("respondWithNewView", 1, (*BYOBRequest).respondWithNewView),
		jsg.Getter("atLeast", func(r *BYOBRequest, js *jsg.Scope) (jsg.Value, error) {
			if r.controller == nil || len(r.controller.pullIntos) == 0 {
				return jsg.Null, nil
			}
			p := r.controller.pullIntos[0]
			return js.Int(int64(max(p.min-p.filled, 1))), nil
		}),
	}
}

func (r *BYOBRequest) invalidate() {
	if r != nil {
		r.controller, r.view = nil, nil
	}
}

func errInvalidated() error {
	return jsg.TypeErrorf("This ReadableStreamBYOBRequest has been invalidated.")
}

func (r *BYOBRequest) respond(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	n := int(a.Int(0))
	if err := a.Err(); err != nil {
		return nil, err
	}
	if r.controller == nil {
		return nil, errInvalidated()
	}
	if n < 0 {
		return nil, errNegative()
	}
	if jsg.IsDetached(r.controller.pullIntos[0].buffer) {
		return nil, jsg.TypeErrorf("The BYOB request's buffer has been detached.")
	}
	return jsg.Undefined, r.controller.respond(js, n)
}

func (r *BYOBRequest) respondWithNewView(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	view, ok := jsg.ViewOf(a.Value(0))
	if !ok {
		return nil, jsg.TypeErrorf("Failed to execute 'respondWithNewView' on 'ReadableStreamBYOBRequest': parameter 1 is not of type 'ArrayBufferView'.")
	}
	c := r.controller
	if c == nil {
		return nil, errInvalidated()
	}
	p := c.pullIntos[0]
	was, _ := jsg.ArrayBufferOf(view.Buffer)
	switch {
	case jsg.IsDetached(view.Buffer):
		return nil, jsg.TypeErrorf("Unable to use a detached ArrayBuffer.")
	case c.stream.state == closed && view.Len != 0:
		return nil, jsg.TypeErrorf("The view must be empty once the stream is closed.")
	case c.stream.state == readable && view.Len == 0:
		return nil, errNothingWritten()
	case p.offset+p.filled != view.Offset:
		return nil, jsg.RangeErrorf("The given view has an invalid byte offset.")
	case len(was) < p.offset+p.len:
		return nil, jsg.RangeErrorf("The given view's buffer is too small.")
	case p.filled+view.Len > p.len:
		return nil, errTooMany(view.Len)
	}
	data, _ := jsg.Detach(view.Buffer)
	p.buffer = js.NewArrayBuffer(data)
	return jsg.Undefined, c.respond(js, view.Len)
}

func errNothingWritten() error {
	return jsg.TypeErrorf("The bytesWritten must be more than zero while the stream is open.")
}

func errTooMany(n int) error {
	return jsg.RangeErrorf("Too many bytes [%d] in response to a BYOB read request.", n)
}

// respond takes n bytes that the source wrote into the first pull-into.
func (c *ByteController) respond(js *jsg.Scope, n int) error {
	p := c.pullIntos[0]
	if c.stream.state == closed {
		if n != 0 {
			return jsg.TypeErrorf("The bytesWritten must be zero after the stream is closed.")
		}
		c.invalidate()
		c.respondClosed(js)
		return nil
	}
	if n == 0 {
		return errNothingWritten()
	}
	if p.filled+n > p.len {
		return errTooMany(n)
	}
	data, _ := jsg.Detach(p.buffer)
	p.buffer = js.NewArrayBuffer(data)
	c.invalidate()
	c.respondReadable(js, p, n)
	c.pullIfNeeded(js)
	return nil
}

// respondClosed gives all lent memory back.
func (c *ByteController) respondClosed(js *jsg.Scope) {
	if c.stream.byobReader() == nil {
		c.pullIntos = nil
		return
	}
	list := c.pullIntos
	c.pullIntos = nil
	for _, p := range list {
		c.commit(js, p)
	}
}

func (c *ByteController) respondReadable(js *jsg.Scope, p *pullInto, n int) {
	p.filled += n
	if p.from == fromNone {
		if p.filled > 0 {
			c.push(append([]byte(nil), p.memory()[:p.filled]...))
		}
		c.pullIntos = c.pullIntos[1:]
		for _, p := range c.fillFromQueue() {
			c.commit(js, p)
		}
		return
	}
	if p.filled < p.min {
		return
	}
	c.pullIntos = c.pullIntos[1:]
	if rest := p.filled % p.elementSize; rest > 0 {
		c.push(append([]byte(nil), p.memory()[p.filled-rest:p.filled]...))
		p.filled -= rest
	}
	filled := c.fillFromQueue()
	c.commit(js, p)
	for _, p := range filled {
		c.commit(js, p)
	}
}

// fillFromQueue fills pull-intos while the queue lasts and returns the full ones.
func (c *ByteController) fillFromQueue() (full []*pullInto) {
	for len(c.pullIntos) > 0 && c.total > 0 {
		if !c.fill(c.pullIntos[0]) {
			break
		}
		full = append(full, c.pullIntos[0])
		c.pullIntos = c.pullIntos[1:]
	}
	return full
}

// fill copies queued bytes into p and reports whether p can be given back.
func (c *ByteController) fill(p *pullInto) bool {
	n := min(c.total, p.len-p.filled)
	after := p.filled + n
	ready := after-after%p.elementSize >= p.min
	if ready {
		n -= after % p.elementSize
	}
	mem := p.memory()
	for n > 0 {
		head := &c.chunks[0]
		k := copy(mem[p.filled:p.filled+n], head.data)
		head.data = head.data[k:]
		if len(head.data) == 0 {
			c.chunks = c.chunks[1:]
		}
		p.filled += k
		c.total -= k
		n -= k
	}
	return ready
}

// commit answers the read that lent p.
func (c *ByteController) commit(js *jsg.Scope, p *pullInto) {
	done := c.stream.state == closed
	view := p.view(js)
	if p.from == fromDefault {
		if c.stream.waiting() > 0 {
			c.stream.give(js, view)
		}
		return
	}
	r := c.stream.byobReader()
	if r == nil || len(r.requests) == 0 {
		return
	}
	req := r.requests[0]
	r.requests = r.requests[1:]
	if done {
		req.done(js, view)
		return
	}
	req.chunk(js, view)
}

func (c *ByteController) pullInto(js *jsg.Scope, view jsg.View, min int, req readIntoRequest) {
	data, ok := jsg.Detach(view.Buffer)
	if !ok {
		req.fail(js, js.ErrorValue(jsg.TypeErrorf("Unable to use a detached ArrayBuffer.")))
		return
	}
	p := &pullInto{
		buffer: js.NewArrayBuffer(data), offset: view.Offset, len: view.Len, min: min,
		elementSize: view.ElementSize, kind: view.Kind, from: fromBYOB,
	}
	r := c.stream.byobReader()
	if len(c.pullIntos) > 0 {
		c.pullIntos = append(c.pullIntos, p)
		r.requests = append(r.requests, req)
		return
	}
	if c.stream.state == closed {
		p.filled = 0
		req.done(js, p.view(js))
		return
	}
	if c.total > 0 {
		if c.fill(p) {
			v := p.view(js)
			c.drained(js)
			req.chunk(js, v)
			return
		}
		if c.closeRequested {
			v := js.ErrorValue(jsg.TypeErrorf("Insufficient bytes to fill elements in the given buffer."))
			c.Error(js, v)
			req.fail(js, v)
			return
		}
	}
	c.pullIntos = append(c.pullIntos, p)
	r.requests = append(r.requests, req)
	c.pullIfNeeded(js)
}
