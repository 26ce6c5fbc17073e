package vitest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// stash is the storage of one copy of the project, as layers: each suite and
// each test gets one, and what it wrote goes with it. Methods are called one at
// a time, off the isolates' goroutines.
type stash struct {
	session *bindings.Session
	clock   *clock.Virtual
	// runner is the event the tests run in, which goes on whatever is restored.
	runner *iocontext.Context
	layers []layer
}

// layer is where storage and clock are put back to.
type layer struct {
	*bindings.Checkpoint
	clock clock.Setting
}

// drainLimit is how long a test's requests may go on after it, for work given to
// waitUntil.
const drainLimit = time.Second

// push begins a layer.
func (s *stash) push(ctx context.Context) error {
	c, err := s.session.Checkpoint(ctx)
	if err != nil {
		return fmt.Errorf("saving the storage: %w", err)
	}
	s.layers = append(s.layers, layer{c, s.clock.Setting()})
	return nil
}

// rewind puts storage and clock back to where the topmost layer began. It says what
// it had to end for that.
func (s *stash) rewind(ctx context.Context) (ended string, err error) {
	s.drain(ctx)
	top := s.layers[len(s.layers)-1]
	s.clock.Restore(top.clock)
	r, err := s.session.Return(ctx, top.Checkpoint, bindings.RestoreOptions{Keep: s.keep})
	if err != nil {
		return "", fmt.Errorf("restoring the storage: %w", err)
	}
	return describe(r), nil
}

// pop is rewind, and ends the layer.
func (s *stash) pop(ctx context.Context) (ended string, err error) {
	ended, err = s.rewind(ctx)
	top := len(s.layers) - 1
	if e := s.layers[top].Release(); err == nil {
		err = e
	}
	s.layers = s.layers[:top]
	return ended, err
}

// reset empties the storage.
func (s *stash) reset(ctx context.Context) (ended string, err error) {
	r, err := s.session.Reset(ctx, bindings.RestoreOptions{Keep: s.keep})
	return describe(r), err
}

func (s *stash) keep(c *iocontext.Context) bool { return c == s.runner }

// drain gives requests under way the time to end.
func (s *stash) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for slices.ContainsFunc(s.session.Workers(), func(w *worker.Worker) bool { return s.working(ctx, w) }) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// working reports whether a worker has requests that wait for something, or is
// busy running code.
func (s *stash) working(ctx context.Context, w *worker.Worker) bool {
	n := make(chan int, 1)
	if !w.Isolate().Post(nil, func(*jsg.Scope) { n <- w.Working(s.keep) }) {
		return false
	}
	select {
	case n := <-n:
		return n > 0
	case <-w.Isolate().Done():
		return false
	case <-ctx.Done():
		return true
	}
}

// describe names the workers whose requests were ended.
func describe(r bindings.Restored) string {
	var parts []string
	for name, n := range r.Ended {
		what := "a request"
		if n > 1 {
			what = fmt.Sprintf("%d requests", n)
		}
		parts = append(parts, what+" in "+name)
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
