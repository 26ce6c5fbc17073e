package streams

import (
	"errors"
	"io"
	"sync"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// maxBuffered is how many bytes a codec's output may hold before writes wait.
const maxBuffered = 256 << 10

// channel couples the writable and the readable end of a byte transform. Either
// end may be JavaScript or Go:
//
//   - JavaScript on both: bytes move on the loop, in the turn of the write.
//   - JavaScript writes, Go reads (the readable end was taken as a body): the
//     reader blocks; a write settles when its bytes were read.
//   - a host stream is piped in: the channel is spliced, and its reader reads
//     that stream's body directly.
type channel struct {
	turns
	writable *WritableStream
	readable *ReadableStream
	codec    codec
	total    int64 // what must be written in all, -1 for any number
	written  int64

	// Touched on the isolate's goroutine only.
	splice  *splice
	reading *channelRead
	op      *iocontext.Op // a Go reader is to make progress
	taken   *channelBody
	touched bool // bytes went through the codec
	reason  jsg.Value

	mu    sync.Mutex
	buf   []byte
	write *jsg.Resolver // settled on the loop once buf is read
	ended bool
	err   error         // for Go readers
	up    wire.Body     // spliced in
	news  chan struct{} // signals a Go reader; capacity 1
}

// channelRead is a read of JavaScript that waits for bytes.
type channelRead struct {
	into   []byte
	n, min int
	done   func(js *jsg.Scope, n int, err error)
}

// newChannel makes both ends. highWaterMark is nil for writes without
// backpressure beyond their own promise.
func newChannel(js *jsg.Scope, c codec, total int64, hwm *float64) *channel {
	ch := &channel{turns: currentTurns(js), codec: c, total: total, news: make(chan struct{}, 1)}
	ch.readable = newHostStream(ch)
	ch.writable = &WritableStream{host: ch}
	mark, size := 1.0, sizeFunc(noSize)
	if hwm != nil {
		mark, size = *hwm, byteSize
	}
	setUpWritable(js, ch.writable, underlyingSink{write: ch.jsWrite, close: ch.jsClose, abort: ch.jsAbort}, mark, size)
	return ch
}

func byteSize(js *jsg.Scope, v jsg.Value) (float64, error) {
	b, _ := chunkBytes(v)
	return float64(len(b)), nil
}

func errTooManyBytes() error {
	return jsg.TypeErrorf("Attempt to write too many bytes through a FixedLengthStream.")
}

func errTooFewBytes() error {
	return jsg.TypeErrorf("FixedLengthStream did not see all expected bytes before close().")
}

func (c *channel) jsWrite(js *jsg.Scope, chunk, _ jsg.Value) (jsg.Value, error) {
	if c.reason != nil {
		return nil, jsg.Thrown(c.reason)
	}
	if jsg.IsUndefined(chunk) { // no chunk, to workerd
		return jsg.Undefined, nil
	}
	data, err := chunkBytes(chunk)
	if err != nil {
		c.fail(js, err)
		return nil, err
	}
	if c.total >= 0 && c.written+int64(len(data)) > c.total {
		c.fail(js, errTooManyBytes()) // what comes after this write is told, not the write itself
		return jsg.Undefined, nil
	}
	if len(data) == 0 {
		return jsg.Undefined, nil
	}
	c.written += int64(len(data))
	if c.codec != nil {
		c.touched = true
		if data, err = c.codec.write(data); err != nil {
			c.fail(js, err)
			return nil, err
		}
	}
	return c.put(js, data), nil
}

// put hands bytes to the reader, or keeps a copy until one comes. The promise
// it returns settles when the writer may go on.
func (c *channel) put(js *jsg.Scope, data []byte) jsg.Value {
	if r := c.reading; r != nil && len(data) > 0 {
		n := copy(r.into[r.n:], data)
		r.n += n
		data = data[n:]
		if r.n >= r.min {
			c.reading = nil
			// Bytes left over must be in place before the reader goes on.
			defer func() { r.done(js, r.n, nil) }()
		}
	}
	if len(data) == 0 {
		return jsg.Undefined
	}
	c.mu.Lock()
	c.buf = append(c.buf, data...)
	if c.codec != nil && len(c.buf) < maxBuffered {
		c.mu.Unlock()
		c.signal()
		return jsg.Undefined
	}
	p := js.NewPromise()
	c.write = p
	c.mu.Unlock()
	c.beginOp(js)
	c.signal()
	return p.Promise()
}

// beginOp counts a write as pending while a Go reader is to take it.
func (c *channel) beginOp(js *jsg.Scope) {
	if c.taken != nil && c.op == nil {
		if io := iocontext.Current(js); io != nil {
			c.op = io.Begin(js)
		}
	}
}

func (c *channel) signal() {
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// jsClose ends the channel. Too few bytes are the reader's error only, as on
// the platform.
func (c *channel) jsClose(js *jsg.Scope) (jsg.Value, error) {
	if c.reason != nil {
		return nil, jsg.Thrown(c.reason)
	}
	if c.total >= 0 && c.written < c.total {
		c.fail(js, errTooFewBytes())
		return jsg.Undefined, nil
	}
	if c.codec != nil {
		rest, err := c.codec.close()
		if err != nil {
			c.fail(js, err)
			return nil, err
		}
		c.put(js, rest)
	}
	c.end(js)
	return jsg.Undefined, nil
}

func (c *channel) end(js *jsg.Scope) {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	if r := c.reading; r != nil {
		c.reading = nil
		if r.n > 0 {
			r.done(js, r.n, nil)
		} else {
			r.done(js, 0, io.EOF)
		}
	}
	c.signal()
}

func (c *channel) jsAbort(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
	c.fail(js, jsg.Thrown(reason))
	return jsg.Undefined, nil
}

// fail breaks the reading end.
func (c *channel) fail(js *jsg.Scope, err error) {
	if c.codec != nil {
		c.codec.stop()
	}
	v := js.ErrorValue(err)
	c.mu.Lock()
	if c.ended || c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err, c.reason, c.buf = goError(v), v, nil
	w := c.write
	c.write = nil
	c.mu.Unlock()
	if w != nil {
		w.RejectValue(v)
	}
	c.reading = nil
	if c.taken == nil {
		c.readable.fail(js, v)
	}
	c.signal()
}

// read implements source.
func (c *channel) read(js *jsg.Scope, into []byte, min int, done func(js *jsg.Scope, n int, err error)) {
	if c.splice != nil {
		c.splice.read(js, into, min, done)
		return
	}
	c.mu.Lock()
	n := copy(into, c.buf)
	c.consume(n)
	ended, w := c.ended, c.takeWrite()
	c.mu.Unlock()
	if w != nil {
		w.Resolve(jsg.Undefined)
	}
	switch {
	case n >= min, ended && n > 0:
		done(js, n, nil)
	case c.reason != nil:
		done(js, 0, jsg.Thrown(c.reason))
	case ended:
		done(js, 0, io.EOF)
	default:
		c.reading = &channelRead{into: into, n: n, min: min, done: done}
	}
}

// consume drops n bytes; c.mu is held.
func (c *channel) consume(n int) {
	c.buf = c.buf[n:]
	if len(c.buf) == 0 {
		c.buf = nil
	}
}

// takeWrite returns the write to settle once everything was read; c.mu is held.
func (c *channel) takeWrite() *jsg.Resolver {
	if len(c.buf) > 0 {
		return nil
	}
	w := c.write
	c.write = nil
	return w
}

func (c *channel) available() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.splice == nil && len(c.buf) > 0 {
		return int64(len(c.buf))
	}
	return -1
}

// cancel implements source: the writing end breaks.
func (c *channel) cancel(js *jsg.Scope, reason jsg.Value) jsg.Value {
	c.abandon(js, reason)
	return js.Resolved(jsg.Undefined)
}

func (c *channel) abandon(js *jsg.Scope, reason jsg.Value) {
	c.mu.Lock()
	w := c.write
	c.write, c.buf = nil, nil
	c.mu.Unlock()
	c.reading = nil
	if c.codec != nil {
		c.codec.stop()
	}
	if w != nil {
		w.RejectValue(reason)
	}
	if c.splice != nil {
		c.splice.cancel(js, reason)
		return
	}
	c.writable.controller.failIfWritable(js, reason)
}

// length implements source.
func (c *channel) length() int64 {
	if c.codec != nil {
		return -1
	}
	return c.total
}

func (c *channel) spliced() bool { return c.splice != nil }

var errStopped = errors.New("the stream was stopped")
