package dev

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/routes"
)

// coveragePath shows which patterns were hit.
const coveragePath = "/cdn-cgi/local/coverage"

// coverageEvery is how often hits are written down while a session runs.
const coverageEvery = 10 * time.Second

// hits keeps the record of which patterns answered.
type hits struct {
	on    bool
	saved []server.Hits
}

// loadHits goes on counting where the last session stopped.
func (s *Session) loadHits() {
	list, err := routes.ReadCoverage(s.state.dir)
	if err != nil {
		s.out.say(Warn, err.Error())
		return
	}
	s.server.AddHits(list)
	s.hits = hits{on: true, saved: list}
}

// saveHits writes what changed. It is called by one goroutine at a time.
func (s *Session) saveHits() {
	list := s.server.Hits()
	if !s.hits.on || slices.Equal(list, s.hits.saved) {
		return
	}
	if err := routes.WriteCoverage(s.state.dir, list); err != nil {
		s.out.say(Warn, err.Error())
		s.hits.on = false
		return
	}
	s.hits.saved = list
}

// keepHits saves from time to time until ctx ends.
func (s *Session) keepHits(ctx context.Context) {
	tick := time.NewTicker(coverageEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.saveHits()
		case <-ctx.Done():
			return
		}
	}
}

// coverage answers coveragePath.
func (s *Session) coverage(w http.ResponseWriter, r *http.Request) {
	p := s.current()
	if p == nil {
		http.NotFound(w, r)
		return
	}
	list := routes.Coverage(p.Table(), s.server.Hits())
	w.Header().Set("Cache-Control", "no-store")
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		_ = routes.CoverageJSON(w, list, s.out.dir)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_ = routes.PrintCoverage(w, list, s.out.dir)
}
