// Package bindings is what a kind of binding writes to. A kind reads its own
// part of a worker's configuration and tells the Builder what the worker's env
// gets and what the session must keep for it. The list of kinds is bindings/all.
package bindings

import (
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is one kind of binding.
type Kind struct {
	// Name is the kind's folder and the name of its state folder.
	Name string
	// Bind reads cfg and describes the bindings to b. What is wrong with the
	// configuration goes to b.Report; an error is for what nobody can mend in
	// the file (unreadable state).
	Bind func(cfg *config.Config, b *Builder) error
}

// Session is what the workers of one project share, across reloads.
type Session struct {
	// State is the directory everything persistent lives in.
	State string
	Clock clock.Clock
	Trace *trace.Bus
	// Worker finds a worker of the project by name; nil if there is none.
	Worker func(name string) *worker.Handle
	// Service is what a service binding to a worker calls, nil if there is no
	// such worker: its asset router for the default entrypoint ("") of a worker
	// with assets, else its code. props is JSON or nil.
	Service func(worker, entrypoint string, props []byte) wire.Fetcher
	// Workers are the versions of all workers that may still run.
	Workers func() []*worker.Worker
	// Crons are the cron triggers of all workers.
	Crons func() []Cron
	// WorkerNames lists the project's workers, for messages.
	WorkerNames func() string
	// Sticky keeps the hibernatable sockets of Durable Objects over reloads.
	Sticky bool

	mu     sync.Mutex
	shared map[string]any
	opened []io.Closer
	snaps  snapshots
}

// Close closes what was shared, in reverse order of opening.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for i := len(s.opened) - 1; i >= 0; i-- {
		errs = append(errs, s.opened[i].Close())
	}
	s.opened, s.shared = nil, nil
	if k := s.snaps.keeper; k != nil {
		errs = append(errs, k.Close())
	}
	store.DropGenerations(s.State)
	return errors.Join(errs...)
}

// Builder collects the bindings of one worker.
type Builder struct {
	*Session
	// Name is the worker's name.
	Name string

	env   []worker.EnvEntry
	loop  []worker.Loopback
	diags diag.List
}

// NewBuilder starts the bindings of a worker.
func NewBuilder(s *Session, workerName string) *Builder {
	return &Builder{Session: s, Name: workerName}
}

// Env defines env.NAME. make runs once per isolate, on its goroutine.
func (b *Builder) Env(name string, make func(js *jsg.Scope) (jsg.Value, error)) {
	b.env = append(b.env, worker.EnvEntry{Name: name, Make: make})
}

// Loopback defines ctx.exports.NAME. make runs once per isolate.
func (b *Builder) Loopback(name string, make func(js *jsg.Scope) (jsg.Value, error)) {
	b.loop = append(b.loop, worker.Loopback{Name: name, Make: make})
}

// Loopbacks are the entries Loopback defined.
func (b *Builder) Loopbacks() []worker.Loopback { return b.loop }

// Report adds a finding about the configuration.
func (b *Builder) Report(d diag.Diagnostic) { b.diags.Add(d) }

// Dir is the state directory of a kind. It is not created.
func (b *Builder) Dir(kind string) string { return filepath.Join(b.State, kind) }

// IsFolderName reports whether a name from a configuration can name a folder of
// its own in the state directory.
func IsFolderName(name string) bool {
	return name == filepath.Base(name) && filepath.IsLocal(name) && name != "."
}

// Result is what was collected.
func (b *Builder) Result() ([]worker.EnvEntry, diag.List) { return b.env, b.diags }

// Shared gives the session's one thing of that key, made on first use: a
// bucket that two workers bind is opened once. If it is an io.Closer the
// session closes it.
func Shared[T any](s *Session, key string, make func() (T, error)) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.shared[key]; ok {
		return v.(T), nil
	}
	v, err := make()
	if err != nil {
		return v, err
	}
	if s.shared == nil {
		s.shared = map[string]any{}
	}
	s.shared[key] = v
	if c, ok := any(v).(io.Closer); ok {
		s.opened = append(s.opened, c)
	}
	return v, nil
}

// Opened lists the shared things of type T, in the order of their keys.
func Opened[T any](s *Session) (out []T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(s.shared)) {
		if v, ok := s.shared[key].(T); ok {
			out = append(out, v)
		}
	}
	return out
}
