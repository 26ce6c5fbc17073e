// Package iocontext accounts for what one incoming event has going on: pending
// operations, waitUntil promises, cancellation. It is what makes an answer that
// can never come an error at once, lets a disconnected client cancel work, and
// brings every callback back under the frame that started it.
//
// It knows no Web API. Input and output gates of Durable Objects plug in
// through Gate.
//
// Where the truth is: Cloudflare's "context" and "errors" documentation pages,
// and workerd's IoContext as observed from outside.
package iocontext

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/loop"
	"github.com/miniworker/miniworker/runtime/wire"
)

// ErrHung is why a request fails whose promise nothing can settle any more.
var ErrHung = errors.New("The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/")

// Info describes the event, for traces and routing rules.
type Info struct {
	// Zone is the zone the outermost request came in by, "" if none.
	Zone string
	// Hops and Calls count as in wire.Request.
	Hops  int
	Calls *wire.Calls
	// Entry is the routed request behind the event, nil if there is none.
	Entry *wire.Entry
}

// Invocations is the count of invocations that those made from here share.
func (c *Context) Invocations() *wire.Calls {
	if c.Calls == nil {
		c.Calls = new(wire.Calls)
	}
	return c.Calls
}

// Gate decides when the turns of a Durable Object may run and when what it
// sends may leave. Stateless workers have none.
type Gate interface {
	// Admit runs turn, now or once the critical section that blocks it ends.
	// It is called on the isolate's goroutine. section is the critical section
	// the turn belongs to, nil for none.
	Admit(section any, turn func())
	// Output runs send once everything written so far is durable.
	Output(send func())
}

// Context is one event's account. Fields are touched on the isolate's goroutine
// only, except where noted.
type Context struct {
	Info
	// Gate is set for Durable Objects.
	Gate Gate

	iso     *isolate.Isolate
	parent  event
	ctx     context.Context
	cancel  context.CancelCauseFunc
	holds   int
	ended   bool
	ops     map[*Op]struct{} // made by the first Begin
	onEnd   []func()
	aborts  []func(js *jsg.Scope, reason error)
	aborted bool
	failed  error // a waitUntil promise was rejected
	// subrequests are those made so far, counted from any goroutine.
	subrequests atomic.Int64
	era         atomic.Pointer[isolate.Era]
}

// Frame is the async frame of all code run for an event: it travels through
// promises, timers and operations. Frames are immutable; change one by copying.
type Frame struct {
	IO *Context
	// Span is the trace span that what happens now belongs to.
	Span trace.Span
	// Section is the critical section (blockConcurrencyWhile) the code runs in.
	Section any
	// Locals are the values of AsyncLocalStorage instances.
	Locals map[any]jsg.Value
}

// With is a copy of the frame with another async-local value.
func (f *Frame) With(key any, v jsg.Value) *Frame {
	c := *f
	c.Locals = maps.Clone(f.Locals)
	if c.Locals == nil {
		c.Locals = map[any]jsg.Value{}
	}
	c.Locals[key] = v
	return &c
}

// account is what the contexts of one isolate share.
type account struct {
	pending int
	waiting map[*wait]struct{}
}

type wait struct {
	c    *Context
	fail func(js *jsg.Scope, err error)
}

var accounts = jsg.NewLocal[*account]()

// Install prepares an isolate; it belongs into isolate.Options.Install.
func Install(js *jsg.Scope) {
	acc := &account{waiting: map[*wait]struct{}{}}
	accounts.Set(js, acc)
	isolate.Of(js).Watch(acc.detectHang)
}

// detectHang runs after each turn: if nothing in the isolate is pending, no
// promise that somebody waits for can settle any more.
func (acc *account) detectHang(js *jsg.Scope) {
	if acc.pending > 0 || len(acc.waiting) == 0 {
		return
	}
	for w := range acc.waiting {
		delete(acc.waiting, w)
		w.fail(js, ErrHung)
	}
}

// New starts a context that the caller holds once. It ends early with parent, or
// with the isolate where nothing cancels parent.
func New(iso *isolate.Isolate, parent context.Context, info Info) *Context {
	if parent.Done() == nil {
		parent = iso.Context()
	}
	c := &Context{Info: info, iso: iso, holds: 1}
	c.era.Store(iso.Era())
	c.parent = event{isolate.NoErrand(parent), c}
	c.ctx, c.cancel = context.WithCancelCause(&c.parent)
	return c
}

