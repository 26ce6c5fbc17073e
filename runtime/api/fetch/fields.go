package fetch

import (
	"net/http"
	"slices"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Requests and responses where nothing live can travel with them, as in
// structuredClone: their fields, if they have no body.

// What a message begins with: its fields follow, or it is a capability.
const (
	fields = iota
	live
)

func refuseBody(b *body.Body) error {
	if b.Null() {
		return nil
	}
	return jsg.DOMErrorf("DataCloneError", "ReadableStream can only be serialized for RPC.")
}

func (r *Request) writeFields(js *jsg.Scope, e *clone.Encoder) error {
	if err := refuseBody(&r.Body); err != nil {
		return err
	}
	e.Uint(fields)
	for _, s := range []string{r.method, r.url, r.redirect, r.cache} {
		e.String(s)
	}
	writeHeader(e, r.currentHeader())
	return writeCF(js, e, r.getCF)
}

func readRequestFields(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	r := &Request{method: d.String(), url: d.String(), redirect: d.String(), cache: d.String(), header: readHeader(d)}
	var err error
	if r.cf, err = d.Value(); err != nil {
		return nil, err
	}
	return requestClass.Wrap(js, r), nil
}

func (r *Response) writeFields(js *jsg.Scope, e *clone.Encoder) error {
	if r.socket != nil {
		return jsg.DOMErrorf("DataCloneError", "Could not serialize object of type \"WebSocket\". This type does not support serialization.")
	}
	if err := refuseBody(&r.Body); err != nil {
		return err
	}
	e.Uint(fields)
	for _, s := range []string{r.statusText, r.url} {
		e.String(s)
	}
	for _, n := range []uint64{uint64(r.status), flag(r.redirected), flag(r.encoded), flag(r.isError)} {
		e.Uint(n)
	}
	writeHeader(e, r.currentHeader())
	return writeCF(js, e, func(*jsg.Scope) (jsg.Value, error) { return r.cf, nil })
}

func readResponseFields(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	r := &Response{statusText: d.String(), url: d.String(), status: int(d.Uint()), redirected: d.Uint() == 1, encoded: d.Uint() == 1, isError: d.Uint() == 1, header: readHeader(d)}
	var err error
	if r.cf, err = d.Value(); err != nil {
		return nil, err
	}
	return responseClass.Wrap(js, r), nil
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func writeCF(js *jsg.Scope, e *clone.Encoder, get func(*jsg.Scope) (jsg.Value, error)) error {
	v, err := get(js)
	if err != nil {
		return err
	}
	return e.Value(v)
}

func writeHeader(e *clone.Encoder, h http.Header) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names) // messages are deterministic
	e.Uint(uint64(len(names)))
	for _, name := range names {
		e.String(name)
		e.Uint(uint64(len(h[name])))
		for _, v := range h[name] {
			e.String(v)
		}
	}
}

func readHeader(d *clone.Decoder) http.Header {
	h := http.Header{}
	for range d.Uint() {
		name := d.String()
		for range d.Uint() {
			if d.Err() != nil {
				return h
			}
			h[name] = append(h[name], d.String())
		}
	}
	return h
}
