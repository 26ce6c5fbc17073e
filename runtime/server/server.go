// Package server puts the workers of a project on one port. It turns HTTP
// requests into wire requests, asks the routing table who answers, and writes
// what comes back; WebSockets are coupled to the socket a worker returned.
//
// It contains no product logic: routes are runtime/routing's, what a worker or
// its assets answer is a wire.Fetcher's, pages and control endpoints are given
// as handlers.
//
// Where the truth is: sections 1, 9 and 11 of docs/routing.md.
package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Graph is everything that can change at a reload, swapped as one.
type Graph struct {
	Table *routing.Table
	// Workers answers for each worker by name: its assets and code.
	Workers map[string]wire.Fetcher
	// DefaultHost is the hostname that plain localhost stands for, "" if
	// DefaultWorker answers there instead.
	DefaultHost   string
	DefaultWorker string
	// Hosts are the hostnames the project's routes name, for the guard of
	// /cdn-cgi/; a leading "*." covers subdomains.
	Hosts []string

	hits map[hitKey]*hitCount
}

// Options configure a Server.
type Options struct {
	Clock clock.Clock
	Trace *trace.Bus
	// Control answers /cdn-cgi/ requests that passed the guard.
	Control http.Handler
	// NotFound answers where no worker does; url is what was routed, the name
	// localhost stands for put in.
	NotFound func(w http.ResponseWriter, r *http.Request, url string, m routing.Match)
	// Failed answers where a worker threw, hung or is not running.
	Failed func(w http.ResponseWriter, r *http.Request, worker string, err error)
	// Annotate may add headers to what a worker answers; nil adds none.
	Annotate func(h http.Header, worker string)
	// Script is the address of a script that documents are to load now, "" for
	// none; it is added to the HTML that browsers navigate to.
	Script func() string
	// Origins stand in for the real servers behind the project's zones, asked
	// through Network.
	Origins Origins
	Network *Network
	// Offline keeps workers from the real network.
	Offline bool
}

// Server is the http.Handler of a dev session.
type Server struct {
	opts  Options
	graph atomic.Pointer[Graph]
	// paused is held by readers only while they look up the graph.
	paused sync.RWMutex
	cf     cfCache
	coverage
	notes sync.Map
	noted atomic.Int64
	proxy atomic.Pointer[Proxy] // nil: not one
	// port is where the server is reached, nil before SetPort.
	port atomic.Pointer[string]

	// busy counts requests, sockets not included; idle is closed and
	// replaced each time it falls to zero while somebody drains.
	busy atomic.Int64
	idle atomic.Pointer[chan struct{}]
	// sockets are the WebSocket connections of clients.
	sockets sync.Map
	// upgrades is read-locked while a handshake is answered.
	upgrades sync.RWMutex
}

// New returns a server that answers 503 until it is given a Graph.
func New(o Options) *Server {
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	return &Server{opts: o}
}

// SetGraph swaps routes and workers; requests already begun keep the old ones.
func (s *Server) SetGraph(g *Graph) {
	g.hits = s.coverage.counters(g.Table)
	s.graph.Store(g)
}

// SetPort tells the server its own port, so that it knows itself when a worker
// fetches from localhost.
func (s *Server) SetPort(port int) {
	text := strconv.Itoa(port)
	s.port.Store(&text)
}

// Graph is what is served now.
func (s *Server) Graph() *Graph { return s.graph.Load() }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.paused.RLock()
	g := s.graph.Load()
	s.busy.Add(1) // while nobody can pause, so that Drain sees it
	s.paused.RUnlock()
	defer s.leave()
	if g == nil {
		http.Error(w, "miniworker is starting", http.StatusServiceUnavailable)
		return
	}
	if (r.URL.Scheme != "" || r.Method == http.MethodConnect) && s.proxied(w, r, g) {
		return
	}
	t, ok := g.target(r)
	if !ok {
		http.Error(w, "400 Bad Request: the Host header is missing or malformed", http.StatusBadRequest)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/cdn-cgi/") {
		s.control(w, r, g)
		return
	}
	s.route(w, r, g, t)
}

