package clone

import "github.com/miniworker/miniworker/runtime/jsg"

// realm holds the engine's own constructors and methods, taken before user
// code could replace them (or at first use, where Install did not run).
type realm struct {
	ctors       map[string]*jsg.Object
	objectProto *jsg.Object
	mapForEach  jsg.Value
	setForEach  jsg.Value
	mapSet      jsg.Value
	setAdd      jsg.Value
	enhanced    bool // errors keep their own properties
}

var realms = jsg.NewLocal[*realm]()

func realmOf(js *jsg.Scope) *realm {
	if r := realms.Get(js); r != nil {
		return r
	}
	r := &realm{ctors: map[string]*jsg.Object{}, enhanced: js.Flag("enhanced_error_serialization")}
	for _, names := range [][]string{viewKinds, errorKinds, {"Object", "Map", "Set", "Date", "RegExp"}} {
		for _, name := range names {
			if ctor, ok := js.Global().Get(name).(*jsg.Object); ok {
				r.ctors[name] = ctor
			}
		}
	}
	method := func(class, name string) jsg.Value { return r.proto(class).Get(name) }
	r.objectProto = r.proto("Object")
	r.mapForEach, r.mapSet = method("Map", "forEach"), method("Map", "set")
	r.setForEach, r.setAdd = method("Set", "forEach"), method("Set", "add")
	realms.Set(js, r)
	return r
}

func (r *realm) proto(class string) *jsg.Object {
	proto, _ := r.ctors[class].Get("prototype").(*jsg.Object)
	return proto
}
