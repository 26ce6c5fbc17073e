package jsg

import (
	"strconv"

	"github.com/dop251/goja"
)

// JSON.parse with a reviver, which is told the source text of each primitive
// value (https://tc39.es/ecma262/#sec-internalizejsonproperty).

// jsonSource is what a value of a text was parsed from.
type jsonSource struct {
	value  Value
	text   string // of a primitive value
	items  []*jsonSource
	fields map[string]*jsonSource
}

// reviveJSON is JSON.parse with a reviver; ok is false for a text that the
// engine has to parse, or to refuse.
func (js *Scope) reviveJSON(text string, reviver goja.Callable) (v Value, ok bool) {
	p := &jsonParser{js: js, s: text, sources: true}
	v = p.value(0)
	if p.bad || p.space() != 0 || p.i != len(text) {
		return nil, false
	}
	root := js.rt.NewObject()
	check(root.Set("", v))
	return js.revive(reviver, root, "", p.source), true
}

func (js *Scope) revive(f goja.Callable, holder *Object, key string, source *jsonSource) Value {
	v := orUndefined(holder.Get(key))
	if o, ok := v.(*Object); ok {
		if source != nil && source.value != v {
			source = nil
		}
		js.reviveMembers(f, o, source)
	}
	context := js.rt.NewObject()
	if source != nil && source.text != "" && source.value.SameAs(v) {
		check(context.Set("source", source.text))
	}
	v, err := f(holder, js.String(key), v, context)
	if err != nil {
		panic(js.thrown(js.wrapError(err)))
	}
	return v
}

func (js *Scope) reviveMembers(f goja.Callable, o *Object, source *jsonSource) {
	isArray, err := js.intrinsics.isArray(Undefined, o)
	check(err)
	if !isArray.ToBoolean() {
		for _, key := range o.Keys() {
			var of *jsonSource
			if source != nil {
				of = source.fields[key]
			}
			put(o, key, js.revive(f, o, key, of))
		}
		return
	}
	for i := range int(o.Get("length").ToInteger()) {
		var of *jsonSource
		if source != nil && i < len(source.items) {
			of = source.items[i]
		}
		put(o, strconv.Itoa(i), js.revive(f, o, strconv.Itoa(i), of))
	}
}

// put replaces a property by what the reviver made of it. What it has frozen
// stays as it is.
func put(o *Object, key string, v Value) {
	if IsUndefined(v) {
		_ = o.Delete(key)
		return
	}
	_ = o.DefineDataProperty(key, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// withContext gives a reviver of the engine's parser the argument that it leaves
// out.
func (js *Scope) withContext(reviver goja.Callable) Value {
	return js.rt.ToValue(func(fc goja.FunctionCall) goja.Value {
		v, err := reviver(fc.This, fc.Argument(0), fc.Argument(1), js.rt.NewObject())
		if err != nil {
			panic(js.thrown(js.wrapError(err)))
		}
		return v
	})
}
