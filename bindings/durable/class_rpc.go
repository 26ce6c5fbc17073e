package durable

import "github.com/miniworker/miniworker/runtime/jsg"

// method is a call of the object's method of that name, to be called.
func (s *stub) method(js *jsg.Scope, name string) jsg.Value {
	return js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return js.Rejected(jsg.NotImplementedf("Calling "+name+"() on a Durable Object stub (RPC)", "use stub.fetch()")), nil
	})
}
