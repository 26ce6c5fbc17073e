package buffer

import (
	"encoding/binary"
	"math"
	"math/big"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// A number is a way in which a Buffer keeps one.
type number struct {
	size int
	get  func(js *jsg.Scope, order binary.ByteOrder, b []byte) jsg.Value
	// put reports whether v is one that can be kept.
	put func(order binary.ByteOrder, b []byte, v jsg.Value) bool
}

var numbers = map[string]number{
	"UInt8":     integer(1, 0, func(_ binary.ByteOrder, b []byte) int64 { return int64(b[0]) }),
	"Int8":      integer(1, math.MinInt8, func(_ binary.ByteOrder, b []byte) int64 { return int64(int8(b[0])) }),
	"UInt16":    integer(2, 0, func(o binary.ByteOrder, b []byte) int64 { return int64(o.Uint16(b)) }),
	"Int16":     integer(2, math.MinInt16, func(o binary.ByteOrder, b []byte) int64 { return int64(int16(o.Uint16(b))) }),
	"UInt32":    integer(4, 0, func(o binary.ByteOrder, b []byte) int64 { return int64(o.Uint32(b)) }),
	"Int32":     integer(4, math.MinInt32, func(o binary.ByteOrder, b []byte) int64 { return int64(int32(o.Uint32(b))) }),
	"BigInt64":  bigInteger((*big.Int).IsInt64, func(bits uint64) *big.Int { return big.NewInt(int64(bits)) }),
	"BigUInt64": bigInteger((*big.Int).IsUint64, func(bits uint64) *big.Int { return new(big.Int).SetUint64(bits) }),
	"Float": {4,
		func(js *jsg.Scope, o binary.ByteOrder, b []byte) jsg.Value {
			return js.Float(float64(math.Float32frombits(o.Uint32(b))))
		},
		func(o binary.ByteOrder, b []byte, v jsg.Value) bool {
			if !jsg.IsNumber(v) {
				return false
			}
			o.PutUint32(b, math.Float32bits(float32(known(v.ToFloat()))))
			return true
		}},
	"Double": {8,
		func(js *jsg.Scope, o binary.ByteOrder, b []byte) jsg.Value {
			return js.Float(math.Float64frombits(o.Uint64(b)))
		},
		func(o binary.ByteOrder, b []byte, v jsg.Value) bool {
			if !jsg.IsNumber(v) {
				return false
			}
			o.PutUint64(b, math.Float64bits(known(v.ToFloat())))
			return true
		}},
}

// known is a number with the bits that V8 gives NaN.
func known(f float64) float64 {
	if math.IsNaN(f) {
		return math.Float64frombits(0x7ff8 << 48)
	}
	return f
}

// integer keeps whole numbers of size bytes from low on.
func integer(size int, low float64, get func(binary.ByteOrder, []byte) int64) number {
	end := low + float64(uint64(1)<<(8*size))
	return number{size,
		func(js *jsg.Scope, o binary.ByteOrder, b []byte) jsg.Value { return js.Int(get(o, b)) },
		func(o binary.ByteOrder, b []byte, v jsg.Value) bool {
			if !jsg.IsNumber(v) {
				return false
			}
			f := v.ToFloat()
			if math.IsNaN(f) {
				f = 0
			}
			if f < low || f >= end {
				return false
			}
			switch n := int64(f); size {
			case 1:
				b[0] = byte(n)
			case 2:
				o.PutUint16(b, uint16(n))
			default:
				o.PutUint32(b, uint32(n))
			}
			return true
		}}
}

func bigInteger(fits func(*big.Int) bool, of func(bits uint64) *big.Int) number {
	return number{8,
		func(js *jsg.Scope, o binary.ByteOrder, b []byte) jsg.Value { return js.BigInt(of(o.Uint64(b))) },
		func(o binary.ByteOrder, b []byte, v jsg.Value) bool {
			if !jsg.IsBigInt(v) {
				return false
			}
			n := v.Export().(*big.Int)
			if !fits(n) {
				return false
			}
			bits := new(big.Int).Set(n)
			if bits.Sign() < 0 {
				bits.Add(bits, new(big.Int).Lsh(big.NewInt(1), 64))
			}
			o.PutUint64(b, bits.Uint64())
			return true
		}}
}

// numberMethod makes a method of Buffer that reads or writes a number: from its
// kind, whether the big end comes first, whether it writes, and the same method
// in JavaScript. That is called for all but a number that fits at an offset
// within the buffer; it knows the errors.
func numberMethod(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	kind, otherwise := numbers[a.String(0)], a.Func(3)
	var order binary.ByteOrder = binary.LittleEndian
	if a.Bool(1) {
		order = binary.BigEndian
	}
	at := func(this, offset jsg.Value) (field []byte, end int64) {
		b, ok := jsg.Uint8Array(this)
		if !ok || !jsg.IsUndefined(offset) && !jsg.IsNumber(offset) {
			return nil, 0
		}
		n := int64(0)
		if !jsg.IsUndefined(offset) {
			n = offset.ToInteger()
			if float64(n) != offset.ToFloat() {
				return nil, 0
			}
		}
		if n < 0 || n > int64(len(b)-kind.size) {
			return nil, 0
		}
		end = n + int64(kind.size)
		return b[n:end], end
	}
	read := func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		if field, _ := at(this, a.Value(0)); field != nil {
			return kind.get(js, order, field), nil
		}
		return js.Call(otherwise, this, a.Rest(0)...)
	}
	write := func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		if field, end := at(this, a.Value(1)); field != nil && kind.put(order, field, a.Value(0)) {
			return js.Int(end), nil
		}
		return js.Call(otherwise, this, a.Rest(0)...)
	}
	if a.Bool(2) {
		return js.Func("", 0, write), a.Err()
	}
	return js.Func("", 0, read), a.Err()
}
