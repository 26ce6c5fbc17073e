package worker

import (
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// scopeEvents is the global scope of a service-worker script: an EventTarget
// that gets "fetch", "scheduled" and "queue" events.
type scopeEvents struct{ target *events.Target }

func installScopeEvents(js *jsg.Scope) *scopeEvents {
	return &scopeEvents{target: events.Scope(js)}
}

// extendableEventClass is the parent of events whose promises keep the worker
// alive.
var extendableEventClass = &jsg.Class[events.Event]{Name: "ExtendableEvent", Parent: events.EventClass(), Upcast: func(e *events.Event) any { return e },
	Members: jsg.Members[events.Event]{
		jsg.Method("waitUntil", 1, func(_ *events.Event, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if a.Len() == 0 {
				a.Mismatch(0, "Promise")
				return nil, a.Err()
			}
			return jsg.Undefined, waitUntil(js, a.Value(0))
		}),
	}}

// installEvents defines the classes of a worker's events.
func installEvents(js *jsg.Scope) {
	for _, c := range []jsg.AnyClass{extendableEventClass, fetchEventClass, scheduledEventClass, tailEventClass} {
		js.DefineGlobalClass(nil, c.ClassName(), c)
	}
	js.DefineGlobalClass(nil, "TraceEvent", tailEventClass)
}

// tailEventClass is there to be named: no such event is dispatched.
var tailEventClass = &jsg.Class[events.Event]{Name: "TailEvent", Parent: extendableEventClass, Upcast: func(e *events.Event) any { return e }}

// extendable is a fetch event.
type extendable struct {
	events.Event
	request  *jsg.Object
	response jsg.Value
}

var fetchEventClass = &jsg.Class[extendable]{Name: "FetchEvent", Parent: extendableEventClass, Upcast: func(e *extendable) any { return &e.Event }}

func init() {
	fetchEventClass.Members = jsg.Members[extendable]{
		jsg.Own("request", func(e *extendable, js *jsg.Scope) jsg.Value { return e.request }),
		jsg.Method("respondWith", 1, func(e *extendable, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if e.response != nil {
				return nil, jsg.DOMErrorf("InvalidStateError", "Too late to call FetchEvent.respondWith(). It must be called synchronously in the event handler.")
			}
			e.response = a.Value(0)
			return jsg.Undefined, nil
		}),
		jsg.Method("passThroughOnException", 0, func(e *extendable, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return jsg.Undefined, nil
		}),
	}
}

// fetch dispatches a fetch event and gives what respondWith was called with.
func (s *scopeEvents) fetch(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
	e := &extendable{Event: *events.NewEvent("fetch"), request: request}
	fetchEventClass.Wrap(js, e)
	if !s.target.HasListener("fetch") {
		return nil, jsg.Errorf("No event handlers were registered. Call addEventListener(\"fetch\", …), or export a default object with a fetch() method.")
	}
	if err := s.target.DispatchThrow(js, &e.Event); err != nil {
		return nil, err
	}
	if e.response == nil {
		return nil, jsg.TypeErrorf("The fetch event was not answered: call event.respondWith() before the listener returns.")
	}
	return e.response, nil
}
