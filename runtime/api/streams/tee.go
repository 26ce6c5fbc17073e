package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

func (s *ReadableStream) jsTee(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	x, y, err := s.Tee(js)
	if err != nil {
		return nil, err
	}
	return js.NewArray(x.Wrap(js), y.Wrap(js)), nil
}

// Tee locks the stream and gives two that both see all of it. Bytes of the
// host are split without entering JavaScript.
func (s *ReadableStream) Tee(js *jsg.Scope) (*ReadableStream, *ReadableStream, error) {
	if s.Locked() {
		return nil, nil, jsg.TypeErrorf("This ReadableStream is currently locked to a reader,")
	}
	if src := s.feed(); src != nil {
		s.held, s.disturbed = true, true
		x, y := teeBody(src.body(js, false))
		return FromBody(js, x), FromBody(js, y), nil
	}
	return s.teeChunks(js)
}

// tee is the state two branches share.
type tee struct {
	reader    *DefaultReader
	branches  [2]*ReadableStream
	canceled  [2]bool
	cancelled *jsg.Resolver
	reading   bool
	readAgain bool
	bytes     bool
}

// teeChunks is ReadableStreamDefaultTee. Byte streams get byte branches with
// bytes of their own; unlike in ReadableByteStreamTee a buffer lent to a branch
// is not lent on to the source.
func (s *ReadableStream) teeChunks(js *jsg.Scope) (*ReadableStream, *ReadableStream, error) {
	r, err := acquireDefaultReader(js, s)
	if err != nil {
		return nil, nil, err
	}
	_, bytes := s.controller.(byteSource)
	t := &tee{reader: r, cancelled: js.NewPromise(), bytes: bytes}
	for i := range t.branches {
		b := &ReadableStream{length: s.length}
		t.branches[i] = b
		u := underlyingSource{
			pull: t.pull,
			cancel: func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
				return t.cancel(js, i, reason), nil
			},
		}
		if bytes {
			setUpByteController(js, b, u, 0)
		} else {
			setUpDefaultController(js, b, u, 1, nil)
		}
	}
	js.Then(r.closed.Promise(), nil, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		t.fail(js, reason)
		return jsg.Undefined, nil
	})
	return t.branches[0], t.branches[1], nil
}

func (t *tee) pull(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
	if t.reading {
		t.readAgain = true
		return jsg.Undefined, nil
	}
	t.reading = true
	t.reader.read(js, t)
	return jsg.Undefined, nil
}

// chunk implements readRequest. It goes on in a microtask, so that the errors
// of the source come before its last chunk as the specification wants.
func (t *tee) chunk(js *jsg.Scope, v jsg.Value) {
	upon(js, jsg.Undefined, func(js *jsg.Scope, _ jsg.Value) {
		t.readAgain = false
		for i, b := range t.branches {
			if !t.canceled[i] {
				t.enqueue(js, b, v, i == 0 && !t.canceled[1])
			}
		}
		t.reading = false
		if t.readAgain {
			t.pull(js, jsg.Undefined)
		}
	}, nil)
}

func (t *tee) enqueue(js *jsg.Scope, b *ReadableStream, v jsg.Value, copied bool) {
	switch c := b.controller.(type) {
	case *ByteController:
		data, _ := jsg.Bytes(v)
		if copied {
			data = append([]byte(nil), data...)
		}
		if err := c.Enqueue(js, data); err != nil {
			c.Error(js, js.ErrorValue(err))
		}
	case *DefaultController:
		if err := c.Enqueue(js, v); err != nil {
			c.Error(js, js.ErrorValue(err))
		}
	}
}

func (t *tee) done(js *jsg.Scope) {
	t.reading = false
	for i, b := range t.branches {
		if t.canceled[i] {
			continue
		}
		switch c := b.controller.(type) {
		case *ByteController:
			if err := c.Close(js); err != nil {
				c.Error(js, js.ErrorValue(err))
			}
		case *DefaultController:
			c.Close(js)
		}
	}
	if !t.canceled[0] || !t.canceled[1] {
		t.cancelled.Resolve(jsg.Undefined)
	}
}

// fail implements readRequest; also the reader's closed promise tells the branches.
func (t *tee) fail(js *jsg.Scope, reason jsg.Value) {
	t.reading = false
	for _, b := range t.branches {
		switch c := b.controller.(type) {
		case *ByteController:
			c.Error(js, reason)
		case *DefaultController:
			c.Error(js, reason)
		}
	}
	if !t.canceled[0] || !t.canceled[1] {
		t.cancelled.Resolve(jsg.Undefined)
	}
}

// cancel cancels the source once both branches are cancelled, with the later
// reason (the specification makes an array of both).
func (t *tee) cancel(js *jsg.Scope, i int, reason jsg.Value) jsg.Value {
	t.canceled[i] = true
	if t.canceled[1-i] {
		t.cancelled.Resolve(t.reader.stream.cancel(js, reason))
	}
	return t.cancelled.Promise()
}
