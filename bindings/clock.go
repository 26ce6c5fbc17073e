package bindings

import (
	"context"
	"errors"
	"runtime"
	"sync"
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

// Cron is a cron trigger of one of the workers.
type Cron struct {
	// Next is the first time after t that it is due at; zero is never.
	Next func(t time.Time) time.Time
	// Fire begins the event of a time and does not wait for it.
	Fire func(ctx context.Context, at time.Time)
}

// Advance moves the session's clock on by d: everything that falls due runs in
// order, each step when what followed from the one before has come to rest. Cron
// triggers fire while it does; when time passes by itself they do not.
func (s *Session) Advance(ctx context.Context, d time.Duration) error {
	c, err := s.VirtualClock()
	if err != nil {
		return err
	}
	if s.Crons != nil {
		for _, cron := range s.Crons() {
			defer cron.follow(ctx, c, c.Now().Add(d))()
		}
	}
	return c.Advance(ctx, d, s.Settle)
}

// follow fires a trigger each time it is due until the end, or until stop.
func (c Cron) follow(ctx context.Context, clk clock.Clock, end time.Time) (stop func()) {
	var mu sync.Mutex
	var timer clock.Timer
	stopped := false
	var wait func(after time.Time)
	wait = func(after time.Time) {
		next := c.Next(after)
		if next.IsZero() || next.After(end) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if stopped {
			return
		}
		timer = clk.AfterFunc(next.Sub(clk.Now()), func() {
			c.Fire(ctx, next)
			wait(next)
		})
	}
	wait(clk.Now())
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		if timer != nil {
			timer.Stop()
		}
	}
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
