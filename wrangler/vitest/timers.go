package vitest

import (
	"context"
	"time"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// timers are those the library keeps for itself while it is evaluated. They
// count as the runner's, not as something a test left going on, and follow the
// machine's time, whatever tests do to the project's clock. What they call runs
// under the frame that set them.
type timers struct {
	began   time.Time
	last    int
	pending map[int]func() // ends one, by its number
}

// evaluate runs the library's script with its own timers.
func (h *host) evaluate(js *jsg.Scope, script *isolate.Script) (exports *jsg.Object, err error) {
	t := &timers{began: time.Now(), pending: map[int]func(){}}
	set := func(repeat bool) func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
		return func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return h.timer(js, t, a, repeat) }
	}
	clear := func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		if end := t.pending[int(a.Float(0))]; end != nil {
			end()
		}
		return jsg.Undefined, nil
	}
	global := js.Global()
	for name, f := range map[string]func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error){
		"setTimeout": set(false), "setInterval": set(true), "clearTimeout": clear, "clearInterval": clear,
	} {
		defer replace(js, global, name, js.Func(name, 1, f))()
	}
	if real, ok := jsg.IsObject(global.Get("performance")); ok {
		performance := js.CreateObject(real)
		js.Define(performance, "now", js.Func("now", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
			return js.Float(float64(time.Since(t.began)) / float64(time.Millisecond)), nil
		}))
		defer replace(js, global, "performance", performance)()
	}
	// The tests' imports are linked while the worker is loaded, at global scope;
	// what the library does there is its own affair.
	io := iocontext.New(isolate.Of(js), context.Background(), iocontext.Info{})
	defer io.End()
	js.WithFrame(&iocontext.Frame{IO: io}, func() { exports, err = isolate.Of(js).Evaluate(js, script) })
	return exports, err
}

// replace puts a value in the place of another until restore.
func replace(js *jsg.Scope, o *jsg.Object, name string, v jsg.Value) (restore func()) {
	was := o.Get(name)
	js.Define(o, name, v)
	return func() { js.Define(o, name, was) }
}

// timer is the library's setTimeout or setInterval: function, milliseconds,
// arguments.
func (h *host) timer(js *jsg.Scope, t *timers, a *jsg.Args, repeat bool) (jsg.Value, error) {
	callback, args := a.Func(0), []jsg.Value{}
	ms := 0.0
	if a.Has(1) {
		ms = a.Float(1)
	}
	if a.Len() > 2 {
		args = a.Rest(2)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	t.last++
	number, caller := t.last, js.Frame()
	var begin func(js *jsg.Scope)
	begin = func(js *jsg.Scope) {
		t.pending[number] = h.after(js, time.Duration(ms*float64(time.Millisecond)), func(js *jsg.Scope) {
			delete(t.pending, number)
			if repeat {
				begin(js)
			}
			js.WithFrame(caller, func() {
				if _, err := js.Call(callback, jsg.Undefined, args...); err != nil {
					isolate.ReportUncaught(js, err)
				}
			})
		})
	}
	begin(js)
	return js.Int(int64(number)), nil
}

// after runs f as a turn once that much of the machine's time has passed, for
// the runner, unless stop is called before.
func (h *host) after(js *jsg.Scope, d time.Duration, f func(js *jsg.Scope)) (stop func()) {
	io := h.stash.runner
	if io == nil {
		io = iocontext.Current(js)
	}
	var op *iocontext.Op
	js.WithFrame(&iocontext.Frame{IO: io}, func() { op = io.Begin(js) })
	timer := time.AfterFunc(d, func() { op.Finish(f) })
	ended := context.AfterFunc(isolate.Of(js).Context(), func() { timer.Stop() }) // it holds the whole realm
	return func() {
		ended()
		timer.Stop()
		op.Drop()
	}
}
