package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// introspection is a test's interest in all instances that are made.
type introspection struct {
	id  string
	ids []string // made since it began
	// operations are done to each instance before it runs.
	operations []func(w *Workflow, id string) error
}

// introspective are the methods by which tests look into instances. They have the
// names that wrangler's binding has for the same.
func introspective() jsg.Members[binding] {
	return jsg.Members[binding]{
		jsg.Async("unsafeGetBindingName", 0, func(b *binding, js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return js.String(b.name), nil }),
		jsg.Async("unsafeStartIntrospection", 0, (*binding).startIntrospection),
		jsg.Async("unsafeStopIntrospection", 1, (*binding).stopIntrospection),
		jsg.Async("unsafeSetIntrospectionOperations", 2, (*binding).setOperations),
		jsg.Async("unsafeGetIntrospectionInstances", 1, (*binding).introspected),
		jsg.Async("unsafeAbort", 2, (*binding).abort),
		jsg.Async("unsafeGetInstanceModifier", 1, (*binding).modifier),
		jsg.Async("unsafeWaitForStepResult", 3, (*binding).waitForStepResult),
		jsg.Async("unsafeWaitForStatus", 2, (*binding).waitForStatus),
		jsg.Async("unsafeGetOutputOrError", 2, (*binding).outputOrError),
	}
}

func (b *binding) startIntrospection(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if b.w.session != nil {
		return nil, jsError(&Error{Message: fmt.Sprintf("Workflow %q already has an active introspection session for binding %q.", b.w.name, b.name)})
	}
	b.w.session = &introspection{id: randomID()}
	return js.String(b.w.session.id), nil
}

func (b *binding) stopIntrospection(_ *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if s := b.w.session; s != nil && s.id == a.Value(0).String() {
		b.w.session = nil
	}
	return jsg.Undefined, nil
}

// inSession calls f with the session of an introspector, which must be the one that
// is active.
func (b *binding) inSession(id string, f func(s *introspection)) error {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	s := b.w.session
	if s == nil || s.id != id {
		return jsError(&Error{Message: fmt.Sprintf("Workflow %q does not have an active introspection session for this introspector.", b.w.name)})
	}
	f(s)
	return nil
}

func (b *binding) setOperations(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var list []func(w *Workflow, id string) error
	err := js.Iterate(a.Value(1), func(v jsg.Value) (bool, error) {
		do, err := readOperation(js, v)
		list = append(list, do)
		return err == nil, err
	})
	if err != nil {
		return nil, err
	}
	return jsg.Undefined, b.inSession(a.Value(0).String(), func(s *introspection) { s.operations = list })
}

func (b *binding) introspected(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var ids []jsg.Value
	err := b.inSession(a.Value(0).String(), func(s *introspection) {
		for _, id := range s.ids {
			ids = append(ids, js.String(id))
		}
	})
	if err != nil {
		return nil, err
	}
	return js.NewArray(ids...), nil
}

// introspect does to a new instance what a test wants of all. The caller is in a
// transaction.
func (w *Workflow) introspect(id string) error {
	if w.session == nil {
		return nil
	}
	w.session.ids = append(w.session.ids, id)
	var errs []error
	for _, do := range w.session.operations {
		errs = append(errs, do(w, id))
	}
	return errors.Join(errs...)
}

// abort forgets an instance, which need not exist.
func (b *binding) abort(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id := a.Value(0).String()
	return b.run(js, "unsafeAbort", id, func() error {
		err := b.w.Delete(id)
		if errors.Is(err, errNoInstance) {
			err = b.w.modify(func() error { return b.w.db.Exec("DELETE FROM mocks WHERE id = ?", id) })
		}
		return err
	}), nil
}

func (b *binding) run(js *jsg.Scope, method, id string, work func() error) jsg.Value {
	return op.Run(js, b.call(method, id), func(context.Context) (struct{}, error) { return struct{}{}, work() },
		func(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil })
}

// modify runs f in a transaction.
func (w *Workflow) modify(f func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.use(); err != nil {
		return err
	}
	return w.db.Tx(f)
}

// waitForStepResult gives the result of a step once it has one.
func (b *binding) waitForStepResult(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, name, count := a.Value(0).String(), a.Value(1).String(), int64(1)
	if n := a.Value(2); !jsg.IsNullish(n) {
		count = int64(n.ToFloat())
	}
	key := stepKey("do", name, count)
	return follow(js, b.w, id, func(in *Instance) (row *stepRow, found bool, err error) {
		if in == nil {
			return nil, false, nil
		}
		row, err = b.w.step(in, key)
		if row != nil && row.stream > 0 {
			err = &Error{Message: "the result of the step is a stream; read it where the step is"}
		}
		return row, row != nil && row.state != stepBegun, err
	}, func(js *jsg.Scope, row *stepRow) (jsg.Value, error) {
		v, err := read(js, row.value)
		if err == nil && row.state == stepFailed {
			err = jsg.Thrown(v)
		}
		return v, err
	}), nil
}

// waitForStatus waits for an instance to have a status, unless it can have that no
// more.
func (b *binding) waitForStatus(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, want := a.Value(0).String(), Status(a.Value(1).String())
	return follow(js, b.w, id, func(in *Instance) (struct{}, bool, error) {
		switch {
		case in == nil:
			return struct{}{}, false, nil
		case in.Status != want && in.Status.Final() && want.Final():
			return struct{}{}, false, &Error{Message: fmt.Sprintf("[WorkflowIntrospector] The Workflow instance %s has reached status '%s'. This is a finite status that prevents it from ever reaching the expected status of '%s'.", id, in.Status, want)}
		}
		return struct{}{}, in.Status == want, nil
	}, func(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil }), nil
}

func (b *binding) outputOrError(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, output := a.Value(0).String(), a.Value(1).ToBoolean()
	return op.Run(js, b.call("unsafeGetOutputOrError", id), func(context.Context) (json.RawMessage, error) {
		r, err := b.w.Describe(id)
		switch {
		case err != nil:
			return nil, err
		case output && r.Status != Complete:
			return nil, &Error{Message: fmt.Sprintf("Cannot retrieve output: Workflow instance is in status %q but must be \"complete\" to have an output available", r.Status)}
		case !output && r.Status != Errored:
			return nil, &Error{Message: fmt.Sprintf("Cannot retrieve error: Workflow instance is in status %q but must be \"errored\" to have error information available", r.Status)}
		case output:
			return r.Output(), nil
		}
		return r.Failure(), nil
	}, func(js *jsg.Scope, data json.RawMessage) (jsg.Value, error) {
		if data == nil {
			return jsg.Undefined, nil
		}
		return js.JSONParse(string(data))
	}), nil
}
