package queues

import (
	"os"
	"path/filepath"
	"time"

	"github.com/miniworker/miniworker/bindings"
)

// Hold implements bindings.Stateful.
func (q *Queue) Hold() (bindings.Held, error) {
	q.mu.Lock()
	return &held{bindings.HoldDB(&q.mu, filepath.Dir(q.path), &q.db, nil), q}, nil
}

// held makes the queue look at its messages again after they were exchanged.
type held struct {
	bindings.Held
	q *Queue
}

// Resume implements bindings.Held.
func (h *held) Resume(restored bool) error {
	q := h.q
	if restored {
		q.delivery.restores++
		q.delivery.since = time.Time{}
		clear(q.leased)
		if _, err := os.Stat(q.path); q.db != nil || err == nil {
			q.schedule()
		}
	}
	return h.Held.Resume(restored)
}
