package rpc

import (
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Source is what operations can be started on: a binding, a stub, the promise of
// a call.
type Source interface {
	// Callee is where they go, or why the source cannot be used, or not here.
	Callee(js *jsg.Scope) (Callee, error)
	// Label names the source in traces.
	Label() string
}

// Target is the Go side of an RpcTarget.
type Target struct{}

// RefuseClone implements clone.Refuser.
func (*Target) RefuseClone() error {
	return jsg.DOMErrorf("DataCloneError", "Remote RPC references can only be serialized for RPC.")
}

// Stub is the Go side of an RpcStub.
type Stub struct {
	event    *iocontext.Context
	client   *Client
	handle   *handle
	pipeline *handle // of the promise whose result the stub is
	disposed bool
}

var (
	targetClass = &jsg.Class[Target]{Name: "JsRpcTarget", New: func(*jsg.Scope, *jsg.Args) (*Target, error) { return &Target{}, nil }}
	stubClass   = &jsg.Class[Stub]{Name: "JsRpcStub"}
)

func init() {
	stubClass.Call = func(s *Stub, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return call(js, s, nil, a), nil }
	stubClass.Wildcard = func(s *Stub, js *jsg.Scope, name string) (jsg.Value, error) {
		if name == "then" { // a stub is no promise
			return jsg.Undefined, nil
		}
		return Property(js, s, name), nil
	}
	stubClass.New = newLocalStub
	stubClass.Members = jsg.Members[Stub]{
		jsg.Method("dup", 0, (*Stub).dup),
		jsg.SymbolMethod(jsg.SymDispose, "", 0, func(s *Stub, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			s.dispose()
			return jsg.Undefined, nil
		}),
	}
}

// newLocalStub is new RpcStub(value).
func newLocalStub(js *jsg.Scope, a *jsg.Args) (*Stub, error) {
	o, ok := jsg.IsObject(a.Value(0))
	if !ok {
		a.Mismatch(0, "Object")
		return nil, a.Err()
	}
	if native, ok := jsg.Native(o); ok {
		if s, ok := native.(*Stub); ok {
			client, err := s.use(js)
			if err != nil {
				return nil, err
			}
			return newStub(js, client.Dup()), nil
		}
	}
	if how := visibility(js, o, false); how != byOwn && how != byClass && !jsg.IsProxy(o) {
		return nil, jsg.TypeErrorf("RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.")
	}
	io, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	return newStub(js, newExport(callbackSession(js, io), o)), nil
}

// newStub makes a stub that the running event owns.
func newStub(js *jsg.Scope, c *Client) *Stub {
	s := &Stub{event: iocontext.Current(js), client: c}
	if s.event != nil {
		s.handle = own(js, s.event, c)
		collect(s, s.handle)
	}
	return s
}

// RefuseClone implements clone.Refuser.
func (*Stub) RefuseClone() error {
	return jsg.DOMErrorf("DataCloneError", "#<RpcStub> could not be cloned.")
}

func (s *Stub) wrap(js *jsg.Scope) *jsg.Object { return stubClass.Wrap(js, s) }

func (s *Stub) dispose() {
	s.disposed = true
	if s.handle != nil {
		s.handle.Close()
	}
	if s.pipeline != nil {
		s.pipeline.Close()
	}
}

func errDisposed(what string) error { return jsg.Errorf("RPC %s used after being disposed.", what) }

// checkEvent refuses what belongs to another event.
func checkEvent(js *jsg.Scope, event *iocontext.Context) error {
	if iocontext.Current(js) == event {
		return nil
	}
	return jsg.Errorf("Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: Client)")
}

// use is the client, for one more operation.
func (s *Stub) use(js *jsg.Scope) (*Client, error) {
	if s.disposed {
		return nil, errDisposed("stub")
	}
	if err := checkEvent(js, s.event); err != nil {
		return nil, err
	}
	return s.client, nil
}

// Callee implements Source.
func (s *Stub) Callee(js *jsg.Scope) (Callee, error) {
	c, err := s.use(js)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Label implements Source.
func (s *Stub) Label() string { return "stub" }

func (s *Stub) dup(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	c, err := s.use(js)
	if err != nil {
		return nil, err
	}
	return newStub(js, c.Dup()).wrap(js), nil
}
