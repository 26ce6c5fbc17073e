package vitest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// noteLeftover says what a test that passed did not wait for. One that failed
// has more important things to say.
func (h *host) noteLeftover(t *Task) {
	if left := h.leftover[t.ID]; len(left) > 0 && t.State == Pass {
		h.run.file.Notes = append(h.run.file.Notes, fmt.Sprintf("%q ended without waiting for %s; what was under way was cancelled", t.FullName(" > "), strings.Join(left, ", ")))
	}
	delete(h.leftover, t.ID)
}

// frames gives the places of a stack trace in the user's files.
func (h *host) frames(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	m := h.copy.main
	var out []jsg.Value
	for _, f := range m.Frames(m.MapStack(a.String(0))) {
		out = append(out, js.Record("method", f.Func, "file", f.Path, "line", f.Line, "column", f.Col))
	}
	return js.NewArray(out...), a.Err()
}

// outline is a task as the runner describes it.
type outline struct {
	ID, Type, Name, Mode string
	Errors               []rawError
	Tasks                []outline
}

// rawError is an error as Vitest's processError leaves it.
type rawError struct {
	Name, Message, Stack, Diff, Expected, Actual string
	Cause                                        *rawError
}

func (h *host) errors(list []rawError) (out []Error) {
	for _, raw := range list {
		out = append(out, h.error(raw))
	}
	return out
}

func (h *host) error(raw rawError) Error {
	m := h.copy.main
	e := Error{Name: raw.Name, Message: plain(raw.Message), Diff: raw.Diff, Expected: raw.Expected, Actual: raw.Actual, Stack: m.MapStack(plain(raw.Stack))}
	e.Frames = m.Frames(e.Stack)
	if raw.Cause != nil {
		cause := h.error(*raw.Cause)
		e.Cause = &cause
	}
	return e
}

// collected gets the file's tree, as JSON. In later rounds it is the same.
func (h *host) collected(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var root outline
	if err := json.Unmarshal([]byte(a.String(0)), &root); err != nil {
		return nil, err
	}
	f := h.run.file
	if len(root.Errors) > 0 {
		f.Errors = append(f.Errors, h.errors(root.Errors)...)
	}
	if len(f.byID) == 0 {
		f.Tasks = h.tasks(root.Tasks, nil)
	}
	return jsg.Undefined, a.Err()
}

func (h *host) tasks(list []outline, parent *Task) (out []*Task) {
	for _, o := range list {
		t := &Task{ID: o.ID, Name: o.Name, Suite: o.Type == "suite", State: Pending, Parent: parent}
		switch o.Mode {
		case "skip":
			t.State = Skip
		case "todo":
			t.State = Todo
		}
		h.run.file.byID[t.ID] = t
		t.Tasks = h.tasks(o.Tasks, t)
		out = append(out, t)
	}
	return out
}

// finished gets the outcome of a test, suite or file, as JSON.
func (h *host) finished(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var o struct {
		ID, Mode, State, Note   string
		Errors                  []rawError
		Duration                float64
		RetryCount, RepeatCount int
	}
	if err := json.Unmarshal([]byte(a.String(0)), &o); err != nil {
		return nil, err
	}
	t := h.run.file.byID[o.ID]
	if t == nil { // the file
		h.run.file.Errors = append(h.run.file.Errors, h.errors(o.Errors)...)
		h.skipRest()
		return jsg.Undefined, nil
	}
	t.Errors, t.Note = append(t.Errors, h.errors(o.Errors)...), o.Note
	t.Duration = time.Duration(o.Duration * float64(time.Millisecond))
	t.Retries, t.Repeats = o.RetryCount, o.RepeatCount
	switch {
	case o.State == "pass" || o.State == "fail":
		if t.State != Fail {
			t.State = State(o.State)
		}
	case o.Mode == "todo":
		t.State = Todo
	default:
		t.State = Skip
	}
	h.noteLeftover(t)
	if !t.Suite {
		h.run.finish(t)
	}
	return jsg.Undefined, a.Err()
}

// skipRest marks what never ran: a hook before it failed.
func (h *host) skipRest() {
	for t := range h.run.file.All() {
		if t.State == Pending && !h.run.done[t.ID] {
			t.State = Skip
		}
	}
}
