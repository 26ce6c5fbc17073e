package actor

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/ordered"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/actor/gate"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/loop"
)

// Instance is an object in memory: what the class's constructor made.
type Instance struct {
	object *Object
	host   Host
	iso    *isolate.Isolate
	// io carries all asynchronous work of the object: timers and operations
	// live as long as the instance, not as long as the event that began them.
	io   *iocontext.Context
	gate *gate.Gate
	gone chan struct{} // closed when the next instance may start
	over sync.Once

	failure *fate // why it is broken

	// Local is what the Surface keeps with the instance, on the isolate's goroutine.
	Local any

	// Under object.mu.
	leases int
	dying  bool
	idle   time.Time // since when leases is 0
	timed  bool      // an idle check is on its way
	check  *loop.Timer
	// waiting are the callers of fetch(), to be told when the instance ends.
	waiting ordered.Set[*context.CancelCauseFunc]

	// On the isolate's goroutine.
	started      bool
	value        *jsg.Object
	storage      Storage
	events       ordered.Set[*event]
	requests     ordered.Set[*iocontext.Context] // whose answers are not read to their end
	transactions int                             // open explicit transactions
	alarm        alarmState
	named        bool                    // the name was remembered
	children     ordered.Set[*Namespace] // they end with it
}

// fate is what is left of an instance for those who hold a reference to it.
type fate struct{ atomic.Pointer[jsg.Error] }

func newInstance(o *Object, h Host) *Instance {
	in := &Instance{failure: new(fate), object: o, host: h, iso: h.Isolate(), gone: make(chan struct{})}
	in.gate = gate.New(func(turn func()) { in.iso.Post(nil, func(*jsg.Scope) { turn() }) })
	in.io = iocontext.New(in.iso, context.Background(), iocontext.Info{})
	in.io.Gate = in.gate
	return in
}

// ID is the id of the object.
func (in *Instance) ID() ID { return in.object.ID() }

// Namespace is the namespace of the object.
func (in *Instance) Namespace() *Namespace { return in.object.ns }

// Host is the version of the worker the instance runs in.
func (in *Instance) Host() Host { return in.host }

// IO is the context of all the object's code.
func (in *Instance) IO() *iocontext.Context { return in.io }

// Value is the object the constructor made, nil before it has returned.
func (in *Instance) Value() *jsg.Object { return in.value }

// Storage is what the object stores, or why it may not any more: a broken or
// replaced instance must not write.
func (in *Instance) Storage() (Storage, error) {
	if err := in.failure.Load(); err != nil {
		return nil, err
	}
	if in.storage == nil {
		s, err := in.object.ns.opts.Store.Object(in.object.hex)
		if err != nil {
			return nil, err
		}
		in.storage = s
		s.Coalesce(in.wrote)
	}
	return in.storage, nil
}

// event is something the object was asked to do. done is called once, in a
// turn: with the outcome, or with why the instance ended before there was one.
type event struct {
	in    *Instance
	frame *iocontext.Frame
	done  func(js *jsg.Scope, v jsg.Value, err error)
	over  bool
	// op keeps the event from being taken for hung: what it waits for may come
	// with another event of the object.
	op *iocontext.Op
}

// begin registers an event.
func (in *Instance) begin(js *jsg.Scope, info iocontext.Info, span trace.Span, done func(js *jsg.Scope, v jsg.Value, err error)) *event {
	in.io.NewEvent(info)
	return in.register(js, &event{in: in, frame: &iocontext.Frame{IO: in.io, Span: span}, done: done})
}

func (in *Instance) register(js *jsg.Scope, ev *event) *event {
	ev.op = in.io.Begin(js)
	in.events.Add(ev)
	return ev
}

func (ev *event) finish(js *jsg.Scope, v jsg.Value, err error) {
	if ev.over {
		return
	}
	ev.drop()
	ev.done(js, v, err)
}

// drop forgets the event: done will not be called any more.
func (ev *event) drop() {
	ev.over = true
	ev.op.Drop()
	ev.in.events.Delete(ev)
}

