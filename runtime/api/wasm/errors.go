package wasm

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero/sys"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// errorClasses are CompileError, LinkError and RuntimeError.
var errorClasses = sync.OnceValue(func() *jsg.Program {
	return jsg.MustCompile("miniworker:wasm-errors", errorSource)
})

const errorSource = `(function() {
	const make = (name) => {
		const E = function(message, options) {
			const e = Reflect.construct(Error, message === undefined ? [] : [message, options], new.target ?? E);
			return e;
		};
		Object.defineProperty(E, "name", {value: name, configurable: true});
		Object.defineProperty(E, "length", {value: 1, configurable: true});
		Object.setPrototypeOf(E, Error);
		const hidden = (value) => ({value, writable: true, configurable: true});
		Object.defineProperty(E, "prototype", {value: Object.create(Error.prototype,
			{constructor: hidden(E), name: hidden(name), message: hidden("")}), writable: false});
		return E;
	};
	return {CompileError: make("CompileError"), LinkError: make("LinkError"), RuntimeError: make("RuntimeError")};
})()`

var errorObjects = jsg.NewLocal[*jsg.Object]()

func errorClass(js *jsg.Scope, name string) (jsg.Value, error) {
	o := errorObjects.Get(js)
	if o == nil {
		v, err := js.Run(errorClasses())
		if err != nil {
			return nil, err
		}
		o = v.(*jsg.Object)
		errorObjects.Set(js, o)
	}
	return js.Get(o, name)
}

// failure makes an error of one of the classes.
func failure(js *jsg.Scope, class, text string) error {
	ctor, err := errorClass(js, class)
	if err != nil {
		return err
	}
	e, err := js.Construct(ctor, js.String(text))
	if err != nil {
		return err
	}
	return jsg.Thrown(e)
}

// traps are the engine's words for a trap and V8's.
var traps = []struct{ ours, theirs string }{
	{"unreachable", "unreachable"},
	{"out of bounds memory access", "memory access out of bounds"},
	{"integer divide by zero", "divide by zero"},
	{"integer overflow", "divide result unrepresentable"},
	{"invalid conversion to integer", "float unrepresentable in integer range"},
	{"invalid table access", "table index is out of bounds"},
	{"indirect call type mismatch", "function signature mismatch"},
	{"null reference", "dereferencing a null pointer"},
	{"unaligned atomic", "operation does not support unaligned accesses"},
	{"expected shared memory", "Atomics.wait cannot be called in this context"},
	{"uncaught exception", "uncaught exception"},
}

// scriptError is what JavaScript gets for an error of the engine.
func scriptError(js *jsg.Scope, err error) error {
	var thrown *jsg.Exception
	var mine *jsg.Error
	var interrupted *jsg.Interrupted
	var exit *sys.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &thrown): // by a JavaScript import
		return thrown
	case errors.As(err, &interrupted):
		return interrupted
	case errors.As(err, &mine):
		return mine
	case errors.As(err, &exit), errors.Is(err, context.Canceled):
		return &jsg.Interrupted{Why: &jsg.Error{Name: "Error", Message: "the worker was interrupted in WebAssembly code"}}
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	text = strings.TrimPrefix(text, "wasm error: ")
	if strings.HasPrefix(text, "stack overflow") {
		return jsg.RangeErrorf("Maximum call stack size exceeded")
	}
	for _, t := range traps {
		if strings.HasPrefix(text, t.ours) {
			return failure(js, "RuntimeError", t.theirs)
		}
	}
	return failure(js, "RuntimeError", text)
}
