package jsg

import (
	"math"
	"strings"
	"unsafe"
	"weak"

	"github.com/dop251/goja"
)

// Buffers that change their length. The engine has none: its views know a length
// once and for all. A buffer made with maxByteLength gets a record with room for
// the maximum and for the views of it, which are given another length when the
// buffer's changes. A view that is out of bounds looks at a detached buffer
// until it is in bounds again.

// resizable is the record of such a buffer, told by the identity of its class
// as in slot.go. Its memory is made anew as it grows; views look for it in the
// record each time.
type resizable struct {
	bufferRecord
	max    int
	arrays map[weak.Pointer[typedArrayRecord]]place
	views  map[weak.Pointer[dataViewRecord]]place
	absent *bufferRecord // what a view that is out of bounds looks at
	sweep  int           // how many views there may be before those that are gone are looked for
}

// place is where a view was put.
type place struct {
	offset, length int  // in bytes
	tracking       bool // it ends where the buffer does
}

var resizableClass = strings.Clone("Object")

func (b *bufferRecord) resizable() *resizable {
	if b == nil || unsafe.StringData(b.class) != unsafe.StringData(resizableClass) {
		return nil
	}
	return (*resizable)(unsafe.Pointer(b))
}

// makeResizable gives a new buffer a maximum.
func (js *Scope) makeResizable(o *Object, max int) {
	js.mendViews()
	const sweep = 16
	r := &resizable{bufferRecord: *engine().bufferOf(o), max: max, sweep: sweep}
	r.class = resizableClass
	r.absent = &bufferRecord{detached: true}
	r.absent.val = o
	engine().record(o).data = unsafe.Pointer(r)
}

// NewResizableBuffer makes a resizable ArrayBuffer over b, which it then owns.
func (js *Scope) NewResizableBuffer(b []byte, max int) *Object {
	o := js.NewArrayBuffer(b)
	js.makeResizable(o, max)
	return o
}

// MaxByteLength is how long a resizable ArrayBuffer may become; ok is false for
// anything else.
func MaxByteLength(v Value) (n int, ok bool) {
	if o, isObject := v.(*Object); isObject {
		if r := engine().bufferOf(o).resizable(); r != nil {
			return r.max, true
		}
	}
	return 0, false
}

// Resize changes the length of a resizable ArrayBuffer; ok is false if that is
// more than it may have, or v is none.
func Resize(v Value, n int) (ok bool) {
	o, isObject := v.(*Object)
	if !isObject {
		return false
	}
	r := engine().bufferOf(o).resizable()
	if r == nil || r.detached || n > r.max {
		return false
	}
	old := len(r.data)
	if n > cap(r.data) {
		grown := make([]byte, n, min(r.max, max(n, 2*cap(r.data))))
		copy(grown, r.data)
		r.data = grown
	} else {
		r.data = r.data[:n]
		if n > old {
			clear(r.data[old:])
		}
	}
	r.fitAll()
	return true
}

// fitAll gives all views the length they have now, and forgets those that are
// gone.
func (r *resizable) fitAll() {
	for p, at := range r.arrays {
		if a := p.Value(); a != nil {
			r.fitArray(a, at)
		} else {
			delete(r.arrays, p)
		}
	}
	for p, at := range r.views {
		if v := p.Value(); v != nil {
			r.fitView(v, at)
		} else {
			delete(r.views, p)
		}
	}
	r.sweep = max(r.sweep, 2*(len(r.arrays)+len(r.views)))
}

// at is where a view is in the buffer as long as that is now.
func (r *resizable) at(p place) (memory *bufferRecord, offset, length int) {
	switch {
	case p.tracking && p.offset <= len(r.data):
		return &r.bufferRecord, p.offset, len(r.data) - p.offset
	case !p.tracking && p.offset+p.length <= len(r.data):
		return &r.bufferRecord, p.offset, p.length
	}
	return r.absent, 0, 0
}

