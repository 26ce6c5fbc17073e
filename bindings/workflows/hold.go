package workflows

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Hold implements bindings.Stateful.
func (w *Workflow) Hold() (bindings.Held, error) {
	w.mu.Lock()
	return &held{bindings.HoldDB(&w.mu, w.dir(), &w.db, nil), w}, nil
}

// Busy implements bindings.Living: a step that is under way is attempted again.
func (w *Workflow) Busy() bool { return false }

// EndAll implements bindings.Living. The events of the runs are ended with those of
// the worker.
func (w *Workflow) EndAll(_ *jsg.Scope, iso *isolate.Isolate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, r := range w.runs {
		if r.version.Isolate() == iso {
			r.over = true
			delete(w.runs, id)
		}
	}
}

// held runs what is unfinished after the state was exchanged.
type held struct {
	bindings.Held
	w *Workflow
}

// Resume implements bindings.Held.
func (h *held) Resume(restored bool) error {
	w := h.w
	var err error
	if h := w.Host(); restored && h.Worker != nil && w.exists() {
		if v := h.Worker.Current(); v != nil {
			err = w.resumeAll(v)
		}
	}
	for id := range w.watching {
		if restored && w.exists() {
			w.changed(id)
		}
	}
	_ = h.Held.Resume(restored)
	return err
}
