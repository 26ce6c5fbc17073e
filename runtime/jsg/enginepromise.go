package jsg

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// What the engine does to promises. Its own way from Go is by functions that
// JavaScript could call, two for each promise, each with an object, a name and
// a length: most of what a promise costs. Below them are methods that do only
// what has to be done; a version of the engine without them is not linked.

//go:linkname newPromise github.com/dop251/goja.(*Runtime).newPromise
func newPromise(rt *goja.Runtime, prototype *Object) *goja.Promise

//go:linkname fulfillPromise github.com/dop251/goja.(*Promise).fulfill
func fulfillPromise(p *goja.Promise, v Value) Value

//go:linkname rejectPromise github.com/dop251/goja.(*Promise).reject
func rejectPromise(p *goja.Promise, reason Value) Value

//go:linkname addReactions github.com/dop251/goja.(*Promise).addReactions
func addReactions(p *goja.Promise, fulfilled, rejected *promiseReaction)

//go:linkname newThenableJob github.com/dop251/goja.(*Runtime).newPromiseResolveThenableJob
func newThenableJob(rt *goja.Runtime, p *goja.Promise, thenable Value, then *jobCallback) func()

//go:linkname assertCallable github.com/dop251/goja.assertCallable
func assertCallable(v Value) (nativeCall, bool)

// promiseRecord, promiseReaction and jobCallback are the engine's, field by field.
type promiseRecord struct {
	objectRecord
	state            goja.PromiseState
	result           Value
	fulfillReactions []*promiseReaction
	rejectReactions  []*promiseReaction
	handled          bool
}

type promiseReaction struct {
	//lint:ignore U1000 the engine's
	capability unsafe.Pointer
	typ        int
	handler    *jobCallback
	//lint:ignore U1000 the engine's
	asyncRunner unsafe.Pointer
	//lint:ignore U1000 the engine's
	asyncCtx any
}

type jobCallback struct {
	callback nativeCall
}

// The kinds of reactions.
const (
	onFulfilled = iota
	onRejected
)

func (l *layout) findPromises(sample *goja.Runtime) {
	p, _, _ := sample.NewPromise()
	o := sample.ToValue(p).(*Object)
	its := l.selfOf(o).Type().Elem()
	sameLayout(reflect.TypeFor[promiseRecord](), its)
	reactions, _ := its.FieldByName("fulfillReactions")
	reaction := reactions.Type.Elem().Elem()
	sameLayout(reflect.TypeFor[promiseReaction](), reaction)
	handler, _ := reaction.FieldByName("handler")
	sameLayout(reflect.TypeFor[jobCallback](), handler.Type.Elem())
	l.promise = l.record(o).kind
}

// promiseOf is v as a promise.
func promiseOf(v Value) (*goja.Promise, bool) {
	o, ok := v.(*Object)
	if !ok || !isPromise(o) {
		return nil, false
	}
	return (*goja.Promise)(engine().record(o).data), true
}

func isPromise(o *Object) bool { return engine().record(o).kind == engine().promise }

// objectOf is the object of a promise.
func objectOf(p *goja.Promise) *Object { return (*promiseRecord)(unsafe.Pointer(p)).val }

// react has Go functions called when p is settled; what they return goes
// nowhere, and they must not throw.
func react(p *goja.Promise, fulfilled, rejected func(Value)) {
	reaction := func(kind int, f func(Value)) *promiseReaction {
		return &promiseReaction{typ: kind, handler: &jobCallback{func(fc goja.FunctionCall) Value {
			f(fc.Argument(0))
			return Undefined
		}}}
	}
	addReactions(p, reaction(onFulfilled, fulfilled), reaction(onRejected, rejected))
}

// follow settles p as the thenable will be, in a job of its own.
func (js *Scope) follow(p *goja.Promise, thenable *Object, then nativeCall) {
	queue := js.jobs()
	*queue = append(*queue, newThenableJob(js.rt, p, thenable, &jobCallback{then}))
}

// jobs is the engine's queue of what promises have to do.
func (js *Scope) jobs() *[]func() {
	return (*[]func())(unsafe.Add(unsafe.Pointer(js.rt), engine().jobQueue))
}

// drain runs the jobs of promises. The engine would do it when the turn has
// left the stack; here the turn's own frame is still below them, which is what
// notices that the stack is full, and keeps calls from Go that end among them
// from running the next ones.
func (js *Scope) drain() {
	queue := js.jobs()
	for len(*queue) > 0 {
		js.jobFrames.note(len(*queue), js.frame)
		jobs, frames := *queue, js.jobFrames.take()
		*queue = nil
		for i, job := range jobs {
			js.setFrame(frames[i])
			job()
		}
		js.jobFrames.note(len(*queue), js.frame)
		js.jobFrames.giveBack(frames)
	}
}
