package jsg

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// Stack traces as V8 writes them. An error keeps the engine's frames; the text
// is made when stack is first read.

// PrepareStack asks a program's Error.prepareStackTrace for the stack of an
// error.
type PrepareStack func(js *Scope, err *Object, frames []Frame) (Value, error)

// OnStack sets who asks Error.prepareStackTrace, if a program has set one.
func (js *Scope) OnStack(f PrepareStack) { js.prepareStack = f }

// loadStacks makes the constructors of errors give their objects V8's stack.
func (js *Scope) loadStacks() {
	js.stackGet = js.Func("", 0, func(js *Scope, this Value, _ *Args) (Value, error) {
		o, ok := this.(*Object)
		if !ok {
			return Undefined, nil
		}
		stack, _, ok := errorRecord(o)
		if !ok {
			return Undefined, nil
		}
		return js.fixStack(o, *stack)
	})
	js.stackSet = js.Func("", 1, func(js *Scope, this Value, a *Args) (Value, error) {
		if o, ok := this.(*Object); ok {
			if _, _, ok := errorRecord(o); ok {
				_ = o.DefineDataProperty("stack", a.Value(0), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_NOT_SET)
			}
		}
		return Undefined, nil
	})
	for _, name := range []string{"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"} {
		ctor := js.global.Get(name).(*Object)
		call, construct := natives(ctor)
		nextCall, nextConstruct := *call, *construct
		*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
			if newTarget == ctor && len(args) == 1 && name != "Error" {
				args = js.reword(name, args)
			}
			o := nextConstruct(args, newTarget)
			js.giveStack(o, name, ctor, newTarget)
			return o
		}
		*call = func(fc goja.FunctionCall) goja.Value {
			v := nextCall(fc)
			js.giveStack(v.(*Object), name, ctor, nil)
			return v
		}
	}
	errorCtor := js.intrinsics.errorCtor
	js.Define(errorCtor, "stackTraceLimit", js.Int(10))
	js.DefineHidden(errorCtor, "captureStackTrace", js.Func("captureStackTrace", 2, (*Scope).captureStackTrace))
}

// limit is Error.stackTraceLimit; ok is false if errors are to have no stack.
func (js *Scope) limit() (n int, ok bool) {
	v := js.intrinsics.errorCtor.Get("stackTraceLimit")
	if v == nil || !IsNumber(v) {
		return 0, false
	}
	return max(0, int(v.ToInteger())), true
}

