package jsg

import "github.com/dop251/goja"

// Code from strings: eval, new Function and the constructors of the other
// kinds of functions. Workers may use them while their script is evaluated,
// not afterwards.

// guard wraps the constructors of functions once per realm, so that a refusal
// can begin at any time without changing who is whose constructor. A call of
// eval is only the direct kind if it is the engine's own function, so eval is
// replaced when the refusal begins.
var guard = goja.MustCompile("miniworker:codegen", `(function() {
	"use strict";
	const make = Reflect.construct, EvalError_ = EvalError, indirect = eval;
	let allowed = true;
	const refuse = () => { throw new EvalError_("Code generation from strings disallowed for this context"); };
	const wrap = (sample) => {
		const prototype = Object.getPrototypeOf(sample), original = prototype.constructor;
		const name = original.name;
		function F(...args) {
			if (!allowed) refuse();
			return make(original, args, new.target && new.target !== F ? new.target : original);
		}
		Object.defineProperty(F, "name", {value: name, configurable: true});
		Object.defineProperty(F, "length", {value: 1, configurable: true});
		Object.defineProperty(F, "prototype", {value: prototype, writable: false});
		const d = Object.getOwnPropertyDescriptor(prototype, "constructor");
		Object.defineProperty(prototype, "constructor", {...d, value: F});
		return F;
	};
	const F = wrap(function() {});
	Object.defineProperty(globalThis, "Function", {value: F, writable: true, enumerable: false, configurable: true});
	for (const sample of [async function() {}, function*() {}]) Object.setPrototypeOf(wrap(sample), F);
	return () => {
		if (!allowed) return;
		allowed = false;
		if (globalThis.eval !== indirect) return;
		const e = (x) => refuse();
		Object.defineProperty(e, "name", {value: "eval", configurable: true});
		Object.defineProperty(globalThis, "eval", {value: e, writable: true, enumerable: false, configurable: true});
	};
})`, true)

func (js *Scope) loadGuard() {
	f, err := js.rt.RunProgram(guard)
	if err != nil {
		panic(err) // a constant program; covered by every test
	}
	end, err := callable(f)(goja.Undefined())
	if err != nil {
		panic(err)
	}
	js.forbidEval = callable(end)
}

// ForbidEval makes code from strings an EvalError from now on.
func (js *Scope) ForbidEval() error {
	_, err := js.forbidEval(goja.Undefined())
	return js.wrapError(err)
}
