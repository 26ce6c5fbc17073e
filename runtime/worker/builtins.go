package worker

import (
	"maps"
	"sync"

	"github.com/miniworker/miniworker/runtime/api/email"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat"
	"github.com/miniworker/miniworker/runtime/rpc"
)

// builtins are the modules a worker can import from the runtime.
func builtins(w *Worker) map[string]func(js *jsg.Scope) (*jsg.Object, error) {
	modules := map[string]func(js *jsg.Scope) (*jsg.Object, error){
		"cloudflare:workers":   w.workersModule,
		"cloudflare:sockets":   sockets.Module,
		"cloudflare:email":     email.Module,
		"cloudflare:workflows": workflowsModule,
	}
	if w.opts.Flag != nil {
		maps.Copy(modules, nodecompat.Builtins(w.opts.Flag))
	}
	maps.Copy(modules, w.opts.Modules)
	return modules
}

// nonRetryable is the class of cloudflare:workflows.
var nonRetryable = sync.OnceValue(func() *jsg.Program {
	return jsg.MustCompile("cloudflare:workflows", `(class NonRetryableError extends Error {
	constructor(message, name = "NonRetryableError") {
		super(message);
		this.name = name;
	}
})`)
})

// workflowsModule makes the namespace of cloudflare:workflows.
func workflowsModule(js *jsg.Scope) (*jsg.Object, error) {
	class, err := js.Run(nonRetryable())
	ns := js.NewObject()
	js.Define(ns, "NonRetryableError", class)
	return ns, err
}

// workersModule makes the namespace of cloudflare:workers.
func (w *Worker) workersModule(js *jsg.Scope) (*jsg.Object, error) {
	ns := js.NewObject()
	js.DefineHiddenSymbol(ns, jsg.SymToStringTag, js.String("Module"))
	for name, class := range rpc.Exports() {
		js.Define(ns, name, class.Constructor(js))
	}
	js.Define(ns, "WorkerEntrypoint", entrypointClass.Constructor(js))
	js.Define(ns, "DurableObject", objectClass.Constructor(js))
	js.Define(ns, "WorkflowEntrypoint", workflowClass.Constructor(js))
	js.Define(ns, "ServiceStub", fetch.FetcherClass().Constructor(js))
	js.Define(ns, "tracing", tracingClass.Wrap(js, &tracing{}))
	js.Define(ns, "restore", jsg.NewSymbol("restore"))
	js.Define(ns, "cache", js.Refusing(func(name string) error {
		return jsg.NotImplementedf("cache."+name+" of cloudflare:workers", "use caches.default")
	}))
	function := func(module, name string, length int, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(ns, name, js.Func(name, length, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			a.Describe(module, name)
			return f(js, a)
		}))
	}
	function("EntrypointsModule", "waitUntil", 0, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		if a.Len() == 0 {
			a.Mismatch(0, "Promise")
			return nil, a.Err()
		}
		return jsg.Undefined, waitUntil(js, a.Value(0))
	})
	// What is under way in the isolate ends in the reason, and the worker is loaded
	// anew; workerd ends its process.
	function("EntrypointsModule", "abortIsolate", 1, func(_ *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		why := "The isolate was aborted."
		if a.Len() > 0 && !jsg.IsUndefined(a.Value(0)) {
			why = a.String(0)
		}
		if err := a.Err(); err != nil {
			return nil, err
		}
		return nil, &jsg.Interrupted{Why: &jsg.Error{Name: "Error", Message: why}}
	})
	return ns, w.defineOverridable(js, ns, function)
}

// overridable are what withEnv and withExports replace for a while: the keys of
// async-local values.
type overridable struct{ name string }

var envOverride, exportsOverride = &overridable{"env"}, &overridable{"exports"}

// forwarding is an object that stands for whatever current() is.
var forwarding = jsg.MustCompile("cloudflare:workers", `(function(current) {
	"use strict";
	const handler = {};
	for (const trap of ["get", "set", "has", "deleteProperty", "ownKeys", "getOwnPropertyDescriptor", "defineProperty"]) {
		const f = Reflect[trap];
		handler[trap] = (target, ...args) => {
			const now = current();
			if (trap === "get" || trap === "set") args.pop(); // the receiver
			return f(Object(now), ...args);
		};
	}
	return new Proxy({}, handler);
})`)

// defineOverridable defines env and exports, and the functions that run code
// with others in their place.
func (w *Worker) defineOverridable(js *jsg.Scope, ns *jsg.Object, function func(module, name string, length int, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error))) error {
	make, err := js.Run(forwarding)
	if err != nil {
		return err
	}
	define := func(key *overridable, usual func(js *jsg.Scope) (*jsg.Object, error)) error {
		v, err := js.Call(make, jsg.Undefined, js.Func("current", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
			if v, ok := iocontext.CurrentFrame(js).Locals[key]; ok {
				return v, nil
			}
			return usual(js)
		}))
		if err == nil {
			js.Define(ns, key.name, v)
		}
		return err
	}
	if err := define(envOverride, func(*jsg.Scope) (*jsg.Object, error) { return w.env, nil }); err != nil {
		return err
	}
	if err := define(exportsOverride, w.Loopbacks); err != nil {
		return err
	}
	with := func(name string, keys ...*overridable) {
		function("EnvModule", name, len(keys)+1, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			f := a.Func(len(keys))
			if err := a.Err(); err != nil {
				return nil, err
			}
			frame := iocontext.CurrentFrame(js)
			for i, key := range keys {
				frame = frame.With(key, a.Value(i))
			}
			var v jsg.Value
			var err error
			js.WithFrame(frame, func() { v, err = js.Call(f, jsg.Undefined) })
			return v, err
		})
	}
	with("withEnv", envOverride)
	with("withExports", exportsOverride)
	with("withEnvAndExports", envOverride, exportsOverride)
	return nil
}
