package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/routing"
)

// Proxy makes a server an HTTP proxy for the project's hostnames as well: a
// browser that uses it opens them under their real names.
type Proxy struct {
	// All carries other hosts to the network, for clients on this machine.
	All bool
	// Tunnel serves the inside of a CONNECT.
	Tunnel func(net.Conn)
}

// SetProxy makes the server a proxy.
func (s *Server) SetProxy(p *Proxy) { s.proxy.Store(p) }

// PACPath is where browsers find out which hosts to send to the proxy.
const PACPath = "/cdn-cgi/local/proxy.pac"

// proxied answers what only a proxy is asked: CONNECT, and absolute URLs of
// other hosts. It reports whether it did. A URL of the project is left to be
// served as if it had been asked directly.
func (s *Server) proxied(w http.ResponseWriter, r *http.Request, g *Graph) bool {
	p := s.proxy.Load()
	if r.Method == http.MethodConnect {
		s.connect(w, r, g, p)
		return true
	}
	if r.URL.Scheme == "" { // the usual form: a path
		return false
	}
	if r.URL.Scheme != "http" && (r.URL.Scheme != "https" || r.TLS == nil) {
		http.Error(w, "400 Bad Request: only http:// URLs can be asked for like this; https:// goes through CONNECT", http.StatusBadRequest)
		return true
	}
	for _, h := range []string{"Proxy-Connection", "Proxy-Authorization"} {
		r.Header.Del(h)
	}
	if p == nil || s.mine(g, r.Host) {
		return false
	}
	if !s.mayForward(w, r, g, p) {
		return true
	}
	s.forward(w, r)
	return true
}

// mine reports whether an authority is this server's: a hostname of the project,
// or localhost at its own port.
func (s *Server) mine(g *Graph, authority string) bool {
	host := hostname(authority)
	if !loopback(host) {
		return host != "" && s.owns(g, host)
	}
	_, port, err := net.SplitHostPort(authority)
	own := s.port.Load()
	return err == nil && own != nil && port == *own
}

// owns reports whether the project answers for a hostname.
func (s *Server) owns(g *Graph, host string) bool {
	if s.opts.Origins.find(host) != nil || g.Table.Match("https", host, "/").Outcome == routing.RunWorker {
		return true
	}
	return slices.ContainsFunc(g.Hosts, func(h string) bool { return covers(h, host) })
}

// mayForward reports whether a request to a foreign host is carried; if not, it
// has been answered.
func (s *Server) mayForward(w http.ResponseWriter, r *http.Request, g *Graph, p *Proxy) bool {
	host := hostname(r.Host)
	var text string
	switch ip, err := netip.ParseAddr(clientIP(r.RemoteAddr)); {
	case host == "":
		http.Error(w, "400 Bad Request: the host of the request is malformed", http.StatusBadRequest)
		return false
	case p == nil:
		text = "miniworker is not a proxy here. Start it with --proxy to open the project's hostnames through it."
	case !p.All:
		text = fmt.Sprintf("this proxy carries the hostnames of the project only (%s), and %s is not one of them. Start miniworker with --proxy-all to carry everything, or give the browser the PAC file at %s instead of a fixed proxy.",
			strings.Join(slices.Compact(slices.Sorted(slices.Values(g.Hosts))), ", "), host, PACPath)
	case err != nil || !ip.Unmap().IsLoopback():
		text = "--proxy-all carries other hosts for clients on this machine only."
	case s.opts.Offline && !loopback(host):
		text = "the network is off (--offline)."
	default:
		return true
	}
	http.Error(w, "403 Forbidden: "+text, http.StatusForbidden)
	return false
}

// forward carries a plain request to the network.
func (s *Server) forward(w http.ResponseWriter, r *http.Request) {
	rp := &httputil.ReverseProxy{
		Rewrite:   func(pr *httputil.ProxyRequest) { pr.Out.Host = pr.In.Host },
		Transport: proxyTransport,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, fmt.Sprintf("502 Bad Gateway: %s did not answer: %v", r.Host, err), http.StatusBadGateway)
		},
	}
	rp.ServeHTTP(w, r)
}

var proxyDialer = &net.Dialer{Timeout: 15 * time.Second}

var proxyTransport = &http.Transport{DialContext: proxyDialer.DialContext, DisableCompression: true, DisableKeepAlives: true}

// tunnelPorts are those the platform listens on.
var tunnelPorts = []string{"80", "443", "8080", "8443", "8880", "2052", "2053", "2082", "2083", "2086", "2087", "2095", "2096"}

