package durable

import (
	"slices"
	"time"

	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/api/websocket"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// surface makes the objects applications see.
type surface struct{ ns *namespace }

// Construct implements actor.Surface.
func (s *surface) Construct(js *jsg.Scope, in *actor.Instance) (*jsg.Object, error) {
	w := in.Host().(host).Worker
	class, err := s.ns.constructor(js, w)
	if err != nil {
		return nil, err
	}
	return js.Construct(class, newState(js, s.ns, in, nil), w.Env())
}

// Socket implements actor.Surface.
func (s *surface) Socket(js *jsg.Scope, in *actor.Instance, sock *actor.Socket) jsg.Value {
	ws, ok := sock.Live.(*websocket.WebSocket)
	if !ok {
		ws = websocket.FromState(sock.State.(*websocket.State))
		sock.Live = ws
	}
	return ws.Wrap(js)
}

// SocketClosed implements actor.Surface.
func (s *surface) SocketClosed(sock *actor.Socket) {
	sock.State.(*websocket.State).CloseReceived = true
}

// Message implements actor.Surface.
func (s *surface) Message(js *jsg.Scope, m wire.Message) jsg.Value {
	return websocket.MessageValue(js, m, "arraybuffer")
}

// AlarmInfo implements actor.Surface.
func (s *surface) AlarmInfo(js *jsg.Scope, at time.Time, retries int) jsg.Value {
	o := alarmInfoClass.Wrap(js, &alarmInfo{})
	js.DefineReadOnly(o, "scheduledTime", js.Int(at.UnixMilli()))
	js.DefineReadOnly(o, "retryCount", js.Int(int64(retries)))
	js.DefineReadOnly(o, "isRetry", js.Bool(retries > 0))
	return o
}

// alarmInfo is the argument of alarm(); its properties are its own.
type alarmInfo struct{}

var alarmInfoClass = &jsg.Class[alarmInfo]{Name: "AlarmInvocationInfo"}

// state is ctx of an object.
type state struct {
	ns *namespace
	in *actor.Instance
	// eventTimeout is what setHibernatableWebSocketEventTimeout was given; handlers
	// are not cut off locally.
	eventTimeout int64
}

var stateClass = &jsg.Class[state]{Name: "DurableObjectState"}

// newState makes ctx; f is the facet that the object is, nil for objects with an
// address.
func newState(js *jsg.Scope, ns *namespace, in *actor.Instance, f *facet) *jsg.Object {
	st := &state{ns: ns, in: in}
	o := stateClass.Wrap(js, st)
	js.DefineLazy(o, "id", true, func(js *jsg.Scope) jsg.Value {
		if f != nil && f.textID != nil {
			return js.String(*f.textID)
		}
		return wrapID(js, in.ID())
	})
	js.DefineLazy(o, "storage", true, func(js *jsg.Scope) jsg.Value { return newStorage(js, access{ns, in, f}) })
	js.Define(o, "container", container(js, ns, f))
	if f == nil {
		js.Define(o, "props", js.NewObject())
	} else {
		js.DefineLazy(o, "props", true, f.makeProps)
	}
	if js.Flag("enable_ctx_exports") {
		js.DefineLazy(o, "exports", true, func(js *jsg.Scope) jsg.Value {
			exports, err := in.Host().(host).Loopbacks(js)
			if err != nil {
				return js.Refusing(func(string) error { return err })
			}
			return exports
		})
	}
	js.DefineLazy(o, "facets", true, func(js *jsg.Scope) jsg.Value { return newFacets(js, access{ns, in, f}) })
	return o
}

// container is ctx.container: there is none, but where the configuration has one
// using it says so.
func container(js *jsg.Scope, ns *namespace, f *facet) jsg.Value {
	if f != nil || !ns.container.Load() {
		return jsg.Undefined
	}
	return js.Refusing(func(property string) error {
		return jsg.Errorf("ctx.container.%s: containers are not simulated by miniworker. Run the container yourself and reach it over HTTP, or set \"enable_containers\": false under \"dev\" and guard the code that uses it.", property)
	})
}

func init() {
	stateClass.Members = jsg.Members[state]{
		jsg.Method("waitUntil", 0, func(st *state, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			c, err := iocontext.Require(js)
			if err != nil {
				return nil, err
			}
			c.WaitUntil(js, a.Value(0))
			return jsg.Undefined, nil
		}),
		jsg.Async("blockConcurrencyWhile", 0, func(st *state, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			f := a.Value(0)
			if !jsg.IsFunction(f) {
				a.Mismatch(0, "function")
				return nil, a.Err()
			}
			return st.in.BlockConcurrency(js, func(js *jsg.Scope) (jsg.Value, error) { return js.Call(f, jsg.Undefined) }), nil
		}),
		jsg.Method("acceptWebSocket", 0, (*state).acceptWebSocket),
		jsg.Method("getWebSockets", 0, (*state).getWebSockets),
		jsg.Method("getTags", 0, (*state).getTags),
		jsg.Method("setWebSocketAutoResponse", 0, (*state).setAutoResponse),
		jsg.Method("getWebSocketAutoResponse", 0, (*state).getAutoResponse),
		jsg.Method("getWebSocketAutoResponseTimestamp", 0, (*state).getAutoResponseTimestamp),
		jsg.Method("setHibernatableWebSocketEventTimeout", 0, (*state).setEventTimeout),
		jsg.Method("getHibernatableWebSocketEventTimeout", 0, func(st *state, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if st.eventTimeout == 0 {
				return jsg.Null, nil
			}
			return js.Int(st.eventTimeout), nil
		}),
		jsg.Method("abort", 0, func(st *state, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			reason := a.OptString(0, "")
			if err := a.Err(); err != nil {
				return nil, err
			}
			return nil, st.in.Abort(reason)
		}),
	}
}

const (
	maxTags         = 10
	maxTagLength    = 256
	maxAutoResponse = 2048
	maxEventTimeout = 7 * 24 * 60 * 60 * 1000
)

func webSocket(a *jsg.Args, i int) (*websocket.WebSocket, error) {
	ws, ok := websocket.From(a.Value(i))
	if !ok {
		a.Mismatch(i, "WebSocket")
	}
	return ws, a.Err()
}

func (st *state) acceptWebSocket(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	ws, err := webSocket(a, 0)
	if err != nil {
		return nil, err
	}
	if v := a.Value(1); !jsg.IsNullish(v) && !jsg.IsArray(v) {
		a.Mismatch(1, "Array")
		return nil, a.Err()
	}
	tags, err := tagList(js, a.Value(1))
	if err != nil {
		return nil, err
	}
	if err := ws.Accept(); err != nil {
		return nil, err
	}
	s, err := st.in.Accept(ws.Socket, tags, ws.State, ws)
	if err != nil {
		return nil, err
	}
	ws.Owner = s
	return jsg.Undefined, nil
}

func tagList(js *jsg.Scope, v jsg.Value) (tags []string, err error) {
	if jsg.IsNullish(v) {
		return nil, nil
	}
	err = js.Iterate(v, func(v jsg.Value) (bool, error) {
		tag := v.String()
		if slices.Contains(tags, tag) {
			return true, nil
		}
		if len(tags) == maxTags {
			return false, jsg.Errorf("a Hibernatable WebSocket cannot have more than %d tags", maxTags)
		}
		if len(tag) > maxTagLength {
			return false, jsg.Errorf("%q is longer than the max tag length (%d characters).", tag, maxTagLength)
		}
		tags = append(tags, tag)
		return true, nil
	})
	return tags, err
}

func (st *state) getWebSockets(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	tag := a.OptString(0, "")
	if err := a.Err(); err != nil {
		return nil, err
	}
	list := st.in.Sockets(tag, !a.Has(0))
	out := make([]jsg.Value, len(list))
	for i, s := range list {
		out[i] = (&surface{st.ns}).Socket(js, st.in, s)
	}
	return js.NewArray(out...), nil
}

func (st *state) accepted(a *jsg.Args) (*actor.Socket, error) {
	ws, err := webSocket(a, 0)
	if err != nil {
		return nil, err
	}
	s, _ := ws.Owner.(*actor.Socket)
	return s, nil
}

func (st *state) getTags(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s, err := st.accepted(a)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, jsg.Errorf("you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.")
	}
	var out []jsg.Value
	for _, tag := range s.Tags() {
		out = append(out, js.String(tag))
	}
	return js.NewArray(out...), nil
}

