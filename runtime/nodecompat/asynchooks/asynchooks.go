// Package asynchooks is AsyncLocalStorage and AsyncResource of
// node:async_hooks. The values of storages travel in iocontext.Frame, which
// promises, timers, streams and bindings carry anyway.
//
// Deliberately not: enterWith and disable, which workerd refuses too, and hooks,
// which do nothing there.
//
// Where the truth is: https://nodejs.org/api/async_context.html and
// https://developers.cloudflare.com/workers/runtime-apis/nodejs/asynclocalstorage/.
package asynchooks

import (
	"maps"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Native is what js/async_hooks.js uses.
func Native(js *jsg.Scope) *jsg.Object {
	return js.Record("AsyncLocalStorage", storageClass.Constructor(js), "AsyncResource", resourceClass.Constructor(js))
}

// storage is its own key in Frame.Locals.
type storage struct {
	name string
	def  jsg.Value
}

var storageClass = &jsg.Class[storage]{Name: "AsyncLocalStorage"}

func init() {
	storageClass.New = func(js *jsg.Scope, a *jsg.Args) (*storage, error) {
		o := a.Dict(0)
		return &storage{name: o.String("name", ""), def: o.Value("defaultValue")}, a.Err()
	}
	storageClass.Members = jsg.Members[storage]{
		jsg.Method("run", 2, (*storage).run),
		jsg.Method("exit", 1, (*storage).exit),
		jsg.Method("getStore", 0, (*storage).getStore),
		jsg.Method("enterWith", 0, refuse("enterWith")),
		jsg.Method("disable", 0, refuse("disable")),
		jsg.Getter("name", func(s *storage, js *jsg.Scope) (jsg.Value, error) { return js.String(s.name), nil }),
		jsg.Static[storage]("bind", 1, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return bind(js, a) }),
		jsg.Static[storage]("snapshot", 0, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return snapshot(js), nil }),
	}
}

func refuse(name string) func(*storage, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
	return func(*storage, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
		return nil, jsg.Errorf("asyncLocalStorage.%s() is not implemented", name)
	}
}

func (s *storage) run(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if !jsg.IsFunction(a.Value(1)) {
		a.Mismatch(1, "function")
		return nil, a.Err()
	}
	return s.call(js, a.Value(0), a.Value(1), a.Rest(2))
}

func (s *storage) exit(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	f := a.Func(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	return s.call(js, jsg.Undefined, f, a.Rest(1))
}

// call runs f where the storage has another value.
func (s *storage) call(js *jsg.Scope, v, f jsg.Value, args []jsg.Value) (jsg.Value, error) {
	frame := *iocontext.CurrentFrame(js)
	frame.Locals = maps.Clone(frame.Locals)
	if frame.Locals == nil {
		frame.Locals = make(map[any]jsg.Value, 1)
	}
	frame.Locals[s] = v
	return under(js, &frame, jsg.Undefined, f, args)
}

// under calls f in a frame.
func under(js *jsg.Scope, frame *iocontext.Frame, this, f jsg.Value, args []jsg.Value) (v jsg.Value, err error) {
	js.WithFrame(frame, func() { v, err = js.Call(f, this, args...) })
	return v, err
}

func (s *storage) getStore(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if v, ok := iocontext.CurrentFrame(js).Locals[s]; ok {
		return v, nil
	}
	return s.def, nil
}

// here is the frame of now without its event: what is bound to it later runs
// for the event that calls it.
func here(js *jsg.Scope) func(js *jsg.Scope) *iocontext.Frame {
	locals := iocontext.CurrentFrame(js).Locals
	return func(js *jsg.Scope) *iocontext.Frame {
		frame := *iocontext.CurrentFrame(js)
		frame.Locals = locals
		return &frame
	}
}

func snapshot(js *jsg.Scope) jsg.Value {
	frame := here(js)
	return js.Func("", 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		f := a.Func(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return under(js, frame(js), this, f, a.Rest(1))
	})
}

func bind(js *jsg.Scope, a *jsg.Args) (*jsg.Object, error) {
	f := a.Value(0)
	if !jsg.IsFunction(f) {
		a.Mismatch(0, "Function")
		return nil, a.Err()
	}
	frame := here(js)
	return js.Func("", 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return under(js, frame(js), this, f, a.Rest(0))
	}), nil
}

// resource is an AsyncResource.
type resource struct {
	jsg.Instance
	frame func(js *jsg.Scope) *iocontext.Frame
}

var resourceClass = &jsg.Class[resource]{Name: "AsyncResource"}

func init() {
	resourceClass.New = func(js *jsg.Scope, a *jsg.Args) (*resource, error) {
		if a.Dict(1).Has("triggerAsyncId") {
			return nil, jsg.Errorf("The 'triggerAsyncId' field on 'Options' is not implemented.")
		}
		return &resource{frame: here(js)}, a.Err()
	}
	zero := func(*resource, *jsg.Scope, *jsg.Args) (jsg.Value, error) { return jsg.Undefined, nil }
	id := func(_ *resource, js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return js.Int(0), nil }
	resourceClass.Members = jsg.Members[resource]{
		jsg.Method("asyncId", 0, id),
		jsg.Method("triggerAsyncId", 0, id),
		jsg.Method("emitDestroy", 0, zero),
		jsg.Method("runInAsyncScope", 1, (*resource).run),
		jsg.Method("bind", 1, (*resource).bind),
		jsg.Static[resource]("bind", 1, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return bind(js, a) }),
	}
}

func (r *resource) run(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	f := a.Func(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	return under(js, r.frame(js), a.Value(1), f, a.Rest(2))
}

func (r *resource) bind(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	f := a.Func(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	bound := js.Func("", 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return under(js, r.frame(js), this, f, a.Rest(0))
	})
	js.DefineLazy(bound, "asyncResource", true, func(js *jsg.Scope) jsg.Value { return resourceClass.Wrap(js, r) })
	return bound, nil
}
