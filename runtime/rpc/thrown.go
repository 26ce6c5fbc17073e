package rpc

import (
	"errors"
	"slices"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Thrown is a value that code of a callee threw, on its way to the caller. It
// keeps its class and its own properties, not its stack.
type Thrown struct {
	text  string
	value clone.Message
	props jsg.Props
}

// Error implements error.
func (t *Thrown) Error() string { return t.text }

// With returns the same with another property set.
func (t *Thrown) With(name string, v any) *Thrown {
	c := *t
	c.props = t.props.With(name, v)
	return &c
}

// Capture takes what ended an operation out of its isolate: a *Thrown for what
// code threw, an *jsg.Error for what the runtime says.
func Capture(js *jsg.Scope, err error) error {
	var t *Thrown
	var ex *jsg.Exception
	var e *jsg.Error
	switch {
	case errors.As(err, &t):
		return t
	case errors.As(err, &ex):
		return capture(js, ex)
	case errors.As(err, &e):
		return Remote(e)
	case errors.Is(err, iocontext.ErrHung):
		return jsg.Errorf("%s", iocontext.ErrHung)
	}
	return Remote(&jsg.Error{Name: "Error", Message: "internal error", Cause: err})
}

// Remote marks an error as one of the other side.
func Remote(e *jsg.Error) *jsg.Error {
	c := *e
	c.Props = e.Props.With("remote", true)
	return &c
}

func capture(js *jsg.Scope, ex *jsg.Exception) error {
	if _, ok := jsg.IsObject(ex.Value); ok && js.Flag("enhanced_error_serialization") {
		m, err := clone.Write(js, ex.Value, clone.Options{NoStack: true})
		if err == nil {
			return &Thrown{text: ex.Error(), value: m, props: jsg.Flags("remote")}
		}
	}
	// What is no object, cannot be copied as it is, or is thrown at an older date
	// becomes an error of its text, of a class that the language has.
	d := jsg.Describe(ex.Value)
	if o, ok := jsg.IsObject(ex.Value); ok && !d.IsError && !jsg.IsFunction(o) {
		d.Message = js.Describe(o)
	}
	e := &jsg.Error{Name: d.Name, Message: d.Message, DOM: d.DOM}
	switch {
	case d.DOM || slices.Contains(languageErrors, d.Name):
	case d.IsError && d.Name != "":
		e.Name, e.Message = "Error", d.Name+": "+d.Message
	default:
		e.Name = "Error"
	}
	return Remote(e)
}

var languageErrors = []string{"Error", "RangeError", "TypeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"}

// defineStack gives an error the text of its first line as its stack: that of the
// other side stays there.
func (t *Thrown) defineStack(js *jsg.Scope, o *jsg.Object) {
	get := js.Func("", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) { return js.String(t.text), nil })
	set := js.Func("", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		js.DefineHidden(o, "stack", a.Value(0))
		return jsg.Undefined, nil
	})
	js.DefineHiddenAccessor(o, "stack", get, set)
}

// Value makes the thrown value anew.
func (t *Thrown) Value(js *jsg.Scope) jsg.Value {
	v, err := t.value.Read(js)
	if err != nil {
		return js.ErrorValue(jsg.Errorf("%s", t.text))
	}
	if o, ok := jsg.IsObject(v); ok {
		if o.ClassName() == "Error" {
			t.defineStack(js, o)
		}
		for _, p := range t.props {
			_ = js.Set(o, p.Name, js.Primitive(p.Value))
		}
	}
	return v
}

// errorValue is how the caller sees why a call failed.
func errorValue(js *jsg.Scope, err error) jsg.Value {
	var t *Thrown
	if errors.As(err, &t) {
		return t.Value(js)
	}
	var e *jsg.Error
	if !errors.As(err, &e) {
		err = &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: err, Props: jsg.Flags("remote", "retryable")}
	}
	return js.ErrorValue(err)
}

func reportUncaught(js *jsg.Scope, err error) { isolate.ReportUncaught(js, err) }
