package actor

// What tests and tools do with objects from outside.

// Worker is the name of the worker that exports the class.
func (ns *Namespace) Worker() string { return ns.opts.Worker }

// Namespace is the namespace of the object a reference leads to.
func (r *Ref) Namespace() *Namespace { return r.ns }

// Reset ends every instance, running or idle, with what it has not committed,
// and breaks the sockets; what is stored stays, and so do alarms.
func (ns *Namespace) Reset() {
	for _, o := range ns.all() {
		o.close()
	}
}

// CloseSockets closes the sockets an object has accepted.
func (ns *Namespace) CloseSockets(id ID, code int, reason string) {
	ns.mu.Lock()
	o := ns.objects[id.Hex]
	ns.mu.Unlock()
	if o != nil {
		o.closeSockets(code, reason)
	}
}