// run calls call as a turn of the event, once the object is constructed and
// its input gate lets it. The promise call returns is followed to its end.
func (ev *event) run(js *jsg.Scope, call func(js *jsg.Scope) (jsg.Value, error)) {
	in := ev.in
	if err := in.failure.Load(); err != nil {
		ev.finish(js, nil, err)
		return
	}
	if !in.started {
		in.construct(js, ev.frame)
	}
	in.gate.Admit(nil, func() {
		if ev.over {
			return
		}
		js.WithFrame(ev.frame, func() {
			v, err := call(js)
			if err != nil {
				ev.finish(js, nil, err)
				return
			}
			ev.follow(js, v)
		})
	})
}

// follow waits for a promise.
func (ev *event) follow(js *jsg.Scope, v jsg.Value) {
	switch state, result := jsg.Settled(v); {
	case state == jsg.Fulfilled:
		ev.finish(js, result, nil)
		return
	case state == jsg.NotPromise:
		if _, ok := jsg.IsObject(v); !ok {
			ev.finish(js, v, nil)
			return
		}
	}
	js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		ev.finish(js, v, nil)
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		ev.finish(js, nil, jsg.Thrown(reason))
		return jsg.Undefined, nil
	})
}

// handler calls a method of the object. ok is false if it has none of that name.
func (in *Instance) handler(js *jsg.Scope, name string) (f jsg.Value, ok bool, err error) {
	f, err = js.Get(in.value, name)
	return f, err == nil && jsg.IsFunction(f), err
}

func (in *Instance) construct(js *jsg.Scope, frame *iocontext.Frame) {
	in.started = true
	in.object.emit("started", nil)
	js.WithFrame(frame, func() {
		v, err := in.object.ns.opts.Surface.Construct(js, in)
		if err != nil {
			in.fail(with(Portable(js, err), "durableObjectReset"))
			return
		}
		in.value = v
	})
}

// wrote is called by the storage when a turn begins to write. In a transaction
// nothing waits for that: code may call out and wait for the answer there.
func (in *Instance) wrote() {
	if in.transactions > 0 {
		return
	}
	in.gate.Wrote()
	in.iso.AtTurnEnd(in.commit)
}

// commit makes a turn's writes permanent and lets go what waited for that. A
// broken instance undoes them instead when it ends.
func (in *Instance) commit() {
	if in.failure.Load() != nil || in.transactions > 0 {
		return
	}
	if err := in.storage.Commit(); err != nil {
		in.object.emit("storage failed", err)
		in.fail(commitError(err))
		return
	}
	if id := in.object.ID(); id.Named && !in.named {
		in.named = true
		_ = in.object.ns.opts.Store.RememberName(id.Hex, id.Name) // only for listings
	}
	in.rearm()
	in.gate.Committed()
}

// CommitNow makes what was written so far permanent before the end of the turn.
func (in *Instance) CommitNow() {
	if in.gate.Dirty() {
		in.commit()
	}
}

// BeginTransaction keeps the writes of several turns uncommitted until
// EndTransaction. What was written before is committed now.
func (in *Instance) BeginTransaction() {
	in.CommitNow()
	in.transactions++
}

// EndTransaction undoes one BeginTransaction.
func (in *Instance) EndTransaction() {
	in.transactions--
	if in.transactions == 0 && in.failure.Load() == nil {
		in.wrote()
	}
}

// AfterCommit runs f as a turn once everything written so far is durable.
func (in *Instance) AfterCommit(js *jsg.Scope, f func(js *jsg.Scope)) {
	now := true
	var waiting *iocontext.Op // the turn to come counts as pending
	in.gate.Output(func() {
		if now {
			f(js)
			return
		}
		in.iso.Post(nil, func(js *jsg.Scope) { waiting.Drop(); f(js) })
	})
	now = false
	if in.gate.Dirty() {
		waiting = in.io.Begin(js)
	}
}
