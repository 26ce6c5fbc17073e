package worker

import "github.com/miniworker/miniworker/runtime/jsg"

// The classes that entrypoints extend. They keep what they are constructed with.
type (
	entrypointBase struct{}
	objectBase     struct{}
	workflowBase   struct{}
)

var (
	entrypointClass = baseClass[entrypointBase]("WorkerEntrypoint", "Object")
	objectClass     = baseClass[objectBase]("DurableObjectBase", "DurableObjectState")
	workflowClass   = baseClass[workflowBase]("WorkflowEntrypoint", "ExecutionContext")
)

// baseClass makes such a class; context is what it asks to be constructed with.
func baseClass[T any](name, context string) *jsg.Class[T] {
	return &jsg.Class[T]{Name: name, NewObject: func(js *jsg.Scope, this *jsg.Object, a *jsg.Args) (*T, error) {
		ctx, ok := jsg.IsObject(a.Value(0))
		if !ok {
			a.Mismatch(0, context)
			return nil, a.Err()
		}
		js.Define(this, "ctx", ctx)
		js.Define(this, "env", a.Value(1))
		return new(T), nil
	}}
}

// ExtendsDurableObject reports whether v is an instance of a class that extends
// DurableObject.
func ExtendsDurableObject(v jsg.Value) bool {
	_, ok := objectClass.From(v)
	return ok
}

// IsObjectClass reports whether a class extends DurableObject.
func IsObjectClass(js *jsg.Scope, class *jsg.Object) bool {
	return isSubclass(class, objectClass.Constructor(js))
}

// isSubclass reports whether class is base or extends it.
func isSubclass(class, base *jsg.Object) bool {
	for c := class; c != nil; c = c.Prototype() {
		if c == base {
			return true
		}
	}
	return false
}

func init() {
	objectClass.Extend = func(js *jsg.Scope, ctor, _ *jsg.Object) { js.DefineFunctionName(ctor, "DurableObject") }
}
