package rpc

import (
	"context"
	"io"
	"runtime"
	"sync"

	"github.com/miniworker/miniworker/internal/ordered"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// owned are the references that JavaScript of one isolate holds, by the event
// they came to. They end with it, with the isolate, when they are disposed of, or
// when the garbage collector finds that nobody can use them any more.
type owned struct {
	mu     sync.Mutex
	closed bool
	events map[*iocontext.Context]*ordered.Set[*handle]
}

// handle is one reference.
type handle struct {
	owned *owned
	event *iocontext.Context
	what  io.Closer
	once  sync.Once
}

var ownedBy = jsg.NewLocal[*owned]()

func ownedIn(js *jsg.Scope) *owned {
	o := ownedBy.Get(js)
	if o == nil {
		o = &owned{events: map[*iocontext.Context]*ordered.Set[*handle]{}}
		ownedBy.Set(js, o)
		context.AfterFunc(isolate.Of(js).Context(), o.close)
	}
	return o
}

// own makes event the owner of what. It is called in a turn of the event.
func own(js *jsg.Scope, event *iocontext.Context, what io.Closer) *handle {
	o := ownedIn(js)
	h := &handle{owned: o, event: event, what: what}
	if event.Context().Err() != nil {
		h.Close()
		return h
	}
	o.mu.Lock()
	handles, known := o.events[event]
	if !known && !o.closed {
		handles = &ordered.Set[*handle]{}
		o.events[event] = handles
	}
	if handles != nil {
		handles.Add(h)
	}
	o.mu.Unlock()
	switch {
	case handles == nil:
		h.Close()
	case !known:
		event.OnEnd(func() { o.end(event) })
	}
	return h
}

// count is the number of references held, for tests.
func (o *owned) count() (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, handles := range o.events {
		n += handles.Len()
	}
	return n
}

func (o *owned) end(event *iocontext.Context) {
	o.mu.Lock()
	var handles []*handle
	if set := o.events[event]; set != nil {
		handles = set.Members()
	}
	delete(o.events, event)
	o.mu.Unlock()
	for _, h := range handles {
		h.Close()
	}
}

func (o *owned) close() {
	o.mu.Lock()
	o.closed = true
	events := o.events
	o.events = nil
	o.mu.Unlock()
	for _, handles := range events {
		for _, h := range handles.Members() {
			h.Close()
		}
	}
}

// Close gives the reference up. Safe anywhere.
func (h *handle) Close() {
	if h.take() {
		_ = h.what.Close()
	}
}

// take ends the handle and leaves the reference to the caller; false if it was
// given up before.
func (h *handle) take() (ok bool) {
	h.once.Do(func() {
		h.owned.mu.Lock()
		if set := h.owned.events[h.event]; set != nil {
			set.Delete(h)
		}
		h.owned.mu.Unlock()
		ok = true
	})
	return ok
}

// collect closes h when the garbage collector finds user unreachable.
func collect[T any](user *T, h *handle) { runtime.AddCleanup(user, (*handle).Close, h) }
