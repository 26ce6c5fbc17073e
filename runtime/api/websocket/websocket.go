// Package websocket emulates WebSocket and WebSocketPair. The transport is a
// wire.Socket: the two ends of a pair, a network connection, and the far end of
// a service binding look the same, and none adds a copy.
//
// Opening handshakes are not here: the server (runtime/server) accepts them, and
// outgoing ones are fetches with an Upgrade header.
//
// Where the truth is: https://websockets.spec.whatwg.org/ and
// https://developers.cloudflare.com/workers/runtime-apis/websockets/.
package websocket

import (
	"context"

	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// readyState values.
const (
	Connecting = 0
	Open       = 1
	Closing    = 2
	Closed     = 3
)

// State is what of a WebSocket outlives its JavaScript object: a hibernating
// Durable Object drops the object and keeps the State. It is touched on one
// isolate's goroutine at a time.
type State struct {
	Socket *wire.Socket
	// Attachment is what serializeAttachment stored.
	Attachment []byte
	// URL, Protocol and Extensions are set on client sockets.
	URL, Protocol, Extensions string
	// CloseSent and CloseReceived tell which directions are closed.
	CloseSent, CloseReceived bool
	// Owner is the record of whoever holds the State.
	Owner any
}

// WebSocket is the Go side of a WebSocket object.
type WebSocket struct {
	events.Target
	*State
	binaryType string
	accepted   bool // accept() or a Durable Object's acceptWebSocket
	owned      bool // by a Durable Object, which delivers its events
	taken      bool // handed on in a Response
	connecting bool
	halfOpen   bool          // a close is answered by the program only
	op         *iocontext.Op // pending while events can still arrive
	unwatch    func() bool   // while op is there: the isolate's end
	io         *iocontext.Context
}

var socketClass = &jsg.Class[WebSocket]{Name: "WebSocket", Parent: events.TargetClass(), Upcast: func(w *WebSocket) any { return &w.Target }}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{socketClass, pairClass, pairResponseClass} }

// From is the brand check.
func From(v jsg.Value) (*WebSocket, bool) { return socketClass.From(v) }

// FromWire makes a WebSocket over one end.
func FromWire(s *wire.Socket) *WebSocket { return &WebSocket{State: &State{Socket: s}} }

// FromState makes the object of a socket that outlived its last one. It is
// accepted already; whoever holds the State delivers its events.
func FromState(s *State) *WebSocket { return &WebSocket{State: s, accepted: true, owned: true} }

// Wrap gives the socket its JavaScript object.
func (w *WebSocket) Wrap(js *jsg.Scope) *jsg.Object { return socketClass.Wrap(js, w) }

// Take hands the end over to a Response that is being returned.
func (w *WebSocket) Take() (*wire.Socket, error) {
	if w.accepted {
		return nil, jsg.TypeErrorf("Can't return WebSocket in a Response after calling accept().")
	}
	if w.taken {
		return nil, jsg.TypeErrorf("Can't return WebSocket that was already used in a response.")
	}
	w.taken = true
	return w.Socket, nil
}

// Accept takes the end over for a Durable Object that delivers its events.
func (w *WebSocket) Accept() error {
	if w.taken {
		return jsg.TypeErrorf("Tried to acceptWebSocket() on a WebSocket that was already used in a response.")
	}
	if w.accepted {
		return jsg.Errorf("Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`")
	}
	w.accepted, w.owned = true, true
	return nil
}

func init() {
	str := func(name string, get func(*WebSocket) string) jsg.Member[WebSocket] {
		return jsg.Getter(name, func(w *WebSocket, js *jsg.Scope) (jsg.Value, error) {
			if s := get(w); s != "" {
				return js.String(s), nil
			}
			return jsg.Null, nil
		})
	}
	socketClass.New = connect
	socketClass.Members = jsg.Members[WebSocket]{
		jsg.Const[WebSocket]("READY_STATE_CONNECTING", Connecting), jsg.Const[WebSocket]("CONNECTING", Connecting),
		jsg.Const[WebSocket]("READY_STATE_OPEN", Open), jsg.Const[WebSocket]("OPEN", Open),
		jsg.Const[WebSocket]("READY_STATE_CLOSING", Closing), jsg.Const[WebSocket]("CLOSING", Closing),
		jsg.Const[WebSocket]("READY_STATE_CLOSED", Closed), jsg.Const[WebSocket]("CLOSED", Closed),
		jsg.Method("accept", 0, (*WebSocket).accept),
		jsg.Method("send", 1, (*WebSocket).send),
		jsg.Method("close", 0, (*WebSocket).close),
		jsg.Method("serializeAttachment", 1, (*WebSocket).serializeAttachment),
		jsg.Method("deserializeAttachment", 0, (*WebSocket).deserializeAttachment),
		jsg.Getter("readyState", func(w *WebSocket, js *jsg.Scope) (jsg.Value, error) { return js.Int(int64(w.readyState())), nil }),
		str("url", func(w *WebSocket) string { return w.URL }),
		jsg.Getter("protocol", func(w *WebSocket, js *jsg.Scope) (jsg.Value, error) {
			if w.Protocol == "" && w.URL != "" && w.Socket != nil { // the server chose none
				return jsg.Null, nil
			}
			return js.String(w.Protocol), nil
		}),
		jsg.Getter("extensions", func(w *WebSocket, js *jsg.Scope) (jsg.Value, error) { return js.String(w.Extensions), nil }),
		jsg.Getter("bufferedAmount", func(w *WebSocket, js *jsg.Scope) (jsg.Value, error) {
			if w.Socket == nil {
				return js.Int(0), nil
			}
			return js.Int(int64(w.Socket.Buffered())), nil
		}),
		jsg.Accessor("binaryType", func(w *WebSocket, js *jsg.Scope) (jsg.Value, error) { return js.String(w.binary(js)), nil },
			func(w *WebSocket, js *jsg.Scope, v jsg.Value) error {
				if s := v.String(); s == "blob" || s == "arraybuffer" {
					w.binaryType = s
				}
				return nil
			}),
	}
}

