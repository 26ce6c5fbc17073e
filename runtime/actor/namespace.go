package actor

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
)

// Namespace is all objects of one class of one worker. It outlives versions of
// the worker and is safe for concurrent use.
type Namespace struct {
	opts Options
	ids  ids
	host atomic.Pointer[hostBox]

	mu      sync.Mutex
	objects map[string]*Object
	alarms  map[string]*alarm
	closed  bool
	why     error // what those hear who come once it is closed
}

type hostBox struct{ Host }

// New opens a namespace and arms the alarms it has stored. Nothing runs before
// the first Swap.
func New(o Options) (*Namespace, error) {
	o.EvictAfter = cmp.Or(o.EvictAfter, defaultEvict)
	o.HibernateAfter = cmp.Or(o.HibernateAfter, defaultHibernate)
	ns := &Namespace{opts: o, ids: newIDs(o.Key), objects: map[string]*Object{}, alarms: map[string]*alarm{}}
	if err := o.Store.Alarms(ns.arm); err != nil {
		return nil, err
	}
	return ns, nil
}

// Class is the name of the class.
func (ns *Namespace) Class() string { return ns.opts.Class }

// FromName derives the id of a name, the same one each time.
func (ns *Namespace) FromName(name string) ID { return ns.ids.fromName(name) }

// Unique makes a new random id.
func (ns *Namespace) Unique() ID { return ns.ids.unique() }

// Parse reads an id; the error is a TypeError.
func (ns *Namespace) Parse(hex string) (ID, error) {
	id, err := ns.ids.parse(hex)
	if err == nil {
		if name, err := ns.opts.Store.Name(id.Hex); err == nil && name != "" {
			id.Name, id.Named = name, true
		}
	}
	return id, err
}

// Swap makes h the version new instances run in. Instances of the version
// before are dropped with their sockets, as a deployment does.
func (ns *Namespace) Swap(h Host) {
	ns.host.Store(&hostBox{h})
	for _, o := range ns.all() {
		o.reload(h)
	}
	ns.fireDue()
}

func (ns *Namespace) all() []*Object {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	out := make([]*Object, 0, len(ns.objects))
	for _, o := range ns.objects {
		out = append(out, o)
	}
	return out
}

// object finds or makes the entry of an id.
func (ns *Namespace) object(id ID) (*Object, error) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.closed {
		return nil, ns.why
	}
	o := ns.objects[id.Hex]
	if o == nil {
		o = &Object{ns: ns, hex: id.Hex}
		ns.objects[id.Hex] = o
	}
	if id.Named && o.name.Load() == nil {
		o.name.Store(&id.Name)
	}
	return o, nil
}

// lease finds or starts the instance of an id and keeps it from going idle
// until unlease. One on its way out is waited for.
func (ns *Namespace) lease(ctx context.Context, id ID) (*Instance, error) {
	for {
		if err := iocontext.Revoked(ctx); err != nil {
			return nil, err
		}
		o, err := ns.object(id)
		if err != nil {
			return nil, err
		}
		in, gone, err := o.lease()
		if in != nil || err != nil {
			return in, err
		}
		if gone == nil {
			continue
		}
		select {
		case <-gone:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// start makes an instance in the current version.
func (ns *Namespace) start(o *Object) (*Instance, error) {
	for {
		ns.mu.Lock()
		closed, why := ns.closed, ns.why
		ns.mu.Unlock()
		if closed {
			return nil, why
		}
		box := ns.host.Load()
		if box == nil {
			return nil, ns.down()
		}
		err := box.Hold()
		if err == nil {
			if ns.opts.parent != nil {
				ns.opts.parent.Lease()
			}
			return newInstance(o, box.Host), nil
		}
		if !errors.Is(err, isolate.ErrDisposed) || ns.host.Load() == box {
			return nil, err
		}
	}
}

func (ns *Namespace) down() error {
	if ns.opts.Down != nil {
		return ns.opts.Down()
	}
	return errors.New("the worker " + ns.opts.Worker + " is not running")
}

// Close drops every instance and closes the storage. What instances have not
// committed is undone.
func (ns *Namespace) Close() error {
	ns.mu.Lock()
	ns.closed = true
	ns.why = cmp.Or(ns.why, errClosed)
	for _, a := range ns.alarms {
		a.stop()
	}
	ns.alarms = map[string]*alarm{}
	ns.mu.Unlock()
	for _, o := range ns.all() {
		o.close()
	}
	return ns.opts.Store.Close()
}

// Evict drops the idle instance of an object now, hibernating its sockets; it
// reports false if there is none or it is busy.
func (ns *Namespace) Evict(id ID) bool {
	ns.mu.Lock()
	o := ns.objects[id.Hex]
	ns.mu.Unlock()
	return o != nil && o.evict()
}

// Running lists the ids of the objects that have an instance.
func (ns *Namespace) Running() (out []ID) {
	for _, o := range ns.all() {
		o.mu.Lock()
		if o.inst != nil {
			out = append(out, o.ID())
		}
		o.mu.Unlock()
	}
	return out
}

func (ns *Namespace) emit(kind trace.Kind, o *Object, name string, err error) {
	if !ns.opts.Trace.Active() {
		return
	}
	r := trace.Record{Kind: kind, Worker: ns.opts.Worker, Time: ns.opts.Clock.Now(), Name: name, Target: ns.opts.Class,
		Attrs: attrs(o)}
	if err != nil {
		r.Error = err.Error()
	}
	ns.opts.Trace.Emit(r)
}

func attrs(o *Object) map[string]string {
	id := o.ID()
	m := map[string]string{"id": id.Hex}
	if id.Named {
		m["name"] = id.Name
	}
	return m
}

// Leases is how many events the object has going on.
func (ns *Namespace) Leases(id ID) int {
	ns.mu.Lock()
	o := ns.objects[id.Hex]
	ns.mu.Unlock()
	if o == nil {
		return 0
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.inst == nil {
		return 0
	}
	return o.inst.leases
}
