package jsg

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// Elements and lengths of arrays, as runs of instructions read and set them. What
// is not as it usually is, the engine does.

// elementKind is how numbers are kept in a typed array.
type elementKind uint8

const (
	otherElements elementKind = iota
	uint8Elements
	clampedElements
	int8Elements
	uint16Elements
	int16Elements
	uint32Elements
	int32Elements
	float32Elements
	float64Elements
)

var elementKinds = map[string]elementKind{
	"Uint8Array": uint8Elements, "Uint8ClampedArray": clampedElements, "Int8Array": int8Elements, "Uint16Array": uint16Elements, "Int16Array": int16Elements,
	"Uint32Array": uint32Elements, "Int32Array": int32Elements, "Float32Array": float32Elements, "Float64Array": float64Elements,
}

// arrays is what has to be known of arrays, found by layout.findArrays.
var arrays struct {
	self             uintptr
	array, typed     unsafe.Pointer // kinds of their records
	property         unsafe.Pointer // of a value that is an accessor or has attributes of its own
	plain, templated unsafe.Pointer // kinds of prototypes
	elements         [64]struct {   // by methods, at a place that depends on them
		table unsafe.Pointer
		kind  elementKind
	}
	lengthCode uintptr // what the getter of the length of typed arrays runs
}

func elementsAt(table unsafe.Pointer) uintptr { return uintptr(table) >> 4 }

// kind is how the elements of an array are kept.
func (a *typedArrayRecord) kind() elementKind {
	for at := elementsAt(a.typedArray.kind); ; at++ {
		switch known := &arrays.elements[at%uintptr(len(arrays.elements))]; known.table {
		case a.typedArray.kind:
			return known.kind
		case nil:
			return otherElements
		}
	}
}

func selfRecord(v *Value) record {
	if o, ok := (*v).(*Object); ok {
		return *(*record)(unsafe.Add(unsafe.Pointer(o), arrays.self))
	}
	return record{}
}

func index(n float64, length int) (i int, ok bool) {
	i = int(n)
	return i, float64(i) == n && i >= 0 && i < length
}

func itemsOf(r record) []Value { return (*arrayRecord)(r.data).values }

func lengthOfArray(r record) int { return int((*arrayRecord)(r.data).length) }

// place is where the element at an index is, nil if there is none.
func (a *typedArrayRecord) place(n float64) unsafe.Pointer {
	i, ok := index(n, a.length)
	i += a.offset
	bytes := a.viewedArrayBuf.data
	if !ok || a.viewedArrayBuf.detached || (i+1)*a.elemSize > len(bytes) {
		return nil
	}
	return unsafe.Pointer(&bytes[i*a.elemSize])
}

// elementOf is the number at an index of an array.
func elementOf(v *Value, n float64) (float64, bool) {
	switch r := selfRecord(v); r.kind {
	case arrays.array:
		items := itemsOf(r)
		if i, ok := index(n, len(items)); ok {
			return numberOf(&items[i])
		}
	case arrays.typed:
		a := (*typedArrayRecord)(r.data)
		at := a.place(n)
		if at == nil {
			return 0, false
		}
		switch a.kind() {
		case uint8Elements, clampedElements:
			return float64(*(*uint8)(at)), true
		case int8Elements:
			return float64(*(*int8)(at)), true
		case uint16Elements:
			return float64(*(*uint16)(at)), true
		case int16Elements:
			return float64(*(*int16)(at)), true
		case uint32Elements:
			return float64(*(*uint32)(at)), true
		case int32Elements:
			return float64(*(*int32)(at)), true
		case float32Elements:
			return float64(*(*float32)(at)), true
		case float64Elements:
			return *(*float64)(at), true
		}
	}
	return 0, false
}

// setElementOf sets an element that is there.
func setElementOf(v *Value, at, n float64) bool {
	switch r := selfRecord(v); r.kind {
	case arrays.array:
		items := itemsOf(r)
		i, ok := index(at, len(items))
		if !ok || items[i] == nil || recordOf(&items[i]).kind == arrays.property {
			return false
		}
		items[i] = numberValue(n)
		return true
	case arrays.typed:
		a := (*typedArrayRecord)(r.data)
		place := a.place(at)
		return place != nil && setNumber(a.kind(), place, n)
	}
	return false
}

