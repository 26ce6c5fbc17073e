package bindings

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/bindings/state"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// snapshots is what a session knows of the snapshots it made.
type snapshots struct {
	mu     sync.Mutex // one at a time
	keeper *state.Keeper
	memory map[string]map[string]any // of named snapshots
}

// Checkpoint is a state of all bindings that a session can go back to, as often
// as it likes and in any order, until Release or the end of the session.
type Checkpoint struct {
	session  *Session
	snapshot *state.Snapshot
	memory   map[string]any // of Remembering, by key
}

// RestoreOptions refine Restore and Reset.
type RestoreOptions struct {
	// Keep spares events of workers from being ended: a test that restores what
	// it found. They go on with the state that was restored.
	Keep func(*iocontext.Context) bool
}

// Restored says what a Restore came across.
type Restored struct {
	// Ended counts the events that were under way, by worker.
	Ended map[string]int
}

// errRestored ends the events that were under way.
var errRestored = &jsg.Error{Name: "Error", Message: "The state of the project was restored while this event was under way."}

// holdLimit is how long running code may keep a snapshot waiting.
const holdLimit = 10 * time.Second

// Checkpoint notes the state of all bindings. Workers stand still meanwhile,
// between two turns, and then go on; transactions under way are waited for.
func (s *Session) Checkpoint(ctx context.Context) (*Checkpoint, error) { return s.save(ctx, "") }

// Snapshot saves the state of all bindings under a name, replacing a snapshot
// of that name, as Checkpoint does. Other sessions of the project find it.
func (s *Session) Snapshot(ctx context.Context, name string) (*state.Snapshot, error) {
	if name == "" {
		return nil, errors.New("a snapshot needs a name")
	}
	c, err := s.save(ctx, name)
	if err != nil {
		return nil, err
	}
	return c.snapshot, nil
}

func (s *Session) save(ctx context.Context, name string) (*Checkpoint, error) {
	c := &Checkpoint{session: s}
	err := s.still(ctx, func(ctx context.Context, w *world) (err error) {
		if w.busy() {
			return errAgain
		}
		if err := w.hold(); err != nil {
			return err
		}
		if c.snapshot, err = s.snaps.keeper.Save(name, s.Clock.Now(), w.databases()); err != nil {
			return err
		}
		c.memory = w.remember()
		if name != "" {
			s.snaps.memory[name] = c.memory
		}
		return nil
	})
	return c, err
}

// Fork copies the state as it is now to another directory, for a project of its
// own.
func (s *Session) Fork(ctx context.Context, dir string) error {
	return s.still(ctx, func(ctx context.Context, w *world) error {
		if w.busy() {
			return errAgain
		}
		if err := w.hold(); err != nil {
			return err
		}
		return s.snaps.keeper.Fork(dir, w.databases())
	})
}

// Return brings the state of all bindings back to a checkpoint. Events under way
// fail, Durable Objects are dropped with their sockets and constructed anew
// when they are used, alarms are those of the checkpoint.
func (s *Session) Return(ctx context.Context, c *Checkpoint, o RestoreOptions) (Restored, error) {
	return s.restore(ctx, o, func() (*state.Snapshot, map[string]any, error) { return c.snapshot, c.memory, nil })
}

// Release forgets a checkpoint.
func (c *Checkpoint) Release() error {
	c.session.snaps.mu.Lock()
	defer c.session.snaps.mu.Unlock()
	return c.snapshot.Release()
}

// Restore is Return to a named snapshot.
func (s *Session) Restore(ctx context.Context, name string, o RestoreOptions) (Restored, error) {
	return s.restore(ctx, o, func() (*state.Snapshot, map[string]any, error) {
		snapshot, err := s.snaps.keeper.Find(name)
		return snapshot, s.snaps.memory[name], err
	})
}

// Reset empties the state of all bindings, as Return to an empty one would.
func (s *Session) Reset(ctx context.Context, o RestoreOptions) (Restored, error) {
	return s.restore(ctx, o, func() (*state.Snapshot, map[string]any, error) { return nil, nil, nil })
}

func (s *Session) restore(ctx context.Context, o RestoreOptions, find func() (*state.Snapshot, map[string]any, error)) (Restored, error) {
	out := Restored{Ended: map[string]int{}}
	err := s.still(ctx, func(ctx context.Context, w *world) error {
		snapshot, memory, err := find()
		if err != nil {
			return err
		}
		w.endAll(o, out.Ended)
		if err := w.quiet(ctx); err != nil {
			return err
		}
		if err := w.hold(); err != nil {
			return err
		}
		w.restored = true
		change, err := s.snaps.keeper.Compare(snapshot, w.databases())
		if err != nil {
			return err
		}
		for _, h := range w.held {
			if path := h.Path(); path != "" && change.Touches(path) {
				if err := h.Forget(); err != nil {
					return err
				}
			}
		}
		w.recall(memory)
		return change.Apply()
	})
	return out, err
}

