package server

import (
	"net/http"
	"net/url"
	"strings"
)

// control guards /cdn-cgi/: a page of another site must not reach it through a
// name it resolves to this machine, so Host, and Origin if there is one, must
// be local or of this project.
func (s *Server) control(w http.ResponseWriter, r *http.Request, g *Graph, t target) {
	if !g.trusted(hostname(r.Host)) {
		http.Error(w, "403 Forbidden: /cdn-cgi/ answers only on localhost and the project's own hostnames", http.StatusForbidden)
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || !g.trusted(strings.ToLower(u.Hostname())) {
			http.Error(w, "403 Forbidden: /cdn-cgi/ does not answer other sites", http.StatusForbidden)
			return
		}
	}
	if s.opts.Control == nil {
		http.NotFound(w, r)
		return
	}
	s.opts.Control.ServeHTTP(w, r)
}

func (g *Graph) trusted(host string) bool {
	switch host {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	if name, ok := strings.CutSuffix(host, ".localhost"); ok {
		if _, ok := g.Workers[name]; ok {
			return true
		}
		host = name
	}
	for _, h := range g.Hosts {
		if suffix, ok := strings.CutPrefix(h, "*"); ok && strings.HasSuffix(host, suffix) || host == h {
			return true
		}
	}
	return false
}
