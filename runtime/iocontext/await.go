package iocontext

import (
	"errors"

	"github.com/miniworker/miniworker/internal/ordered"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// ErrHung is why a request fails whose promise nothing can settle any more.
var ErrHung = errors.New("The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/")

// account is what the contexts of one isolate share.
type account struct {
	pending int
	waiting ordered.Set[*wait]
}

type wait struct {
	c    *Context
	fail func(js *jsg.Scope, err error)
}

var accounts = jsg.NewLocal[*account]()

// Install prepares an isolate; it belongs into isolate.Options.Install.
func Install(js *jsg.Scope) {
	acc := &account{}
	accounts.Set(js, acc)
	isolate.Of(js).Watch(acc.detectHang)
}

// detectHang runs after each turn: if nothing in the isolate is pending, no
// promise that somebody waits for can settle any more.
func (acc *account) detectHang(js *jsg.Scope) {
	if acc.pending > 0 || acc.waiting.Len() == 0 {
		return
	}
	for _, w := range acc.waiting.Members() {
		if w.c.Patient && w.c.hopes() {
			continue
		}
		acc.waiting.Delete(w)
		w.fail(js, ErrHung)
	}
}

// WaitUntil keeps the context alive until p settles; a rejection is reported
// as an uncaught error.
func (c *Context) WaitUntil(js *jsg.Scope, p jsg.Value) {
	c.Hold()
	js.Then(p, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		c.Release()
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		thrown := jsg.Thrown(reason)
		if c.failed == nil {
			c.failed = thrown
		}
		isolate.ReportUncaught(js, thrown)
		c.Release()
		return jsg.Undefined, nil
	})
}

// Failed is what the first waitUntil promise that was rejected was rejected with.
func (c *Context) Failed() error { return c.failed }

// Await waits for v, usually the promise a handler returned, and calls done
// once: with its result, with what it was rejected with, or with ErrHung when
// nothing pending can settle it any more.
func (c *Context) Await(js *jsg.Scope, v jsg.Value, done func(js *jsg.Scope, v jsg.Value, err error)) {
	if c.revoked != nil {
		done(js, nil, c.revoked)
		return
	}
	switch state, result := jsg.Settled(v); state {
	case jsg.Fulfilled:
		done(js, result, nil)
		return
	case jsg.NotPromise:
		if o, ok := jsg.IsObject(v); !ok || !hasThen(js, o) {
			done(js, v, nil)
			return
		}
	}
	acc := accounts.Get(js)
	frame := js.Frame()
	w := &wait{c: c}
	finished := false
	finish := func(js *jsg.Scope, v jsg.Value, err error) {
		if finished {
			return
		}
		finished = true
		acc.waiting.Delete(w)
		done(js, v, err)
	}
	w.fail = func(js *jsg.Scope, err error) { js.WithFrame(frame, func() { finish(js, nil, err) }) }
	acc.waiting.Add(w)
	js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		finish(js, v, nil)
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		finish(js, nil, jsg.Thrown(reason))
		return jsg.Undefined, nil
	})
}

func hasThen(js *jsg.Scope, o *jsg.Object) bool {
	then, err := js.Get(o, "then")
	return err == nil && jsg.IsFunction(then)
}
