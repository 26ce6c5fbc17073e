package actor

import (
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// How all objects are taken back to another state of their storage: with every
// isolate parked, EndAll drops what is in memory, the storage is exchanged, and
// Rewind arms the alarms that are stored now.

// Busy reports whether an object is within an explicit transaction, which only
// its own code can end.
func (ns *Namespace) Busy() bool {
	for _, o := range ns.all() {
		o.mu.Lock()
		in := o.inst
		o.mu.Unlock()
		if in != nil && in.storage != nil && in.storage.InTransaction() {
			return true
		}
	}
	return false
}

// EndAll drops every instance in iso, with what it has under way, its sockets,
// and events that wait for it. It is called on the isolate's goroutine.
func (ns *Namespace) EndAll(js *jsg.Scope, iso *isolate.Isolate) { ns.endAll(js, iso, errRewound) }

func (ns *Namespace) endAll(js *jsg.Scope, iso *isolate.Isolate, err *jsg.Error) {
	for _, o := range ns.all() {
		o.mu.Lock()
		in := o.inst
		if in != nil && in.iso != iso {
			o.mu.Unlock()
			continue
		}
		if in != nil {
			in.dying = true
		}
		o.backlog = nil
		o.mu.Unlock()
		if in == nil {
			o.closeSockets(1012, err.Message)
			continue
		}
		in.failure.CompareAndSwap(nil, err)
		in.gate.Break()
		in.finish(js)
	}
}

// Rewind forgets the alarms it knows and arms those stored.
func (ns *Namespace) Rewind() error {
	ns.mu.Lock()
	for _, a := range ns.alarms {
		a.stop()
	}
	clear(ns.alarms)
	closed := ns.closed
	ns.mu.Unlock()
	if closed {
		return nil
	}
	return ns.opts.Store.Alarms(ns.arm)
}
