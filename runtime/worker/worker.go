// Package worker is a loaded worker: an isolate with its script evaluated, its
// env built, and the events that can be given to it. A Handle is the worker as
// others see it across reloads.
//
// Where the truth is: https://developers.cloudflare.com/workers/runtime-apis/handlers/
// and https://developers.cloudflare.com/workers/runtime-apis/context/.
package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/ordered"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/api/cache"
	"github.com/miniworker/miniworker/runtime/api/wasm"
	"github.com/miniworker/miniworker/runtime/heap"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat"
	"github.com/miniworker/miniworker/runtime/wire"
)

// EnvEntry is one property of env, made anew in each isolate.
type EnvEntry struct {
	Name string
	Make func(js *jsg.Scope) (jsg.Value, error)
}

// Options describe a worker to load.
type Options struct {
	Name   string
	Script *isolate.Script
	// ServiceWorker is set for scripts that use addEventListener instead of
	// exports; env entries become globals then.
	ServiceWorker bool
	Env           []EnvEntry
	// Loopbacks are the entries of ctx.exports that are no entrypoints.
	Loopbacks []Loopback
	// Flag reports whether a compatibility flag is on.
	Flag     func(string) bool
	Outbound wire.Fetcher
	// Subrequests is how many an event may make; 0 is the default.
	Subrequests int
	// Cache is where caches.* keep responses; nil gives the worker a small
	// memory of its own.
	Cache cache.Storage
	Clock clock.Clock
	Trace *trace.Bus
	// Once keeps a version that crashed from being started again.
	Once bool
	// Heap stops turns that allocate without end; nil lets them.
	Heap *heap.Guard
	// MapStack rewrites a stack trace of the bundle to the user's sources.
	MapStack func(stack string) string
	// Modules are what the script can import beside the runtime's own modules;
	// each is made on first import. A test run gives its API so.
	Modules map[string]func(js *jsg.Scope) (*jsg.Object, error)
	// Late is set for a script whose exports come later, by SetExports: that of
	// a test whose module mocks have to be there first.
	Late bool
	// Uncaught is told of exceptions that nobody handles, before they are
	// reported; nil for none.
	Uncaught func(span trace.Span, err error)
}

// Worker is one version of a worker.
type Worker struct {
	opts    Options
	iso     *isolate.Isolate
	exports *jsg.Object
	names   []string // of exports
	env     *jsg.Object
	global  *scopeEvents
	// exported is ctx.exports, once somebody asked.
	exported *jsg.Object

	mu      sync.Mutex
	active  int
	retired bool
	events  ordered.Set[*iocontext.Context] // not yet over

	killed atomic.Bool
	// crashed is called when the isolate had to be given up; replaced is closed
	// when the handle has put another version, or none, in this one's place.
	crashed  atomic.Pointer[func()]
	replaced chan struct{}
	restart  sync.Once // see Handle.restart
}

// Load starts an isolate and evaluates the script. The error is a *ScriptError
// if the code threw.
func Load(o Options) (*Worker, error) {
	w := &Worker{opts: o, replaced: make(chan struct{})}
	if o.Clock == nil {
		w.opts.Clock = clock.Real
	}
	if o.MapStack == nil {
		w.opts.MapStack = func(s string) string { return s }
	}
	w.iso = isolate.New(isolate.Options{
		Name: o.Name, Clock: w.opts.Clock, Flag: o.Flag, Trace: o.Trace, Heap: o.Heap,
		Install:  []func(*jsg.Scope){iocontext.Install, w.installWorker, all.Install, installEvents, nodecompat.Install},
		Builtins: builtins(w),
		Hint:     nodecompat.Hint,
		Wasm:     wasm.NewModule,
		Uncaught: w.uncaught,
		Thrown:   w.thrown,
		Crashed: func() {
			if f := w.crashed.Load(); f != nil {
				(*f)()
			}
		},
	})
	exports, err := w.load()
	if err != nil {
		w.iso.Dispose()
		return nil, err
	}
	w.setExports(exports)
	return w, nil
}

