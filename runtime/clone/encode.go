package clone

import (
	"encoding/binary"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Encoder writes one message. Codecs of host classes get one.
type Encoder struct {
	js    *jsg.Scope
	opts  Options
	buf   []byte
	caps  []Cap
	depth int

	// Objects already written: few are searched in order, many by map.
	seen    []*jsg.Object
	seenMap map[*jsg.Object]int
}

// Value writes any value.
func (e *Encoder) Value(v jsg.Value) error {
	if e.primitive(v) {
		return nil
	}
	switch v := v.(type) {
	case *jsg.Object:
		if n, ok := e.number(v); ok {
			e.tag(tagRef)
			e.uint(uint64(n))
			return nil
		}
		if e.depth++; e.depth > maxDepth {
			return jsg.RangeErrorf("Maximum call stack size exceeded")
		}
		defer func() { e.depth-- }()
		return e.object(v)
	case *jsg.Symbol:
		return uncloneable("Symbol(" + v.String() + ")")
	}
	return uncloneable(v.String())
}

// String writes a string, for Decoder.String.
func (e *Encoder) String(s string) { e.tag(tagString); e.bytes(s) }

// Uint writes a number, for Decoder.Uint.
func (e *Encoder) Uint(n uint64) { e.uint(n) }

// Bytes writes bytes, for Decoder.Bytes.
func (e *Encoder) Bytes(b []byte) {
	e.uint(uint64(len(b)))
	e.buf = append(e.buf, b...)
}

// Live reports whether the message may have capabilities.
func (e *Encoder) Live() bool { return e.opts.Export != nil }

// Cap writes a capability, for Decoder.Cap. It fails where the message may not
// have any, naming the class whose instance needs it.
func (e *Encoder) Cap(class string, c Cap) error {
	if e.opts.Export == nil {
		return jsg.DOMErrorf("DataCloneError", "%s can only be serialized for RPC.", class)
	}
	e.uint(uint64(len(e.caps)))
	e.caps = append(e.caps, c)
	return nil
}

func (e *Encoder) tag(t byte) { e.buf = append(e.buf, t) }

func (e *Encoder) uint(n uint64) { e.buf = binary.AppendUvarint(e.buf, n) }

func (e *Encoder) bytes(s string) {
	e.uint(uint64(len(s)))
	e.buf = append(e.buf, s...)
}

func (e *Encoder) float(f float64) {
	if math.IsNaN(f) {
		f = math.NaN() // one NaN, whatever its bits
	}
	e.buf = binary.LittleEndian.AppendUint64(e.buf, math.Float64bits(f))
}

// primitive writes v unless it is an object or a symbol.
func (e *Encoder) primitive(v jsg.Value) bool {
	switch {
	case jsg.IsUndefined(v):
		e.tag(tagUndefined)
		return true
	case v == jsg.Null:
		e.tag(tagNull)
		return true
	}
	switch v.(type) {
	case *jsg.Object, *jsg.Symbol:
		return false
	}
	switch v.ExportType().Kind() {
	case reflect.Int64:
		e.tag(tagInt)
		e.buf = binary.AppendVarint(e.buf, v.ToInteger())
	case reflect.Float64:
		e.number64(v.ToFloat())
	case reflect.String:
		e.text(v)
	case reflect.Bool:
		if v.ToBoolean() {
			e.tag(tagTrue)
		} else {
			e.tag(tagFalse)
		}
	default:
		return e.bigInt(v)
	}
	return true
}

func (e *Encoder) number64(f float64) {
	const safe = 1 << 53
	if f == math.Trunc(f) && math.Abs(f) < safe && !(f == 0 && math.Signbit(f)) {
		e.tag(tagInt)
		e.buf = binary.AppendVarint(e.buf, int64(f))
		return
	}
	e.tag(tagFloat)
	e.float(f)
}

func (e *Encoder) text(v jsg.Value) {
	s := v.String()
	// Lone surrogates read as U+FFFD; only then are the code units needed.
	if strings.Contains(s, "\uFFFD") {
		if units := jsg.UTF16Of(v); hasLoneSurrogate(units) {
			e.tag(tagUTF16)
			e.uint(uint64(2 * len(units)))
			for _, u := range units {
				e.buf = binary.LittleEndian.AppendUint16(e.buf, u)
			}
			return
		}
	}
	e.String(s)
}

func hasLoneSurrogate(units []uint16) bool {
	for i := 0; i < len(units); i++ {
		switch u := units[i]; {
		case u >= 0xD800 && u < 0xDC00 && i+1 < len(units) && units[i+1] >= 0xDC00 && units[i+1] < 0xE000:
			i++
		case u >= 0xD800 && u < 0xE000:
			return true
		}
	}
	return false
}

func (e *Encoder) bigInt(v jsg.Value) bool {
	n, ok := v.Export().(*big.Int)
	if !ok {
		return false
	}
	e.tag(tagBigInt)
	sign := byte(0)
	if n.Sign() < 0 {
		sign = 1
	}
	e.tag(sign)
	e.Bytes(n.Bytes())
	return true
}

// number finds the number of an object written before, or gives it the next.
func (e *Encoder) number(o *jsg.Object) (int, bool) {
	const few = 16
	if e.seenMap != nil {
		if n, ok := e.seenMap[o]; ok {
			return n, true
		}
		e.seenMap[o] = len(e.seenMap)
		return 0, false
	}
	if n := slices.Index(e.seen, o); n >= 0 {
		return n, true
	}
	e.seen = append(e.seen, o)
	if len(e.seen) > few {
		e.seenMap = make(map[*jsg.Object]int, 4*few)
		for n, o := range e.seen {
			e.seenMap[o] = n
		}
	}
	return 0, false
}
