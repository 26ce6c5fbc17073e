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
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/ordered"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

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
	// Patient is set, before anything is begun, for an event that may wait for days
	// (a Workflow). What it waits for is no hope for other events, which can hang
	// meanwhile, and it has not hung itself while it waits for anything.
	Patient bool

	iso     *isolate.Isolate
	parent  event
	ctx     context.Context
	cancel  context.CancelCauseFunc
	holds   int
	ended   bool
	ops     ordered.Set[*Op]
	onEnd   []func()
	closing ordered.Set[*func()]
	aborts  []func(js *jsg.Scope, reason error)
	aborted bool
	failed  error // a waitUntil promise was rejected
	revoked error // what Revoke was called with
	// subrequests are those made so far, counted from any goroutine.
	subrequests atomic.Int64
	era         atomic.Pointer[isolate.Era]
}

// New starts a context that the caller holds once. It ends early with parent, or
// with the isolate where nothing cancels parent.
func New(iso *isolate.Isolate, parent context.Context, info Info) *Context {
	if parent.Done() == nil {
		parent = iso.Context()
	}
	iso.Begin()
	c := &Context{Info: info, iso: iso, holds: 1}
	c.era.Store(iso.Era())
	c.parent = event{isolate.NoErrand(parent), c}
	c.ctx, c.cancel = context.WithCancelCause(&c.parent)
	return c
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
func (c *Context) End() { c.Break(context.Canceled) }

// Break is End with a reason, which those get who read a stream of the event or
// wait for a call into it.
func (c *Context) Break(reason error) {
	if c.ended {
		return
	}
	c.ended = true
	c.cancel(reason)
	for _, op := range c.ops.Members() {
		op.lose()
	}
	for _, f := range c.onEnd {
		f()
	}
	for _, f := range c.closing.Members() {
		if c.closing.Has(f) { // not taken back by one before
			(*f)()
		}
	}
	c.onEnd, c.closing = nil, ordered.Set[*func()]{}
}

// Revoke ends the context whatever still holds it; promises that are awaited in
// it fail with err, also those that are awaited from now on.
func (c *Context) Revoke(js *jsg.Scope, err error) {
	if c.ended {
		return
	}
	c.revoked = err
	for _, w := range accounts.Get(js).waiting.Members() {
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
func (c *Context) Busy() (ops, holds int) { return c.ops.Len(), c.holds }

// OnEnd runs f on the isolate's goroutine when the context ends.
func (c *Context) OnEnd(f func()) {
	if c.ended {
		f()
		return
	}
	c.onEnd = append(c.onEnd, f)
}

// Closing is OnEnd for what may be over before, in an event that lasts, as that
// of a Durable Object does: remove forgets f.
func (c *Context) Closing(f func()) (remove func()) {
	if c.ended {
		f()
		return func() {}
	}
	c.closing.Add(&f)
	return func() { c.closing.Delete(&f) }
}

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

// Output runs send when the output gate lets it: at once for a stateless
// worker, after the commit of what was written for a Durable Object.
func (c *Context) Output(send func()) {
	if c.Gate == nil {
		send()
		return
	}
	c.Gate.Output(send)
}
