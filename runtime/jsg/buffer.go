package jsg

import "github.com/dop251/goja"

// NewArrayBuffer makes an ArrayBuffer over b, which it then owns.
func (js *Scope) NewArrayBuffer(b []byte) *Object { return js.newBuffer(b).val }

// NewUint8Array makes a Uint8Array over b, which it then owns.
func (js *Scope) NewUint8Array(b []byte) *Object { return js.newBytes(b) }

// NewView makes a view of the named kind ("Uint8Array", "DataView", …) over an
// ArrayBuffer. length counts elements.
func (js *Scope) NewView(kind string, buffer *Object, offset, length int) (*Object, error) {
	o, err := js.rt.New(js.global.Get(kind), buffer, js.rt.ToValue(offset), js.rt.ToValue(length))
	return o, js.wrapError(err)
}

// ArrayBufferOf returns the memory of an ArrayBuffer.
func ArrayBufferOf(v Value) (data []byte, ok bool) {
	o, ok := v.(*Object)
	if !ok {
		return nil, false
	}
	buffer := engine().bufferOf(o)
	if buffer == nil {
		return nil, false
	}
	return buffer.data, true
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
	return ok && engine().bufferOf(o) != nil && o.GetSymbol(pinned) != nil
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
	if !ok || engine().bufferOf(o) == nil {
		return goja.ArrayBuffer{}, false
	}
	ab, ok := o.Export().(goja.ArrayBuffer)
	return ab, ok
}

// View describes a typed array or DataView.
type View struct {
	Kind        string // "Uint8Array", "DataView", …
	Buffer      *Object
	Offset, Len int // in bytes
	ElementSize int

	memory *bufferRecord // of Buffer
}

// Bytes is the part of the buffer the view shows, not copied.
func (v View) Bytes() []byte {
	if v.memory == nil || v.Offset+v.Len > len(v.memory.data) {
		return nil
	}
	return v.memory.data[v.Offset : v.Offset+v.Len : v.Offset+v.Len]
}

// ViewOf describes v if it is a typed array or DataView.
func ViewOf(v Value) (View, bool) {
	o, ok := v.(*Object)
	if !ok {
		return View{}, false
	}
	return engine().viewOf(o)
}

// Bytes returns the memory of an ArrayBuffer or view, not copied. Copy it
// before handing it to another goroutine.
func Bytes(v Value) ([]byte, bool) {
	o, ok := v.(*Object)
	if !ok {
		return nil, false
	}
	l := engine()
	if buffer := l.bufferOf(o); buffer != nil {
		return buffer.data, true
	}
	view, ok := l.viewOf(o)
	return view.Bytes(), ok
}

// Uint8Array returns the memory of a Uint8Array, not copied.
func Uint8Array(v Value) ([]byte, bool) {
	view, ok := ViewOf(v)
	return view.Bytes(), ok && view.Kind == "Uint8Array"
}
