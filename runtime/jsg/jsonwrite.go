package jsg

import (
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
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

// withoutToJSON reports whether plain objects and arrays inherit no toJSON.
func (w *jsonWriter) withoutToJSON() bool {
	object, array := w.js.blanks.plain.prototype, w.js.blanks.array.prototype
	for _, proto := range []*Object{object, array} {
		if !IsUndefined(w.descriptor(goja.FunctionCall{Arguments: []Value{proto, toJSON}})) {
			return false
		}
	}
	return array.Prototype() == object && object.Prototype() == nil
}

var toJSON = goja.StringFromUTF16([]uint16{'t', 'o', 'J', 'S', 'O', 'N'})

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

// isBare reports whether o is an object or array of the engine's that has no
// toJSON.
func (w *jsonWriter) isBare(o *Object) bool {
	if w.ran > 0 {
		return false
	}
	if !w.looked {
		w.looked, w.bare = true, w.withoutToJSON()
	}
	if !w.bare {
		return false
	}
	var r *objectRecord
	switch record := w.layout.record(o); record.kind {
	case w.layout.plain:
		r = (*objectRecord)(record.data)
		if ordinary := &w.js.blanks.plain; r.prototype != ordinary.prototype || r.class != ordinary.class {
			return false
		}
	case w.layout.array:
		r = (*objectRecord)(record.data)
		if r.prototype != w.js.blanks.array.prototype {
			return false
		}
	default:
		return false
	}
	_, has := r.values["toJSON"]
	return !has
}

// jsonKey is the key of a value: a name, or an index, made a string only where
// a toJSON wants one.
type jsonKey struct {
	name  unistring.String
	index int // where there is no name
	array bool
}

func (k jsonKey) value(js *Scope) Value {
	if k.array {
		return js.rt.ToValue(strconv.Itoa(k.index))
	}
	return stringOf(js, k.name)
}

// stringOf is a key as a string.
func stringOf(js *Scope, name unistring.String) goja.String {
	if units := name.AsUtf16(); units != nil {
		return goja.StringFromUTF16(units[1:])
	}
	return js.rt.ToValue(string(name)).(goja.String)
}

// replaced is what the toJSON method of v gives, if it has one.
func (w *jsonWriter) replaced(key jsonKey, v Value) Value {
	found := v.ToObject(w.js.rt).Get("toJSON")
	if found == nil && !IsProxy(v) {
		return v
	}
	w.ran++ // a getter or trap, if nothing else
	toJSON, ok := goja.AssertFunction(orUndefined(found))
	if !ok {
		return v
	}
	v, err := toJSON(v, key.value(w.js))
	if err != nil {
		panic(w.js.thrown(w.js.wrapError(err)))
	}
	return v
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

// number writes a double as Number::toString does.
func (w *jsonWriter) number(v Value) {
	const exact, least, most = 1 << 53, 1e-6, 1e21
	switch f := v.ToFloat(); {
	case f == math.Trunc(f) && math.Abs(f) < exact:
		w.out = strconv.AppendInt(w.out, int64(f), 10)
	case math.IsNaN(f) || math.IsInf(f, 0):
		w.out = append(w.out, "null"...)
	case math.Abs(f) >= least && math.Abs(f) < most:
		w.out = strconv.AppendFloat(w.out, f, 'f', -1, 64)
	default:
		w.out = append(w.out, v.String()...)
	}
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

// lost stands in Go's copy of a string for a lone surrogate, or for itself.
const lost = string(utf8.RuneError)

// quoteText writes a string without lone surrogates.
func (w *jsonWriter) quoteText(s string) {
	w.out = append(w.out, '"')
	for s != "" {
		n := 0
		for n+8 <= len(s) && plainASCII(s[n:]) == 8 {
			n += 8
		}
		for n < len(s) && s[n] >= ' ' && s[n] != '"' && s[n] != '\\' {
			n++
		}
		w.out = append(w.out, s[:n]...)
		if s = s[n:]; s != "" {
			w.escape(rune(s[0]))
			s = s[1:]
		}
	}
	w.out = append(w.out, '"')
}

func (w *jsonWriter) quote(s goja.String) {
	v := Value(s)
	units, ok := wideUnits(v)
	if !ok {
		text := s.String()
		w.wide = w.wide || !IsASCII(text)
		if utf8.ValidString(text) && !strings.Contains(text, lost) {
			w.quoteText(text)
			return
		}
		units = UTF16Of(v)
	}
	w.wide = true
	w.out = append(w.out, '"')
	for len(units) > 0 {
		r, n := rune(units[0]), 1
		if pair, two := firstRune(units); two == 2 {
			r, n = pair, two
		}
		w.escape(r)
		units = units[n:]
	}
	w.out = append(w.out, '"')
}

func (w *jsonWriter) escape(r rune) {
	const short, hex = "btn.fr", "0123456789abcdef"
	switch {
	case r == '"' || r == '\\':
		w.out = append(w.out, '\\', byte(r))
	case r >= '\b' && r <= '\r' && r != '\v':
		w.out = append(w.out, '\\', short[r-'\b'])
	case r < ' ' || utf16.IsSurrogate(r):
		w.out = append(w.out, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
	default:
		w.out = utf8.AppendRune(w.out, r)
	}
}
