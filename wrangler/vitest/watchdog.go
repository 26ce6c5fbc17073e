package vitest

import (
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// watchdog stops code that never returns. Vitest's own timeouts are timers,
// which such code keeps from firing.
type watchdog struct{ allowed atomic.Int64 }

// watchEvery is how often the watchdog looks; watchGrace is what code may take
// beyond its timeout, in which Vitest's timer can fire.
const (
	watchEvery = 20 * time.Millisecond
	watchGrace = 250 * time.Millisecond
)

// limit is how long one turn may take from now on.
func (d *watchdog) limit(t time.Duration) { d.allowed.Store(int64(t)) }

// watch interrupts the worker's isolate when a turn takes too long, until stop.
func (h *host) watch(w *worker.Worker) (stop func()) {
	h.watchdog.allowed.CompareAndSwap(0, int64(h.run.s.opts.Hooks))
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		h.patrol(w, done)
	}()
	return func() { close(done); <-ended }
}

func (h *host) patrol(w *worker.Worker, done <-chan struct{}) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		ran := make(chan struct{})
		if !w.Isolate().Post(nil, func(*jsg.Scope) { close(ran) }) {
			return
		}
		began := time.Now()
		for waiting := true; waiting; {
			select {
			case <-done:
				return
			case <-ran:
				waiting = false
			case <-w.Isolate().Done():
				return
			case <-tick.C:
				limit := time.Duration(h.watchdog.allowed.Load())
				if limit > 0 && time.Since(began) > limit+watchGrace {
					w.Isolate().Interrupt("The code ran for more than %v without a pause, and was stopped: an endless loop?", limit)
				}
			}
		}
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}
