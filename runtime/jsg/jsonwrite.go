package jsg

import (
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// mendStringify makes JSON.stringify without a replacer faster than the engine's,
// and a value nested without end an error that can be caught.
func (js *Scope) mendStringify(stringify *Object) {
	call, _ := natives(stringify)
	natively := *call
	own, _ := natives(js.global.Get("Object").(*Object).Get("getOwnPropertyDescriptor").(*Object))
	descriptor := *own
	*call = func(fc goja.FunctionCall) goja.Value {
		gap, ok := jsonGap(fc.Argument(2))
		if !ok || isObject(fc.Argument(1)) {
			return natively(fc)
		}
		w := js.jsonWriter
		js.jsonWriter = nil // a toJSON may need another
		if w == nil {
			w = &jsonWriter{js: js, engine: natively, descriptor: descriptor, layout: engine()}
		}
		defer w.done()
		w.gap = gap
		if !w.value(jsonKey{}, fc.Argument(0)) {
			return Undefined
		}
		if w.wide {
			return js.rt.ToValue(w.text())
		}
		return js.ASCII(w.text())
	}
}

// mostKept is how many bytes are kept for the next value.
const mostKept = 32 << 10

// text is what was written: a copy, or where there is too much to keep, that
// itself.
func (w *jsonWriter) text() string {
	if cap(w.out) <= mostKept {
		return string(w.out)
	}
	return unsafe.String(unsafe.SliceData(w.out), len(w.out))
}

// done keeps the writer for the next value.
func (w *jsonWriter) done() {
	const fewMembers = 256
	if cap(w.out) > mostKept || cap(w.members) > fewMembers || cap(w.stack) > fewMembers {
		return
	}
	clear(w.members[:cap(w.members)])
	clear(w.stack[:cap(w.stack)])
	*w = jsonWriter{js: w.js, engine: w.engine, descriptor: w.descriptor, layout: w.layout, out: w.out[:0], members: w.members[:0], stack: w.stack[:0]}
	w.js.jsonWriter = w
}

// jsonGap is what one level is indented by; ok is false where the engine has
// to find out.
func jsonGap(v Value) (gap string, ok bool) {
	switch {
	case IsNullish(v):
		return "", true
	case IsNumber(v) && !math.IsNaN(v.ToFloat()):
		return strings.Repeat(" ", int(min(max(v.ToFloat(), 0), 10))), true
	}
	return "", false
}

// jsonWriter writes a value as JSON. What it does that a program can see, calls
// of toJSON and getters and traps of proxies, is in the order of SerializeJSONProperty
// (https://tc39.es/ecma262/#sec-serializejsonproperty). Objects and arrays of plain
// data are read from the engine's own records for as long as no code ran that
// could change them.
type jsonWriter struct {
	js      *Scope
	out     []byte
	gap     string
	stack   []*Object // what is being written, outermost first
	members []member  // of those
	ran     int       // how often code of the program may have run
	bare    bool      // until then, plain objects and arrays have only a toJSON of their own; if looked
	looked  bool
	wide    bool // what was written is not all ASCII
	layout  *layout

	engine, descriptor nativeCall // the engine's JSON.stringify and Object.getOwnPropertyDescriptor
}

// member is a property of an object being written.
type member struct {
	name  unistring.String
	value Value
}

// maxJSONNesting is about where V8's stack is full.
const maxJSONNesting = 5000

// value writes v, which is the property key of something, and reports whether
// there was something to write.
func (w *jsonWriter) value(key jsonKey, v Value) bool {
	switch r := recordOf(&v); r.kind {
	case intKind:
		w.out = strconv.AppendInt(w.out, *(*int64)(r.data), 10)
		return true
	case asciiKind:
		w.quoteText(*(*string)(r.data))
		return true
	}
	o, isObject := v.(*Object)
	if isObject && w.isBare(o) {
		return w.object(o)
	}
	if isObject || goja.IsBigInt(v) {
		v = w.replaced(key, v)
		if o, isObject = v.(*Object); isObject {
			v = w.unwrapped(o)
			o, isObject = v.(*Object)
		}
	}
	switch s, isString := v.(goja.String); {
	case isObject:
		return w.object(o)
	case isString:
		w.quote(s)
	case v == Null:
		w.out = append(w.out, "null"...)
	case IsUndefined(v) || IsSymbol(v):
		return false
	case goja.IsNumber(v):
		w.number(v)
	case goja.IsBigInt(v):
		panic(w.js.thrown(TypeErrorf("Do not know how to serialize a BigInt")))
	default:
		w.out = strconv.AppendBool(w.out, v.ToBoolean())
	}
	return true
}

// unwrapped is the primitive in a Number, String, Boolean or BigInt object, and
// o itself for others.
func (w *jsonWriter) unwrapped(o *Object) Value {
	switch o.ClassName() {
	case "Number":
		return w.js.rt.ToValue(o.ToFloat())
	case "String":
		return o.ToString()
	case "Boolean":
		return w.js.rt.ToValue(o.Export())
	case "Object":
		if o.ExportType() == reflect.TypeFor[*big.Int]() {
			return w.js.rt.ToValue(o.Export())
		}
	}
	return o
}

func (w *jsonWriter) object(o *Object) bool {
	class := o.ClassName()
	switch class {
	case "Function":
		return false
	case "RawJSON":
		return w.byEngine(o)
	}
	if len(w.stack) >= maxJSONNesting {
		panic(w.js.thrown(RangeErrorf("Maximum call stack size exceeded")))
	}
	if slices.Contains(w.stack, o) {
		panic(w.js.thrown(w.cycle(o)))
	}
	w.stack = append(w.stack, o)
	written := w.inner(o, class)
	w.stack = w.stack[:len(w.stack)-1]
	return written
}

// inner writes an object that is on the stack.
func (w *jsonWriter) inner(o *Object, class string) bool {
	if _, plain := w.layout.plainRecord(o); plain {
		return w.fields(o)
	}
	if class == "Array" || w.proxiesArray(o) {
		w.array(o)
		return true
	}
	if _, callable := goja.AssertFunction(o); callable { // a proxy of a function, or a class made in Go
		return false
	}
	return w.fields(o)
}

// proxiesArray reports whether o stands for an array.
func (w *jsonWriter) proxiesArray(o *Object) bool {
	if o.ExportType() != reflect.TypeFor[goja.Proxy]() {
		return false
	}
	v, err := w.js.intrinsics.isArray(Undefined, o)
	if err != nil {
		panic(w.js.thrown(w.js.wrapError(err)))
	}
	return v.ToBoolean()
}

func (w *jsonWriter) array(o *Object) {
	w.out = append(w.out, '[')
	items, plain := w.layout.arrayItems(o)
	n, ran := len(items), w.ran
	if !plain || n != int((*arrayRecord)(w.layout.record(o).data).length) {
		n = int(o.Get("length").ToInteger())
	}
	for i := range n {
		w.between(i == 0)
		var v Value
		if plain && w.ran == ran && i < len(items) {
			v = items[i]
		}
		if v == nil || recordOf(&v).kind == w.layout.propertyKind {
			w.ran++
			v = orUndefined(o.Get(strconv.Itoa(i)))
		}
		if !w.value(jsonKey{index: i, array: true}, v) {
			w.out = append(w.out, "null"...)
		}
	}
	w.close(n == 0, ']')
}

// fields writes an object's members: those that the engine has as plain data,
// else those it lists.
func (w *jsonWriter) fields(o *Object) bool {
	first := len(w.members)
	if !w.collect(o) {
		w.members = w.members[:first]
		w.ran++
		for _, name := range o.Keys() {
			if strings.Contains(name, lost) {
				w.members = w.members[:first]
				return w.byEngine(o)
			}
			w.members = append(w.members, member{name: unistring.NewFromString(name)})
		}
	}
	w.out = append(w.out, '{')
	empty, ran := true, w.ran
	for i := first; i < len(w.members); i++ {
		m := w.members[i]
		if m.value == nil || w.ran != ran {
			w.ran++
			m.value = orUndefined(o.Get(m.name.String()))
		}
		before := len(w.out)
		w.between(empty)
		if m.name.AsUtf16() == nil {
			w.quoteText(string(m.name))
		} else {
			w.quote(stringOf(w.js, m.name))
		}
		w.out = append(w.out, ':')
		if w.gap != "" {
			w.out = append(w.out, ' ')
		}
		if w.value(jsonKey{name: m.name}, m.value) {
			empty = false
		} else {
			w.out = w.out[:before]
		}
	}
	w.members = w.members[:first]
	w.close(empty, '}')
	return true
}

// collect adds the members of an object that has nothing but plain data and no
// names that only the engine can ask for.
func (w *jsonWriter) collect(o *Object) bool {
	record, ok := w.layout.plainRecord(o)
	if !ok {
		return false
	}
	names, ok := record.names()
	if !ok {
		return false
	}
	for _, name := range names {
		v := record.values[name]
		if v == nil || recordOf(&v).kind == w.layout.propertyKind || name.AsUtf16() != nil && strings.Contains(name.String(), lost) {
			return false
		}
		w.members = append(w.members, member{name, v})
	}
	return true
}

// between writes what stands before an item.
func (w *jsonWriter) between(first bool) {
	if !first {
		w.out = append(w.out, ',')
	}
	w.line(len(w.stack))
}

func (w *jsonWriter) close(empty bool, c byte) {
	if !empty {
		w.line(len(w.stack) - 1)
	}
	w.out = append(w.out, c)
}

func (w *jsonWriter) line(indent int) {
	if w.gap == "" {
		return
	}
	w.out = append(w.out, '\n')
	for range indent {
		w.out = append(w.out, w.gap...)
	}
}

// byEngine leaves raw JSON and an object that has names with lone
// surrogates to the engine.
func (w *jsonWriter) byEngine(o *Object) bool {
	w.ran++
	s := w.engine(goja.FunctionCall{Arguments: []Value{o, Undefined, w.js.rt.ToValue(w.gap)}})
	if IsUndefined(s) {
		return false
	}
	indented := "\n" + strings.Repeat(w.gap, max(len(w.stack)-1, 0))
	w.wide = w.wide || !IsASCII(s.String())
	w.out = append(w.out, strings.ReplaceAll(s.String(), "\n", indented)...)
	return true
}
