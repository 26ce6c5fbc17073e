package rpc

import (
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Answer is the result of a call in the isolate it was made in, or will be. It is
// a Callee: what is sent before there is a result waits for it, in order.
type Answer struct {
	mu      sync.Mutex
	state   answerState
	queue   []*Op
	err     error
	dropped bool // nobody can send any more
	live    bool // value keeps the session

	// On the callee's goroutine.
	session *Session
	value   jsg.Value
	passed  []*Stub // in value; the caller has references of its own
}

type answerState int

const (
	answerPending answerState = iota
	answerReady
	answerFailed
)

// Send implements Callee.
func (a *Answer) Send(op *Op) {
	a.mu.Lock()
	switch a.state {
	case answerPending:
		a.queue = append(a.queue, op)
		op.errand.Arrived()
		a.mu.Unlock()
	case answerFailed:
		a.mu.Unlock()
		op.Fail(a.err)
	default:
		// Under the lock: the queue's operations must be posted before this one.
		a.post(op)
		a.mu.Unlock()
	}
}

func (a *Answer) post(op *Op) {
	s := a.session
	if !a.live {
		op.serveData(s, a.value)
		return
	}
	op.serveIn(s, func(js *jsg.Scope) Receiver { return Receiver{Value: a.value} })
}

// resolve is called in a turn of the callee. The value, and the session that
// keeps it usable, stay as long as somebody may send more and there is something
// to call on it (live).
func (a *Answer) resolve(s *Session, v jsg.Value, live bool, passed []*Stub) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state, a.session, a.value, a.passed, a.live = answerReady, s, v, passed, live
	if live {
		s.Hold()
	}
	queue := a.queue
	a.queue = nil
	for _, op := range queue {
		a.post(op)
	}
	if a.dropped {
		a.forget()
	}
}

// forget lets go of the value, after what was posted before. The caller holds
// the lock.
func (a *Answer) forget() {
	if !a.live {
		return
	}
	a.session.post(nil, func(*jsg.Scope) {
		a.value = jsg.Undefined
		disposeAll(a.passed)
		a.session.Release()
	})
}

func (a *Answer) fail(err error) {
	a.mu.Lock()
	if a.state != answerPending {
		a.mu.Unlock()
		return
	}
	a.state, a.err = answerFailed, err
	queue := a.queue
	a.queue = nil
	a.mu.Unlock()
	for _, op := range queue {
		op.Fail(err)
	}
}

// Close says that nothing more will be sent.
func (a *Answer) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.dropped {
		return nil
	}
	a.dropped = true
	if a.state == answerReady {
		a.forget()
	}
	return nil
}
