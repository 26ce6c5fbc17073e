package streams

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// splice is a host stream piped into a channel: the channel's reader reads the
// stream's body directly, through the channel's codec.
type splice struct {
	c    *channel
	src  *bodySource // the filtered body, for reads on the loop
	raw  wire.Body
	o    PipeOptions
	done func(js *jsg.Scope, r pipeResult) // nil once called
	op   *iocontext.Op
}

// pipeFrom implements hostSink.
func (c *channel) pipeFrom(js *jsg.Scope, src source, o PipeOptions, done func(js *jsg.Scope, r pipeResult)) (func(*jsg.Scope, error), bool) {
	if c.touched || c.written > 0 && c.total >= 0 || c.ended || c.reason != nil || len(c.buf) > 0 {
		return nil, false
	}
	if (c.codec != nil || c.total >= 0) && (o.PreventClose || o.PreventAbort) {
		return nil, false // the channel could not go on after it
	}
	raw := src.body(js, false)
	body := raw
	switch {
	case c.codec != nil:
		body = wire.NewBody(struct {
			io.Reader
			io.Closer
		}{c.codec.reader(raw), raw}, -1)
	case c.total >= 0:
		exact := &exactBody{Body: raw, total: c.total}
		exact.left.Store(c.total)
		body = exact
	}
	s := &splice{c: c, src: &bodySource{b: body}, raw: raw, o: o, done: done}
	c.splice = s
	c.mu.Lock()
	c.up = body
	c.mu.Unlock()
	if c.taken != nil {
		s.begin(js)
	}
	c.signal()
	if r := c.reading; r != nil { // JavaScript was waiting already
		c.reading = nil
		s.read(js, r.into[r.n:], max(r.min-r.n, 1), func(js *jsg.Scope, n int, err error) {
			if n += r.n; n > 0 {
				err = nil
			}
			r.done(js, n, err)
		})
	}
	return func(js *jsg.Scope, reason error) {
		closeBody(raw, reason)
		s.detach()
		s.finish(js, pipeResult{srcErr: reason})
	}, true
}

// begin counts the pipe as pending: a Go reader is to bring it to its end.
func (s *splice) begin(js *jsg.Scope) {
	if io := iocontext.Current(js); io != nil && s.op == nil {
		s.op = io.Begin(js)
	}
}

// readAll collects the body in one go, for Go callers on the loop.
func (s *splice) readAll(js *jsg.Scope, done func(js *jsg.Scope, data []byte, err error)) {
	s.src.readAll(js, func(js *jsg.Scope, data []byte, err error) {
		if err == nil {
			s.over(js, io.EOF)
		} else {
			s.over(js, err)
		}
		done(js, data, err)
	})
}

// read serves JavaScript. At the end of the body the channel ends too, or goes
// on with what JavaScript writes (preventClose).
func (s *splice) read(js *jsg.Scope, into []byte, min int, done func(js *jsg.Scope, n int, err error)) {
	s.src.read(js, into, min, func(js *jsg.Scope, n int, err error) {
		if err == nil {
			done(js, n, nil)
			return
		}
		s.over(js, err)
		s.c.read(js, into, min, done)
	})
}

// over detaches the splice at the end of its body; on the loop.
func (s *splice) over(js *jsg.Scope, err error) {
	c := s.c
	s.detach()
	if errors.Is(err, io.EOF) {
		if !s.o.PreventClose {
			c.end(js)
		}
		s.raw.Close()
		s.finish(js, pipeResult{})
		return
	}
	if !s.o.PreventAbort {
		c.fail(js, err)
	}
	s.finish(js, pipeResult{srcErr: err})
}

func (s *splice) detach() {
	s.c.splice = nil
	s.c.mu.Lock()
	s.c.up = nil
	s.c.mu.Unlock()
}

// cancel is the reader giving up.
func (s *splice) cancel(js *jsg.Scope, reason jsg.Value) {
	s.detach()
	if !s.o.PreventCancel {
		closeBody(s.raw, goError(reason))
	}
	s.finish(js, pipeResult{dstErr: jsg.Thrown(reason)})
}

func (s *splice) finish(js *jsg.Scope, r pipeResult) {
	if s.op != nil {
		s.op.Drop()
	}
	if f := s.done; f != nil {
		s.done = nil
		f(js, r)
	}
}

