package clone

import (
	"cmp"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var (
	typePlain  = reflect.TypeFor[map[string]any]()
	typeList   = reflect.TypeFor[[]any]()
	typePairs  = reflect.TypeFor[[][2]any]()
	typeBigInt = reflect.TypeFor[*big.Int]()
)

// object writes an object met for the first time. The engine tells kinds apart
// by class name and export type; neither can be forged from JavaScript.
func (e *Encoder) object(o *jsg.Object) error {
	t := o.ExportType()
	switch o.ClassName() {
	case "Object", "global":
		if o == e.js.Global() {
			return uncloneable("#<ServiceWorkerGlobalScope>")
		}
		switch t {
		case typePlain:
			return e.plain(o)
		case typePairs:
			return e.mapItems(o)
		case typeList:
			return e.setItems(o)
		case typeBigInt:
			e.tag(tagBoxed)
			e.bigInt(o)
			return nil
		}
		return e.buffer(o)
	case "Array":
		return e.array(o)
	case "Date":
		e.tag(tagDate)
		ms := math.NaN()
		if date, ok := jsg.DateOf(o); ok {
			ms = float64(date.UnixMilli())
		}
		e.float(ms)
		return nil
	case "RegExp":
		e.tag(tagRegExp)
		e.text(o.Get("source"))
		e.text(o.Get("flags"))
		return nil
	case "Number", "String", "Boolean":
		return e.boxed(o)
	case "Error":
		return e.error(o)
	case "Function":
		return e.export(o)
	}
	return uncloneable(e.js.Describe(o))
}

// plain writes an object without internal state: a literal, an instance of a
// JavaScript class, or one of a host class.
func (e *Encoder) plain(o *jsg.Object) error {
	proto := o.Prototype()
	if proto == nil && e.opts.Export != nil {
		return e.export(o)
	}
	if proto != nil && proto != realmOf(e.js).objectProto {
		if native, ok := jsg.Native(o); ok {
			return e.host(o, native)
		}
		switch tag := builtinTag(o); tag {
		case "DataView":
			return e.buffer(o)
		case "":
			if e.opts.Export != nil {
				return e.export(o)
			}
		default:
			return uncloneable(e.js.Describe(o))
		}
	}
	keys := o.Keys()
	if isAsyncGenerator(o, keys) {
		return uncloneable("[object AsyncGenerator]")
	}
	e.tag(tagObject)
	return e.properties(o, keys)
}

// isAsyncGenerator knows the objects that the bundler's async generators give:
// plain ones with three methods.
func isAsyncGenerator(o *jsg.Object, keys []string) bool {
	return slices.Equal(keys, []string{"next", "throw", "return"}) && jsg.IsFunction(o.GetSymbol(jsg.SymAsyncIterator)) && jsg.IsFunction(o.Get("next"))
}

// builtinTag is the tag of the built-in classes that look like plain objects
// to Go; "" for anything else.
func builtinTag(o *jsg.Object) string {
	tag := o.GetSymbol(jsg.SymToStringTag)
	if tag == nil || !jsg.IsString(tag) {
		return ""
	}
	switch s := tag.String(); s {
	case "DataView", "WeakMap", "WeakSet", "WeakRef", "FinalizationRegistry", "Generator", "Promise":
		return s
	default:
		if strings.HasSuffix(s, " Iterator") {
			return s
		}
		return ""
	}
}

// properties writes the named properties and the end mark.
func (e *Encoder) properties(o *jsg.Object, keys []string) error {
	for _, k := range keys {
		v := o.Get(k)
		if v == nil { // deleted by a getter before it
			continue
		}
		e.String(k)
		if err := e.Value(v); err != nil {
			return err
		}
	}
	e.tag(tagEnd)
	return nil
}

func (e *Encoder) array(o *jsg.Object) error {
	length := int(o.Get("length").ToInteger())
	keys := o.Keys()
	if length > 2*len(keys)+16 {
		e.tag(tagSparse)
		e.uint(uint64(length))
		return e.properties(o, keys)
	}
	e.tag(tagArray)
	e.uint(uint64(length))
	for i := range length {
		name := strconv.Itoa(i)
		if len(keys) == 0 || keys[0] != name {
			e.tag(tagHole)
			continue
		}
		keys = keys[1:]
		v := o.Get(name)
		if v == nil {
			e.tag(tagHole)
			continue
		}
		if err := e.Value(v); err != nil {
			return err
		}
	}
	return e.properties(o, keys)
}

// mapItems writes a Map as it was at the start: getters run by its values may
// change it.
func (e *Encoder) mapItems(o *jsg.Object) error {
	e.tag(tagMap)
	return e.items(o, realmOf(e.js).mapForEach, func(a *jsg.Args) []jsg.Value { return []jsg.Value{a.Value(1), a.Value(0)} })
}

func (e *Encoder) setItems(o *jsg.Object) error {
	e.tag(tagSet)
	return e.items(o, realmOf(e.js).setForEach, func(a *jsg.Args) []jsg.Value { return []jsg.Value{a.Value(0)} })
}

func (e *Encoder) items(o *jsg.Object, forEach jsg.Value, pick func(a *jsg.Args) []jsg.Value) error {
	var items []jsg.Value
	collect := e.js.Func("", 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		items = append(items, pick(a)...)
		return jsg.Undefined, nil
	})
	if _, err := e.js.Call(forEach, o, collect); err != nil {
		return err
	}
	for _, v := range items {
		if err := e.Value(v); err != nil {
			return err
		}
	}
	e.tag(tagEnd)
	return nil
}

