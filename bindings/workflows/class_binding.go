package workflows

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// binding is env.NAME.
type binding struct {
	w    *Workflow
	name string
}

var bindingClass = &jsg.Class[binding]{Name: "WorkflowImpl", Script: true}

func init() {
	bindingClass.Members = append(jsg.Members[binding]{
		jsg.Async("get", 1, (*binding).get),
		jsg.Async("create", 1, (*binding).create),
		jsg.Async("createBatch", 1, (*binding).createBatch),
		jsg.Async("deleteBatch", 1, (*binding).deleteBatch),
	}, introspective()...)
}

func newBinding(js *jsg.Scope, w *Workflow, name string) jsg.Value {
	return bindingClass.Wrap(js, &binding{w, name})
}

// jsError is what callers see: the service is another worker to them.
func jsError(err error) error {
	var ours *Error
	var js *jsg.Error
	switch {
	case errors.As(err, &ours):
		return remote(ours)
	case errors.As(err, &js):
		return js
	}
	return &jsg.Error{Name: "Error", Message: "internal error", Cause: err, Props: jsg.Flags("remote")}
}

func (b *binding) call(method, key string) op.Call {
	return op.Call{Binding: b.name, Method: method, Key: key, Line: &b.w.line, Error: jsError}
}

func (b *binding) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id := a.Value(0).String()
	return op.Run(js, b.call("get", id), func(context.Context) (*Instance, error) { return b.w.Get(id) }, func(js *jsg.Scope, in *Instance) (jsg.Value, error) {
		return b.instance(js, in.ID), nil
	}), nil
}

func (b *binding) create(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	n, err := newInstance(js, a.Value(0))
	if err != nil {
		return nil, jsError(err)
	}
	b.w.checkSize("the params of an instance", len(n.Params))
	return op.Run(js, b.call("create", n.ID), func(context.Context) (*Instance, error) {
		return b.w.Create(n.ID, n.Params)
	}, func(js *jsg.Scope, in *Instance) (jsg.Value, error) { return b.instance(js, in.ID), nil }), nil
}

// newInstance reads the options of create. Params that cannot be kept are refused
// here.
func newInstance(js *jsg.Scope, v jsg.Value) (n NewInstance, err error) {
	params := jsg.Undefined
	if o, ok := jsg.IsObject(v); ok {
		id, err := js.Get(o, "id")
		if err != nil {
			return n, err
		}
		if n.Given = !jsg.IsUndefined(id); n.Given {
			if !jsg.IsString(id) {
				return n, errBadID
			}
			n.ID = id.String()
		}
		if params, err = js.Get(o, "params"); err != nil {
			return n, err
		}
	} else if !jsg.IsUndefined(v) {
		return n, jsg.TypeErrorf("create() takes an object with \"id\" and \"params\".")
	}
	if !n.Given {
		n.ID = randomID()
	}
	if jsg.IsUndefined(params) {
		params = js.NewObject()
	}
	m, err := clone.Write(js, params, clone.Options{})
	n.Params = m.Data
	return n, err
}

// randomID is a UUID.
func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// batchResult is what became of a batch.
type batchResult struct {
	done   []string
	errors []BatchError
}

func (b *binding) createBatch(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	list, legacy, err := readBatch(js, a.Value(0))
	if err != nil {
		return nil, jsError(err)
	}
	return op.Run(js, b.call("createBatch", ""), func(context.Context) (r batchResult, err error) {
		r.done, r.errors, err = b.w.CreateBatch(list)
		return r, err
	}, func(js *jsg.Scope, r batchResult) (jsg.Value, error) {
		created := make([]jsg.Value, len(r.done))
		for i, id := range r.done {
			created[i] = b.instance(js, id)
		}
		if legacy {
			return js.NewArray(created...), nil
		}
		return js.Record("created", js.NewArray(created...), "errors", errorList(js, r.errors, true)), nil
	}), nil
}

func errorList(js *jsg.Scope, list []BatchError, index bool) jsg.Value {
	out := make([]jsg.Value, len(list))
	for i, e := range list {
		if index {
			out[i] = js.Record("index", e.Index, "id", e.ID, "code", e.Code, "message", e.Message)
		} else {
			out[i] = js.Record("id", e.ID, "code", e.Code, "message", e.Message)
		}
	}
	return js.NewArray(out...)
}

func (b *binding) deleteBatch(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var ids []string
	if !jsg.IsArray(a.Value(0)) {
		return nil, jsError(errArgument)
	}
	valid := true
	err := js.Iterate(a.Value(0), func(v jsg.Value) (bool, error) {
		valid = valid && jsg.IsString(v) && validAddress(v.String())
		ids = append(ids, v.String())
		return true, nil
	})
	switch {
	case err != nil:
	case len(ids) > maxBatch:
		err = refusal("body", "batchDeleteInstances only supports %d instances at a time", maxBatch)
	case len(ids) == 0:
		err = refusal("body", "batchDeleteInstances should have at least 1 instance")
	case !valid:
		err = errBadAddress
	}
	if err != nil {
		return nil, jsError(err)
	}
	return op.Run(js, b.call("deleteBatch", ""), func(context.Context) (batchResult, error) { return b.w.deleteBatch(ids) },
		func(js *jsg.Scope, r batchResult) (jsg.Value, error) {
			deleted := make([]jsg.Value, len(r.done))
			for i, id := range r.done {
				deleted[i] = js.Record("id", id)
			}
			return js.Record("deleted", js.NewArray(deleted...), "errors", errorList(js, r.errors, false)), nil
		}), nil
}

// deleteBatch deletes each instance once and tells of each mention.
func (w *Workflow) deleteBatch(ids []string) (r batchResult, err error) {
	gone := map[string]bool{}
	for _, id := range ids {
		if !gone[id] {
			if err := w.Delete(id); errors.Is(err, errNoInstance) {
				r.errors = append(r.errors, BatchError{ID: id, Code: 10400, Message: "workflows.api.error.instance.not_found"})
				continue
			} else if err != nil {
				return r, err
			}
			gone[id] = true
		}
		r.done = append(r.done, id)
	}
	return r, nil
}
