package vitest

import (
	"context"
	_ "embed"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// ModuleTypes declares the module miniworker:test for editors and compilers.
//
//go:embed types/miniworker-test.d.ts
var ModuleTypes string

//go:embed js/miniworker-test.js
var miniworkerTestSource string

var miniworkerTestProgram = sync.OnceValues(func() (*jsg.Program, error) {
	return jsg.Compile("miniworker:test", miniworkerTestSource)
})

// miniworkerTest is the module miniworker:test: clock and trace.
func (h *host) miniworkerTest(js *jsg.Scope) (*jsg.Object, error) {
	o := js.NewObject()
	define := definerOf(js, o)
	h.clockFunctions(define)
	h.traceFunctions(define)
	var kinds []jsg.Value
	for _, k := range trace.Kinds {
		kinds = append(kinds, js.String(string(k)))
	}
	js.Define(o, "kinds", js.NewArray(kinds...))
	return scripted(js, miniworkerTestProgram, o)
}

func (h *host) clockFunctions(define definer) {
	c, session := h.stash.clock, h.copy.project.Session()
	at := func(name string, f func()) {
		define(name, func(*jsg.Scope, *jsg.Args) (jsg.Value, error) { f(); return jsg.Undefined, nil })
	}
	define("now", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		return js.Float(float64(c.Now().UnixMilli())), nil
	})
	define("frozen", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return js.Bool(c.Frozen()), nil })
	at("freeze", c.Freeze)
	at("resume", c.Resume)
	at("real", c.Reset)
	define("advance", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		d, err := clock.ParseDuration(a.String(0))
		if err != nil {
			return nil, jsg.TypeErrorf("clock.advance: %v", err)
		}
		return h.meanwhile(js, func(ctx context.Context) error { return session.Advance(ctx, d) }), a.Err()
	})
	define("set", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		t := time.UnixMilli(int64(a.Float(0)))
		return h.meanwhile(js, func(ctx context.Context) error { return session.SetTime(ctx, t) }), a.Err()
	})
}

func (h *host) traceFunctions(define definer) {
	// all is what the test that asks caused.
	all := func(js *jsg.Scope) trace.Records {
		if t := h.current(js); t != nil {
			return h.run.traceOf(t.task)
		}
		return h.copy.journal.All()
	}
	records := func(js *jsg.Scope, a *jsg.Args) trace.Records {
		o := a.Object(0)
		if o == nil {
			return nil
		}
		field := func(name string) string { return o.Get(name).String() }
		return all(js).Filter(trace.Filter{
			Kind: trace.Kind(field("kind")), Worker: field("worker"), Target: field("target"), Op: field("operation"), Name: field("name"),
		})
	}
	define("events", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		var out []jsg.Value
		for _, r := range records(js, a) {
			out = append(out, event(js, r))
		}
		return js.NewArray(out...), a.Err()
	})
	define("tree", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return js.String(records(js, a).Tree()), a.Err() })
	define("clear", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { h.forget(js); return jsg.Undefined, nil })
	define("settle", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		return h.meanwhile(js, h.copy.project.Session().Settle), nil
	})
}

// event is a record as tests see it.
func event(js *jsg.Scope, r trace.Record) jsg.Value {
	ms := func(d time.Duration) jsg.Value { return js.Float(float64(d) / float64(time.Millisecond)) }
	o := js.Record("span", js.Float(float64(r.Span)), "kind", string(r.Kind), "name", r.Name, "operation", r.Op(),
		"time", js.Float(float64(r.Time.UnixMilli())), "duration", ms(r.Duration))
	if r.Parent != 0 {
		js.Define(o, "parent", js.Float(float64(r.Parent)))
	}
	if r.Status != 0 {
		js.Define(o, "status", js.Int(int64(r.Status)))
	}
	for _, f := range []struct{ name, value string }{{"worker", r.Worker}, {"target", r.Target}, {"error", r.Error}} {
		if f.value != "" {
			js.Define(o, f.name, js.String(f.value))
		}
	}
	return o
}

// meanwhile does what waits for the workers to come to rest. Unlike background it
// does not count as something they do.
func (h *host) meanwhile(js *jsg.Scope, work func(ctx context.Context) error) jsg.Value {
	io, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	p, op, ctx := js.NewPromise(), io.Begin(js), io.Context()
	go func() {
		err := work(ctx)
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				p.Reject(js, jsg.Errorf("%v", err))
				return
			}
			p.Resolve(jsg.Undefined)
		})
	}()
	return p.Promise()
}
