package jsg

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Objects as the engine makes them, but each in one piece of memory with its
// record, and with all its properties at once. What they begin with is copied
// from one that the engine made.

type propertyRecord struct {
	value                              Value
	writable, configurable, enumerable bool
	accessor                           bool
	getterFunc                         *Object
	setterFunc                         *Object
}

type arrayRecord struct {
	objectRecord
	values         []Value
	length         uint32
	objCount       int
	propValueCount int
	lengthProp     propertyRecord
}

// blanks are what the objects of a realm begin with.
type blanks struct {
	plain  objectRecord
	array  arrayRecord
	buffer *bufferRecord // these two when they are first needed
	bytes  *typedArrayRecord
}

// checkRecords panics if arrays of the engine are others.
func (l *layout) checkRecords(array *Object) {
	sameLayout(reflect.TypeFor[arrayRecord](), l.selfOf(array).Type().Elem())
	sameLayout(reflect.TypeFor[propertyRecord](), l.property.Elem())
}

func (js *Scope) loadBlanks() {
	l := engine()
	plain, _ := l.plainRecord(js.rt.NewObject())
	js.blanks.plain = *plain
	js.blanks.array = *(*arrayRecord)(l.record(js.rt.NewArray()).data)
}

// born gives the object that its memory begins with a record.
func (js *Scope) born(o *Object, kind, data unsafe.Pointer) *Object {
	l := engine()
	*o = *js.blanks.plain.val
	*l.record(o) = record{kind, data}
	return o
}

// newPlain makes an object that has these properties, by name and in order.
func (js *Scope) newPlain(proto *Object, values map[unistring.String]Value, names []unistring.String) *Object {
	made := &struct {
		object Object
		objectRecord
	}{objectRecord: js.blanks.plain}
	made.val, made.prototype, made.values, made.propNames = &made.object, proto, values, names
	return js.born(&made.object, engine().plain, unsafe.Pointer(&made.objectRecord))
}

// newSlotted makes an object with room for a Go value.
func (js *Scope) newSlotted(proto *Object) *Object {
	made := &struct {
		object Object
		slotted
	}{slotted: slotted{objectRecord: js.blanks.plain}}
	made.class, made.val, made.prototype, made.values = slottedClass, &made.object, proto, map[unistring.String]Value{}
	return js.born(&made.object, engine().plain, unsafe.Pointer(&made.slotted))
}

// newArray makes an array of items, which become its own; nil is a hole.
func (js *Scope) newArray(items []Value) *Object {
	made := &struct {
		object Object
		arrayRecord
	}{arrayRecord: js.blanks.array}
	made.val = &made.object
	made.arrayRecord.values, made.length = items, uint32(len(items))
	for _, v := range items {
		if v != nil {
			made.objCount++
		}
	}
	var length Value
	*recordOf(&length) = record{engine().propertyKind, unsafe.Pointer(&made.lengthProp)}
	made.objectRecord.values = map[unistring.String]Value{"length": length}
	made.propNames = onlyLength
	return js.born(&made.object, engine().array, unsafe.Pointer(&made.arrayRecord))
}

// onlyLength are the names that arrays begin with. They can share them: this one
// cannot be deleted, and there is no room for another.
var onlyLength = []unistring.String{"length"}

// objectOf makes a plain object. Where a name comes twice, the first place and
// the last value count.
func (js *Scope) objectOf(members []member) *Object {
	values := make(map[unistring.String]Value, len(members))
	names := make([]unistring.String, len(members))
	for i, m := range members {
		values[m.name], names[i] = m.value, m.name
	}
	if len(values) < len(members) {
		seen := make(map[unistring.String]bool, len(values))
		names = slices.DeleteFunc(names, func(name unistring.String) bool {
			again := seen[name]
			seen[name] = true
			return again
		})
	}
	return js.newPlain(js.blanks.plain.prototype, values, names)
}

// add gives an object a property that it has not yet, as far as that is the
// same as defining it.
func (l *layout) add(o *Object, name unistring.String, v Value) bool {
	r, plain := l.plainRecord(o)
	if !plain || !r.extensible || len(r.propNames)+1 == cap(r.propNames) { // the last place may hold a mark of the engine
		return false
	}
	if _, again := r.values[name]; again {
		return false
	}
	r.put(name, v)
	return true
}

// newBuffer makes an ArrayBuffer over b, which it then owns.
func (js *Scope) newBuffer(b []byte) *bufferRecord {
	if js.blanks.buffer == nil {
		js.blanks.buffer = engine().bufferOf(js.rt.ToValue(js.rt.NewArrayBuffer(nil)).(*Object))
	}
	made := &struct {
		object Object
		bufferRecord
	}{bufferRecord: *js.blanks.buffer}
	made.val, made.values, made.data = &made.object, map[unistring.String]Value{}, b
	js.born(&made.object, engine().buffer, unsafe.Pointer(&made.bufferRecord))
	return &made.bufferRecord
}

// newBytes makes a Uint8Array over the whole of b, which it then owns.
func (js *Scope) newBytes(b []byte) *Object {
	if js.blanks.bytes == nil {
		o, err := js.rt.New(js.intrinsics.uint8Array, goja.Undefined())
		check(err)
		js.blanks.bytes = (*typedArrayRecord)(engine().record(o).data)
	}
	made := &struct {
		object Object
		typedArrayRecord
	}{typedArrayRecord: *js.blanks.bytes}
	buffer := js.newBuffer(b)
	made.val, made.values = &made.object, map[unistring.String]Value{}
	made.viewedArrayBuf, made.length, made.typedArrayRecord.typedArray.data = buffer, len(b), unsafe.Pointer(&buffer.data)
	return js.born(&made.object, engine().typedArray, unsafe.Pointer(&made.typedArrayRecord))
}
