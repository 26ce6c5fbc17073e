package dev

import (
	"fmt"
	"io"
	"sync"
)

// sink writes to a terminal or file on a goroutine of its own, so that a slow
// one does not slow requests down. It keeps order, joins writes that come close
// together, and bounds what waits.
type sink struct {
	w io.Writer

	mu   sync.Mutex
	buf  []byte
	lost int
	wake chan struct{}
	stop chan struct{}
	done chan struct{}
}

// maxWaiting is how many bytes may wait before request lines are left out.
const maxWaiting = 1 << 20

func newSink(w io.Writer) *sink {
	s := &sink{w: w, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go s.run()
	return s
}

// write queues text. Droppable text is left out while too much waits already.
func (s *sink) write(text []byte, droppable bool) {
	s.mu.Lock()
	if droppable && len(s.buf) > maxWaiting {
		s.lost++
		s.mu.Unlock()
		return
	}
	s.buf = append(s.buf, text...)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *sink) run() {
	defer close(s.done)
	var spare []byte
	for {
		select {
		case <-s.wake:
			spare = s.flush(spare)
		case <-s.stop:
			s.flush(spare)
			return
		}
	}
}

// flush writes what waits and returns a buffer for what comes next.
func (s *sink) flush(spare []byte) []byte {
	s.mu.Lock()
	out, lost := s.buf, s.lost
	s.buf, s.lost = spare[:0], 0
	s.mu.Unlock()
	if lost > 0 {
		out = fmt.Appendf(out, "… %d log lines left out: they came faster than they could be shown\n", lost)
	}
	if len(out) > 0 {
		// A terminal that went away is nothing to stop serving for.
		_, _ = s.w.Write(out)
	}
	if cap(out) > 2*maxWaiting {
		return nil
	}
	return out
}

// close writes what still waits. Writes after it are lost.
func (s *sink) close() {
	close(s.stop)
	<-s.done
}
