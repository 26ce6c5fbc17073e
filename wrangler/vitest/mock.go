package vitest

import (
	"context"
	_ "embed"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
)

//go:embed js/fetch-mock.js
var fetchMockSource string

var fetchMockProgram = sync.OnceValues(func() (*jsg.Program, error) { return jsg.Compile("miniworker:fetch-mock", fetchMockSource) })

// fetchMock stands between every worker of a copy and what it fetches. The
// interceptors are in the isolate of the tests.
type fetchMock struct {
	// worker is nil until the tests import fetchMock.
	worker atomic.Pointer[worker.Worker]

	dispatch, active, refusal jsg.Value
}

// install makes the module's fetchMock.
func (m *fetchMock) install(js *jsg.Scope) (jsg.Value, error) {
	p, err := fetchMockProgram()
	if err != nil {
		return nil, err
	}
	make, err := js.Run(p)
	if err != nil {
		return nil, err
	}
	v, err := js.Call(make, jsg.Undefined)
	if err != nil {
		return nil, err
	}
	o := v.(*jsg.Object)
	m.dispatch, m.active, m.refusal = o.Get("dispatch"), o.Get("active"), o.Get("refusal")
	m.worker.Store(worker.Of(js))
	return o.Get("fetchMock"), nil
}

// before is a fetcher that asks the interceptors first.
func (m *fetchMock) before(next wire.Fetcher) wire.Fetcher {
	return wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
		w := m.worker.Load()
		if w == nil {
			return next.Fetch(ctx, req)
		}
		return m.fetch(ctx, w, req, next)
	})
}

// fetch asks the interceptors in an event of its own in the tests' isolate.
func (m *fetchMock) fetch(ctx context.Context, w *worker.Worker, req *wire.Request, next wire.Fetcher) (*wire.Response, error) {
	pass := false
	resp, err := w.Serve(ctx, req, func(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
		on, err := js.Call(m.active, jsg.Undefined)
		if err != nil {
			return nil, err
		}
		empty := func() (jsg.Value, error) { return fetch.WrapResponse(js, &wire.Response{Status: 200}), nil }
		if !on.ToBoolean() {
			pass = true
			return empty()
		}
		v, err := js.Call(m.dispatch, jsg.Undefined, request)
		if err != nil {
			return nil, err
		}
		return js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
			if !jsg.IsString(v) {
				return v, nil
			}
			if v.String() == "pass" {
				pass = true
				return empty()
			}
			text, err := js.Call(m.refusal, jsg.Undefined, request)
			if err != nil {
				return nil, err
			}
			return nil, jsg.TypeErrorf("%s", text.String())
		}, func(_ *jsg.Scope, reason jsg.Value) (jsg.Value, error) { return nil, jsg.Thrown(reason) }), nil
	})
	if pass {
		return next.Fetch(ctx, req)
	}
	return resp, thrownAt(err)
}
