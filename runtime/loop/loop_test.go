package loop

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, c clock.Clock) *Loop {
	l := New(c)
	go l.Run()
	t.Cleanup(func() { l.Close(); <-l.Done() })
	return l
}

// flush waits until everything posted so far has run.
func flush(l *Loop) {
	done := make(chan struct{})
	l.Post(func() { close(done) })
	<-done
}

func TestTasksRunOneAtATimeInOrder(t *testing.T) {
	l := start(t, clock.Real)
	var got []int // touched by tasks only: the race detector watches
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 250 {
				l.Post(func() { got = append(got, len(got)) })
			}
		})
	}
	wg.Wait()
	flush(l)
	if len(got) != 1000 || !slices.IsSorted(got) {
		t.Fatalf("%d tasks ran", len(got))
	}
}

func TestTimersRunInDueOrderThenSetOrder(t *testing.T) {
	c := clock.NewFake(time.Unix(0, 0))
	l := start(t, c)
	var got []string
	add := func(name string, d time.Duration) *Timer {
		return l.AfterFunc(d, func() { got = append(got, fmt.Sprint(name, "@", c.Now().Unix())) })
	}
	add("late", 5*time.Second)
	add("a", time.Second)
	add("b", time.Second)
	stopped := add("never", time.Second)
	add("now", -time.Second)
	if !stopped.Stop() || stopped.Stop() {
		t.Fatal("Stop must report true once")
	}
	flush(l) // a timer of no delay does not wait for the clock
	c.Advance(time.Second)
	flush(l)
	c.Advance(4 * time.Second)
	flush(l)
	if want := []string{"now@0", "a@1", "b@1", "late@5"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

// A task that takes long does not change the order of its timers.
func TestTimersOfOneTaskRunByDelay(t *testing.T) {
	c := clock.NewFake(time.Unix(0, 0))
	l := start(t, c)
	var got []string
	add := func(name string, d time.Duration) { l.AfterFunc(d, func() { got = append(got, name) }) }
	l.Post(func() {
		add("two", 2*time.Millisecond)
		c.Advance(time.Second)
		add("one", time.Millisecond)
		c.Advance(time.Second)
		add("none", 0)
	})
	flush(l)
	c.Advance(time.Second)
	flush(l)
	if want := []string{"none", "one", "two"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestCloseDropsTasksAndTimers(t *testing.T) {
	c := clock.NewFake(time.Unix(0, 0))
	l := New(c)
	go l.Run()
	ran := false
	l.AfterFunc(time.Second, func() { ran = true })
	l.Post(func() {
		l.Post(func() { ran = true })
		l.Close()
	})
	<-l.Done()
	c.Advance(time.Minute)
	if ran || l.Post(func() {}) {
		t.Fatal("a closed loop must run and take nothing")
	}
}

func BenchmarkPost(b *testing.B) {
	l := New(clock.Real)
	go l.Run()
	defer l.Close()
	done := make(chan struct{})
	for range b.N {
		l.Post(func() { done <- struct{}{} })
		<-done
	}
}
