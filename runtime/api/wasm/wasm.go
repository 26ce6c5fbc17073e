// Package wasm is the WebAssembly namespace, on wazero: modules that a worker
// imports, their instances, memories, tables and globals.
//
// A memory's buffer is the memory itself. Functions, references (externref,
// funcref), 64-bit integers and exceptions pass between JavaScript and
// WebAssembly; traps are RuntimeErrors with V8's texts, and code that runs for
// ever is interrupted as a script is. As on the platform nothing is compiled at
// run time from bytes: modules are imported.
//
// Not emulated, and refused by name: shared memories, 64-bit memories, SIMD
// values as arguments, Tag and Exception objects, and promise integration.
//
// A module is compiled to machine code when it is first instantiated, once for
// the life of the process.
//
// Where the truth is: https://webassembly.github.io/spec/js-api/,
// https://developers.cloudflare.com/workers/runtime-apis/webassembly/, and error
// texts as observed on workerd.
package wasm

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Install defines WebAssembly; it is made when first looked at.
func Install(js *jsg.Scope) {
	js.DefineLazy(js.Global(), "WebAssembly", false, namespace)
}

// missing are the classes that exist only to say that they do not.
var missing = func() (list []*jsg.Class[struct{}]) {
	for name, length := range map[string]int{"Tag": 1, "Exception": 2, "Suspending": 1, "SuspendError": 1} {
		c := &jsg.Class[struct{}]{Name: name, New: func(*jsg.Scope, *jsg.Args) (*struct{}, error) { return nil, notImplemented(name) }}
		shaped(c, length)
		list = append(list, c)
	}
	return list
}()

func notImplemented(name string) error {
	return jsg.NotImplementedf("WebAssembly."+name, "build the module without it")
}

func namespace(js *jsg.Scope) jsg.Value {
	o := js.NewObject()
	js.DefineReadOnlySymbol(o, jsg.SymToStringTag, js.String("WebAssembly"))
	for _, c := range []jsg.AnyClass{moduleClass, instanceClass, memoryClass, tableClass, globalClass} {
		ctor := c.Constructor(js)
		js.DefineHidden(o, c.ClassName(), ctor)
	}
	for _, name := range []string{"CompileError", "LinkError", "RuntimeError"} {
		if c, err := errorClass(js, name); err == nil {
			js.DefineHidden(o, name, c)
		}
	}
	for _, c := range missing {
		js.DefineHidden(o, c.Name, c.Constructor(js))
	}
	js.Define(o, "promising", js.Func("promising", 1, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
		return nil, notImplemented("promising")
	}))
	define := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(o, name, js.Func(name, 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	define("validate", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		data, ok := jsg.Bytes(a.Value(0))
		if !ok {
			return nil, jsg.TypeErrorf("WebAssembly.validate(): Argument 0 must be a buffer source")
		}
		return js.Bool(valid(data)), nil
	})
	define("compile", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Rejected(disallowed(js, "compile")), nil
	})
	define("instantiate", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		v, err := instantiate(js, a)
		if err != nil {
			return js.Rejected(err), nil
		}
		return js.Resolved(v), nil
	})
	return o
}

// instantiate is WebAssembly.instantiate.
func instantiate(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	m, ok := moduleClass.From(a.Value(0))
	if !ok {
		if _, ok := jsg.Bytes(a.Value(0)); ok {
			return nil, disallowed(js, "instantiate")
		}
		what := "a buffer source"
		if _, ok := jsg.IsObject(a.Value(0)); !ok {
			what += " or a WebAssembly.Module object"
		}
		return nil, jsg.TypeErrorf("WebAssembly.instantiate(): Argument 0 must be %s", what)
	}
	i, err := m.instantiate(js, "instantiate", a.Value(1))
	if err != nil {
		return nil, err
	}
	return instanceClass.Wrap(js, i), nil
}
