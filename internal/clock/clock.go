// Package clock is the one source of time. Code that waits or stamps takes a
// Clock; tests pass a Fake and move it by hand.
package clock

import (
	"sync"
	"time"
)

// Machine is the time zone of the machine, for times that people read.
var Machine = time.Local

// Workers live in UTC, and the JavaScript engine takes the zone of the process.
func init() { time.Local = time.UTC }

// Clock tells the time and calls back later.
type Clock interface {
	// Now is the wall-clock time.
	Now() time.Time
	// AfterFunc calls f on its own goroutine once d has passed.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is a pending AfterFunc.
type Timer interface {
	// Stop prevents the call and reports whether it was still pending.
	Stop() bool
}

// Real is the machine's clock.
var Real Clock = realClock{}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }

// Fake is a clock that stands still until Advance or Set moves it.
type Fake struct {
	mu     sync.Mutex
	now    time.Time
	timers []*fakeTimer
	seq    uint64
}

type fakeTimer struct {
	clock *Fake
	at    time.Time
	seq   uint64
	f     func()
}

// NewFake returns a Fake standing at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t} }

// Now returns the time the clock stands at.
func (c *Fake) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc registers f; it runs inside the Advance call that reaches it.
func (c *Fake) AfterFunc(d time.Duration, f func()) Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	t := &fakeTimer{clock: c, at: c.now.Add(d), seq: c.seq, f: f}
	c.timers = append(c.timers, t)
	return t
}

// Stop implements Timer.
func (t *fakeTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	return t.clock.remove(t)
}

func (c *Fake) remove(t *fakeTimer) bool {
	for i, x := range c.timers {
		if x == t {
			c.timers = append(c.timers[:i], c.timers[i+1:]...)
			return true
		}
	}
	return false
}

// Advance moves the clock by d and runs everything that falls due, in order of
// due time; the clock reads each timer's due time while it runs.
func (c *Fake) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Set moves the clock to t (never backwards) and runs everything due by then.
func (c *Fake) Set(t time.Time) {
	for {
		next := c.popDue(t)
		if next == nil {
			return
		}
		next.f()
	}
}

// popDue takes the earliest timer due by t and moves the clock to it, or moves
// the clock to t and returns nil.
func (c *Fake) popDue(t time.Time) *fakeTimer {
	c.mu.Lock()
	defer c.mu.Unlock()
	var next *fakeTimer
	for _, x := range c.timers {
		if x.at.After(t) {
			continue
		}
		if next == nil || x.at.Before(next.at) || x.at.Equal(next.at) && x.seq < next.seq {
			next = x
		}
	}
	if next == nil {
		if t.After(c.now) {
			c.now = t
		}
		return nil
	}
	if next.at.After(c.now) {
		c.now = next.at
	}
	c.remove(next)
	return next
}
