package events

import (
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// The global object is a ServiceWorkerGlobalScope, an EventTarget like any
// other, whatever format the script has.

var workerScopeClass = &jsg.Class[Target]{Name: "WorkerGlobalScope", Parent: eventTargetClass, Upcast: func(t *Target) any { return t }}

var scopeClass = &jsg.Class[Target]{Name: "ServiceWorkerGlobalScope", Parent: globalParentClass, Upcast: func(t *Target) any { return t }}

// What the global object inherits from is, in workerd, not what the classes of
// those names are: it is an instance of ServiceWorkerGlobalScope only, by which
// libraries tell it from a browser's worker.
var (
	globalParentClass = &jsg.Class[Target]{Name: workerScopeClass.Name, Parent: globalTargetClass, Upcast: func(t *Target) any { return t }}
	globalTargetClass = &jsg.Class[Target]{Name: eventTargetClass.Name}
)

var scopes = jsg.NewLocal[*Target]()

// Install makes the global object what it is in a worker, whose functions and
// classes are members of its prototype, and defines reportError.
func Install(js *jsg.Scope) {
	t := &Target{}
	scopes.Set(js, t)
	g := js.Global()
	scopeClass.WrapInto(js, g, t)
	js.SetPrototype(g, scopeClass.Prototype(js))
	js.SetGlobals(scopeClass.Prototype(js))
	js.DefineHiddenSymbol(g, jsg.SymToStringTag, js.String("ServiceWorkerGlobalScope")) // the engine's says "global"
	js.DefineGlobal("reportError", js.GlobalFunc("reportError", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		v := a.Any(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return jsg.Undefined, reportError(js, v)
	}))
	isolate.Of(js).OnRejection(rejected, rejectionHandled)
}

// Holder is where a global class is found if not with the others.
func Holder(js *jsg.Scope, c jsg.AnyClass) *jsg.Object {
	switch c {
	case scopeClass:
		return js.Global()
	case eventTargetClass:
		return globalParentClass.Prototype(js)
	}
	return nil
}

// reporting is set while the error listeners of a realm run.
var reporting = jsg.NewLocal[bool]()

// reportError gives an exception to the error listeners and then, unless one
// of them prevents that, to the log. What a listener throws is the caller's; what
// it reports itself goes to the log only.
func reportError(js *jsg.Scope, v jsg.Value) error {
	if !reporting.Get(js) {
		reporting.Set(js, true)
		defer reporting.Set(js, false)
		e := newUncaught(js, v)
		if err := Scope(js).dispatch(js, e); err != nil || e.canceled {
			return err
		}
	}
	isolate.ReportUncaught(js, jsg.Thrown(v))
	return nil
}

// ReportError is what happens to an exception of a microtask: the listeners of
// the global object's error event are told of it, and the log.
func ReportError(js *jsg.Scope, thrown error) {
	if err := reportError(js, js.ErrorValue(thrown)); err != nil {
		isolate.ReportUncaught(js, err)
	}
}

// rejected dispatches unhandledrejection. The log has the rejection as well
// unless a listener prevents it, by which the event does not get
// defaultPrevented: it is not cancelable in Workers.
func rejected(js *jsg.Scope, reason, promise jsg.Value) (dealtWith bool) {
	const name = "unhandledrejection"
	if t := Scope(js); t.HasListener(name) {
		e := newRejectionEvent(js, name, promise, reason)
		t.Dispatch(js, e)
		return e.canceled
	}
	return false
}

func rejectionHandled(js *jsg.Scope, promise jsg.Value) {
	const name = "rejectionhandled"
	if t := Scope(js); t.HasListener(name) {
		t.Dispatch(js, newRejectionEvent(js, name, promise, jsg.Undefined))
	}
}

// Scope is the global object as a target.
func Scope(js *jsg.Scope) *Target { return scopes.Get(js) }
