package jsg

import (
	"unsafe"

	"github.com/dop251/goja"
)

// Promises that follow others without functions that nobody sees: what then and
// Promise.resolve make, and what a promise is resolved with another one by. That
// holds for promises as they come; the engine deals with those of subclasses, and
// with all of them once somebody changed what their constructor is.

// ordinary knows promises whose constructor is Promise without asking them.
type ordinary struct {
	property Value   // the constructor of Promise.prototype
	getter   *Object // in it
	proto    *objectRecord
	then     *Object
}

func (js *Scope) mendThen() {
	in, l := &js.intrinsics, engine()
	proto, ok := l.plainRecord(in.promiseProto)
	if !ok {
		panic("jsg: in this version of the engine Promise.prototype is another object")
	}
	property := proto.values["constructor"]
	js.ordinary = ordinary{property, *getterOf(property), proto, in.promiseProto.Get("then").(*Object)}
	wrap(in.promiseProto, "then", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) Value {
			if p, ok := promiseOf(fc.This); ok && js.isOrdinary(p) && in.promise.GetSymbol(goja.SymSpecies) == Value(in.promise) {
				return js.then(p, fc.Argument(0), fc.Argument(1))
			}
			return next(fc)
		}
	})
	wrap(in.promise, "resolve", func(next nativeCall) nativeCall {
		return func(fc goja.FunctionCall) Value {
			if fc.This != Value(in.promise) {
				return next(fc)
			}
			v := fc.Argument(0)
			if p, ok := promiseOf(v); ok && (js.isOrdinary(p) || js.constructorOf(p) == Value(in.promise)) {
				return v
			}
			p := newPromise(js.rt, in.promiseProto)
			js.resolve(p, v)
			return objectOf(p)
		}
	})
}

// isOrdinary reports whether the constructor of p is Promise, and finding that out
// runs no code of anybody.
func (js *Scope) isOrdinary(p *goja.Promise) bool {
	o, known := (*promiseRecord)(unsafe.Pointer(p)), &js.ordinary
	return len(o.values) == 0 && o.prototype == js.intrinsics.promiseProto &&
		known.proto.values["constructor"] == known.property && *getterOf(known.property) == known.getter
}

func (js *Scope) constructorOf(p *goja.Promise) Value {
	return orUndefined(objectOf(p).Get("constructor"))
}

// reactor settles a promise with what a handler makes of the state of another one.
type reactor struct {
	promise             *goja.Promise
	fulfilled, rejected promiseReaction
	callbacks           [2]jobCallback
	passesOn            [2]bool // there is no handler
}

// then is Promise.prototype.then.
func (js *Scope) then(p *goja.Promise, onFulfil, onReject Value) Value {
	r := js.reactor(newPromise(js.rt, js.intrinsics.promiseProto), onFulfil, onReject)
	r.reactTo(p)
	// What is only passed on is so under the frame of whoever settled p.
	for _, reaction := range []*promiseReaction{&r.fulfilled, &r.rejected} {
		if r.passesOn[reaction.typ] {
			reaction.asyncCtx = sameFrame
		}
	}
	return objectOf(r.promise)
}

func (js *Scope) reactor(p *goja.Promise, onFulfil, onReject Value) *reactor {
	r := &reactor{promise: p}
	r.handle(js, onFulfilled, onFulfil)
	r.handle(js, onRejected, onReject)
	return r
}

// handle has the promise settled by what f, if it is a function, makes of the
// value, or as the other promise was.
func (r *reactor) handle(js *Scope, state int, f Value) {
	p, callback := r.promise, &r.callbacks[state].callback
	call, ok := assertCallable(f)
	r.passesOn[state] = !ok
	switch {
	case ok:
		*callback = func(fc goja.FunctionCall) Value {
			var v Value
			if ex := js.rt.Try(func() { v = call(fc) }); ex != nil {
				rejectPromise(p, ex.Value())
			} else {
				js.resolve(p, orUndefined(v))
			}
			return Undefined
		}
	case state == onFulfilled:
		*callback = func(fc goja.FunctionCall) Value { js.resolve(p, fc.Argument(0)); return Undefined }
	default:
		*callback = func(fc goja.FunctionCall) Value { return rejectPromise(p, fc.Argument(0)) }
	}
}

func (r *reactor) reactTo(p *goja.Promise) {
	r.fulfilled = promiseReaction{typ: onFulfilled, handler: &r.callbacks[onFulfilled]}
	r.rejected = promiseReaction{typ: onRejected, handler: &r.callbacks[onRejected]}
	addReactions(p, &r.fulfilled, &r.rejected)
}

// adopt is the job by which p follows another promise, whose then is the
// engine's.
func (js *Scope) adopt(p, other *goja.Promise, then nativeCall) {
	if !js.isOrdinary(other) {
		newThenableJob(js.rt, p, objectOf(other), &jobCallback{then})()
		return
	}
	js.reactor(p, nil, nil).reactTo(other)
}

// getterOf is where an accessor has its function.
func getterOf(property Value) **Object {
	return &(*propertyRecord)(recordOf(&property).data).getterFunc
}
