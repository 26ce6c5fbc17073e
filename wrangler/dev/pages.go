package dev

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/project"
)

// conflicts are the findings about the project's routes that matter at start.
func (s *Session) conflicts(p *project.Project) diag.List { return p.Table().Lint() }

// control answers /cdn-cgi/.
func (s *Session) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/cdn-cgi/local/ready", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	return mux
}

// notFound is the page where no worker answers: what exists, and what nearly
// matched.
func (s *Session) notFound(w http.ResponseWriter, r *http.Request, url string, m routing.Match) {
	p := s.current()
	if p == nil {
		http.NotFound(w, r)
		return
	}
	e, err := p.Table().Explain(url, routing.ExplainOptions{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	s.page(w, r, http.StatusNotFound, "No worker answers "+url, s.notFoundText(p, e), e)
}

func (s *Session) notFoundText(p *project.Project, e routing.Explanation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", e.Reason)
	if len(e.NearMisses) > 0 {
		b.WriteString("\nNearly matched:\n")
		for _, n := range e.NearMisses {
			fmt.Fprintf(&b, "  %s → %s: %s\n", n.Pattern, n.Worker, n.Fix)
		}
	}
	b.WriteString("\nWhat exists:\n")
	for _, m := range p.Members() {
		for _, r := range m.Config.Routes {
			fmt.Fprintf(&b, "  %s → %s\n", r.Pattern, m.Config.Name)
		}
		fmt.Fprintf(&b, "  http://%s.localhost → %s\n", m.Config.Name, m.Config.Name)
	}
	return b.String()
}

// failed is the page of an error of user code.
func (s *Session) failed(w http.ResponseWriter, r *http.Request, name string, err error) {
	var build *project.BuildError
	if errors.As(err, &build) {
		s.page(w, r, http.StatusInternalServerError, "The worker "+name+" does not build", build.Error(), map[string]any{"error": build.Error()})
		return
	}
	var se *worker.ScriptError
	if !errors.As(err, &se) {
		s.page(w, r, http.StatusInternalServerError, "The worker "+name+" did not answer", err.Error(), map[string]any{"error": err.Error()})
		return
	}
	text := se.Error()
	if se.Stack != "" {
		text = se.Stack
	}
	s.page(w, r, http.StatusInternalServerError, se.Error(), text, map[string]any{"error": map[string]string{"name": se.Name, "message": se.Message, "stack": se.Stack, "worker": name}})
}

// page writes a message in the form the client takes.
func (s *Session) page(w http.ResponseWriter, r *http.Request, status int, title, text string, data any) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	accept := r.Header.Get("Accept")
	switch {
	case strings.Contains(accept, "text/html"):
		h.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, pageHTML, html.EscapeString(title), html.EscapeString(title), html.EscapeString(text))
	case strings.Contains(accept, "application/json"):
		h.Set("Content-Type", "application/json")
		w.WriteHeader(status)
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.Encode(data)
	default:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, "%s\n\n%s\n", title, text)
	}
}

const pageHTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem;color-scheme:light dark}
h1{font-size:1.3rem}pre{padding:1rem;overflow:auto;border:1px solid #8884;border-radius:8px;font-size:.9rem}</style>
<h1>%s</h1><pre>%s</pre></html>
`
