package heap

import (
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a Guard whose look finds what the test says.
func memory(usage, held *uint64) *Guard {
	return &Guard{
		limit: 100, members: map[*Member]struct{}{}, usage: func() uint64 { return *usage },
		held: func() uint64 { *usage = *held; return *held },
	}
}

// counted joins an isolate and tells how often it was interrupted.
func counted(g *Guard) (*Member, *int) {
	n := new(int)
	return g.Join(func(string) { *n++ }, func() {}), n
}

func TestLook(t *testing.T) {
	var usage, held uint64
	g := memory(&usage, &held)
	defer g.Close()
	g.awake.Store(true) // the test looks
	a, stoppedA := counted(g)
	b, stoppedB := counted(g)
	look := func(allocated, reachable uint64, busy bool, wantA, wantB int) {
		t.Helper()
		usage, held = allocated, reachable
		if got, _ := g.look(); got != busy {
			t.Errorf("busy: %v", got)
		}
		if *stoppedA != wantA || *stoppedB != wantB {
			t.Errorf("holding %d of %d: interrupted %d and %d times, not %d and %d", held, allocated, *stoppedA, *stoppedB, wantA, wantB)
		}
	}
	look(900, 900, false, 0, 0) // nothing runs
	a.Begin()
	b.Begin()
	look(900, 900, true, 0, 0) // what ended before may have held it
	look(150, 150, true, 0, 0) // not worth a collection
	look(900, 100, true, 0, 0) // garbage
	look(900, 101, true, 1, 0)
	a.End()
	b.End()
	b.Begin()
	look(900, 900, true, 1, 0) // another turn
	look(900, 900, true, 1, 1)
	b.End()
	look(900, 900, false, 1, 1)
	a.Begin()
	a.Leave()
	look(900, 900, true, 1, 1)
	look(900, 900, false, 1, 1)
	g.Close()
	if _, closed := g.look(); !closed {
		t.Error("a closed guard looks again")
	}
	var none *Guard
	m := none.Join(nil, nil)
	m.Begin()
	m.End()
	m.Leave()
}

// TestLateInterrupt: an interrupt of a turn that has ended is taken back, and
// one that comes later never is made.
func TestLateInterrupt(t *testing.T) {
	g := NewGuard(0)
	defer g.Close()
	pending := false
	m := g.Join(func(string) { pending = true }, func() { pending = false })
	m.Begin()
	turn := m.turn.Load()
	m.stop(turn, "")
	if !pending {
		t.Error("not interrupted")
	}
	m.End()
	if pending {
		t.Error("the next turn would be interrupted")
	}
	m.Begin()
	m.stop(turn, "")
	if pending {
		t.Error("the turn after the one that was to be stopped is interrupted")
	}
	m.End()
}

// TestAllocation has a guard see what is really allocated.
func TestAllocation(t *testing.T) {
	g := NewGuard(32 << 20)
	defer g.Close()
	hit := make(chan struct{})
	once := false
	m := g.Join(func(string) {
		if !once {
			once = true
			close(hit)
		}
	}, func() {})
	defer m.Leave()
	m.Begin()
	defer m.End()
	var keep [][]byte
	for range 64 {
		keep = append(keep, make([]byte, 1<<20))
	}
	<-hit
	runtime.KeepAlive(keep)
}

func TestSleep(t *testing.T) {
	g := NewGuard(0)
	defer g.Close()
	m, _ := counted(g)
	defer m.Leave()
	m.Begin()
	if !g.awake.Load() {
		t.Error("asleep while code runs")
	}
	m.End()
	for g.awake.Load() {
		time.Sleep(interval)
	}
}

func BenchmarkTurn(b *testing.B) {
	g := NewGuard(0)
	defer g.Close()
	m, _ := counted(g)
	defer m.Leave()
	for b.Loop() {
		m.Begin()
		m.End()
	}
}