// giveStack replaces the engine's stack property of a new error by ours.
func (js *Scope) giveStack(o *Object, name string, ctor, newTarget *Object) {
	stack, added, ok := errorRecord(o)
	if !ok {
		return
	}
	*added = true
	limit, ok := js.limit()
	if !ok {
		*stack = nil
		return
	}
	*stack = cut(js.skipConstructors(*stack, name, ctor, newTarget), limit)
	check(o.DefineAccessorProperty("stack", js.stackGet, js.stackSet, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// showStack makes the stack of an error enumerable and its last property, as that
// of a DOMException is.
func (js *Scope) showStack(o *Object) {
	if _, _, ok := errorRecord(o); ok && o.Get("stack") != nil {
		check(o.Delete("stack"))
		check(o.DefineAccessorProperty("stack", js.stackGet, js.stackSet, goja.FLAG_TRUE, goja.FLAG_TRUE))
	}
}

// skipConstructors leaves out the frames of the error's own constructors.
func (js *Scope) skipConstructors(frames []goja.StackFrame, name string, ctor, newTarget *Object) []goja.StackFrame {
	if len(frames) > 0 && frames[0].SrcName() == nativeSource && frames[0].FuncName() == name {
		return frames[1:]
	}
	for class := newTarget; class != nil && class != ctor && len(frames) > 0; class = class.Prototype() {
		if js.hasConstructor(class) {
			frames = frames[1:]
		}
	}
	return frames
}

// hasConstructor reports whether making an object of a class runs code of it.
func (js *Scope) hasConstructor(class *Object) bool {
	has, known := js.constructors[class]
	if !known {
		source := class.String()
		has = !strings.HasPrefix(source, "class") || strings.Contains(source, "constructor(")
		if js.constructors == nil {
			js.constructors = map[*Object]bool{}
		}
		js.constructors[class] = has
	}
	return has
}

// cut leaves the first visible frames.
func cut(frames []goja.StackFrame, limit int) []goja.StackFrame {
	end, visible := 0, 0
	for ; end < len(frames) && visible < limit; end++ {
		if shown(frames[end:]) {
			visible++
		}
	}
	const few = 64 // more than that is worth a copy
	if len(frames)-end > few {
		return append([]goja.StackFrame(nil), frames[:end]...)
	}
	return frames[:end]
}

const nativeSource = "<native>"

// shown reports whether the first of some frames is not of the runtime itself.
func shown(frames []goja.StackFrame) bool {
	f := &frames[0]
	if src := f.SrcName(); src != nativeSource {
		return !strings.HasPrefix(src, hostPrefix)
	}
	if len(frames) > 1 && strings.HasPrefix(frames[1].SrcName(), hostPrefix) {
		return false
	}
	switch name := f.FuncName(); name {
	case bottomName, "", nativeSource, "proxy", "call", "apply", "construct":
		return false
	default:
		return !strings.ContainsAny(name, "/ ") // functions of Go, bound ones
	}
}

// hostPrefix begins the names of the runtime's own scripts.
const hostPrefix = "miniworker:"

// visible are the frames a program may see.
func visible(frames []goja.StackFrame) []Frame {
	var out []Frame
	async := false
	for i := range frames {
		f := &frames[i]
		if f.SrcName() == nativeSource && f.FuncName() == bottomName {
			async = true
		}
		if !shown(frames[i:]) {
			continue
		}
		p := f.Position()
		fr := Frame{Func: f.FuncName(), File: f.SrcName(), Line: p.Line, Col: p.Column, Async: async}
		if fr.Func == "<anonymous>" {
			fr.Func = ""
		}
		if fr.File == nativeSource {
			fr.File, fr.Native = "", true
		}
		out = append(out, fr)
	}
	return out
}

// String is the frame as V8 writes it.
func (f Frame) String() string {
	at := "<anonymous>"
	if !f.Native {
		at = f.File + ":" + strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Col)
	}
	prefix := ""
	if f.Async {
		prefix = "async "
	}
	if f.Func == "" {
		return prefix + at
	}
	return prefix + f.Func + " (" + at + ")"
}

// stackLines are frames as text, each after a line break.
func stackLines(frames []goja.StackFrame) string {
	var b strings.Builder
	for _, f := range visible(frames) {
		b.WriteString("\n    at " + f.String())
	}
	return b.String()
}

// fixStack makes the stack of an error and keeps it.
func (js *Scope) fixStack(o *Object, frames []goja.StackFrame) (Value, error) {
	var v Value
	if prepare := js.intrinsics.errorCtor.Get("prepareStackTrace"); prepare != nil && IsFunction(prepare) && js.prepareStack != nil {
		var err error
		if v, err = js.prepareStack(js, o, visible(frames)); err != nil {
			return nil, err
		}
	} else {
		head := "<error>"
		if s, err := js.intrinsics.errorToString(o); err == nil {
			head = s.String()
		}
		v = js.String(head + stackLines(frames))
	}
	_, dom := domExceptionClass.From(o)
	_ = o.DefineDataProperty("stack", v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.ToFlag(dom)) // a frozen error keeps the getter
	return v, nil
}

// captureStackTrace is Error.captureStackTrace.
func (js *Scope) captureStackTrace(_ Value, a *Args) (Value, error) {
	target, ok := a.Value(0).(*Object)
	if !ok {
		return nil, TypeErrorf("Invalid argument: %s", a.Value(0).String())
	}
	limit, ok := js.limit()
	if !ok {
		return Undefined, nil
	}
	frames := js.capture(0)
	if len(frames) > 0 && frames[0].SrcName() == nativeSource {
		frames = frames[1:] // captureStackTrace itself
	}
	if above, ok := a.Value(1).(*Object); ok && IsFunction(above) {
		if name := above.Get("name"); name != nil && name.String() != "" {
			for i := range frames {
				if frames[i].FuncName() == name.String() {
					frames = frames[i+1:]
					break
				}
			}
		}
	}
	frames = cut(frames, limit)
	if stack, added, isError := errorRecord(target); isError {
		*stack, *added = frames, true
		return Undefined, target.DefineAccessorProperty("stack", js.stackGet, js.stackSet, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	get := js.Func("", 0, func(js *Scope, _ Value, _ *Args) (Value, error) { return js.fixStack(target, frames) })
	set := js.Func("", 1, func(_ *Scope, _ Value, a *Args) (Value, error) {
		return Undefined, target.DefineDataProperty("stack", a.Value(0), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	})
	return Undefined, js.wrapError(target.DefineAccessorProperty("stack", get, set, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// capture is the engine's stack, innermost first, depth 0 all of it.
func (js *Scope) capture(depth int) []goja.StackFrame {
	js.capturing = true
	defer func() { js.capturing = false }()
	return js.rt.CaptureCallStack(depth, nil)
}

// CallStack is where JavaScript is now, innermost first, frames of Go and of
// the runtime left out.
func (js *Scope) CallStack(depth int) []Frame {
	var out []Frame
	for _, f := range visible(js.capture(depth)) {
		if !f.Native {
			out = append(out, f)
		}
	}
	return out
}

// Frame is one place in a stack trace.
type Frame struct {
	// Func is empty for what has no name.
	Func, File string
	Line, Col  int
	// Async is set for functions that await the one that runs, Native for
	// those that are not JavaScript.
	Async, Native bool
}
