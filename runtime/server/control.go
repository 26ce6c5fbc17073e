package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// control guards /cdn-cgi/: a page of another site must not reach it through a
// name it resolves to this machine, so Host, and Origin if there is one, must
// be local or of this project.
func (s *Server) control(w http.ResponseWriter, r *http.Request, g *Graph) {
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
	// Images and forms of other sites send no Origin, but browsers tell where
	// they come from. Following a link is fine.
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" && (r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Method != http.MethodGet) {
		http.Error(w, "403 Forbidden: /cdn-cgi/ does not answer other sites", http.StatusForbidden)
		return
	}
	if r.URL.Path == PACPath {
		if s.proxy.Load() == nil {
			http.Error(w, "404 Not Found: start miniworker with --proxy for a proxy and its PAC file", http.StatusNotFound)
			return
		}
		s.servePAC(w, r, g)
		return
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
	return slices.ContainsFunc(g.Hosts, func(h string) bool { return covers(h, host) })
}

// covers reports whether host is one that the host of a pattern names. A
// pattern that any name ending in it would match vouches for whole labels only,
// and one for every name there is vouches for none.
func covers(pattern, host string) bool {
	suffix, wild := strings.CutPrefix(pattern, "*")
	if !wild {
		return host == pattern
	}
	suffix = strings.TrimPrefix(suffix, ".")
	if !strings.Contains(suffix, ".") {
		return false
	}
	return strings.HasSuffix(host, "."+suffix) || host == suffix && !strings.HasPrefix(pattern, "*.")
}
