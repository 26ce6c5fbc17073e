package rpc

import (
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Method is a method of a target that Go code implements.
type Method struct {
	Name string
	// Func runs in turns of the event that made the target.
	Func func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)
}

// NewStub makes a stub of an RpcTarget with methods of Go, in and for the running
// event. It is quiet: its methods report to the trace what is worth it.
func NewStub(js *jsg.Scope, methods ...Method) (jsg.Value, error) {
	io, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	proto := js.CreateObject(targetClass.Prototype(js))
	for _, m := range methods {
		js.DefineHidden(proto, m.Name, js.Func(m.Name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return m.Func(js, a)
		}))
	}
	target := js.CreateObject(proto)
	targetClass.WrapInto(js, target, &Target{})
	client := newExport(callbackSession(js, io), target)
	client.export.quiet = true
	return newStub(js, client).wrap(js), nil
}

// Quiet keeps calls of a stub out of the trace, for whoever calls it to report
// them: they run under the caller's span. v may be anything.
func Quiet(v jsg.Value) {
	if s, ok := stubClass.From(v); ok {
		s.client.export.quiet = true
	}
}

func isQuiet(src Source) bool {
	s, ok := src.(*Stub)
	return ok && s.client.export.quiet
}

// Dup is stub.dup() of what is a stub, and anything else itself.
func Dup(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
	s, ok := stubClass.From(v)
	if !ok {
		return v, nil
	}
	return s.dup(js, nil)
}