func (e *Encoder) boxed(o *jsg.Object) error {
	e.tag(tagBoxed)
	switch o.ClassName() {
	case "Number":
		if f, ok := o.Export().(float64); ok {
			e.number64(f)
			return nil
		}
		n, _ := o.Export().(int64)
		e.number64(float64(n))
	case "String":
		e.text(o)
	default:
		b, _ := o.Export().(bool)
		e.primitive(e.js.Bool(b))
	}
	return nil
}

// buffer writes an ArrayBuffer or a view of one, and refuses the rest: symbols
// in objects, promises, proxies, functions of other kinds.
func (e *Encoder) buffer(o *jsg.Object) error {
	if data, ok := jsg.ArrayBufferOf(o); ok {
		if jsg.IsDetached(o) && !slices.Contains(e.opts.Transfer, jsg.Value(o)) { // transferred again, it is empty
			return jsg.DOMErrorf("DataCloneError", "An ArrayBuffer is detached and could not be cloned.")
		}
		if most, ok := jsg.MaxByteLength(o); ok {
			e.tag(tagResizable)
			e.uint(uint64(most))
		} else {
			e.tag(tagArrayBuffer)
		}
		e.Bytes(data)
		return nil
	}
	if view, ok := jsg.ViewOf(o); ok {
		switch {
		case jsg.IsOutOfBounds(o):
			return uncloneable("[object Object]")
		case jsg.IsTracking(o):
			e.tag(tagTracking)
		default:
			e.tag(tagView)
		}
		for n, kind := range viewKinds {
			if kind == view.Kind {
				e.uint(uint64(n))
			}
		}
		e.uint(uint64(view.Offset))
		e.uint(uint64(view.Len / view.ElementSize))
		return e.Value(view.Buffer)
	}
	if jsg.IsFunction(o) || e.opts.Export != nil && jsg.IsProxy(o) {
		return e.export(o)
	}
	return uncloneable(e.js.Describe(o))
}

// error writes an error: what Error.prototype.toString needs, the stack, and
// the cause; other own properties where workerd keeps them.
func (e *Encoder) error(o *jsg.Object) error {
	r := realmOf(e.js)
	if e.js.InstanceOf(o, jsg.DOMExceptionClass().Constructor(e.js)) {
		e.tag(tagException)
		e.values(o, "name", "message")
		e.stack(o)
		return nil
	}
	e.tag(tagError)
	if name := o.Get("name"); r.enhanced || name != nil && slices.Contains(errorKinds, name.String()) {
		e.values(o, "name")
	} else {
		e.tag(tagUndefined)
	}
	if message := o.Get("message"); message != nil && jsg.IsString(message) {
		e.values(o, "message")
	} else {
		e.tag(tagUndefined)
	}
	e.stack(o)
	keep := []string{}
	for _, k := range o.GetOwnPropertyNames() {
		switch k {
		case "message", "stack":
		case "name":
			// An own one is enumerable where the others are, unless the class says it.
			if r.enhanced && !slices.Contains(errorKinds, o.Get(k).String()) {
				keep = append(keep, k)
			}
		case "cause", "errors":
			keep = append(keep, k)
		default:
			if r.enhanced {
				keep = append(keep, k)
			}
		}
	}
	return e.properties(o, keep)
}

func (e *Encoder) stack(o *jsg.Object) {
	if e.opts.NoStack {
		e.tag(tagUndefined)
		return
	}
	e.values(o, "stack")
}

// values writes properties as strings, or undefined where they are absent.
func (e *Encoder) values(o *jsg.Object, names ...string) {
	for _, name := range names {
		v := o.Get(name)
		if jsg.IsUndefined(v) || jsg.IsSymbol(v) {
			e.tag(tagUndefined)
			continue
		}
		e.text(v.ToString())
	}
}

// host writes an instance of a host class.
func (e *Encoder) host(o *jsg.Object, native any) error {
	if c := codecFor(native); c != nil {
		e.tag(tagHost)
		e.bytes(c.name)
		return c.write(e, native)
	}
	return e.export(o)
}

// export writes an object that can only travel as a capability.
func (e *Encoder) export(o *jsg.Object) error {
	if e.opts.Export != nil {
		c, err := e.opts.Export(e.js, o)
		if err != nil {
			return err
		}
		if c != nil {
			e.tag(tagCap)
			return e.Cap("", c)
		}
	}
	if native, ok := jsg.Native(o); ok {
		if r, ok := native.(Refuser); ok {
			return r.RefuseClone()
		}
	} else if jsg.IsFunction(o) {
		return uncloneable(o.String())
	}
	return jsg.DOMErrorf("DataCloneError", "Could not serialize object of type %q. This type does not support serialization.", typeName(o))
}

func uncloneable(what string) error {
	return jsg.DOMErrorf("DataCloneError", "%s could not be cloned.", what)
}

// typeName is V8's name for what o is an instance of.
func typeName(o *jsg.Object) string {
	name := jsg.ConstructorName(o)
	if tag := o.GetSymbol(jsg.SymToStringTag); (name == "" || name == "Object") && tag != nil && jsg.IsString(tag) {
		return tag.String()
	}
	return cmp.Or(name, "Object")
}
