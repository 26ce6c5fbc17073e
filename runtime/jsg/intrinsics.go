package jsg

import "github.com/dop251/goja"

// intrinsics are the engine's own functions, taken before user code can
// replace them.
type intrinsics struct {
	errorCtor, typeError, rangeError, syntaxError, evalError, referenceError *Object
	aggregateError                                                           *Object
	promise, promiseProto                                                    *Object
	uint8Array                                                               *Object
	iteratorProto, asyncIteratorProto, generatorProto                        *Object
	errorShell                                                               goja.Callable
	jsonParse, jsonStringify, isArray                                        goja.Callable
	isView                                                                   goja.Callable
	freeze, preventExtensions                                                goja.Callable
	errorToString                                                            func(*Object) (Value, error)
	objectToString                                                           Value
	descriptor                                                               goja.Callable
}

// prelude runs once per realm. errorShell makes the constructor of a class that
// extends Error: only a function of JavaScript can have the engine make an error
// for it. Spreading arguments runs the array iterator; a switch over the usual
// counts does not.
var prelude = goja.MustCompile("miniworker:prelude", `(function() {
	"use strict";
	const make = Reflect.construct, TypeError_ = TypeError;
	const call = (construct, self, args) => {
		switch (args.length) {
			case 0: return construct(self);
			case 1: return construct(self, args[0]);
			case 2: return construct(self, args[0], args[1]);
			default: return construct(self, ...args);
		}
	};
	return {
		enter: (native) => function() { native(); },
		errorShell: (construct, name, called, Error) => {
			function C(...args) {
				if (!new.target) throw new TypeError_(called);
				const self = make(Error, [], new.target);
				call(construct, self, args);
				return self;
			}
			Object.defineProperty(C, "name", {value: name, configurable: true});
			C.prototype = Object.create(Error.prototype, {constructor: {value: C, writable: true, configurable: true}});
			return C;
		},
		iteratorProto: Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
		arrayNext: [][Symbol.iterator]().next,
		generatorProto: Object.getPrototypeOf(function*() {}).prototype,
	};
})`, true)

func (js *Scope) loadIntrinsics(maxStack int) {
	get := func(name string) *Object { o, _ := js.global.Get(name).(*Object); return o }
	in := &js.intrinsics
	in.errorCtor, in.typeError, in.rangeError = get("Error"), get("TypeError"), get("RangeError")
	in.syntaxError, in.evalError, in.referenceError = get("SyntaxError"), get("EvalError"), get("ReferenceError")
	in.aggregateError = get("AggregateError")
	toString := callable(in.errorCtor.Get("prototype").(*Object).Get("toString"))
	in.errorToString = func(o *Object) (Value, error) { return toString(o) }
	in.objectToString = js.prototype("Object").Get("toString")
	js.keepArguments(get("Proxy"))
	in.promise = get("Promise")
	js.lonePromises()
	in.promiseProto = in.promise.Get("prototype").(*Object)
	js.mendThen()
	in.uint8Array = get("Uint8Array")
	js.mendJSON(get("JSON").Get("parse").(*Object))
	js.mendStringify(get("JSON").Get("stringify").(*Object))
	in.isArray = callable(get("Array").Get("isArray"))
	in.jsonParse = callable(get("JSON").Get("parse"))
	in.jsonStringify = callable(get("JSON").Get("stringify"))
	js.mendTypedArrays(in.uint8Array.Prototype())
	js.mendDates(get("Date"))
	js.mendDescriptors(get("Object"), get("Reflect"))
	in.descriptor = callable(get("Object").Get("getOwnPropertyDescriptor"))
	js.parseDates(get("Date"))
	js.mendStrings(js.prototype("String"))
	js.mendSplit(js.prototype("RegExp"))
	js.mendNumbers(js.prototype("Number"))
	js.mendConversions()
	js.mendBits()
	js.mendTargets()
	js.mendReflect(get("Reflect"))
	js.mendCalls()
	js.mendKeys()
	js.limitBuiltins()
	js.loadViews()
	in.isView = callable(get("ArrayBuffer").Get("isView"))
	in.freeze = callable(get("Object").Get("freeze"))
	in.preventExtensions = callable(get("Object").Get("preventExtensions"))

	f, err := js.rt.RunProgram(prelude)
	if err != nil {
		panic(err) // a constant program; covered by every test
	}
	v, err := callable(f)(goja.Undefined())
	if err != nil {
		panic(err)
	}
	p := v.(*Object)
	in.errorShell = callable(p.Get("errorShell"))
	in.iteratorProto = p.Get("iteratorProto").(*Object)
	check(in.iteratorProto.DefineDataPropertySymbol(goja.SymToStringTag, js.rt.ToValue("Iterator"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	in.asyncIteratorProto = js.rt.NewObject()
	in.asyncIteratorProto.DefineDataPropertySymbol(SymAsyncIterator, js.Func("[Symbol.asyncIterator]", 0, func(js *Scope, this Value, a *Args) (Value, error) {
		return this, nil
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	in.asyncIteratorProto.DefineDataPropertySymbol(SymAsyncDispose, js.Func("[Symbol.asyncDispose]", 0, func(js *Scope, this Value, a *Args) (Value, error) {
		return js.promiseResult(func() (Value, error) {
			end, err := js.Get(this.(*Object), "return")
			if err != nil || IsNullish(end) {
				return Undefined, err
			}
			_, err = js.Call(end, this, Undefined)
			return Undefined, err
		}), nil
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	next, _ := natives(p.Get("arrayNext").(*Object))
	js.arrayNext = identityOf(*next)
	in.generatorProto = p.Get("generatorProto").(*Object)
	js.watchGenerators(in.generatorProto)
	native := js.rt.ToValue(func(goja.FunctionCall) goja.Value {
		ex := js.rt.Try(js.task)
		js.drain()
		if ex != nil {
			panic(ex)
		}
		return goja.Undefined()
	}).(*Object)
	js.watchDepth(native, maxStack)
	enter, err := callable(p.Get("enter"))(goja.Undefined(), native)
	if err != nil {
		panic(err)
	}
	js.enter = callable(enter)
	// The engine has no Symbol.asyncIterator; lowered code and libraries read it.
	sym := get("Symbol")
	for name, s := range map[string]*Symbol{"asyncIterator": SymAsyncIterator, "dispose": SymDispose, "asyncDispose": SymAsyncDispose} {
		if goja.IsUndefined(orUndefined(sym.Get(name))) {
			sym.DefineDataProperty(name, s, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
		}
	}
}

// Well-known symbols the engine lacks, shared by all realms as the specified
// ones are.
var (
	SymAsyncIterator = goja.NewSymbol("Symbol.asyncIterator")
	SymUnscopables   = goja.SymUnscopables
	SymDispose       = goja.NewSymbol("Symbol.dispose")
	SymAsyncDispose  = goja.NewSymbol("Symbol.asyncDispose")
	SymIterator      = goja.SymIterator
	SymToStringTag   = goja.SymToStringTag
)

func callable(v Value) goja.Callable {
	f, ok := goja.AssertFunction(v)
	if !ok {
		panic("jsg: engine intrinsic is not callable")
	}
	return f
}

func orUndefined(v Value) Value {
	if v == nil {
		return goja.Undefined()
	}
	return v
}
