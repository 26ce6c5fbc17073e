package vitest

import (
	"fmt"
	"slices"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// running is a test that runs, in an event of its own: what it starts ends with
// it.
type running struct {
	task  *Task
	io    *iocontext.Context
	limit time.Duration
	// whole is the span of the test with its hooks, body that of its function, if
	// others run beside it.
	whole, body trace.Span
}

// inTest runs a test. Arguments: id, timeout in milliseconds, function.
func (h *host) inTest(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, timeout, run := a.String(0), a.Float(1), a.Func(2)
	if err := a.Err(); err != nil {
		return nil, err
	}
	t := &running{
		task: h.run.file.byID[id], limit: time.Duration(timeout * float64(time.Millisecond)), whole: trace.NewSpan(),
		io: iocontext.New(isolate.Of(js), iocontext.Current(js).Context(), iocontext.Info{}),
	}
	h.tests[id] = t
	h.run.begin(t)
	h.limitTurns()
	if !h.together {
		h.copy.journal.Clear()
	}
	var v jsg.Value
	var err error
	js.WithFrame(&iocontext.Frame{IO: t.io, Span: t.whole}, func() { v, err = js.Call(run, jsg.Undefined) })
	if err != nil {
		return nil, err
	}
	end := func() {
		h.tidy(t)
		delete(h.tests, id)
		t.io.End()
		h.limitTurns()
		h.run.end(t)
	}
	return js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) { end(); return v, nil },
		func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) { end(); return nil, jsg.Thrown(reason) }), nil
}

// current is the test whose code runs, nil outside of one.
func (h *host) current(js *jsg.Scope) *running {
	io := iocontext.Current(js)
	for _, t := range h.tests {
		if t.io == io {
			return t
		}
	}
	return nil
}

// body runs the function of a test, with which its trace begins. Of tests that
// run side by side each has the trace of what descends from its function.
func (h *host) body(js *jsg.Scope, a *jsg.Args) (v jsg.Value, err error) {
	f := a.Func(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	t := h.current(js)
	if !h.together || t == nil {
		h.copy.journal.Clear()
		return js.Call(f, jsg.Undefined)
	}
	span := trace.NewSpan()
	h.run.mu.Lock()
	t.body, t.task.span, t.task.since = span, span, span
	h.run.mu.Unlock()
	frame := *iocontext.CurrentFrame(js)
	frame.Span = span
	js.WithFrame(&frame, func() { v, err = js.Call(f, jsg.Undefined) })
	return v, err
}

// limitTurns sets how long a turn may take: as long as the test that runs, of several
// the one with the least. Is it another's turn that is stopped, it runs again alone.
func (h *host) limitTurns() {
	var least time.Duration
	for _, t := range h.tests {
		if t.limit > 0 && (least == 0 || t.limit < least) {
			least = t.limit
		}
	}
	if len(h.tests) == 0 {
		least = h.run.s.opts.Hooks
	}
	h.limit(least)
}

// settle ends what an attempt at a test left going on; what is about to end by
// itself, a socket that is closing, gets a moment for that.
func (h *host) settle(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	t := h.tests[a.String(0)]
	if t == nil {
		return jsg.Undefined, a.Err()
	}
	p := js.NewPromise()
	h.await(js, t.io, settleTries, func() {
		h.tidy(t)
		p.Resolve(jsg.Undefined)
	})
	return p.Promise(), a.Err()
}

// A test's operations are looked at this often before they are cancelled.
const (
	settleTries = 20
	settlePause = time.Millisecond
)

func (h *host) await(js *jsg.Scope, io *iocontext.Context, tries int, then func()) {
	if ops, _ := io.Busy(); ops == 0 || tries == 0 {
		then()
		return
	}
	h.after(js, settlePause, func(js *jsg.Scope) { h.await(js, io, tries-1, then) })
}

// tidy ends what a test did not wait for, and notes it.
func (h *host) tidy(t *running) {
	if n := t.io.DropOps(); n > 0 && t.task != nil {
		what := "something it began (a fetch, a timer, a storage call, a socket)"
		if n > 1 {
			what = fmt.Sprintf("%d things it began (fetches, timers, storage calls, sockets)", n)
		}
		h.leftover[t.task.ID] = append(h.leftover[t.task.ID], what)
	}
}

// begin and end keep which tests run, for those who look from outside the
// isolate.
func (r *fileRun) begin(t *running) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = append(r.running, t)
}

func (r *fileRun) end(t *running) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = slices.DeleteFunc(r.running, func(other *running) bool { return other == t })
}

// under is the test that something with this parent belongs to: the one that runs, or
// of several the one whose own code did it. The caller holds r.mu.
func (r *fileRun) under(parent trace.Span) *Task {
	if len(r.running) == 1 {
		return r.running[0].task
	}
	for _, t := range r.running {
		if parent != 0 && (parent == t.whole || parent == t.body) {
			return t.task
		}
	}
	return nil
}

// traceOf is what a test caused.
func (r *fileRun) traceOf(t *Task) trace.Records {
	all := r.journal.All()
	if t.span != 0 {
		return all.Under(t.span).Since(t.since)
	}
	return all
}

// forget begins a test's trace anew.
func (h *host) forget(js *jsg.Scope) {
	if t := h.current(js); h.together && t != nil {
		t.task.since = trace.NewSpan()
		return
	}
	h.copy.journal.Clear()
}