func setNumber(kind elementKind, at unsafe.Pointer, n float64) bool {
	switch kind {
	case float64Elements:
		*(*float64)(at) = n
		return true
	case float32Elements:
		*(*float32)(at) = float32(n)
		return true
	case clampedElements:
		*(*uint8)(at) = uint8(max(0, min(255, math.RoundToEven(n))))
		return n == n // NaN is not to be converted
	}
	bits, ok := bitsOfFloat(n)
	if !ok {
		return false
	}
	switch kind {
	case uint8Elements, int8Elements:
		*(*uint8)(at) = uint8(bits)
	case uint16Elements, int16Elements:
		*(*uint16)(at) = uint16(bits)
	case uint32Elements, int32Elements:
		*(*uint32)(at) = bits
	default:
		return false
	}
	return true
}

// lengthOf is the length of a string or an array.
func lengthOf(vm *machine, v *Value) (float64, bool) {
	if r := recordOf(v); r.kind == asciiKind || r.kind == wideKind {
		n := textLength(r)
		if r.kind == wideKind {
			n-- // the mark
		}
		return float64(n), true
	}
	switch r := selfRecord(v); r.kind {
	case arrays.array:
		return float64(lengthOfArray(r)), true
	case arrays.typed:
		a := (*typedArrayRecord)(r.data)
		if !a.viewedArrayBuf.detached && vm.scope().usualLength(&a.objectRecord) {
			return float64(a.length), true
		}
	}
	return 0, false
}

// usualLengths is the property that typed arrays have their length by, once it
// was found to be the engine's.
type usualLengths struct {
	looked   bool
	proto    *Object
	property Value
	getter   *Object
}

// usualLength reports whether reading the length of a typed array gives the
// length.
func (js *Scope) usualLength(a *objectRecord) bool {
	known := &js.usualLengths
	if !known.looked {
		*known = js.findLength()
	}
	for range 4 { // an array, its class, one that this is derived from
		if a.prototype == nil || len(a.values) > 0 && a.values["length"] != nil {
			return false
		}
		r := engine().record(a.prototype)
		if r.kind != arrays.plain && r.kind != arrays.templated {
			return false
		}
		if a = (*objectRecord)(r.data); a.val == known.proto {
			return a.values["length"] == known.property && *getterOf(known.property) == known.getter
		}
	}
	return false
}

func (js *Scope) findLength() usualLengths {
	none := usualLengths{looked: true}
	proto := js.intrinsics.uint8Array.Prototype().Get("prototype").(*Object)
	getter, property := engine().lengthGetter(proto)
	if getter == nil || engine().codeOf(getter) != arrays.lengthCode {
		return none
	}
	return usualLengths{true, proto, property, getter}
}

// lengthGetter is the accessor length of %TypedArray%.prototype.
func (l *layout) lengthGetter(proto *Object) (*Object, Value) {
	r := l.record(proto)
	if r.kind != arrays.plain && r.kind != arrays.templated {
		return nil, nil
	}
	proto.GetOwnPropertyNames() // has the engine make what is made when it is needed
	property := (*objectRecord)(r.data).values["length"]
	if property == nil || recordOf(&property).kind != arrays.property {
		return nil, nil
	}
	return *getterOf(property), property
}

// codeOf is what a function of the engine runs, 0 for another one.
func (l *layout) codeOf(f *Object) uintptr {
	self := l.selfOf(f)
	if self.Type() != l.nativeType {
		return 0
	}
	return reflect.ValueOf(*(*nativeCall)(nativeField(self.Elem(), "f", reflect.TypeFor[nativeCall]()))).Pointer()
}

// findArrays looks up what is to be known of arrays.
func (l *layout) findArrays(sample *goja.Runtime) {
	arrays.self, arrays.property = l.self.Offset, l.propertyKind
	arrays.array, arrays.typed, arrays.plain = l.array, l.typedArray, l.plain
	proto := sample.Get("Uint8Array").(*Object).Prototype().Get("prototype").(*Object)
	arrays.templated = l.record(proto).kind
	if its := l.selfOf(proto).Type().Elem().Field(0); !its.Anonymous || its.Type != l.selfOf(sample.NewObject()).Type().Elem() {
		panic("jsg: in this version of the engine prototypes of typed arrays are others")
	}
	getter, _ := l.lengthGetter(proto)
	arrays.lengthCode = l.codeOf(getter)
	for table, class := range l.elements {
		kind := elementKinds[class]
		if kind == otherElements {
			continue
		}
		at := elementsAt(table)
		for arrays.elements[at%uintptr(len(arrays.elements))].table != nil {
			at++
		}
		known := &arrays.elements[at%uintptr(len(arrays.elements))]
		known.table, known.kind = table, kind
	}
}