func (w *WebSocket) binary(js *jsg.Scope) string {
	if w.binaryType != "" {
		return w.binaryType
	}
	if js.Flag("websocket_standard_binary_type") {
		return "blob"
	}
	return "arraybuffer"
}

func (w *WebSocket) readyState() int {
	switch {
	case w.connecting:
		return Connecting
	case w.CloseSent && w.CloseReceived, w.Socket == nil:
		return Closed
	case w.CloseSent, w.CloseReceived:
		return Closing
	}
	return Open
}

func (w *WebSocket) accept(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	halfOpen := a.DictNamed(0, "AcceptOptions").Bool("allowHalfOpen", false)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if w.taken {
		return nil, jsg.TypeErrorf("Can't accept() WebSocket that was already used in a response.")
	}
	if w.owned {
		return nil, jsg.TypeErrorf("Can't accept() WebSocket after enabling hibernation.")
	}
	if w.accepted {
		return jsg.Undefined, nil
	}
	w.halfOpen = halfOpen
	if err := w.listen(js); err != nil {
		return nil, err
	}
	return jsg.Undefined, nil
}

// listen makes events of this end arrive in the current context.
func (w *WebSocket) listen(js *jsg.Scope) error {
	c, err := iocontext.Require(js)
	if err != nil {
		return err
	}
	w.accepted, w.io = true, c
	c.Hold()
	w.op = c.Begin(js)
	w.op.OnLost(w.lost)
	socket := w.Socket
	w.unwatch = context.AfterFunc(c.Isolate().Context(), func() { // no turn is left to say so in
		socket.Attach(nil)
		socket.Close(1006, "")
	})
	w.Socket.Attach(&listener{w: w, c: c, frame: iocontext.CurrentFrame(js)})
	return nil
}

// listener brings what the other end does onto the isolate.
type listener struct {
	w     *WebSocket
	c     *iocontext.Context
	frame *iocontext.Frame
}

func (l *listener) SocketMessage(m wire.Message) {
	l.c.Post(l.frame, func(js *jsg.Scope) { l.w.deliver(js, m) })
}

func (l *listener) SocketClose(code int, reason string) {
	l.c.Post(l.frame, func(js *jsg.Scope) { l.w.deliverClose(js, code, reason) })
}

// MessageValue is the data of a message as an event or handler gets it.
func MessageValue(js *jsg.Scope, m wire.Message, binaryType string) jsg.Value {
	switch {
	case m.Text:
		return js.String(string(m.Data))
	case binaryType == "blob":
		return (&body.Blob{Data: m.Data}).Wrap(js)
	}
	return js.NewArrayBuffer(append([]byte(nil), m.Data...))
}

func (w *WebSocket) deliver(js *jsg.Scope, m wire.Message) {
	if w.CloseReceived {
		return
	}
	e := events.NewMessageEvent(js, MessageValue(js, m, w.binary(js)), nil)
	if err := w.fire(js, &e.Event); err != nil {
		// As in workerd: a listener that throws breaks the connection.
		w.finish(1006, "")
	}
}

func (w *WebSocket) deliverClose(js *jsg.Scope, code int, reason string) {
	if w.CloseReceived {
		return
	}
	w.CloseReceived = true
	clean := code != 1006
	if clean && !w.CloseSent && !w.halfOpen && js.Flag("web_socket_auto_reply_to_close") {
		w.CloseSent = true
		w.Socket.Close(code, reason)
	}
	if !clean {
		w.CloseSent = true
		if reason == "" {
			reason = "WebSocket disconnected without sending Close frame."
		}
	}
	w.fire(js, &events.NewCloseEvent(js, code, reason, clean).Event)
	if w.CloseSent {
		w.release()
	}
}

// fire dispatches to listeners.
func (w *WebSocket) fire(js *jsg.Scope, e *events.Event) error {
	socketClass.Wrap(js, w)
	return w.Dispatch(js, e)
}

// finish closes both directions without further events.
func (w *WebSocket) finish(code int, reason string) {
	w.CloseSent, w.CloseReceived = true, true
	w.Socket.Close(code, reason)
	w.release()
}