func (w *Worker) load() (*jsg.Object, error) {
	var envErr error
	if err := w.iso.Do(func(js *jsg.Scope) { envErr = w.buildEnv(js) }); err != nil {
		return nil, err
	}
	if envErr != nil {
		return nil, envErr
	}
	exports, err := w.iso.Load(w.opts.Script)
	if err != nil {
		return nil, w.scriptError(err)
	}
	return exports, nil
}

func (w *Worker) installWorker(js *jsg.Scope) {
	current.Set(js, w)
	nodecompat.SetHost(js, nodecompat.Host{Env: func() *jsg.Object { return w.env }, Files: w.files()})
	iocontext.LimitSubrequests(js, w.opts.Subrequests)
	if w.opts.Outbound != nil {
		iocontext.SetOutbound(js, w.opts.Outbound)
	}
	if w.opts.Cache != nil {
		cache.SetStorage(js, w.opts.Cache)
	}
}

// files are the additional modules, which node:fs shows under /bundle.
func (w *Worker) files() map[string][]byte {
	if w.opts.Script == nil {
		return nil
	}
	files := make(map[string][]byte, len(w.opts.Script.Modules))
	for name, m := range w.opts.Script.Modules {
		files[name] = m.Data
	}
	return files
}

var current = jsg.NewLocal[*Worker]()

// Of is the worker a scope belongs to.
func Of(js *jsg.Scope) *Worker { return current.Get(js) }

func (w *Worker) buildEnv(js *jsg.Scope) error {
	w.env = js.NewObject()
	target := w.env
	if w.opts.ServiceWorker {
		target = js.Global()
		w.global = installScopeEvents(js)
	}
	for _, e := range w.opts.Env {
		v, err := e.Make(js)
		if err != nil {
			return fmt.Errorf("binding %s: %w", e.Name, err)
		}
		js.Define(target, e.Name, v)
	}
	return nil
}

// Name is the worker's name.
func (w *Worker) Name() string { return w.opts.Name }

// ServiceWorker reports whether the script registers listeners instead of
// exporting handlers.
func (w *Worker) ServiceWorker() bool { return w.opts.ServiceWorker }

// Isolate is where the worker runs.
func (w *Worker) Isolate() *isolate.Isolate { return w.iso }

// Env is the env object.
func (w *Worker) Env() *jsg.Object { return w.env }

// Late reports whether the exports are still to come.
func (w *Worker) Late() bool { return w.opts.Late }

// SetExports puts the exports of a late script in place, as a turn.
func (w *Worker) SetExports(exports *jsg.Object) {
	w.opts.Late = false
	w.setExports(exports)
}

func (w *Worker) setExports(exports *jsg.Object) { w.exports, w.names = exports, exports.Keys() }

// Export reads an export; ok is false if there is none of that name.
func (w *Worker) Export(js *jsg.Scope, name string) (v jsg.Value, ok bool, err error) {
	v, err = js.Get(w.exports, name)
	return v, err == nil && !jsg.IsUndefined(v), err
}

// ExportNames are the names the script exports, in order.
func (w *Worker) ExportNames() []string { return w.names }

// begin opens an event; retire waits for it.
func (w *Worker) begin() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.retired && w.active == 0 {
		return isolate.ErrDisposed
	}
	w.active++
	return nil
}

func (w *Worker) end() {
	w.mu.Lock()
	w.active--
	dispose := w.retired && w.active == 0
	w.mu.Unlock()
	if dispose {
		w.iso.Dispose()
	}
}

// Hold keeps a retired worker running until Release.
func (w *Worker) Hold() error { return w.begin() }

// Release undoes one Hold.
func (w *Worker) Release() { w.end() }

// Retire lets what is in flight finish and then disposes of the isolate.
func (w *Worker) Retire() {
	w.mu.Lock()
	w.retired = true
	dispose := w.active == 0
	w.mu.Unlock()
	if dispose {
		w.iso.Dispose()
		return
	}
	w.reap()
}

