package vitest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// fileRun is the run of one test file, in one or more rounds: when a test takes
// the isolate with it (an endless loop), another round on a new copy of the
// project runs what is left.
type fileRun struct {
	s        *session
	file     *File
	compiled *project.Compiled
	counts   *coverage.Script // nil without coverage
	// late says that the worker is loaded after the test file, lazy that it is
	// by its first request.
	late, lazy bool

	mu sync.Mutex
	// done are the tests with a result.
	done map[string]bool
	// running are the tests now running, suites those that they are in.
	running []*running
	suites  []*Task
	// together is set while several tests run side by side; after they lost
	// their isolate together, serial is.
	together, serial bool
	journal          *trace.Journal // of the copy that runs
	cause            error          // why the isolate was lost in this round
}

// concurrency is how many concurrent tests of the file run side by side.
func (r *fileRun) concurrency() int {
	if r.serial {
		return 1
	}
	return r.s.opts.Concurrency
}

// maxRounds bounds how often a file is taken up again.
const maxRounds = 100

func (r *fileRun) run(ctx context.Context) {
	r.done = map[string]bool{}
	if !r.compile(ctx) {
		return
	}
	for round := 1; ; round++ {
		again, err := r.round(ctx)
		r.forgetCause()
		if err != nil {
			r.file.Errors = append(r.file.Errors, Error{Message: err.Error()})
			return
		}
		if !again || ctx.Err() != nil || r.s.bailed.Load() {
			return
		}
		if round == maxRounds {
			r.file.Errors = append(r.file.Errors, Error{Message: fmt.Sprintf("The isolate had to be given up %d times; the tests left did not run.", round)})
			return
		}
	}
}

// compile bundles the test file with the main worker.
func (r *fileRun) compile(ctx context.Context) bool {
	start := time.Now()
	defer func() { r.s.build.Add(int64(time.Since(start))) }()
	source, late, lazy := r.s.entry(r.file.Path)
	r.late, r.lazy = late, lazy
	c, result := r.s.builds.Compile(ctx, r.s.main(r.file.Path), func(o *bundle.Options) {
		o.Entry, o.Source = r.file.Path, source
		o.Tests = append(r.s.opts.Setup[:len(r.s.opts.Setup):len(r.s.opts.Setup)], r.file.Path)
		o.External = append(o.External, "vitest", "@vitest/runner", "@vitest/expect", "miniworker:test")
		r.counts = r.s.counting(o)
		o.NodeEnv, o.Minify, o.NoBundle, o.FindAdditionalModules = "test", false, false, false
	})
	r.file.inputs = append(result.Inputs, r.file.Path)
	if c == nil {
		r.file.Errors = append(r.file.Errors, buildErrors(r.s.opts.Root, result)...)
		return false
	}
	r.compiled = c
	return true
}

func buildErrors(root string, result *project.Result) (out []Error) {
	if result.Err != nil {
		out = append(out, Error{Message: result.Err.Error()})
	}
	for _, d := range result.Diags {
		if d.Severity != diag.Error {
			continue
		}
		e := Error{Name: "BuildError", Message: d.Message}
		if d.Hint != "" {
			e.Message += "\n" + d.Hint
		}
		if d.Pos.File != "" {
			e.Frames = []project.Frame{{File: project.Display(root, d.Pos.File), Path: d.Pos.File, Line: d.Pos.Line, Col: d.Pos.Col}}
		}
		out = append(out, e)
	}
	return out
}

// round runs what has no result yet on a new copy of the project. It reports
// whether the isolate was lost and tests are left.
func (r *fileRun) round(ctx context.Context) (again bool, err error) {
	c, err := r.copy(ctx)
	if err != nil {
		return false, err
	}
	defer c.close()
	defer func() { r.s.hits.AddHits(c.server.Hits()) }()
	w := c.main.Handle.Current()
	h := c.host
	ended := make(chan error, 1)
	_, err = w.Event(ctx, iocontext.Info{}, c.span, func(js *jsg.Scope, io *iocontext.Context) {
		h.stash.runner = io
		v, err := h.start(js)
		if err != nil {
			ended <- err
			io.Release()
			return
		}
		io.Await(js, v, func(js *jsg.Scope, _ jsg.Value, err error) {
			if err != nil {
				err = w.Describe(err)
			}
			ended <- err
			io.Release()
		})
	})
	if err != nil {
		return false, err
	}
	stop := h.watch(w)
	defer stop()
	select {
	case err := <-ended:
		r.endedEarly(err)
		return false, nil
	case <-w.Isolate().Done():
		select {
		case err := <-ended:
			r.endedEarly(err)
			return false, nil
		default:
		}
		return r.lost(w.Isolate().Cause()), nil
	case <-ctx.Done():
		w.Kill()
		return false, nil
	}
}

