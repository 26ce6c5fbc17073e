// Package sockets is cloudflare:sockets: connect() and the sockets it makes,
// plain TCP, TLS from the start, or TLS later (STARTTLS); connect() of bindings
// to workers and Durable Objects; and the socket that connect handlers get.
//
// The streams of a socket are host streams: a read of JavaScript is a read of the
// connection, and a write settles when the system has taken the bytes, or the
// worker at the other end. Where connections go is the isolate's wire.Dialer,
// which --offline closes, or the binding's wire.Connector. Not emulated:
// connections to a hostname of the project, and internalNewHttpClient.
//
// Where the truth is:
// https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/, and error
// texts as observed on workerd.
package sockets

import (
	"context"
	"errors"
	"io"

	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Options are the SocketOptions of connect.
type Options struct {
	// SecureTransport is "off", "on" or "starttls".
	SecureTransport string
	// AllowHalfOpen keeps the socket open to writes when the peer has ended.
	AllowHalfOpen bool
}

// Socket is a Socket.
type Socket struct {
	jsg.Instance
	io                 *iocontext.Context
	frame              *iocontext.Frame
	addr               Address
	opts               Options
	isOpen             bool
	remote, local      string // what opened gave
	link               *link
	readable           *streams.ReadableStream
	writable           *streams.WritableStream
	opened, closed     *jsg.Resolver
	closing            bool
	upgraded, replaced bool
}

var socketClass = &jsg.Class[Socket]{Name: "Socket"}

// From is the brand check.
func From(v jsg.Value) (*Socket, bool) { return socketClass.From(v) }

// Wrap is the JavaScript object.
func (s *Socket) Wrap(js *jsg.Scope) *jsg.Object { return socketClass.Wrap(js, s) }

func init() {
	socketClass.Members = jsg.Members[Socket]{
		jsg.Getter("readable", func(s *Socket, js *jsg.Scope) (jsg.Value, error) { return s.readable.Wrap(js), nil }),
		jsg.Getter("writable", func(s *Socket, js *jsg.Scope) (jsg.Value, error) { return s.writable.Wrap(js), nil }),
		jsg.Getter("closed", func(s *Socket, js *jsg.Scope) (jsg.Value, error) { return s.closed.Promise(), nil }),
		jsg.Getter("opened", func(s *Socket, js *jsg.Scope) (jsg.Value, error) { return s.opened.Promise(), nil }),
		jsg.Getter("upgraded", func(s *Socket, js *jsg.Scope) (jsg.Value, error) { return js.Bool(s.upgraded), nil }),
		jsg.Getter("secureTransport", func(s *Socket, js *jsg.Scope) (jsg.Value, error) { return js.String(s.opts.SecureTransport), nil }),
		jsg.Async("close", 0, func(s *Socket, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return s.Close(js), nil }),
		jsg.Method("startTls", 0, (*Socket).startTLS),
	}
}

// Module is the namespace of cloudflare:sockets.
func Module(js *jsg.Scope) (*jsg.Object, error) {
	ns := js.NewObject()
	js.Define(ns, "connect", js.Func("connect", 2, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		a.Describe("SocketsModule", "connect")
		addr, o, err := connectArgs(a)
		if err != nil {
			return nil, err
		}
		s, err := Connect(js, addr, o)
		if err != nil {
			return nil, err
		}
		return s.Wrap(js), nil
	}))
	js.Define(ns, "internalNewHttpClient", js.Func("internalNewHttpClient", 1, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
		return nil, jsg.NotImplementedf("internalNewHttpClient", "use fetch or connect")
	}))
	return ns, nil
}

// connectArgs are the arguments of connect().
func connectArgs(a *jsg.Args) (addr Address, o Options, err error) {
	if addr, err = addressArg(a); err == nil {
		o, err = optionsArg(a)
	}
	return addr, o, err
}

