package bindings

import (
	"sync"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// HoldDB is the Held of a thing whose state is one database, opened by its
// first use and kept under a lock, which the caller has taken. path is its
// folder or file; forget, if any, is told that the files are replaced.
func HoldDB(mu *sync.Mutex, path string, db **store.DB, forget func()) Held {
	return &heldDB{mu: mu, path: path, db: db, forget: forget}
}

type heldDB struct {
	mu     *sync.Mutex
	path   string
	db     **store.DB
	forget func()
}

func (h *heldDB) Path() string { return h.path }

func (h *heldDB) Databases() []*store.DB {
	if *h.db == nil {
		return nil
	}
	return []*store.DB{*h.db}
}

func (h *heldDB) Forget() error {
	if h.forget != nil {
		h.forget()
	}
	db := *h.db
	*h.db = nil
	if db == nil {
		return nil
	}
	return db.Discard()
}

func (h *heldDB) Resume(bool) error {
	h.mu.Unlock()
	return nil
}

// HoldMemory is the Held of a thing that keeps no files.
func HoldMemory(release func()) Held { return heldMemory(release) }

type heldMemory func()

func (heldMemory) Path() string           { return "" }
func (heldMemory) Databases() []*store.DB { return nil }
func (heldMemory) Forget() error          { return nil }

func (release heldMemory) Resume(bool) error {
	release()
	return nil
}
