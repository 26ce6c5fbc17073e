package wasm

import (
	"context"

	"github.com/tetratelabs/wazero"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// module is a WebAssembly.Module. Its machine code is made when it is first
// instantiated.
type module struct {
	jsg.Instance
	layout   *layout
	compiled wazero.CompiledModule
}

var moduleClass = &jsg.Class[module]{Name: "Module", New: func(js *jsg.Scope, a *jsg.Args) (*module, error) {
	return nil, disallowed(js, "Module")
}}

// disallowed is what all that would compile bytes at run time gets.
func disallowed(js *jsg.Scope, what string) error {
	return failure(js, "CompileError", "WebAssembly."+what+"(): Wasm code generation disallowed by embedder")
}

func init() {
	moduleClass.Members = jsg.Members[module]{
		jsg.Static[module]("exports", 1, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			m, err := moduleArg(a, "Module.exports")
			if err != nil {
				return nil, err
			}
			list := make([]jsg.Value, len(m.layout.exports))
			for i, e := range m.layout.exports {
				list[i] = js.Record("name", e.name, "kind", e.kind.String())
			}
			return js.NewArray(list...), nil
		}),
		jsg.Static[module]("imports", 1, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			m, err := moduleArg(a, "Module.imports")
			if err != nil {
				return nil, err
			}
			list := make([]jsg.Value, len(m.layout.imports))
			for i, e := range m.layout.imports {
				list[i] = js.Record("module", e.module, "name", e.name, "kind", e.kind.String())
			}
			return js.NewArray(list...), nil
		}),
		jsg.Static[module]("customSections", 2, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			m, err := moduleArg(a, "Module.customSections")
			if err != nil {
				return nil, err
			}
			if !a.Has(1) {
				return nil, jsg.TypeErrorf("WebAssembly.Module.customSections(): Argument 1 is required")
			}
			name := a.String(1)
			var list []jsg.Value
			for _, c := range m.layout.custom {
				if c.name == name {
					list = append(list, js.NewArrayBuffer(append([]byte(nil), c.data...)))
				}
			}
			return js.NewArray(list...), a.Err()
		}),
	}
	shaped(moduleClass, 1)
}

// shaped makes the class look as V8's own do: with the namespace in its tag and
// its errors, and lengths.
func shaped[T any](c *jsg.Class[T], length int) {
	full := "WebAssembly." + c.Name
	c.Called = full + "(): " + full + " must be invoked with 'new'"
	c.Length = length
	c.Extend = func(js *jsg.Scope, ctor, proto *jsg.Object) {
		js.DefineReadOnlySymbol(proto, jsg.SymToStringTag, js.String(full))
		js.DefineConstant(ctor, "prototype", proto)
	}
}

func moduleArg(a *jsg.Args, what string) (*module, error) {
	m, ok := moduleClass.From(a.Value(0))
	if !ok {
		return nil, jsg.TypeErrorf("WebAssembly.%s(): Argument 0 must be a WebAssembly.Module", what)
	}
	return m, nil
}

// NewModule makes the WebAssembly.Module of an imported file. data must not
// change.
func NewModule(js *jsg.Scope, name string, data []byte) (*jsg.Object, error) {
	l, err := parseBinary(data)
	if err != nil {
		return nil, failure(js, "CompileError", "WebAssembly.Module(): "+name+": "+err.Error())
	}
	return moduleClass.Wrap(js, &module{layout: l}), nil
}

// code is the machine code.
func (m *module) code(js *jsg.Scope, e *engine) (wazero.CompiledModule, error) {
	if m.compiled == nil {
		c, err := e.compile(m.layout.linked)
		if err != nil {
			return nil, failure(js, "CompileError", "WebAssembly.Module(): "+err.Error())
		}
		m.compiled = c
	}
	return m.compiled, nil
}

// valid is WebAssembly.validate: the engine's own check, without making code.
func valid(data []byte) bool {
	if _, err := parseBinary(data); err != nil {
		return false
	}
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	defer rt.Close(ctx)
	_, err := rt.CompileModule(ctx, data)
	return err == nil
}
