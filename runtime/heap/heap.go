// Package heap keeps code that allocates without end from taking the process
// with it. Memory belongs to the process: what one isolate holds cannot be told
// from what another does, so the limit is one of all, and what is stopped is code
// that runs while it is exceeded.
//
// Deliberately not: the 128 MB of production. The engine's values take several
// times the room of V8's, and a session runs many workers.
//
// Where the truth is: https://developers.cloudflare.com/workers/platform/limits/#memory.
package heap

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultLimit is how many bytes all workers of a process may hold.
const DefaultLimit = 1 << 30

// interval is how often a Guard looks while there are turns. It is real time: so
// is what fills the memory.
const interval = 10 * time.Millisecond

// Guard looks at turns that take longer than its interval. While there are no
// turns it sleeps.
type Guard struct {
	limit uint64
	usage func() uint64 // bytes allocated, garbage too
	held  func() uint64 // bytes reachable; collects garbage
	turns atomic.Uint64
	awake atomic.Bool

	looking sync.Mutex // while look runs; guards closed and earlier
	closed  bool
	earlier uint64 // turns began by the last look

	mu      sync.Mutex
	members map[*Member]struct{}
}

// NewGuard makes a Guard. limit is in bytes; 0 is DefaultLimit.
func NewGuard(limit uint64) *Guard {
	if limit == 0 {
		limit = DefaultLimit
	}
	return &Guard{
		limit: limit, members: map[*Member]struct{}{},
		usage: func() uint64 { return sample("/memory/classes/heap/objects:bytes") },
		held: func() uint64 {
			runtime.GC()
			return sample("/gc/heap/live:bytes")
		},
	}
}

func sample(name string) uint64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// Close ends the watch.
func (g *Guard) Close() {
	g.looking.Lock()
	defer g.looking.Unlock()
	g.closed = true
}

func (g *Guard) wake() {
	if !g.awake.Load() && g.awake.CompareAndSwap(false, true) {
		time.AfterFunc(interval, g.watch)
	}
}

// watch looks, and again an interval later, unless nothing happened in this one.
func (g *Guard) watch() {
	switch busy, closed := g.look(); {
	case closed:
	case busy:
		time.AfterFunc(interval, g.watch)
	default:
		g.awake.Store(false)
		if _, turn := g.oldest(); turn != 0 { // began before it could see that
			g.wake()
		}
	}
}

// look stops the turn that has run the longest if too much is held. A turn that
// only began since the last look is left: what ended before it may be garbage.
func (g *Guard) look() (busy, closed bool) {
	g.looking.Lock()
	defer g.looking.Unlock()
	if g.closed {
		return false, true
	}
	earlier := g.earlier
	g.earlier = g.turns.Load()
	m, turn := g.oldest()
	if turn == 0 || turn > earlier {
		return g.earlier != earlier, false
	}
	// Half as much again, lest workers that hold nearly what they may only collect.
	if g.usage() <= g.limit+g.limit/2 {
		return true, false
	}
	if held := g.held(); held > g.limit {
		m.stop(turn, fmt.Sprintf("Worker exceeded memory limit: all workers together hold %d MB, and may hold %d.", held>>20, g.limit>>20))
	}
	return true, false
}

// oldest is the member whose turn has run the longest, and that turn; 0 if there
// is none.
func (g *Guard) oldest() (oldest *Member, began uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for m := range g.members {
		if turn := m.turn.Load(); turn != 0 && (oldest == nil || turn < began) {
			oldest, began = m, turn
		}
	}
	return oldest, began
}

// Member is an isolate.
type Member struct {
	guard     *Guard
	interrupt func(reason string)
	resume    func()
	turn      atomic.Uint64 // 0 between turns
	stopping  sync.Mutex
	stopped   atomic.Uint64 // the turn that was last interrupted
}

// Join adds an isolate: interrupt stops the turn it is in, resume takes back an
// interrupt that came as the turn ended. A nil Guard gives a nil Member, whose
// methods do nothing.
func (g *Guard) Join(interrupt func(reason string), resume func()) *Member {
	if g == nil {
		return nil
	}
	m := &Member{guard: g, interrupt: interrupt, resume: resume}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.members[m] = struct{}{}
	return m
}

// Leave removes the isolate.
func (m *Member) Leave() {
	if m != nil {
		m.guard.mu.Lock()
		defer m.guard.mu.Unlock()
		delete(m.guard.members, m)
	}
}

// Begin and End enclose a turn.
func (m *Member) Begin() {
	if m != nil {
		m.turn.Store(m.guard.turns.Add(1))
		m.guard.wake()
	}
}

// End ends a turn.
func (m *Member) End() {
	if m == nil {
		return
	}
	if turn := m.turn.Swap(0); m.stopped.Load() == turn {
		m.stopping.Lock() // until the interrupt has come
		defer m.stopping.Unlock()
		m.resume()
	}
}

func (m *Member) stop(turn uint64, reason string) {
	m.stopping.Lock()
	defer m.stopping.Unlock()
	m.stopped.Store(turn)
	if m.turn.Load() == turn { // so that End sees it
		m.interrupt(reason)
	}
}
