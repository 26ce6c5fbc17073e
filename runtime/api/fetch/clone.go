package fetch

import (
	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/api/websocket"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
)

// What travels to other isolates as a capability: fetchers, and requests and
// responses with the streams of their bodies.

var (
	_ = clone.Register("ServiceStub", func(f *Fetcher, _ *jsg.Scope, e *clone.Encoder) error { return WriteFetcher(f, e) }, ReadFetcher)
	_ = clone.Register("Request", writeRequest, readRequest)
	_ = clone.Register("Response", writeResponse, readResponse)
)

// service is a fetcher on its way.
type service struct {
	target wire.Fetcher
	callee rpc.Callee
	name   string
}

// WriteFetcher writes a fetcher, of whatever class.
func WriteFetcher(f *Fetcher, e *clone.Encoder) error {
	if !e.Live() {
		return jsg.DOMErrorf("DataCloneError", "ServiceStub cannot be serialized in this context.")
	}
	return e.Cap("ServiceStub", &service{f.Target, f.RPC, f.Name})
}

// ReadFetcher reads what WriteFetcher wrote.
func ReadFetcher(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	s, ok := d.Cap().(*service)
	if !ok {
		return nil, d.Err()
	}
	return fetcherClass.Wrap(js, &Fetcher{Target: s.target, RPC: s.callee, Name: s.name}), nil
}

// requestCap and responseCap are messages on their way.
type (
	requestCap  struct{ *wire.Request }
	responseCap struct{ *wire.Response }
)

// Close implements io.Closer: nobody will read the message.
func (c requestCap) Close() error {
	if c.Body == nil {
		return nil
	}
	return c.Body.Close()
}

// Close implements io.Closer.
func (c responseCap) Close() error {
	if c.WebSocket != nil {
		c.WebSocket.Close(1006, "")
	}
	if c.Body == nil {
		return nil
	}
	return c.Body.Close()
}

func errLocked() error { return jsg.TypeErrorf("The ReadableStream has been locked to a reader.") }

func checkUnused(b *body.Body) error {
	if b.Used() {
		return errLocked()
	}
	return nil
}

func writeRequest(r *Request, js *jsg.Scope, e *clone.Encoder) error {
	if r.signalGiven {
		return r.signal.RefuseClone()
	}
	if !e.Live() {
		return r.writeFields(js, e)
	}
	e.Uint(live)
	if err := checkUnused(&r.Body); err != nil {
		return err
	}
	w, err := r.ToWire(js)
	if err != nil {
		return err
	}
	return e.Cap("Request", requestCap{w})
}

func readRequest(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	if d.Uint() != live {
		return readRequestFields(js, d)
	}
	c, ok := d.Cap().(requestCap)
	if !ok {
		return nil, d.Err()
	}
	r := &Request{Body: body.FromWire(streams.Received(c.Body)), method: c.Method, url: c.URL, header: c.Header, redirect: c.Redirect, cfJSON: c.CF}
	return requestClass.Wrap(js, r), nil
}

func writeResponse(r *Response, js *jsg.Scope, e *clone.Encoder) error {
	if !e.Live() {
		return r.writeFields(js, e)
	}
	e.Uint(live)
	if r.isError {
		return e.Cap("Response", responseCap{&wire.Response{}})
	}
	if err := checkUnused(&r.Body); err != nil {
		return err
	}
	w, err := r.ToWire(js)
	if err != nil {
		return err
	}
	w.Header = w.Header.Clone()
	return e.Cap("Response", responseCap{w})
}

func readResponse(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	if d.Uint() != live {
		return readResponseFields(js, d)
	}
	c, ok := d.Cap().(responseCap)
	if !ok {
		return nil, d.Err()
	}
	r := &Response{Body: body.FromWire(streams.Received(c.Body)), status: c.Status, statusText: c.StatusText, header: c.Header, url: c.URL, redirected: c.Redirected, encoded: c.Encoded, isError: c.Status == 0}
	if c.WebSocket != nil {
		r.socket = websocket.FromWire(c.WebSocket)
	}
	return responseClass.Wrap(js, r), nil
}