func (st *state) setAutoResponse(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if !a.Has(0) {
		st.in.SetAutoResponse(nil)
		return jsg.Undefined, nil
	}
	p := websocket.RequestResponsePairClass().Arg(a, 0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	switch {
	case len(p.Request) > maxAutoResponse:
		return nil, jsg.RangeErrorf("Request cannot be larger than %d bytes. A request of size %d was provided.", maxAutoResponse, len(p.Request))
	case len(p.Response) > maxAutoResponse:
		return nil, jsg.RangeErrorf("Response cannot be larger than %d bytes. A response of size %d was provided.", maxAutoResponse, len(p.Response))
	}
	st.in.SetAutoResponse(&actor.AutoResponse{Request: p.Request, Response: p.Response})
	return jsg.Undefined, nil
}

func (st *state) getAutoResponse(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	r := st.in.AutoResponse()
	if r == nil {
		return jsg.Null, nil
	}
	return websocket.RequestResponsePairClass().Wrap(js, &websocket.RequestResponsePair{Request: r.Request, Response: r.Response}), nil
}

func (st *state) getAutoResponseTimestamp(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s, err := st.accepted(a)
	if err != nil {
		return nil, err
	}
	if s == nil || s.AutoAt().IsZero() {
		return jsg.Null, nil
	}
	return js.Date(s.AutoAt()), nil
}

func (st *state) setEventTimeout(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	ms := a.OptInt(0, 0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if ms < 0 {
		return nil, jsg.TypeErrorf("The value cannot be converted because it is negative and this API expects a positive number.")
	}
	if ms > maxEventTimeout {
		return nil, jsg.Errorf("Event timeout should not exceed %d ms.", maxEventTimeout)
	}
	st.eventTimeout = ms
	return jsg.Undefined, nil
}
