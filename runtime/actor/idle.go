package actor

import (
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// unlease ends one use of the instance. Any goroutine.
func (in *Instance) unlease() {
	o := in.object
	o.mu.Lock()
	defer o.mu.Unlock()
	in.leases--
	if in.leases > 0 || in.dying {
		return
	}
	in.idle = o.ns.opts.Clock.Now()
	if !in.timed {
		in.timed = true
		in.checkLater(in.patience())
	}
}

// patience is how long the instance may be idle. The caller holds object.mu.
func (in *Instance) patience() time.Duration {
	if in.object.sockets.Len() > 0 {
		return in.object.ns.opts.HibernateAfter
	}
	return in.object.ns.opts.EvictAfter
}

// checkLater is called under object.mu.
func (in *Instance) checkLater(d time.Duration) { in.check = in.iso.AfterFunc(d, nil, in.checkIdle) }

// checkIdle drops the instance if it was idle for long enough, or looks again
// later.
func (in *Instance) checkIdle(js *jsg.Scope) {
	o := in.object
	o.mu.Lock()
	in.timed = false
	if in.dying || in.leases > 0 {
		o.mu.Unlock()
		return
	}
	left := in.patience() - o.ns.opts.Clock.Now().Sub(in.idle)
	if left <= 0 && in.busy(js) {
		left = in.patience()
	}
	if left > 0 {
		in.timed = true
		in.checkLater(left)
		o.mu.Unlock()
		return
	}
	o.mu.Unlock()
	in.retire(js)
}

// busy reports whether something keeps an instance without events alive:
// sockets it accepted itself, waitUntil, and pending operations: those always
// prevent hibernation, and eviction by a newer flag.
func (in *Instance) busy(js *jsg.Scope) bool {
	ops, holds := in.io.Busy()
	if in.object.ns.opts.parent != nil && in.object.sockets.Len() > 0 {
		return true // they would go with the parent
	}
	return holds > 1 || in.transactions > 0 ||
		ops > 0 && (in.object.sockets.Len() > 0 || js.Flag("durable_object_io_tasks_prevent_eviction"))
}

// retire drops an instance nobody uses; its accepted sockets stay.
func (in *Instance) retire(js *jsg.Scope) bool {
	o := in.object
	o.mu.Lock()
	if in.dying || in.leases > 0 || in.busy(js) {
		o.mu.Unlock()
		return false
	}
	in.dying = true
	name := "evicted"
	if o.sockets.Len() > 0 {
		name = "hibernated"
	}
	o.mu.Unlock()
	o.hibernateSockets()
	in.over.Do(func() {
		in.gate.Break()
		in.endChildren(js, errUpdated)
		in.io.End()
		o.emit(name, nil)
		in.release(nil)
	})
	return true
}