// target is what the Host header selects.
type target struct {
	scheme string
	// host is the hostname to route as, "" if worker is addressed directly.
	host   string
	worker string
	// local is set if the client used localhost or an address, and not a name
	// of the project.
	local bool
}

// target reads the Host header: HOST.localhost stands for HOST, WORKER.localhost
// for that worker's workers.dev name, localhost and addresses for the default.
func (g *Graph) target(r *http.Request) (target, bool) {
	t, ok := g.targetOf(hostname(r.Host))
	t.scheme = "http"
	if r.TLS != nil {
		t.scheme = "https"
	}
	return t, ok
}

// targetOf is target for a hostname.
func (g *Graph) targetOf(host string) (t target, ok bool) {
	if host == "" {
		return t, false
	}
	if name, ok := strings.CutSuffix(host, ".localhost"); ok {
		if name == "" {
			return t, false
		}
		if _, ok := g.Workers[name]; ok {
			t.worker = name
			return t, true
		}
		t.host = name
		return t, true
	}
	if isLocal(host) {
		t.local = true
		t.host, t.worker = g.DefaultHost, g.DefaultWorker
		if t.host != "" {
			t.worker = ""
		}
		return t, true
	}
	t.host = host
	return t, true
}

// hostname is the Host header without port, lower-case, brackets and trailing
// dot; "" if malformed.
func hostname(h string) string {
	if strings.HasPrefix(h, "[") {
		literal, port, ok := strings.Cut(h[1:], "]")
		ip, err := netip.ParseAddr(literal)
		if !ok || err != nil || !ip.Is6() || ip.Zone() != "" || port != "" && !validPort(port) {
			return ""
		}
		return ip.String()
	}
	if i := strings.LastIndexByte(h, ':'); i >= 0 {
		if !validPort(h[i:]) {
			return ""
		}
		h = h[:i]
	}
	if strings.ContainsAny(h, "/\\ \t@:?#") {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(h), ".")
}

// validPort reports whether s is a colon and a port.
func validPort(s string) bool {
	_, err := strconv.ParseUint(s[1:], 10, 16)
	return s[0] == ':' && err == nil
}

