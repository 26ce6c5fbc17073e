// Package isolate is one JavaScript realm with its event loop, the globals it
// is given, and the worker's modules. Everything that touches the realm is a
// turn: a task on the isolate's own goroutine, followed by its microtasks.
//
// It does not know which globals exist (runtime/api/all), what an event is
// (runtime/worker) or how requests are accounted for (runtime/iocontext).
package isolate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/heap"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/loop"
)

// ErrDisposed is what work on a disposed isolate ends in.
var ErrDisposed = errors.New("the worker was stopped")

// Options configure an isolate.
type Options struct {
	// Name is the worker's name, for traces and messages.
	Name string
	// Clock is where Date, timers and deadlines take time from; nil is the
	// machine's.
	Clock clock.Clock
	// Flag reports whether a compatibility flag is on.
	Flag func(string) bool
	// Install defines the globals, in order.
	Install []func(js *jsg.Scope)
	// Builtins makes the namespace object of a runtime-provided module
	// (cloudflare:workers, node:buffer, …), by specifier. Each is made once per
	// isolate, on first import.
	Builtins map[string]func(js *jsg.Scope) (*jsg.Object, error)
	// Hint says what to do about a static import of a module that is not there,
	// "" if there is nothing to say.
	Hint func(specifier string) string
	// Wasm makes the WebAssembly.Module of an imported file.
	Wasm func(js *jsg.Scope, name string, data []byte) (*jsg.Object, error)
	// Trace receives events; nil drops them.
	Trace *trace.Bus
	// Heap stops turns that allocate without end; nil lets them.
	Heap *heap.Guard
	// Uncaught is told of exceptions nobody caught: thrown out of a callback,
	// or a rejection without a handler. frame is the async frame it came from.
	Uncaught func(js *jsg.Scope, frame any, err error)
	// Thrown is told of what code threw that another isolate called, on its way to
	// there.
	Thrown func(js *jsg.Scope, frame any, err error)
	// Crashed is called, on a goroutine of its own, when the isolate had to be
	// given up.
	Crashed func()
}

// Isolate is safe for concurrent use through Post and Do.
type Isolate struct {
	opts     Options
	js       *jsg.Scope
	running  atomic.Pointer[jsg.Scope] // js, for Interrupt from other goroutines
	loop     *loop.Loop
	turnEnd  []func()
	watchers []func(js *jsg.Scope)
	// onRejection and onHandled are what OnRejection set.
	onRejection func(js *jsg.Scope, reason, promise jsg.Value) (dealtWith bool)
	onHandled   func(js *jsg.Scope, promise jsg.Value)
	builtins    map[string]*jsg.Object
	cause       atomic.Pointer[error]
	working     sync.WaitGroup
	works       atomic.Int64
	era         atomic.Pointer[Era]
	ctx         context.Context
	heap        *heap.Member
	begun       atomic.Bool
}

var current = jsg.NewLocal[*Isolate]()

// Of is the isolate a scope belongs to.
func Of(js *jsg.Scope) *Isolate { return current.Get(js) }

// New makes an isolate and starts its loop. The globals are installed as its
// first task.
func New(o Options) *Isolate {
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	iso := &Isolate{opts: o, loop: loop.New(o.Clock), builtins: map[string]*jsg.Object{}, ctx: ctx}
	iso.era.Store(new(Era))
	iso.heap = o.Heap.Join(func(reason string) { iso.Interrupt("%s", reason) }, func() { iso.js.ClearInterrupt() })
	iso.loop.Post(func() {
		iso.js = jsg.New(jsg.Options{
			Flag: o.Flag,
			Now:  iso.Now,
			UnhandledRejection: func(js *jsg.Scope, reason, promise jsg.Value) {
				if iso.onRejection != nil && iso.onRejection(js, reason, promise) {
					return
				}
				iso.uncaught(js.Frame(), jsg.Thrown(reason))
			},
			RejectionHandled: func(js *jsg.Scope, promise jsg.Value) {
				if iso.onHandled != nil {
					iso.onHandled(js, promise)
				}
			},
			Panic: iso.reportPanic,
		})
		iso.running.Store(iso.js)
		current.Set(iso.js, iso)
		for _, install := range o.Install {
			install(iso.js)
		}
	})
	go func() {
		iso.loop.Run()
		iso.heap.Leave()
		// Whoever still holds the isolate does not hold the realm.
		iso.js, iso.turnEnd, iso.watchers, iso.builtins = nil, nil, nil, nil
		iso.running.Store(nil)
		cancel(cmp.Or(iso.Cause(), ErrDisposed))
	}()
	return iso
}

