package wasm

import (
	"math"
	"math/big"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// toRaw is ToWebAssemblyValue: v as the engine passes values of a type.
func (e *engine) toRaw(js *jsg.Scope, t byte, v jsg.Value) (uint64, error) {
	switch t {
	case typeExternref:
		return e.refs.put(v), nil
	case typeI64:
		n, err := toBigInt64(js, v)
		return n, err
	case typeFuncref:
		return e.funcRaw(v)
	case typeI32, typeF32, typeF64:
		f, err := toNumber(js, v)
		if err != nil {
			return 0, err
		}
		switch t {
		case typeI32:
			return uint64(toUint32(f)), nil
		case typeF32:
			return f32bits(f), nil
		}
		return math.Float64bits(f), nil
	}
	return 0, jsg.TypeErrorf("type incompatibility when transforming from/to JS")
}

// pass is toRaw of an argument or result, whose errors do not say more of
// functions.
func (e *engine) pass(js *jsg.Scope, t byte, v jsg.Value) (uint64, error) {
	raw, err := e.toRaw(js, t, v)
	if err != nil && t == typeFuncref {
		err = jsg.TypeErrorf("type incompatibility when transforming from/to JS")
	}
	return raw, err
}

// fromRaw is ToJSValue.
func (e *engine) fromRaw(js *jsg.Scope, t byte, raw uint64) (jsg.Value, error) {
	switch t {
	case typeI32:
		return js.Int(int64(int32(raw))), nil
	case typeI64:
		return js.BigInt(big.NewInt(int64(raw))), nil
	case typeF32:
		return js.Float(float64(math.Float32frombits(uint32(raw)))), nil
	case typeF64:
		return js.Float(math.Float64frombits(raw)), nil
	case typeExternref:
		return e.refs.get(raw), nil
	case typeFuncref:
		return e.funcOf(js, raw)
	}
	return nil, jsg.TypeErrorf("type incompatibility when transforming from/to JS")
}

func toNumber(js *jsg.Scope, v jsg.Value) (f float64, err error) {
	if jsg.IsBigInt(v) {
		return 0, jsg.TypeErrorf("Cannot convert a BigInt value to a number")
	}
	if jsg.IsSymbol(v) {
		return 0, jsg.TypeErrorf("Cannot convert a Symbol value to a number")
	}
	if _, isObject := jsg.IsObject(v); !isObject {
		return v.ToFloat(), nil
	}
	err = js.Try(func() { f = v.ToFloat() })
	return f, err
}

// toUint32 is ToInt32, as bits.
func toUint32(f float64) uint32 {
	if n := int64(f); float64(n) == f {
		return uint32(n)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	m := math.Mod(math.Trunc(f), 1<<32)
	if m < 0 {
		m += 1 << 32
	}
	return uint32(m)
}

var word = new(big.Int).SetUint64(math.MaxUint64)

func toBigInt64(js *jsg.Scope, v jsg.Value) (uint64, error) {
	switch {
	case jsg.IsBigInt(v):
	case jsg.IsSymbol(v):
		return 0, jsg.TypeErrorf("Cannot convert Symbol(%s) to a BigInt", v)
	case jsg.IsNumber(v) || jsg.IsNullish(v):
		return 0, jsg.TypeErrorf("Cannot convert %s to a BigInt", v)
	default:
		ctor, ok := jsg.IsObject(js.Global().Get("BigInt"))
		if !ok {
			return 0, jsg.TypeErrorf("BigInt is not a function")
		}
		var err error
		if v, err = js.Invoke(ctor, "asIntN", js.Int(64), v); err != nil {
			return 0, err
		}
	}
	n, ok := v.Export().(*big.Int)
	if !ok {
		return 0, jsg.TypeErrorf("Cannot convert %s to a BigInt", v)
	}
	return new(big.Int).And(n, word).Uint64(), nil
}
