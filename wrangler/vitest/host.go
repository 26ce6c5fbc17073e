package vitest

import (
	"encoding/json"
	"strings"

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
	tests   map[string]*running
	// together is set while several tests share a layer of storage.
	together bool
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
		"maxConcurrency": h.run.concurrency(), "testNamePattern": o.TestName, "passWithNoTests": o.PassWithNoTests, "allowOnly": o.AllowOnly, "globals": o.Globals,
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
	define("body", h.body)
	define("settle", h.settle)
	define("bail", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return js.Bool(h.run.s.bailed.Load()), nil })
	h.layerFunctions(define)
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
