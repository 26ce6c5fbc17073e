package jsg

import (
	"bytes"
	"strings"

	"github.com/dop251/goja"
)

// Built-ins of the engine that give another answer than they should, mended
// where they are: what they run is wrapped.

// wrap replaces what a method runs by a function of what it ran.
func wrap(o *Object, name string, with func(next nativeCall) nativeCall) {
	call, _ := natives(o.Get(name).(*Object))
	*call = with(*call)
}

// Intercept lets f answer calls of a method of the engine's, which goes on where
// ok is false.
func (js *Scope) Intercept(o *Object, method string, f func(js *Scope, this Value, args []Value) (v Value, ok bool, err error)) {
	wrap(o, method, func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			v, ok, err := f(js, fc.This, fc.Arguments)
			if err != nil {
				panic(js.thrown(err))
			}
			if !ok {
				return next(fc)
			}
			return v
		}
	})
}

// Called is what a function of the engine's runs.
type Called = func(this Value, args []Value) Value

// Around puts Go in front of and behind a function of the engine's.
func (js *Scope) Around(f *Object, with func(this Value, args []Value, next Called) Value) {
	call, _ := natives(f)
	next := *call
	run := func(this Value, args []Value) Value { return next(goja.FunctionCall{This: this, Arguments: args}) }
	*call = func(fc goja.FunctionCall) goja.Value { return with(fc.This, fc.Arguments, run) }
}

// mendReflect says which function of Reflect was given no object.
func (js *Scope) mendReflect(reflect *Object) {
	for _, name := range reflect.GetOwnPropertyNames() {
		if name != "apply" && name != "construct" {
			js.mendReflection(reflect, name)
		}
	}
}

func (js *Scope) mendReflection(reflect *Object, name string) {
	if _, ok := goja.AssertFunction(reflect.Get(name)); !ok {
		return
	}
	js.Intercept(reflect, name, func(js *Scope, _ Value, args []Value) (Value, bool, error) {
		if len(args) == 0 || !isObject(args[0]) {
			return nil, true, TypeErrorf("Reflect.%s called on non-object", name)
		}
		return nil, false, nil
	})
	if name == "ownKeys" {
		wrap(reflect, name, orderedKeys)
	}
}

// mendTypedArrays lets from take a string, as in
// Uint8Array.from(atob(s), (c) => c.charCodeAt(0)).
func (js *Scope) mendTypedArrays(typedArray *Object) {
	js.mendSearches(typedArray.Get("prototype").(*Object))
	list := callable(js.global.Get("Array").(*Object).Get("from"))
	wrap(typedArray, "from", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			if _, ok := fc.Argument(0).(goja.String); ok {
				characters, err := list(js.global.Get("Array"), fc.Argument(0))
				check(err)
				fc.Arguments = append([]Value{characters}, fc.Arguments[1:]...)
			}
			return next(fc)
		}
	})
}

// mendSearches finds -0 where 0 is looked for among doubles, whose bits the engine
// compares. It also lets set take an array without elements, which the engine
// reads the first one of.
func (js *Scope) mendSearches(proto *Object) {
	for _, name := range []string{"indexOf", "lastIndexOf", "includes"} {
		wrap(proto, name, func(next nativeCall) nativeCall {
			return func(fc goja.FunctionCall) goja.Value {
				if v := fc.Argument(0); !IsNumber(v) || v.ToFloat() != 0 {
					return next(fc)
				}
				view, ok := ViewOf(fc.This)
				if !ok || !strings.HasPrefix(view.Kind, "Float") || view.memory.detached {
					return next(fc)
				}
				at := view.zero(fc.Arguments[1:], name == "lastIndexOf")
				if name == "includes" {
					return js.rt.ToValue(at >= 0)
				}
				return js.rt.ToValue(at)
			}
		})
	}
	wrap(proto, "set", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			to, ok := ViewOf(fc.This)
			from, isView := ViewOf(fc.Argument(0))
			if ok && isView && from.Len == 0 && !to.memory.detached && !from.memory.detached && goja.IsUndefined(fc.Argument(1)) {
				return goja.Undefined()
			}
			return next(fc)
		}
	})
}

// zero is the index of a zero of either sign, from where the argument says; -1
// if there is none.
func (v View) zero(from []Value, last bool) int {
	n := v.Len / v.ElementSize
	at, step := 0, 1
	if last {
		at, step = n-1, -1
	}
	if len(from) > 0 {
		if at = int(from[0].ToInteger()); at < 0 {
			at += n
		}
		if last {
			at = min(at, n-1)
		} else {
			at = max(at, 0)
		}
	}
	data := v.Bytes()
	for ; at >= 0 && at < n; at += step {
		element := data[at*v.ElementSize:][:v.ElementSize]
		top := len(element) - 1 // the bytes of the processors we run on are in that order
		if element[top]&0x7F == 0 && len(bytes.Trim(element[:top], "\x00")) == 0 {
			return at
		}
	}
	return -1
}

// mendDates gives the zone its long name, and years that have a sign six digits.
func (js *Scope) mendDates(date *Object) {
	long := func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			v := next(fc)
			if s, ok := strings.CutSuffix(v.String(), " (UTC)"); ok {
				return js.String(s + " (Coordinated Universal Time)")
			}
			return v
		}
	}
	proto := date.Get("prototype").(*Object)
	wrap(proto, "toString", long)
	wrap(proto, "toTimeString", long)
	call, _ := natives(date)
	*call = long(*call)
	wrap(proto, "toISOString", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			v := next(fc)
			text := v.String()
			if sign := text[0]; sign != '-' && sign != '+' {
				return v
			}
			const digits = 6
			year, rest, _ := strings.Cut(text[1:], "-")
			return js.String(text[:1] + strings.Repeat("0", max(0, digits-len(year))) + year + "-" + rest)
		}
	})
}
