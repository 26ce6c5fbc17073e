package jsg

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// Calls of async functions. The engine's have a promise with two functions that
// nobody sees, and each `await` of a value that is no promise makes another one.
// Here the function settles its promise itself, and waits with what it made when
// it waited first. Jobs are queued exactly when the engine queues them. A function
// that Go calls is still the engine's matter.

//go:linkname enterGenerator github.com/dop251/goja.(*generator).enter
func enterGenerator(g *generator)

//go:linkname stepGenerator github.com/dop251/goja.(*generator).step
func stepGenerator(g *generator) (v Value, how uint8, ex *goja.Exception)

//go:linkname resumeGenerator github.com/dop251/goja.(*generator).next
func resumeGenerator(g *generator, v Value) (next Value, how uint8, ex *goja.Exception)

//go:linkname throwInGenerator github.com/dop251/goja.(*generator).nextThrow
func throwInGenerator(g *generator, reason any) (next Value, how uint8, ex *goja.Exception)

//go:linkname popTry github.com/dop251/goja.(*vm).popTryFrame
func popTry(vm *machine)

//go:linkname popContext github.com/dop251/goja.(*vm).popCtx
func popContext(vm *machine)

//go:linkname enterFunction github.com/dop251/goja.(*baseJsFuncObject).vmCall
func enterFunction(f unsafe.Pointer, vm *machine, args int)

//go:linkname prepareCall github.com/dop251/goja.(*baseJsFuncObject).prepareForVmCall
func prepareCall(f unsafe.Pointer, fc goja.FunctionCall)

//go:linkname enterArrow github.com/dop251/goja.(*arrowFuncObject).vmCall
func enterArrow(f unsafe.Pointer, vm *machine, args int)

// returned is how a generator goes that is not to be resumed.
const returned = 0

// generator, execution, whereabouts, asyncRunner and capability are the engine's, field
// by field.
type generator struct {
	ctx       execution
	vm        unsafe.Pointer
	returning Value
	//lint:ignore U1000 the engine's
	tryStackLen, iterStackLen, refStackLen uint32
}

type execution struct {
	whereabouts
	stack []Value
	//lint:ignore U1000 the engine's
	tryStack, iterStack, refStack slice
}

//lint:ignore U1000 the engine's
type whereabouts struct {
	prg, stash, privEnv unsafe.Pointer
	newTarget, result   Value
	pc, sb, args        int
}

// slice is one whose elements are of no concern here.
type slice struct {
	_    unsafe.Pointer
	_, _ int
}

type asyncRunner struct {
	gen        generator
	promiseCap *capability
	f          *Object
	//lint:ignore U1000 the engine's
	vmCall unsafe.Pointer
}

type capability struct {
	promise *Object
	//lint:ignore U1000 the engine's
	resolveObj, rejectObj *Object
}

// asyncTables are the methods of async functions, arrow functions and methods
// whose calls are ours.
var asyncTables struct{ function, arrow, method unsafe.Pointer }

// asyncMethods are those methods that are ours, in the order of the tables.
var asyncMethods [3]map[string]any

func init() {
	function := map[string]any{"vmCall": callFunction, "assertCallable": functionToCall}
	arrow := map[string]any{"vmCall": callArrow, "assertCallable": arrowToCall}
	asyncMethods = [...]map[string]any{function, arrow, function}
}

// runnerAt is where the engine has the async function that is running.
var runnerAt uintptr

// asyncCall is one call of an async function.
type asyncCall struct {
	asyncRunner
	capability capability
	promise    *goja.Promise
	waiting    *waiting
}

// waiting is what such a call waits with. It waits for one thing at a time.
type waiting struct {
	fulfilled, rejected promiseReaction
	callbacks           [2]jobCallback
	value               Value // that is no promise
	frame               any   // under which it waits for that
	job                 func()
}

// ownAsync gives the async function that an instruction just made methods of
// ours. It is not for one with a super, which the engine knows by its methods.
func (vm *machine) ownAsync(table unsafe.Pointer) {
	engine().record(vm.stack[vm.sp-1].(*Object)).kind = table
}

// callAsync begins a call of the function f with n arguments, which are on the
// stack, behind it and this.
func (vm *machine) callAsync(f *objectRecord, n int, enter enterCall) Value {
	c := &asyncCall{promise: newPromise(vm.r, vm.scope().intrinsics.promiseProto)}
	c.gen.vm, c.f, c.promiseCap = unsafe.Pointer(vm), f.val, &c.capability
	c.capability.promise = objectOf(c.promise)
	sp := vm.sp
	enterGenerator(&c.gen)
	enter(unsafe.Pointer(f), vm, n)
	v, how, ex := stepGenerator(&c.gen)
	c.step(v, how, ex)
	if ex != nil {
		vm.sp = sp - n - 2
	}
	popTry(vm)
	popContext(vm)
	return c.capability.promise
}

type enterCall = func(f unsafe.Pointer, vm *machine, args int)

// What the engine calls to call such a function: from JavaScript, and from Go.