// Name is the worker's name.
func (iso *Isolate) Name() string { return iso.opts.Name }

// Clock is the isolate's source of time.
func (iso *Isolate) Clock() clock.Clock { return iso.opts.Clock }

// Begin says that there is an event, of which the clock runs.
func (iso *Isolate) Begin() { iso.begun.Store(true) }

// Now is the time that JavaScript sees: none while the script starts, as on the
// platform, where a start may be shared by many events.
func (iso *Isolate) Now() time.Time {
	if !iso.begun.Load() {
		return time.UnixMilli(0)
	}
	return iso.opts.Clock.Now()
}

// Trace is where events go.
func (iso *Isolate) Trace() *trace.Bus { return iso.opts.Trace }

// Post runs f as a turn under an async frame. It reports false if the isolate
// was disposed; f may also never run if that happens before its turn.
func (iso *Isolate) Post(frame any, f func(js *jsg.Scope)) bool {
	return iso.loop.Post(func() { iso.run(frame, f) })
}

// Idle reports whether no turn runs or waits to and nothing is Working, and how
// many turns there were.
func (iso *Isolate) Idle() (idle bool, turns uint64) {
	idle, turns = iso.loop.Idle()
	return idle && iso.works.Load() == 0, turns
}

// AfterFunc runs f as a turn once d has passed.
func (iso *Isolate) AfterFunc(d time.Duration, frame any, f func(js *jsg.Scope)) *loop.Timer {
	return iso.loop.AfterFunc(d, func() { iso.run(frame, f) })
}

// Do runs f as a turn and waits for its end. Never call it from the isolate's
// own goroutine.
func (iso *Isolate) Do(f func(js *jsg.Scope)) error {
	done := make(chan struct{})
	if !iso.loop.Post(func() { iso.run(nil, f); close(done) }) {
		return ErrDisposed
	}
	_, err := Await(context.Background(), iso, done)
	return err
}

func (iso *Isolate) run(frame any, f func(js *jsg.Scope)) {
	iso.heap.Begin()
	// A panic of the engine must not take the other workers with it.
	defer func() {
		iso.heap.End()
		x := recover()
		switch {
		case x == nil:
		case iso.js.Broken() != nil: // the panic only follows from that
			iso.crash(iso.js.Broken())
		default:
			iso.reportPanic(x, debug.Stack())
			iso.crash(errEngine)
		}
	}()
	if err := iso.js.Enter(frame, func() { f(iso.js) }); err != nil {
		iso.uncaught(frame, err)
	}
	if err := iso.js.Broken(); err != nil {
		iso.crash(err)
		return
	}
	for len(iso.turnEnd) > 0 {
		list := iso.turnEnd
		iso.turnEnd = nil
		for _, f := range list {
			f()
		}
	}
	for _, w := range iso.watchers {
		w(iso.js)
	}
}

// errEngine is the cause of a crash by a fault of the engine or the runtime.
var errEngine = jsg.Errorf("The worker crashed by a fault of the runtime and was started anew; see the log.")

// crash ends the isolate after the turn now running: its realm cannot be used
// any more. What waits for it ends with Done, and Cause says why.
func (iso *Isolate) crash(cause error) {
	if !iso.cause.CompareAndSwap(nil, &cause) {
		return
	}
	// One that was disposed of before needs no other in its place.
	if iso.loop.Close() && iso.opts.Crashed != nil {
		go iso.opts.Crashed()
	}
}

