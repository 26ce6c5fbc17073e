package streams

import (
	"math"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// underlyingSource is what a JavaScript-made or Go-made stream reads from. A
// nil function does nothing.
type underlyingSource struct {
	bytes     bool
	autoAlloc int
	length    int64
	start     func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	pull      func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	cancel    func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error)
}

func readUnderlyingSource(js *jsg.Scope, d dict) (u underlyingSource, err error) {
	u.length = -1
	auto, err := d.get(js, "autoAllocateChunkSize")
	if err != nil {
		return u, err
	}
	if !jsg.IsUndefined(auto) {
		if u.autoAlloc = int(auto.ToInteger()); u.autoAlloc <= 0 {
			return u, jsg.TypeErrorf("The autoAllocateChunkSize option cannot be zero.")
		}
	}
	if u.cancel, err = d.method(js, "cancel"); err != nil {
		return u, err
	}
	length, err := d.get(js, "expectedLength")
	if err != nil {
		return u, err
	}
	if !jsg.IsUndefined(length) {
		u.length = length.ToInteger()
	}
	if u.pull, err = d.method(js, "pull"); err != nil {
		return u, err
	}
	if u.start, err = d.method(js, "start"); err != nil {
		return u, err
	}
	kind, err := d.get(js, "type")
	if err != nil {
		return u, err
	}
	if !jsg.IsUndefined(kind) && kind.String() != "" {
		if kind.String() != "bytes" {
			return u, jsg.TypeErrorf("%q is not a valid type of ReadableStream.", kind.String())
		}
		u.bytes = true
	}
	return u, nil
}

// DefaultController is ReadableStreamDefaultController.
type DefaultController struct {
	jsg.Instance
	stream         *ReadableStream
	queue          queue
	started        bool
	pulling        bool
	pullAgain      bool
	closeRequested bool
	hwm            float64
	size           sizeFunc
	pullFn         func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	cancelFn       func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error)
}

// DefaultControllerClass is the class ReadableStreamDefaultController.
var DefaultControllerClass = &jsg.Class[DefaultController]{Name: "ReadableStreamDefaultController"}

func init() {
	DefaultControllerClass.Members = jsg.Members[DefaultController]{
		jsg.Getter("desiredSize", func(c *DefaultController, js *jsg.Scope) (jsg.Value, error) {
			return desired(js, c.desiredSize)
		}),
		jsg.Method("close", 0, func(c *DefaultController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if !c.canCloseOrEnqueue() {
				return nil, jsg.TypeErrorf("This ReadableStream is closed.")
			}
			c.Close(js)
			return jsg.Undefined, nil
		}),
		jsg.Method("enqueue", 0, func(c *DefaultController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if !c.canCloseOrEnqueue() {
				return nil, jsg.TypeErrorf("Unable to enqueue")
			}
			return jsg.Undefined, c.Enqueue(js, a.Value(0))
		}),
		jsg.Method("error", 0, func(c *DefaultController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			reason := a.Any(0)
			if err := a.Err(); err != nil {
				return nil, err
			}
			c.Error(js, reason)
			return jsg.Undefined, nil
		}),
	}
}

func desired(js *jsg.Scope, size func() (float64, bool)) (jsg.Value, error) {
	n, ok := size()
	if !ok {
		return jsg.Null, nil
	}
	return js.Float(n), nil
}

func setUpDefaultController(js *jsg.Scope, s *ReadableStream, u underlyingSource, hwm float64, size sizeFunc) {
	c := &DefaultController{stream: s, hwm: hwm, size: size, pullFn: u.pull, cancelFn: u.cancel}
	s.controller = c
	// The specification throws what start throws; the platform rejects with it.
	uponResult(js, func() (jsg.Value, error) {
		if u.start == nil {
			return jsg.Undefined, nil
		}
		return u.start(js, DefaultControllerClass.Wrap(js, c))
	}, func(js *jsg.Scope, _ jsg.Value) {
		c.started = true
		c.pullIfNeeded(js)
	}, c.Error)
}

func (c *DefaultController) canCloseOrEnqueue() bool {
	return !c.closeRequested && c.stream.state == readable
}

// desiredSize is what would fill the queue; ok is false for an errored stream.
func (c *DefaultController) desiredSize() (n float64, ok bool) {
	switch c.stream.state {
	case errored:
		return 0, false
	case closed:
		return 0, true
	}
	return c.hwm - c.queue.total, true
}

func (c *DefaultController) shouldPull() bool {
	if !c.canCloseOrEnqueue() || !c.started || c.pullFn == nil {
		return false
	}
	n, _ := c.desiredSize()
	return c.stream.Locked() && c.stream.waiting() > 0 || n > 0
}

func (c *DefaultController) pullIfNeeded(js *jsg.Scope) {
	if !c.shouldPull() {
		return
	}
	if c.pulling {
		c.pullAgain = true
		return
	}
	c.pulling = true
	uponResult(js, func() (jsg.Value, error) { return c.pullFn(js, DefaultControllerClass.Wrap(js, c)) },
		func(js *jsg.Scope, _ jsg.Value) {
			c.pulling = false
			if c.pullAgain {
				c.pullAgain = false
				c.pullIfNeeded(js)
			}
		}, c.Error)
}

// clear drops the algorithms, so that what they refer to can be collected.
func (c *DefaultController) clear() { c.pullFn, c.cancelFn, c.size = nil, nil, nil }

// Close ends the stream once its queue is read.
func (c *DefaultController) Close(js *jsg.Scope) {
	if !c.canCloseOrEnqueue() {
		return
	}
	c.closeRequested = true
	if c.queue.empty() {
		c.clear()
		c.stream.close(js)
	}
}

// Enqueue adds a chunk; it does nothing on a stream that is over.
func (c *DefaultController) Enqueue(js *jsg.Scope, chunk jsg.Value) error {
	if !c.canCloseOrEnqueue() {
		return nil
	}
	if c.stream.waiting() > 0 {
		c.stream.give(js, chunk)
		c.pullIfNeeded(js)
		return nil
	}
	n := 1.0
	if c.size != nil {
		var err error
		if n, err = c.size(js, chunk); err == nil && (math.IsNaN(n) || n < 0 || math.IsInf(n, 1)) {
			err = jsg.RangeErrorf("The size of a chunk must be a finite, non-negative number.")
		}
		if err != nil {
			c.Error(js, js.ErrorValue(err)) // the specification throws too, the platform does not
			return nil
		}
	}
	c.queue.push(chunk, n)
	c.pullIfNeeded(js)
	return nil
}

// Error breaks the stream, dropping what is queued.
func (c *DefaultController) Error(js *jsg.Scope, reason jsg.Value) {
	if c.stream.state != readable {
		return
	}
	c.queue.reset()
	c.clear()
	c.stream.fail(js, reason)
}

func (c *DefaultController) cancel(js *jsg.Scope, reason jsg.Value) jsg.Value {
	c.queue.reset()
	f := c.cancelFn
	c.clear()
	return promiseOf(js, func() (jsg.Value, error) {
		if f == nil {
			return jsg.Undefined, nil
		}
		return f(js, reason)
	})
}

func (c *DefaultController) pull(js *jsg.Scope, req readRequest) {
	if c.queue.empty() {
		r := c.stream.defaultReader()
		r.requests = append(r.requests, req)
		c.pullIfNeeded(js)
		return
	}
	chunk := c.queue.pop()
	if c.closeRequested && c.queue.empty() {
		c.clear()
		c.stream.close(js)
	} else {
		c.pullIfNeeded(js)
	}
	req.chunk(js, chunk)
}

func (c *DefaultController) release(*jsg.Scope) {}
