package actor

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Object is an id something is in memory for: an instance, or sockets that
// wait for one.
type Object struct {
	ns   *Namespace
	hex  string
	name atomic.Pointer[string] // nil while unknown
	auto atomic.Pointer[AutoResponse]

	mu      sync.Mutex
	inst    *Instance
	removed bool            // no longer in ns.objects
	backlog []delivery      // events that came while inst was on its way out
	sockets list.List       // of *Socket, newest first
	tail    <-chan struct{} // closed when the last ticket was used
}

// delivery is an event given to an instance, which holds a lease for it.
type delivery func(in *Instance, js *jsg.Scope)

// ID is the object's id, with its name once somebody used it.
func (o *Object) ID() ID {
	if name := o.name.Load(); name != nil {
		return ID{Hex: o.hex, Name: *name, Named: true}
	}
	return ID{Hex: o.hex}
}

// lease returns an instance, or the channel to wait on for one that is going
// away. Both are nil if the object was forgotten meanwhile.
func (o *Object) lease() (*Instance, <-chan struct{}, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.removed {
		return nil, nil, nil
	}
	if o.inst == nil {
		in, err := o.ns.start(o)
		if err != nil {
			o.forget()
			return nil, nil, err
		}
		o.inst = in
	}
	if o.inst.dying {
		return nil, o.inst.gone, nil
	}
	o.inst.leases++
	return o.inst, nil, nil
}

// deliver gives an event to the object, starting it if need be. It never
// blocks and keeps the order of calls. It reports false if there is no version
// to run it.
func (o *Object) deliver(f delivery) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.deliverLocked(f)
}

func (o *Object) deliverLocked(f delivery) bool {
	if o.inst != nil && o.inst.dying {
		o.backlog = append(o.backlog, f)
		return true
	}
	if o.inst == nil {
		in, err := o.ns.start(o)
		if err != nil {
			o.forget()
			return false
		}
		o.inst = in
	}
	in := o.inst
	in.leases++
	if !in.iso.Post(nil, func(js *jsg.Scope) { f(in, js) }) {
		in.leases--
		return false
	}
	return true
}

// deliver finds the object and gives it an event.
func (ns *Namespace) deliver(id ID, f delivery) bool {
	for {
		o, err := ns.object(id)
		if err != nil {
			return false
		}
		o.mu.Lock()
		if !o.removed {
			ok := o.deliverLocked(f)
			o.mu.Unlock()
			return ok
		}
		o.mu.Unlock()
	}
}

// ended notes that in is gone and gives what waited to a new instance.
func (o *Object) ended(in *Instance) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.inst = nil
	close(in.gone)
	backlog := o.backlog
	o.backlog = nil
	for _, f := range backlog {
		o.deliverLocked(f)
	}
	o.forget()
}

// forget drops the entry if nothing needs it. The caller holds o.mu.
func (o *Object) forget() {
	if o.inst != nil || o.sockets.Len() > 0 || len(o.backlog) > 0 || o.removed {
		return
	}
	o.removed = true
	o.ns.mu.Lock()
	delete(o.ns.objects, o.hex)
	o.ns.mu.Unlock()
}

// reload drops what belongs to another version than h.
func (o *Object) reload(h Host) {
	o.mu.Lock()
	in := o.inst
	if in != nil && in.host == h {
		o.mu.Unlock()
		return
	}
	if in != nil {
		in.dying = true
	}
	o.mu.Unlock()
	if in == nil {
		if !o.ns.opts.Sticky {
			o.closeSockets(1012, errUpdated.Message)
		}
		return
	}
	in.end(errUpdated)
}

// close is reload without a new version.
func (o *Object) close() {
	o.mu.Lock()
	in := o.inst
	if in != nil {
		in.dying = true
	}
	o.backlog = nil
	o.mu.Unlock()
	if in != nil {
		in.end(errUpdated)
		<-in.gone
	}
	o.closeSockets(1012, "")
}

// evict drops an idle instance.
func (o *Object) evict() bool {
	o.mu.Lock()
	in := o.inst
	o.mu.Unlock()
	if in == nil {
		return false
	}
	done := make(chan bool, 1)
	if !in.iso.Post(nil, func(js *jsg.Scope) { done <- in.retire(js) }) {
		return false
	}
	ok, _ := isolate.Await(context.Background(), in.iso, done)
	return ok
}

func (o *Object) emit(name string, err error) { o.ns.emit(trace.Object, o, name, err) }
