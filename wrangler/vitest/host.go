package vitest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/vitest/library"
)

// host is what the runner in the isolate calls. Its fields are touched on the
// isolate's goroutine.
type host struct {
	run    *fileRun
	copy   *projectCopy
	worker *worker.Worker
	stash  *stash
	watchdog
	mock *fetchMock

	library *jsg.Object // Vitest's module
	object  *jsg.Object // the host's functions
	events  map[string]*iocontext.Context
	// leftover is what tests did not wait for, by id.
	leftover map[string][]string
}

// start loads the library and runs the file's tests; the value is a promise.
func (h *host) start(js *jsg.Scope) (jsg.Value, error) {
	h.worker = worker.Of(js)
	if _, err := h.vitest(js); err != nil {
		return nil, err
	}
	files, _, err := h.worker.Export(js, "__mw_files")
	if err != nil {
		return nil, err
	}
	options, err := json.Marshal(h.options())
	if err != nil {
		return nil, err
	}
	o, err := js.JSONParse(string(options))
	if err != nil {
		return nil, err
	}
	run, err := js.Get(h.library, "__run")
	if err != nil {
		return nil, err
	}
	return js.Call(run, jsg.Undefined, h.functions(js), o, files)
}

// vitest is the module of that name: the library without what is the host's.
func (h *host) vitest(js *jsg.Scope) (*jsg.Object, error) {
	if h.library == nil {
		script, err := library.Script()
		if err != nil {
			return nil, err
		}
		if h.library, err = h.evaluate(js, script); err != nil {
			return nil, err
		}
	}
	ns := js.NewObject()
	for _, name := range h.library.Keys() {
		if strings.HasPrefix(name, "__") {
			continue
		}
		v, err := js.Get(h.library, name)
		if err != nil {
			return nil, err
		}
		js.Define(ns, name, v)
	}
	return ns, nil
}

func (h *host) options() map[string]any {
	o := &h.run.s.opts
	update := o.Update
	if update == "" {
		update = "new"
	}
	done := map[string]bool{}
	h.run.mu.Lock()
	for id := range h.run.done {
		done[id] = true
	}
	h.run.mu.Unlock()
	return map[string]any{
		"file": h.run.file.Path, "root": o.Root, "setupFiles": append([]string{}, o.Setup...), "done": done,
		"testTimeout": o.Timeout.Milliseconds(), "hookTimeout": o.Hooks.Milliseconds(), "retry": o.Retry, "bail": o.Bail,
		"testNamePattern": o.TestName, "passWithNoTests": o.PassWithNoTests, "allowOnly": o.AllowOnly, "globals": o.Globals,
		"shuffle": o.Shuffle, "seed": o.Seed, "updateSnapshot": update,
		"clearMocks": o.Mocks.ClearMocks, "mockReset": o.Mocks.MockReset, "restoreMocks": o.Mocks.RestoreMocks,
		"unstubEnvs": o.Mocks.UnstubEnvs, "unstubGlobals": o.Mocks.UnstubGlobals,
	}
}

// functions are the host's functions.
func (h *host) functions(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	define := definerOf(js, o)
	define("frames", h.frames)
	define("collected", h.collected)
	define("ready", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		if h.run.lazy {
			return jsg.Undefined, nil
		}
		return h.ready(js)
	})
	define("finished", h.finished)
	define("inTest", h.inTest)
	define("begun", func(*jsg.Scope, *jsg.Args) (jsg.Value, error) { h.copy.journal.Clear(); return jsg.Undefined, nil })
	define("settle", h.settle)
	define("bail", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return js.Bool(h.run.s.bailed.Load()), nil })
	define("push", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		h.entered(a.String(0))
		return h.background(js, h.stash.push), a.Err()
	})
	define("rewind", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return h.layer(js, a.String(0), h.stash.rewind), a.Err()
	})
	define("pop", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		h.left(a.String(0))
		return h.layer(js, a.String(0), h.stash.pop), a.Err()
	})
	h.snapshotFunctions(define)
	js.Define(o, "library", h.library)
	js.Define(o, "metaEnv", h.metaEnv(js))
	h.object = o
	return o
}

// definer adds a function to an object.
type definer func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error))

func definerOf(js *jsg.Scope, o *jsg.Object) definer {
	return func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
}

// scripted is the module that a script makes of the host's functions.
func scripted(js *jsg.Scope, program func() (*jsg.Program, error), host *jsg.Object) (*jsg.Object, error) {
	p, err := program()
	if err != nil {
		return nil, err
	}
	module, err := js.Run(p)
	if err != nil {
		return nil, err
	}
	v, err := js.Call(module, jsg.Undefined, host)
	if err != nil {
		return nil, err
	}
	return v.(*jsg.Object), nil
}

