package jsg

import (
	"sync"

	"github.com/dop251/goja"
)

// What methods of typed arrays do when the buffer is resized meanwhile. The
// engine's go as far as the array is long now instead of as long as it was.

// mendViews replaces them when a realm makes its first resizable buffer.
func (js *Scope) mendViews() {
	if js.viewsMended {
		return
	}
	js.viewsMended = true
	proto := js.intrinsics.uint8Array.Prototype().Get("prototype").(*Object)
	for _, name := range []string{"forEach", "every", "some", "find", "findIndex", "findLast", "findLastIndex", "map", "filter", "reduce", "reduceRight"} {
		js.mendLoop(proto, name)
	}
	if method, ok := js.native(proto, "subarray"); ok {
		next := *method
		*method = func(fc goja.FunctionCall) goja.Value {
			made := next(fc)
			if goja.IsUndefined(fc.Argument(1)) {
				trackToo(fc.This, made)
			}
			return made
		}
	}
	js.viewSlice = proto.Get("slice")
	js.mendFreezing(js.global.Get("Object").(*Object))
}

// native is what a method runs, if the program has not put another in its place.
func (js *Scope) native(o *Object, name string) (*nativeCall, bool) {
	f, ok := o.Get(name).(*Object)
	if !ok || engine().selfOf(f).Type() != engine().nativeType {
		return nil, false
	}
	call, _ := natives(f)
	return call, true
}

// trackToo makes a subarray of an array that follows its buffer follow it.
func trackToo(whole, part Value) {
	array, ok := whole.(*Object)
	if !ok {
		return
	}
	r, tracking := engine().tracking(array)
	if o, ok := part.(*Object); ok && tracking {
		if same, _ := engine().tracking(o); same == r {
			r.watch(o, true)
		}
	}
}

var viewLoops = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile("miniworker:views", `(function(call, slice) {
		"use strict";
		const find = (a, n, f, self, back, found, none) => {
			for (let k = 0; k < n; k++) {
				const i = back ? n - 1 - k : k, v = a[i];
				if (call(f, self, [v, i, a])) return found(v, i);
			}
			return none;
		};
		const reduce = (a, n, f, back, given, v) => {
			let k = 0;
			const at = (k) => back ? n - 1 - k : k;
			if (!given) v = a[at(k++)];
			for (; k < n; k++) v = call(f, undefined, [v, a[at(k)], at(k), a]);
			return v;
		};
		const value = (v) => v, index = (v, i) => i;
		return {
			forEach(a, n, f, self) { for (let i = 0; i < n; i++) call(f, self, [a[i], i, a]); },
			every(a, n, f, self) { return find(a, n, (...args) => !call(f, self, args), undefined, false, () => false, true); },
			some: (a, n, f, self) => find(a, n, f, self, false, () => true, false),
			find: (a, n, f, self) => find(a, n, f, self, false, value),
			findIndex: (a, n, f, self) => find(a, n, f, self, false, index, -1),
			findLast: (a, n, f, self) => find(a, n, f, self, true, value),
			findLastIndex: (a, n, f, self) => find(a, n, f, self, true, index, -1),
			map(a, n, f, self) {
				const made = call(slice, a, []);
				for (let i = 0; i < n; i++) made[i] = call(f, self, [a[i], i, a]);
				return made;
			},
			filter(a, n, f, self) {
				const made = call(slice, a, []);
				let kept = 0;
				for (let i = 0; i < n; i++) { const v = a[i]; if (call(f, self, [v, i, a])) made[kept++] = v; }
				return call(slice, made, [0, kept]);
			},
			reduce: (a, n, f, v, given) => reduce(a, n, f, false, given, v),
			reduceRight: (a, n, f, v, given) => reduce(a, n, f, true, given, v),
		};
	})`, true)
})

func (js *Scope) mendLoop(proto *Object, name string) {
	method, ok := js.native(proto, name)
	if !ok {
		return
	}
	next := *method
	*method = func(fc goja.FunctionCall) goja.Value {
		array, ok := fc.This.(*Object)
		view, isView := ViewOf(fc.This)
		if !ok || !isView || view.memory.detached || view.memory.resizable() == nil || view.Len == 0 || !IsFunction(fc.Argument(0)) {
			return next(fc)
		}
		n := js.rt.ToValue(view.Len / view.ElementSize)
		v, err := js.viewLoop(name)(goja.Undefined(), array, n, fc.Argument(0), fc.Argument(1), js.rt.ToValue(len(fc.Arguments) > 1))
		if err != nil {
			panic(js.thrown(js.wrapError(err)))
		}
		return v
	}
}

// viewLoop is one of the functions above.
func (js *Scope) viewLoop(name string) goja.Callable {
	if js.viewLoops == nil {
		f, err := js.rt.RunProgram(viewLoops())
		check(err)
		loops, err := callable(f)(goja.Undefined(), js.global.Get("Reflect").(*Object).Get("apply"), js.viewSlice)
		check(err)
		js.viewLoops = loops.(*Object)
	}
	return callable(js.viewLoops.Get(name))
}

// mendFreezing refuses to freeze what may become longer.
func (js *Scope) mendFreezing(object *Object) {
	for _, name := range []string{"freeze", "seal"} {
		method, ok := js.native(object, name)
		if !ok {
			continue
		}
		next := *method
		*method = func(fc goja.FunctionCall) goja.Value {
			if view, ok := ViewOf(fc.Argument(0)); ok && view.Kind != "DataView" && engine().bufferOf(view.Buffer).resizable() != nil {
				panic(js.rt.NewTypeError("Cannot " + name))
			}
			return next(fc)
		}
	}
}
