package actor

import (
	"errors"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// The texts are those of Cloudflare's runtime, observed on workerd 2026-11 and
// in its documentation on troubleshooting.

// errUpdated ends an object's instance when the worker is reloaded.
var errUpdated = &jsg.Error{Name: "Error", Message: "Durable Object reset because its code was updated.",
	Props: jsg.Flags("durableObjectReset", "retryable")}

// errRewound ends all instances when the storage is replaced under them.
var errRewound = &jsg.Error{Name: "Error", Message: "Durable Object reset because its storage was restored to another state.",
	Props: jsg.Flags("durableObjectReset")}

// replaced reports whether err means that the next instance can be used in the
// place of the one it ended.
func replaced(err *jsg.Error) bool { return err == errUpdated || err == errRewound }

var errClosed = jsg.Errorf("The Durable Object namespace was closed.")

func sectionTimeout() *jsg.Error {
	return &jsg.Error{Name: "Error", Message: "A call to blockConcurrencyWhile() in a Durable Object waited for too long. The call was canceled and the Durable Object was reset.",
		Props: jsg.Flags("overloaded")}
}

func abortError(reason string) *jsg.Error {
	if reason == "" {
		reason = "Application called abort() to reset Durable Object."
	}
	return &jsg.Error{Name: "Error", Message: reason}
}

func noHandler(name string) error {
	return jsg.Errorf("Handler does not export a %s() function.", name)
}

// Portable is err as it can leave the isolate: an *jsg.Error with the name,
// message and simple own properties of what was thrown.
func Portable(js *jsg.Scope, err error) *jsg.Error {
	var ex *jsg.Exception
	if errors.As(err, &ex) {
		d := jsg.Describe(ex.Value)
		// Not as Cause: the thrown value must not travel.
		e := &jsg.Error{Name: d.Name, Message: d.Message}
		if e.Name == "" {
			e.Name = "Error"
		}
		if o, ok := jsg.IsObject(ex.Value); ok {
			e.Props = ownProps(js, o)
		}
		return e
	}
	var e *jsg.Error
	if errors.As(err, &e) {
		return e
	}
	return &jsg.Error{Name: "Error", Message: "internal error", Cause: err}
}

// commitError breaks an object whose writes could not be kept. What the storage
// says to JavaScript is passed on; the rest is for the log.
func commitError(err error) *jsg.Error {
	var said *jsg.Error
	if errors.As(err, &said) {
		return said
	}
	return &jsg.Error{Name: "Error", Message: "The Durable Object's storage failed to commit and the object was reset.",
		Props: jsg.Flags("durableObjectReset")}
}

// ownProps are the enumerable primitive properties of a thrown object.
func ownProps(js *jsg.Scope, o *jsg.Object) jsg.Props {
	var out jsg.Props
	_ = js.Try(func() {
		for _, k := range o.Keys() {
			switch v := o.Get(k); {
			case k == "stack" || k == "message" || k == "name":
			case jsg.IsString(v):
				out = out.With(k, v.String())
			case jsg.IsBool(v):
				out = out.With(k, v.ToBoolean())
			case jsg.IsNumber(v):
				out = out.With(k, v.ToFloat())
			}
		}
	})
	return out
}

// with returns e with a property more.
func with(e *jsg.Error, prop string) *jsg.Error {
	c := *e
	c.Props = e.Props.With(prop, true)
	return &c
}

// Remote marks an error of the object's own code.
func Remote(e *jsg.Error) *jsg.Error { return with(e, "remote") }

// marked is why an instance ended, as those are told who were waiting for it.
func marked(err *jsg.Error) *jsg.Error {
	if replaced(err) {
		return err
	}
	return Remote(err)
}
