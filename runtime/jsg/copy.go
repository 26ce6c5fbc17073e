package jsg

import (
	"maps"
	"slices"
	"unsafe"
)

// CopyPlain is the structured clone of a value that consists of nothing but
// primitives, plain objects and dense arrays, made from the engine's own records.
// No code of the program runs. ok is false for any other value, nested deeper than
// most objects or not.
func (js *Scope) CopyPlain(v Value, most int) (copied Value, ok bool) {
	c := &copier{js: js, layout: engine(), left: most}
	copied = c.value(v)
	return copied, !c.unable
}

type copier struct {
	js     *Scope
	layout *layout
	seen   copies
	left   int // levels
	unable bool
}

func (c *copier) value(v Value) Value {
	if o, ok := v.(*Object); ok {
		return c.copy(o)
	}
	c.primitive(v)
	return v
}

// primitive looks whether a value that is no object is one of the program's.
func (c *copier) primitive(v Value) {
	c.unable = c.unable || v == nil || IsSymbol(v) || recordOf(&v).kind == c.layout.propertyKind
}

func (c *copier) copy(o *Object) *Object {
	if again := c.seen.find(o); again != nil {
		return again
	}
	if c.left--; c.left < 0 {
		c.unable = true
	}
	defer func() { c.left++ }()
	r := c.layout.record(o)
	switch {
	case c.unable:
	case r.kind == c.layout.plain:
		return c.object(o, (*objectRecord)(r.data))
	case r.kind == c.layout.array:
		return c.array(o, (*arrayRecord)(r.data))
	}
	c.unable = true
	return o
}

func (c *copier) object(o *Object, r *objectRecord) *Object {
	ordinary := &c.js.blanks.plain
	if r.prototype != ordinary.prototype || r.class != ordinary.class || unsafe.StringData(r.class) == unsafe.StringData(slottedClass) {
		c.unable = true
		return o
	}
	values := maps.Clone(r.values)
	copied := c.js.newPlain(r.prototype, values, slices.Clone(r.propNames))
	if r.lastSortedPropLen > 0 {
		p, _ := c.layout.plainRecord(copied)
		p.lastSortedPropLen, p.idxPropCount = r.lastSortedPropLen, r.idxPropCount
	}
	c.seen.add(o, copied)
	for name, v := range r.values {
		if inner, ok := v.(*Object); ok {
			values[name] = c.copy(inner)
		} else {
			c.primitive(v)
		}
	}
	return copied
}

func (c *copier) array(o *Object, r *arrayRecord) *Object {
	const properties = 1 // of every array: its length
	if len(r.objectRecord.values) != properties || int(r.length) != len(r.values) || r.objCount != len(r.values) {
		c.unable = true
		return o
	}
	items := slices.Clone(r.values)
	copied := c.js.newArray(items)
	c.seen.add(o, copied)
	for i, v := range items {
		items[i] = c.value(v)
	}
	return copied
}

// copies are what objects were copied to: a hash table of pointers.
type copies struct {
	table []struct{ from, to *Object } // a power of two
	n     int
}

func (c *copies) find(from *Object) *Object {
	if c.n == 0 {
		return nil
	}
	return c.table[c.place(from)].to
}

// place is where an object is, or would be.
func (c *copies) place(from *Object) int {
	const mix = 0x9E3779B97F4A7C15
	hash := uint64(uintptr(unsafe.Pointer(from))) * mix >> 32
	for i := int(hash) & (len(c.table) - 1); ; i = (i + 1) & (len(c.table) - 1) {
		if at := c.table[i].from; at == from || at == nil {
			return i
		}
	}
}

func (c *copies) add(from, to *Object) {
	const first = 16
	if c.n++; 2*c.n > len(c.table) {
		old := c.table
		c.table = make([]struct{ from, to *Object }, max(first, 2*len(old)))
		for _, e := range old {
			if e.from != nil {
				c.table[c.place(e.from)] = e
			}
		}
	}
	at := &c.table[c.place(from)]
	at.from, at.to = from, to
}
