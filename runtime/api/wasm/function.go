package wasm

import (
	"context"
	"strconv"
	"weak"

	"github.com/tetratelabs/wazero/api"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// function is an exported function: a JavaScript function that calls into an
// instance.
type function struct {
	owner any // what must live as long: the instance or table it is of
	typ   funcType
	raw   uint64 // as a reference
	// lookup gives another handle of the function. A handle is good for one call at
	// a time, and functions may call themselves through JavaScript.
	lookup func() api.Function
	idle   []api.Function
	object *jsg.Object
}

// functionClass marks exported functions, which are ordinary functions to
// JavaScript.
var functionClass = &jsg.Class[function]{Name: "Exported Function"}

func functionOf(v jsg.Value) (*function, bool) { return functionClass.From(v) }

func (e *engine) newFunction(js *jsg.Scope, name string, f *function) *jsg.Object {
	f.object = js.Func(name, len(f.typ.params), func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return e.invoke(js, f, a)
	})
	functionClass.WrapInto(js, f.object, f)
	return f.object
}

// invoke calls a function with JavaScript values.
func (e *engine) invoke(js *jsg.Scope, f *function, a *jsg.Args) (jsg.Value, error) {
	e = engineOf(js) // its context may have been renewed
	stack := make([]uint64, max(len(f.typ.params), len(f.typ.results)))
	for i, t := range f.typ.params {
		raw, err := e.pass(js, t, a.Value(i))
		if err != nil {
			return nil, err
		}
		stack[i] = raw
	}
	fn := f.handle()
	err := e.call(js, func(ctx context.Context) error { return fn.CallWithStack(ctx, stack) })
	if err != nil {
		return nil, err
	}
	f.idle = append(f.idle, fn)
	return e.results(js, f.typ.results, stack)
}

// handle gives a handle that is not in use.
func (f *function) handle() api.Function {
	if last := len(f.idle) - 1; last >= 0 {
		fn := f.idle[last]
		f.idle = f.idle[:last]
		return fn
	}
	return f.lookup()
}

// is tells whether fn is a handle of the same function.
func (f *function) is(fn api.Function) bool {
	own := f.handle()
	f.idle = append(f.idle, own)
	return own.Definition() == fn.Definition()
}

func (e *engine) results(js *jsg.Scope, types []byte, stack []uint64) (jsg.Value, error) {
	switch len(types) {
	case 0:
		return jsg.Undefined, nil
	case 1:
		return e.fromRaw(js, types[0], stack[0])
	}
	values := make([]jsg.Value, len(types))
	for i, t := range types {
		v, err := e.fromRaw(js, t, stack[i])
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return js.NewArray(values...), nil
}

// hostFunction is import n, a JavaScript function, of an instance. The engine
// keeps it, so it must not keep the instance. An error travels through the engine
// as a panic, which is how wazero wants it.
func (e *engine) hostFunction(i weak.Pointer[instance], n int, t funcType) api.GoFunction {
	return api.GoFunc(func(_ context.Context, stack []uint64) {
		js, f := e.js, i.Value().callbacks[n]
		e.sync()
		args := make([]jsg.Value, len(t.params))
		for i, p := range t.params {
			v, err := e.fromRaw(js, p, stack[i])
			if err != nil {
				panic(err)
			}
			args[i] = v
		}
		v, err := js.Call(f, jsg.Undefined, args...)
		if err == nil {
			err = e.storeResults(js, v, t.results, stack)
		}
		if err != nil {
			panic(err)
		}
	})
}

func (e *engine) storeResults(js *jsg.Scope, v jsg.Value, types []byte, stack []uint64) (err error) {
	switch len(types) {
	case 0:
		return nil
	case 1:
		stack[0], err = e.pass(js, types[0], v)
		return err
	}
	switch {
	case jsg.IsNumber(v):
		return jsg.TypeErrorf("number %s is not iterable (cannot read property Symbol(Symbol.iterator))", v)
	case jsg.IsNullish(v):
		return jsg.TypeErrorf("%s is not iterable (cannot read property Symbol(Symbol.iterator))", v)
	}
	var values []jsg.Value
	if err := js.Iterate(v, func(v jsg.Value) (bool, error) { values = append(values, v); return true, nil }); err != nil {
		return err
	}
	if len(values) != len(types) {
		return jsg.TypeErrorf("multi-return length mismatch")
	}
	for i, t := range types {
		if stack[i], err = e.pass(js, t, values[i]); err != nil {
			return err
		}
	}
	return nil
}

const noFunction = "function-typed object must be null (if nullable) or a Wasm function object"

// funcRaw is a JavaScript value as a function reference.
func (e *engine) funcRaw(v jsg.Value) (uint64, error) {
	if v == jsg.Null {
		return 0, nil
	}
	f, ok := functionOf(v)
	if !ok {
		return 0, jsg.TypeErrorf(noFunction)
	}
	return f.raw, nil
}

// funcOf is the function object of a reference, if one was made for it.
func (e *engine) funcOf(js *jsg.Scope, raw uint64) (jsg.Value, error) {
	if raw == 0 {
		return jsg.Null, nil
	}
	for _, w := range e.instances {
		i := w.Value()
		if i == nil {
			continue
		}
		if f, err := i.byRef(js, raw); f != nil || err != nil {
			return f, err
		}
	}
	return nil, jsg.NotImplementedf("A function reference to a function that is not exported", "export the function, or read it from a table")
}

func functionName(index int) string { return strconv.Itoa(index) }
