package jsg

import (
	"unsafe"

	"github.com/dop251/goja"
)

// Function.prototype.call and apply, and Reflect.apply. The engine's go through
// Go, and run an interpreter of their own for the function. Here the function is
// entered as if it had been called in their place.

//go:linkname callNative github.com/dop251/goja.(*nativeFuncObject).vmCall
func callNative(f unsafe.Pointer, vm *machine, args int)

//go:linkname expandStack github.com/dop251/goja.(*valueStack).expand
func expandStack(stack *[]Value, last int)

// functionKinds are the types of the selfs of functions.
var functionKinds struct{ function, method, arrow, native unsafe.Pointer }

// callTables are the methods of native functions whose calls are ours.
var callTables struct{ call, apply, reflectApply unsafe.Pointer }

// callMethods are those methods that are ours, in the order of the tables.
var callMethods [3]map[string]any

func init() {
	for i, call := range []func(unsafe.Pointer, *machine, int){callCall, callApply, callReflectApply} {
		callMethods[i] = map[string]any{"vmCall": call}
	}
}

// enterOf is how a call of a function begins, nil if that is the engine's matter.
func enterOf(f record) enterCall {
	switch f.kind {
	case functionKinds.function, functionKinds.method:
		return enterFunction
	case functionKinds.arrow:
		return enterArrow
	case functionKinds.native:
		return callNative
	case asyncTables.function, asyncTables.method:
		return callFunction
	case asyncTables.arrow:
		return callArrow
	}
	return nil
}

// The stack of a call has this, the function, and n arguments.

func callCall(self unsafe.Pointer, vm *machine, n int) {
	at := vm.sp - n - 2
	f := vm.stack[at]
	record := selfRecord(&vm.stack[at])
	enter := enterOf(record)
	if enter == nil {
		callNative(self, vm, n)
		return
	}
	vm.stack[at], vm.stack[at+1] = Undefined, f
	if n > 0 {
		vm.stack[at] = vm.stack[at+2]
		copy(vm.stack[at+2:], vm.stack[at+3:vm.sp])
		vm.sp--
		n--
	}
	enter(record.data, vm, n)
}

func callApply(self unsafe.Pointer, vm *machine, n int) {
	at := vm.sp - n - 2
	if !vm.apply(vm.stack[at], at, vm.stack[at+2:vm.sp]) {
		callNative(self, vm, n)
	}
}

func callReflectApply(self unsafe.Pointer, vm *machine, n int) {
	at := vm.sp - n - 2
	if n < 3 || !vm.apply(vm.stack[at+2], at, vm.stack[at+3:vm.sp]) {
		callNative(self, vm, n)
	}
}

// apply calls f with this and a list of arguments, in the place of the call at
// the given place of the stack; ok is false if the engine has to do it.
func (vm *machine) apply(f Value, at int, args []Value) (ok bool) {
	self := selfRecord(&f)
	enter := enterOf(self)
	if enter == nil {
		return false
	}
	this := Undefined
	if len(args) > 0 {
		this = args[0]
	}
	var list []Value
	if len(args) > 1 && args[1] != Undefined && args[1] != Null {
		if list, ok = listOf(&args[1]); !ok {
			return false
		}
	}
	expandStack(&vm.stack, at+2+len(list))
	vm.stack[at], vm.stack[at+1] = this, f
	copy(vm.stack[at+2:], list)
	vm.sp = at + 2 + len(list)
	enter(self.data, vm, len(list))
	return true
}

// listOf are the elements of an array that has all of them.
func listOf(v *Value) (list []Value, ok bool) {
	const most = 1 << 16
	r := selfRecord(v)
	if r.kind != arrays.array {
		return nil, false
	}
	list = itemsOf(r)
	if len(list) > most || lengthOfArray(r) != len(list) {
		return nil, false
	}
	for i := range list {
		if list[i] == nil || recordOf(&list[i]).kind == arrays.property {
			return nil, false
		}
	}
	return list, true
}

// mendCalls has a realm's functions that call others do it here.
func (js *Scope) mendCalls() {
	function := js.prototype("Function")
	for _, m := range []struct {
		o     *Object
		name  string
		table unsafe.Pointer
	}{
		{function, "call", callTables.call}, {function, "apply", callTables.apply},
		{js.global.Get("Reflect").(*Object), "apply", callTables.reflectApply},
	} {
		if r := engine().record(m.o.Get(m.name).(*Object)); r.kind == functionKinds.native {
			r.kind = m.table
		}
	}
}

// findCalling looks up what such functions need.
func (l *layout) findCalling(sample *goja.Runtime) {
	functions, err := sample.RunString("[function () {}, { m() {} }.m, () => {}, parseInt, Function.prototype.call]")
	check(err)
	items, _ := l.arrayItems(functions.(*Object))
	for i, kind := range []*unsafe.Pointer{&functionKinds.function, &functionKinds.method, &functionKinds.arrow, &functionKinds.native} {
		*kind = l.record(items[i].(*Object)).kind
	}
	call := items[4].(*Object)
	for i, table := range []*unsafe.Pointer{&callTables.call, &callTables.apply, &callTables.reflectApply} {
		*table = unsafe.Pointer(derive(l.self.Type, l.selfOf(call).Type(), l.record(call).kind, callMethods[i]))
	}
}
