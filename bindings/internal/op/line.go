package op

import "sync"

// Line runs functions one after the other in the order they came, as a service
// does that has one thread. The zero value is ready.
type Line struct {
	mu      sync.Mutex
	waiting []func()
	running bool
}

// Go runs f when all before it are done.
func (l *Line) Go(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, f)
	if !l.running {
		l.running = true
		go l.run()
	}
}

func (l *Line) run() {
	for {
		l.mu.Lock()
		if len(l.waiting) == 0 {
			l.running = false
			l.waiting = nil
			l.mu.Unlock()
			return
		}
		f := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.mu.Unlock()
		f()
	}
}