// lost breaks the connection because the object it belongs to was dropped.
func (w *WebSocket) lost() {
	w.unwatch()
	w.op = nil
	w.CloseSent, w.CloseReceived = true, true
	w.Socket.Attach(nil)
	w.Socket.Close(1006, "")
}

func (w *WebSocket) release() {
	if w.op != nil {
		w.unwatch()
		w.op.Drop()
		w.op = nil
		w.io.Release()
	}
}

func (w *WebSocket) send(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "ArrayBuffer or ArrayBufferView or string")
		return nil, a.Err()
	}
	m, err := messageOf(a.Value(0))
	if err != nil {
		return nil, err
	}
	switch {
	case w.Socket == nil && !w.connecting:
		return jsg.Undefined, nil
	case !w.accepted:
		return nil, jsg.TypeErrorf("You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.")
	case w.CloseSent:
		return nil, jsg.TypeErrorf("Can't call WebSocket send() after close().")
	}
	w.output(js, func() { w.Socket.Send(m) })
	return jsg.Undefined, nil
}

// output sends through the gate of the context the code runs in.
func (w *WebSocket) output(js *jsg.Scope, send func()) {
	if c := iocontext.Current(js); c != nil {
		c.Output(send)
		return
	}
	send()
}

func messageOf(v jsg.Value) (wire.Message, error) {
	if data, ok := jsg.Bytes(v); ok {
		return wire.Message{Data: append([]byte(nil), data...)}, nil
	}
	if jsg.IsSymbol(v) {
		return wire.Message{}, jsg.TypeErrorf("Cannot convert a Symbol value to a string")
	}
	return wire.Message{Text: true, Data: []byte(v.String())}, nil
}

func (w *WebSocket) close(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	code, reason := 1005, ""
	if a.Has(0) {
		code = int(a.Int(0))
	}
	if a.Has(1) {
		reason = a.String(1)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	if a.Has(0) && (code < 1000 || code >= 5000 || code == 1004 || code == 1005 || code == 1006 || code == 1015) {
		return nil, jsg.DOMErrorf("InvalidAccessError", "Invalid WebSocket close code: %d.", code)
	}
	if a.Has(1) && !a.Has(0) {
		return nil, jsg.DOMErrorf("InvalidAccessError", "If you specify a WebSocket close reason, you must also specify a code.")
	}
	if len(reason) > 123 {
		return nil, jsg.DOMErrorf("SyntaxError", "WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.")
	}
	if w.Socket == nil || w.CloseSent {
		return jsg.Undefined, nil
	}
	if !w.accepted {
		return nil, jsg.TypeErrorf("You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.")
	}
	w.CloseSent = true
	w.output(js, func() { w.Socket.Close(code, reason) })
	if w.CloseReceived {
		w.release()
	}
	return jsg.Undefined, nil
}

const maxAttachment = 16 << 10

func (w *WebSocket) serializeAttachment(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	v := a.Any(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	m, err := clone.Write(js, v, clone.Options{})
	if err != nil {
		return nil, err
	}
	// The platform's format begins with a byte more.
	if size := len(m.Data) + 1; size > maxAttachment {
		return nil, jsg.Errorf("A WebSocket 'attachment' cannot be larger than %d bytes.'attachment' was %d bytes.", maxAttachment, size)
	}
	w.Attachment = m.Data
	return jsg.Undefined, nil
}

func (w *WebSocket) deserializeAttachment(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if w.Attachment == nil {
		return jsg.Null, nil
	}
	return clone.Message{Data: w.Attachment}.Read(js)
}

// pair is the object new WebSocketPair() gives: the ends as properties 0 and 1.
type pair struct{ ends [2]*WebSocket }

var pairClass = &jsg.Class[pair]{Name: "WebSocketPair"}

func init() {
	pairClass.NewObject = func(js *jsg.Scope, this *jsg.Object, a *jsg.Args) (*pair, error) {
		if _, err := iocontext.Require(js); err != nil {
			return nil, err
		}
		x, y := wire.NewSocketPair()
		p := &pair{ends: [2]*WebSocket{FromWire(x), FromWire(y)}}
		js.DefineReadOnly(this, "0", p.ends[0].Wrap(js))
		js.DefineReadOnly(this, "1", p.ends[1].Wrap(js))
		return p, nil
	}
	pairClass.Members = jsg.Members[pair]{
		jsg.SymbolMethod(jsg.SymIterator, "", 0, func(p *pair, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.SyncIterator("WebSocketPair Iterator", slices.Values([]jsg.Value{p.ends[0].Wrap(js), p.ends[1].Wrap(js)})), nil
		}),
	}
}

// validProtocols checks the sub-protocols of a client socket.
func validProtocols(list []string) bool {
	for _, p := range list {
		if p == "" || strings.ContainsFunc(p, func(r rune) bool { return r <= ' ' || r > '~' }) || strings.ContainsAny(p, "()<>@,;:\\\"/[]?={}") {
			return false
		}
	}
	return true
}
