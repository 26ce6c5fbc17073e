package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/routing"
)

// Origins maps hostnames to the servers that stand in for their real origins.
type Origins map[string]*url.URL

// Add reads HOST=URL. HOST may begin with "*." for all subdomains.
func (o Origins) Add(text string) error {
	host, target, ok := strings.Cut(text, "=")
	if !ok || host == "" || target == "" {
		return fmt.Errorf("origin %q is not of the form HOST=URL", text)
	}
	host = strings.ToLower(host)
	if name := strings.TrimPrefix(host, "*."); name == "" || strings.ContainsAny(name, "*/:@?# ") {
		return fmt.Errorf("origin %q: %q is not a hostname", text, host)
	}
	if !strings.Contains(target, "://") {
		target = "http://" + target
	}
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return fmt.Errorf("origin %q: %w", text, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("origin %q: the scheme %s is not http or https", text, u.Scheme)
	case u.Host == "":
		return fmt.Errorf("origin %q: the URL has no host", text)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "":
		return fmt.Errorf("origin %q: the path and query come from the request; give scheme, host and port only", text)
	}
	if o[host] != nil {
		return fmt.Errorf("origin %q: %s is mapped twice", text, host)
	}
	o[host] = &url.URL{Scheme: u.Scheme, Host: u.Host}
	return nil
}

// find is the server for a hostname, nil if none is mapped.
func (o Origins) find(host string) *url.URL {
	if u := o[host]; u != nil {
		return u
	}
	for len(o) > 0 {
		_, parent, ok := strings.Cut(host, ".")
		if !ok {
			break
		}
		if u := o["*."+parent]; u != nil {
			return u
		}
		host = parent
	}
	return nil
}

// serveOrigin answers a request no worker takes from the mapped origin.
func (s *Server) serveOrigin(w http.ResponseWriter, r *http.Request, t target, m routing.Match, base *url.URL) {
	start := s.opts.Clock.Now()
	requestURL := routedURL(t, r)
	req := s.wireRequest(r, requestURL, m.Zone)
	w.Header()[routeHeader] = []string{"origin; " + m.Rule}
	resp, err := s.opts.Network.at(base, clientIP(r.RemoteAddr)).Fetch(r.Context(), req)
	if err != nil {
		if r.Context().Err() == nil {
			http.Error(w, fmt.Sprintf("502 Bad Gateway: the origin %s mapped for %s did not answer: %v", base, t.host, err), http.StatusBadGateway)
		}
		s.report(r, requestURL, req.Span, start, m, http.StatusBadGateway, err)
		return
	}
	if resp.WebSocket != nil {
		s.report(r, requestURL, req.Span, start, m, resp.Status, nil)
		s.upgrade(w, r, resp, m, req.Span)
		return
	}
	err = writeResponse(w, r, resp)
	s.report(r, requestURL, req.Span, start, m, resp.Status, err)
}

// errOffline is why a fetch fails under --offline.
func errOffline(host string) error {
	return errors.New("The network is off (--offline), so " + host + " was not asked. Map it to a local server with --origin " + host + "=http://localhost:PORT.")
}

// loopback reports names and addresses of this machine.
func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// maxNotes bounds what is remembered of notes, for workers that fetch from ever
// new hosts.
const maxNotes = 1000

// note reports something about routing that a user should know, once per text.
func (s *Server) note(worker string, span trace.Span, level, text string) {
	if s.noted.Load() >= maxNotes {
		return
	}
	if _, said := s.notes.LoadOrStore(worker+"\x00"+text, struct{}{}); said {
		return
	}
	s.noted.Add(1)
	s.opts.Trace.Emit(trace.Record{Kind: trace.Log, Worker: worker, Parent: span, Level: level, Time: s.opts.Clock.Now(), Name: text})
}
