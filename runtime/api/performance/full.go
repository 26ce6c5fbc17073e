package performance

import (
	"iter"
	"math"

	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// fullClass is Performance under Flag.
var fullClass = &jsg.Class[performance]{Name: "Performance", Parent: events.TargetClass(), Upcast: func(p *performance) any { return &p.Target }}

func init() {
	fullClass.Members = append(jsg.Members[performance]{
		jsg.Method("mark", 1, (*performance).mark),
		jsg.Method("measure", 1, (*performance).measure),
		jsg.Method("clearMarks", 0, clear("mark")),
		jsg.Method("clearMeasures", 0, clear("measure")),
		jsg.Method("getEntries", 0, func(p *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return p.list(js, func(*entry) bool { return true }), nil
		}),
		jsg.Method("getEntriesByName", 1, func(p *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			name, anyKind, kind := a.String(0), !a.Has(1), a.OptString(1, "")
			return p.list(js, func(e *entry) bool { return e.name == name && (anyKind || e.kind == kind) }), a.Err()
		}),
		jsg.Method("getEntriesByType", 1, func(p *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			kind := a.String(0)
			return p.list(js, func(e *entry) bool { return e.kind == kind }), a.Err()
		}),
		// Nothing is recorded of what is fetched.
		jsg.Method("clearResourceTimings", 0, nothing[performance]),
		jsg.Method("markResourceTiming", 0, nothing[performance]),
		jsg.Method("setResourceTimingBufferSize", 1, func(_ *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			switch n := a.Float(0); {
			case a.Err() != nil:
			case math.IsNaN(n):
				return nil, jsg.TypeErrorf("The value cannot be converted because it is not an integer.")
			case n < 0:
				return nil, jsg.TypeErrorf("The value cannot be converted because it is negative and this API expects a positive number.")
			}
			return jsg.Undefined, a.Err()
		}),
		jsg.Method("timerify", 1, func(_ *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return a.Func(0), a.Err() }),
		jsg.Method("eventLoopUtilization", 0, func(_ *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return zeros(js, "idle", "active", "utilization"), nil
		}),
		jsg.Getter("eventCounts", func(_ *performance, js *jsg.Scope) (jsg.Value, error) {
			return countsClass.Wrap(js, &counts{}), nil
		}),
		jsg.Getter("nodeTiming", func(_ *performance, js *jsg.Scope) (jsg.Value, error) {
			return timingClass.Wrap(js, &timing{}), nil
		}),
		jsg.Method("toJSON", 0, func(_ *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return zeros(js, "timeOrigin"), nil
		}),
	}, basic...)
}

func nothing[T any](*T, *jsg.Scope, *jsg.Args) (jsg.Value, error) { return jsg.Undefined, nil }

func zeros(js *jsg.Scope, names ...string) *jsg.Object {
	o := js.NewObject()
	for _, name := range names {
		js.Define(o, name, js.Int(0))
	}
	return o
}

// counts are of events that a user caused: none.
type counts struct{}

var countsClass = &jsg.Class[counts]{
	Name: "EventCounts",
	Members: jsg.Members[counts]{
		jsg.Getter("size", func(_ *counts, js *jsg.Scope) (jsg.Value, error) { return js.Int(0), nil }),
		jsg.Method("get", 1, func(_ *counts, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			a.String(0)
			return jsg.Undefined, a.Err()
		}),
		jsg.Method("has", 1, func(_ *counts, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			a.String(0)
			return js.Bool(false), a.Err()
		}),
		jsg.Iterable(func(*counts, *jsg.Scope) iter.Seq2[jsg.Value, jsg.Value] {
			return func(func(jsg.Value, jsg.Value) bool) {}
		}),
	},
}

// timing is of the start of Node, which there was none of.
type timing struct{}

var timingClass = &jsg.Class[timing]{Name: "PerformanceNodeTiming"}

func init() {
	timingClass.Members = jsg.Members[timing]{jsg.Own("uvMetricsInfo", func(_ *timing, js *jsg.Scope) jsg.Value {
		return zeros(js, "loopCount", "events", "eventsWaiting")
	})}
	for _, name := range []string{"idleTime", "loopExit", "loopStart", "environment", "bootstrapComplete", "v8Start", "nodeStart"} {
		timingClass.Members = append(timingClass.Members, jsg.Own(name, func(_ *timing, js *jsg.Scope) jsg.Value { return js.Int(0) }))
	}
}

// observer is never told of anything, as in workerd.
type observer struct{}

var observerClass = &jsg.Class[observer]{
	Name: "PerformanceObserver",
	New: func(js *jsg.Scope, a *jsg.Args) (*observer, error) {
		a.Any(0)
		return &observer{}, a.Err()
	},
	Members: jsg.Members[observer]{
		jsg.Method("observe", 0, func(_ *observer, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			types := a.DictNamed(0, "ObserveOptions").Value("entryTypes")
			if o, ok := jsg.IsObject(types); !jsg.IsUndefined(types) && (!ok || !jsg.IsArray(o)) {
				a.Fail(jsg.TypeErrorf("Incorrect type for the 'entryTypes' field on 'ObserveOptions': the provided value is not of type 'Array'."))
			}
			return jsg.Undefined, a.Err()
		}),
		jsg.Method("disconnect", 0, nothing[observer]),
		jsg.Method("takeRecords", 0, func(_ *observer, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return js.NewArray(), nil }),
	},
	Extend: func(js *jsg.Scope, ctor, _ *jsg.Object) {
		js.DefineReadOnly(ctor, "supportedEntryTypes", js.NewArray(js.String("measure"), js.String("mark")))
	},
}

// entryList is what an observer would be given.
type entryList struct{}

var entryListClass = &jsg.Class[entryList]{Name: "PerformanceObserverEntryList"}

func init() {
	for _, name := range []string{"getEntries", "getEntriesByName", "getEntriesByType"} {
		entryListClass.Members = append(entryListClass.Members, jsg.Method(name, 0, nothing[entryList]))
	}
}
