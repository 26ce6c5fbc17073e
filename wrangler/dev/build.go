package dev

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/project"
)

func pid() int { return os.Getpid() }

// build builds workers side by side and reports each.
func (s *Session) build(ctx context.Context, p *project.Project, members []*project.Member, command bool) []*project.Result {
	return s.each(members, func(m *project.Member) *project.Result {
		r := p.Rebuild(ctx, m, command)
		if ctx.Err() == nil {
			s.finished(m, r)
		}
		return r
	})
}

func (s *Session) each(members []*project.Member, f func(*project.Member) *project.Result) []*project.Result {
	out := make([]*project.Result, len(members))
	var wg sync.WaitGroup
	for i, m := range members {
		wg.Go(func() { out[i] = f(m) })
	}
	wg.Wait()
	return out
}

// finished records and reports a build.
func (s *Session) finished(m *project.Member, r *project.Result) {
	s.mu.Lock()
	if len(r.Inputs) == 0 {
		if before := s.results[r.Worker]; before != nil {
			r.Inputs = before.Inputs
		}
	}
	if before := s.results[r.Worker]; before != nil && before.Failed() {
		// A failure that was reported is no news, and success after one is.
		r.Same = r.Failed() && sameFailure(before, r)
	}
	s.results[r.Worker] = r
	if !r.Failed() {
		s.built[r.Worker] = r.Started
	}
	running := m.Handle.Current() != nil
	s.markStale(r.Worker, r.Failed() && running)
	s.mu.Unlock()
	s.report(r)
	// A page about a worker that never ran is out of date with each new error.
	s.live.built(!r.Same && !(r.Failed() && running))
}

func sameFailure(a, b *project.Result) bool {
	return errorText(a.Err) == errorText(b.Err) && stackOf(a.Err) == stackOf(b.Err) && a.Diags.Error() == b.Diags.Error()
}

// markStale keeps the list that annotate reads. The caller holds mu.
func (s *Session) markStale(worker string, stale bool) {
	var list []string
	if old := s.stale.Load(); old != nil {
		list = slices.Clone(*old)
	}
	list = slices.DeleteFunc(list, func(n string) bool { return n == worker })
	if stale {
		list = append(list, worker)
	}
	slices.Sort(list)
	s.stale.Store(&list)
}

// staleHeader marks what old versions answer while a newer one does not build.
const staleHeader = "X-Miniworker-Stale"

func (s *Session) annotate(h http.Header, name string) {
	list := s.stale.Load()
	if list == nil || len(*list) == 0 {
		return
	}
	if slices.Contains(*list, name) {
		h.Set(staleHeader, "build failed")
		return
	}
	h.Set(staleHeader, "build failed: "+strings.Join(*list, ", "))
}

// report prints a build and tells everybody else.
func (s *Session) report(r *project.Result) {
	if !r.Same {
		s.out.diags(r.Diags)
	}
	rec := trace.Record{Kind: trace.Reload, Worker: r.Worker, Time: r.Started, Duration: r.Duration, Name: "built"}
	ev := event{Type: "build", Worker: r.Worker, OK: okay(!r.Failed()), Unchanged: r.Same, Millis: float64(r.Duration.Microseconds()) / 1000}
	var f *failure
	switch {
	case r.Err != nil:
		rec.Name, rec.Error, rec.Stack = "failed to start", r.Err.Error(), stackOf(r.Err)
		x := s.explain(r.Worker, rec.Error, rec.Stack)
		x.Changed = x.modified.After(r.Started) // it is this version that failed
		f = &x
	case r.Failed():
		rec.Name, rec.Error = "does not build", r.Diags.Error()
	}
	ev.Error = rec.Error
	if r.Failed() && s.isStale(r.Worker) {
		rec.Name += "; the last good version keeps running"
	}
	if !r.Same {
		s.out.reload(rec, f)
		s.trace.Emit(rec)
	}
	s.events.emit(ev)
}

func (s *Session) isStale(name string) bool {
	list := s.stale.Load()
	return list != nil && slices.Contains(*list, name)
}

// builtAt is when the running version of a worker was read from its files, by
// the clock of the file system.
func (s *Session) builtAt(name string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.built[name]; ok {
		return t
	}
	return time.Now()
}

// inputs are the files of a worker's last build that read any.
func (s *Session) inputs(m *project.Member) []string {
	if r := s.result(m); r != nil {
		return r.Inputs
	}
	return nil
}

func (s *Session) result(m *project.Member) *project.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.results[m.Config.Name]
}

func stackOf(err error) string {
	var se *worker.ScriptError
	if errors.As(err, &se) {
		return se.Stack
	}
	return ""
}
