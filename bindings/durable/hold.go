package durable

import (
	"errors"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Hold implements bindings.Stateful. The isolates are parked; what else may use
// objects are the command line and tests.
func (ns *namespace) Hold() (bindings.Held, error) { return &held{ns: ns, all: ns.store.hold()}, nil }

// hold keeps every object and the index from being used.
func (n *Namespace) hold() (all []*Storage) {
	have := map[*Storage]bool{}
	for {
		n.lock()
		var more []*Storage
		for _, s := range n.objects {
			if !have[s] {
				more = append(more, s)
			}
		}
		if len(more) == 0 {
			n.still = make(chan struct{}) // from here on nothing is added
			n.mu.Unlock()
			n.index.mu.Lock()
			return all
		}
		n.mu.Unlock() // who has an object's lock may want this one
		for _, s := range more {
			s.mu.Lock()
			have[s] = true
		}
		all = append(all, more...)
	}
}

// lock takes n.mu once nobody holds the namespace still.
func (n *Namespace) lock() {
	n.mu.Lock()
	for n.still != nil {
		still := n.still
		n.mu.Unlock()
		<-still
		n.mu.Lock()
	}
}

type held struct {
	ns  *namespace
	all []*Storage
}

func (h *held) Path() string { return h.ns.store.dir }

func (h *held) Databases() (out []*store.DB) {
	for _, s := range h.all {
		if s.db != nil {
			out = append(out, s.db)
		}
	}
	if db := h.ns.store.index.db; db != nil {
		out = append(out, db)
	}
	return out
}

// Forget implements bindings.Held. No instance is left that uses an object;
// what else has a Storage gets a fresh one from Object.
func (h *held) Forget() error {
	var errs []error
	n := h.ns.store
	for _, s := range h.all {
		s.closed = true
		n.drop(s)
		if s.db == nil {
			continue
		}
		s.endTransaction()
		s.sql.Close()
		db := s.db
		s.setDB(nil)
		errs = append(errs, db.Discard())
	}
	if db := n.index.db; db != nil {
		n.index.db = nil
		errs = append(errs, db.Discard())
	}
	return errors.Join(errs...)
}

// Resume implements bindings.Held.
func (h *held) Resume(restored bool) error {
	n := h.ns.store
	n.index.mu.Unlock()
	for _, s := range h.all {
		s.mu.Unlock()
	}
	n.mu.Lock()
	close(n.still)
	n.still = nil
	n.mu.Unlock()
	if restored {
		return h.ns.Rewind()
	}
	return nil
}
