// Package events emulates the DOM's events as Workers have them: Event and its
// kinds, EventTarget, AbortController and AbortSignal. There is no tree, so
// capturing and bubbling are flags only.
//
// Where the truth is: https://dom.spec.whatwg.org/#events and #aborting-ongoing-activities,
// and https://developers.cloudflare.com/workers/runtime-apis/web-standards/.
package events

import (
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Event is the Go side of every event class.
type Event struct {
	jsg.Instance
	Type       string
	Bubbles    bool
	Cancelable bool
	Composed   bool

	target           jsg.Value
	phase            int
	stopped          bool // stopPropagation
	stoppedImmediate bool
	canceled         bool
	passive          bool
	dispatching      bool
	trusted          bool
	time             float64
}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass {
	return []jsg.AnyClass{
		eventClass, customEventClass, messageEventClass, closeEventClass, errorEventClass, promiseRejectionEventClass,
		eventTargetClass, workerScopeClass, scopeClass, abortSignalClass, abortControllerClass,
	}
}

// NewEvent makes a trusted event of a type.
func NewEvent(typ string) *Event { return &Event{Type: typ, trusted: true} }

var started = time.Now()

func (e *Event) init(a *jsg.Args) error {
	e.Type = a.String(0)
	d := a.DictNamed(1, "Init")
	e.Bubbles = d.Bool("bubbles", false)
	e.Cancelable = d.Bool("cancelable", false)
	e.Composed = d.Bool("composed", false)
	e.time = float64(time.Since(started).Microseconds()) / 1000
	return a.Err()
}

// DefaultPrevented is what the event says: only of a cancelable one it can be.
func (e *Event) DefaultPrevented() bool { return e.canceled && e.Cancelable }

var eventClass = &jsg.Class[Event]{
	Name: "Event",
	New: func(js *jsg.Scope, a *jsg.Args) (*Event, error) {
		if err := a.Require(1); err != nil {
			return nil, err
		}
		e := &Event{}
		return e, e.init(a)
	},
	Members: jsg.Members[Event]{
		jsg.Const[Event]("NONE", 0), jsg.Const[Event]("CAPTURING_PHASE", 1),
		jsg.Const[Event]("AT_TARGET", 2), jsg.Const[Event]("BUBBLING_PHASE", 3),
		jsg.Getter("type", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.String(e.Type), nil }),
		jsg.Getter("eventPhase", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Int(int64(e.phase)), nil }),
		jsg.Getter("composed", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(e.Composed), nil }),
		jsg.Getter("bubbles", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(e.Bubbles), nil }),
		jsg.Getter("cancelable", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(e.Cancelable), nil }),
		jsg.Getter("defaultPrevented", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(e.DefaultPrevented()), nil }),
		jsg.Getter("returnValue", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(!e.DefaultPrevented()), nil }),
		jsg.Getter("currentTarget", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return e.targetValue(), nil }),
		jsg.Getter("target", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return e.targetValue(), nil }),
		jsg.Getter("srcElement", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return e.targetValue(), nil }),
		jsg.Getter("timeStamp", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Float(e.time), nil }),
		jsg.Getter("isTrusted", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(e.trusted), nil }),
		jsg.Accessor("cancelBubble", func(e *Event, js *jsg.Scope) (jsg.Value, error) { return js.Bool(e.stopped), nil },
			func(e *Event, js *jsg.Scope, v jsg.Value) error { e.stopped = e.stopped || v.ToBoolean(); return nil }),
		jsg.Method("stopImmediatePropagation", 0, func(e *Event, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			e.stopped, e.stoppedImmediate = true, true
			return jsg.Undefined, nil
		}),
		jsg.Method("preventDefault", 0, func(e *Event, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			e.preventDefault()
			return jsg.Undefined, nil
		}),
		jsg.Method("stopPropagation", 0, func(e *Event, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			e.stopped = true
			return jsg.Undefined, nil
		}),
		jsg.Method("composedPath", 0, func(e *Event, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if !e.dispatching {
				return js.NewArray(), nil
			}
			return js.NewArray(e.targetValue()), nil
		}),
	},
}

func (e *Event) preventDefault() {
	if !e.passive { // what dispatchEvent gives does not depend on cancelable
		e.canceled = true
	}
}

func (e *Event) targetValue() jsg.Value {
	if e.target == nil {
		return jsg.Undefined
	}
	return e.target
}

// Wrap gives the event its JavaScript object.
func (e *Event) Wrap(js *jsg.Scope) *jsg.Object { return eventClass.Wrap(js, e) }

