package durable

import (
	"strings"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// traced is a method of the storage classes that tells the trace of its calls.
// It costs nothing worth measuring while nobody asks for them.
func traced[T any](name string, of func(*T) *access, call func(*T, *jsg.Scope, *jsg.Args) (jsg.Value, error)) func(*T, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
	return func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		ns := of(t).ns
		if !ns.session.Trace.Detailed() {
			return call(t, js, a)
		}
		r := trace.Record{Kind: trace.Storage, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: ns.worker,
			Time: ns.session.Clock.Now(), Name: ns.class + "." + name + subject(a), Target: ns.class}
		v, err := call(t, js, a)
		r.Duration = ns.session.Clock.Now().Sub(r.Time)
		if err != nil {
			r.Error = err.Error()
		}
		ns.session.Trace.Emit(r)
		return v, err
	}
}

// subjectLimit is how much of keys and statements a record has.
const subjectLimit = 200

// subject is what a call is about, after a space: a key, keys or a statement.
func subject(a *jsg.Args) string {
	v := a.Value(0)
	text := ""
	if jsg.IsString(v) {
		text = v.String()
	} else if keys, ok := keyList(v); ok {
		text = strings.Join(keys, ", ")
	}
	if text == "" {
		return ""
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > subjectLimit {
		text = strings.ToValidUTF8(text[:subjectLimit], "") + "…"
	}
	return " " + text
}
