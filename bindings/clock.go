package bindings

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
)

// How long nothing may happen in any worker until what was begun counts as over:
// so many looks, so far apart. Requests between workers and storage calls are
// counted (isolate.Errand, Working); a message of a WebSocket is nowhere for a
// moment.
const (
	quietLooks = 4
	quietPause = 100 * time.Microsecond
)

// settleLimit is how long work that never rests is watched.
const settleLimit = 30 * time.Second

var errRestless = errors.New("the workers do not come to rest: code that does not return, or an answer from outside that does not come")

// Settle waits until the workers have nothing to do but to wait: for time to
// pass, or for something to come from outside.
func (s *Session) Settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, settleLimit, errRestless)
	defer cancel()
	last, quiet := uint64(0), 0
	for quiet < quietLooks {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		runtime.Gosched()
		idle, turns := s.activity()
		if idle && turns == last {
			quiet++
		} else {
			quiet = 0
		}
		last = turns
		if quiet < quietLooks {
			time.Sleep(quietPause)
		}
	}
	return nil
}

// activity sums over all isolates.
func (s *Session) activity() (idle bool, turns uint64) {
	idle = true
	if s.Workers == nil {
		return idle, 0
	}
	for _, w := range s.Workers() {
		i, n := w.Isolate().Idle()
		idle = idle && i
		turns += n
	}
	return idle, turns
}

// VirtualClock is the session's clock, if it is one that can be held.
func (s *Session) VirtualClock() (*clock.Virtual, error) {
	if c, ok := s.Clock.(*clock.Virtual); ok {
		return c, nil
	}
	return nil, errors.New("the clock of this session cannot be moved")
}

// Advance moves the session's clock on by d: everything that falls due runs in
// order, each step when what followed from the one before has come to rest.
func (s *Session) Advance(ctx context.Context, d time.Duration) error {
	c, err := s.VirtualClock()
	if err != nil {
		return err
	}
	return c.Advance(ctx, d, s.Settle)
}

// SetTime moves the session's clock to t, also back, without running what lies
// between at its own time.
func (s *Session) SetTime(ctx context.Context, t time.Time) error {
	c, err := s.VirtualClock()
	if err != nil {
		return err
	}
	return c.Set(ctx, t, s.Settle)
}
