package sockets

import (
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// A socket can be passed on in a call: the connection goes to the receiver, the
// sender's socket is of no use afterwards.
var _ = clone.Register("Socket", send, receive)

// passed is a socket on its way.
type passed struct {
	conn          wire.Conn
	addr          Address
	opts          Options
	remote, local string
}

// Close implements io.Closer: nobody will take it.
func (p *passed) Close() error { return p.conn.Close() }

func send(s *Socket, _ *jsg.Scope, e *clone.Encoder) error {
	switch {
	case !e.Live():
		return e.Cap("Socket", nil)
	case s.link.failed():
		return jsg.DOMErrorf("DataCloneError", "A Socket whose connection failed cannot be serialized.")
	case !s.isOpen:
		return jsg.DOMErrorf("DataCloneError", "A Socket can only be serialized after it has opened. Await `socket.opened` before transferring the socket over RPC.")
	case s.writable.Locked():
		return jsg.TypeErrorf("This WritableStream is currently locked to a writer.")
	case s.readable.Locked():
		return jsg.TypeErrorf("This ReadableStream is currently locked to a reader.")
	case s.closing || s.replaced || s.readable.Disturbed():
		return jsg.TypeErrorf("This ReadableStream is disturbed.")
	}
	conn, err := s.link.take()
	if err != nil {
		return err
	}
	s.replaced = true
	return e.Cap("Socket", &passed{conn, s.addr, s.opts, s.remote, s.local})
}

func receive(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	p, ok := d.Cap().(*passed)
	if !ok {
		return nil, d.Err()
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	l := newLink()
	l.settle(p.conn, nil)
	s := newSocket(js, c, p.addr, p.opts, l)
	s.upgraded = p.opts.SecureTransport == "on"
	s.open(js, p.remote, p.local)
	return s.Wrap(js), nil
}