// Connect begins to connect; what goes wrong rejects the socket's promises.
func Connect(js *jsg.Scope, addr Address, o Options) (*Socket, error) {
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	s := newSocket(js, c, addr, o, newLink())
	dialer, ok := iocontext.Outbound(js).(wire.Dialer)
	dial := dialing(js, addr, dialer)
	s.establish(js, func() {}, func(ctx context.Context) (wire.Conn, error) {
		if !ok {
			return nil, errNetwork
		}
		nc, err := dial(ctx)
		if err != nil {
			return nil, err
		}
		if o.SecureTransport != "on" {
			return nc.(wire.Conn), nil
		}
		tc := dialer.TLS(nc, addr.Host)
		if err := tc.HandshakeContext(ctx); err != nil {
			nc.Close()
			return nil, err
		}
		return tc, nil
	})
	return s, nil
}

var errNetwork = errors.New("this worker has no access to the network")

func newSocket(js *jsg.Scope, c *iocontext.Context, addr Address, o Options, l *link) *Socket {
	s := &Socket{io: c, frame: iocontext.CurrentFrame(js), addr: addr, opts: o, link: l, opened: js.NewPromise(), closed: js.NewPromise()}
	js.MarkHandled(s.opened.Promise())
	js.MarkHandled(s.closed.Promise())
	s.readable = streams.FromBody(js, &reader{l, s})
	s.writable = streams.NewWritable(js, &writer{l})
	l.forget = context.AfterFunc(c.Context(), func() { l.close(context.Canceled) })
	return s
}

// establish runs connect, once the output gate lets it, and settles opened. order
// is called just then, for those who take a place in a line.
func (s *Socket) establish(js *jsg.Scope, order func(), connect func(ctx context.Context) (wire.Conn, error)) {
	op := s.io.Begin(js)
	s.io.Output(func() {
		order()
		ctx, errand := s.io.Isolate().Errand(s.io.Context())
		go func() {
			defer errand.Done()
			c, err := connect(ctx)
			if err != nil {
				err = s.connectError(err)
			}
			s.link.settle(c, err)
			op.Finish(func(js *jsg.Scope) {
				if err != nil {
					s.readable.OwnerGone()
					s.opened.Reject(js, err)
					s.closed.Reject(js, err)
					return
				}
				s.upgraded = s.opts.SecureTransport == "on" && s.replaced
				s.open(js, s.addr.String(), "")
			})
		}()
	})
}

// open resolves opened.
func (s *Socket) open(js *jsg.Scope, remote, local string) {
	optional := func(v string) jsg.Value {
		if v == "" {
			return jsg.Undefined
		}
		return js.String(v)
	}
	s.isOpen, s.remote, s.local = true, remote, local
	s.opened.Resolve(js.Record("remoteAddress", optional(remote), "localAddress", optional(local)))
}

// connectError is what JavaScript is told; the reason is there for people.
func (s *Socket) connectError(err error) error {
	var mine *jsg.Error
	if errors.As(err, &mine) {
		return mine
	}
	text := "proxy request failed, cannot connect to the specified address"
	if s.addr.Port == 80 || s.addr.Port == 443 {
		text += ". It looks like you might be trying to connect to a HTTP-based service — consider using fetch instead"
	}
	return &jsg.Error{Name: "Error", Message: text, Props: jsg.Props{{Name: "reason", Value: err.Error()}}, Cause: err}
}

// Close ends the socket once what was written before has left.
func (s *Socket) Close(js *jsg.Scope) jsg.Value {
	s.readable.OwnerCloses()
	return s.close(js, s.writable.FinishForOwner)
}

func (s *Socket) close(js *jsg.Scope, finish func(js *jsg.Scope) jsg.Value) jsg.Value {
	if s.closing {
		return js.Resolved(jsg.Undefined)
	}
	s.closing = true
	s.link.refuse()
	r := js.NewPromise()
	done := func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
		s.link.close(errClosed)
		s.closed.Resolve(jsg.Undefined)
		r.Resolve(jsg.Undefined)
		return jsg.Undefined, nil
	}
	js.Then(finish(js), done, done)
	return r.Promise()
}

