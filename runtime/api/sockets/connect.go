package sockets

import (
	"context"
	"errors"
	"strings"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// ConnectTo is connect() of a binding: a connection to the connect handler of
// what it leads to.
func ConnectTo(js *jsg.Scope, a *jsg.Args, target wire.Fetcher, binding string) (jsg.Value, error) {
	a.Describe("Fetcher", "connect")
	addr, o, err := connectArgs(a)
	if err != nil {
		return nil, err
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	if _, err := c.Subrequest(js); err != nil {
		return nil, err
	}
	s := newSocket(js, c, addr, o, newLink())
	iso := isolate.Of(js)
	record := trace.Record{Kind: trace.Subrequest, Span: trace.NewSpan(), Parent: s.frame.Span, Worker: iso.Name(),
		Name: "CONNECT " + addr.String(), Target: binding, Time: iso.Clock().Now()}
	out := &wire.Connection{Address: addr.String(), Zone: c.Zone, Hops: c.Hops, Calls: c.Invocations(), Entry: c.Entry, Span: record.Span}
	order := func() {
		if o.SecureTransport != "on" {
			target = inOrder(target)
		}
	}
	s.establish(js, order, func(ctx context.Context) (wire.Conn, error) {
		conn, err := reach(ctx, target, out, o)
		if err != nil {
			record.Error = err.Error()
		}
		record.Duration = iso.Clock().Now().Sub(record.Time)
		iso.Trace().Emit(record)
		return conn, err
	})
	return s.Wrap(js), nil
}

// inOrder takes a place in the line of targets that have one.
func inOrder(target wire.Fetcher) wire.Fetcher {
	if o, ok := target.(interface{ Order() wire.Fetcher }); ok {
		return o.Order()
	}
	return target
}

// reach gives the target one end of a new connection. Its reasons to refuse are
// not for the caller's code.
func reach(ctx context.Context, target wire.Fetcher, out *wire.Connection, o Options) (wire.Conn, error) {
	to, ok := target.(wire.Connector)
	switch {
	case o.SecureTransport == "on":
		return nil, errors.New("workers take no TLS connections")
	case !ok:
		return nil, errors.New("what is bound takes no connections")
	}
	conn := wire.NewConn(out)
	if err := to.Connect(ctx, out); err != nil {
		conn.Close()
		return nil, errors.New(err.Error())
	}
	return conn, nil
}

// Accept makes the socket of a connection that a handler is to get. gone is
// called in a turn when the client has given it up.
func Accept(js *jsg.Scope, in *wire.Connection, gone func(js *jsg.Scope)) (*Socket, error) {
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	l := newLink()
	l.settle(in.Conn, nil)
	host, _, _ := strings.Cut(in.Address, ":")
	// A client that has said all it had to say may still be listening.
	s := newSocket(js, c, Address{Host: host}, Options{SecureTransport: "off", AllowHalfOpen: true}, l)
	s.open(js, in.Client, in.Address)
	op := c.Begin(js) // while the client is there something may come of the event
	go func() {
		select {
		case <-in.Gone:
			op.Finish(func(js *jsg.Scope) {
				s.closing = true
				s.closed.Resolve(jsg.Undefined)
				gone(js)
			})
		case <-l.over:
			op.Finish(func(*jsg.Scope) {})
		}
	}()
	return s, nil
}

// End gives the connection up; what was written before still arrives.
func (s *Socket) End() { s.link.close(errClosed) }