// Current is the context of the code now running, nil at global scope.
func Current(js *jsg.Scope) *Context {
	if f, ok := js.Frame().(*Frame); ok {
		return f.IO
	}
	return nil
}

// CurrentFrame is the frame of the code now running, never nil.
func CurrentFrame(js *jsg.Scope) *Frame {
	if f, ok := js.Frame().(*Frame); ok {
		return f
	}
	return &Frame{}
}

// Require is Current, or the error that I/O at global scope gets.
func Require(js *jsg.Scope) (*Context, error) {
	if c := Current(js); c != nil {
		return c, nil
	}
	return nil, jsg.Errorf("Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and generating random values are not allowed within global scope. To fix this error, perform this operation within a handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/")
}

// Isolate is where the context lives.
func (c *Context) Isolate() *isolate.Isolate { return c.iso }

// Context ends when the event is over or was cancelled. Safe anywhere.
func (c *Context) Context() context.Context { return c.ctx }

// Hold keeps the context alive until the matching Release: a response body
// still streaming, an open socket, a waitUntil promise.
func (c *Context) Hold() { c.holds++ }

// Release undoes one Hold; the last one ends the context, which drops its
// pending operations and timers.
func (c *Context) Release() {
	c.holds--
	if c.holds <= 0 {
		c.End()
	}
}

// End ends the context whatever still holds it: a Durable Object is dropped
// with its timers, operations and sockets.
func (c *Context) End() {
	if c.ended {
		return
	}
	c.ended = true
	c.cancel(context.Canceled)
	for op := range c.ops {
		op.drop()
		if op.lost != nil {
			op.lost()
		}
	}
	for _, f := range c.onEnd {
		f()
	}
	c.onEnd = nil
}

// Revoke ends the context whatever still holds it; promises that are awaited in
// it fail with err.
func (c *Context) Revoke(js *jsg.Scope, err error) {
	if c.ended {
		return
	}
	for w := range accounts.Get(js).waiting {
		if w.c == c {
			w.fail(js, err)
		}
	}
	c.End()
}

// Keep lets the event go on in the next era of its isolate.
func (c *Context) Keep() { c.era.Store(c.iso.Era()) }

// Revoked is why nothing may come of ctx any more: it is that of an event, over
// or not, of an era that is over.
func Revoked(ctx context.Context) error {
	if c, ok := ctx.Value(eventKey{}).(*Context); ok {
		return c.era.Load().Over()
	}
	return nil
}

type eventKey struct{}

// event is a context.Context that knows the event it belongs to: what
// context.WithValue gives, inside the Context itself, since every event has one.
type event struct {
	context.Context
	of *Context
}

func (e *event) Value(key any) any {
	if key == (eventKey{}) {
		return e.of
	}
	return e.Context.Value(key)
}

// Busy tells how many operations are pending and how many Holds there are,
// the first one included.
func (c *Context) Busy() (ops, holds int) { return len(c.ops), c.holds }

// DropOps drops the pending operations without ending the context, and tells
// how many there were.
func (c *Context) DropOps() int {
	n := len(c.ops)
	for op := range c.ops {
		op.Drop()
		if op.lost != nil {
			op.lost()
		}
	}
	return n
}

// OnEnd runs f on the isolate's goroutine when the context ends.
func (c *Context) OnEnd(f func()) {
	if c.ended {
		f()
		return
	}
	c.onEnd = append(c.onEnd, f)
}

// WaitUntil keeps the context alive until p settles; a rejection is reported
// as an uncaught error.
func (c *Context) WaitUntil(js *jsg.Scope, p jsg.Value) {
	c.Hold()
	js.Then(p, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		c.Release()
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		thrown := jsg.Thrown(reason)
		if c.failed == nil {
			c.failed = thrown
		}
		isolate.ReportUncaught(js, thrown)
		c.Release()
		return jsg.Undefined, nil
	})
}

// Failed is what the first waitUntil promise that was rejected was rejected with.
func (c *Context) Failed() error { return c.failed }