// RemoveSnapshot deletes a snapshot; one that is not there is no error.
func (s *Session) RemoveSnapshot(name string) error {
	s.snaps.mu.Lock()
	defer s.snaps.mu.Unlock()
	s.keeper()
	delete(s.snaps.memory, name)
	return s.snaps.keeper.Remove(name)
}

// Snapshots lists the named snapshots, oldest first.
func (s *Session) Snapshots() ([]*state.Snapshot, error) { return state.List(s.State) }

// keeper makes the keeper. The caller holds s.snaps.mu.
func (s *Session) keeper() {
	if s.snaps.keeper == nil {
		s.snaps.keeper, s.snaps.memory = state.NewKeeper(s.State), map[string]map[string]any{}
	}
}

// errAgain has still wait a little and try again.
var errAgain = errors.New("busy")

// retryWait is how long code gets to end what it is in the middle of.
const retryWait = 2 * time.Millisecond

// still runs f while every worker stands still.
func (s *Session) still(ctx context.Context, f func(ctx context.Context, w *world) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, holdLimit, ErrBusy)
	defer cancel()
	s.snaps.mu.Lock()
	defer s.snaps.mu.Unlock()
	s.keeper()
	for {
		err := s.stillOnce(ctx, f)
		if !errors.Is(err, errAgain) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(retryWait):
		}
	}
}

func (s *Session) stillOnce(ctx context.Context, f func(ctx context.Context, w *world) error) (err error) {
	w := &world{session: s}
	defer w.resume()
	if err := w.park(ctx); err != nil {
		return err
	}
	s.mu.Lock() // nothing more is opened meanwhile
	defer s.mu.Unlock()
	defer func() { err = errors.Join(err, w.release()) }()
	return f(ctx, w)
}

// world is everything that can change state, at rest.
type world struct {
	session  *Session
	parked   []parked
	held     []Held
	restored bool
}

type parked struct {
	*isolate.Parked
	worker *worker.Worker
}

// park stops the workers' isolates.
func (w *world) park(ctx context.Context) error {
	if w.session.Workers == nil {
		return nil
	}
	for _, v := range w.session.Workers() {
		p, err := v.Isolate().Park(ctx)
		if errors.Is(err, isolate.ErrDisposed) {
			continue
		}
		if err != nil {
			return fmt.Errorf("the worker %s does not stand still: %w", v.Name(), err)
		}
		w.parked = append(w.parked, parked{p, v})
	}
	return nil
}

func (w *world) resume() {
	for _, p := range w.parked {
		p.Resume()
	}
}

// busy reports whether something would be torn apart.
func (w *world) busy() bool {
	for _, v := range w.session.shared {
		if l, ok := v.(Living); ok && l.Busy() {
			return true
		}
	}
	return false
}

// endAll ends all that the workers have under way and counts it.
func (w *world) endAll(o RestoreOptions, ended map[string]int) {
	for _, p := range w.parked {
		p.NextEra(errRestored)
		p.Do(func(js *jsg.Scope) {
			for _, v := range w.session.shared {
				if l, ok := v.(Living); ok {
					l.EndAll(js, p.Isolate())
				}
			}
			if n := p.worker.RevokeEvents(js, errRestored, o.Keep); n > 0 {
				ended[p.worker.Name()] += n
			}
		})
	}
}

// quiet waits for calls that were sent, as their storage would not stay as it
// was restored.
func (w *world) quiet(ctx context.Context) error {
	for _, p := range w.parked {
		if err := p.Quiet(ctx); err != nil {
			return fmt.Errorf("a storage call of the worker %s does not end: %w", p.worker.Name(), err)
		}
	}
	return nil
}

func (w *world) hold() error {
	for _, v := range w.session.shared {
		st, ok := v.(Stateful)
		if !ok {
			continue
		}
		h, err := st.Hold()
		if err != nil {
			return err
		}
		w.held = append(w.held, h)
	}
	return nil
}

func (w *world) release() error {
	var errs []error
	for _, h := range w.held {
		errs = append(errs, h.Resume(w.restored))
	}
	return errors.Join(errs...)
}

func (w *world) databases() (out []*store.DB) {
	for _, h := range w.held {
		out = append(out, h.Databases()...)
	}
	return out
}

func (w *world) remember() map[string]any {
	out := map[string]any{}
	for key, v := range w.session.shared {
		if r, ok := v.(Remembering); ok {
			out[key] = r.Remember()
		}
	}
	return out
}

func (w *world) recall(memory map[string]any) {
	for key, v := range w.session.shared {
		if r, ok := v.(Remembering); ok {
			r.Recall(memory[key])
		}
	}
}
