package nodecompat

import (
	"maps"
	"slices"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// fsNative is what the file system of node:fs takes from outside: the files of
// the bundle, and an object for each event that its /tmp hangs on.
func fsNative(js *jsg.Scope) *jsg.Object {
	files := hosts.Get(js).Files
	outside := js.NewObject() // code that runs for no event shares one
	events := map[*iocontext.Context]*jsg.Object{}
	o := js.NewObject()
	js.Define(o, "names", js.Func("names", 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		names := slices.Sorted(maps.Keys(files))
		list := make([]jsg.Value, len(names))
		for i, name := range names {
			list[i] = js.String(name)
		}
		return js.NewArray(list...), nil
	}))
	js.Define(o, "data", js.Func("data", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return js.NewArrayBuffer(slices.Clone(files[a.String(0)])), nil
	}))
	js.Define(o, "event", js.Func("event", 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		c := iocontext.Current(js)
		if c == nil {
			return outside, nil
		}
		if events[c] == nil {
			events[c] = js.NewObject()
			c.OnEnd(func() { delete(events, c) })
		}
		return events[c], nil
	}))
	return o
}
