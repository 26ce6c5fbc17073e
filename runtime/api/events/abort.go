package events

import (
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Signal is an AbortSignal.
type Signal struct {
	Target
	aborted    bool
	reason     jsg.Value
	onabort    jsg.Value
	dependents []*Signal
	sources    []*Signal
}

// SignalOf is the brand check for AbortSignal.
func SignalOf(v jsg.Value) (*Signal, bool) { return abortSignalClass.From(v) }

var abortSignalClass = &jsg.Class[Signal]{
	Name: "AbortSignal", Parent: eventTargetClass, Upcast: func(s *Signal) any { return &s.Target },
}

// Members that refer to their own class are set here: as part of the variable
// they would be an initialization cycle.
func init() {
	abortSignalClass.Members = jsg.Members[Signal]{
		jsg.Static[Signal]("abort", 0, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			s := &Signal{aborted: true, reason: reasonOr(js, a.Value(0))}
			return abortSignalClass.Wrap(js, s), nil
		}),
		jsg.Static[Signal]("timeout", 1, timeoutSignal),
		jsg.Static[Signal]("any", 1, anySignal),
		jsg.Getter("aborted", func(s *Signal, js *jsg.Scope) (jsg.Value, error) { return js.Bool(s.aborted), nil }),
		jsg.Getter("reason", func(s *Signal, js *jsg.Scope) (jsg.Value, error) { return s.Reason(), nil }),
		jsg.Accessor("onabort", func(s *Signal, js *jsg.Scope) (jsg.Value, error) {
			if s.onabort == nil {
				return jsg.Null, nil
			}
			return s.onabort, nil
		}, func(s *Signal, js *jsg.Scope, v jsg.Value) error {
			if old := s.onabort; old != nil {
				if l := s.find("abort", old, false); l != nil {
					s.remove("abort", l)
				}
			}
			s.onabort, s.listed = nil, true
			if jsg.IsFunction(v) {
				s.onabort = v
				s.add("abort", &listener{callback: v, call: v, this: jsg.Undefined})
			}
			return nil
		}),
		jsg.Method("throwIfAborted", 0, func(s *Signal, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if s.aborted {
				return nil, jsg.Thrown(s.reason)
			}
			return jsg.Undefined, nil
		}),
	}
}

var _ = clone.Register("AbortSignal", func(s *Signal, _ *jsg.Scope, _ *clone.Encoder) error {
	return s.RefuseClone()
}, func(*jsg.Scope, *clone.Decoder) (jsg.Value, error) {
	return nil, (*Signal)(nil).RefuseClone()
})

// RefuseClone implements clone.Refuser.
func (*Signal) RefuseClone() error {
	return jsg.DOMErrorf("DataCloneError", "AbortSignal serialization is not enabled.")
}

// NewSignal makes a signal that Abort aborts.
func NewSignal() *Signal { return &Signal{} }

// Wrap gives the signal its JavaScript object.
func (s *Signal) Wrap(js *jsg.Scope) *jsg.Object { return abortSignalClass.Wrap(js, s) }

// Aborted reports whether the signal is aborted.
func (s *Signal) Aborted() bool { return s.aborted }

// Reason is why, undefined before.
func (s *Signal) Reason() jsg.Value {
	if s.reason == nil {
		return jsg.Undefined
	}
	return s.reason
}

// AbortError is what an operation of the platform fails with if it is aborted for
// a reason: an error, if the reason is no object.
func AbortError(reason jsg.Value) error {
	if _, ok := jsg.IsObject(reason); !ok {
		return jsg.Errorf("%s", reason.String())
	}
	return jsg.Thrown(reason)
}

// OnAbort calls f once when the signal aborts, at once if it has. It returns
// the removal.
func (s *Signal) OnAbort(js *jsg.Scope, f func(js *jsg.Scope, reason jsg.Value)) (remove func()) {
	if s.aborted {
		f(js, s.reason)
		return func() {}
	}
	return s.AddNative("abort", true, func(js *jsg.Scope, e *Event) { f(js, s.reason) })
}

// Abort aborts the signal and everything that depends on it. What a listener
// throws is reported as uncaught.
func (s *Signal) Abort(js *jsg.Scope, reason jsg.Value) {
	if err := s.abort(js, reason); err != nil {
		isolate.ReportUncaught(js, err)
	}
}

// abort is Abort for a caller that handles what a listener throws.
func (s *Signal) abort(js *jsg.Scope, reason jsg.Value) (first error) {
	if s.aborted {
		return nil
	}
	all := []*Signal{s}
	for _, d := range s.dependents {
		if !d.aborted {
			all = append(all, d)
		}
	}
	for _, x := range all {
		x.aborted, x.reason = true, reason
	}
	for _, x := range all {
		x.Wrap(js)
		if err := x.dispatch(js, NewEvent("abort")); err != nil && first == nil {
			first = err
		}
		x.dependents, x.sources = nil, nil
	}
	return first
}

func reasonOr(js *jsg.Scope, v jsg.Value) jsg.Value {
	if jsg.IsUndefined(v) {
		e := jsg.NewDOMException(js, "The operation was aborted", "AbortError")
		js.Define(e, "retryable", js.Bool(true))
		return e
	}
	return v
}

func timeoutSignal(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	d := iocontext.Delay(a.Float(0))
	if err := a.Err(); err != nil {
		return nil, err
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	s := &Signal{}
	c.AfterFunc(js, d, func(js *jsg.Scope) {
		s.Abort(js, jsg.NewDOMException(js, "The operation was aborted due to timeout", "TimeoutError"))
	})
	return s.Wrap(js), nil
}

// anySignal flattens: a dependent signal's sources are never dependent signals.
func anySignal(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if !jsg.IsArray(a.Value(0)) {
		a.Mismatch(0, "Array")
		return nil, a.Err()
	}
	var list []*Signal
	err := js.Iterate(a.Value(0), func(v jsg.Value) (bool, error) {
		s, ok := abortSignalClass.From(v)
		if !ok {
			return false, jsg.TypeErrorf("Incorrect type for array element %d: the provided value is not of type 'AbortSignal'.", len(list))
		}
		list = append(list, s)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	out := &Signal{}
	for _, s := range list {
		if s.aborted {
			out.aborted, out.reason = true, s.reason
			return out.Wrap(js), nil
		}
	}
	for _, s := range list {
		sources := s.sources
		if sources == nil {
			sources = []*Signal{s}
		}
		for _, src := range sources {
			src.dependents = append(src.dependents, out)
			out.sources = append(out.sources, src)
		}
	}
	return out.Wrap(js), nil
}

type abortController struct{ signal *Signal }

var abortControllerClass = &jsg.Class[abortController]{
	Name: "AbortController",
	New: func(js *jsg.Scope, a *jsg.Args) (*abortController, error) {
		return &abortController{signal: NewSignal()}, nil
	},
	Members: jsg.Members[abortController]{
		jsg.Getter("signal", func(c *abortController, js *jsg.Scope) (jsg.Value, error) { return c.signal.Wrap(js), nil }),
		jsg.Method("abort", 0, func(c *abortController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return jsg.Undefined, c.signal.abort(js, reasonOr(js, a.Value(0)))
		}),
	},
}
