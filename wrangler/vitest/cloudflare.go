package vitest

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"sync"

	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
)

//go:embed js/cloudflare-test.js
var cloudflareTestSource string

var cloudflareTestProgram = sync.OnceValues(func() (*jsg.Program, error) {
	return jsg.Compile("miniworker:cloudflare-test", cloudflareTestSource)
})

// cloudflareTest is the module cloudflare:test.
func (h *host) cloudflareTest(js *jsg.Scope) (*jsg.Object, error) {
	o, err := h.cloudflare(js)
	if err != nil {
		return nil, err
	}
	return scripted(js, cloudflareTestProgram, o)
}

// cloudflare has the functions the module's script needs of the runtime.
func (h *host) cloudflare(js *jsg.Scope) (*jsg.Object, error) {
	session := h.copy.project.Session()
	o := js.NewObject()
	define := definerOf(js, o)
	background := func(work func(ctx context.Context) error) func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return h.background(js, work), nil }
	}
	js.Define(o, "env", worker.Of(js).Env())
	self := fetch.NewFetcher(js, "SELF", wire.FetcherFunc(h.self))
	h.selfEvents(js, self)
	js.Define(o, "self", self)
	mock, err := h.mock.install(js)
	if err != nil {
		return nil, err
	}
	js.Define(o, "fetchMock", mock)
	define("isStub", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(durable.RefOf(a.Value(0)) != nil), nil
	})
	define("isNamespace", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(durable.NamespaceOf(a.Value(0)) != nil), nil
	})
	define("isLocal", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(durable.Local(session, js, durable.RefOf(a.Value(0)))), nil
	})
	define("runIn", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return durable.Run(session, js, durable.RefOf(a.Value(0)), a.Value(1)), nil
	})
	define("runElsewhere", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return durable.RunSource(session, js, durable.RefOf(a.Value(0)), a.String(1), a.Object(2)), a.Err()
	})
	define("listIds", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		ns := durable.NamespaceOf(a.Value(0))
		return iocontext.Go(js, func(context.Context) ([]string, error) { return durable.IDs(session, ns) }, func(js *jsg.Scope, ids []string) (jsg.Value, error) {
			var out []jsg.Value
			for _, id := range ids {
				out = append(out, js.String(id))
			}
			return js.NewArray(out...), nil
		}), nil
	})
	define("evict", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		r, closeSockets := durable.RefOf(a.Value(0)), a.Bool(1)
		return h.background(js, func(ctx context.Context) error { return durable.Evict(ctx, r, closeSockets) }), nil
	})
	define("evictAll", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		closeSockets := a.Bool(0)
		return h.background(js, func(ctx context.Context) error { return durable.EvictAll(ctx, session, closeSockets) }), nil
	})
	define("abortAll", background(func(context.Context) error { h.copy.abortObjects(); return nil }))
	define("reset", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		return h.restored(js, h.stash.reset, func(string) {}), nil
	})
	define("exports", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return worker.Of(js).Loopbacks(js) })
	return o, nil
}

// background runs work off the isolate's goroutine.
func (h *host) background(js *jsg.Scope, work func(ctx context.Context) error) jsg.Value {
	return iocontext.Go(js, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) },
		func(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil })
}

// self is the main worker as SELF reaches it: assets first, and what its code
// throws is thrown at the caller.
func (h *host) self(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if h.run.lazy {
		if err := h.load(ctx); err != nil {
			return nil, thrownAt(err)
		}
	}
	h.copy.server.CountRequest(req.URL, h.copy.main.Config.Name)
	resp, err := h.copy.main.Service().Fetch(ctx, req)
	var thrown *worker.ScriptError
	if errors.As(err, &thrown) {
		err = thrown.Remote()
	}
	return resp, err
}

// load loads the worker of a file whose mocks may come as late as its first
// request.
func (h *host) load(ctx context.Context) error {
	done := make(chan error, 1)
	_, err := h.worker.Event(ctx, iocontext.Info{}, trace.NewSpan(), func(js *jsg.Scope, io *iocontext.Context) {
		end := func(err error) {
			io.Release()
			done <- err
		}
		v, err := h.ready(js)
		if err != nil {
			end(h.worker.Describe(err))
			return
		}
		io.Await(js, v, func(_ *jsg.Scope, _ jsg.Value, err error) {
			if err != nil {
				err = h.worker.Describe(err)
			}
			end(err)
		})
	})
	if err != nil {
		return err
	}
	failed, err := isolate.Await(ctx, h.worker.Isolate(), done)
	return cmp.Or(err, failed)
}

// thrownAt makes an error of a worker's code one that its caller's code gets.
func thrownAt(err error) error {
	var se *worker.ScriptError
	if !errors.As(err, &se) {
		return err
	}
	return se.JSError()
}

// abortObjects ends all Durable Objects of the copy.
func (c *projectCopy) abortObjects() {
	for _, ns := range durable.All(c.project.Session()) {
		ns.Reset()
	}
}
