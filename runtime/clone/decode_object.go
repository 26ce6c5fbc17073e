package clone

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// object reads an object; undefined after a failure.
func (d *Decoder) object(t byte) jsg.Value {
	switch t {
	case tagRef:
		n := d.Uint()
		if d.err != nil || n >= uint64(len(d.seen)) || d.seen[n] == nil {
			d.corrupt("bad reference")
			return jsg.Undefined
		}
		return d.seen[n]
	case tagObject:
		o := d.js.NewObject()
		d.seen = append(d.seen, o)
		d.properties(o, d.js.Define)
		return o
	case tagArray, tagSparse:
		return d.array(t)
	case tagMap, tagSet:
		return d.items(t)
	case tagError:
		return d.error()
	}
	// These cannot contain themselves: their number is taken first, and filled
	// in when they are made.
	slot := len(d.seen)
	d.seen = append(d.seen, nil)
	v := d.leaf(t)
	if d.err != nil || v == nil {
		d.corrupt("unknown tag")
		return jsg.Undefined
	}
	d.seen[slot] = v
	return v
}

func (d *Decoder) leaf(t byte) jsg.Value {
	switch t {
	case tagDate:
		return d.construct("Date", d.js.Float(d.float()))
	case tagRegExp:
		return d.construct("RegExp", d.value(), d.value())
	case tagBoxed:
		if v := d.primitive(d.tag()); v != nil && d.err == nil {
			return d.construct("Object", v)
		}
	case tagException:
		return d.exception()
	case tagArrayBuffer:
		return d.js.NewArrayBuffer(bytes.Clone(d.Bytes()))
	case tagResizable:
		most := d.Uint()
		data := d.Bytes()
		if most > jsg.MaxBuffer || uint64(len(data)) > most {
			d.corrupt("bad buffer")
			return nil
		}
		return d.js.NewResizableBuffer(bytes.Clone(data), int(most))
	case tagView, tagTracking:
		return d.view(t == tagTracking)
	case tagHost:
		return d.host()
	case tagCap:
		c, ok := d.Cap().(Importer)
		if !ok {
			d.corrupt("the capability is not a value")
			return nil
		}
		return d.keep(c.Import(d.js))
	}
	return nil
}

// keep notes the error of something that makes a value.
func (d *Decoder) keep(v jsg.Value, err error) jsg.Value {
	if err != nil && d.err == nil {
		d.err = err
	}
	return v
}

func (d *Decoder) construct(class string, args ...jsg.Value) jsg.Value {
	if d.err != nil {
		return nil
	}
	o, err := d.js.Construct(realmOf(d.js).ctors[class], args...)
	if err != nil {
		d.keep(nil, err)
		return nil
	}
	return o
}

// properties reads (key, value)… up to the end mark into o.
func (d *Decoder) properties(o *jsg.Object, define func(o *jsg.Object, name string, v jsg.Value)) {
	for !d.next(tagEnd) && d.err == nil {
		k := d.value()
		if v := d.value(); d.err == nil {
			define(o, k.String(), v)
		}
	}
}

func (d *Decoder) array(t byte) jsg.Value {
	o := d.js.NewArray()
	d.seen = append(d.seen, o)
	length := d.Uint()
	if length > 1<<32-1 || t == tagArray && length > uint64(len(d.data)-d.pos) {
		d.corrupt("bad array length")
	}
	if d.err != nil {
		return o
	}
	if t == tagArray {
		for i := range int(length) {
			if d.next(tagHole) {
				continue
			}
			v := d.value()
			if d.err != nil {
				return o
			}
			d.js.Define(o, strconv.Itoa(i), v)
		}
	}
	d.keep(nil, d.js.Set(o, "length", d.js.Int(int64(length))))
	d.properties(o, d.js.Define)
	return o
}

func (d *Decoder) items(t byte) jsg.Value {
	r := realmOf(d.js)
	class, add := "Map", r.mapSet
	if t == tagSet {
		class, add = "Set", r.setAdd
	}
	o := d.construct(class)
	d.seen = append(d.seen, o)
	for !d.next(tagEnd) && d.err == nil {
		args := []jsg.Value{d.value()}
		if t == tagMap {
			args = append(args, d.value())
		}
		if d.err == nil {
			_, err := d.js.Call(add, o, args...)
			d.keep(nil, err)
		}
	}
	return o
}

func (d *Decoder) error() jsg.Value {
	slot := len(d.seen)
	d.seen = append(d.seen, nil)
	name, message, stack := d.value(), d.value(), d.value()
	class := "Error"
	if !jsg.IsUndefined(name) && slices.Contains(errorKinds, name.String()) {
		class = name.String()
	}
	var args []jsg.Value
	if class == "AggregateError" {
		args = append(args, d.js.NewArray())
	}
	o, ok := d.construct(class, args...).(*jsg.Object)
	if !ok {
		return jsg.Undefined
	}
	d.seen[slot] = o
	// With enhanced_error_serialization everything but name and message is
	// enumerable, without it nothing is.
	define := d.js.DefineHidden
	if realmOf(d.js).enhanced {
		define = d.js.Define
	}
	if !jsg.IsUndefined(stack) {
		define(o, "stack", stack)
	}
	if !jsg.IsUndefined(message) {
		d.js.DefineHidden(o, "message", message)
	}
	if !jsg.IsUndefined(name) && name.String() != class {
		d.js.DefineHidden(o, "name", name)
	}
	d.properties(o, define)
	return o
}

func (d *Decoder) exception() jsg.Value {
	name, message, stack := d.value(), d.value(), d.value()
	if d.err != nil {
		return nil
	}
	o := jsg.NewDOMException(d.js, message.String(), name.String())
	if !jsg.IsUndefined(stack) {
		d.js.DefineHidden(o, "stack", stack)
	}
	return o
}

func (d *Decoder) view(tracking bool) jsg.Value {
	kind, offset, length := d.Uint(), d.Uint(), d.Uint()
	if kind >= uint64(len(viewKinds)) || offset > 1<<40 || length > 1<<40 {
		d.corrupt("bad view")
	}
	buffer := d.value()
	if d.err != nil {
		return nil
	}
	if _, ok := jsg.ArrayBufferOf(buffer); !ok {
		d.corrupt("a view without a buffer")
		return nil
	}
	if tracking {
		return d.construct(viewKinds[kind], buffer, d.js.Int(int64(offset)))
	}
	return d.construct(viewKinds[kind], buffer, d.js.Int(int64(offset)), d.js.Int(int64(length)))
}

func (d *Decoder) host() jsg.Value {
	name := string(d.Bytes())
	c := codecNamed(name)
	if d.err != nil || c == nil {
		d.corrupt("unknown class " + strconv.Quote(name))
		return nil
	}
	return d.keep(c.read(d))
}
