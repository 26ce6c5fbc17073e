package jsg

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Typed arrays of our own making: the engine's, whose integers take what V8's
// take of a double beyond 2^63, and half floats, which it has not.

//go:linkname newTypedArray github.com/dop251/goja.(*Runtime)._newTypedArray
func newTypedArray(rt *goja.Runtime, args []Value, newTarget *Object, make makeTyped, proto *Object) *Object

//go:linkname newTypedArrayObject github.com/dop251/goja.(*Runtime)._newTypedArrayObject
func newTypedArrayObject(rt *goja.Runtime, buffer *bufferRecord, offset, length, elemSize int, ctor *Object, elements record, proto *Object) *typedArrayRecord

//go:linkname createTypedArrayCtor github.com/dop251/goja.(*Runtime).createTypedArrayCtor
func createTypedArrayCtor(rt *goja.Runtime, ctor *Object, construct func(args []Value, newTarget, proto *Object) *Object, name unistring.String, size int) *objectRecord

// makeTyped makes the record of an array.
type makeTyped = func(buffer *bufferRecord, offset, length int, proto *Object) *typedArrayRecord

// typedArrayMaker makes the records of typed arrays of one class.
func (js *Scope) typedArrayMaker(class string, ctor *Object) makeTyped {
	table, size := engine().tables[class], typedArrays[class]
	return func(buffer *bufferRecord, offset, length int, proto *Object) *typedArrayRecord {
		return newTypedArrayObject(js.rt, buffer, offset, length, size, ctor, record{table, unsafe.Pointer(&buffer.data)}, proto)
	}
}

// element is where the element at an index is.
func element[T any](data unsafe.Pointer, i int) *T {
	bytes := *(*[]byte)(data)
	return (*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(bytes)), i*int(unsafe.Sizeof(*new(T)))))
}

// bitsOf are the low bits of the integer that a value is, as far as stores want
// any.
func bitsOf(v Value) uint32 {
	r := recordOf(&v)
	if r.kind != intKind && r.kind != floatKind {
		v = v.ToNumber()
	}
	switch r.kind {
	case intKind:
		return uint32(*(*int64)(r.data))
	case floatKind:
		lowBits(r)
		if r.kind == intKind {
			return uint32(*(*int64)(r.data))
		}
		if f := *(*float64)(r.data); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return uint32(int64(f))
		}
	}
	return 0
}

func set16(data unsafe.Pointer, i int, v Value) { *element[uint16](data, i) = uint16(bitsOf(v)) }
func set32(data unsafe.Pointer, i int, v Value) { *element[uint32](data, i) = bitsOf(v) }
func rawU16(_ unsafe.Pointer, v Value) uint64   { return uint64(uint16(bitsOf(v))) }
func rawI16(_ unsafe.Pointer, v Value) uint64   { return uint64(int16(bitsOf(v))) }
func rawU32(_ unsafe.Pointer, v Value) uint64   { return uint64(bitsOf(v)) }
func rawI32(_ unsafe.Pointer, v Value) uint64   { return uint64(int32(bitsOf(v))) }
func getHalf(data unsafe.Pointer, i int) Value {
	return floatToValue(fromHalf(*element[uint16](data, i)))
}
func setHalf(data unsafe.Pointer, i int, v Value) { *element[uint16](data, i) = toHalf(v.ToFloat()) }
func rawHalf(_ unsafe.Pointer, v Value) uint64    { return uint64(toHalf(v.ToFloat())) }
func isNumber(_ unsafe.Pointer, v Value) bool {
	return recordOf(&v).kind == intKind || recordOf(&v).kind == floatKind
}

// fits32 and fitsHalf keep a search for a number from finding what it is rounded to.
func fits32(_ unsafe.Pointer, v Value) bool {
	return isNumber(nil, v) && (math.IsNaN(v.ToFloat()) || float64(float32(v.ToFloat())) == v.ToFloat())
}

func fitsHalf(_ unsafe.Pointer, v Value) bool {
	return isNumber(nil, v) && (math.IsNaN(v.ToFloat()) || fromHalf(toHalf(v.ToFloat())) == v.ToFloat())
}

func lessHalf(data unsafe.Pointer, i, j int) bool {
	x, y := fromHalf(*element[uint16](data, i)), fromHalf(*element[uint16](data, j))
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return !math.IsNaN(x)
	case x == 0 && y == 0:
		return math.Signbit(x) && !math.Signbit(y)
	}
	return x < y
}

func exportHalf(data unsafe.Pointer, offset, length int) any {
	return unsafe.Slice(element[uint16](data, offset), length)
}

// elementMethods are the methods that a class has of its own. Doubles beyond
// 2^63 have no bits that eight would take.
var elementMethods = map[string]map[string]any{
	"Uint16Array": {"set": set16, "toRaw": rawU16}, "Int16Array": {"set": set16, "toRaw": rawI16},
	"Uint32Array": {"set": set32, "toRaw": rawU32}, "Int32Array": {"set": set32, "toRaw": rawI32},
	"Float32Array": {"typeMatch": fits32},
	half:           {"get": getHalf, "set": setHalf, "toRaw": rawHalf, "less": lessHalf, "typeMatch": fitsHalf, "export": exportHalf},
}

const half = "Float16Array"

// findElements makes the tables of methods of all classes, from those of the
// engine: original by class.
func (l *layout) findElements(inter reflect.Type, samples map[string]*Object) {
	l.tables = map[string]unsafe.Pointer{}
	for class := range typedArrays {
		sample := samples[class]
		if class == half {
			sample = samples["Uint16Array"]
		}
		elements := &(*typedArrayRecord)(l.record(sample).data).typedArray
		l.tables[class] = elements.kind
		if methods := elementMethods[class]; methods != nil {
			t := reflect.NewAt(inter, unsafe.Pointer(elements)).Elem().Elem().Type()
			l.tables[class] = unsafe.Pointer(derive(inter, t, elements.kind, methods))
		}
		l.elements[l.tables[class]] = class
	}
}
