package clock

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Virtual is a clock that can be held. It begins as the clock it was made from;
// Freeze stops it, Set and Advance move it, Resume lets it go on from where it
// stands.
type Virtual struct {
	base Clock

	// moving is held while Advance, Set, Freeze or Resume change the time.
	moving sync.Mutex

	mu     sync.Mutex
	frozen bool
	at     time.Time     // while frozen
	offset time.Duration // to base, while not
	timers []*virtualTimer
	seq    uint64
	next   Timer // of base, for the earliest timer; nil while frozen
}

type virtualTimer struct {
	clock *Virtual
	at    time.Time
	seq   uint64
	f     func()
}

// NewVirtual returns a clock that shows what base does until it is held.
func NewVirtual(base Clock) *Virtual { return &Virtual{base: base} }

// Now implements Clock.
func (c *Virtual) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Virtual) now() time.Time {
	if c.frozen {
		return c.at
	}
	return c.base.Now().Add(c.offset)
}

// Frozen reports whether time stands still, and Offset by how much the clock
// differs from the one below it.
func (c *Virtual) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Offset is how far the clock is ahead of the one it was made from.
func (c *Virtual) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		return c.at.Sub(c.base.Now())
	}
	return c.offset
}

// Pending is how many timers wait.
func (c *Virtual) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers)
}

// AfterFunc implements Clock.
func (c *Virtual) AfterFunc(d time.Duration, f func()) Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	t := &virtualTimer{clock: c, at: c.now().Add(max(d, 0)), seq: c.seq, f: f}
	i, _ := slices.BinarySearchFunc(c.timers, t, compare)
	c.timers = slices.Insert(c.timers, i, t)
	switch {
	case c.frozen && d <= 0: // due now, which needs no time to pass
		c.timers = slices.Delete(c.timers, i, i+1)
		go f()
	case i == 0:
		c.arm()
	}
	return t
}

func compare(a, b *virtualTimer) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.seq, b.seq)) }

// Stop implements Timer.
func (t *virtualTimer) Stop() bool {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := slices.BinarySearchFunc(c.timers, t, compare)
	if ok {
		c.timers = slices.Delete(c.timers, i, i+1)
		if i == 0 {
			c.arm()
		}
	}
	return ok
}

// arm has the clock below call when the earliest timer is due. The caller holds
// c.mu.
func (c *Virtual) arm() {
	if c.next != nil {
		c.next.Stop()
		c.next = nil
	}
	if !c.frozen && len(c.timers) > 0 {
		c.next = c.base.AfterFunc(c.timers[0].at.Sub(c.now()), c.due)
	}
}

// due runs what the passing of time brought, each on its own goroutine.
func (c *Virtual) due() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		return
	}
	now := c.now()
	for len(c.timers) > 0 && !c.timers[0].at.After(now) {
		go c.timers[0].f()
		c.timers = slices.Delete(c.timers, 0, 1)
	}
	c.arm()
}

// Freeze stops the clock where it is.
func (c *Virtual) Freeze() {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.freeze()
}

func (c *Virtual) freeze() (was bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	was = c.frozen
	c.at, c.frozen = c.now(), true
	c.arm()
	return was
}

// Resume lets the clock run on from where it stands.
func (c *Virtual) Resume() {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.resume()
}

func (c *Virtual) resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen {
		return
	}
	c.offset, c.frozen = c.at.Sub(c.base.Now()), false
	c.arm()
}

// Reset gives the clock back the time of the one below it.
func (c *Virtual) Reset() {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen, c.offset = false, 0
	c.arm()
}

// Setting is how a clock stands, to go back to.
type Setting struct {
	frozen bool
	at     time.Time
	offset time.Duration
}

// Setting is how the clock stands now.
func (c *Virtual) Setting() Setting {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Setting{c.frozen, c.at, c.offset}
}

// Restore has the clock stand as it did: at that time if it was frozen, else as
// far ahead of the one below it as it was.
func (c *Virtual) Restore(s Setting) {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen, c.at, c.offset = s.frozen, s.at, s.offset
	c.arm()
}

// Advance moves the clock on by d, a step for each time something is due: it
// runs that, in order, and lets settle wait for what follows from it before time
// goes on. A clock that was running runs on afterwards.
func (c *Virtual) Advance(ctx context.Context, d time.Duration, settle func(ctx context.Context) error) error {
	if d < 0 {
		return fmt.Errorf("the clock cannot be advanced by %v: time goes forwards; use set to go back", d)
	}
	c.moving.Lock()
	defer c.moving.Unlock()
	if was := c.freeze(); !was {
		defer c.resume()
	}
	if err := settle(ctx); err != nil {
		return err
	}
	target := c.Now().Add(d)
	for {
		due := c.step(target)
		for _, t := range due {
			t.f()
		}
		if err := settle(ctx); err != nil {
			return err
		}
		if len(due) == 0 && !c.waiting(target) {
			return nil
		}
	}
}

// step moves the clock to the next time something is due, at most to target,
// and takes what is.
func (c *Virtual) step(target time.Time) (due []*virtualTimer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].at.After(target) {
		c.at = target
		return nil
	}
	if at := c.timers[0].at; at.After(c.at) {
		c.at = at
	}
	for len(c.timers) > 0 && !c.timers[0].at.After(c.at) {
		due = append(due, c.timers[0])
		c.timers = slices.Delete(c.timers, 0, 1)
	}
	return due
}

// waiting reports whether something is due by target.
func (c *Virtual) waiting(target time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers) > 0 && !c.timers[0].at.After(target)
}

// Set moves the clock to t, also back, without running what lies between: that
// is due at once when t is later, and is waited for again when it is earlier.
func (c *Virtual) Set(ctx context.Context, t time.Time, settle func(ctx context.Context) error) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	if was := c.freeze(); !was {
		defer c.resume()
	}
	c.mu.Lock()
	c.at = t
	c.mu.Unlock()
	for {
		due := c.step(t)
		for _, t := range due {
			t.f()
		}
		if err := settle(ctx); err != nil || len(due) == 0 {
			return err
		}
	}
}

// ParseDuration reads "90s", "1h30m", "3d", "2w", or a number of milliseconds.
func ParseDuration(s string) (time.Duration, error) {
	text := strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	if ms, err := strconv.ParseFloat(text, 64); err == nil {
		return time.Duration(ms * float64(time.Millisecond)), nil
	}
	var total time.Duration
	for _, unit := range []struct {
		name  string
		hours float64
	}{{"w", 7 * 24}, {"d", 24}} {
		if n, rest, ok := strings.Cut(text, unit.name); ok {
			f, err := strconv.ParseFloat(n, 64)
			if err != nil {
				return 0, durationError(s)
			}
			total += time.Duration(f * unit.hours * float64(time.Hour))
			text = rest
		}
	}
	if text == "" && total != 0 {
		return total, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, durationError(s)
	}
	return total + d, nil
}

func durationError(s string) error {
	return fmt.Errorf("%q is not a duration: write 90s, 1h30m, 3d, 2w, or a number of milliseconds", s)
}
