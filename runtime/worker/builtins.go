package worker

import (
	"maps"

	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat"
)

// builtins are the modules a worker can import from the runtime.
func builtins(w *Worker) map[string]func(js *jsg.Scope) (*jsg.Object, error) {
	modules := map[string]func(js *jsg.Scope) (*jsg.Object, error){
		"cloudflare:workers": w.workersModule,
		"cloudflare:sockets": sockets.Module,
	}
	if w.opts.Flag != nil {
		maps.Copy(modules, nodecompat.Builtins(w.opts.Flag))
	}
	maps.Copy(modules, w.opts.Modules)
	return modules
}

// workersClasses are the base classes of cloudflare:workers. They only keep
// what they are constructed with.
var workersClasses = jsg.MustCompile("cloudflare:workers", `(function() {
	"use strict";
	class WorkerEntrypoint { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }
	class DurableObject { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }
	class WorkflowEntrypoint { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }
	class RpcTarget {}
	return { WorkerEntrypoint, DurableObject, WorkflowEntrypoint, RpcTarget };
})`)

func (w *Worker) workersModule(js *jsg.Scope) (*jsg.Object, error) {
	f, err := js.Run(workersClasses)
	if err != nil {
		return nil, err
	}
	v, err := js.Call(f, jsg.Undefined)
	if err != nil {
		return nil, err
	}
	ns := v.(*jsg.Object)
	js.Define(ns, "env", w.env)
	js.Define(ns, "waitUntil", js.Func("waitUntil", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return jsg.Undefined, waitUntil(js, a.Value(0))
	}))
	return ns, nil
}
