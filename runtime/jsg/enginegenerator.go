package jsg

import (
	"reflect"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/miniworker/miniworker/runtime/jsg/syntax"
)

// Functions that are async generators: the instruction that makes one is
// exchanged for that of a method, which is no constructor either, and ours then
// makes it what it is.

// functionMaker is an instruction that makes a function.
type functionMaker struct {
	prg    *programRecord
	name   unistring.String
	source string
	length int
	strict bool
}

// methodMaker is one that makes a method.
type methodMaker struct {
	functionMaker
	homeObjOffset uint32
}

// makeMethod is the engine's, and asyncGeneratorMaker the table of ours.
var (
	makeMethod          instruction
	asyncGeneratorMaker unsafe.Pointer
)

// findMakers looks up the instructions that make functions.
func (l *layout) findMakers() {
	p := goja.MustCompile("", "[{m() {}}, function() {}]", true)
	found := 0
	for i := range (*programRecord)(unsafe.Pointer(p)).code {
		in := &(*programRecord)(unsafe.Pointer(p)).code[i]
		t := l.instructionType(in)
		switch t.String() {
		case "*goja.newMethod":
			l.sameMaker(reflect.TypeFor[functionMaker](), t.Elem().Field(0).Type)
			if f, ok := t.Elem().FieldByName("homeObjOffset"); !ok || f.Offset != unsafe.Offsetof(methodMaker{}.homeObjOffset) || t.Elem().Size() != unsafe.Sizeof(methodMaker{}) {
				panic("jsg: methods of this version of the engine are made otherwise")
			}
			table := derive(l.instruction, t, in.kind, map[string]any{"exec": makeAsyncGenerator})
			makeMethod = methodAt[instruction]((*methodTable)(in.kind), 0)
			asyncGeneratorMaker, l.methodMaker = unsafe.Pointer(table), in.kind
			found++
		case "*goja.newFunc":
			l.sameMaker(reflect.TypeFor[functionMaker](), t.Elem())
			l.functionMaker = in.kind
			found++
		}
	}
	if found != 2 {
		panic("jsg: this version of the engine makes functions otherwise")
	}
}

func (l *layout) instructionType(in *record) reflect.Type {
	return reflect.NewAt(l.instruction, unsafe.Pointer(in)).Elem().Elem().Type()
}

func (l *layout) sameMaker(ours, engines reflect.Type) {
	ok := ours.NumField() == engines.NumField() && ours.Size() == engines.Size()
	for i := 0; ok && i < ours.NumField(); i++ {
		our, its := ours.Field(i), engines.Field(i)
		ok = our.Name == its.Name && our.Offset == its.Offset && our.Type.Kind() == its.Type.Kind()
	}
	if !ok {
		panic("jsg: functions of this version of the engine are made otherwise")
	}
}

// markedMaker changes an instruction that makes what the tree of the script was
// marked to be an async generator.
func (l *layout) markedMaker(in *record) {
	if in.kind != l.functionMaker && in.kind != l.methodMaker {
		return
	}
	source, marked := strings.CutPrefix((*functionMaker)(in.data).source, syntax.AsyncGenerator)
	if !marked {
		return
	}
	maker := &methodMaker{}
	if in.kind == l.methodMaker {
		*maker = *(*methodMaker)(in.data)
	} else {
		maker.functionMaker = *(*functionMaker)(in.data)
	}
	maker.source = source
	l.nameBody(maker)
	*in = record{asyncGeneratorMaker, unsafe.Pointer(maker)}
}

// nameBody gives the generator that the function runs its name, for stacks.
func (l *layout) nameBody(maker *methodMaker) {
	for i := range maker.prg.code {
		in := &maker.prg.code[i]
		for _, at := range l.knowInstruction(in).programs {
			if body := *(**programRecord)(unsafe.Add(in.data, at)); body != nil && body.funcName == "" {
				body.funcName = maker.name
			}
		}
	}
}

func makeAsyncGenerator(self unsafe.Pointer, vm *machine) {
	makeMethod(self, vm)
	scopeOf(vm.r).beAsyncGenerator(vm.stack[vm.sp-1].(*Object))
}

// scopeOf is the realm of a runtime.
func scopeOf(rt *goja.Runtime) *Scope {
	return (*Scope)((*record)(unsafe.Add(unsafe.Pointer(rt), trackerAt)).data)
}

// caller is the function of JavaScript that called the one of Go that is at work.
func (js *Scope) caller() *Object {
	l := engine()
	vm := *(**machine)(unsafe.Add(unsafe.Pointer(js.rt), l.machine))
	n := len(vm.callStack)
	if n == 0 {
		return nil
	}
	call := unsafe.Add(unsafe.Pointer(unsafe.SliceData(vm.callStack)), uintptr(n-1)*l.callSize)
	base := *(*int)(unsafe.Add(call, l.callBase))
	if base < 1 || base > len(vm.stack) {
		return nil
	}
	f, _ := vm.stack[base-1].(*Object)
	return f
}
