package wasm

import (
	"runtime"

	"github.com/tetratelabs/wazero/api"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// global is a WebAssembly.Global.
type global struct {
	jsg.Instance
	owner any // what must live as long
	mod   api.Module
	name  string // of the export of mod
	typ   globalType
	// fixed is the value of an immutable reference, which no constant expression
	// can give.
	fixed jsg.Value
}

var globalClass = &jsg.Class[global]{Name: "Global"}

func init() {
	globalClass.New = constructGlobal
	value := func(g *global, js *jsg.Scope) (jsg.Value, error) {
		if g.fixed != nil {
			return g.fixed, nil
		}
		return engineOf(js).fromRaw(js, g.typ.value, g.mod.ExportedGlobal(g.name).Get())
	}
	globalClass.Members = jsg.Members[global]{
		jsg.Accessor("value", value, (*global).set),
		jsg.Method("valueOf", 0, func(g *global, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return value(g, js) }),
	}
	shaped(globalClass, 1)
}

func constructGlobal(js *jsg.Scope, a *jsg.Args) (*global, error) {
	if _, ok := jsg.IsObject(a.Value(0)); !ok {
		return nil, jsg.TypeErrorf("WebAssembly.Global(): Argument 0 must be a global descriptor")
	}
	d := a.Dict(0)
	t := globalType{mutable: d.Bool("mutable", false)}
	switch d.String("value", "") {
	case "i32":
		t.value = typeI32
	case "i64":
		t.value = typeI64
	case "f32":
		t.value = typeF32
	case "f64":
		t.value = typeF64
	case "externref":
		t.value = typeExternref
	case "anyfunc": // which is what the JavaScript interface calls funcref
		t.value = typeFuncref
	case "v128":
		return nil, jsg.TypeErrorf("WebAssembly.Global(): A global of type 'v128' cannot be created in JavaScript")
	default:
		return nil, jsg.TypeErrorf("WebAssembly.Global(): Descriptor property 'value' must be a WebAssembly type")
	}
	e := engineOf(js)
	v := a.Value(1)
	var raw uint64
	if !jsg.IsUndefined(v) || t.value == typeExternref {
		var err error
		if raw, err = e.toRaw(js, t.value, v); err != nil && t.value == typeFuncref {
			return nil, jsg.TypeErrorf("WebAssembly.Global(): " + noFunction)
		} else if err != nil {
			return nil, err
		}
	}
	g, err := newGlobal(e, t, raw)
	if err != nil {
		return nil, err
	}
	if t.value == typeExternref && !t.mutable {
		g.fixed = v
	}
	return g, nil
}

// newGlobal makes a global of its own.
func newGlobal(e *engine, t globalType, raw uint64) (*global, error) {
	reference := t.value == typeExternref || t.value == typeFuncref
	mod, err := e.small(globalModule(t, raw), nil)
	if err != nil {
		return nil, err
	}
	g := &global{mod: mod, name: globalName(0), typ: t}
	runtime.AddCleanup(g, closeModule, mod)
	if m, ok := mod.ExportedGlobal(g.name).(api.MutableGlobal); ok && reference {
		m.Set(raw)
	}
	return g, nil
}

func (g *global) set(js *jsg.Scope, v jsg.Value) error {
	m, ok := g.mod.ExportedGlobal(g.name).(api.MutableGlobal)
	if !ok {
		return jsg.TypeErrorf("set WebAssembly.Global.value): Can't set the value of an immutable global.")
	}
	raw, err := engineOf(js).toRaw(js, g.typ.value, v)
	if err == nil {
		m.Set(raw)
	}
	return err
}

// linkable is a module that exports the global under linkName.
func (g *global) linkable(e *engine) (mod api.Module, made bool, err error) {
	if g.fixed != nil && g.fixed != jsg.Null {
		return nil, false, jsg.NotImplementedf("Importing an immutable WebAssembly.Global with a reference", "make it mutable, or pass the value to a function")
	}
	if g.owner == nil {
		return g.mod, false, nil
	}
	mutable := byte(0)
	if g.typ.mutable {
		mutable = 1
	}
	mod, err = e.small(reexport(g.name, kindGlobal, g.typ.value, mutable), g.mod)
	return mod, true, err
}
