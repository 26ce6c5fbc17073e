package jsg

import (
	"reflect"

	"github.com/dop251/goja"
)

// NewArrayBuffer makes an ArrayBuffer over b, which it then owns.
func (js *Scope) NewArrayBuffer(b []byte) *Object {
	return js.rt.ToValue(js.rt.NewArrayBuffer(b)).(*Object)
}

// NewUint8Array makes a Uint8Array over b, which it then owns.
func (js *Scope) NewUint8Array(b []byte) *Object {
	o, err := js.rt.New(js.intrinsics.uint8Array, js.rt.ToValue(js.rt.NewArrayBuffer(b)))
	if err != nil {
		panic(err)
	}
	return o
}

// NewView makes a view of the named kind ("Uint8Array", "DataView", …) over an
// ArrayBuffer. length counts elements.
func (js *Scope) NewView(kind string, buffer *Object, offset, length int) (*Object, error) {
	o, err := js.rt.New(js.global.Get(kind), buffer, js.rt.ToValue(offset), js.rt.ToValue(length))
	return o, js.wrapError(err)
}

// ArrayBufferOf returns the memory of an ArrayBuffer.
func ArrayBufferOf(v Value) (data []byte, ok bool) {
	ab, ok := arrayBuffer(v)
	if !ok {
		return nil, false
	}
	return ab.Bytes(), true
}

var pinned = goja.NewSymbol("miniworker.pinned")

// NewPinnedBuffer makes an ArrayBuffer over b, which it shares: JavaScript cannot
// transfer it. detach takes the memory away from it.
func (js *Scope) NewPinnedBuffer(b []byte) (buffer *Object, detach func()) {
	ab := js.rt.NewArrayBuffer(b)
	buffer = js.rt.ToValue(ab).(*Object)
	buffer.DefineDataPropertySymbol(pinned, js.rt.ToValue(true), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return buffer, func() { ab.Detach() }
}

// IsPinned reports whether v is a buffer of NewPinnedBuffer.
func IsPinned(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.ExportType() == arrayBufferType && o.GetSymbol(pinned) != nil
}

// Detach detaches an ArrayBuffer, as a transfer does, and returns its memory;
// ok is false if v is not one, is pinned, or was detached already.
func Detach(v Value) (data []byte, ok bool) {
	ab, ok := arrayBuffer(v)
	if !ok || ab.Detached() || IsPinned(v) {
		return nil, false
	}
	data = ab.Bytes()
	return data, ab.Detach()
}

// IsDetached reports whether v is an ArrayBuffer that was detached.
func IsDetached(v Value) bool {
	ab, ok := arrayBuffer(v)
	return ok && ab.Detached()
}

func arrayBuffer(v Value) (goja.ArrayBuffer, bool) {
	o, ok := v.(*Object)
	if !ok || o.ExportType() != arrayBufferType {
		return goja.ArrayBuffer{}, false
	}
	ab, ok := o.Export().(goja.ArrayBuffer)
	return ab, ok
}

var arrayBufferType = reflect.TypeFor[goja.ArrayBuffer]()

// View describes a typed array or DataView.
type View struct {
	Kind        string // "Uint8Array", "DataView", …
	Buffer      *Object
	Offset, Len int // in bytes
	ElementSize int
}

// Bytes is the part of the buffer the view shows, not copied.
func (v View) Bytes() []byte {
	b, _ := ArrayBufferOf(v.Buffer)
	if v.Offset+v.Len > len(b) {
		return nil
	}
	return b[v.Offset : v.Offset+v.Len : v.Offset+v.Len]
}

// ViewOf describes v if it is a typed array or DataView.
func ViewOf(v Value) (view View, ok bool) {
	o, isObj := v.(*Object)
	if !isObj {
		return View{}, false
	}
	// A DataView is told by its tag only; a forged one fails here or reads
	// bytes of a buffer it holds anyway.
	defer func() {
		if recover() != nil {
			view, ok = View{}, false
		}
	}()
	kind, size := typedArrayKind(o)
	if kind == "" && tagOf(o) == "DataView" {
		kind, size = "DataView", 1
	}
	if kind == "" {
		return View{}, false
	}
	buffer, isObj := o.Get("buffer").(*Object)
	if !isObj {
		return View{}, false
	}
	return View{Kind: kind, Buffer: buffer, ElementSize: size,
		Offset: int(o.Get("byteOffset").ToInteger()), Len: int(o.Get("byteLength").ToInteger())}, true
}

func tagOf(o *Object) string {
	if tag, ok := o.GetSymbol(goja.SymToStringTag).(goja.String); ok {
		return tag.String()
	}
	return ""
}

// typedArrays maps what the engine exports to the kind and element size. The
// export type is asked first because Export of a plain object copies all of it.
var typedArrays = map[reflect.Type]struct {
	kind string
	size int
}{
	reflect.TypeFor[[]uint8]():   {"Uint8Array", 1},
	reflect.TypeFor[[]int8]():    {"Int8Array", 1},
	reflect.TypeFor[[]int16]():   {"Int16Array", 2},
	reflect.TypeFor[[]uint16]():  {"Uint16Array", 2},
	reflect.TypeFor[[]int32]():   {"Int32Array", 4},
	reflect.TypeFor[[]uint32]():  {"Uint32Array", 4},
	reflect.TypeFor[[]float32](): {"Float32Array", 4},
	reflect.TypeFor[[]float64](): {"Float64Array", 8},
	reflect.TypeFor[[]int64]():   {"BigInt64Array", 8},
	reflect.TypeFor[[]uint64]():  {"BigUint64Array", 8},
}

func typedArrayKind(o *Object) (kind string, size int) {
	t, ok := typedArrays[o.ExportType()]
	if !ok {
		return "", 0
	}
	// Both unsigned byte kinds export alike; the tag getter tells them apart.
	if t.kind == "Uint8Array" && tagOf(o) == "Uint8ClampedArray" {
		return "Uint8ClampedArray", 1
	}
	return t.kind, t.size
}

// Bytes returns the memory of an ArrayBuffer or view, not copied. Copy it
// before handing it to another goroutine.
func Bytes(v Value) ([]byte, bool) {
	o, ok := v.(*Object)
	if !ok {
		return nil, false
	}
	switch o.ExportType() {
	case arrayBufferType:
		ab, _ := arrayBuffer(v)
		return ab.Bytes(), true
	case bytesType:
		return exportedBytes(o)
	}
	if view, ok := ViewOf(v); ok {
		return view.Bytes(), true
	}
	return nil, false
}

// exportedBytes are the bytes of a Uint8Array. The engine must not be asked for
// those of one whose buffer was detached: it is a view of nothing, and has no
// length.
func exportedBytes(o *Object) ([]byte, bool) {
	if o.Get("byteLength").ToInteger() == 0 {
		return nil, true
	}
	b, ok := o.Export().([]byte)
	return b, ok
}

var bytesType = reflect.TypeFor[[]byte]()
