package jsg

import (
	"strings"
	"unsafe"

	"github.com/dop251/goja"
)

// How a JavaScript object carries its Go value. Everything about that is in
// this file. An object that a constructor or Wrap made is an ordinary one, so
// subclass fields, #private names and freezing work; its record in the engine
// is exchanged for one with room for a slot behind it, which is told by the
// identity of a string. Other objects (an Error, the global object, the proxies
// of Class.Call) have a hidden property instead, whose value remembers which
// object it belongs to: comparing the owner makes what inherits from them, or a
// Proxy around them, fail the brand check.

// slot is the Go value, and the class it belongs to.
type slot struct {
	owner *Object
	class *installed
	value any
}

// slotted is the record of an ordinary object with a slot.
type slotted struct {
	objectRecord
	slot slot
}

// slottedClass is the class of such a record: that of every ordinary object, in
// a string of its own.
var slottedClass = strings.Clone("Object")

func (js *Scope) attach(o *Object, class *installed, value any) {
	s := slot{owner: o, class: class, value: value}
	if own := ownSlot(o); own != nil {
		*own = s
	} else if old, ok := engine().plainRecord(o); ok {
		record := &slotted{*old, s}
		record.class = slottedClass
		engine().record(o).data = unsafe.Pointer(record)
	} else {
		o.DefineDataPropertySymbol(slotSymbol, js.rt.NewDynamicObject(&hidden{slot: s}), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}
	if h, ok := value.(identity); ok {
		h.setObject(o)
	}
	for _, define := range class.own {
		define(js, o, value)
	}
}

// ownSlot is the slot behind the object's record, nil if there is none.
func ownSlot(o *Object) *slot {
	record, ok := engine().plainRecord(o)
	if !ok || unsafe.StringData(record.class) != unsafe.StringData(slottedClass) {
		return nil
	}
	return &(*slotted)(unsafe.Pointer(record)).slot
}

var slotSymbol = goja.NewSymbol("miniworker.native")

// hidden is a slot as the value of a property. It is a DynamicObject only because
// that is the engine's cheapest box for a Go pointer; user code never gets hold
// of one.
type hidden struct{ slot slot }

func (*hidden) Get(string) Value       { return nil }
func (*hidden) Set(string, Value) bool { return false }
func (*hidden) Has(string) bool        { return false }
func (*hidden) Delete(string) bool     { return false }
func (*hidden) Keys() []string         { return nil }

// slotOf returns the slot of v, or nil.
func slotOf(v Value) *slot {
	o, ok := v.(*Object)
	if !ok {
		return nil
	}
	if _, plain := engine().plainRecord(o); plain {
		return ownSlot(o)
	}
	box, ok := o.GetSymbol(slotSymbol).(*Object)
	if !ok {
		return nil
	}
	h, ok := box.Export().(*hidden)
	if !ok || h.slot.owner != o { // inherited, or seen through a Proxy
		return nil
	}
	return &h.slot
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
