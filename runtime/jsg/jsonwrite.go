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

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// mendStringify makes JSON.stringify without a replacer faster than the engine's,
// and a value nested without end an error that can be caught.
func (js *Scope) mendStringify(stringify *Object) {
	call, _ := natives(stringify)
	natively := *call
	*call = func(fc goja.FunctionCall) goja.Value {
		gap, ok := jsonGap(fc.Argument(2))
		if !ok || isObject(fc.Argument(1)) {
			return natively(fc)
		}
		w := &jsonWriter{js: js, gap: gap, engine: natively, layout: engine()}
		if !w.value(jsonKey{}, fc.Argument(0)) {
			return Undefined
		}
		return js.rt.ToValue(string(w.out))
	}
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
	engine  nativeCall
	layout  *layout
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
	o, isObject := v.(*Object)
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
	f, _ := v.ToObject(w.js.rt).Get("toJSON").(*Object)
	if f == nil {
		return v
	}
	toJSON, ok := goja.AssertFunction(f)
	if !ok {
		return v
	}
	w.ran++
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

func (w *jsonWriter) number(v Value) {
	const exact = 1 << 53
	switch f := v.ToFloat(); {
	case f == math.Trunc(f) && math.Abs(f) < exact:
		w.out = strconv.AppendInt(w.out, int64(f), 10)
	case math.IsNaN(f) || math.IsInf(f, 0):
		w.out = append(w.out, "null"...)
	default:
		w.out = append(w.out, v.String()...)
	}
}

func (w *jsonWriter) object(o *Object) bool {
	class := o.ClassName()
	if class == "Function" || class == "RawJSON" {
		return w.byEngine(o)
	}
	if len(w.stack) >= maxJSONNesting {
		panic(w.js.thrown(RangeErrorf("Maximum call stack size exceeded")))
	}
	if slices.Contains(w.stack, o) {
		panic(w.js.thrown(w.cycle(o)))
	}
	w.stack = append(w.stack, o)
	defer func() { w.stack = w.stack[:len(w.stack)-1] }()
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
	n, ran := int(o.Get("length").ToInteger()), w.ran
	items, plain := w.layout.arrayItems(o)
	for i := range n {
		w.between(i == 0)
		var v Value
		if plain && w.ran == ran && i < len(items) {
			v = items[i]
		}
		if v == nil || reflect.TypeOf(v) == w.layout.property {
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
	defer func() { w.members = w.members[:first] }()
	if !w.collect(o) {
		w.members = w.members[:first]
		w.ran++
		for _, name := range o.Keys() {
			if strings.Contains(name, lost) {
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
		if m.name.AsUtf16() != nil || !w.plain(string(m.name)) {
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
		if v == nil || reflect.TypeOf(v) == w.layout.property || name.AsUtf16() != nil && strings.Contains(name.String(), lost) {
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

// byEngine leaves a function, raw JSON and an object that has names with lone
// surrogates to the engine.
func (w *jsonWriter) byEngine(o *Object) bool {
	w.ran++
	s := w.engine(goja.FunctionCall{Arguments: []Value{o, Undefined, w.js.rt.ToValue(w.gap)}})
	if IsUndefined(s) {
		return false
	}
	indented := "\n" + strings.Repeat(w.gap, max(len(w.stack)-1, 0))
	w.out = append(w.out, strings.ReplaceAll(s.String(), "\n", indented)...)
	return true
}

// lost stands in Go's copy of a string for a lone surrogate, or for itself.
const lost = string(utf8.RuneError)

// plain writes a string that needs no escapes.
func (w *jsonWriter) plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == lost[0] {
			return false
		}
	}
	w.out = append(w.out, '"')
	w.out = append(w.out, s...)
	w.out = append(w.out, '"')
	return true
}

func (w *jsonWriter) quote(s goja.String) {
	if w.plain(s.String()) {
		return
	}
	w.out = append(w.out, '"')
	for i, n := 0, s.Length(); i < n; i++ {
		r := rune(s.CharAt(i))
		if utf16.IsSurrogate(r) && i+1 < n {
			if pair := utf16.DecodeRune(r, rune(s.CharAt(i+1))); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		w.escape(r)
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
