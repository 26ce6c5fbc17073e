// Package jsg is the glue between Go and the JavaScript engine: realms,
// classes, arguments, promises, buffers and errors. It is the only importer of
// the engine (goja), so the engine can be exchanged here.
//
// It does not know the Web platform (beyond DOMException, which error
// conversion needs), HTTP, or how tasks are scheduled; see runtime/loop and
// runtime/isolate.
//
// Where the truth is: ECMA-262 for language semantics, WebIDL
// (https://webidl.spec.whatwg.org/) for argument conversion and class shape.
package jsg

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/dop251/goja"
)

// Value is any JavaScript value. A nil Value is never passed to API code.
type Value = goja.Value

// Object is a JavaScript object.
type Object = goja.Object

// Symbol is a JavaScript symbol.
type Symbol = goja.Symbol

// Scope is the right to touch one realm. Holding one means "I am on the
// isolate's goroutine, now". It is always the first parameter, never stored in
// a struct that outlives the call, never captured by a goroutine.
type Scope struct {
	rt     *goja.Runtime
	global *Object
	// globals has the global functions and classes: global itself, or what it
	// inherits them from.
	globals *Object
	flags   func(string) bool

	classes []*installed // by class id
	locals  []any        // by local key

	intrinsics intrinsics
	ordinary   ordinary
	resolved   *goja.Promise // any fulfilled promise
	args       argsPool
	blanks     blanks
	jsonWriter *jsonWriter // not in use
	keys       keys
	texts      texts
	arrayNext  unsafe.Pointer // what next of iterators of arrays runs

	usualLengths usualLengths

	viewsMended bool    // methods of typed arrays know of buffers that are resized
	viewLoops   *Object // what some of them do then
	viewSlice   Value   // the method slice

	entered bool
	task    func()
	enter   goja.Callable
	// forbidEval ends the permission to make code from strings.
	forbidEval goja.Callable
	frame      any
	jobFrames  jobFrames
	rejections rejections
	onPanic    func(recovered any, stack []byte)
	broken     error

	onInterrupt atomic.Pointer[func()]
	interrupted atomic.Bool
	sources     map[string]string // of what was run, by name

	// stackGet and stackSet are the accessors of stack properties; capturing is
	// set while Go asks for the stack.
	stackGet, stackSet *Object
	prepareStack       PrepareStack
	capturing          bool
	constructors       map[*Object]bool // classes of errors that have one
}

// Broken is why the realm must not be used any more, nil if it may: an
// exception that JavaScript cannot catch (the stack overflowed, the code was
// interrupted) leaves frames of async functions and generators on the engine's
// stacks, and what runs after it may crash the engine.
func (js *Scope) Broken() error { return js.broken }

// Options configure a realm.
type Options struct {
	// Flag reports whether a compatibility flag is on; nil means none is.
	Flag func(name string) bool
	// Now is the time Date reads; nil means the machine's clock.
	Now func() time.Time
	// Random is what Math.random returns, in [0,1).
	Random func() float64
	// MaxStack bounds the depth of JavaScript calls; without a bound infinite
	// recursion would use up all memory.
	MaxStack int
	// UnhandledRejection is called after the microtasks of a task for each
	// promise that was rejected and still has no handler, in a turn under the
	// frame of the rejection; RejectionHandled so for one that got a handler
	// after that.
	UnhandledRejection func(js *Scope, reason Value, promise Value)
	RejectionHandled   func(js *Scope, promise Value)
	// Panic is told when Go code called from JavaScript panicked; JavaScript
	// sees an "internal error".
	Panic func(recovered any, stack []byte)
}

// defaultMaxStack is about what V8's default stack gives simple functions.
const defaultMaxStack = 10_000

