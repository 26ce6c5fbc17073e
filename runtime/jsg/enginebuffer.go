package jsg

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// The engine's records of buffers and their views, field by field. Asking the
// engine itself for the bytes of a view takes four calls of getters, which is
// more than most native functions do with them.

type bufferRecord struct {
	objectRecord
	detached bool
	data     []byte
}

type typedArrayRecord struct {
	objectRecord
	viewedArrayBuf *bufferRecord
	defaultCtor    *Object
	length, offset int // in elements
	elemSize       int
	typedArray     record
}

type dataViewRecord struct {
	objectRecord
	viewedArrayBuf      *bufferRecord
	byteLen, byteOffset int
}

// typedArrays are the classes of typed arrays, with the size of an element.
var typedArrays = map[string]int{
	"Uint8Array": 1, "Uint8ClampedArray": 1, "Int8Array": 1, "Int16Array": 2, "Uint16Array": 2, "Int32Array": 4, "Uint32Array": 4,
	"Float32Array": 4, "Float64Array": 8, "BigInt64Array": 8, "BigUint64Array": 8,
	half: 2,
}

func (l *layout) findBuffers(sample *goja.Runtime) {
	make := func(class string, args ...Value) *Object {
		o, err := sample.New(sample.Get(class), args...)
		check(err)
		return o
	}
	find := func(o *Object, ours reflect.Type) unsafe.Pointer {
		sameLayout(ours, l.selfOf(o).Type().Elem())
		return l.record(o).kind
	}
	buffer := make("ArrayBuffer", sample.ToValue(8))
	l.buffer = find(buffer, reflect.TypeFor[bufferRecord]())
	l.dataView = find(make("DataView", buffer), reflect.TypeFor[dataViewRecord]())
	l.elements = map[unsafe.Pointer]string{}
	samples := map[string]*Object{}
	for class := range typedArrays {
		if class == half {
			continue
		}
		o := make(class, buffer)
		samples[class] = o
		l.typedArray = find(o, reflect.TypeFor[typedArrayRecord]())
		l.elements[(*typedArrayRecord)(l.record(o).data).typedArray.kind] = class
	}
	elements, _ := l.selfOf(samples["Uint8Array"]).Type().Elem().FieldByName("typedArray")
	l.findElements(elements.Type, samples)
}

// viewOf describes a typed array or DataView. The view of a detached buffer is
// empty.
func (l *layout) viewOf(o *Object) (View, bool) {
	var view View
	var memory *bufferRecord
	switch r := l.record(o); r.kind {
	case l.typedArray:
		a := (*typedArrayRecord)(r.data)
		memory = a.viewedArrayBuf
		view = View{Kind: l.elements[a.typedArray.kind], Offset: a.offset * a.elemSize, Len: a.length * a.elemSize, ElementSize: a.elemSize}
	case l.dataView:
		d := (*dataViewRecord)(r.data)
		memory = d.viewedArrayBuf
		view = View{Kind: "DataView", Offset: d.byteOffset, Len: d.byteLen, ElementSize: 1}
	default:
		return View{}, false
	}
	if memory.detached {
		view.Offset, view.Len = 0, 0
	}
	view.Buffer, view.memory = memory.val, memory
	return view, true
}

// bufferOf is the record of an ArrayBuffer, nil for another object.
func (l *layout) bufferOf(o *Object) *bufferRecord {
	if r := l.record(o); r.kind == l.buffer {
		return (*bufferRecord)(r.data)
	}
	return nil
}
