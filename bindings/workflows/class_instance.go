package workflows

import (
	"context"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// instance is what create and get give.
type instance struct {
	b  *binding
	id string
}

var instanceClass = &jsg.Class[instance]{Name: "InstanceImpl", Script: true}

func init() {
	simple := func(name string, f func(w *Workflow, id string) error) jsg.Member[instance] {
		return jsg.Async(name, 0, func(i *instance, js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
			return i.run(js, name, func() error { return f(i.b.w, i.id) }), nil
		})
	}
	instanceClass.Members = jsg.Members[instance]{
		simple("pause", (*Workflow).Pause),
		simple("resume", (*Workflow).Resume),
		jsg.Async("terminate", 1, (*instance).terminate),
		jsg.Async("restart", 1, (*instance).restart),
		simple("delete", (*Workflow).Delete),
		jsg.Async("status", 0, (*instance).status),
		jsg.Async("subscribe", 1, (*instance).subscribe),
		jsg.Async("sendEvent", 1, (*instance).sendEvent),
	}
}

func (b *binding) instance(js *jsg.Scope, id string) jsg.Value {
	o := instanceClass.Wrap(js, &instance{b, id})
	js.Define(o, "id", js.String(id))
	return o
}

func (i *instance) run(js *jsg.Scope, method string, work func() error) jsg.Value {
	return op.Run(js, i.b.call(method, i.id), func(context.Context) (struct{}, error) { return struct{}{}, work() },
		func(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil })
}

func (i *instance) status(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
	return op.Run(js, i.b.call("status", i.id), func(context.Context) (*Report, error) { return i.b.w.Describe(i.id) },
		func(js *jsg.Scope, r *Report) (jsg.Value, error) { return r.wrap(js) }), nil
}

func (i *instance) sendEvent(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	o, ok := jsg.IsObject(a.Value(0))
	if !ok {
		return nil, jsg.TypeErrorf("sendEvent() takes an object with the event's \"type\" and \"payload\".")
	}
	kind, err := js.Get(o, "type")
	if err != nil {
		return nil, err
	}
	payload, err := js.Get(o, "payload")
	if err != nil {
		return nil, err
	}
	m, err := clone.Write(js, payload, clone.Options{})
	if err != nil {
		return nil, err
	}
	i.b.w.checkSize("the payload of an event", len(m.Data))
	name := kind.String()
	return i.run(js, "sendEvent", func() error { return i.b.w.SendEvent(i.id, name, m.Data) }), nil
}

func (i *instance) restart(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	from, err := readFrom(js, a.Value(0))
	if err != nil {
		return nil, err
	}
	return i.run(js, "restart", func() error { return i.b.w.Restart(i.id, from) }), nil
}

// readFrom reads {from: {name, count, type}}.
func readFrom(js *jsg.Scope, v jsg.Value) (*From, error) {
	options, ok := jsg.IsObject(v)
	if !ok {
		return nil, nil
	}
	f, err := js.Get(options, "from")
	if err != nil || !f.ToBoolean() {
		return nil, err
	}
	o, ok := jsg.IsObject(f)
	if !ok {
		return nil, errNoStep("undefined")
	}
	from := &From{Count: 1, Type: "do"}
	name, err := js.Get(o, "name")
	if err != nil {
		return nil, err
	}
	count, err := js.Get(o, "count")
	if err != nil {
		return nil, err
	}
	kind, err := js.Get(o, "type")
	if err != nil {
		return nil, err
	}
	from.Name = name.String()
	if !jsg.IsNullish(count) {
		from.Count = int64(count.ToFloat())
	}
	if !jsg.IsNullish(kind) {
		from.Type = kind.String()
	}
	return from, nil
}

func (i *instance) terminate(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if o, ok := jsg.IsObject(a.Value(0)); ok {
		v, err := js.Get(o, "rollback")
		if err != nil {
			return nil, err
		}
		if jsg.IsBool(v) && v.ToBoolean() {
			return i.rollBack(js), nil
		}
	}
	return i.run(js, "terminate", func() error { return i.b.w.Terminate(i.id) }), nil
}

// rollBack terminates the instance once its steps have been taken back.
func (i *instance) rollBack(js *jsg.Scope) jsg.Value {
	w := i.b.w
	return op.Run(js, i.b.call("terminate", i.id), func(context.Context) (bool, error) { return w.unwindThenTerminate(i.id) },
		func(js *jsg.Scope, pending bool) (jsg.Value, error) {
			if !pending {
				return jsg.Undefined, nil
			}
			return follow(js, w, i.id, func(in *Instance) (struct{}, bool, error) { return struct{}{}, in == nil || in.Status.Final(), nil },
				func(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil }), nil
		})
}

// unwindThenTerminate has the run of an instance take its steps back and terminate
// it. pending is set if that is still to come.
func (w *Workflow) unwindThenTerminate(id string) (pending bool, err error) {
	w.mu.Lock()
	in, err := w.find(id)
	r := w.runs[id]
	w.mu.Unlock()
	switch {
	case err != nil:
		return false, err
	case in == nil:
		return false, errNotFound
	case in.Status.Final():
		return false, errFinal
	case r == nil:
		return false, jsg.Errorf("Taking steps back needs the instance to run, but it is %s. Resume it first.", in.Status)
	}
	r.post(func(js *jsg.Scope) {
		reason := js.ErrorValue(&jsg.Error{Name: "Error", Message: "Instance terminated during rollback"})
		if o, ok := jsg.IsObject(reason); ok {
			js.DefineField(o, "name", js.String("Terminated"))
		}
		r.unwind(js, reason, func(js *jsg.Scope) {
			if err := w.Terminate(id); err != nil {
				w.report("error", "workflow "+w.name+": "+err.Error())
			}
		})
	})
	return true, nil
}
