package vitest

import (
	"context"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// timers are those the library keeps for itself while it is evaluated: they
// count as the runner's, not as something a test left going on. What they call
// runs under the frame that set them.
var timers = []string{"setTimeout", "setInterval"}

// evaluate runs the library's script with its own timers.
func (h *host) evaluate(js *jsg.Scope, script *isolate.Script) (exports *jsg.Object, err error) {
	global := js.Global()
	for _, name := range timers {
		real, err := js.Get(global, name)
		if err != nil {
			return nil, err
		}
		js.Define(global, name, js.Func(name, 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return h.timer(js, real, a)
		}))
		defer js.Define(global, name, real)
	}
	// The tests' imports are linked while the worker is loaded, at global scope;
	// what the library does there is its own affair.
	io := iocontext.New(isolate.Of(js), context.Background(), iocontext.Info{})
	defer io.End()
	js.WithFrame(&iocontext.Frame{IO: io}, func() { exports, err = isolate.Of(js).Evaluate(js, script) })
	return exports, err
}

func (h *host) timer(js *jsg.Scope, real jsg.Value, a *jsg.Args) (v jsg.Value, err error) {
	caller, callback := js.Frame(), a.Value(0)
	args := a.Rest(0)
	if jsg.IsFunction(callback) {
		args[0] = js.Func("", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (v jsg.Value, err error) {
			js.WithFrame(caller, func() { v, err = js.Call(callback, jsg.Undefined, a.Rest(0)...) })
			return v, err
		})
	}
	frame := caller
	if h.stash.runner != nil {
		frame = &iocontext.Frame{IO: h.stash.runner}
	}
	js.WithFrame(frame, func() { v, err = js.Call(real, jsg.Undefined, args...) })
	return v, err
}
