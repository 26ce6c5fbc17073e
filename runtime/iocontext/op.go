package iocontext

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/loop"
)

// Op is one pending operation. It counts against "would never generate a
// response" until it is finished or its context ends.
type Op struct {
	c     *Context
	acc   *account
	frame *Frame
	once  sync.Once
	over  bool
	timer *loop.Timer
	lost  func()
	// resting is set while the event's own code is what ends the operation.
	resting bool
}

// Of reports whether the operation belongs to an event.
func (op *Op) Of(c *Context) bool { return op.c == c }

// Rest says that it is code of the operation's own event that will end it, in the
// turns that other operations of it bring: it is none to hope for until Wake. It
// matters to patient events. Both are called on the isolate's goroutine.
func (op *Op) Rest() { op.resting = true }

// Wake undoes Rest.
func (op *Op) Wake() { op.resting = false }

// hopes reports whether something is pending that may go on by itself.
func (c *Context) hopes() bool {
	for op := range c.ops.All() {
		if !op.resting {
			return true
		}
	}
	return false
}

// OnLost runs f on the isolate's goroutine if the context ends before the
// operation does.
func (op *Op) OnLost(f func()) { op.lost = f }

// Begin registers an operation of the code now running.
func (c *Context) Begin(js *jsg.Scope) *Op {
	op := &Op{c: c, acc: accounts.Get(js), frame: CurrentFrame(js)}
	if c.ended {
		op.over = true
		return op
	}
	if !c.Patient {
		op.acc.pending++
	}
	c.ops.Add(op)
	return op
}

// Finish ends the operation: f runs as a turn under the frame the operation
// began in, unless the context has ended by then. Only the first call counts.
// Safe from any goroutine.
func (op *Op) Finish(f func(js *jsg.Scope)) {
	op.once.Do(func() {
		op.c.iso.Post(op.frame, func(js *jsg.Scope) {
			if op.over {
				return
			}
			op.c.admit(op.frame, func() {
				if op.over {
					return
				}
				op.drop()
				js.WithFrame(op.frame, func() { f(js) })
			})
		})
	})
}

// Drop ends the operation without running anything, on the isolate's goroutine.
func (op *Op) Drop() { op.once.Do(func() {}); op.drop() }

func (op *Op) drop() {
	if op.over {
		return
	}
	op.over = true
	if !op.c.Patient {
		op.acc.pending--
	}
	op.c.ops.Delete(op)
	if op.timer != nil {
		op.timer.Stop()
	}
}

// DropOps drops the pending operations without ending the context, and tells
// how many there were.
func (c *Context) DropOps() int {
	ops := c.ops.Members()
	for _, op := range ops {
		op.once.Do(func() {})
		op.lose()
	}
	return len(ops)
}

// lose is drop for an operation that ends before its time.
func (op *Op) lose() {
	if op.over {
		return
	}
	op.drop()
	if op.lost != nil {
		op.lost()
	}
}

// Post runs f as a turn of this context under a frame, through its gate. Safe
// from any goroutine.
func (c *Context) Post(frame *Frame, f func(js *jsg.Scope)) bool {
	return c.iso.Post(frame, func(js *jsg.Scope) {
		c.admit(frame, func() { js.WithFrame(frame, func() { f(js) }) })
	})
}

func (c *Context) admit(frame *Frame, turn func()) {
	if c.Gate == nil {
		turn()
		return
	}
	c.Gate.Admit(frame.Section, turn)
}

// Go is the one form of asynchronous work: work runs on its own goroutine and
// cannot touch the realm; finish then runs as a turn and gives the promise its
// value. ctx is cancelled when the event ends.
func Go[T any](js *jsg.Scope, work func(ctx context.Context) (T, error), finish func(js *jsg.Scope, v T) (jsg.Value, error)) jsg.Value {
	c, err := Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	r := js.NewPromise()
	op := c.Begin(js)
	ctx, errand := c.iso.Errand(c.ctx)
	go func() {
		defer errand.Done()
		v, err := work(ctx)
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				r.Reject(js, err)
				return
			}
			out, err := finish(js, v)
			if err != nil {
				r.Reject(js, err)
				return
			}
			r.Resolve(out)
		})
	}()
	return r.Promise()
}

// AfterFunc runs f as a turn after d, unless the context ends or the returned
// operation is dropped before.
func (c *Context) AfterFunc(js *jsg.Scope, d time.Duration, f func(js *jsg.Scope)) *Op {
	op := c.Begin(js)
	op.timer = c.iso.AfterFunc(d, op.frame, func(js *jsg.Scope) {
		if op.over {
			return
		}
		c.admit(op.frame, func() {
			if op.over {
				return
			}
			op.drop()
			js.WithFrame(op.frame, func() { f(js) })
		})
	})
	return op
}

// Delay is how long a timer of so many milliseconds waits: whole ones, none for
// NaN and below 0, and what is longer than a century is never.
func Delay(ms float64) time.Duration {
	const century = 100 * 365 * 24 * time.Hour
	if math.IsNaN(ms) || ms <= 0 {
		return 0
	}
	return time.Duration(min(ms, float64(century/time.Millisecond))) * time.Millisecond
}
