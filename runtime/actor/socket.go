package actor

import (
	"container/list"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Socket is a WebSocket the object accepted with acceptWebSocket: its messages
// are events of the object, and it stays open while the object hibernates.
type Socket struct {
	object *Object
	place  *list.Element
	wire   *wire.Socket
	tags   []string
	autoAt atomic.Int64 // last automatic answer, nanoseconds

	// State is what the surface keeps across hibernation, Live what belongs to
	// the instance; the surface makes it anew when it is nil.
	State, Live any
}

// AutoResponse answers a message without waking the object.
type AutoResponse struct{ Request, Response string }

// SetAutoResponse sets or, with nil, removes the automatic answer.
func (in *Instance) SetAutoResponse(a *AutoResponse) { in.object.auto.Store(a) }

// AutoResponse is the automatic answer, nil if there is none.
func (in *Instance) AutoResponse() *AutoResponse { return in.object.auto.Load() }

// Tags are what the socket was accepted with.
func (s *Socket) Tags() []string { return s.tags }

// AutoAt is when the socket last got an automatic answer; zero for never.
func (s *Socket) AutoAt() time.Time {
	if n := s.autoAt.Load(); n != 0 {
		return time.Unix(0, n)
	}
	return time.Time{}
}

// Accept takes a socket over.
func (in *Instance) Accept(w *wire.Socket, tags []string, state, live any) (*Socket, error) {
	o := in.object
	s := &Socket{object: o, wire: w, tags: tags, State: state, Live: live}
	o.mu.Lock()
	if o.sockets.Len() >= maxSockets {
		o.mu.Unlock()
		return nil, jsg.Errorf("only %d websockets can be accepted on a single Durable Object instance", maxSockets)
	}
	s.place = o.sockets.PushFront(s)
	o.mu.Unlock()
	o.ns.emit(trace.Socket, o, "accepted", nil)
	w.Attach(s)
	return s, nil
}

// Sockets are the accepted sockets with a tag ("" with all set for every one),
// newest first.
func (in *Instance) Sockets(tag string, all bool) (out []*Socket) {
	o := in.object
	o.mu.Lock()
	defer o.mu.Unlock()
	if all {
		out = make([]*Socket, 0, o.sockets.Len())
	}
	for s := range o.each() {
		if all || slices.Contains(s.tags, tag) {
			out = append(out, s)
		}
	}
	return out
}

// each walks the sockets. The caller holds o.mu.
func (o *Object) each() iter.Seq[*Socket] {
	return func(yield func(*Socket) bool) {
		for e := o.sockets.Front(); e != nil; e = e.Next() {
			if !yield(e.Value.(*Socket)) {
				return
			}
		}
	}
}

// hibernateSockets forgets what belongs to an instance that ends.
func (o *Object) hibernateSockets() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for s := range o.each() {
		s.Live = nil
	}
}

// closeSockets breaks all connections.
func (o *Object) closeSockets(code int, reason string) {
	o.mu.Lock()
	var all []*Socket
	for s := range o.each() {
		s.place = nil
		all = append(all, s)
	}
	o.sockets.Init()
	o.forget()
	o.mu.Unlock()
	for _, s := range all {
		s.wire.Attach(nil)
		s.wire.Close(code, reason)
		o.ns.emit(trace.Socket, o, "closed", nil)
	}
}

func (o *Object) drop(s *Socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s.place != nil {
		o.sockets.Remove(s.place)
		s.place = nil
	}
}

func (s *Socket) dropped() bool {
	s.object.mu.Lock()
	defer s.object.mu.Unlock()
	return s.place == nil
}

// SocketMessage implements wire.SocketHandler, on the sender's goroutine.
func (s *Socket) SocketMessage(m wire.Message) {
	if a := s.object.auto.Load(); a != nil && m.Text && string(m.Data) == a.Request {
		s.autoAt.Store(s.object.ns.opts.Clock.Now().UnixNano())
		s.wire.Send(wire.Message{Text: true, Data: []byte(a.Response)})
		return
	}
	s.object.deliver(func(in *Instance, js *jsg.Scope) {
		in.socketEvent(js, s, "webSocketMessage", func(js *jsg.Scope) []jsg.Value {
			return []jsg.Value{in.object.ns.opts.Surface.Message(js, m)}
		}, nil)
	})
}

// SocketClose implements wire.SocketHandler.
func (s *Socket) SocketClose(code int, reason string) {
	clean := code != 1006
	if !clean && reason == "" {
		reason = "WebSocket disconnected without sending Close frame."
	}
	ok := s.object.deliver(func(in *Instance, js *jsg.Scope) {
		in.object.ns.opts.Surface.SocketClosed(s)
		in.socketEvent(js, s, "webSocketClose", func(js *jsg.Scope) []jsg.Value {
			return []jsg.Value{js.Int(int64(code)), js.String(reason), js.Bool(clean)}
		}, func(js *jsg.Scope) { in.AfterCommit(js, func(*jsg.Scope) { s.end() }) })
	})
	if !ok {
		s.end()
	}
}

// end drops a socket the other end has closed. One that the object does not
// close in turn ends abnormally, as on Cloudflare.
func (s *Socket) end() {
	s.object.drop(s)
	s.wire.Close(1006, "")
	s.object.ns.emit(trace.Socket, s.object, "closed", nil)
}

// socketEvent calls a handler with the socket and args. What it throws is
// reported and changes nothing for the connection.
func (in *Instance) socketEvent(js *jsg.Scope, s *Socket, name string, args func(js *jsg.Scope) []jsg.Value, then func(js *jsg.Scope)) {
	if s.dropped() { // with the instance before; what it was about is over
		in.unlease()
		return
	}
	ns := in.object.ns
	var span trace.Span
	var started time.Time
	traced := ns.opts.Trace.Active()
	if traced {
		span, started = trace.NewSpan(), ns.opts.Clock.Now()
	}
	ev := in.begin(js, iocontext.Info{}, span, func(js *jsg.Scope, _ jsg.Value, err error) {
		if err != nil && !replaced(in.failure.Load()) {
			isolate.ReportUncaught(js, err)
		}
		if traced {
			ns.event(in.object, name, span, started, err)
		}
		if then != nil && in.failure.Load() == nil {
			then(js)
		}
		in.unlease()
	})
	ev.run(js, func(js *jsg.Scope) (jsg.Value, error) {
		f, ok, err := in.handler(js, name)
		if err != nil || !ok {
			return jsg.Undefined, err
		}
		return js.Call(f, in.value, append([]jsg.Value{ns.opts.Surface.Socket(js, in, s)}, args(js)...)...)
	})
}

// event reports an event that was not a request.
func (ns *Namespace) event(o *Object, name string, span trace.Span, started time.Time, err error) {
	r := trace.Record{Kind: trace.Event, Span: span, Worker: ns.opts.Worker, Time: started, Name: name, Target: ns.opts.Class,
		Duration: ns.opts.Clock.Now().Sub(started), Attrs: attrs(o)}
	if err != nil {
		r.Error = err.Error()
	}
	ns.opts.Trace.Emit(r)
}