// body implements source: it gives the reading end to Go.
func (c *channel) body(js *jsg.Scope, keep bool) wire.Body {
	b := &channelBody{c: c, closed: make(chan struct{})}
	c.taken = b
	c.turns = currentTurns(js)
	if keep && c.io != nil {
		c.io.Hold()
		b.held = true
	}
	if c.splice != nil {
		c.splice.begin(js)
	}
	c.mu.Lock()
	waiting := c.write != nil
	c.mu.Unlock()
	if waiting {
		c.beginOp(js)
	}
	return b
}

// channelBody is the reading end of a channel in the hands of Go.
type channelBody struct {
	c      *channel
	closed chan struct{}
	once   sync.Once
	held   bool // on the isolate's goroutine
	err    error
}

// Len implements wire.Body.
func (b *channelBody) Len() int64 { return b.c.length() }

// Read implements io.Reader.
func (b *channelBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.read(p)
	if err != nil {
		b.err = err
		b.c.post(b.release)
	}
	return n, err
}

func (b *channelBody) read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c := b.c
	for {
		c.mu.Lock()
		up := c.up
		if up == nil && len(c.buf) > 0 {
			n := copy(p, c.buf)
			c.consume(n)
			drained := len(c.buf) == 0 && c.write != nil
			c.mu.Unlock()
			if drained {
				c.post(b.drained)
			}
			return n, nil
		}
		ended, err := c.ended, c.err
		c.mu.Unlock()
		switch {
		case up != nil:
			n, err := up.Read(p)
			if n > 0 {
				return n, nil
			}
			if err == nil {
				continue
			}
			if done, err := b.spliceOver(up, err); done {
				return 0, err
			}
			continue
		case err != nil:
			return 0, err
		case ended:
			return 0, io.EOF
		}
		if _, err := wait(c.turns, c.news, b.closed); err != nil {
			return 0, err
		}
	}
}

// spliceOver detaches the body that ended; done is true if the channel ends
// with it.
func (b *channelBody) spliceOver(up wire.Body, cause error) (done bool, err error) {
	c := b.c
	c.mu.Lock()
	if c.up == up {
		c.up = nil
	}
	c.mu.Unlock()
	over := make(chan struct{}, 1)
	posted := c.post(func(js *jsg.Scope) {
		if s := c.splice; s != nil {
			s.over(js, cause)
		}
		over <- struct{}{}
	})
	if !posted {
		return true, cause
	}
	// The turn decides what follows: the end, or what JavaScript writes next.
	if _, err := wait(c.turns, over, b.closed); err != nil {
		return true, err
	}
	return false, nil
}

// drained settles the write whose bytes were read.
func (b *channelBody) drained(js *jsg.Scope) {
	c := b.c
	c.mu.Lock()
	w := c.takeWrite()
	c.mu.Unlock()
	if c.op != nil {
		c.op.Drop()
		c.op = nil
	}
	if w != nil {
		w.Resolve(jsg.Undefined)
	}
}

func (b *channelBody) release(js *jsg.Scope) {
	if b.c.op != nil {
		b.c.op.Drop()
		b.c.op = nil
	}
	if b.held {
		b.held = false
		b.c.io.Release()
	}
}

// Close cancels the writer.
func (b *channelBody) Close() error {
	b.Cancel(jsg.Errorf("The stream was cancelled."))
	return nil
}

// Cancel implements wire.Canceler.
func (b *channelBody) Cancel(reason error) {
	b.once.Do(func() {
		close(b.closed)
		c := b.c
		c.mu.Lock()
		up, over := c.up, c.ended
		c.mu.Unlock()
		// Who knows the length need not ask for the end: nothing is cancelled.
		exact, ok := up.(*exactBody)
		whole := ok && exact.left.Load() == 0
		// Before the body is closed: the Read that this ends posts its own turn,
		// which must find the pipe gone and not give its error as the reason.
		posted := c.post(func(js *jsg.Scope) {
			switch {
			case whole && c.splice != nil:
				c.splice.over(js, io.EOF)
			case !over || len(c.buf) > 0:
				c.abandon(js, js.ErrorValue(reason))
			}
			b.release(js)
		})
		if up != nil && (!whole || !posted) {
			closeBody(up, reason) // ends a Read under way
		}
	})
}

// exactBody fails unless exactly left bytes come.
type exactBody struct {
	wire.Body
	left  atomic.Int64
	total int64
}

func (b *exactBody) Len() int64 { return b.total }

func (b *exactBody) Read(p []byte) (int, error) {
	n, err := b.Body.Read(p)
	left := b.left.Add(-int64(n))
	switch {
	case left < 0:
		return 0, errTooManyBytes()
	case errors.Is(err, io.EOF) && left > 0:
		if n > 0 {
			return n, nil
		}
		return 0, errTooFewBytes()
	}
	return n, err
}
