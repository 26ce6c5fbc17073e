package worker

import (
	"cmp"
	"context"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// connectEvent is one connection in the hands of a worker. All but Connect's end
// of taken belongs to the isolate's goroutine.
type connectEvent struct {
	w      *Worker
	c      *iocontext.Context
	record trace.Record
	conn   *wire.Connection
	socket *sockets.Socket // nil until there is a handler
	errand *isolate.Errand
	taken  chan error // what became of it: it has a handler, or why not
	over   bool
}

// ConnectEntrypoint gives a connection to the connect handler of an entrypoint
// and returns when that has it. Afterwards nobody waits for the handler: what it
// throws is reported, and when it is done the connection ends. If the client
// gives up first the event is over, but for its waitUntil promises.
func (w *Worker) ConnectEntrypoint(ctx context.Context, entrypoint string, props Props, conn *wire.Connection) error {
	span := cmp.Or(conn.Span, trace.NewSpan())
	e := &connectEvent{w: w, conn: conn, errand: isolate.ErrandOf(ctx), taken: make(chan error, 1),
		record: trace.Record{Kind: trace.Event, Span: span, Worker: w.opts.Name, Time: w.opts.Clock.Now(), Name: "connect", Target: conn.Address}}
	_, err := w.Event(ctx, iocontext.Info{Zone: conn.Zone, Hops: conn.Hops, Calls: conn.Calls, Entry: conn.Entry}, span, func(js *jsg.Scope, c *iocontext.Context) {
		e.c = c
		e.errand.Arrived()
		if err := cmp.Or(iocontext.Revoked(c.Context()), iocontext.Revoked(ctx)); err != nil {
			e.end(err)
			return
		}
		e.run(js, entrypoint, props)
	})
	if err != nil {
		return err
	}
	failed, err := isolate.Await(ctx, w.iso, e.taken)
	return cmp.Or(err, failed)
}

func (e *connectEvent) run(js *jsg.Scope, entrypoint string, props Props) {
	if e.w.opts.ServiceWorker {
		e.end(jsg.Errorf("Received a connect event but we lack a handler. Did you remember to export a connect() function?"))
		return
	}
	call, err := e.w.handler(js, entrypoint, props, "connect")
	if err == nil {
		e.socket, err = sockets.Accept(js, e.conn, e.disconnected)
	}
	if err != nil {
		e.end(err)
		return
	}
	e.errand.Answered()
	e.taken <- nil
	v, err := call(e.socket.Wrap(js))
	if err != nil {
		e.end(err)
		return
	}
	e.c.Await(js, v, func(_ *jsg.Scope, _ jsg.Value, err error) { e.end(err) })
}

// disconnected tells the event's code that its client is gone, and drops what
// only the connection was for.
func (e *connectEvent) disconnected(js *jsg.Scope) {
	e.c.Abort(js, context.Canceled)
	e.end(nil)
}

func (e *connectEvent) end(err error) {
	if e.over {
		return
	}
	e.over = true
	if err != nil {
		err = e.w.scriptError(err)
		e.w.report(e.record.Span, err)
		e.record.Error = err.Error()
	}
	if e.socket != nil {
		e.socket.End()
	} else {
		e.errand.Answered()
		e.taken <- err
	}
	e.c.OnEnd(func() {
		e.record.Duration = e.w.opts.Clock.Now().Sub(e.record.Time)
		e.w.opts.Trace.Emit(e.record)
	})
	e.c.Release()
}
