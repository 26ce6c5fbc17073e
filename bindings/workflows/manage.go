package workflows

import (
	"errors"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Create makes an instance and begins to run it.
func (w *Workflow) Create(id string, params []byte) (*Instance, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !validID(id) {
		return nil, errBadID
	}
	in, err := w.find(id)
	switch {
	case err != nil:
		return nil, err
	case in != nil:
		return nil, errExists(id)
	}
	err = w.db.Tx(func() (err error) {
		in, err = w.insert(id, params)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.launch(in)
	return in, nil
}

// launch runs a new instance. The caller holds w.mu.
func (w *Workflow) launch(in *Instance) {
	w.emit(in, string(Queued))
	w.changed(in.ID)
	w.start(in)
}

// NewInstance is what CreateBatch makes.
type NewInstance struct {
	ID     string
	Params []byte
	// Given is set where the caller chose the id.
	Given bool
}

// BatchError says why an instance of a batch was not made, or not deleted.
type BatchError struct {
	Index   int
	ID      string
	Code    int
	Message string
}

// CreateBatch makes instances; those whose id is taken are left out. All others are
// made, or none.
func (w *Workflow) CreateBatch(list []NewInstance) (created []string, refused []BatchError, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.use(); err != nil {
		return nil, nil, err
	}
	var made []*Instance
	seen := map[string]bool{}
	err = w.db.Tx(func() error {
		for i, n := range list {
			old, err := w.find(n.ID)
			if err != nil {
				return err
			}
			switch {
			case n.Given && seen[n.ID]:
				refused = append(refused, BatchError{i, n.ID, 10415, "workflows.api.error.instance.duplicate_in_batch"})
				continue
			case old != nil:
				refused = append(refused, BatchError{i, n.ID, 10405, "workflows.api.error.instance.already_exists"})
				seen[n.ID] = true
				continue
			}
			seen[n.ID] = true
			in, err := w.insert(n.ID, n.Params)
			if err != nil {
				return err
			}
			made = append(made, in)
			created = append(created, in.ID)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, in := range made {
		w.launch(in)
	}
	return created, refused, nil
}

// Get finds an instance.
func (w *Workflow) Get(id string) (*Instance, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in, err := w.find(id)
	if err == nil && in == nil {
		err = errNotFound
	}
	return in, err
}

// change finds an instance and changes it in a transaction; after runs when that
// is committed.
func (w *Workflow) change(id string, f func(in *Instance) (after func(), err error)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	in, err := w.find(id)
	switch {
	case err != nil:
		return err
	case in == nil:
		return errNotFound
	}
	was := in.Status
	var after func()
	err = w.db.Tx(func() error {
		after, err = f(in)
		return err
	})
	if err != nil {
		return err
	}
	if in.Status != was {
		w.emit(in, string(in.Status))
	}
	if after != nil {
		after()
	}
	w.changed(id)
	return nil
}

// Pause keeps an instance from going on, once the steps that are under way have
// ended.
func (w *Workflow) Pause(id string) error {
	return w.change(id, func(in *Instance) (func(), error) {
		if in.Status != Running && in.Status != Waiting {
			return nil, nil
		}
		if err := w.setStatus(in, Pausing); err != nil {
			return nil, err
		}
		if r := w.runs[id]; r != nil && r.active > 0 {
			r.pausing = true
			return nil, nil
		}
		return func() { w.stop(id) }, w.pauseNow(in)
	})
}

// pauseNow pauses an instance of which nothing runs.
func (w *Workflow) pauseNow(in *Instance) error {
	return errors.Join(w.db.Exec("UPDATE instances SET paused = ? WHERE seq = ?", w.now(), in.seq), w.setStatus(in, Paused))
}

// Resume lets an instance go on. What it waits for comes later by as long as it
// was paused.
func (w *Workflow) Resume(id string) error {
	return w.change(id, func(in *Instance) (func(), error) {
		switch in.Status {
		case Pausing:
			return func() {
				if r := w.runs[id]; r != nil {
					r.pausing = false
					r.post(r.admit)
				}
			}, w.setStatus(in, Running)
		case Paused:
			var since int64
			if _, err := w.db.Row("SELECT paused FROM instances WHERE seq = ?", func(r *store.Stmt) { since = r.Int64(0) }, in.seq); err != nil {
				return nil, err
			}
			return func() { w.start(in) }, errors.Join(w.postpone(in, w.now()-since), w.setStatus(in, Queued))
		}
		return nil, nil
	})
}

// Terminate ends an instance.
func (w *Workflow) Terminate(id string) error {
	return w.change(id, func(in *Instance) (func(), error) {
		if in.Status.Final() {
			return nil, errFinal
		}
		return func() { w.stop(id) }, w.setStatus(in, Terminated)
	})
}

// From is the step a restart begins at.
type From struct {
	Name  string
	Count int64  // which of those with the name, from 1
	Type  string // do, sleep or waitForEvent
}

// Restart runs an instance from the beginning, or from a step on: what it did
// before that stays done.
func (w *Workflow) Restart(id string, from *From) error {
	return w.change(id, func(in *Instance) (func(), error) {
		var err error
		if from == nil {
			if err = w.wipe(in); err == nil {
				err = w.begun(in)
			}
		} else {
			err = w.wipeFrom(in, *from)
		}
		if err != nil {
			return nil, err
		}
		in.Status = Queued
		return func() { w.stop(id); w.start(in) }, w.db.Exec("UPDATE instances SET status = ?, started = 0, ended = 0, paused = 0, output = NULL WHERE seq = ?", string(Queued), in.seq)
	})
}

// wipeFrom forgets a step and those that were begun after it.
func (w *Workflow) wipeFrom(in *Instance, from From) error {
	kinds := map[string]string{"do": "step_started", "sleep": "sleep_started", "waitForEvent": "wait_started"}
	log, err := w.entries(in, 0)
	if err != nil {
		return err
	}
	found, n := false, int64(0)
	for _, e := range log {
		if e.Event != kinds["do"] && e.Event != kinds["sleep"] && e.Event != kinds["waitForEvent"] {
			continue
		}
		if !found && e.Event == kinds[from.Type] && stepName(e.Target) == from.Name {
			n++
			found = n == from.Count
		}
		if !found {
			continue
		}
		for _, table := range []string{"steps", "log", "chunks"} {
			if err := w.db.Exec("DELETE FROM "+table+" WHERE instance = ? AND key = ?", in.seq, e.Key); err != nil {
				return err
			}
		}
	}
	if !found {
		return errNoStep(from.Name)
	}
	return errors.Join(
		w.db.Exec("DELETE FROM log WHERE instance = ? AND key = '' AND event NOT IN ('workflow_queued', 'workflow_started')", in.seq),
		w.db.Exec("DELETE FROM events WHERE instance = ?", in.seq))
}

// Delete forgets an instance.
func (w *Workflow) Delete(id string) error {
	err := w.change(id, func(in *Instance) (func(), error) {
		return func() { w.stop(id) }, errors.Join(w.wipe(in),
			w.db.Exec("DELETE FROM instances WHERE seq = ?", in.seq), w.db.Exec("DELETE FROM mocks WHERE id = ?", id))
	})
	if errors.Is(err, errNotFound) {
		err = errNoInstance
	}
	return err
}

// SendEvent gives an event to an instance: to the step that waits for it, or to
// the next that does.
func (w *Workflow) SendEvent(id, kind string, payload []byte) error {
	return w.change(id, func(in *Instance) (func(), error) {
		return nil, w.addEvent(in, kind, payload)
	})
}

// addEvent keeps an event and tells the run of it. The caller is in a transaction.
func (w *Workflow) addEvent(in *Instance, kind string, payload []byte) error {
	if payload == nil {
		payload = []byte{}
	}
	if r := w.runs[in.ID]; r != nil {
		r.post(func(js *jsg.Scope) { r.deliver(js, kind) }) // it waits for the lock
	}
	return w.db.Exec("INSERT INTO events (instance, type, payload, time) VALUES (?, ?, ?, ?)", in.seq, kind, payload, w.now())
}
