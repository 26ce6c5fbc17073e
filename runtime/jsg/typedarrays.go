package jsg

import (
	"strings"

	"github.com/dop251/goja"
)

// loadViews makes the constructors of buffers and views ours.
func (js *Scope) loadViews() {
	js.loadBuffer(js.global.Get("ArrayBuffer").(*Object))
	js.loadDataView(js.global.Get("DataView").(*Object))
	for class, size := range typedArrays {
		if class != half {
			js.loadTypedArray(class, size)
		}
	}
	js.DefineLazy(js.global, half, false, func(js *Scope) Value {
		ctor := js.rt.NewObject() // whose record becomes another
		make := js.typedArrayMaker(half, ctor)
		createTypedArrayCtor(js.rt, ctor, func(args []Value, newTarget, proto *Object) *Object {
			return js.newTypedArray(half, args, newTarget, make, proto)
		}, half, typedArrays[half])
		return ctor
	})
}

func (js *Scope) loadBuffer(ctor *Object) {
	_, construct := natives(ctor)
	next := *construct
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		n, ok := primitive(args, 0)
		if ok && (n <= -1 || n > 1<<53-1) {
			panic(js.rangeError("Invalid array buffer length"))
		}
		most := js.maxLength(args)
		switch {
		case most >= 0 && int(n) > most:
			panic(js.rangeError("Invalid array buffer max length"))
		case n > MaxBuffer, most > MaxBuffer:
			panic(js.rangeError("Array buffer allocation failed"))
		}
		o := next(args, newTarget)
		if most >= 0 {
			js.makeResizable(o, most)
		}
		return o
	}
	wrap(js.prototype("ArrayBuffer"), "slice", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			if o, ok := fc.This.(*Object); ok {
				if b := engine().bufferOf(o); b != nil && b.detached {
					panic(js.rt.NewTypeError("Cannot perform ArrayBuffer.prototype.slice on a detached ArrayBuffer"))
				}
			}
			return next(fc)
		}
	})
}

func (js *Scope) loadDataView(ctor *Object) {
	_, construct := natives(ctor)
	next := *construct
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		if r := resizableArgument(args); r != nil {
			return js.viewResizable(r, args, 1, func(args []Value) *Object { return next(args, newTarget) })
		}
		return next(args, newTarget)
	}
}

func (js *Scope) loadTypedArray(class string, size int) {
	ctor := js.global.Get(class).(*Object)
	proto := ctor.Get("prototype").(*Object)
	make := js.typedArrayMaker(class, ctor)
	call, construct := natives(ctor)
	*call = func(goja.FunctionCall) goja.Value { return js.newTypedArray(class, nil, nil, nil, nil) }
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		if newTarget == nil {
			newTarget = ctor
		}
		return js.newTypedArray(class, args, newTarget, make, proto)
	}
}

// newTypedArray is the constructor of a class of typed arrays.
func (js *Scope) newTypedArray(class string, args []Value, newTarget *Object, make makeTyped, proto *Object) *Object {
	size := typedArrays[class]
	if newTarget == nil {
		panic(js.rt.NewTypeError("Constructor " + class + " requires 'new'"))
	}
	if len(args) > 0 {
		n, ok := 0.0, false
		if o, isObject := args[0].(*Object); isObject {
			buffer := engine().bufferOf(o)
			if buffer != nil && buffer.detached {
				panic(js.rt.NewTypeError("Cannot perform Construct on a detached ArrayBuffer"))
			}
			if r := buffer.resizable(); r != nil {
				return js.viewResizable(r, args, size, func(args []Value) *Object { return newTypedArray(js.rt, args, newTarget, make, proto) })
			}
			if view, isView := engine().viewOf(o); isView && view.Kind != "DataView" && strings.HasPrefix(view.Kind, "Big") != strings.HasPrefix(class, "Big") {
				panic(js.rt.NewTypeError("Cannot mix BigInt and other types, use explicit conversions"))
			}
			n, ok = plainLength(o)
			n = max(n, 0)
		} else {
			n, ok = primitive(args, 0)
		}
		switch {
		case !ok:
		case n <= -1 || n > 1<<53-1:
			panic(js.rangeError("Invalid typed array length: %s", args[0]))
		case n*float64(size) > MaxBuffer:
			panic(js.rangeError("Array buffer allocation failed"))
		}
	}
	return newTypedArray(js.rt, args, newTarget, make, proto)
}

func resizableArgument(args []Value) *resizable {
	if len(args) == 0 {
		return nil
	}
	o, ok := args[0].(*Object)
	if !ok {
		return nil
	}
	return engine().bufferOf(o).resizable()
}