// Abort tells the event's code that the client is gone: listeners (the
// request's AbortSignal) run; operations go on only if waitUntil or another
// Hold needs them.
func (c *Context) Abort(js *jsg.Scope, reason error) {
	if c.aborted || c.ended {
		return
	}
	c.aborted = true
	for _, f := range c.aborts {
		f(js, reason)
	}
}

// OnAbort registers a listener for Abort.
func (c *Context) OnAbort(f func(js *jsg.Scope, reason error)) { c.aborts = append(c.aborts, f) }

// Await waits for v, usually the promise a handler returned, and calls done
// once: with its result, with what it was rejected with, or with ErrHung when
// nothing pending can settle it any more.
func (c *Context) Await(js *jsg.Scope, v jsg.Value, done func(js *jsg.Scope, v jsg.Value, err error)) {
	switch state, result := jsg.Settled(v); state {
	case jsg.Fulfilled:
		done(js, result, nil)
		return
	case jsg.NotPromise:
		if o, ok := jsg.IsObject(v); !ok || !hasThen(js, o) {
			done(js, v, nil)
			return
		}
	}
	acc := accounts.Get(js)
	frame := js.Frame()
	w := &wait{c: c}
	finished := false
	finish := func(js *jsg.Scope, v jsg.Value, err error) {
		if finished {
			return
		}
		finished = true
		delete(acc.waiting, w)
		done(js, v, err)
	}
	w.fail = func(js *jsg.Scope, err error) { js.WithFrame(frame, func() { finish(js, nil, err) }) }
	acc.waiting[w] = struct{}{}
	js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		finish(js, v, nil)
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		finish(js, nil, jsg.Thrown(reason))
		return jsg.Undefined, nil
	})
}

func hasThen(js *jsg.Scope, o *jsg.Object) bool {
	then, err := js.Get(o, "then")
	return err == nil && jsg.IsFunction(then)
}

// Output runs send when the output gate lets it: at once for a stateless
// worker, after the commit of what was written for a Durable Object.
func (c *Context) Output(send func()) {
	if c.Gate == nil {
		send()
		return
	}
	c.Gate.Output(send)
}

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
	op.acc.pending++
	if c.ops == nil {
		c.ops = map[*Op]struct{}{}
	}
	c.ops[op] = struct{}{}
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
	op.acc.pending--
	delete(op.c.ops, op)
	if op.timer != nil {
		op.timer.Stop()
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

// DefaultSubrequests is how many subrequests an event may make where the
// configuration sets no limit: that of the paid plan.
const DefaultSubrequests = 10_000

var subrequestLimits = jsg.NewLocal[int64]()

// LimitSubrequests sets the limit of an isolate's events; 0 is the default.
func LimitSubrequests(js *jsg.Scope, n int) { subrequestLimits.Set(js, int64(n)) }

// Subrequest counts a request to another service, a fetch and each of its
// redirects as well as a call of a storage binding. From the limit on each
// fails. The returned function counts further ones, from any goroutine.
func (c *Context) Subrequest(js *jsg.Scope) (more func() error, err error) {
	limit := subrequestLimits.Get(js)
	if limit == 0 {
		limit = DefaultSubrequests
	}
	more = func() error {
		if c.subrequests.Add(1) > limit {
			return jsg.Errorf("Too many subrequests by single Worker invocation. To configure this limit, refer to https://developers.cloudflare.com/workers/wrangler/configuration/#limits")
		}
		return nil
	}
	return more, more()
}

// NewEvent begins the count of subrequests anew, for contexts that outlive an
// event as those of Durable Objects do.
func (c *Context) NewEvent(info Info) {
	c.Info = info
	c.subrequests.Store(0)
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

var outbounds = jsg.NewLocal[wire.Fetcher]()

// SetOutbound says where the global fetch of an isolate goes.
func SetOutbound(js *jsg.Scope, f wire.Fetcher) { outbounds.Set(js, f) }

// Outbound is where the global fetch goes.
func Outbound(js *jsg.Scope) wire.Fetcher {
	if f := outbounds.Get(js); f != nil {
		return f
	}
	return wire.FetcherFunc(func(context.Context, *wire.Request) (*wire.Response, error) {
		return nil, jsg.Errorf("This worker has no access to the network.")
	})
}
