// Package jseval runs small pieces of JavaScript in tests of one API package,
// without a worker around them: a bare realm, some classes, one expression.
//
// It has no event loop: a promise that needs one to settle shows as pending.
package jseval

import (
	"encoding/hex"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// New makes a realm with the engine's globals, DOMException, the given classes,
// and what the install functions add.
func New(t testing.TB, classes []jsg.AnyClass, install ...func(*jsg.Scope)) *jsg.Scope {
	t.Helper()
	js := jsg.New(jsg.Options{Flag: func(string) bool { return true }, Panic: func(recovered any, stack []byte) { t.Errorf("panic: %v\n%s", recovered, stack) }})
	for _, c := range append(classes, jsg.DOMExceptionClass()) {
		js.DefineHidden(js.Global(), c.ClassName(), c.Constructor(js))
	}
	for _, f := range install {
		f(js)
	}
	return js
}

// Eval runs source as one turn and shows its completion value, awaited if it
// is a promise. See Show; what is thrown shows as "Name: message".
func Eval(t testing.TB, js *jsg.Scope, source string) string {
	t.Helper()
	p, err := jsg.Compile("test.js", source)
	if err != nil {
		return err.Error()
	}
	var out jsg.Value
	var runErr error
	if err := js.Enter(nil, func() { out, runErr = js.Run(p) }); err != nil {
		return err.Error()
	}
	if runErr != nil {
		return runErr.Error()
	}
	switch state, v := jsg.Settled(out); state {
	case jsg.Fulfilled:
		out = v
	case jsg.RejectedState:
		js.MarkHandled(out)
		return jsg.Thrown(v).Error()
	case jsg.Pending:
		return "(pending promise)"
	}
	return Show(js, out)
}

// Show is a value as text: bytes in hex after the kind of view, plain objects
// and arrays as JSON, -0 as such, anything else as String gives it.
func Show(js *jsg.Scope, v jsg.Value) string {
	if view, ok := jsg.ViewOf(v); ok {
		return view.Kind + " " + hex.EncodeToString(view.Bytes())
	}
	if b, ok := jsg.ArrayBufferOf(v); ok {
		return "ArrayBuffer " + hex.EncodeToString(b)
	}
	if o, ok := v.(*jsg.Object); ok && (jsg.IsArray(o) || o.String() == "[object Object]") {
		if text, ok, err := js.JSONStringify(o); ok && err == nil {
			return text
		}
	}
	if jsg.IsNumber(v) && v.ToFloat() == 0 && 1/v.ToFloat() < 0 {
		return "-0"
	}
	return v.String()
}

// Case is one row of a table: source, and what it must show.
type Case [2]string

// Run evaluates each case in a realm of its own.
func Run(t *testing.T, realm func(testing.TB) *jsg.Scope, cases []Case) {
	t.Helper()
	for _, c := range cases {
		if got := Eval(t, realm(t), c[0]); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}