// retireLimit is how long one turn of a retired worker may run.
const retireLimit = 5 * time.Second

// reap kills a retired worker whose code never returns; one that only waits
// may take its time.
func (w *Worker) reap() {
	ran := make(chan struct{})
	if !w.iso.Post(nil, func(*jsg.Scope) { close(ran) }) {
		return
	}
	w.opts.Clock.AfterFunc(retireLimit, func() {
		select {
		case <-ran:
			w.reap()
		default:
			w.iso.Interrupt("The code did not return when its worker was to be replaced.")
			w.iso.Dispose()
		}
	})
}

// Kill disposes of the isolate now. A turn that this ends is neither a crash
// nor an error to report.
func (w *Worker) Kill() {
	w.killed.Store(true)
	w.iso.Kill()
}

// ScriptError is an exception of user code as the outside sees it: text only.
type ScriptError struct {
	Worker  string
	Name    string // of the error, "" if no error object was thrown
	Message string
	Stack   string // mapped to the user's sources
	// DOM is set where it was a DOMException.
	DOM bool
	// Hung is set where nothing threw but no answer could ever come.
	Hung bool
	// Stopped is set where the code was interrupted to stop its worker.
	Stopped bool
	// NoHandler is set where there was no code to take the event.
	NoHandler bool
}

// errNoHandler is the cause of an error that the worker lacks a handler.
var errNoHandler = errors.New("no handler")

// Error implements error.
func (e *ScriptError) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// JSError is the exception as JavaScript elsewhere sees it.
func (e *ScriptError) JSError() *jsg.Error {
	name := e.Name
	if name == "" {
		name = "Error"
	}
	return &jsg.Error{Name: name, Message: e.Message, Cause: e}
}

// Remote is the exception as the caller in another isolate sees it: of one of the
// types that pass between isolates, or an Error with the name in its text.
func (e *ScriptError) Remote() *jsg.Error {
	out := &jsg.Error{Name: e.Name, Message: e.Message, DOM: e.DOM, Cause: e, Props: jsg.Flags("remote")}
	switch {
	case e.DOM:
	case e.Name == "":
		out.Name, out.Message = "Error", strings.TrimPrefix(e.Message, uncaught)
	case !slices.Contains(passing, e.Name):
		out.Name, out.Message = "Error", e.Error()
	}
	return out
}

// passing are the types of errors that stay what they are between isolates.
var passing = []string{"Error", "RangeError", "TypeError", "SyntaxError", "ReferenceError"}

// uncaught is what the log has before a thrown value that is no error.
const uncaught = "Uncaught "

// scriptError describes err for the outside, with a mapped stack.
func (w *Worker) scriptError(err error) error {
	var ex *jsg.Exception
	if errors.As(err, &ex) {
		d := jsg.Describe(ex.Value)
		stack := ex.Stack
		if d.Stack != "" {
			stack = d.Stack
		}
		stack += causes(ex.Value)
		if d.Name == "" && !d.IsError {
			return &ScriptError{Worker: w.opts.Name, Message: uncaught + d.Message, Stack: w.opts.MapStack(stack)}
		}
		return &ScriptError{Worker: w.opts.Name, Name: d.Name, Message: d.Message, DOM: d.DOM, Stack: w.opts.MapStack(stack)}
	}
	var in *jsg.Interrupted
	var je *jsg.Error
	if errors.As(err, &je) {
		return &ScriptError{Worker: w.opts.Name, Name: je.Name, Message: je.Message, Stack: je.Error(),
			Stopped: errors.As(err, &in) && w.killed.Load(), NoHandler: errors.Is(err, errNoHandler)}
	}
	if errors.Is(err, iocontext.ErrHung) {
		return &ScriptError{Worker: w.opts.Name, Name: "Error", Message: err.Error(), Hung: true}
	}
	return err
}

