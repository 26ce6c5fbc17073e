package worker

import (
	"context"
	"io"
	"sync"

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
func (w *Worker) FetchEntrypoint(ctx context.Context, entrypoint string, props []byte, req *wire.Request) (*wire.Response, error) {
	return w.Serve(ctx, req, func(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
		return w.callFetch(js, c, entrypoint, props, request)
	})
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
	span := req.Span
	answers := make(chan answer, 1)
	c, err := w.Event(ctx, iocontext.Info{Zone: req.Zone, Hops: req.Hops}, span, func(js *jsg.Scope, c *iocontext.Context) {
		v, err := handler(js, c, fetch.WrapRequest(js, req))
		if err != nil {
			w.fail(c, span, err, answers)
			return
		}
		c.Await(js, v, func(js *jsg.Scope, v jsg.Value, err error) {
			if err != nil {
				w.fail(c, span, err, answers)
				return
			}
			w.respond(js, c, span, v, answers)
		})
	})
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { w.disconnected(c, span) })
	select {
	case a := <-answers:
		if a.err != nil || a.resp.Body == nil {
			stop()
			return a.resp, a.err
		}
		a.resp.Body = finishing(a.resp.Body, func() { stop() })
		return a.resp, nil
	case <-ctx.Done():
		go discard(answers)
		return nil, context.Cause(ctx)
	case <-w.iso.Done():
		stop()
		return nil, isolate.ErrDisposed
	}
}

// discard closes the body of an answer nobody waits for any more.
func discard(answers <-chan answer) {
	if a := <-answers; a.resp != nil && a.resp.Body != nil {
		a.resp.Body.Close()
	}
}

// disconnected tells the event's code that nobody reads its answer any more.
func (w *Worker) disconnected(c *iocontext.Context, span trace.Span) {
	frame := &iocontext.Frame{IO: c, Span: span}
	w.iso.Post(frame, func(js *jsg.Scope) { c.Abort(js, context.Canceled) })
}

func (w *Worker) fail(c *iocontext.Context, span trace.Span, err error, answers chan<- answer) {
	err = w.scriptError(err)
	w.report(span, err)
	c.Release()
	answers <- answer{err: err}
}

// respond turns the handler's value into the answer. The event stays alive
// until its body has been read.
func (w *Worker) respond(js *jsg.Scope, c *iocontext.Context, span trace.Span, v jsg.Value, answers chan<- answer) {
	r, ok := fetch.ResponseOf(v)
	if !ok {
		w.fail(c, span, jsg.TypeErrorf("Incorrect type for Promise: the Promise did not resolve to 'Response'."), answers)
		return
	}
	resp, err := r.ToWire(js)
	if err != nil {
		w.fail(c, span, err, answers)
		return
	}
	c.Output(func() {
		if _, inMemory := resp.Body.(*wire.BytesBody); resp.Body == nil || inMemory {
			c.Release()
		} else {
			resp.Body = finishing(resp.Body, func() { w.iso.Post(nil, func(*jsg.Scope) { c.Release() }) })
		}
		answers <- answer{resp: resp}
	})
}

// finishing calls done once when the body is closed.
func finishing(b wire.Body, done func()) wire.Body {
	if _, ok := b.(*wire.BytesBody); ok {
		done()
		return b
	}
	return &finishingBody{Body: b, done: sync.OnceFunc(done)}
}

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
