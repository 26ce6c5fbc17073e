package polyfill

import (
	"github.com/miniworker/miniworker/internal/intl"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// dateHost are the functions of one date format.
func dateHost(js *jsg.Scope, f *intl.Date) *jsg.Object {
	o, def := formatHost(js, func(v jsg.Value) []intl.Part { return f.Format(v.ToInteger()) },
		func(from, to jsg.Value) []intl.RangePart { return f.Range(from.ToInteger(), to.ToInteger()) })
	def("resolved", func(js *jsg.Scope, a *jsg.Args) jsg.Value { return stringArray(js, f.Resolved()) })
	return o
}
