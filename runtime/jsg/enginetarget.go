package jsg

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/miniworker/miniworker/runtime/jsg/syntax"
)

// targetProgram gives scripts, which are compiled to ask for it, the function
// that mendTargets makes. A constant is no property of the global object.
var targetProgram = func() *goja.Program {
	tree, err := parser.ParseFile(nil, "miniworker:target", "const target = newTarget", 0)
	if err != nil {
		panic(err) // a constant program; covered by every test
	}
	tree.Body[0].(*ast.LexicalDeclaration).List[0].Target.(*ast.Identifier).Name = syntax.TargetFunction
	p, err := goja.CompileAST(tree, true)
	if err != nil {
		panic(err)
	}
	return p
}()

// mendTargets keeps functions that are called from having the new.target of
// their caller.
func (js *Scope) mendTargets() {
	const name = "newTarget"
	check(js.global.Set(name, func(call goja.FunctionCall) goja.Value {
		if js.fromGo() {
			return call.Argument(0)
		}
		return goja.Undefined()
	}))
	_, err := js.rt.RunProgram(targetProgram)
	check(err)
	check(js.global.Delete(name))
}

// fromGo reports whether the function that called this one was constructed, or
// called by a built-in: the engine enters it through Go then, and leaves a mark
// on its stack. Only then it gave it a new.target of its own.
func (js *Scope) fromGo() bool {
	const mark = -2
	l := engine()
	calls := (*(**machine)(unsafe.Add(unsafe.Pointer(js.rt), l.machine))).callStack
	if len(calls) < 2 {
		return false
	}
	caller := unsafe.Add(unsafe.Pointer(unsafe.SliceData(calls)), uintptr(len(calls)-2)*l.callSize)
	return *(*int)(unsafe.Add(caller, l.callPlace)) == mark
}

// findCalls looks up what a call under way is like.
func (l *layout) findCalls() {
	calls, ok := l.vm.FieldByName("callStack")
	if !ok || calls.Type.Kind() != reflect.Slice || calls.Type.Elem().Kind() != reflect.Struct {
		panic("jsg: this version of the engine has no vm.callStack")
	}
	place, ok := calls.Type.Elem().FieldByName("pc")
	if !ok || place.Type.Kind() != reflect.Int {
		panic("jsg: in this version of the engine calls have no place")
	}
	base, ok := calls.Type.Elem().FieldByName("sb")
	if !ok || base.Type.Kind() != reflect.Int {
		panic("jsg: in this version of the engine calls have no base")
	}
	l.callSize, l.callPlace, l.callBase = calls.Type.Elem().Size(), place.Offset, base.Offset
}
