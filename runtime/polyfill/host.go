package polyfill

import (
	_ "time/tzdata" // machines without zone files know zones too
	"weak"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// host is the object groups get: the few things JavaScript cannot do itself.
func (r *realm) host(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	js.Define(o, "iteratorPrototype", r.iterator)
	js.Define(o, "localeCompare", r.compare)
	def := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	def("isArrayBuffer", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		_, ok := jsg.ArrayBufferOf(a.Value(0))
		return js.Bool(ok), nil
	})
	def("isDetached", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return js.Bool(jsg.IsDetached(a.Value(0))), nil })
	def("transfer", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return transfer(js, a.Value(0), int(a.Value(1).ToInteger()), a.Value(2).ToBoolean())
	})
	def("maxByteLength", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		if n, ok := jsg.MaxByteLength(a.Value(0)); ok {
			return js.Int(int64(n)), nil
		}
		return jsg.Undefined, nil
	})
	def("resize", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(jsg.Resize(a.Value(0), int(min(a.Value(1).ToInteger(), jsg.MaxBuffer+1)))), nil
	})
	def("isDataView", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		view, ok := jsg.ViewOf(a.Value(0))
		return js.Bool(ok && view.Kind == "DataView"), nil
	})
	def("weak", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return weakly(js, a.Value(0)) })
	def("keep", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		r.kept = append(r.kept, a.Value(0))
		return js.Bool(len(r.kept) == 1), nil
	})
	def("release", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		r.kept = nil
		return jsg.Undefined, nil
	})
	js.Define(o, "intl", js.Func("intl", 0, intlHost))
	def("part", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return r.part(js, a.Value(0).String(), a.Value(1))
	})
	def("refuse", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return nil, jsg.NotImplementedf(a.Value(0).String(), a.Value(1).String())
	})
	return o
}

// transfer moves the memory of a buffer into a new one of another length, which
// is resizable if the old one is and it need not be fixed.
func transfer(js *jsg.Scope, buffer jsg.Value, length int, fixed bool) (jsg.Value, error) {
	most, resizable := jsg.MaxByteLength(buffer)
	if resizable = resizable && !fixed; resizable && length > most {
		return nil, jsg.RangeErrorf("Invalid array buffer length")
	}
	if length > jsg.MaxBuffer {
		return nil, jsg.RangeErrorf("Array buffer allocation failed")
	}
	data, ok := jsg.Detach(buffer)
	if !ok {
		return nil, jsg.TypeErrorf("Cannot perform ArrayBuffer.prototype.transfer on a detached ArrayBuffer")
	}
	switch {
	case length <= len(data):
		data = data[:length:length]
	default:
		data = append(make([]byte, 0, length), data...)[:length]
	}
	if resizable {
		return js.NewResizableBuffer(data, most), nil
	}
	return js.NewArrayBuffer(data), nil
}

// weakly gives a function that finds v again while something else holds it.
func weakly(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return nil, jsg.TypeErrorf("WeakRef: invalid target")
	}
	p := weak.Make(o)
	return js.Func("", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		if o := p.Value(); o != nil {
			return o, nil
		}
		return jsg.Undefined, nil
	}), nil
}

// callSites loads V8's interface to stack traces when a program uses it.
var callSites = &group{name: "error"}

// prepareStack asks Error.prepareStackTrace for the stack of an error.
func (r *realm) prepareStack(js *jsg.Scope, e *jsg.Object, frames []jsg.Frame) (jsg.Value, error) {
	exports, err := r.load(js, callSites)
	if err != nil {
		return nil, err
	}
	sites := make([]jsg.Value, len(frames))
	for i, f := range frames {
		sites[i] = js.Record("name", f.Func, "file", f.File, "line", f.Line, "column", f.Col, "async", f.Async, "native", f.Native, "text", f.String())
	}
	return js.Call(exports.Get("prepare"), jsg.Undefined, e, js.NewArray(sites...))
}

// installData defines the properties that are plain values.
func installData(js *jsg.Scope) {
	g := js.Global()
	if date, ok := jsg.IsObject(g.Get("Date")); ok {
		if proto, ok := jsg.IsObject(date.Get("prototype")); ok && proto.Get("toGMTString") == nil {
			js.DefineHidden(proto, "toGMTString", proto.Get("toUTCString"))
		}
	}
}
