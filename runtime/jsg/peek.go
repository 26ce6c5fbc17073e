package jsg

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// ProxyParts are what a Proxy of JavaScript stands before and its handler, both
// nil once it is revoked. One whose handler is in Go passes for an ordinary
// object, as the object of the platform that it is.
func ProxyParts(v Value) (target, handler *Object, ok bool) {
	if !IsProxy(v) {
		return nil, nil, false
	}
	p := v.(*Object).Export().(goja.Proxy)
	handler = p.Handler()
	if handler != nil && handler.ExportType() == reflect.TypeFor[*goja.ProxyTrapConfig]() {
		return nil, nil, false
	}
	return p.Target(), handler, true
}

// Collection are the items of a Set, or of a Map (pairs) its keys and values in
// turn, without code of theirs.
func Collection(v Value) (items []Value, pairs, ok bool) {
	o, isObject := v.(*Object)
	if !isObject {
		return nil, false, false
	}
	self := engine().selfOf(o).Elem()
	pairs = self.Type().Name() == "mapObject"
	if !pairs && self.Type().Name() != "setObject" {
		return nil, false, false
	}
	for e := self.FieldByName("m").Elem().FieldByName("iterFirst"); !e.IsNil(); e = e.Elem().FieldByName("iterNext") {
		items = append(items, entryField(e, "key"))
		if pairs {
			items = append(items, entryField(e, "value"))
		}
	}
	return items, pairs, true
}

// Remaining are what an iterator of a Map or Set has yet to give, keys and
// values in turn for one of entries (pairs). It stays where it is.
func Remaining(v Value) (items []Value, pairs, ok bool) {
	o, isObject := v.(*Object)
	if !isObject {
		return nil, false, false
	}
	self := engine().selfOf(o).Elem()
	set := self.Type().Name() == "setIterObject"
	if !set && self.Type().Name() != "mapIterObject" {
		return nil, false, false
	}
	iter, kind := self.FieldByName("iter"), self.FieldByName("kind")
	const keys, values = 0, 1 // of the engine's iterationKind
	if iter.IsNil() {         // it has ended
		return nil, kind.Int() > values, true
	}
	for e := following(iter.Elem()); !e.IsNil(); e = e.Elem().FieldByName("iterNext") {
		key, value := entryField(e, "key"), entryField(e, "value")
		switch {
		case set && kind.Int() <= values, kind.Int() == keys:
			items = append(items, key)
		case set:
			items = append(items, key, key)
		case kind.Int() == values:
			items = append(items, value)
		default:
			items = append(items, key, value)
		}
	}
	return items, kind.Int() > values, true
}

// following is the entry that an iterator would give next.
func following(iter reflect.Value) reflect.Value {
	m, cur := iter.FieldByName("m"), iter.FieldByName("cur")
	if m.IsNil() { // it has found the end
		return reflect.Zero(cur.Type())
	}
	for !cur.IsNil() && cur.Elem().FieldByName("key").IsNil() { // deleted meanwhile
		cur = cur.Elem().FieldByName("iterPrev")
	}
	if cur.IsNil() {
		return m.Elem().FieldByName("iterFirst")
	}
	return cur.Elem().FieldByName("iterNext")
}

func entryField(entry reflect.Value, name string) Value {
	f := entry.Elem().FieldByName(name)
	v, _ := reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().Interface().(Value)
	return orUndefined(v)
}
