package actor

import (
	"context"

	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Connect implements wire.Connector: the object's connect() gets the connection,
// which ends when that is done.
func (t *Ticket) Connect(ctx context.Context, conn *wire.Connection) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	taken := make(chan error, 2) // the first is what became of it
	var socket *sockets.Socket
	ns, started := t.ref.ns, t.ref.ns.opts.Clock.Now()
	call := Call{
		Info: iocontext.Info{Zone: conn.Zone, Hops: conn.Hops, Calls: conn.Calls, Entry: conn.Entry}, Span: conn.Span,
		Run: func(js *jsg.Scope, in *Instance) (jsg.Value, error) {
			f, ok, err := in.handler(js, "connect")
			if err == nil && !ok {
				err = noHandler("connect")
			}
			if err == nil {
				socket, err = sockets.Accept(js, conn, func(*jsg.Scope) {})
			}
			if err != nil {
				return nil, err
			}
			isolate.ErrandOf(ctx).Answered()
			taken <- nil
			return js.Call(f, in.value, socket.Wrap(js))
		},
		Done: func(js *jsg.Scope, in *Instance, _ jsg.Value, err error) {
			if err != nil {
				isolate.ReportUncaught(js, err)
			}
			ns.event(in.object, "connect", conn.Span, started, err)
			if socket != nil {
				socket.End()
				return
			}
			taken <- err
		},
	}
	go func() {
		defer t.used()
		if err := t.ref.call(ctx, call, t.used); err != nil {
			taken <- err
		}
	}()
	return <-taken
}

// Connect gives a connection to the object.
func (r *Ref) Connect(ctx context.Context, conn *wire.Connection) error {
	return r.Ticket().Connect(ctx, conn)
}
