package jsg

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// Error is an error that becomes a JavaScript error of the given name when it
// reaches JavaScript.
type Error struct {
	// Name is "Error", "TypeError", "RangeError", "SyntaxError", or a
	// DOMException name where DOM is set.
	Name    string
	Message string
	DOM     bool
	// Props are own properties the error object gets (remote, retryable, …).
	Props Props
	// Cause is the host-side reason; it never reaches JavaScript.
	Cause error
	// JSCause, if set, becomes the error object's own cause.
	JSCause *Error
}

// Error implements error.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Unwrap gives the host-side reason.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes a plain Error.
func Errorf(format string, args ...any) error {
	return &Error{Name: "Error", Message: fmt.Sprintf(format, args...)}
}

// TypeErrorf makes a TypeError.
func TypeErrorf(format string, args ...any) error {
	return &Error{Name: "TypeError", Message: fmt.Sprintf(format, args...)}
}

// RangeErrorf makes a RangeError.
func RangeErrorf(format string, args ...any) error {
	return &Error{Name: "RangeError", Message: fmt.Sprintf(format, args...)}
}

// SyntaxErrorf makes a SyntaxError.
func SyntaxErrorf(format string, args ...any) error {
	return &Error{Name: "SyntaxError", Message: fmt.Sprintf(format, args...)}
}

// DOMErrorf makes a DOMException of the given name ("AbortError", …).
func DOMErrorf(name, format string, args ...any) error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...), DOM: true}
}

// NotImplementedf is the loud answer to a feature this runtime lacks.
func NotImplementedf(feature, alternative string) error {
	msg := feature + " is not implemented in miniworker"
	if alternative != "" {
		msg += "; " + alternative
	}
	return &Error{Name: "Error", Message: msg}
}

// Exception is a JavaScript value that was thrown, on its way through Go. It
// belongs to its realm; Describe what must leave the realm.
type Exception struct {
	Value Value
	// Stack is where it was thrown: the error's own stack string where it has
	// one, else the engine's.
	Stack string
}

// Error implements error.
func (e *Exception) Error() string {
	d := Describe(e.Value)
	if d.Name == "" {
		return "Uncaught " + d.Message
	}
	return d.Name + ": " + d.Message
}

// Thrown makes an Exception of a value, for Go code that re-throws.
func Thrown(v Value) *Exception { return &Exception{Value: v, Stack: stackOf(v)} }

// Interrupted is the end of a turn that Scope.Interrupt stopped. Nothing can
// catch it; promises and callers that hear of it hear Why, to which it unwraps.
type Interrupted struct{ Why *Error }

// Error implements error.
func (e *Interrupted) Error() string { return e.Why.Message }

// Unwrap gives Why.
func (e *Interrupted) Unwrap() error { return e.Why }

// wrapError gives errors of the engine their type in this package.
func (js *Scope) wrapError(err error) error {
	if err == nil {
		return nil
	}
	var ex *goja.Exception
	if errors.As(err, &ex) {
		out := &Exception{Value: orUndefined(ex.Value()), Stack: stackOf(ex.Value())}
		if out.Stack == "" {
			out.Stack = Describe(out.Value).Message + stackLines(ex.Stack())
		}
		return out
	}
	var in *goja.InterruptedError
	if errors.As(err, &in) {
		js.broken = &Interrupted{in.Value().(*Error)}
		return js.broken
	}
	var overflow *goja.StackOverflowError
	if errors.As(err, &overflow) {
		js.broken = js.wrapOverflow()
		return js.broken
	}
	return err
}

// wrapOverflow makes what V8 throws when the stack is full. The engine treats
// it as uncatchable, so it only ever surfaces here.
func (js *Scope) wrapOverflow() error {
	return &Error{Name: "RangeError", Message: "Maximum call stack size exceeded"}
}

// thrown is what to panic with so that JavaScript sees err as an exception.
func (js *Scope) thrown(err error) any {
	var in *goja.InterruptedError
	if errors.As(err, &in) {
		return in
	}
	var mine *Interrupted
	if errors.As(err, &mine) {
		js.rt.Interrupt(mine.Why)
	}
	return js.ErrorValue(err)
}

// ErrorValue is the JavaScript form of err: the thrown value itself for an
// *Exception, an error object for an *Error, and an opaque "internal error" for
// anything else, whose text must not leak into JavaScript.
func (js *Scope) ErrorValue(err error) Value {
	var ex *Exception
	if errors.As(err, &ex) {
		return ex.Value
	}
	var e *Error
	if !errors.As(err, &e) {
		if js.onPanic != nil {
			js.onPanic(err, nil)
		}
		e = &Error{Name: "Error", Message: "internal error"}
	}
	o := js.newError(e)
	for _, p := range e.Props {
		js.Define(o, p.Name, js.rt.ToValue(p.Value))
	}
	if e.JSCause != nil {
		js.DefineHidden(o, "cause", js.ErrorValue(e.JSCause))
	}
	return o
}

func (js *Scope) newError(e *Error) *Object {
	if e.DOM {
		return NewDOMException(js, e.Message, e.Name)
	}
	ctor := js.intrinsics.errorCtor
	named := true
	switch e.Name {
	case "TypeError":
		ctor = js.intrinsics.typeError
	case "RangeError":
		ctor = js.intrinsics.rangeError
	case "SyntaxError":
		ctor = js.intrinsics.syntaxError
	case "EvalError":
		ctor = js.intrinsics.evalError
	case "ReferenceError":
		ctor = js.intrinsics.referenceError
	case "", "Error":
	default:
		named = false
	}
	o, err := js.rt.New(ctor, js.rt.ToValue(e.Message))
	if err != nil {
		panic(err)
	}
	if !named {
		js.DefineHidden(o, "name", js.rt.ToValue(e.Name))
	}
	return o
}

// ErrorInfo is what is known of a thrown value outside its realm.
type ErrorInfo struct {
	Name, Message, Stack string
	// IsError tells an error object from any other thrown value, DOM a
	// DOMException from other errors.
	IsError, DOM bool
}

// Describe reads a thrown value without running user code that could throw
// again: failures read as empty.
func Describe(v Value) (d ErrorInfo) {
	defer func() {
		if recover() != nil && d.Message == "" {
			d.Message = "(unprintable value)"
		}
	}()
	o, ok := v.(*Object)
	if !ok {
		if v == nil {
			return ErrorInfo{Message: "undefined"}
		}
		if s, ok := v.(*Symbol); ok {
			return ErrorInfo{Message: "Symbol(" + s.String() + ")"}
		}
		return ErrorInfo{Message: v.String()}
	}
	_, d.DOM = domExceptionClass.From(v)
	if o.ClassName() != "Error" && !d.DOM {
		if msg := o.Get("message"); msg != nil && !IsUndefined(msg) {
			d.Message = msg.String()
			if name := o.Get("name"); name != nil && !IsUndefined(name) {
				d.Name = name.String()
			}
			d.Stack = stackOf(v)
			return d
		}
		d.Message = o.String()
		return d
	}
	d.IsError = true
	d.Stack = stackOf(v)
	if name := o.Get("name"); name != nil {
		d.Name = name.String()
	}
	if msg := o.Get("message"); msg != nil {
		d.Message = msg.String()
	}
	return d
}

func stackOf(v Value) (s string) {
	defer func() { _ = recover() }()
	if o, ok := v.(*Object); ok {
		if st := o.Get("stack"); st != nil && IsString(st) {
			return strings.TrimSpace(st.String())
		}
	}
	return ""
}