func (r *resizable) fitArray(a *typedArrayRecord, p place) {
	memory, offset, length := r.at(p)
	a.viewedArrayBuf, a.offset, a.length = memory, offset/a.elemSize, length/a.elemSize
}

func (r *resizable) fitView(v *dataViewRecord, p place) {
	v.viewedArrayBuf, v.byteOffset, v.byteLen = r.at(p)
}

// watch remembers a view that was just made.
func (r *resizable) watch(view *Object, tracking bool) {
	if len(r.arrays)+len(r.views) >= r.sweep {
		r.fitAll()
	}
	switch l, data := engine(), engine().record(view); data.kind {
	case l.typedArray:
		a := (*typedArrayRecord)(data.data)
		p := place{a.offset * a.elemSize, a.length * a.elemSize, tracking}
		if r.arrays == nil {
			r.arrays = map[weak.Pointer[typedArrayRecord]]place{}
		}
		r.arrays[weak.Make(a)] = p
		r.fitArray(a, p)
	case l.dataView:
		v := (*dataViewRecord)(data.data)
		p := place{v.byteOffset, v.byteLen, tracking}
		if r.views == nil {
			r.views = map[weak.Pointer[dataViewRecord]]place{}
		}
		r.views[weak.Make(v)] = p
		r.fitView(v, p)
	}
}

// tracking reports whether a view of a resizable buffer ends where that does.
func (l *layout) tracking(view *Object) (r *resizable, tracking bool) {
	switch data := l.record(view); data.kind {
	case l.typedArray:
		a := (*typedArrayRecord)(data.data)
		if r = l.bufferOf(a.viewedArrayBuf.val).resizable(); r != nil {
			tracking = r.arrays[weak.Make(a)].tracking
		}
	case l.dataView:
		v := (*dataViewRecord)(data.data)
		if r = l.bufferOf(v.viewedArrayBuf.val).resizable(); r != nil {
			tracking = r.views[weak.Make(v)].tracking
		}
	}
	return r, tracking
}

// IsTracking reports whether a view ends where its resizable buffer does.
func IsTracking(v Value) bool {
	o, ok := v.(*Object)
	if !ok {
		return false
	}
	_, tracking := engine().tracking(o)
	return tracking
}

// IsOutOfBounds reports whether a view shows what its resizable buffer does not
// have at the moment.
func IsOutOfBounds(v Value) bool {
	view, ok := ViewOf(v)
	return ok && view.memory.detached && !IsDetached(view.Buffer)
}

// maxLength reads the option maxByteLength, -1 if there is none.
func (js *Scope) maxLength(args []Value) int {
	if len(args) < 2 {
		return -1
	}
	options, ok := args[1].(*Object)
	if !ok {
		return -1
	}
	v := options.Get("maxByteLength")
	if v == nil || goja.IsUndefined(v) {
		return -1
	}
	if IsBigInt(v) {
		panic(js.rt.NewTypeError("Cannot convert a BigInt value to a number"))
	}
	n := v.ToNumber().ToFloat()
	if math.IsNaN(n) {
		n = 0
	}
	if n <= -1 || n > 1<<53-1 {
		panic(js.rangeError("Invalid array buffer max length"))
	}
	return int(n)
}

// viewResizable makes a view of a resizable buffer. The engine is told the
// length of one that follows the buffer, as it would want whole elements.
func (js *Scope) viewResizable(r *resizable, args []Value, size int, construct func(args []Value) *Object) *Object {
	args = append([]Value(nil), args...)
	offset, _ := primitive(args, 1)
	tracking := len(args) < 3 || goja.IsUndefined(orUndefined(args[2]))
	if tracking && offset >= 0 && !r.detached {
		for len(args) < 3 {
			args = append(args, goja.Undefined())
		}
		left := len(r.data) - int(min(offset, maxItems*8))
		if left < 0 && int(offset)%size == 0 {
			panic(js.rangeError("Start offset %d is outside the bounds of the buffer", int(offset)))
		}
		args[2] = js.rt.ToValue(max(left, 0) / size)
	}
	view := construct(args)
	r.watch(view, tracking)
	return view
}