// connect answers CONNECT: a tunnel to the project ends in this server, any
// other goes to the network.
func (s *Server) connect(w http.ResponseWriter, r *http.Request, g *Graph, p *Proxy) {
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil || hostname(r.Host) == "" {
		http.Error(w, "400 Bad Request: CONNECT wants HOST:PORT", http.StatusBadRequest)
		return
	}
	if p == nil {
		w.Header().Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
		http.Error(w, "405 Method Not Allowed: miniworker is not a proxy here. Start it with --proxy.", http.StatusMethodNotAllowed)
		return
	}
	if s.mine(g, r.Host) {
		if own := s.port.Load(); !slices.Contains(tunnelPorts, port) && (own == nil || port != *own) {
			http.Error(w, "403 Forbidden: nothing of the project listens on port "+port, http.StatusForbidden)
			return
		}
		if conn := hijack(w); conn != nil {
			p.Tunnel(conn)
		}
		return
	}
	if !s.mayForward(w, r, g, p) {
		return
	}
	out, err := proxyDialer.DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, fmt.Sprintf("502 Bad Gateway: %s did not answer: %v", r.Host, err), http.StatusBadGateway)
		return
	}
	conn := hijack(w)
	if conn == nil {
		out.Close()
		return
	}
	pipe(r.Context(), conn, out)
}

// hijack takes the connection of a CONNECT over and says so to the client; nil
// if that is impossible, which it then has been told.
func hijack(w http.ResponseWriter) net.Conn {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "501 Not Implemented: CONNECT works over HTTP/1.1", http.StatusNotImplemented)
		return nil
	}
	_ = conn.SetDeadline(time.Time{})
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection Established\r\n\r\n"); err != nil {
		conn.Close()
		return nil
	}
	if buf.Reader.Buffered() == 0 {
		return conn
	}
	return &tunnel{Conn: conn, r: bufio.NewReader(io.MultiReader(io.LimitReader(buf.Reader, int64(buf.Reader.Buffered())), conn))}
}

// pipe copies both ways until both are done or the server stops.
func pipe(ctx context.Context, a, b net.Conn) {
	stop := context.AfterFunc(ctx, func() { a.Close(); b.Close() })
	defer stop()
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(b, a)
		closeWrite(b)
		close(done)
	}()
	_, _ = io.Copy(a, b)
	closeWrite(a)
	<-done
	a.Close()
	b.Close()
}

func closeWrite(c net.Conn) {
	if t, ok := c.(interface{ CloseWrite() error }); ok {
		_ = t.CloseWrite()
		return
	}
	c.Close()
}

// servePAC writes the proxy auto-configuration: the project's hostnames through
// this server, everything else directly.
func (s *Server) servePAC(w http.ResponseWriter, r *http.Request, g *Graph) {
	address := r.Host
	if port := s.port.Load(); port != nil && !loopback(hostname(r.Host)) {
		address = "127.0.0.1:" + *port // asked for through the proxy itself
	}
	w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintf(w, "function FindProxyForURL(url, host) {\n  host = host.toLowerCase();\n  if (%s)\n    return %s;\n  return \"DIRECT\";\n}\n",
		strings.Join(s.pacConditions(g), " ||\n      "), js("PROXY "+address))
}

// pacConditions are JavaScript expressions, one of which holds for each hostname
// of the project.
func (s *Server) pacConditions(g *Graph) []string {
	exact := func(host string) string { return "host === " + js(host) }
	below := func(host string) string { return "dnsDomainIs(host, " + js("."+host) + ")" }
	within := func(zone string) string { return "(" + exact(zone) + " || " + below(zone) + ")" }
	var out []string
	add := func(c string) {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, p := range g.Table.Places() {
		switch {
		case p.Kind == routing.ViaCustomDomain:
			add(exact(strings.ToLower(p.Pattern)))
			continue
		case p.Kind == routing.ViaWorkersDev:
			add("shExpMatch(host, " + js(strings.ToLower(p.Pattern)) + ")")
			continue
		}
		pattern, diags := routing.Parse(p.Pattern)
		if diags.HasErrors() {
			continue
		}
		switch pattern.Kind {
		case routing.HostExact:
			add(exact(pattern.Host))
		case routing.HostSubdomains:
			add(below(pattern.Host))
		case routing.HostSuffix:
			add("shExpMatch(host, " + js("*"+pattern.Host) + ") && " + within(p.Zone))
		default:
			add(within(p.Zone))
		}
	}
	for host := range s.opts.Origins {
		if name, wild := strings.CutPrefix(host, "*."); wild {
			add(below(name))
		} else {
			add(exact(host))
		}
	}
	slices.Sort(out)
	if out == nil {
		out = []string{"false"}
	}
	return out
}

func js(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}
