package isolate

import (
	"context"
	"sync"
)

// Errand is what a goroutine does for an isolate that may come to wait for
// another one: a request to a worker. It keeps the isolate from being Idle while
// it is on its way, there and back, and not while the other one has it.
type Errand struct {
	iso *Isolate

	mu     sync.Mutex
	moving bool
	done   bool
}

// Errand begins one, in a turn, and gives the context to do it under.
func (iso *Isolate) Errand(ctx context.Context) (context.Context, *Errand) {
	e := &Errand{iso: iso, moving: true}
	iso.works.Add(1)
	return context.WithValue(ctx, errandKey{}, e), e
}

type errandKey struct{}

// ErrandOf is the errand that a context is of; its methods may be called on nil.
func ErrandOf(ctx context.Context) *Errand {
	e, _ := ctx.Value(errandKey{}).(*Errand)
	return e
}

// NoErrand is ctx for what is done by itself.
func NoErrand(ctx context.Context) context.Context {
	if ErrandOf(ctx) == nil {
		return ctx
	}
	return context.WithValue(ctx, errandKey{}, (*Errand)(nil))
}

// Arrived says, in a turn of the other isolate, that it has the errand now.
func (e *Errand) Arrived() { e.move(false, false) }

// Answered says, before the answer leaves the other isolate, that it has not any
// more.
func (e *Errand) Answered() { e.move(true, false) }

// Done ends the errand, after its outcome was posted.
func (e *Errand) Done() { e.move(false, true) }

func (e *Errand) move(moving, done bool) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done {
		return
	}
	e.done = done
	if moving == e.moving {
		return
	}
	e.moving = moving
	if moving {
		e.iso.works.Add(1)
	} else {
		e.iso.works.Add(-1)
	}
}