// ready loads a worker that had to wait for the mocks of the test file.
func (h *host) ready(js *jsg.Scope) (jsg.Value, error) {
	load, late, err := h.worker.Export(js, "__mw_main")
	if err != nil || !late || !h.worker.Late() {
		return jsg.Undefined, err
	}
	v, err := js.Call(load, jsg.Undefined)
	if err != nil {
		return nil, err
	}
	return js.Then(v, func(js *jsg.Scope, ns jsg.Value) (jsg.Value, error) {
		h.worker.SetExports(ns.(*jsg.Object))
		return jsg.Undefined, nil
	}, func(_ *jsg.Scope, reason jsg.Value) (jsg.Value, error) { return nil, jsg.Thrown(reason) }), nil
}

// metaEnv is what vi.stubEnv changes: process.env where there is one.
func (h *host) metaEnv(js *jsg.Scope) jsg.Value {
	if v, err := js.Get(js.Global(), "process"); err == nil {
		if p, ok := jsg.IsObject(v); ok {
			if env, err := js.Get(p, "env"); err == nil {
				if _, ok := jsg.IsObject(env); ok {
					return env
				}
			}
		}
	}
	return js.NewObject()
}

// layer restores storage after a test or suite, and notes what that ended.
func (h *host) layer(js *jsg.Scope, id string, step func(context.Context) (string, error)) jsg.Value {
	return h.restored(js, step, func(ended string) {
		if t := h.run.file.byID[id]; t != nil && ended != "" {
			h.leftover[id] = append(h.leftover[id], ended)
		}
	})
}

// restored does what restores storage, and lets the tests that run go on.
func (h *host) restored(js *jsg.Scope, step func(context.Context) (string, error), note func(ended string)) jsg.Value {
	return iocontext.Go(js, step, func(js *jsg.Scope, ended string) (jsg.Value, error) {
		for _, io := range h.events {
			io.Keep()
		}
		note(ended)
		return jsg.Undefined, nil
	})
}

// entered and left keep the path of suites to what runs now.
func (h *host) entered(id string) {
	t := h.run.file.byID[id]
	h.run.mu.Lock()
	defer h.run.mu.Unlock()
	if t != nil && t.Suite {
		h.run.suites = append(h.run.suites, t)
	}
}

func (h *host) left(id string) {
	h.run.mu.Lock()
	defer h.run.mu.Unlock()
	if n := len(h.run.suites); n > 0 && h.run.suites[n-1].ID == id {
		h.run.suites = h.run.suites[:n-1]
	}
}

// inTest runs a test in an event of its own: what it starts ends with it.
// Arguments: id, timeout in milliseconds, function.
func (h *host) inTest(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, timeout, run := a.String(0), a.Float(1), a.Func(2)
	if err := a.Err(); err != nil {
		return nil, err
	}
	t := h.run.file.byID[id]
	h.run.mu.Lock()
	h.run.current = t
	h.run.mu.Unlock()
	h.limit(time.Duration(timeout * float64(time.Millisecond)))
	h.copy.journal.Clear()
	io := iocontext.New(isolate.Of(js), iocontext.Current(js).Context(), iocontext.Info{})
	h.events[id] = io
	var v jsg.Value
	var err error
	js.WithFrame(&iocontext.Frame{IO: io, Span: trace.NewSpan()}, func() { v, err = js.Call(run, jsg.Undefined) })
	if err != nil {
		return nil, err
	}
	end := func() {
		h.tidy(t, io)
		delete(h.events, id)
		io.End()
		h.limit(h.run.s.opts.Hooks)
		h.run.mu.Lock()
		h.run.current = nil
		h.run.mu.Unlock()
	}
	return js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) { end(); return v, nil },
		func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) { end(); return nil, jsg.Thrown(reason) }), nil
}

// settle ends what an attempt at a test left going on; what is about to end by
// itself, a socket that is closing, gets a moment for that.
func (h *host) settle(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id := a.String(0)
	io := h.events[id]
	if io == nil {
		return jsg.Undefined, a.Err()
	}
	p := js.NewPromise()
	h.await(js, io, settleTries, func() {
		h.tidy(h.run.file.byID[id], io)
		p.Resolve(jsg.Undefined)
	})
	return p.Promise(), a.Err()
}

// A test's operations are looked at this often before they are cancelled.
const (
	settleTries = 20
	settlePause = time.Millisecond
)

func (h *host) await(js *jsg.Scope, io *iocontext.Context, tries int, then func()) {
	if ops, _ := io.Busy(); ops == 0 || tries == 0 {
		then()
		return
	}
	h.after(js, settlePause, func(js *jsg.Scope) { h.await(js, io, tries-1, then) })
}

// tidy ends what a test did not wait for, and notes it.
func (h *host) tidy(t *Task, io *iocontext.Context) {
	if n := io.DropOps(); n > 0 && t != nil {
		what := "something it began (a fetch, a timer, a storage call, a socket)"
		if n > 1 {
			what = fmt.Sprintf("%d things it began (fetches, timers, storage calls, sockets)", n)
		}
		h.leftover[t.ID] = append(h.leftover[t.ID], what)
	}
}
