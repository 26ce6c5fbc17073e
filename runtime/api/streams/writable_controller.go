package streams

import (
	"math"

	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// WritableController is WritableStreamDefaultController.
type WritableController struct {
	jsg.Instance
	stream  *WritableStream
	queue   queue // nil values stand for the close
	started bool
	hwm     float64
	size    sizeFunc
	sink    underlyingSink
	signal  *events.Signal // made on first use
	aborted jsg.Value      // why the stream was aborted, nil if it was not
}

// WritableControllerClass is the class WritableStreamDefaultController.
var WritableControllerClass = &jsg.Class[WritableController]{Name: "WritableStreamDefaultController"}

func init() {
	WritableControllerClass.Members = jsg.Members[WritableController]{
		jsg.Getter("signal", func(c *WritableController, js *jsg.Scope) (jsg.Value, error) {
			if c.signal == nil {
				c.signal = events.NewSignal()
				if c.aborted != nil {
					c.signal.Abort(js, c.aborted)
				}
			}
			return c.signal.Wrap(js), nil
		}),
		jsg.Method("error", 0, func(c *WritableController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if c.stream.state == writable {
				c.fail(js, a.Value(0))
			}
			return jsg.Undefined, nil
		}),
	}
}

func setUpWritable(js *jsg.Scope, s *WritableStream, u underlyingSink, hwm float64, size sizeFunc) {
	c := &WritableController{stream: s, hwm: hwm, size: size, sink: u}
	s.controller = c
	s.updateBackpressure(js, c.backpressure())
	uponResult(js, func() (jsg.Value, error) {
		if u.start == nil {
			return jsg.Undefined, nil
		}
		return u.start(js, WritableControllerClass.Wrap(js, c))
	}, func(js *jsg.Scope, _ jsg.Value) {
		c.started = true
		c.advance(js)
	}, func(js *jsg.Scope, reason jsg.Value) {
		c.started = true
		s.dealWithRejection(js, reason)
	})
}

func (c *WritableController) signalAbort(js *jsg.Scope, reason jsg.Value) {
	if c.aborted != nil {
		return
	}
	c.aborted = reason
	if c.signal != nil {
		c.signal.Abort(js, reason)
	}
}

func (c *WritableController) desiredSize() float64 { return c.hwm - c.queue.total }
func (c *WritableController) backpressure() bool   { return c.desiredSize() <= 0 }

// clear drops the algorithms, so that what they refer to can be collected.
func (c *WritableController) clear() { c.sink, c.size = underlyingSink{}, nil }

// fail is WritableStreamDefaultControllerError.
func (c *WritableController) fail(js *jsg.Scope, reason jsg.Value) {
	c.clear()
	c.stream.startErroring(js, reason)
}

func (c *WritableController) failIfWritable(js *jsg.Scope, reason jsg.Value) {
	if c.stream.state == writable {
		c.fail(js, reason)
	}
}

func (c *WritableController) abortSteps(js *jsg.Scope, reason jsg.Value) jsg.Value {
	f := c.sink.abort
	c.clear()
	return promiseOf(js, func() (jsg.Value, error) {
		if f == nil {
			return jsg.Undefined, nil
		}
		return f(js, reason)
	})
}

// chunkSize measures a chunk; a failing size function breaks the stream.
func (c *WritableController) chunkSize(js *jsg.Scope, chunk jsg.Value) float64 {
	if c.size == nil {
		return 1
	}
	n, err := c.size(js, chunk)
	if err == nil && (math.IsNaN(n) || n < 0 || math.IsInf(n, 1)) {
		err = jsg.RangeErrorf("The size of a chunk must be a finite, non-negative number.")
	}
	if err != nil {
		c.failIfWritable(js, js.ErrorValue(err))
		return 1
	}
	return n
}

func (c *WritableController) write(js *jsg.Scope, chunk jsg.Value, size float64) {
	c.queue.push(chunk, size)
	s := c.stream
	if !s.closeQueuedOrInFlight() && s.state == writable {
		s.updateBackpressure(js, c.backpressure())
	}
	c.advance(js)
}

func (c *WritableController) close(js *jsg.Scope) {
	c.queue.push(nil, 0)
	c.advance(js)
}

// advance is WritableStreamDefaultControllerAdvanceQueueIfNeeded.
func (c *WritableController) advance(js *jsg.Scope) {
	s := c.stream
	if !c.started || s.inFlight != nil {
		return
	}
	if s.state == erroring {
		s.finishErroring(js)
		return
	}
	if c.queue.empty() {
		return
	}
	if chunk := c.queue.peek(); chunk != nil {
		c.processWrite(js, chunk)
		return
	}
	c.processClose(js)
}

func (c *WritableController) processClose(js *jsg.Scope) {
	s := c.stream
	s.inFlightEnd, s.closing = s.closing, nil
	c.queue.pop()
	f := c.sink.close
	p := promiseOf(js, func() (jsg.Value, error) {
		if f == nil {
			return jsg.Undefined, nil
		}
		return f(js)
	})
	c.clear()
	upon(js, p, func(js *jsg.Scope, _ jsg.Value) { s.finishClose(js) }, s.failClose)
}

func (c *WritableController) processWrite(js *jsg.Scope, chunk jsg.Value) {
	s := c.stream
	s.inFlight = s.writes[0]
	s.writes[0] = nil
	s.writes = s.writes[1:]
	uponResult(js, func() (jsg.Value, error) {
		if c.sink.write == nil {
			return jsg.Undefined, nil
		}
		return c.sink.write(js, chunk, WritableControllerClass.Wrap(js, c))
	}, func(js *jsg.Scope, _ jsg.Value) {
		s.finishWrite(js)
		state := s.state
		c.queue.pop()
		if !s.closeQueuedOrInFlight() && state == writable {
			s.updateBackpressure(js, c.backpressure())
		}
		c.advance(js)
	}, func(js *jsg.Scope, reason jsg.Value) {
		if s.state == writable {
			c.clear()
		}
		s.failWrite(js, reason)
	})
}
