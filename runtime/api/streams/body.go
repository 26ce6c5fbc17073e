package streams

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

func errNotBytes() error { return jsg.TypeErrorf("This ReadableStream did not return bytes.") }

// TakeBody locks and disturbs the stream and gives its bytes as a Body that
// any goroutine may read. An untouched stream of the host gives exactly the
// body it was made of. For a stream made in JavaScript each Read is a turn that
// pulls one chunk; the event that called TakeBody stays alive until the body
// ends or is closed, so it must be closed.
func (s *ReadableStream) TakeBody(js *jsg.Scope) (wire.Body, error) {
	if s.Locked() {
		return nil, lockedError()
	}
	if s.state == errored {
		return nil, jsg.Thrown(s.stored)
	}
	if h, ok := s.controller.(*hostController); ok {
		s.held, s.disturbed = true, true
		if s.state == closed {
			return wire.NewBytesBody(nil), nil
		}
		b := h.src.body(js, true)
		if len(h.rest) > 0 {
			b = restBody{io.MultiReader(bytes.NewReader(h.rest), b), b}
		}
		return b, nil
	}
	r, err := acquireDefaultReader(js, s)
	if err != nil {
		return nil, err
	}
	s.disturbed = true
	return newPump(js, r, s.length), nil
}

// ReadAll locks the stream, reads it to its end and calls done once: maybe
// before it returns, else in a later turn. The bytes of a host stream are
// collected on a goroutine, without entering JavaScript per chunk.
func (s *ReadableStream) ReadAll(js *jsg.Scope, done func(js *jsg.Scope, data []byte, err error)) {
	if s.Locked() {
		done(js, nil, lockedError())
		return
	}
	if read := s.readAllHost(); read != nil {
		s.held, s.disturbed = true, true
		read(js, func(js *jsg.Scope, data []byte, err error) {
			if err != nil {
				s.fail(js, js.ErrorValue(err))
				err = jsg.Thrown(s.stored)
			} else {
				s.close(js)
			}
			done(js, data, err)
		})
		return
	}
	r, err := acquireDefaultReader(js, s)
	if err != nil {
		done(js, nil, err)
		return
	}
	r.read(js, &collector{r: r, finish: done})
}

// readAllHost is how to collect a host stream in one go, nil if that cannot be.
func (s *ReadableStream) readAllHost() func(js *jsg.Scope, done func(js *jsg.Scope, data []byte, err error)) {
	switch src := s.feed().(type) {
	case *bodySource:
		return src.readAll
	case *channel:
		if !src.splice.o.PreventClose {
			return src.splice.readAll
		}
	}
	return nil
}

// restBody puts bytes in front of a body.
type restBody struct {
	io.Reader
	wire.Body
}

func (b restBody) Read(p []byte) (int, error) { return b.Reader.Read(p) }
func (b restBody) Len() int64                 { return -1 }

// collector is a readRequest that gathers all chunks.
type collector struct {
	r      *DefaultReader
	buf    bytes.Buffer
	finish func(js *jsg.Scope, data []byte, err error)
	// Chunks that are there already come by recursion of read into chunk; the
	// two flags turn it into a loop.
	inLoop, again bool
}

func (c *collector) chunk(js *jsg.Scope, v jsg.Value) {
	b, ok := jsg.Bytes(v)
	if !ok {
		err := errNotBytes()
		js.MarkHandled(c.r.stream.cancel(js, js.ErrorValue(err)))
		c.finish(js, nil, err)
		return
	}
	c.buf.Write(b)
	if c.inLoop {
		c.again = true
		return
	}
	c.inLoop = true
	for c.again = true; c.again; {
		c.again = false
		c.r.read(js, c)
	}
	c.inLoop = false
}

func (c *collector) done(js *jsg.Scope) { c.finish(js, c.buf.Bytes(), nil) }
func (c *collector) fail(js *jsg.Scope, reason jsg.Value) {
	c.finish(js, nil, jsg.Thrown(reason))
}

// readAll reads the rest in one go.
func (s *bodySource) readAll(js *jsg.Scope, done func(js *jsg.Scope, data []byte, err error)) {
	if s.err != nil {
		if errors.Is(s.err, io.EOF) {
			done(js, nil, nil)
			return
		}
		done(js, nil, s.err)
		return
	}
	if m, ok := s.b.(*wire.BytesBody); ok {
		data := bytes.Clone(m.Bytes())
		m.Close()
		done(js, data, nil)
		return
	}
	c, err := iocontext.Require(js)
	if err != nil {
		done(js, nil, err)
		return
	}
	s.watch(c)
	op := c.Begin(js)
	go func() {
		data, err := readBody(s.b)
		op.Finish(func(js *jsg.Scope) { done(js, data, err) })
	}()
}

// readBody is io.ReadAll that trusts the length for the first allocation only.
func readBody(b wire.Body) ([]byte, error) {
	var buf bytes.Buffer
	if n := b.Len(); n > 0 && n < 64<<20 {
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(b)
	if cerr := b.Close(); err == nil && cerr != nil && !errors.Is(cerr, context.Canceled) {
		err = nil // everything was read; what closing says no longer matters
	}
	return buf.Bytes(), err
}
