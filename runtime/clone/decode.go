package clone

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Decoder reads one message. Codecs of host classes get one. Its methods
// return zero values after a failure; Err tells.
type Decoder struct {
	js    *jsg.Scope
	data  []byte
	pos   int
	caps  []Cap
	seen  []jsg.Value
	depth int
	err   error
}

// Err is the first failure.
func (d *Decoder) Err() error { return d.err }

func (d *Decoder) corrupt(what string) error {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s at byte %d", ErrCorrupt, what, d.pos)
	}
	return d.err
}

// Uint reads what Encoder.Uint wrote.
func (d *Decoder) Uint() uint64 {
	if d.err != nil {
		return 0
	}
	n, size := binary.Uvarint(d.data[d.pos:])
	if size <= 0 {
		d.corrupt("bad number")
		return 0
	}
	d.pos += size
	return n
}

// Bytes reads what Encoder.Bytes wrote. They are part of the message: copy
// before changing or keeping them.
func (d *Decoder) Bytes() []byte {
	n := d.Uint()
	if d.err == nil && n > uint64(len(d.data)-d.pos) {
		d.corrupt("length beyond the end")
	}
	return d.take(int(n))
}

// String reads what Encoder.String wrote.
func (d *Decoder) String() string {
	if d.tag() != tagString {
		d.corrupt("expected a string")
	}
	return string(d.Bytes())
}

// Cap reads what Encoder.Cap wrote.
func (d *Decoder) Cap() Cap {
	n := d.Uint()
	if d.err == nil && n >= uint64(len(d.caps)) {
		d.corrupt("no such capability")
	}
	if d.err != nil {
		return nil
	}
	return d.caps[n]
}

// take is the next n bytes; nil after a failure.
func (d *Decoder) take(n int) []byte {
	if d.err != nil {
		return nil
	}
	if n > len(d.data)-d.pos {
		d.corrupt("unexpected end")
		return nil
	}
	b := d.data[d.pos : d.pos+n]
	d.pos += n
	return b
}

func (d *Decoder) tag() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

// next consumes tag if it comes next.
func (d *Decoder) next(tag byte) bool {
	if d.err == nil && d.pos < len(d.data) && d.data[d.pos] == tag {
		d.pos++
		return true
	}
	return false
}

// Value reads what Encoder.Value wrote.
func (d *Decoder) Value() (jsg.Value, error) {
	t := d.tag()
	if d.err != nil {
		return nil, d.err
	}
	v := d.primitive(t)
	if v == nil && d.err == nil {
		if d.depth++; d.depth > maxDepth {
			return nil, d.corrupt("nested too deeply")
		}
		v = d.object(t)
		d.depth--
	}
	if d.err != nil {
		return nil, d.err
	}
	return v, nil
}

// value is Value for code that checks d.err once at its end.
func (d *Decoder) value() jsg.Value {
	v, err := d.Value()
	if err != nil {
		return jsg.Undefined
	}
	return v
}

// primitive reads a primitive; nil if t is not the tag of one.
func (d *Decoder) primitive(t byte) jsg.Value {
	switch t {
	case tagUndefined:
		return jsg.Undefined
	case tagNull:
		return jsg.Null
	case tagTrue:
		return d.js.Bool(true)
	case tagFalse:
		return d.js.Bool(false)
	case tagInt:
		u := d.Uint()
		return d.js.Int(int64(u>>1) ^ -int64(u&1))
	case tagFloat:
		return d.js.Float(d.float())
	case tagString:
		return d.js.String(validUTF8(d.Bytes()))
	case tagUTF16:
		b := d.Bytes()
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		return d.js.UTF16(units)
	case tagBigInt:
		negative := d.tag() == 1
		n := new(big.Int).SetBytes(d.Bytes())
		if negative {
			n.Neg(n)
		}
		return d.js.BigInt(n)
	}
	return nil
}

func (d *Decoder) float() float64 {
	b := d.take(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// validUTF8 guards the engine against strings Write never makes.
func validUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}
