// Package timers emulates setTimeout and setInterval, queueMicrotask and
// scheduler.wait. Timers belong to the event that set them: when it is over
// (response sent, waitUntil done) they are dropped, as in Workers.
//
// Where the truth is: https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html
// and https://developers.cloudflare.com/workers/runtime-apis/scheduler/.
package timers

import (
	"time"

	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// table is the timers of one isolate by id.
type table struct {
	next int64
	byID map[int64]*iocontext.Op
}

// Install defines the functions.
func Install(js *jsg.Scope) {
	t := &table{byID: map[int64]*iocontext.Op{}}
	g := js.Global()
	define := func(name string, length int, f jsg.NativeFunc) { js.DefineGlobal(name, js.GlobalFunc(name, length, f)) }
	define("setTimeout", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return t.set(js, a, false) })
	define("setInterval", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return t.set(js, a, true) })
	define("clearTimeout", 1, t.clear)
	define("clearInterval", 1, t.clear)
	define("queueMicrotask", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		f := a.Func(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		js.Then(jsg.Undefined, func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
			if _, err := js.Call(f, jsg.Undefined); err != nil {
				events.ReportError(js, err)
			}
			return jsg.Undefined, nil
		}, nil)
		return jsg.Undefined, nil
	})
	js.Define(g, "scheduler", schedulerClass.Wrap(js, &scheduler{}))
}

func (t *table) set(js *jsg.Scope, a *jsg.Args, repeat bool) (jsg.Value, error) {
	f := a.Func(0)
	d := time.Duration(0)
	if a.Has(1) {
		d = iocontext.Delay(a.Float(1))
	}
	args := a.Rest(2)
	if err := a.Err(); err != nil {
		return nil, err
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	t.next++
	id := t.next
	var fire func(js *jsg.Scope)
	arm := func(js *jsg.Scope) { t.byID[id] = c.AfterFunc(js, d, fire) }
	fire = func(js *jsg.Scope) {
		if repeat {
			arm(js) // before the call, so that the callback can clear it
		} else {
			delete(t.byID, id)
		}
		if _, err := js.Call(f, jsg.Undefined, args...); err != nil {
			isolate.ReportUncaught(js, err)
		}
	}
	if repeat && d < time.Millisecond {
		d = time.Millisecond
	}
	arm(js)
	return js.Int(id), nil
}

func (t *table) clear(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "Number")
		return nil, a.Err()
	}
	if !a.Has(0) || !jsg.IsNumber(a.Value(0)) {
		return jsg.Undefined, nil
	}
	id := a.Int(0)
	if op, ok := t.byID[id]; ok {
		op.Drop()
		delete(t.byID, id)
	}
	return jsg.Undefined, nil
}

type scheduler struct{}

var schedulerClass = &jsg.Class[scheduler]{
	Name: "Scheduler",
	Members: jsg.Members[scheduler]{
		jsg.Async("wait", 1, func(_ *scheduler, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			d := iocontext.Delay(a.Float(0))
			signalValue := a.DictNamed(1, "WaitOptions").Value("signal")
			if err := a.Err(); err != nil {
				return nil, err
			}
			c, err := iocontext.Require(js)
			if err != nil {
				return nil, err
			}
			signal, hasSignal := events.SignalOf(signalValue)
			if !hasSignal && !jsg.IsUndefined(signalValue) {
				return nil, jsg.TypeErrorf("Incorrect type for the 'signal' field on 'WaitOptions': the provided value is not of type 'AbortSignal'.")
			}
			if hasSignal && signal.Aborted() {
				return nil, events.AbortError(signal.Reason())
			}
			r := js.NewPromise()
			op := c.AfterFunc(js, d, func(js *jsg.Scope) { r.Resolve(jsg.Undefined) })
			if hasSignal {
				signal.OnAbort(js, func(js *jsg.Scope, reason jsg.Value) { op.Drop(); r.Reject(js, events.AbortError(reason)) })
			}
			return r.Promise(), nil
		}),
	},
}
