package rpc

import (
	"slices"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// maxMessage is how many bytes arguments or a result may have.
const maxMessage = 32 << 20

func checkSize(m clone.Message) error {
	if len(m.Data) <= maxMessage {
		return nil
	}
	m.Discard()
	return jsg.Errorf("Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: %d bytes.", len(m.Data))
}

// exporter makes capabilities of what cannot be copied. Stubs among the values
// are shared; the caller may want to give up those in passed.
func exporter(s *Session, passed *[]*Stub) func(js *jsg.Scope, o *jsg.Object) (clone.Cap, error) {
	return func(js *jsg.Scope, o *jsg.Object) (clone.Cap, error) {
		native, ok := jsg.Native(o)
		if !ok {
			switch {
			case jsg.IsFunction(o), jsg.IsProxy(o) && receives(js, o):
				return newExport(s, o), nil
			case jsg.IsProxy(o):
				return nil, jsg.DOMErrorf("DataCloneError", "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain.")
			}
			return nil, nil
		}
		switch v := native.(type) {
		case *Target:
			return newExport(s, o), nil
		case *Stub:
			client, err := v.use(js)
			if err != nil {
				return nil, err
			}
			*passed = append(*passed, v)
			return client.Dup(), nil
		}
		return nil, nil
	}
}

// receives reports whether a Proxy stands for a plain object or an RpcTarget.
func receives(js *jsg.Scope, o *jsg.Object) bool {
	proto := o.Prototype()
	return proto == nil || proto == realmOf(js).objectProto || js.InstanceOf(o, targetClass.Constructor(js))
}

// writeArgs serialises the arguments of a call.
func writeArgs(js *jsg.Scope, io *iocontext.Context, args []jsg.Value) (clone.Message, error) {
	if len(args) == 0 {
		return clone.Message{}, nil
	}
	var passed []*Stub
	m, err := clone.WriteList(js, args, clone.Options{Export: exporter(callbackSession(js, io), &passed)})
	if err == nil {
		err = checkSize(m)
	}
	if !js.Flag("rpc_params_dup_stubs") { // then they are the callee's now
		disposeAll(passed)
	}
	return m, err
}

// readArgs makes the arguments anew. Stubs among them are disposed of when the
// call returns.
func (op *Op) readArgs(js *jsg.Scope) ([]jsg.Value, error) {
	if len(op.args.Data) == 0 {
		return nil, nil
	}
	m := op.args
	op.args = clone.Message{}
	for i, c := range m.Caps {
		if c, ok := c.(*Client); ok {
			m.Caps[i] = &arriving{c, &op.params}
		}
	}
	return m.ReadList(js)
}

// arriving is a client that notes the stub made of it.
type arriving struct {
	*Client
	stubs *[]*Stub
}

// Import implements clone.Importer.
func (a *arriving) Import(js *jsg.Scope) (jsg.Value, error) {
	s := newStub(js, a.Client)
	*a.stubs = append(*a.stubs, s)
	return s.wrap(js), nil
}

// Return ends the operation in a turn of the session: with a value (no promise),
// or with what was thrown.
func (op *Op) Return(js *jsg.Scope, s *Session, v jsg.Value, err error) {
	if op.Settled() {
		op.disposeParams()
		return
	}
	var m clone.Message
	var passed []*Stub // the caller's now
	if err == nil {
		m, err = clone.Write(js, v, clone.Options{Export: exporter(s, &passed)})
	}
	if err == nil {
		err = checkSize(m)
	}
	if err != nil {
		isolate.ReportThrown(js, err)
		err = Capture(js, err)
	}
	if err != nil {
		op.disposeParams()
		disposeAll(passed)
		s.output(func() { op.Fail(err) })
		return
	}
	// What is called on the promise still finds the stubs the value has; the code
	// that returned one has given it away.
	if s, ok := stubClass.From(v); ok {
		client, _ := s.use(js)
		mine := newStub(js, client.Dup())
		disposeAll(passed)
		v, passed = mine.wrap(js), []*Stub{mine}
	}
	op.params = slices.DeleteFunc(op.params, func(p *Stub) bool { return slices.Contains(passed, p) })
	op.disposeParams()
	op.answer.resolve(s, v, len(m.Caps) > 0, passed)
	s.output(func() { op.succeed(m) })
}

// output runs send once what was written so far is durable.
func (s *Session) output(send func()) { s.IO.Output(send) }

func (op *Op) disposeParams() {
	disposeAll(op.params)
	op.params = nil
}

func disposeAll(list []*Stub) {
	for _, s := range list {
		s.dispose()
	}
}

// readResult makes the result of a call anew. An object gets a disposer that
// disposes of all stubs in it, and of pipeline, the way to use it by the promise.
func readResult(js *jsg.Scope, m clone.Message, pipeline *handle) (jsg.Value, error) {
	var stubs []*Stub
	for i, c := range m.Caps {
		if c, ok := c.(*Client); ok {
			m.Caps[i] = &arriving{c, &stubs}
		}
	}
	v, err := m.Read(js)
	if err != nil {
		return nil, err
	}
	o, ok := jsg.IsObject(v)
	if !ok {
		return v, nil
	}
	if stub, ok := stubClass.From(o); ok {
		stub.pipeline = pipeline
		return v, nil
	}
	js.DefineHiddenSymbol(o, jsg.SymDispose, js.Func("", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
		disposeAll(stubs)
		if pipeline != nil {
			pipeline.Close()
		}
		return jsg.Undefined, nil
	}))
	return v, nil
}