func isLocal(host string) bool {
	if host == "localhost" {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// route finds who answers and lets it.
func (s *Server) route(w http.ResponseWriter, r *http.Request, g *Graph, t target) {
	m := g.match(t, r)
	requestURL := t.scheme + "://" + r.Host + requestPath(r)
	fetcher := g.Workers[m.Worker]
	if m.Outcome != routing.RunWorker || fetcher == nil {
		if base := s.opts.Origins.find(t.host); base != nil && t.worker == "" {
			s.serveOrigin(w, r, t, m, base)
			return
		}
		w.Header().Set(routeHeader, "none; "+m.Rule)
		s.opts.NotFound(w, r, routedURL(t, r), m)
		s.report(r, requestURL, trace.NewSpan(), s.opts.Clock.Now(), m, http.StatusNotFound, nil)
		return
	}
	g.countRequest(&m)
	w.Header()[routeHeader] = []string{routeValue(m)}
	if s.opts.Annotate != nil {
		s.opts.Annotate(w.Header(), m.Worker)
	}
	s.serve(w, r, fetcher, m, requestURL, entry(r, t, &m))
}

// routedURL is the deployed URL a request stands for.
func routedURL(t target, r *http.Request) string {
	return "https://" + t.host + requestPath(r)
}

// match asks the table. Deployed sites are reached over https, so a plain HTTP
// request that no pattern takes as such is tried as https.
func (g *Graph) match(t target, r *http.Request) routing.Match {
	if t.worker != "" {
		return routing.Match{Outcome: routing.RunWorker, Via: routing.ViaWorkersDev, Worker: t.worker, Rule: "R53"}
	}
	path := requestPath(r)
	m := g.Table.Match(t.scheme, t.host, path)
	if m.Outcome != routing.RunWorker && t.scheme == "http" {
		if secure := g.Table.Match("https", t.host, path); secure.Outcome == routing.RunWorker {
			return secure
		}
	}
	return m
}

// requestPath is path and query in WHATWG form, as request.url shows them.
func requestPath(r *http.Request) string {
	p := r.RequestURI
	if !strings.HasPrefix(p, "/") { // absolute form, or * of OPTIONS
		p = r.URL.RequestURI()
		if !strings.HasPrefix(p, "/") {
			p = "/"
		}
	}
	if i := strings.IndexByte(p, '#'); i >= 0 {
		p = p[:i]
	}
	return p
}

const routeHeader = "X-Miniworker-Route"

func routeValue(m routing.Match) string {
	v := "worker=" + m.Worker + "; via=" + m.Via.String()
	if m.Pattern != "" {
		v += "; pattern=" + m.Pattern
	}
	if len(m.Contested) > 0 {
		v += "; contested-by=" + strings.Join(m.Contested, ",")
	}
	return v
}

// serve runs one request through a fetcher.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, f wire.Fetcher, m routing.Match, requestURL string, e *wire.Entry) {
	start := s.opts.Clock.Now()
	script := s.documentScript(r)
	req := s.wireRequest(r, requestURL, m.Zone)
	req.Entry, req.Hops = e, hopsMade(r.Header)
	resp, err := f.Fetch(r.Context(), req)
	if err != nil {
		if r.Context().Err() != nil {
			s.report(r, requestURL, req.Span, start, m, 499, r.Context().Err())
			return
		}
		s.opts.Failed(w, r, m.Worker, err)
		s.report(r, requestURL, req.Span, start, m, http.StatusInternalServerError, err)
		return
	}
	if resp.WebSocket != nil {
		s.leave() // a socket may stay open for days
		defer s.busy.Add(1)
		s.report(r, requestURL, req.Span, start, m, resp.Status, nil)
		s.upgrade(w, r, resp, m, req.Span)
		return
	}
	if script != "" {
		appendScript(resp, script)
	}
	err = writeResponse(w, r, resp)
	s.report(r, requestURL, req.Span, start, m, resp.Status, err)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// report emits the one record of a request.
func (s *Server) report(r *http.Request, url string, span trace.Span, start time.Time, m routing.Match, status int, err error) {
	if !s.opts.Trace.Active() {
		return
	}
	attrs := map[string]string{"url": url, "via": m.Via.String(), "pattern": m.Pattern}
	if u := r.Header.Get("Upgrade"); u != "" {
		attrs["upgrade"] = u
	}
	rec := trace.Record{
		Kind: trace.Request, Span: span, Time: start, Duration: s.opts.Clock.Now().Sub(start), Worker: m.Worker,
		Name: r.Method + " " + requestPath(r), Status: status, Attrs: attrs,
	}
	if err != nil && !clientGone(err) {
		rec.Error = err.Error()
	}
	s.opts.Trace.Emit(rec)
}

// Pause makes requests wait until Resume, while everything is exchanged.
func (s *Server) Pause() { s.paused.Lock() }

// Resume ends Pause.
func (s *Server) Resume() { s.paused.Unlock() }

func (s *Server) leave() {
	if s.busy.Add(-1) == 0 {
		if ch := s.idle.Swap(nil); ch != nil {
			close(*ch)
		}
	}
}

// Drain waits until no request is being answered, or ctx ends. It makes sense
// between Pause and Resume.
func (s *Server) Drain(ctx context.Context) {
	for s.busy.Load() > 0 {
		ch := make(chan struct{})
		s.idle.Store(&ch)
		if s.busy.Load() == 0 {
			return
		}
		select {
		case <-ch:
		case <-ctx.Done():
			return
		}
	}
}

// clientGone tells the ends of a connection that are the client's own doing.
func clientGone(err error) bool {
	for _, end := range []error{context.Canceled, net.ErrClosed, syscall.EPIPE, syscall.ECONNRESET} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}
