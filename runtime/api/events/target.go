package events

import (
	"slices"

	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Target is an EventTarget; classes that are targets embed it.
type Target struct {
	jsg.Instance
	listeners map[string][]*listener
	// listed is set where the on… property is one of the listeners.
	listed bool
}

type listener struct {
	callback jsg.Value // a function, or an object with handleEvent
	call     jsg.Value // the function itself
	this     jsg.Value // nil for the target
	native   func(js *jsg.Scope, e *Event)
	capture  bool
	once     bool
	passive  bool
	removed  bool
}

// TargetClass is EventTarget, the parent of the classes that embed Target.
func TargetClass() *jsg.Class[Target] { return eventTargetClass }

var eventTargetClass = &jsg.Class[Target]{
	Name: "EventTarget",
	New:  func(js *jsg.Scope, a *jsg.Args) (*Target, error) { return &Target{}, nil },
}

func init() {
	eventTargetClass.Members = jsg.Members[Target]{
		jsg.Method("addEventListener", 2, (*Target).addEventListener),
		jsg.Method("removeEventListener", 2, (*Target).removeEventListener),
		jsg.Method("dispatchEvent", 1, (*Target).dispatchEvent),
	}
	globalTargetClass.Members = eventTargetClass.Members
}

// AddNative adds a listener implemented in Go. It returns its removal.
func (t *Target) AddNative(typ string, once bool, f func(js *jsg.Scope, e *Event)) (remove func()) {
	l := &listener{native: f, once: once}
	t.add(typ, l)
	return func() { t.remove(typ, l) }
}

// HasListener reports whether anybody listens to a type.
func (t *Target) HasListener(typ string) bool { return len(t.listeners[typ]) > 0 }

func (t *Target) add(typ string, l *listener) {
	if t.listeners == nil {
		t.listeners = map[string][]*listener{}
	}
	t.listeners[typ] = append(t.listeners[typ], l)
}

func (t *Target) remove(typ string, l *listener) {
	l.removed = true
	t.listeners[typ] = slices.DeleteFunc(slices.Clone(t.listeners[typ]), func(x *listener) bool { return x == l })
}

func (t *Target) find(typ string, callback jsg.Value, capture bool) *listener {
	for _, l := range t.listeners[typ] {
		if l.native == nil && l.capture == capture && l.callback.SameAs(callback) {
			return l
		}
	}
	return nil
}

func (t *Target) addEventListener(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	typ, callback := a.String(0), a.Value(1)
	if callback == jsg.Null {
		return jsg.Undefined, a.Err()
	}
	if _, ok := jsg.IsObject(callback); !ok {
		a.Mismatch(1, "function or HandlerObject")
		return nil, a.Err()
	}
	l := &listener{callback: callback, call: callback}
	if object, _ := jsg.IsObject(callback); !jsg.IsFunction(callback) {
		f, err := js.Get(object, "handleEvent")
		if err != nil {
			return nil, err
		}
		if !jsg.IsFunction(f) {
			return nil, jsg.TypeErrorf("Incorrect type for the 'handleEvent' field on 'HandlerObject': the provided value is not of type 'function'.")
		}
		l.call, l.this = f, object
	}
	if o, ok := jsg.IsObject(a.Value(2)); ok {
		d := a.DictOf(o)
		l.capture, l.once, l.passive = d.Bool("capture", false), d.Bool("once", false), d.Bool("passive", false)
		if v := d.Value("signal"); !jsg.IsUndefined(v) {
			signal, ok := abortSignalClass.From(v)
			if !ok {
				return nil, jsg.TypeErrorf("Incorrect type for the 'signal' field on 'AddEventListenerOptions': the provided value is not of type 'AbortSignal'.")
			}
			if signal.Aborted() {
				return jsg.Undefined, nil
			}
			signal.AddNative("abort", true, func(*jsg.Scope, *Event) { t.remove(typ, l) })
		}
	} else {
		l.capture = a.Bool(2)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	if l.capture {
		return nil, errCapture("addEventListener", a)
	}
	if t.find(typ, callback, l.capture) == nil {
		t.add(typ, l)
	}
	return jsg.Undefined, nil
}

// errCapture is for a listener of the capturing phase: there is none.
func errCapture(method string, a *jsg.Args) error {
	option := "useCapture"
	if _, ok := jsg.IsObject(a.Value(2)); ok {
		option = "options.capture"
	}
	return jsg.TypeErrorf("%s(): %s must be false.", method, option)
}

func (t *Target) removeEventListener(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	typ, callback := a.String(0), a.Value(1)
	capture := a.Bool(2)
	if o, ok := jsg.IsObject(a.Value(2)); ok {
		capture = a.DictOf(o).Bool("capture", false)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	if capture {
		return nil, errCapture("removeEventListener", a)
	}
	if l := t.find(typ, callback, capture); l != nil {
		t.remove(typ, l)
	}
	return jsg.Undefined, nil
}

func (t *Target) dispatchEvent(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	e, ok := eventClass.From(a.Value(0))
	if !ok {
		a.Mismatch(0, "Event")
		return nil, a.Err()
	}
	if e.dispatching {
		return nil, jsg.DOMErrorf("InvalidStateError", "The event is already being dispatched.")
	}
	e.trusted = false
	if err := t.dispatch(js, e); err != nil {
		return nil, err
	}
	return js.Bool(!e.canceled), nil
}

// Dispatch gives e to the listeners of its type. What they throw is reported as
// uncaught. It returns the first exception as well, for callers that must react
// (a WebSocket whose message listener throws is closed).
func (t *Target) Dispatch(js *jsg.Scope, e *Event) error {
	err := t.dispatch(js, e)
	if err != nil {
		isolate.ReportUncaught(js, err)
	}
	return err
}

// DispatchThrow is Dispatch for a caller that handles the exception itself.
func (t *Target) DispatchThrow(js *jsg.Scope, e *Event) error { return t.dispatch(js, e) }

// dispatch returns the first exception. As in workerd it goes to whoever
// dispatched, and the listeners after it do not run unless the flag for that is
// on.
func (t *Target) dispatch(js *jsg.Scope, e *Event) (first error) {
	e.target, e.dispatching, e.phase = t.object(js), true, 2
	eventObject := e.Wrap(js)
	first = t.callHandler(js, e, eventObject)
	for _, l := range t.listeners[e.Type] {
		if e.stoppedImmediate || first != nil && !js.Flag("spec_compliant_dispatch_exceptions") {
			break
		}
		if l.removed {
			continue
		}
		if l.once {
			t.remove(e.Type, l)
		}
		e.passive = l.passive
		if err := l.tell(js, e, eventObject); err != nil && first == nil {
			first = err
		}
	}
	e.dispatching, e.phase, e.passive, e.stopped, e.stoppedImmediate = false, 0, false, false, false
	return first
}

func (t *Target) object(js *jsg.Scope) jsg.Value {
	if o := t.Object(); o != nil {
		return o
	}
	return eventTargetClass.Wrap(js, t)
}

// callHandler calls the function that the target has as its on… property, be it
// one of its class or one that a program put there.
func (t *Target) callHandler(js *jsg.Scope, e *Event, event *jsg.Object) error {
	if t.listed {
		return nil
	}
	o, _ := jsg.IsObject(e.target)
	f, err := js.Get(o, "on"+e.Type)
	if err != nil || !jsg.IsFunction(f) {
		return err
	}
	_, err = js.Call(f, jsg.Undefined, event)
	return err
}

func (l *listener) tell(js *jsg.Scope, e *Event, event *jsg.Object) error {
	if l.native != nil {
		l.native(js, e)
		return nil
	}
	this := l.this
	if this == nil {
		this = e.target
	}
	_, err := js.Call(l.call, this, event)
	return err
}

// Report gives an exception of a callback to whoever watches for uncaught ones.
func Report(js *jsg.Scope, err error) { isolate.ReportUncaught(js, err) }
