package actor

import (
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// An instance may have children: namespaces in the same isolate that end with
// it. Everything here is called on the isolate's goroutine.

// Adopt opens a namespace that ends with the instance, and runs in its version
// of the worker. The instance stays while one of the child's is in memory.
func (in *Instance) Adopt(o Options) (*Namespace, error) {
	if err := in.failure.Load(); err != nil {
		return nil, err
	}
	o.parent = in
	ns, err := New(o)
	if err != nil {
		return nil, err
	}
	ns.host.Store(&hostBox{in.host})
	in.children.Add(ns)
	return ns, nil
}

// Failure is why the instance is broken, nil if it is not.
func (in *Instance) Failure() error {
	if err := in.failure.Load(); err != nil {
		return err
	}
	return nil
}

// EndChild ends a child: what it has under way ends in err, its sockets break,
// and it is never started again.
func (in *Instance) EndChild(js *jsg.Scope, ns *Namespace, err error) {
	in.children.Delete(ns)
	ns.endWith(js, in.iso, Portable(js, err))
}

func (in *Instance) endChildren(js *jsg.Scope, err *jsg.Error) {
	for _, ns := range in.children.Members() {
		if in.children.Has(ns) {
			in.EndChild(js, ns, err)
		}
	}
}

func (ns *Namespace) endWith(js *jsg.Scope, iso *isolate.Isolate, err *jsg.Error) {
	ns.mu.Lock()
	ns.closed, ns.why = true, err
	ns.mu.Unlock()
	ns.endAll(js, iso, err)
}
