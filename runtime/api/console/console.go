// Package console emulates the console object. Each call is one trace record of
// kind log; how it is shown is the reader's business. Formatting follows what
// people know from Node: strings as they are, other values inspected.
//
// Where the truth is: https://console.spec.whatwg.org/.
package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

type state struct {
	indent string
	counts map[string]int
	timers map[string]time.Time
}

// Install defines the console object.
func Install(js *jsg.Scope) {
	s := &state{counts: map[string]int{}, timers: map[string]time.Time{}}
	o := js.CreateObject(js.NewObject())
	define := func(name string, f func(js *jsg.Scope, a *jsg.Args) error) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return jsg.Undefined, f(js, a)
		}))
	}
	for _, level := range []string{"debug", "error", "info", "log", "warn"} {
		js.Define(o, level, js.Func("", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			s.emit(js, level, Format(js, a.Rest(0)))
			return jsg.Undefined, nil
		}))
	}
	for _, name := range []string{"dir", "dirxml", "table"} {
		define(name, func(js *jsg.Scope, a *jsg.Args) error {
			if a.Len() > 0 {
				s.emit(js, "log", Inspect(js, a.Value(0)))
			}
			return nil
		})
	}
	define("trace", func(js *jsg.Scope, a *jsg.Args) error {
		var b strings.Builder
		b.WriteString("Trace: " + Format(js, a.Rest(0)))
		for _, f := range js.CallStack(20) {
			b.WriteString("\n    at " + f.String())
		}
		s.emit(js, "log", b.String())
		return nil
	})
	for _, name := range []string{"group", "groupCollapsed"} {
		define(name, func(js *jsg.Scope, a *jsg.Args) error {
			s.emit(js, "log", Format(js, a.Rest(0)))
			s.indent += "  "
			return nil
		})
	}
	define("groupEnd", func(js *jsg.Scope, a *jsg.Args) error {
		s.indent = strings.TrimSuffix(s.indent, "  ")
		return nil
	})
	nothing := func(*jsg.Scope, *jsg.Args) error { return nil }
	define("clear", nothing)
	s.counting(define)
	define("assert", func(js *jsg.Scope, a *jsg.Args) error {
		if a.Bool(0) {
			return nil
		}
		text := Format(js, a.Rest(1))
		if text != "" {
			text = ": " + text
		}
		s.emit(js, "error", "Assertion failed"+text)
		return nil
	})
	define("profile", nothing)
	define("profileEnd", nothing)
	s.timing(define)
	define("timeStamp", nothing)
	js.Define(o, "context", js.Func("context", 1, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) { return o, nil }))
	js.Define(o, "createTask", js.Func("createTask", 0, createTask))
	js.DefineReadOnlySymbol(o, jsg.SymToStringTag, js.String("console"))
	js.DefineHidden(js.Global(), "console", o)
}

// createTask gives an object whose run calls a function; that the stacks of both
// would be shown as one is the business of a debugger.
func createTask(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 || a.String(0) == "" {
		return nil, jsg.Errorf("First argument must be a non-empty string.")
	}
	proto := js.NewObject()
	js.DefineHidden(proto, "constructor", js.Func("", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
		return nil, jsg.TypeErrorf("Illegal constructor")
	}))
	task := js.CreateObject(proto)
	js.Define(task, "run", js.Func("run", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		if !jsg.IsFunction(a.Value(0)) {
			return nil, jsg.Errorf("First argument must be a function.")
		}
		return js.Call(a.Value(0), jsg.Undefined)
	}))
	return task, nil
}

func (s *state) counting(define func(string, func(*jsg.Scope, *jsg.Args) error)) {
	define("count", func(js *jsg.Scope, a *jsg.Args) error {
		label := a.OptString(0, "default")
		s.counts[label]++
		s.emit(js, "info", fmt.Sprintf("%s: %d", label, s.counts[label]))
		return a.Err()
	})
	define("countReset", func(js *jsg.Scope, a *jsg.Args) error {
		delete(s.counts, a.OptString(0, "default"))
		return a.Err()
	})
}

func (s *state) timing(define func(string, func(*jsg.Scope, *jsg.Args) error)) {
	define("time", func(js *jsg.Scope, a *jsg.Args) error {
		s.timers[a.OptString(0, "default")] = isolate.Of(js).Clock().Now()
		return a.Err()
	})
	report := func(js *jsg.Scope, a *jsg.Args) {
		label := a.OptString(0, "default")
		start, ok := s.timers[label]
		if !ok {
			s.emit(js, "warn", "Timer '"+label+"' does not exist")
			return
		}
		text := fmt.Sprintf("%s: %v", label, isolate.Of(js).Clock().Now().Sub(start).Round(time.Microsecond))
		if a.Len() > 1 {
			text += " " + Format(js, a.Rest(1))
		}
		s.emit(js, "info", text)
	}
	define("timeLog", func(js *jsg.Scope, a *jsg.Args) error { report(js, a); return a.Err() })
	define("timeEnd", func(js *jsg.Scope, a *jsg.Args) error {
		report(js, a)
		delete(s.timers, a.OptString(0, "default"))
		return a.Err()
	})
}

func (s *state) emit(js *jsg.Scope, level, text string) {
	if s.indent != "" {
		text = s.indent + strings.ReplaceAll(text, "\n", "\n"+s.indent)
	}
	iso := isolate.Of(js)
	iso.Trace().Emit(trace.Record{
		Kind: trace.Log, Worker: iso.Name(), Time: iso.Clock().Now(), Level: level, Name: text,
		Parent: iocontext.CurrentFrame(js).Span,
	})
}
