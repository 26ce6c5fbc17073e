package polyfill

import (
	"strings"

	"github.com/miniworker/miniworker/internal/intl"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// dateHost are the functions of one date format.
func dateHost(js *jsg.Scope, f *intl.Date) *jsg.Object {
	o := js.NewObject()
	def := func(name string, call func(js *jsg.Scope, a *jsg.Args) jsg.Value) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return call(js, a), nil }))
	}
	def("text", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var b strings.Builder
		for _, p := range f.Format(a.Value(0).ToInteger()) {
			b.WriteString(p.Value)
		}
		return js.String(b.String())
	})
	def("parts", func(js *jsg.Scope, a *jsg.Args) jsg.Value { return partArray(js, f.Format(a.Value(0).ToInteger())) })
	def("range", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var out []string
		for _, p := range f.Range(a.Value(0).ToInteger(), a.Value(1).ToInteger()) {
			out = append(out, p.Type, p.Value, p.Source)
		}
		return stringArray(js, out)
	})
	def("resolved", func(js *jsg.Scope, a *jsg.Args) jsg.Value { return stringArray(js, f.Resolved()) })
	return o
}