// New makes a realm with the engine's own globals only.
func New(o Options) *Scope {
	exchangeBuiltins()
	rt := goja.New()
	rt.GlobalObject().Delete("GoError") // the engine's own, for Go errors
	js := &Scope{rt: rt, global: rt.GlobalObject(), globals: rt.GlobalObject(), flags: o.Flag, onPanic: o.Panic}
	js.rejections = rejections{unhandled: o.UnhandledRejection, handled: o.RejectionHandled}
	if js.flags == nil {
		js.flags = func(string) bool { return false }
	}
	if o.Now != nil {
		rt.SetTimeSource(o.Now)
	}
	if o.Random != nil {
		rt.SetRandSource(o.Random)
	}
	if o.MaxStack == 0 {
		o.MaxStack = defaultMaxStack
	}
	rt.SetMaxCallStackSize(o.MaxStack)
	rt.SetPromiseRejectionTracker(js.trackRejection)
	rt.SetAsyncContextTracker((*frameTracker)(js))
	js.loadBlanks()
	js.loadIntrinsics(o.MaxStack)
	js.loadStacks()
	js.loadGuard()
	return js
}

// Flag reports whether a compatibility flag is on in this realm.
func (js *Scope) Flag(name string) bool { return js.flags(name) }

// Global is globalThis.
func (js *Scope) Global() *Object { return js.global }

// Enter runs task as one turn: everything task resolves or calls happens
// first, then all microtasks run, and only then Enter returns. frame becomes
// the async frame of the turn and of everything it starts. Called from inside
// a turn it just runs task.
//
// The error is an uncaught exception of task (*Exception), or *Interrupted.
func (js *Scope) Enter(frame any, task func()) error {
	if js.entered {
		js.WithFrame(frame, task)
		return nil
	}
	err := js.turn(frame, task)
	for job, ok := js.rejections.next(js); ok && js.broken == nil; job, ok = js.rejections.next(js) {
		_ = js.turn(job.frame, job.tell) // what listeners throw, those who call them report
	}
	if js.broken != nil {
		_, _ = js.rt.RunProgram(nothing) // has the engine drop the values of the frames that were left
	}
	return err
}

func (js *Scope) turn(frame any, task func()) error {
	js.entered, js.frame, js.task = true, frame, task
	_, err := js.enter(goja.Undefined())
	js.entered, js.frame, js.task = false, nil, nil
	js.texts = texts{}
	js.jobFrames.reset()
	return js.wrapError(err)
}

var nothing = goja.MustCompile("", "", false)

// Frame is the current async frame: the value given to the Enter that, however
// many promise reactions ago, started the code now running.
func (js *Scope) Frame() any { return js.frame }

// WithFrame runs f under another async frame.
func (js *Scope) WithFrame(frame any, f func()) {
	saved := js.frame
	js.setFrame(frame)
	defer func() { js.setFrame(saved) }()
	f()
}

// Interrupt stops the running turn with *Interrupted; safe from any goroutine.
func (js *Scope) Interrupt(why *Error) {
	js.rt.Interrupt(why)
	js.interrupted.Store(true)
	if f := js.onInterrupt.Load(); f != nil {
		(*f)()
	}
}

// OnInterrupt makes Interrupt call f as well, from any goroutine, to stop Go
// code that JavaScript called. It replaces the function set before.
func (js *Scope) OnInterrupt(f func()) { js.onInterrupt.Store(&f) }

// ClearInterrupt takes a pending Interrupt back.
func (js *Scope) ClearInterrupt() {
	js.rt.ClearInterrupt()
	js.interrupted.Store(false)
}

// Interrupted reports whether Interrupt was called, for Go code that works long.
func (js *Scope) Interrupted() bool { return js.interrupted.Load() }

// Local is a per-realm variable of type T, for packages that keep state in a
// realm without a global map. Declare one per use at package level.
type Local[T any] struct{ id int }

var localCount int

// NewLocal declares a Local; call it from package variable declarations only.
func NewLocal[T any]() *Local[T] {
	localCount++
	return &Local[T]{id: localCount - 1}
}

// Get returns the realm's value, or the zero value.
func (l *Local[T]) Get(js *Scope) T {
	if l.id < len(js.locals) {
		if v, ok := js.locals[l.id].(T); ok {
			return v
		}
	}
	var zero T
	return zero
}

// Set stores the realm's value.
func (l *Local[T]) Set(js *Scope, v T) {
	for len(js.locals) <= l.id {
		js.locals = append(js.locals, nil)
	}
	js.locals[l.id] = v
}
