package durable

import (
	"context"
	"errors"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Calls of an object's methods through a stub. Arguments and results travel as
// clones; what cannot be cloned (functions, RpcTarget, streams) is refused with
// a DataCloneError. Pipelining, disposal and calls of what a call returned are
// not there.

// receiver looks for a method as a stub may see it: on the prototype, not on
// the instance. It returns the owner of the member, or why there is none.
var receiver = jsg.MustCompile("rpc", `(function(object, name) {
	"use strict";
	let rpc = false, found = false;
	for (let p = Object.getPrototypeOf(object); p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
		if (p.constructor && p.constructor.name === "DurableObject") { rpc = true; break; }
		if (Object.prototype.hasOwnProperty.call(p, name)) found = true;
	}
	if (!rpc) return "class";
	return found && name !== "constructor" && !Object.prototype.hasOwnProperty.call(object, name) ? "" : "method";
})`)

var receiverFunc = jsg.NewLocal[jsg.Value]()

func checkReceiver(js *jsg.Scope, o *jsg.Object, name string) error {
	f := receiverFunc.Get(js)
	if f == nil {
		var err error
		if f, err = js.Run(receiver); err != nil {
			return err
		}
		receiverFunc.Set(js, f)
	}
	v, err := js.Call(f, jsg.Undefined, o, js.String(name))
	if err != nil {
		return err
	}
	switch v.String() {
	case "class":
		return jsg.TypeErrorf("The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the special class `DurableObject`, which can be imported from the module \"cloudflare:workers\".")
	case "method":
		return jsg.TypeErrorf("The RPC receiver does not implement the method %q.", name)
	}
	return nil
}

// method is what a stub has under a name that is not its own: a function that
// calls the object's method, and a thenable that reads its property.
func (s *stub) method(js *jsg.Scope, name string) jsg.Value {
	frame := js.Frame()
	f := js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		args, err := clone.Write(js, js.NewArray(a.Rest(0)...), clone.Options{})
		if err != nil {
			return js.Rejected(err), nil
		}
		return s.call(js, name, func(js *jsg.Scope, o *jsg.Object) (jsg.Value, error) {
			f, err := js.Get(o, name)
			if err != nil {
				return nil, err
			}
			if !jsg.IsFunction(f) {
				return nil, jsg.TypeErrorf("%q is not a function.", name)
			}
			list, err := args.Read(js)
			if err != nil {
				return nil, err
			}
			var values []jsg.Value
			err = js.Iterate(list, func(v jsg.Value) (bool, error) { values = append(values, v); return true, nil })
			if err != nil {
				return nil, err
			}
			return js.Call(f, o, values...)
		}), nil
	})
	js.DefineHidden(f, "then", js.Func("then", 2, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		// await calls this without the frame of the code that waits.
		var p jsg.Value
		js.WithFrame(frame, func() {
			p = s.call(js, name, func(js *jsg.Scope, o *jsg.Object) (jsg.Value, error) { return js.Get(o, name) })
		})
		return js.Invoke(p.(*jsg.Object), "then", a.Rest(0)...)
	}))
	return f
}

// call runs f with the object in its isolate and gives the promise of a clone
// of what it returns.
func (s *stub) call(js *jsg.Scope, name string, f func(js *jsg.Scope, o *jsg.Object) (jsg.Value, error)) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	if _, err := c.Subrequest(js); err != nil {
		return js.Rejected(err)
	}
	iso, parent := isolate.Of(js), iocontext.CurrentFrame(js).Span
	info := c.Info
	info.Calls = c.Invocations()
	var result clone.Message
	call := actor.Call{
		Info: info, Span: trace.NewSpan(),
		Check: func(js *jsg.Scope, in *actor.Instance) error { return checkReceiver(js, in.Value(), name) },
		Run:   func(js *jsg.Scope, in *actor.Instance) (jsg.Value, error) { return f(js, in.Value()) },
		Result: func(js *jsg.Scope, v jsg.Value) (err error) {
			result, err = clone.Write(js, v, clone.Options{})
			return err
		},
	}
	p := js.NewPromise()
	op := c.Begin(js)
	started := iso.Clock().Now()
	c.Output(func() {
		ticket := s.ref.Ticket()
		ctx, errand := iso.Errand(context.WithoutCancel(c.Context()))
		go func() {
			defer errand.Done()
			err := ticket.Call(ctx, call)
			s.report(iso, parent, call.Span, name, started, err)
			op.Finish(func(js *jsg.Scope) {
				if err != nil {
					p.Reject(js, callError(err))
					return
				}
				v, err := result.Read(js)
				if err != nil {
					p.Reject(js, err)
					return
				}
				p.Resolve(v)
			})
		}()
	})
	return p.Promise()
}

// callError keeps errors made for JavaScript and hides the rest.
func callError(err error) error {
	var e *jsg.Error
	if errors.As(err, &e) {
		return e
	}
	return &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: err, Props: map[string]any{"retryable": true}}
}

func (s *stub) report(iso *isolate.Isolate, parent, span trace.Span, name string, started time.Time, err error) {
	if !iso.Trace().Active() {
		return
	}
	rec := trace.Record{Kind: trace.Subrequest, Span: span, Parent: parent, Worker: iso.Name(), Name: s.Name + "." + name + "()", Target: s.Name,
		Time: started, Duration: iso.Clock().Now().Sub(started)}
	if err != nil {
		rec.Error = err.Error()
	}
	iso.Trace().Emit(rec)
}