// Object-carrying kinds. Each has an Event and a few read-only members.

type customEvent struct {
	Event
	detail jsg.Value
}

var customEventClass = &jsg.Class[customEvent]{
	Name: "CustomEvent", Parent: eventClass, Upcast: func(e *customEvent) any { return &e.Event },
	New: func(js *jsg.Scope, a *jsg.Args) (*customEvent, error) {
		if err := a.Require(1); err != nil {
			return nil, err
		}
		e := &customEvent{detail: jsg.Undefined}
		if d := a.DictNamed(1, "Init"); d.Has("detail") {
			e.detail = d.Value("detail")
		}
		return e, e.init(a)
	},
	Members: jsg.Members[customEvent]{
		jsg.Getter("detail", func(e *customEvent, js *jsg.Scope) (jsg.Value, error) { return e.detail, nil }),
	},
}

// MessageEvent carries the data of a socket or port message.
type MessageEvent struct {
	Event
	Data jsg.Value
	// Source is the port that a message came through, nil for null.
	Source      jsg.Value
	origin      jsg.Value
	lastEventID string
}

var messageEventClass = &jsg.Class[MessageEvent]{
	Name: "MessageEvent", Parent: eventClass, Upcast: func(e *MessageEvent) any { return &e.Event },
	New: func(js *jsg.Scope, a *jsg.Args) (*MessageEvent, error) {
		if err := a.Require(1); err != nil {
			return nil, err
		}
		d := a.DictNamed(1, "Init")
		e := &MessageEvent{Data: jsg.Null, origin: js.String(d.String("origin", "")), lastEventID: d.String("lastEventId", "")}
		if d.Has("data") {
			e.Data = d.Value("data")
		}
		return e, e.init(a)
	},
	Members: jsg.Members[MessageEvent]{
		jsg.Own("data", func(e *MessageEvent, js *jsg.Scope) jsg.Value { return e.Data }),
		jsg.Own("origin", func(e *MessageEvent, js *jsg.Scope) jsg.Value { return orNull(e.origin) }),
		jsg.Own("lastEventId", func(e *MessageEvent, js *jsg.Scope) jsg.Value { return js.String(e.lastEventID) }),
		jsg.Own("source", func(e *MessageEvent, js *jsg.Scope) jsg.Value { return orNull(e.Source) }),
		jsg.Own("ports", func(e *MessageEvent, js *jsg.Scope) jsg.Value { return js.NewArray() }),
	},
}

func orNull(v jsg.Value) jsg.Value {
	if v == nil {
		return jsg.Null
	}
	return v
}

// NewMessageEvent makes a "message" event; source may be nil.
func NewMessageEvent(js *jsg.Scope, data, source jsg.Value) *MessageEvent {
	e := &MessageEvent{Event: Event{Type: "message", trusted: true}, Data: data, Source: source}
	messageEventClass.Wrap(js, e)
	return e
}

// NewMessage makes a message event of another type, with an origin (nil for
// null) and an id.
func NewMessage(js *jsg.Scope, typ string, data, origin jsg.Value, id string) *Event {
	e := &MessageEvent{Event: Event{Type: typ, trusted: true}, Data: data, origin: origin, lastEventID: id}
	messageEventClass.Wrap(js, e)
	return &e.Event
}

type openEvent struct{ Event }

var openEventClass = &jsg.Class[openEvent]{Name: "OpenEvent", Parent: eventClass, Upcast: func(e *openEvent) any { return &e.Event }}

// NewOpenEvent makes the "open" event of an EventSource.
func NewOpenEvent(js *jsg.Scope) *Event {
	e := &openEvent{Event{Type: "open", trusted: true}}
	openEventClass.Wrap(js, e)
	return &e.Event
}

// CloseEvent tells how a socket was closed.
type CloseEvent struct {
	Event
	Code     int
	Reason   string
	WasClean bool
}

var closeEventClass = &jsg.Class[CloseEvent]{
	Name: "CloseEvent", Parent: eventClass, Upcast: func(e *CloseEvent) any { return &e.Event },
	New: func(js *jsg.Scope, a *jsg.Args) (*CloseEvent, error) {
		if err := a.Require(1); err != nil {
			return nil, err
		}
		d := a.DictNamed(1, "Init")
		e := &CloseEvent{Code: int(d.Int("code", 0)), Reason: d.String("reason", ""), WasClean: d.Bool("wasClean", false)}
		return e, e.init(a)
	},
	Members: jsg.Members[CloseEvent]{
		jsg.Own("code", func(e *CloseEvent, js *jsg.Scope) jsg.Value { return js.Int(int64(e.Code)) }),
		jsg.Own("reason", func(e *CloseEvent, js *jsg.Scope) jsg.Value { return js.String(e.Reason) }),
		jsg.Own("wasClean", func(e *CloseEvent, js *jsg.Scope) jsg.Value { return js.Bool(e.WasClean) }),
	},
}

