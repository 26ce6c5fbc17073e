package iocontext

import (
	"maps"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Frame is the async frame of all code run for an event: it travels through
// promises, timers and operations. Frames are immutable; change one by copying.
type Frame struct {
	IO *Context
	// Span is the trace span that what happens now belongs to.
	Span trace.Span
	// Section is the critical section (blockConcurrencyWhile) the code runs in.
	Section any
	// Locals are the values of AsyncLocalStorage instances.
	Locals map[any]jsg.Value
}

// With is a copy of the frame with another async-local value.
func (f *Frame) With(key any, v jsg.Value) *Frame {
	c := *f
	c.Locals = maps.Clone(f.Locals)
	if c.Locals == nil {
		c.Locals = map[any]jsg.Value{}
	}
	c.Locals[key] = v
	return &c
}

// Current is the context of the code now running, nil at global scope.
func Current(js *jsg.Scope) *Context {
	if f, ok := js.Frame().(*Frame); ok {
		return f.IO
	}
	return nil
}

// CurrentFrame is the frame of the code now running, never nil.
func CurrentFrame(js *jsg.Scope) *Frame {
	if f, ok := js.Frame().(*Frame); ok {
		return f
	}
	return &Frame{}
}

// Require is Current, or the error that I/O at global scope gets.
func Require(js *jsg.Scope) (*Context, error) {
	if c := Current(js); c != nil {
		return c, nil
	}
	return nil, jsg.Errorf("Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and generating random values are not allowed within global scope. To fix this error, perform this operation within a handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/")
}
