package bindings

import (
	"context"
	"io"
	"maps"
	"slices"

	"github.com/miniworker/miniworker/bindings/state"
)

// Diff tells what is not the same in two snapshots; "" is the state as it is.
func (s *Session) Diff(ctx context.Context, before, after string) ([]state.Difference, error) {
	var list []state.Difference
	err := s.withSnapshots(ctx, []string{before, after}, func(found []*state.Snapshot) (err error) {
		list, err = s.snaps.keeper.Diff(found[0], found[1])
		return err
	})
	return list, err
}

// Export writes a snapshot as one file; "" is the state as it is.
func (s *Session) Export(ctx context.Context, name string, w io.Writer) error {
	return s.withSnapshots(ctx, []string{name}, func(found []*state.Snapshot) error {
		return s.snaps.keeper.Export(found[0], w)
	})
}

// Import makes a snapshot of what Export wrote.
func (s *Session) Import(name string, r io.Reader) (*state.Snapshot, error) {
	s.snaps.mu.Lock()
	defer s.snaps.mu.Unlock()
	s.keeper()
	delete(s.snaps.memory, name)
	return s.snaps.keeper.Import(name, r)
}

// withSnapshots finds snapshots by name and makes those of the state as it is.
func (s *Session) withSnapshots(ctx context.Context, names []string, f func(found []*state.Snapshot) error) error {
	found := make([]*state.Snapshot, len(names))
	for i, name := range names {
		if name != "" {
			continue
		}
		c, err := s.Checkpoint(ctx)
		if err != nil {
			return err
		}
		defer c.Release()
		found[i] = c.snapshot
	}
	s.snaps.mu.Lock()
	defer s.snaps.mu.Unlock()
	s.keeper()
	for i, name := range names {
		if name == "" {
			continue
		}
		var err error
		if found[i], err = s.snaps.keeper.Find(name); err != nil {
			return err
		}
	}
	return f(found)
}

// Each calls f with the session's shared things, by key and in order of keys.
func (s *Session) Each(f func(key string, v any) error) error {
	s.mu.Lock()
	shared := maps.Clone(s.shared)
	s.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(shared)) {
		if err := f(key, shared[key]); err != nil {
			return err
		}
	}
	return nil
}
