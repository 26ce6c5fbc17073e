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

// patience is how long a turn may go on after the limit is first seen exceeded.
const patience = 100 * time.Millisecond

// Guard looks at the heap after each garbage collection, so that it costs
// nothing where nothing is allocated.
type Guard struct {
	limit uint64
	live  func() uint64
	turns atomic.Uint64

	mu      sync.Mutex
	closed  bool
	members map[*Member]struct{}
	// suspect is the turn that ran when the limit was first seen exceeded.
	suspect uint64
}

// NewGuard starts watching. limit is in bytes; 0 is DefaultLimit.
func NewGuard(limit uint64) *Guard {
	if limit == 0 {
		limit = DefaultLimit
	}
	g := &Guard{limit: limit, live: live, members: map[*Member]struct{}{}}
	g.arm()
	return g
}

// Close ends the watch.
func (g *Guard) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// live is what was reachable at the last collection.
func live() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// mark is an object whose end tells of a collection. It is no tiny object, which
// would end together with others only.
type mark [32]byte

func (g *Guard) arm() {
	m := new(mark)
	runtime.AddCleanup(m, func(g *Guard) {
		if g.look() {
			g.arm()
		}
	}, g)
}

// look stops the turn that has run the longest if too much is held, and was the
// last time: a turn that has only begun need not be what holds it, for what ended
// before it may have been freed by now.
func (g *Guard) look() (again bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	held := g.live()
	if held <= g.limit {
		g.suspect = 0
		return true
	}
	var oldest *Member
	var began uint64
	for m := range g.members {
		if turn := m.turn.Load(); turn != 0 && (oldest == nil || turn < began) {
			oldest, began = m, turn
		}
	}
	switch {
	case oldest == nil:
	case began == g.suspect:
		oldest.stopped.Store(began)
		if oldest.turn.Load() == began { // else End has not seen it
			oldest.interrupt(fmt.Sprintf("Worker exceeded memory limit: all workers together hold %d MB, and may hold %d.", held>>20, g.limit>>20))
		}
	default:
		g.suspect = began
		time.AfterFunc(patience, runtime.GC) // rather than when twice as much is held
	}
	return true
}

// Member is an isolate.
type Member struct {
	guard     *Guard
	interrupt func(reason string)
	resume    func()
	turn      atomic.Uint64 // 0 between turns
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
	}
}

// End ends a turn.
func (m *Member) End() {
	if m == nil {
		return
	}
	turn := m.turn.Swap(0)
	if m.stopped.Load() == turn {
		m.guard.mu.Lock() // until the interrupt has come
		defer m.guard.mu.Unlock()
		m.resume()
	}
}
