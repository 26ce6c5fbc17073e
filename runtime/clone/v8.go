package clone

import (
	"bytes"
	"encoding/binary"
	"math/big"
	"slices"
	"strconv"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// v8Mark begins what V8's ValueSerializer writes. Objects that were stored by
// workerd hold such values; they are read, never written.
//
// Deliberately not read: shared memory, and host objects but errors, which
// storage refuses there too.
//
// Where the truth is: V8's src/objects/value-serializer.cc, format version 15,
// and values that workerd 2026-11-17 stored (testdata/v8.json).
const v8Mark = 0xff

// v8MaxVersion is the newest format version this reads.
const v8MaxVersion = 15

// v8 reads V8's format with the Decoder's means.
type v8 struct{ *Decoder }

func (d *Decoder) readV8() (jsg.Value, error) {
	if version := d.Uint(); version < 13 || version > v8MaxVersion {
		d.corrupt("unknown version of V8's format")
	}
	v := v8{d}.value()
	return v, d.err
}

// value reads a value, with the view that may follow a buffer.
func (d v8) value() jsg.Value {
	if d.depth++; d.depth > maxDepth {
		d.corrupt("nested too deeply")
	}
	defer func() { d.depth-- }()
	if d.err != nil {
		return jsg.Undefined
	}
	v := d.plain(d.v8Tag())
	if d.err != nil {
		return jsg.Undefined
	}
	if _, ok := jsg.ArrayBufferOf(v); ok && d.v8Next('V') {
		return d.v8View(v)
	}
	return v
}

// v8Tag is the next tag; zero bytes before it are padding.
func (d v8) v8Tag() byte {
	for d.next(0) {
	}
	return d.tag()
}

// v8Next consumes a tag if it comes next.
func (d v8) v8Next(tag byte) bool {
	for d.next(0) {
	}
	return d.next(tag)
}

func (d v8) plain(tag byte) jsg.Value {
	switch tag {
	case '_':
		return jsg.Undefined
	case '0':
		return jsg.Null
	case 'T':
		return d.js.Bool(true)
	case 'F':
		return d.js.Bool(false)
	case 'I':
		u := d.Uint()
		return d.js.Int(int64(u>>1) ^ -int64(u&1))
	case 'U':
		return d.js.Int(int64(d.Uint()))
	case 'N':
		return d.js.Float(d.float())
	case 'Z':
		return d.bigInt()
	case '"', 'c', 'S':
		return d.text(tag)
	}
	return d.v8Object(tag)
}

func (d v8) bigInt() jsg.Value {
	field := d.Uint()
	digits := slices.Clone(d.take(int(field >> 1 & 0xffffff)))
	slices.Reverse(digits)
	n := new(big.Int).SetBytes(digits)
	if field&1 == 1 {
		n.Neg(n)
	}
	return d.js.BigInt(n)
}

func (d v8) text(tag byte) jsg.Value {
	b := d.Bytes()
	switch tag {
	case 'S':
		return d.js.String(validUTF8(b))
	case 'c':
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		return d.js.UTF16(units)
	}
	units := make([]uint16, len(b)) // Latin-1
	for i, c := range b {
		units[i] = uint16(c)
	}
	return d.js.UTF16(units)
}

func (d v8) v8Object(tag byte) jsg.Value {
	if tag == '^' {
		n := d.Uint()
		if d.err != nil || n >= uint64(len(d.seen)) || d.seen[n] == nil {
			d.corrupt("bad reference")
			return jsg.Undefined
		}
		return d.seen[n]
	}
	slot := len(d.seen)
	d.seen = append(d.seen, nil)
	keep := func(v jsg.Value) jsg.Value { d.seen[slot] = v; return v }
	switch tag {
	case 'o':
		o := d.js.NewObject()
		keep(o)
		d.v8Properties(o, '{')
		d.Uint() // how many there were
		return o
	case 'A', 'a':
		return d.v8Array(tag, keep)
	case ';', '\'':
		return d.v8Items(tag, keep)
	case '\\':
		return d.v8Host(keep)
	}
	v := d.v8Leaf(tag)
	if v == nil {
		d.corrupt("unknown tag " + strconv.QuoteRune(rune(tag)) + " of V8's format")
		return jsg.Undefined
	}
	return keep(v)
}

// v8Leaf reads what cannot contain itself.
func (d v8) v8Leaf(tag byte) jsg.Value {
	switch tag {
	case 'D':
		return d.construct("Date", d.js.Float(d.float()))
	case 'y':
		return d.construct("Object", d.js.Bool(true))
	case 'x':
		return d.construct("Object", d.js.Bool(false))
	case 'n':
		return d.construct("Object", d.js.Float(d.float()))
	case 'z':
		return d.construct("Object", d.bigInt())
	case 's':
		return d.construct("Object", d.text(d.v8Tag()))
	case 'R':
		pattern := d.text(d.v8Tag())
		return d.construct("RegExp", pattern, d.js.String(v8Flags(d.Uint())))
	case 'B':
		return d.js.NewArrayBuffer(bytes.Clone(d.Bytes()))
	}
	return nil
}

// v8Flags are the flags of a regular expression, in the order of V8's bits.
func v8Flags(bits uint64) string {
	var flags []byte
	for i, f := range []byte("gimyus\x00dv") { // one bit is V8's own
		if bits>>i&1 == 1 && f != 0 {
			flags = append(flags, f)
		}
	}
	return string(flags)
}

func (d v8) v8Properties(o *jsg.Object, end byte) {
	for d.err == nil && !d.v8Next(end) {
		k := d.value()
		if v := d.value(); d.err == nil {
			d.js.Define(o, k.String(), v)
		}
	}
}

// v8Array reads a dense array, whose elements come first, or a sparse one.
func (d v8) v8Array(tag byte, keep func(jsg.Value) jsg.Value) jsg.Value {
	o := d.js.NewArray()
	keep(o)
	length, end := d.Uint(), byte('@')
	if length > 1<<32-1 || tag == 'A' && length > uint64(len(d.data)-d.pos) {
		d.corrupt("bad array length")
	}
	if tag == 'A' {
		end = '$'
		for i := range int(length) {
			if d.err != nil {
				return o
			}
			if d.v8Next('-') {
				continue
			}
			v := d.value()
			d.js.Define(o, strconv.Itoa(i), v)
		}
	}
	d.v8Properties(o, end)
	d.Uint() // how many properties there were
	d.Uint() // the length again
	if d.err == nil {
		d.keep(nil, d.js.Set(o, "length", d.js.Int(int64(length))))
	}
	return o
}

func (d v8) v8Items(tag byte, keep func(jsg.Value) jsg.Value) jsg.Value {
	r := realmOf(d.js)
	class, add, end := "Map", r.mapSet, byte(':')
	if tag == '\'' {
		class, add, end = "Set", r.setAdd, ','
	}
	o := d.construct(class)
	keep(o)
	for d.err == nil && !d.v8Next(end) {
		args := []jsg.Value{d.value()}
		if class == "Map" {
			args = append(args, d.value())
		}
		if d.err == nil {
			_, err := d.js.Call(add, o, args...)
			d.keep(nil, err)
		}
	}
	d.Uint() // how many there were
	return o
}

// What workerd writes itself, behind the mark of a host object.
const (
	v8Exception = 8  // a DOMException: name, message, stack
	v8NativeErr = 10 // an error: its kind, maybe a name, the message, own properties
)

// v8ErrorKinds are the classes of errors by workerd's numbers; 0 is an Error
// whose name was changed.
var v8ErrorKinds = map[uint64]string{
	0: "Error", 1: "Error", 2: "TypeError", 3: "RangeError", 4: "ReferenceError", 5: "SyntaxError", 10: "EvalError", 11: "URIError", 12: "AggregateError",
}

func (d v8) v8Host(keep func(jsg.Value) jsg.Value) jsg.Value {
	switch kind := d.Uint(); kind {
	case v8Exception:
		name, message, stack := d.Bytes(), d.Bytes(), d.Bytes()
		o := jsg.NewDOMException(d.js, validUTF8(message), validUTF8(name))
		d.js.DefineHidden(o, "stack", d.js.String(validUTF8(stack)))
		return keep(o)
	case v8NativeErr:
		return d.v8Error(keep)
	default:
		d.corrupt("an object of a host class, number " + strconv.FormatUint(kind, 10))
	}
	return jsg.Undefined
}

func (d v8) v8Error(keep func(jsg.Value) jsg.Value) jsg.Value {
	kind := d.Uint()
	class, known := v8ErrorKinds[kind]
	if !known {
		d.corrupt("an error of unknown class")
	}
	var name jsg.Value
	if kind == 0 {
		name = d.value()
	}
	var args []jsg.Value
	if class == "AggregateError" {
		args = append(args, d.js.NewArray())
	}
	message := d.value()
	o, ok := d.construct(class, args...).(*jsg.Object)
	if !ok {
		return jsg.Undefined
	}
	keep(o)
	d.js.DefineHidden(o, "message", message)
	if name != nil {
		d.js.DefineHidden(o, "name", name)
	}
	if properties, ok := jsg.IsObject(d.value()); ok {
		for _, k := range properties.Keys() {
			d.js.DefineHidden(o, k, properties.Get(k))
		}
	}
	return o
}

// v8Views are the classes of views by their marks.
var v8Views = map[byte]string{
	'b': "Int8Array", 'B': "Uint8Array", 'C': "Uint8ClampedArray", 'w': "Int16Array", 'W': "Uint16Array", 'd': "Int32Array",
	'D': "Uint32Array", 'h': "Float16Array", 'f': "Float32Array", 'F': "Float64Array", 'q': "BigInt64Array", 'Q': "BigUint64Array", '?': "DataView",
}

func (d v8) v8View(buffer jsg.Value) jsg.Value {
	class := v8Views[d.tag()]
	offset, length := int64(d.Uint()), int64(d.Uint())
	d.Uint() // flags: whether it follows the buffer's length
	slot := len(d.seen)
	d.seen = append(d.seen, nil)
	if d.err != nil || class == "" || offset < 0 || length < 0 {
		d.corrupt("bad view")
		return jsg.Undefined
	}
	if size := v8ElementSize(class); length%size == 0 {
		length /= size
	}
	v := d.construct(class, buffer, d.js.Int(offset), d.js.Int(length))
	if v == nil {
		return jsg.Undefined
	}
	d.seen[slot] = v
	return v
}

func v8ElementSize(class string) int64 {
	switch class {
	case "Int16Array", "Uint16Array", "Float16Array":
		return 2
	case "Int32Array", "Uint32Array", "Float32Array":
		return 4
	case "Float64Array", "BigInt64Array", "BigUint64Array":
		return 8
	}
	return 1
}
