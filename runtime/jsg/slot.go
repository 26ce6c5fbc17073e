package jsg

import "github.com/dop251/goja"

// How a JavaScript object carries its Go value. Everything about that is in
// this file: a plain object with one hidden, non-enumerable symbol property
// whose value remembers which object it belongs to. Comparing the owner makes
// Object.create(x) and new Proxy(x) fail the brand check; subclass fields,
// #private names and freezing work because the object is ordinary.

var slotSymbol = goja.NewSymbol("miniworker.native")

// slot is the carrier. It is a DynamicObject only because that is the engine's
// cheapest box for a Go pointer; user code never gets hold of one.
type slot struct {
	owner *Object
	class *installed
	value any
}

func (s *slot) Get(string) Value       { return nil }
func (s *slot) Set(string, Value) bool { return false }
func (s *slot) Has(string) bool        { return false }
func (s *slot) Delete(string) bool     { return false }
func (s *slot) Keys() []string         { return nil }

func (js *Scope) attach(o *Object, class *installed, value any) {
	s := &slot{owner: o, class: class, value: value}
	o.DefineDataPropertySymbol(slotSymbol, js.rt.NewDynamicObject(s), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	if h, ok := value.(identity); ok {
		h.setObject(o)
	}
	for _, define := range class.own {
		define(js, o, value)
	}
}

// slotOf returns the carrier of v, or nil.
func slotOf(v Value) *slot {
	o, ok := v.(*Object)
	if !ok {
		return nil
	}
	box, ok := o.GetSymbol(slotSymbol).(*Object)
	if !ok {
		return nil
	}
	s, ok := box.Export().(*slot)
	if !ok || s.owner != o { // inherited, or seen through a Proxy
		return nil
	}
	return s
}

// Native returns the Go value v carries, whatever its class.
func Native(v Value) (any, bool) {
	if s := slotOf(v); s != nil {
		return s.value, true
	}
	return nil, false
}

// Instance is embedded by Go types whose JavaScript object must stay the same
// one: Wrap returns the object made first.
type Instance struct{ object *Object }

type identity interface {
	setObject(*Object)
	Object() *Object
}

func (i *Instance) setObject(o *Object) { i.object = o }

// Object is the JavaScript object, nil before the first Wrap.
func (i *Instance) Object() *Object { return i.object }
