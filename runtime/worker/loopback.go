package worker

import (
	"context"
	"errors"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Loopback makes an entry of ctx.exports that is no entrypoint: the namespace of
// a Durable Object class.
type Loopback struct {
	Name string
	Make func(js *jsg.Scope) (jsg.Value, error)
}

// Loopbacks is ctx.exports: the worker's own exports as bindings.
func (w *Worker) Loopbacks(js *jsg.Scope) (*jsg.Object, error) {
	if w.exported != nil {
		return w.exported, nil
	}
	o := js.NewObject()
	for _, name := range w.ExportNames() {
		v, ok, err := w.Export(js, name)
		if err != nil {
			return nil, err
		}
		if ok {
			if v, err = w.loopback(js, name, v); err != nil {
				return nil, err
			}
		}
		if v != nil {
			js.Define(o, name, v)
		}
	}
	w.exported = o
	return o, nil
}

// loopback is the binding of one export, nil if it cannot have one.
func (w *Worker) loopback(js *jsg.Scope, name string, v jsg.Value) (jsg.Value, error) {
	for _, l := range w.opts.Loopbacks {
		if l.Name == name {
			return l.Make(js)
		}
	}
	o, ok := jsg.IsObject(v)
	switch {
	case !ok, jsg.IsFunction(o) && isSubclass(o, workflowClass.Constructor(js)):
		return nil, nil
	case jsg.IsFunction(o) && !isSubclass(o, entrypointClass.Constructor(js)):
		return loopbackClassObjectClass.Wrap(js, &loopbackClassObject{ClassObject{Export: name}}), nil
	}
	target := &ownEntrypoint{w: w, name: name}
	return loopbackClass.Wrap(js, &loopbackStub{Fetcher: fetch.Fetcher{Target: target, RPC: target, Name: "exports." + name}, target: target}), nil
}

// loopbackStub is ctx.exports.NAME: a binding without props, and a function that
// makes one with them.
type loopbackStub struct {
	fetch.Fetcher
	target *ownEntrypoint
}

var loopbackClass = &jsg.Class[loopbackStub]{Name: "LoopbackServiceStub", Parent: fetch.FetcherClass(), Upcast: func(s *loopbackStub) any { return &s.Fetcher }}

// ClassObject is a Durable Object class of the worker's own, apart from any
// namespace: what facets are made of.
type ClassObject struct {
	Export string
	Props  Props
}

var classObjectClass = &jsg.Class[ClassObject]{Name: "DurableObjectClass"}

// NewClassObject makes ctx.exports.NAME({ props }).
func NewClassObject(js *jsg.Scope, export string, a *jsg.Args) (jsg.Value, error) {
	props, err := optionProps(js, a)
	if err != nil {
		return nil, err
	}
	return classObjectClass.Wrap(js, &ClassObject{Export: export, Props: props}), nil
}

// ClassObjectOf is the class that v stands for.
func ClassObjectOf(v jsg.Value) (*ClassObject, bool) { return classObjectClass.From(v) }

// loopbackClassObject is ctx.exports.NAME of a class without a namespace.
type loopbackClassObject struct{ ClassObject }

var loopbackClassObjectClass = &jsg.Class[loopbackClassObject]{Name: "LoopbackDurableObjectClass", Parent: classObjectClass, Upcast: func(c *loopbackClassObject) any { return &c.ClassObject }}

func init() {
	loopbackClass.Wildcard = func(s *loopbackStub, js *jsg.Scope, name string) (jsg.Value, error) {
		return s.Fetcher.Member(js, name)
	}
	loopbackClass.Call = func(s *loopbackStub, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		props, err := optionProps(js, a)
		if err != nil {
			return nil, err
		}
		target := *s.target
		target.props = props
		return fetch.NewFetcher(js, s.Name, &target), nil
	}
	loopbackClassObjectClass.Call = func(c *loopbackClassObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return NewClassObject(js, c.Export, a)
	}
}

// optionProps reads {props} of a call of an entry of ctx.exports. They are
// copied; bindings among them can be used where they arrive.
func optionProps(js *jsg.Scope, a *jsg.Args) (Props, error) {
	o, ok := jsg.IsObject(a.Value(0))
	if !ok {
		a.Mismatch(0, "Options")
		return nil, a.Err()
	}
	v, err := js.Get(o, "props")
	if err != nil || jsg.IsUndefined(v) {
		return nil, err
	}
	if _, ok := jsg.IsObject(v); !ok {
		return nil, jsg.TypeErrorf("Incorrect type for the 'props' field on 'Options': the provided value is not of type 'Object'.")
	}
	m, err := clone.Write(js, v, clone.Options{Export: func(*jsg.Scope, *jsg.Object) (clone.Cap, error) { return nil, nil }})
	if err != nil {
		return nil, err
	}
	return m.Read, nil
}

// ownEntrypoint is an entrypoint of the same version.
type ownEntrypoint struct {
	w     *Worker
	name  string
	props Props
}

// Fetch implements wire.Fetcher.
func (e *ownEntrypoint) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if err := CountFetch(req); err != nil {
		return nil, err
	}
	resp, err := e.w.FetchEntrypoint(ctx, e.name, e.props, req)
	var thrown *ScriptError
	if errors.As(err, &thrown) {
		err = rpc.Remote(thrown.JSError())
	}
	return resp, err
}

// Connect implements wire.Connector.
func (e *ownEntrypoint) Connect(ctx context.Context, conn *wire.Connection) error {
	if err := CountConnection(conn); err != nil {
		return err
	}
	return e.w.ConnectEntrypoint(ctx, e.name, e.props, conn)
}

// Send implements rpc.Callee.
func (e *ownEntrypoint) Send(op *rpc.Op) {
	if err := CountCall(op); err != nil {
		op.Fail(err)
		return
	}
	stop := context.AfterFunc(e.w.iso.Context(), func() { op.Fail(rpc.Lost(e.w.iso)) })
	if err := e.w.Call(e.name, e.props, op, func() bool { stop(); return true }); err != nil {
		op.Fail(rpc.Lost(e.w.iso))
	}
}