// endedEarly reports what ended the runner itself.
func (r *fileRun) endedEarly(err error) {
	if err == nil {
		return
	}
	e := Error{Message: err.Error()}
	var se *worker.ScriptError
	if errors.As(err, &se) {
		e = r.scriptError(se)
		if se.Hung {
			e = Error{Name: "Error", Message: "The tests can never end: nothing is going on that could settle what they wait for."}
		}
	}
	r.file.Errors = append(r.file.Errors, e)
}

func (r *fileRun) scriptError(se *worker.ScriptError) Error {
	return Error{Name: se.Name, Message: se.Message, Stack: se.Stack, Frames: r.file.member.Frames(se.Stack)}
}

// lost gives the failure to the test that took the isolate with it.
func (r *fileRun) lost(cause error) (again bool) {
	e := Error{Name: "Error", Message: "The isolate of the tests was stopped."}
	if cause != nil {
		e.Message = message(cause)
	}
	r.mu.Lock()
	r.cause = cause
	var t *Task
	if len(r.running) > 0 {
		t = r.running[0].task
	}
	suites, together := r.suites, r.together
	r.running, r.suites, r.together = nil, nil, false
	r.mu.Unlock()
	switch {
	case together:
		// Alone, the one to blame shows.
		r.serial = true
		r.file.Notes = append(r.file.Notes, "concurrent tests lost their isolate; those without a result ran again, one at a time")
	case t != nil:
		t.State, t.Errors = Fail, append(t.Errors, e)
		r.finish(t)
	case len(suites) > 0: // in a hook of the suite
		last := suites[len(suites)-1]
		last.State, last.Errors = Fail, append(last.Errors, e)
		walk(last.Tasks, func(t *Task) bool {
			if !t.Suite && t.State == Pending {
				t.State = Skip
				r.finish(t)
			}
			return true
		})
	default:
		r.file.Errors = append(r.file.Errors, e)
		return false
	}
	for t := range r.file.Tests() {
		if t.State == Pending {
			return true
		}
	}
	return false
}

// forgetCause drops what was said on the way of why the isolate was lost: the
// test has it.
func (r *fileRun) forgetCause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cause != nil {
		text := message(r.cause)
		r.file.Unhandled = slices.DeleteFunc(r.file.Unhandled, func(u Error) bool { return strings.Contains(u.Message, text) })
		r.cause = nil
	}
}

// message is an error's text without the name jsg puts before it.
func message(err error) string {
	var je *jsg.Error
	if errors.As(err, &je) {
		return je.Message
	}
	return err.Error()
}

// finish notes that a test has its result.
func (r *fileRun) finish(t *Task) {
	r.mu.Lock()
	r.done[t.ID] = true
	r.mu.Unlock()
	if t.State == Fail {
		r.saveTrace(t)
		r.s.failedTest()
	}
	r.s.tell(func(rep Reporter) { rep.Test(r.file, t) })
}

// unhandled notes an error nobody caught.
func (r *fileRun) unhandled(err error) {
	e := Error{Message: err.Error()}
	var se *worker.ScriptError
	if errors.As(err, &se) {
		e = r.scriptError(se)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.running {
		e.Message += fmt.Sprintf("\nThis happened while %q ran.", t.task.FullName(" > "))
	}
	r.file.Unhandled = append(r.file.Unhandled, e)
}

// internalError is the name of records about faults of the runtime.
const internalError = "internal error"

// record passes on what consoles say.
func (r *fileRun) record(c *projectCopy, rec trace.Record) {
	if rec.Kind == trace.Exception && rec.Name == internalError {
		r.unhandled(fmt.Errorf("%s in worker %s: %s\n%s", rec.Name, rec.Worker, rec.Error, rec.Stack))
	}
	if rec.Kind != trace.Log {
		return
	}
	r.mu.Lock()
	l := Log{File: r.file, Test: r.under(rec.Parent), Worker: rec.Worker, Level: rec.Level, Text: rec.Name}
	if l.Test != nil {
		l.Test.Logs = append(l.Test.Logs, l)
	}
	r.mu.Unlock()
	if m := c.project.Member(rec.Worker); m != nil {
		l.Text = m.MapStack(l.Text)
	}
	r.s.tell(func(rep Reporter) { rep.Log(l) })
}