// ended is called from any goroutine when the peer has ended, or the connection
// was lost.
func (s *Socket) ended(lost bool) {
	s.io.Post(s.frame, func(js *jsg.Scope) {
		if s.closing || s.replaced || s.opts.AllowHalfOpen && !lost {
			return
		}
		if lost {
			s.closing = true
			s.closed.Resolve(jsg.Undefined)
			return
		}
		s.close(js, s.writable.Finish)
	})
}

func (s *Socket) startTLS(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	host := a.DictNamed(0, "TlsOptions").String("expectedServerHostname", s.addr.Host)
	if err := a.Err(); err != nil {
		return nil, err
	}
	t, err := s.StartTLS(js, host)
	if err != nil {
		return nil, err
	}
	return t.Wrap(js), nil
}

// StartTLS gives the connection to a new socket that speaks TLS.
func (s *Socket) StartTLS(js *jsg.Scope, host string) (*Socket, error) {
	switch {
	case s.opts.SecureTransport == "on":
		return nil, jsg.TypeErrorf("Cannot startTls on a TLS socket.")
	case s.opts.SecureTransport != "starttls":
		return nil, jsg.TypeErrorf("The `secureTransport` socket option must be set to 'starttls' for startTls to be used.")
	case s.replaced:
		return nil, jsg.TypeErrorf("startTls has already been called on this socket, or the socket was transferred over RPC.")
	case s.closing:
		return nil, jsg.TypeErrorf("The connection was closed before startTls could be started.")
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	dialer, ok := iocontext.Outbound(js).(wire.Dialer)
	if !ok {
		return nil, jsg.Errorf("This worker has no access to the network.")
	}
	s.replaced = true
	o := s.opts
	o.SecureTransport = "on"
	t := newSocket(js, c, s.addr, o, newLink())
	old := s.link
	t.establish(js, func() {}, func(ctx context.Context) (wire.Conn, error) {
		plain, err := old.release()
		if err != nil {
			return nil, err
		}
		tc := dialer.TLS(plain, host)
		if err := tc.HandshakeContext(ctx); err != nil {
			plain.Close()
			return nil, err
		}
		return tc, nil
	})
	s.closed.Resolve(jsg.Undefined)
	js.Then(t.opened.Promise(), func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
		s.upgraded = true
		return jsg.Undefined, nil
	}, func(*jsg.Scope, jsg.Value) (jsg.Value, error) { return jsg.Undefined, nil })
	return t, nil
}

// reader is the readable side as a body.
type reader struct {
	*link
	s *Socket
}

// Len implements wire.Body.
func (r *reader) Len() int64 { return -1 }

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if r.refused() {
		return 0, errClosed
	}
	c, err := r.connected()
	if err != nil && r.failed() {
		return 0, errFailed
	} else if err != nil {
		return 0, io.EOF
	}
	n, err := r.read(c, p)
	switch {
	case r.refused() && !r.released(): // also for what the peer says to the close
		return 0, errClosed
	case err == nil || n > 0:
		return n, nil
	case r.released():
		return 0, io.EOF
	case errors.Is(err, io.EOF):
		r.s.ended(false)
		return 0, io.EOF
	}
	err = lost(err)
	r.link.close(err)
	r.s.ended(true)
	return 0, err
}

// Close implements io.Closer. A reader that gives up ends the socket, unless it
// has reached the end.
func (r *reader) Close() error { return nil }

// Cancel implements wire.Canceler.
func (r *reader) Cancel(error) {
	r.s.io.Post(r.s.frame, func(js *jsg.Scope) {
		if !r.s.replaced {
			r.s.Close(js)
		}
	})
}

// writer is the writable side.
type writer struct{ *link }

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	c, err := w.connected()
	if err != nil {
		return 0, err
	}
	n, err := c.Write(p)
	if err != nil && w.refused() {
		err = errClosed
	} else if err != nil {
		err = lost(err)
	}
	return n, err
}

// Close implements streams.Sink: the peer is told that no more comes.
func (w *writer) Close() error {
	c, err := w.connected()
	if err != nil {
		return err
	}
	if c.CloseWrite() != nil && !w.refused() {
		return errLost
	}
	return nil
}

// Abort implements streams.Sink.
func (w *writer) Abort(reason error) { w.link.close(errClosed) }
