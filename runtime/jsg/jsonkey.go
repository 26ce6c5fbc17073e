package jsg

import (
	"strconv"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// What a value asks to be written instead of it.

// jsonKey is the key of a value: a name, or an index, made a string only where
// a toJSON wants one.
type jsonKey struct {
	name  unistring.String
	index int // where there is no name
	array bool
}

func (k jsonKey) value(js *Scope) Value {
	if k.array {
		return js.rt.ToValue(strconv.Itoa(k.index))
	}
	return stringOf(js, k.name)
}

// stringOf is a key as a string.
func stringOf(js *Scope, name unistring.String) goja.String {
	if units := name.AsUtf16(); units != nil {
		return goja.StringFromUTF16(units[1:])
	}
	return js.rt.ToValue(string(name)).(goja.String)
}

// replaced is what the toJSON method of v gives, if it has one.
func (w *jsonWriter) replaced(key jsonKey, v Value) Value {
	found := v.ToObject(w.js.rt).Get("toJSON")
	if found == nil && !IsProxy(v) {
		return v
	}
	w.ran++ // a getter or trap, if nothing else
	toJSON, ok := goja.AssertFunction(orUndefined(found))
	if !ok {
		return v
	}
	v, err := toJSON(v, key.value(w.js))
	if err != nil {
		panic(w.js.thrown(w.js.wrapError(err)))
	}
	return v
}

// isBare reports whether o is an object or array of the engine's that has no
// toJSON.
func (w *jsonWriter) isBare(o *Object) bool {
	if w.ran > 0 {
		return false
	}
	if !w.looked {
		w.looked, w.bare = true, w.withoutToJSON()
	}
	if !w.bare {
		return false
	}
	var r *objectRecord
	switch record := w.layout.record(o); record.kind {
	case w.layout.plain:
		r = (*objectRecord)(record.data)
		if ordinary := &w.js.blanks.plain; r.prototype != ordinary.prototype || r.class != ordinary.class {
			return false
		}
	case w.layout.array:
		r = (*objectRecord)(record.data)
		if r.prototype != w.js.blanks.array.prototype {
			return false
		}
	default:
		return false
	}
	_, has := r.values["toJSON"]
	return !has
}

// withoutToJSON reports whether plain objects and arrays inherit no toJSON.
func (w *jsonWriter) withoutToJSON() bool {
	object, array := w.js.blanks.plain.prototype, w.js.blanks.array.prototype
	for _, proto := range []*Object{object, array} {
		if !IsUndefined(w.descriptor(goja.FunctionCall{Arguments: []Value{proto, toJSON}})) {
			return false
		}
	}
	return array.Prototype() == object && object.Prototype() == nil
}

var toJSON = goja.StringFromUTF16([]uint16{'t', 'o', 'J', 'S', 'O', 'N'})
