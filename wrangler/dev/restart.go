package dev

import (
	"context"
	"time"

	"github.com/miniworker/miniworker/wrangler/project"
)

// drainGrace is how long requests in flight may take when a changed
// configuration replaces the project: storage has to change hands.
const drainGrace = time.Second

// restart reads the configuration anew and replaces the project. Requests that
// come meanwhile wait; a configuration that has errors, or whose workers do not
// build although they did before, leaves everything as it was. It reports
// whether the new configuration is in force, and what to watch if not.
func (s *Session) restart(ctx context.Context, w *watcher) (ok bool, watch []string) {
	began := s.opts.Clock.Now()
	configs, diags := s.load()
	if text := diags.Error(); text == "" || text != s.kept {
		s.out.diags(diags)
		s.kept = text
	} else {
		return false, nil // tried again, and said before
	}
	if diags.HasErrors() || len(configs) == 0 {
		return s.keep("the configuration has errors", nil)
	}
	next, err := s.prepare(configs)
	if err != nil {
		return s.keep("the configuration has errors", nil)
	}
	s.building.Store(next)
	defer s.building.Store(nil)
	clear(w.commands)
	var results []*project.Result
	w.learn(next, func() {
		results = s.each(next.Members(), func(m *project.Member) *project.Result { return next.Prepare(ctx, m) })
	})
	if ctx.Err() != nil {
		next.Close()
		return false, nil
	}
	if bad := s.worse(results); len(bad) > 0 {
		for _, r := range bad {
			s.out.diags(r.Diags)
			watch = append(watch, r.Inputs...)
		}
		next.Close()
		return s.keep("the workers do not build with the new configuration", watch)
	}
	s.replace(ctx, next)
	took := s.opts.Clock.Now().Sub(began)
	s.out.reloaded("configuration reloaded", took)
	s.events.emit(event{Type: "config", OK: okay(true), Millis: float64(took.Microseconds()) / 1000})
	s.banner(next, s.open)
	return true, nil
}

// replace puts next in the place of the project that serves.
func (s *Session) replace(ctx context.Context, next *project.Project) {
	s.server.Pause()
	defer s.server.Resume()
	drain, cancel := context.WithTimeout(ctx, drainGrace)
	s.server.Drain(drain)
	cancel()
	s.server.CloseSockets(closeRestart, "the configuration changed")
	if old := s.project.Swap(next); old != nil {
		if err := old.Close(); err != nil {
			s.out.say(Error, "closing state: "+err.Error())
		}
	}
	s.mu.Lock()
	clear(s.results)
	clear(s.built)
	s.stale.Store(nil)
	s.mu.Unlock()
	s.build(ctx, next, next.Members(), true)
	next.Publish()
	s.live.built(true)
}

// worse are the failed builds of workers that run now.
func (s *Session) worse(results []*project.Result) []*project.Result {
	running := s.project.Load()
	var out []*project.Result
	for _, r := range results {
		if !r.Failed() || running == nil {
			continue
		}
		if m := running.Member(r.Worker); m == nil || m.Handle.Current() != nil {
			out = append(out, r)
		}
	}
	return out
}

// keep says that the project stays as it is.
func (s *Session) keep(why string, watch []string) (bool, []string) {
	s.out.say(Error, why+"; the workers keep running as they were")
	s.events.emit(event{Type: "config", OK: okay(false), Error: why})
	return false, watch
}
