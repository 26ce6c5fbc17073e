package events

import "github.com/miniworker/miniworker/runtime/jsg"

// The global object is a ServiceWorkerGlobalScope, an EventTarget like any
// other, whatever format the script has.

var workerScopeClass = &jsg.Class[Target]{Name: "WorkerGlobalScope", Parent: eventTargetClass, Upcast: func(t *Target) any { return t }}

var scopeClass = &jsg.Class[Target]{Name: "ServiceWorkerGlobalScope", Parent: workerScopeClass, Upcast: func(t *Target) any { return t }}

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
		reportError(js, t, v)
		return jsg.Undefined, nil
	}))
}

// Holder is where a global class is found if not with the others.
func Holder(js *jsg.Scope, c jsg.AnyClass) *jsg.Object {
	switch c {
	case scopeClass:
		return js.Global()
	case eventTargetClass:
		return workerScopeClass.Prototype(js)
	}
	return nil
}

// reportError gives an exception to the error listeners and then, unless one
// of them cancels that, to the log.
func reportError(js *jsg.Scope, t *Target, v jsg.Value) {
	e := NewErrorEvent(js, v)
	if x, ok := errorEventClass.From(e.Object()); ok {
		x.message = jsg.Thrown(v).Error()
		if d := jsg.Describe(v); d.Name != "" {
			x.message = "Uncaught " + x.message
		}
	}
	t.Dispatch(js, e)
	if !e.DefaultPrevented() {
		Report(js, jsg.Thrown(v))
	}
}

// Scope is the global object as a target.
func Scope(js *jsg.Scope) *Target { return scopes.Get(js) }
