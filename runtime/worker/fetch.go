package worker

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Fetch gives a request to the default export.
func (w *Worker) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return w.FetchEntrypoint(ctx, "default", nil, req)
}

// FetchEntrypoint gives a request to a named entrypoint with the props of the
// binding it came by. An error is a *ScriptError if the code threw, or ctx's.
func (w *Worker) FetchEntrypoint(ctx context.Context, entrypoint string, props Props, req *wire.Request) (*wire.Response, error) {
	return w.Serve(ctx, req, func(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
		return w.callFetch(js, c, entrypoint, props, request)
	})
}

// fetchEvent is one request on its way through a worker.
type fetchEvent struct {
	w    *Worker
	span trace.Span
	// errand is the caller's.
	errand *isolate.Errand
	c      *iocontext.Context
	over   bool // the event's own hold is released; isolate's goroutine only

	begun atomic.Bool

	mu        sync.Mutex
	abandoned bool // nobody waits for the answer any more
	answers   chan answer
}

type answer struct {
	resp *wire.Response
	err  error
}

// Serve runs handler as a fetch event and waits for its Response.
func (w *Worker) Serve(ctx context.Context, req *wire.Request, handler func(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error)) (*wire.Response, error) {
	if req.Span == 0 {
		req.Span = trace.NewSpan()
	}
	e := &fetchEvent{w: w, span: req.Span, answers: make(chan answer, 1), errand: isolate.ErrandOf(ctx)}
	_, err := w.Event(ctx, iocontext.Info{Zone: req.Zone, Hops: req.Hops, Calls: req.Calls, Entry: req.Entry}, req.Span, func(js *jsg.Scope, c *iocontext.Context) {
		e.c = c
		e.begun.Store(true)
		e.errand.Arrived()
		if err := cmp.Or(iocontext.Revoked(c.Context()), iocontext.Revoked(ctx)); err != nil { // while it waited for its turn
			e.fail(err)
			return
		}
		v, err := handler(js, c, fetch.WrapRequest(js, req))
		if err != nil {
			e.fail(err)
			return
		}
		c.Await(js, v, e.settled)
	})
	if err != nil {
		return nil, err
	}
	a, err := isolate.Await(ctx, w.iso, e.answers)
	switch {
	case err == nil:
		return e.deliver(ctx, a)
	case ctx.Err() != nil:
		e.disconnected()
		e.abandon()
		return nil, context.Cause(ctx)
	}
	return nil, e.lost()
}

// deliver hands the answer to the caller. A body that streams keeps the event
// open, and ends when the client goes away: whoever reads it may be waiting for
// bytes that never come.
func (e *fetchEvent) deliver(ctx context.Context, a answer) (*wire.Response, error) {
	if a.err != nil || a.resp.Body == nil || wire.InMemory(a.resp.Body) {
		return a.resp, a.err
	}
	body := &finishingBody{Body: a.resp.Body}
	stop := context.AfterFunc(ctx, func() {
		body.Body.Close()
		e.disconnected()
	})
	body.done = sync.OnceFunc(func() { stop(); e.end() })
	a.resp.Body = body
	return a.resp, nil
}

// lost is why an event has no answer whose isolate is gone: ErrDisposed if the
// event never began, so that another version can have it. One that began has
// read its body and done who knows what; it does not happen twice.
func (e *fetchEvent) lost() error {
	switch cause := e.w.iso.Cause(); {
	case !e.begun.Load():
		return isolate.ErrDisposed
	case cause == nil:
		return &ScriptError{Worker: e.w.opts.Name, Name: "Error", Message: e.w.iso.Lost().Message, Stopped: true}
	default:
		return e.w.scriptError(cause)
	}
}

// settled gets what the handler's promise came to.
func (e *fetchEvent) settled(js *jsg.Scope, v jsg.Value, err error) {
	if err == nil {
		err = e.respond(js, v)
	}
	if err != nil {
		e.fail(err)
	}
}

func (e *fetchEvent) fail(err error) {
	gone := e.over && errors.Is(err, iocontext.ErrHung)
	err = e.w.scriptError(err)
	if !gone { // after a disconnect nothing is left that could settle the answer
		e.w.report(e.span, err)
	}
	e.release()
	e.answer(answer{err: err})
}

// respond turns the handler's value into the answer. The event stays alive
// until its body has been read.
func (e *fetchEvent) respond(js *jsg.Scope, v jsg.Value) error {
	r, ok := fetch.ResponseOf(v)
	if !ok {
		return jsg.TypeErrorf("Incorrect type for Promise: the Promise did not resolve to 'Response'.")
	}
	resp, err := r.ToWire(js)
	if err != nil {
		return err
	}
	e.c.Output(func() {
		if resp.Body == nil || wire.InMemory(resp.Body) {
			e.release()
		}
		e.answer(answer{resp: resp})
	})
	return nil
}

// release ends the event as far as it is about the answer; waitUntil promises
// and open sockets may keep the context alive.
func (e *fetchEvent) release() {
	if !e.over {
		e.over = true
		e.c.Release()
	}
}

// end is release from any goroutine.
func (e *fetchEvent) end() { e.w.iso.Post(nil, func(*jsg.Scope) { e.release() }) }

// disconnected tells the event's code that nobody reads its answer any more,
// and drops what only the answer was for.
func (e *fetchEvent) disconnected() {
	e.w.iso.Post(nil, func(js *jsg.Scope) {
		js.WithFrame(&iocontext.Frame{IO: e.c, Span: e.span}, func() { e.c.Abort(js, context.Canceled) })
		e.release()
	})
}

// answer hands the answer over, or drops it if nobody waits.
func (e *fetchEvent) answer(a answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.abandoned {
		a.drop()
		return
	}
	e.errand.Answered()
	e.answers <- a
}

// abandon makes an answer that is there, or still comes, be dropped.
func (e *fetchEvent) abandon() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.abandoned = true
	select {
	case a := <-e.answers:
		a.drop()
	default:
	}
}

func (a answer) drop() {
	if a.resp == nil {
		return
	}
	if a.resp.Body != nil {
		a.resp.Body.Close()
	}
	if a.resp.WebSocket != nil {
		a.resp.WebSocket.Close(1006, "")
	}
}

// finishingBody calls done once when the body is closed.
type finishingBody struct {
	wire.Body
	done func()
}

func (b *finishingBody) Close() error {
	err := b.Body.Close()
	b.done()
	return err
}

// WriteTo keeps copy shortcuts of what is wrapped.
func (b *finishingBody) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, b.Body) }
