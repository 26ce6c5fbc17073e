package isolate

import (
	"context"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Parked is an isolate that stands still between two turns: nothing of its
// worker runs, and what is posted waits.
type Parked struct {
	iso  *Isolate
	work chan func(js *jsg.Scope)
	ran  chan struct{}
}

// Park waits for the turn now running and keeps the next one from beginning
// until Resume. The error is ErrDisposed for an isolate that has ended, or why
// ctx did; then nothing is parked. Never call it from the isolate's own
// goroutine.
func (iso *Isolate) Park(ctx context.Context) (*Parked, error) {
	p := &Parked{iso: iso, work: make(chan func(js *jsg.Scope)), ran: make(chan struct{})}
	arrived := make(chan struct{})
	stay := func(js *jsg.Scope) {
		select {
		case arrived <- struct{}{}:
		case <-ctx.Done():
			return
		}
		for f := range p.work {
			f(js)
			p.ran <- struct{}{}
		}
	}
	if !iso.Post(nil, stay) {
		return nil, ErrDisposed
	}
	select {
	case <-arrived:
		return p, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-iso.Done():
		return nil, ErrDisposed
	}
}

// Isolate is what is parked.
func (p *Parked) Isolate() *Isolate { return p.iso }

// Era is the time between two restores of what the worker has stored. What was
// begun in one that is over must change nothing in the next.
type Era struct{ over atomic.Pointer[error] }

// Over is why the era is over, nil while it lasts.
func (e *Era) Over() error {
	if err := e.over.Load(); err != nil {
		return *err
	}
	return nil
}

// Era is the one that lasts.
func (iso *Isolate) Era() *Era { return iso.era.Load() }

// NextEra ends the era because of err.
func (p *Parked) NextEra(err error) {
	p.iso.era.Swap(new(Era)).over.Store(&err)
}

// Working notes, in a turn, that work goes on elsewhere which may change what is
// stored, until done is called.
func (iso *Isolate) Working() (done func()) {
	iso.working.Add(1)
	iso.works.Add(1)
	return func() {
		iso.works.Add(-1)
		iso.working.Done()
	}
}

// Quiet waits until nothing is Working; what needs the isolate for that has to
// be ended before.
func (p *Parked) Quiet(ctx context.Context) error {
	quiet := make(chan struct{})
	go func() {
		p.iso.working.Wait()
		close(quiet)
	}()
	select {
	case <-quiet:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Do runs f on the isolate's goroutine and waits for it. Microtasks that f
// queues run after Resume.
func (p *Parked) Do(f func(js *jsg.Scope)) {
	p.work <- f
	<-p.ran
}

// Resume lets the isolate go on.
func (p *Parked) Resume() { close(p.work) }
