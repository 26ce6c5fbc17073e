package rpc

import (
	"context"
	"errors"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Session is where operations run: the context of an event that a call began, of
// a Durable Object, or of the code that passed a callback.
type Session struct {
	// IO is the context of the code that runs.
	IO *iocontext.Context
	// Section is the critical section the code belongs to.
	Section any
	// Hold keeps the context usable until Release: it is called for each value of
	// the session that somebody holds a stub of. Both are called in turns.
	Hold, Release func()
}

// EventSession is the session of an event: it lasts while stubs lead into it.
func EventSession(io *iocontext.Context) *Session {
	return &Session{IO: io, Hold: io.Hold, Release: io.Release}
}

// callbackSession is the session of code that passes values as arguments: stubs
// of them do not keep its event from ending.
func callbackSession(js *jsg.Scope, io *iocontext.Context) *Session {
	nothing := func() {}
	return &Session{IO: io, Section: iocontext.CurrentFrame(js).Section, Hold: nothing, Release: nothing}
}

func (s *Session) frame(op *Op) *iocontext.Frame {
	f := &iocontext.Frame{IO: s.IO, Section: s.Section}
	if op != nil {
		f.Span = op.Span
	}
	return f
}

// post runs f as a turn of the session.
func (s *Session) post(op *Op, f func(js *jsg.Scope)) bool { return s.IO.Post(s.frame(op), f) }

func errSessionOver() error {
	return jsg.Errorf("The execution context which hosts this callback is no longer running.")
}

// Lost is what ends operations whose isolate is gone.
func Lost(iso *isolate.Isolate) error {
	var stopped *jsg.Interrupted
	switch cause := iso.Cause(); {
	case cause == nil:
		return Remote(iso.Lost())
	case errors.As(cause, &stopped):
		return Remote(stopped.Why)
	default:
		e := Remote(iso.Lost())
		e.Message = "The worker " + iso.Name() + " crashed during the call: " + cause.Error()
		return e
	}
}

// Watch fails the operation should the context it runs in end first.
func (op *Op) Watch(io *iocontext.Context) {
	iso := io.Isolate()
	op.mu.Lock()
	defer op.mu.Unlock()
	op.stop = context.AfterFunc(io.Context(), func() {
		var why *jsg.Error
		switch {
		case iso.Context().Err() != nil:
			op.Fail(Lost(iso))
		case errors.As(context.Cause(io.Context()), &why): // the object it ran in broke
			op.Fail(why)
		default:
			op.Fail(errSessionOver())
		}
	})
}

// serveIn runs the operation as a turn of a session.
func (op *Op) serveIn(s *Session, receiver func(js *jsg.Scope) Receiver) {
	op.Watch(s.IO)
	s.post(op, func(js *jsg.Scope) {
		if op.Settled() {
			return
		}
		op.Serve(js, s, receiver(js))
	})
}

// serveData runs the operation on a result with nothing to call in it. That
// needs no event: the one that gave the result may be over.
func (op *Op) serveData(s *Session, result jsg.Value) {
	iso := s.IO.Isolate()
	op.mu.Lock()
	op.stop = context.AfterFunc(iso.Context(), func() { op.Fail(Lost(iso)) })
	op.mu.Unlock()
	iso.Post(&iocontext.Frame{Span: op.Span}, func(js *jsg.Scope) {
		if op.Settled() {
			return
		}
		v, err := op.Run(js, Receiver{Value: result})
		var m clone.Message
		if err == nil {
			m, err = clone.Write(js, v, clone.Options{})
		}
		if err != nil {
			err = Capture(js, err)
			s.output(func() { op.Fail(err) })
			return
		}
		op.answer.resolve(s, v, false, nil)
		s.output(func() { op.succeed(m) })
	})
}

// Serve runs the operation in a turn of the session, to its end.
func (op *Op) Serve(js *jsg.Scope, s *Session, r Receiver) {
	s.Hold()
	v, err := op.Run(js, r)
	if err != nil {
		op.Return(js, s, nil, err)
		s.Release()
		return
	}
	// What a Durable Object waits for may come with another of its events.
	var pending *iocontext.Op
	if s.IO.Gate != nil {
		pending = s.IO.Begin(js)
	}
	inside := op.pending != nil && op.pending.Of(s.IO)
	if inside {
		op.pending.Rest()
	}
	s.IO.Await(js, v, func(js *jsg.Scope, v jsg.Value, err error) {
		if inside {
			op.pending.Wake()
		}
		if pending != nil {
			pending.Drop()
		}
		op.Return(js, s, v, err)
		s.Release()
	})
}
