package nodecompat

import (
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat/asynchooks"
	"github.com/miniworker/miniworker/runtime/nodecompat/buffer"
	"github.com/miniworker/miniworker/runtime/nodecompat/crypto"
	"github.com/miniworker/miniworker/runtime/nodecompat/zlib"
)

// natives are the parts written in Go; the files see them as members of native.
var natives = map[string]func(js *jsg.Scope) *jsg.Object{
	"asyncHooks": asynchooks.Native,
	"buffer":     buffer.Native,
	"crypto":     crypto.Native,
	"fs":         fsNative,
	"host":       hostNative,
	"types":      typesNative,
	"zlib":       zlib.Native,
}

// hostNative is what the modules ask of the worker.
func hostNative(js *jsg.Scope) *jsg.Object {
	r := realmOf(js)
	if r.timers == nil {
		r.keepTimers(js)
	}
	o := js.NewObject()
	js.Define(o, "timers", r.timers)
	js.Define(o, "import", js.Func("import", 1, importer))
	js.Define(o, "getBuiltinModule", js.Func("getBuiltinModule", 1, builtinModule))
	js.Define(o, "flag", js.Func("flag", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(js.Flag(a.String(0))), nil
	}))
	js.Define(o, "isNative", js.Func("isNative", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		_, is := jsg.Native(a.Value(0))
		return js.Bool(is), nil
	}))
	if env := hosts.Get(js).Env; env != nil && env() != nil {
		js.Define(o, "env", env())
	}
	names := make([]jsg.Value, len(modules))
	for i := range modules {
		names[i] = js.String(modules[i].name)
	}
	js.Define(o, "modules", js.NewArray(names...))
	return o
}
