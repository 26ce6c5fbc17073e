package heap

import (
	"runtime"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stopped joins an isolate and tells how often it was interrupted in a turn.
func stopped(g *Guard) (*Member, *int) {
	n := new(int)
	return g.Join(func(string) { *n++ }, func() {}), n
}

func TestLook(t *testing.T) {
	held := uint64(0)
	g := &Guard{limit: 100, live: func() uint64 { return held }, members: map[*Member]struct{}{}}
	a, stoppedA := stopped(g)
	b, stoppedB := stopped(g)
	look := func(now uint64, wantA, wantB int) {
		t.Helper()
		held = now
		if !g.look() {
			t.Fatal("it looks no more")
		}
		if *stoppedA != wantA || *stoppedB != wantB {
			t.Errorf("holding %d: interrupted %d and %d times, not %d and %d", now, *stoppedA, *stoppedB, wantA, wantB)
		}
	}
	look(150, 0, 0) // nothing runs
	a.Begin()
	b.Begin()
	look(50, 0, 0)
	look(150, 0, 0) // the turn may be about to end
	look(150, 1, 0)
	a.End()
	look(150, 1, 0) // b is only suspected yet
	b.End()
	b.Begin()
	look(150, 1, 0) // another turn
	look(250, 1, 1)
	b.End()
	b.Begin()
	look(250, 1, 1) // what ended may have held it
	look(250, 1, 2)
	b.Leave()
	look(300, 1, 2)
	g.Close()
	if g.look() {
		t.Error("a closed guard looks again")
	}
	var none *Guard
	m := none.Join(nil, nil)
	m.Begin()
	m.End()
	m.Leave()
}

// TestLateInterrupt: an interrupt of a turn that has ended is taken back.
func TestLateInterrupt(t *testing.T) {
	g := &Guard{limit: 100, live: func() uint64 { return 200 }, members: map[*Member]struct{}{}}
	pending := false
	m := g.Join(func(string) { pending = true }, func() { pending = false })
	m.Begin()
	g.look()
	g.look()
	if !pending {
		t.Error("not interrupted")
	}
	m.End()
	if pending {
		t.Error("the next turn would be interrupted")
	}
}

// TestCollection has a guard see what is really allocated.
func TestCollection(t *testing.T) {
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
	for range 1000 {
		select {
		case <-hit:
			runtime.KeepAlive(keep)
			return
		default:
			keep = append(keep, make([]byte, 1<<20))
			runtime.Gosched()
		}
	}
	<-hit
	runtime.KeepAlive(keep)
}

func BenchmarkTurn(b *testing.B) {
	g := NewGuard(0)
	defer g.Close()
	m := g.Join(func(string) {}, func() {})
	for b.Loop() {
		m.Begin()
		m.End()
	}
}