// Cause is why the isolate crashed, nil if it runs or was disposed of.
func (iso *Isolate) Cause() error {
	if err := iso.cause.Load(); err != nil {
		return *err
	}
	return nil
}

// AtTurnEnd runs f once, after the microtasks of the turn now running. Storage
// commits there, and what had to wait for the commit follows.
func (iso *Isolate) AtTurnEnd(f func()) { iso.turnEnd = append(iso.turnEnd, f) }

// Watch runs f after every turn. Call it from an Install function.
func (iso *Isolate) Watch(f func(js *jsg.Scope)) { iso.watchers = append(iso.watchers, f) }

// OnRejection sets who is told first of promises that were rejected without a
// handler, and of those that got one afterwards. A rejection it does not say to
// have dealt with is an uncaught error.
func (iso *Isolate) OnRejection(rejected func(js *jsg.Scope, reason, promise jsg.Value) (dealtWith bool), handled func(js *jsg.Scope, promise jsg.Value)) {
	iso.onRejection, iso.onHandled = rejected, handled
}

// Interrupt stops the turn now running, if any.
func (iso *Isolate) Interrupt(format string, args ...any) {
	iso.stop(&jsg.Error{Name: "Error", Message: fmt.Sprintf(format, args...)})
}

func (iso *Isolate) stop(why *jsg.Error) {
	if js := iso.running.Load(); js != nil {
		js.Interrupt(why)
	}
}

// Kill is Dispose, and the turn now running is stopped.
func (iso *Isolate) Kill() {
	iso.Dispose()
	iso.stop(iso.Lost())
}

// Lost is what ends a call that was under way when the isolate was disposed of.
func (iso *Isolate) Lost() *jsg.Error {
	return &jsg.Error{Name: "Error", Message: "Network connection lost: the worker " + iso.Name() + " was reloaded or stopped during the call.",
		Props: jsg.Flags("retryable")}
}

// Dispose drops everything still queued and stops the loop after the turn now
// running. It does not wait.
func (iso *Isolate) Dispose() { iso.loop.Close() }

// Context ends with the isolate's goroutine.
func (iso *Isolate) Context() context.Context { return iso.ctx }

// Done is closed when the isolate's goroutine has ended.
func (iso *Isolate) Done() <-chan struct{} { return iso.loop.Done() }

// Await receives from done unless ctx or the isolate ends before. What was given
// counts, also where both have ended since: the turn that gives an answer is
// often the last one.
func Await[T any](ctx context.Context, iso *Isolate, done <-chan T) (v T, err error) {
	select {
	case v = <-done:
		return v, nil
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-iso.Done():
		err = ErrDisposed
	}
	select {
	case v = <-done:
		return v, nil
	default:
		return v, err
	}
}

func (iso *Isolate) uncaught(frame any, err error) {
	if iso.opts.Uncaught != nil {
		iso.opts.Uncaught(iso.js, frame, err)
	}
}

// ReportUncaught gives an exception that API code must swallow (a listener
// threw, a waitUntil promise rejected) to whoever watches for them.
func ReportUncaught(js *jsg.Scope, err error) { Of(js).uncaught(js.Frame(), err) }

// ReportThrown gives what code threw, called from another isolate, to whoever
// watches for it.
func ReportThrown(js *jsg.Scope, err error) {
	var ex *jsg.Exception
	if iso := Of(js); iso.opts.Thrown != nil && errors.As(err, &ex) {
		iso.opts.Thrown(js, js.Frame(), err)
	}
}

func (iso *Isolate) reportPanic(recovered any, stack []byte) {
	iso.opts.Trace.Emit(trace.Record{
		Kind: trace.Exception, Worker: iso.opts.Name, Time: iso.opts.Clock.Now(), Level: "error",
		Name: "internal error", Error: errorText(recovered), Stack: string(stack),
	})
}

func errorText(x any) string {
	if err, ok := x.(error); ok {
		return err.Error()
	}
	return "panic"
}
