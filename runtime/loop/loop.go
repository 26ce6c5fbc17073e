// Package loop is an event loop: tasks from any goroutine run one after the
// other on the loop's own, and timers become tasks. It knows no JavaScript
// engine and no HTTP.
package loop

import (
	"container/heap"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
)

// Loop runs tasks in the order they were posted.
type Loop struct {
	clock clock.Clock

	mu     sync.Mutex
	queue  []func()
	ran    uint64 // tasks begun
	busy   bool   // one is running, or about to
	closed bool
	wake   chan struct{}
	done   chan struct{}

	timers timerHeap
	seq    uint64
	alarm  clock.Timer // fires for the earliest timer
	due    time.Time   // when alarm fires
	// moment is when the running task set its first timer. It counts for all of
	// them: the delays alone decide their order, however long the task takes.
	moment time.Time
	late   bool // the alarm has fired meanwhile
}

// New returns a loop that takes time from c. Run must be called once.
func New(c clock.Clock) *Loop {
	return &Loop{clock: c, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Post queues a task; it reports false, and drops the task, once the loop is
// closed. It never blocks.
func (l *Loop) Post(task func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.post(task)
	return true
}

func (l *Loop) post(task func()) {
	l.queue = append(l.queue, task)
	if len(l.queue) == 1 {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// Run runs tasks until Close. It returns after the task then running.
func (l *Loop) Run() {
	defer close(l.done)
	var batch []func()
	for {
		l.mu.Lock()
		if l.closed {
			l.mu.Unlock()
			return
		}
		l.settle() // other goroutines set timers, too
		batch, l.queue = l.queue, batch[:0]
		l.ran += uint64(len(batch))
		l.busy = len(batch) > 0
		l.mu.Unlock()
		if len(batch) == 0 {
			<-l.wake
			continue
		}
		for i, task := range batch {
			batch[i] = nil
			task()
			if l.ended() {
				return
			}
		}
	}
}

// Close drops queued tasks and timers and ends Run. It does not wait; Done
// tells when Run has returned. It reports false if the loop was closed before.
func (l *Loop) Close() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.closed = true
	l.queue, l.timers = nil, nil
	if l.alarm != nil {
		l.alarm.Stop()
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return true
}

// Idle reports whether nothing runs or waits to, and how many tasks there were.
func (l *Loop) Idle() (idle bool, tasks uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed || !l.busy && len(l.queue) == 0, l.ran
}

// Done is closed when Run has returned.
func (l *Loop) Done() <-chan struct{} { return l.done }

// ended is called after each task, and reports whether it was the last.
func (l *Loop) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settle()
	return l.closed
}

// settle ends the moment of a task.
func (l *Loop) settle() {
	l.moment = time.Time{}
	if l.late {
		l.late = false
		l.release(l.clock.Now())
		l.arm()
	}
}

// now is the time that delays are counted from.
func (l *Loop) now() time.Time {
	if !l.busy {
		return l.clock.Now()
	}
	if l.moment.IsZero() {
		l.moment = l.clock.Now()
	}
	return l.moment
}

// Timer is a pending task.
type Timer struct {
	loop  *Loop
	at    time.Time
	seq   uint64
	index int // in the heap, -1 when not in it
	task  func()
}

// AfterFunc runs task on the loop once d has passed. Timers due at the same
// moment run in the order they were set.
func (l *Loop) AfterFunc(d time.Duration, task func()) *Timer {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	t := &Timer{loop: l, at: l.now().Add(max(d, 0)), seq: l.seq, task: task, index: -1}
	if l.closed {
		return t
	}
	heap.Push(&l.timers, t)
	if d <= 0 {
		l.release(t.at) // an idle machine's clock may take a millisecond to call back
	}
	l.arm()
	return t
}

// Stop cancels the timer and reports whether it was still pending.
func (t *Timer) Stop() bool {
	l := t.loop
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.index < 0 || t.index >= len(l.timers) || l.timers[t.index] != t {
		return false
	}
	heap.Remove(&l.timers, t.index)
	return true
}

// arm makes the alarm fire for the earliest timer. A fired alarm that finds
// nothing due just arms again, so a stopped timer costs one spurious wake-up.
func (l *Loop) arm() {
	if len(l.timers) == 0 || l.closed {
		return
	}
	next := l.timers[0].at
	if l.alarm != nil {
		if !l.due.After(next) {
			return
		}
		l.alarm.Stop()
	}
	l.due = next
	l.alarm = l.clock.AfterFunc(next.Sub(l.clock.Now()), l.fire)
}

// fire queues what is due, once all timers of the running task are known. It runs
// on the clock's goroutine.
func (l *Loop) fire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alarm = nil
	if l.busy && !l.moment.IsZero() {
		l.late = true
		return
	}
	l.release(l.clock.Now())
	l.arm()
}

// release queues the tasks of the timers due by now.
func (l *Loop) release(now time.Time) {
	for len(l.timers) > 0 && !l.timers[0].at.After(now) {
		l.post(heap.Pop(&l.timers).(*Timer).task)
	}
}

type timerHeap []*Timer

func (h timerHeap) Len() int { return len(h) }
func (h timerHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *timerHeap) Push(x any) {
	t := x.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}
func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
