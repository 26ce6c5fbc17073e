package dev

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/wrangler/project"
)

// scheduledPath triggers a cron event.
const scheduledPath = "/cdn-cgi/local/scheduled"

// testScheduledPath does so under --test-scheduled.
const testScheduledPath = "/__scheduled"

// scheduled runs scheduled() of a worker: ?cron=, ?time= (ms since the epoch),
// ?worker= (default: the first with cron triggers, else the first),
// ?format=json. What /__scheduled answers is wrangler's text.
func (s *Session) scheduled(w http.ResponseWriter, r *http.Request) {
	p := s.current()
	if p == nil {
		http.Error(w, "the session is stopping", http.StatusServiceUnavailable)
		return
	}
	q := r.URL.Query()
	m := cronWorker(p, q.Get("worker"))
	if m == nil {
		http.Error(w, fmt.Sprintf("no worker named %q in this project", q.Get("worker")), http.StatusNotFound)
		return
	}
	at := s.opts.Clock.Now()
	if t := q.Get("time"); t != "" {
		ms, err := strconv.ParseInt(t, 10, 64)
		if err != nil {
			http.Error(w, "time must be milliseconds since the epoch", http.StatusBadRequest)
			return
		}
		at = time.UnixMilli(ms)
	}
	current := m.Handle.Current()
	if current == nil {
		http.Error(w, m.Handle.Err().Error(), http.StatusInternalServerError)
		return
	}
	noRetry, err := current.Scheduled(r.Context(), q.Get("cron"), at)
	outcome, status := "ok", http.StatusOK
	if err != nil {
		outcome, status = "exception", http.StatusInternalServerError
	}
	if q.Get("format") == "json" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]any{"outcome": outcome, "noRetry": noRetry})
		return
	}
	if err == nil && strings.HasPrefix(r.RequestURI, testScheduledPath) {
		outcome = "Ran scheduled event"
	}
	w.WriteHeader(status)
	fmt.Fprint(w, outcome)
}

func cronWorker(p *project.Project, name string) *project.Member {
	if name != "" {
		return p.Member(name)
	}
	for _, m := range p.Members() {
		if len(m.Config.Crons) > 0 {
			return m
		}
	}
	return p.Members()[0]
}
