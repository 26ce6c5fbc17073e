package worker

import "github.com/miniworker/miniworker/runtime/jsg"

// tracing is the export of cloudflare:workers by which code names spans of its
// own. As with workerd run locally nothing records them: functions run with a
// span that is not traced.
type tracing struct{}

type span struct{}

var (
	tracingClass = &jsg.Class[tracing]{Name: "Tracing"}
	spanClass    = &jsg.Class[span]{Name: "Span"}
)

func init() {
	start := func(_ *tracing, js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		return spanClass.Wrap(js, &span{}), nil
	}
	enter := func(_ *tracing, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		last := a.Len() - 1
		f := a.Func(max(last, 1))
		for i := 1; i < last; i++ { // options may come before the function, its arguments after
			if jsg.IsFunction(a.Value(i)) {
				f, last = a.Value(i), i
				break
			}
		}
		if !jsg.IsFunction(f) {
			return nil, a.Err()
		}
		return js.Call(f, jsg.Undefined, append([]jsg.Value{spanClass.Wrap(js, &span{})}, a.Rest(last+1)...)...)
	}
	tracingClass.Members = jsg.Members[tracing]{
		jsg.Method("enterSpan", 0, enter),
		jsg.Method("startActiveSpan", 0, enter),
		jsg.Method("withActiveSpan", 0, func(_ *tracing, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			f := a.Func(1)
			if err := a.Err(); err != nil {
				return nil, err
			}
			return js.Call(f, jsg.Undefined, a.Rest(2)...)
		}),
		jsg.Method("startSpan", 0, start),
		jsg.Method("getActiveSpan", 0, func(*tracing, *jsg.Scope, *jsg.Args) (jsg.Value, error) { return jsg.Undefined, nil }),
	}
	tracingClass.Extend = func(js *jsg.Scope, _, proto *jsg.Object) { js.Define(proto, "Span", spanClass.Constructor(js)) }
	ignored := func(name string) jsg.Member[span] {
		return jsg.Method(name, 0, func(*span, *jsg.Scope, *jsg.Args) (jsg.Value, error) { return jsg.Undefined, nil })
	}
	spanClass.Members = jsg.Members[span]{
		jsg.Getter("isTraced", func(_ *span, js *jsg.Scope) (jsg.Value, error) { return js.Bool(false), nil }),
		ignored("end"), ignored("recordException"), ignored("setAttribute"), ignored("setAttributes"), ignored("setStatus"), ignored("spanContext"), ignored("updateName"),
	}
}