func callFunction(f unsafe.Pointer, vm *machine, n int) { vm.pushAsync(f, n, enterFunction) }
func callArrow(f unsafe.Pointer, vm *machine, n int)    { vm.pushAsync(f, n, enterArrow) }

func functionToCall(f unsafe.Pointer) (nativeCall, bool) { return asyncToCall(f, enterFunction), true }
func arrowToCall(f unsafe.Pointer) (nativeCall, bool)    { return asyncToCall(f, enterArrow), true }

func (vm *machine) pushAsync(f unsafe.Pointer, n int, enter enterCall) {
	promise := vm.callAsync((*objectRecord)(f), n, enter)
	vm.stack[vm.sp] = promise // where the function was, or this
	vm.sp++
	vm.pc++
}

func asyncToCall(f unsafe.Pointer, enter enterCall) nativeCall {
	return func(fc goja.FunctionCall) Value {
		prepareCall(f, fc)
		l, o := engine(), (*objectRecord)(f).val
		rt := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(o), l.runtime))
		vm := *(**machine)(unsafe.Add(rt, l.machine))
		return vm.callAsync((*objectRecord)(f), len(fc.Arguments), enter)
	}
}

func (c *asyncCall) machine() *machine { return (*machine)(c.gen.vm) }

// step is what has to be done when the function returned, threw, or waits.
func (c *asyncCall) step(v Value, how uint8, ex *goja.Exception) {
	switch js := c.machine().scope(); {
	case ex != nil:
		rejectPromise(c.promise, ex.Value())
	case how == returned:
		js.resolve(c.promise, orUndefined(v))
	default:
		c.await(js, orUndefined(v))
	}
}

func (c *asyncCall) await(js *Scope, v Value) {
	if c.waiting == nil {
		c.waiting = c.newWaiting(js)
	}
	w := c.waiting
	o, ok := v.(*Object)
	if !ok {
		w.value, w.frame = v, js.frame
		queue := js.jobs()
		*queue = append(*queue, w.job)
		return
	}
	p, ok := promiseOf(o)
	if !ok || !js.isOrdinary(p) && js.constructorOf(p) != Value(js.intrinsics.promise) {
		p = newPromise(js.rt, js.intrinsics.promiseProto)
		js.resolve(p, o)
	}
	addReactions(p, &w.fulfilled, &w.rejected)
}

func (c *asyncCall) newWaiting(js *Scope) *waiting {
	w := new(waiting)
	w.callbacks[onFulfilled].callback = func(fc goja.FunctionCall) Value {
		c.resume(fc.Argument(0))
		return Undefined
	}
	w.callbacks[onRejected].callback = func(fc goja.FunctionCall) Value {
		runner := c.running()
		*runner = unsafe.Pointer(c)
		defer func() { *runner = nil }()
		c.step(throwInGenerator(&c.gen, fc.Argument(0)))
		return Undefined
	}
	runner := unsafe.Pointer(&c.asyncRunner)
	w.fulfilled = promiseReaction{typ: onFulfilled, handler: &w.callbacks[onFulfilled], asyncRunner: runner}
	w.rejected = promiseReaction{typ: onRejected, handler: &w.callbacks[onRejected], asyncRunner: runner}
	resume := func() {
		v := w.value
		w.value, w.frame = nil, nil
		c.resume(v)
	}
	w.job = func() {
		js.setFrame(w.frame)
		js.rt.Try(resume) // as the engine has it in a reaction; it knows what to do with an interruption
	}
	return w
}

func (c *asyncCall) resume(v Value) {
	runner := c.running()
	*runner = unsafe.Pointer(c)
	defer func() { *runner = nil }()
	c.step(resumeGenerator(&c.gen, v))
}

// running is where the engine has the function that is running.
func (c *asyncCall) running() *unsafe.Pointer {
	return (*unsafe.Pointer)(unsafe.Add(c.gen.vm, runnerAt))
}

// findAsync looks up what calls of async functions need.
func (l *layout) findAsync(sample *goja.Runtime) {
	runner, ok := l.vm.FieldByName("curAsyncRunner")
	if !ok || runner.Type.Kind() != reflect.Pointer {
		panic("jsg: this version of the engine has no vm.curAsyncRunner")
	}
	runnerAt = runner.Offset
	its := runner.Type.Elem()
	sameLayout(reflect.TypeFor[asyncRunner](), its)
	sameLayout(reflect.TypeFor[generator](), its.Field(0).Type)
	sameLayout(reflect.TypeFor[execution](), its.Field(0).Type.Field(0).Type)
	sameLayout(reflect.TypeFor[whereabouts](), its.Field(0).Type.Field(0).Type.Field(0).Type)
	sameLayout(reflect.TypeFor[capability](), its.Field(1).Type.Elem())
	functions, err := sample.RunString("[async function () {}, async () => {}, { async m() {} }.m]")
	check(err)
	items, _ := l.arrayItems(functions.(*Object))
	for i, table := range []*unsafe.Pointer{&asyncTables.function, &asyncTables.arrow, &asyncTables.method} {
		f := items[i].(*Object)
		*table = unsafe.Pointer(derive(l.self.Type, l.selfOf(f).Type(), l.record(f).kind, asyncMethods[i]))
	}
}