// CausedBy begins the line of a stack that tells what led to the error above it.
const CausedBy = "Caused by: "

// causes are the stacks of what an error names as its cause, of what that names,
// and so on.
func causes(v jsg.Value) (out string) {
	const most = 5
	defer func() { _ = recover() }() // a getter of the user's
	for range most {
		o, ok := jsg.IsObject(v)
		if !ok || !jsg.Describe(v).IsError {
			break
		}
		if v = o.Get("cause"); jsg.IsNullish(v) {
			break
		}
		d := jsg.Describe(v)
		text := d.Stack
		if text == "" {
			text = strings.TrimPrefix(d.Name+": "+d.Message, ": ")
		}
		out += "\n" + CausedBy + text
	}
	return out
}

// Describe gives an error of the worker's code as the outside sees it.
func (w *Worker) Describe(err error) error { return w.scriptError(err) }

// uncaught reports an exception that nobody handles.
func (w *Worker) uncaught(js *jsg.Scope, frame any, err error) {
	var span trace.Span
	if f, ok := frame.(*iocontext.Frame); ok {
		span = f.Span
	}
	err = w.scriptError(err)
	if w.opts.Uncaught != nil {
		w.opts.Uncaught(span, err)
	}
	w.report(span, err)
}

// thrown reports what a call from another isolate ends in: its stack does not
// travel. What came from elsewhere itself was reported there.
func (w *Worker) thrown(js *jsg.Scope, frame any, err error) {
	f, ok := frame.(*iocontext.Frame)
	var se *ScriptError
	if ok && errors.As(w.scriptError(err), &se) && strings.Contains(se.Stack, "\n") {
		w.report(f.Span, se)
	}
}

func (w *Worker) report(span trace.Span, err error) {
	rec := trace.Record{Kind: trace.Exception, Worker: w.opts.Name, Time: w.opts.Clock.Now(), Parent: span, Level: "error", Error: err.Error()}
	var se *ScriptError
	if errors.As(err, &se) {
		if se.Stopped {
			return
		}
		rec.Stack = se.Stack
	}
	w.opts.Trace.Emit(rec)
}

// Event runs f as an event of the worker: in a new context, on the isolate.
// The context is held once for f, which must see that it is released.
func (w *Worker) Event(ctx context.Context, info iocontext.Info, span trace.Span, f func(js *jsg.Scope, c *iocontext.Context)) (*iocontext.Context, error) {
	if err := w.begin(); err != nil {
		return nil, err
	}
	c := iocontext.New(w.iso, context.WithoutCancel(ctx), info)
	w.mu.Lock()
	w.events.Add(c)
	w.mu.Unlock()
	over := func() {
		w.mu.Lock()
		w.events.Delete(c)
		w.mu.Unlock()
		w.end()
	}
	c.OnEnd(over)
	frame := &iocontext.Frame{IO: c, Span: span}
	if !w.iso.Post(frame, func(js *jsg.Scope) { f(js, c) }) {
		over()
		return nil, isolate.ErrDisposed
	}
	return c, nil
}

// Working counts the events, but those skip wants skipped, that still wait for
// something they began. It is called on the isolate's goroutine.
func (w *Worker) Working(skip func(*iocontext.Context) bool) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for c := range w.events.All() {
		if ops, _ := c.Busy(); ops > 0 && !skip(c) {
			n++
		}
	}
	return n
}

// RevokeEvents ends every event that has begun and is not over, but those keep
// wants kept; whoever waits for one gets err. It is called on the isolate's
// goroutine and says how many there were.
func (w *Worker) RevokeEvents(js *jsg.Scope, err error, keep func(*iocontext.Context) bool) int {
	w.mu.Lock()
	var list []*iocontext.Context
	for _, c := range w.events.Members() {
		if keep != nil && keep(c) {
			c.Keep()
		} else {
			list = append(list, c)
		}
	}
	w.mu.Unlock()
	for _, c := range list {
		c.Revoke(js, err)
	}
	return len(list)
}
