package jsg

import (
	"strconv"

	"github.com/dop251/goja"
)

// asyncGenerators is what a realm has for its async generators, made with the
// first of them.
type asyncGenerators struct {
	functions  *Object // %AsyncGeneratorFunction.prototype%
	prototype  *Object // %AsyncGeneratorPrototype%
	await      *Object // a class of one property, for what is awaited
	awaitProto *Object
	returned   *Object       // is thrown into a generator that is to return
	resume     [3]nativeCall // what goes on with a generator
}

var asyncKinds = NewLocal[*asyncGenerators]()

var asyncGeneratorClass = &Class[asyncGenerator]{Name: "AsyncGenerator"}

// awaitProgram makes the class of what is awaited.
var awaitProgram = goja.MustCompile("miniworker:await", `(function(v) { this.v = v })`, true)

func (js *Scope) asyncGenerators() *asyncGenerators {
	if k := asyncKinds.Get(js); k != nil {
		return k
	}
	k := &asyncGenerators{functions: js.rt.CreateObject(js.prototype("Function")), prototype: js.rt.CreateObject(js.intrinsics.asyncIteratorProto)}
	asyncKinds.Set(js, k)
	v, err := js.rt.RunProgram(awaitProgram)
	check(err)
	k.await = v.(*Object)
	k.returned = js.rt.NewObject()
	js.DefineConstant(k.await, "returned", k.returned)
	k.awaitProto = k.await.Get("prototype").(*Object)
	for _, kind := range []completionKind{toNext, toThrow} {
		call, _ := natives(js.intrinsics.generatorProto.Get(completionMethods[kind]).(*Object))
		k.resume[kind] = *call
	}
	ctor := js.rt.ToValue(func(goja.ConstructorCall) *Object {
		panic(js.newError(&Error{Name: "EvalError", Message: "Code generation from strings disallowed for this context"}))
	}).(*Object)
	js.nameFunc(ctor, "AsyncGeneratorFunction", 1)
	js.SetPrototype(ctor, js.global.Get("Function").(*Object))
	readOnly := func(o *Object, name string, v Value) {
		check(o.DefineDataProperty(name, v, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	js.DefineConstant(ctor, "prototype", k.functions)
	readOnly(k.functions, "constructor", ctor)
	readOnly(k.functions, "prototype", k.prototype)
	js.DefineReadOnlySymbol(k.functions, SymToStringTag, js.String("AsyncGeneratorFunction"))
	readOnly(k.prototype, "constructor", k.functions)
	for kind, name := range completionMethods {
		js.DefineHidden(k.prototype, name, js.Func(name, 1, func(js *Scope, this Value, a *Args) (Value, error) {
			g, ok := asyncGeneratorClass.From(this)
			if !ok {
				return js.Rejected(TypeErrorf("Method [AsyncGenerator].prototype.%s called on incompatible receiver %s", name, js.describe(this))), nil
			}
			return g.request(js, completion{completionKind(kind), a.Value(0)}), nil
		}))
	}
	js.DefineReadOnlySymbol(k.prototype, SymToStringTag, js.String("AsyncGenerator"))
	return k
}

// awaited is what the body of a generator waits for, if v says so.
func (k *asyncGenerators) awaited(v Value) (Value, bool) {
	o, ok := v.(*Object)
	if !ok {
		return nil, false
	}
	r, ok := engine().plainRecord(o)
	if !ok || r.prototype != k.awaitProto {
		return nil, false
	}
	return r.values["v"], true
}

// beAsyncGenerator makes a function that was just made one of these.
func (js *Scope) beAsyncGenerator(f *Object) {
	k := js.asyncGenerators()
	check(f.SetPrototype(k.functions))
	check(f.DefineDataProperty("prototype", js.rt.CreateObject(k.prototype), goja.FLAG_TRUE, goja.FLAG_FALSE, goja.FLAG_FALSE))
}

// AsyncGeneratorHelpers gives code from the bundler what it runs async generators
// with.
func (js *Scope) AsyncGeneratorHelpers(o *Object) {
	js.DefineLazy(o, "asyncGenerator", true, func(js *Scope) Value {
		return js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
			k := js.asyncGenerators()
			proto, callee := k.prototype, js.caller()
			if callee != nil {
				if own, ok := callee.Get("prototype").(*Object); ok {
					proto = own
				}
			}
			var args []Value
			if list, ok := call.Argument(1).(*Object); ok {
				for i := range list.Get("length").ToInteger() {
					args = append(args, orUndefined(list.Get(strconv.Itoa(int(i)))))
				}
			}
			body, err := callable(call.Argument(2))(call.Argument(0), args...)
			check(err)
			g := js.rt.CreateObject(proto)
			asyncGeneratorClass.WrapInto(js, g, &asyncGenerator{kinds: k, body: body.(*Object)})
			return g
		})
	})
	js.DefineLazy(o, "await", true, func(js *Scope) Value { return js.asyncGenerators().await })
	js.DefineLazy(o, "yieldStar", true, func(js *Scope) Value {
		return js.rt.ToValue(func(call goja.FunctionCall) goja.Value { return js.newDelegate(call.Argument(0)) })
	})
	js.DefineLazy(o, "forAwait", true, func(js *Scope) Value {
		return js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
			return js.asyncIterator(call.Argument(0), js.describe(call.Argument(0)))
		})
	})
}