// NewCloseEvent makes a "close" event.
func NewCloseEvent(js *jsg.Scope, code int, reason string, clean bool) *CloseEvent {
	e := &CloseEvent{Event: Event{Type: "close", trusted: true}, Code: code, Reason: reason, WasClean: clean}
	closeEventClass.Wrap(js, e)
	return e
}

type errorEvent struct {
	Event
	message, filename string
	line, col         int64
	err               jsg.Value
}

var errorEventClass = &jsg.Class[errorEvent]{
	Name: "ErrorEvent", Parent: eventClass, Upcast: func(e *errorEvent) any { return &e.Event },
	New: func(js *jsg.Scope, a *jsg.Args) (*errorEvent, error) {
		if err := a.Require(1); err != nil {
			return nil, err
		}
		d := a.DictNamed(1, "Init")
		e := &errorEvent{message: d.String("message", ""), filename: d.String("filename", ""), line: d.Int("lineno", 0), col: d.Int("colno", 0), err: d.Value("error")}
		return e, e.init(a)
	},
	Members: jsg.Members[errorEvent]{
		jsg.Getter("filename", func(e *errorEvent, js *jsg.Scope) (jsg.Value, error) { return js.String(e.filename), nil }),
		jsg.Getter("message", func(e *errorEvent, js *jsg.Scope) (jsg.Value, error) { return js.String(e.message), nil }),
		jsg.Getter("lineno", func(e *errorEvent, js *jsg.Scope) (jsg.Value, error) { return js.Int(e.line), nil }),
		jsg.Getter("colno", func(e *errorEvent, js *jsg.Scope) (jsg.Value, error) { return js.Int(e.col), nil }),
		jsg.Getter("error", func(e *errorEvent, js *jsg.Scope) (jsg.Value, error) { return e.err, nil }),
	},
}

// NewErrorEvent makes an "error" event for a thrown value.
func NewErrorEvent(js *jsg.Scope, err jsg.Value) *Event {
	e := &errorEvent{Event: Event{Type: "error", trusted: true, Cancelable: true}, message: "Uncaught " + js.Detail(err), err: err}
	errorEventClass.Wrap(js, e)
	return &e.Event
}

// newUncaught makes the "error" event of the global object.
func newUncaught(js *jsg.Scope, thrown jsg.Value) *Event {
	at := js.ThrownAt(thrown)
	e := &errorEvent{Event: Event{Type: "error", trusted: true}, message: "Uncaught " + js.Detail(thrown), err: thrown, filename: at.File, line: int64(at.Line)}
	e.col = max(0, int64(at.Col)-1)
	errorEventClass.Wrap(js, e)
	return &e.Event
}

// NewFailure makes an "error" event without a message, for what was lost.
func NewFailure(js *jsg.Scope, err jsg.Value) *Event {
	e := &errorEvent{Event: Event{Type: "error", trusted: true}, err: err}
	errorEventClass.Wrap(js, e)
	return &e.Event
}

type promiseRejectionEvent struct {
	Event
	promise, reason jsg.Value
}

var promiseRejectionEventClass = &jsg.Class[promiseRejectionEvent]{
	Name: "PromiseRejectionEvent", Parent: eventClass, Upcast: func(e *promiseRejectionEvent) any { return &e.Event },
	Members: jsg.Members[promiseRejectionEvent]{
		jsg.Own("promise", func(e *promiseRejectionEvent, js *jsg.Scope) jsg.Value { return e.promise }),
		jsg.Own("reason", func(e *promiseRejectionEvent, js *jsg.Scope) jsg.Value { return e.reason }),
	},
}

// newRejectionEvent makes an event of a type for a promise.
func newRejectionEvent(js *jsg.Scope, typ string, promise, reason jsg.Value) *Event {
	e := &promiseRejectionEvent{Event: Event{Type: typ, trusted: true}, promise: promise, reason: reason}
	promiseRejectionEventClass.Wrap(js, e)
	return &e.Event
}

// EventClass is Event, the parent of event classes elsewhere.
func EventClass() *jsg.Class[Event] { return eventClass }
