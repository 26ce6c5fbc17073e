package jsg

import "github.com/dop251/goja"

// Detail is what V8 says of a value in the message of an uncaught exception.
func (js *Scope) Detail(v Value) (text string) {
	defer func() { _ = recover() }() // of a getter that throws
	o, ok := v.(*Object)
	switch {
	case !ok:
		return Describe(v).Message
	case IsFunction(o):
		return o.String()
	}
	if _, dom := domExceptionClass.From(o); dom {
		return "" // its name and message are accessors, which V8 does not ask here
	}
	if o.ClassName() == "Error" {
		s, err := js.intrinsics.errorToString(o)
		if err != nil {
			return ""
		}
		return s.String()
	}
	if toString := o.Get("toString"); toString != nil && toString.SameAs(js.intrinsics.objectToString) {
		if ctor, ok := orUndefined(o.Get("constructor")).(*Object); ok {
			return "#<" + orUndefined(ctor.Get("name")).String() + ">"
		}
	}
	s, err := callable(js.intrinsics.objectToString)(o)
	if err != nil {
		return ""
	}
	return s.String()
}

// ThrownAt is where an error was made; for any other value, where JavaScript is
// now.
func (js *Scope) ThrownAt(v Value) Frame {
	frames := []goja.StackFrame(nil)
	if o, ok := v.(*Object); ok {
		if stack, _, ok := errorRecord(o); ok {
			frames = *stack
		}
	}
	if frames == nil {
		frames = js.capture(0)
	}
	for _, f := range visible(frames) {
		if !f.Native {
			return f
		}
	}
	return Frame{}
}
