package workflows

import (
	"bytes"
	"errors"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// modifier changes what an instance does, for tests: before it is made or later.
type modifier struct {
	b  *binding
	id string
}

var modifierClass = &jsg.Class[modifier]{Name: "WorkflowInstanceModifier", Script: true}

func init() {
	for _, name := range []string{"disableSleeps", "disableRetryDelays", "mockStepResult", "mockStepStream", "mockStepError", "forceStepTimeout", "mockEvent", "forceEventTimeout"} {
		modifierClass.Members = append(modifierClass.Members, jsg.Async(name, 1, func(m *modifier, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			do, err := operation(js, name, a.Rest(0))
			if err != nil {
				return nil, err
			}
			return m.b.run(js, name, m.id, func() error { return m.b.w.modify(func() error { return do(m.b.w, m.id) }) }), nil
		}))
	}
}

func (b *binding) modifier(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return modifierClass.Wrap(js, &modifier{b, a.Value(0).String()}), nil
}

// readOperation reads {type, args}: an operation for all instances.
func readOperation(js *jsg.Scope, v jsg.Value) (func(w *Workflow, id string) error, error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return nil, jsg.TypeErrorf("an operation has to be an object")
	}
	kind, err := js.Get(o, "type")
	if err != nil {
		return nil, err
	}
	list, err := js.Get(o, "args")
	if err != nil {
		return nil, err
	}
	var args []jsg.Value
	if err := js.Iterate(list, func(v jsg.Value) (bool, error) { args = append(args, v); return true, nil }); err != nil {
		return nil, err
	}
	return operation(js, kind.String(), args)
}

// operation reads the arguments of a change. What it gives is called in a
// transaction.
func operation(js *jsg.Scope, kind string, args []jsg.Value) (func(w *Workflow, id string) error, error) {
	arg := func(i int) jsg.Value {
		if i < len(args) {
			return args[i]
		}
		return jsg.Undefined
	}
	switch kind {
	case "disableSleeps":
		return disabling(js, mockSleep, arg(0))
	case "disableRetryDelays":
		return disabling(js, mockRetry, arg(0))
	case "mockEvent":
		return mockingEvent(js, arg(0))
	}
	name, target, err := stepOf(js, arg(0))
	if err != nil {
		return nil, err
	}
	times := func(v jsg.Value) int64 {
		if jsg.IsNullish(v) {
			return 0
		}
		return int64(v.ToFloat())
	}
	switch kind {
	case "mockStepResult":
		m, err := clone.Write(js, arg(1), clone.Options{})
		return func(w *Workflow, id string) error {
			return errors.Join(w.mockable(id, target, name, "mock step '%s' multiple times!"), w.setMock(id, mockResult+target, m.Data))
		}, err
	case "mockStepStream":
		data, ok := jsg.Bytes(arg(1))
		if !ok {
			return nil, jsg.TypeErrorf("mockStepStream() takes bytes")
		}
		data = bytes.Clone(data)
		return func(w *Workflow, id string) error {
			return errors.Join(w.mockable(id, target, name, "mock step '%s' multiple times!"), w.setMock(id, mockStream+target, data))
		}, nil
	case "mockStepError":
		d, n := jsg.Describe(arg(1)), times(arg(2))
		return func(w *Workflow, id string) error {
			return errors.Join(w.mockable(id, target, name, "mock error on step '%s' after mocking its result!"), w.mockTimes(id, mockError, target, n, []byte(d.Name+"\n"+d.Message)))
		}, nil
	case "forceStepTimeout":
		n := times(arg(1))
		return func(w *Workflow, id string) error {
			return errors.Join(w.mockable(id, target, name, "force timeout on step '%s' after mocking its result!"), w.mockTimes(id, mockTimeout, target, n, nil))
		}, nil
	case "forceEventTimeout":
		return func(w *Workflow, id string) error { return w.setMock(id, mockEventTimeout+target, nil) }, nil
	}
	return nil, jsg.TypeErrorf("%q is no change of a Workflow instance", kind)
}

// stepOf reads {name, index}.
func stepOf(js *jsg.Scope, v jsg.Value) (name, target string, err error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return "", "", jsg.TypeErrorf("A step is named by an object with \"name\", and \"index\" where several have it.")
	}
	n, err := js.Get(o, "name")
	if err != nil {
		return "", "", err
	}
	index, err := js.Get(o, "index")
	if err != nil {
		return "", "", err
	}
	count := int64(1)
	if index.ToBoolean() {
		count = int64(index.ToFloat())
	}
	return n.String(), stepTarget(n.String(), count), nil
}

// disabling sets a mock for some steps, or for all.
func disabling(js *jsg.Scope, kind string, list jsg.Value) (func(w *Workflow, id string) error, error) {
	targets := []string{mockAll}
	if !jsg.IsNullish(list) {
		targets = nil
		err := js.Iterate(list, func(v jsg.Value) (bool, error) {
			_, target, err := stepOf(js, v)
			targets = append(targets, target)
			return err == nil, err
		})
		if err != nil {
			return nil, err
		}
	}
	return func(w *Workflow, id string) error {
		var errs []error
		for _, t := range targets {
			errs = append(errs, w.setMock(id, kind+t, nil))
		}
		return errors.Join(errs...)
	}, nil
}

// mockingEvent gives an event to an instance, which need not exist yet.
func mockingEvent(js *jsg.Scope, v jsg.Value) (func(w *Workflow, id string) error, error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return nil, jsg.TypeErrorf("mockEvent() takes an object with the event's \"type\" and \"payload\".")
	}
	kind, err := js.Get(o, "type")
	if err != nil {
		return nil, err
	}
	payload, err := js.Get(o, "payload")
	if err != nil {
		return nil, err
	}
	name := kind.String()
	m, err := clone.Write(js, payload, clone.Options{})
	return func(w *Workflow, id string) error {
		in, err := w.find(id)
		if err != nil {
			return err
		}
		if in == nil { // it is there when the instance begins
			return w.addMockEvent(id, name, m.Data)
		}
		return w.addEvent(in, name, m.Data)
	}, err
}
