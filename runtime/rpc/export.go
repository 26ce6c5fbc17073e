package rpc

import (
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// export is a value of one isolate that others hold references to.
type export struct {
	session *Session
	value   *jsg.Object // on the session's goroutine
	quiet   bool        // what is called is not reported to the trace
	refs    atomic.Int64
}

// Client is one reference to an exported value: what a stub holds, and what
// travels in a message. It is a Callee, and counts until it is closed.
type Client struct {
	export *export
	closed atomic.Bool
}

// newExport hands out a value. It is called in a turn of the session.
func newExport(s *Session, value *jsg.Object) *Client {
	e := &export{session: s, value: value}
	e.refs.Store(1)
	s.Hold()
	return &Client{export: e}
}

// Send implements Callee.
func (c *Client) Send(op *Op) {
	e := c.export
	if e.session.IO.Context().Err() != nil {
		op.Fail(errSessionOver())
		return
	}
	op.serveIn(e.session, func(*jsg.Scope) Receiver { return Receiver{Value: e.value} })
}

// Dup makes another reference.
func (c *Client) Dup() *Client {
	c.export.refs.Add(1)
	return &Client{export: c.export}
}

// Close gives the reference up; the last one disposes of the value.
func (c *Client) Close() error {
	if c.closed.CompareAndSwap(false, true) && c.export.refs.Add(-1) == 0 {
		c.export.drop()
	}
	return nil
}

// Import implements clone.Importer.
func (c *Client) Import(js *jsg.Scope) (jsg.Value, error) { return newStub(js, c).wrap(js), nil }

// drop calls the value's disposer. It runs after operations sent before.
func (e *export) drop() {
	e.session.post(nil, func(js *jsg.Scope) {
		value := e.value
		e.value = nil
		if e.session.IO.Context().Err() == nil {
			dispose(js, value)
		}
		e.session.Release()
	})
}

// dispose calls value[Symbol.dispose], if it has one.
func dispose(js *jsg.Scope, value *jsg.Object) {
	f, err := js.GetSymbol(value, jsg.SymDispose)
	if err == nil && jsg.IsFunction(f) {
		_, err = js.Call(f, value)
	}
	if err != nil {
		reportUncaught(js, err)
	}
}
