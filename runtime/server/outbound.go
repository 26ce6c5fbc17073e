package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Outbound is where the global fetch of a worker goes (section 7 of the routing
// notes): to another worker of the project where the platform would, to an
// origin the user mapped, else to the network.
type Outbound struct {
	Server *Server
	// Worker is the caller's name.
	Worker string
	// Public is the caller's global_fetch_strictly_public flag.
	Public bool
	// Ports is the caller's allow_custom_ports flag (R77).
	Ports bool
	// Network performs what leaves the project.
	Network wire.Fetcher
}

// Fetch implements wire.Fetcher.
func (o *Outbound) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	g := o.Server.Graph()
	u, err := url.Parse(req.URL)
	if err != nil || g == nil {
		return o.Network.Fetch(ctx, req)
	}
	host := strings.ToLower(u.Hostname())
	scheme := u.Scheme
	if u.Port() != "" && !o.Ports && !loopback(host) {
		o.Server.note(o.Worker, req.Span, "warn", fmt.Sprintf("fetch to %s: the port is ignored, as in production before compatibility date 2024-09-02 (R77). Use the flag allow_custom_ports or a newer date.", u.Host))
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
		req.URL = u.String()
	}
	if name, ok := o.Server.ownHost(g, u, host, req.Entry); ok {
		host, scheme = name, "https"
	}
	sub := routing.Subrequest{
		Worker: o.Worker, Zone: req.Zone, StrictlyPublic: o.Public, Hops: req.Hops,
		Scheme: scheme, TargetHost: host, PathAndQuery: u.RequestURI(),
	}
	if e := req.Entry; e != nil && e.Worker == o.Worker {
		sub.Via, sub.Host = viaOf(e.Via), e.Host
	}
	d := g.Table.Subrequest(sub)
	if d.Warning != "" {
		o.Server.note(o.Worker, req.Span, "warn", d.Warning)
	}
	zone := callerZone(g, o.Worker, req.Zone)
	req.Header["Cf-Worker"] = []string{zone}
	switch d.Outcome {
	case routing.RunWorker:
		if f := g.Workers[d.Worker]; f != nil {
			g.countFetch(&d.Match)
			o.address(req, d.Zone == zone, false)
			return o.invoke(ctx, f, req, d, host, u)
		}
	case routing.PlatformError:
		closeBody(req)
		o.Server.note(o.Worker, req.Span, "warn", fmt.Sprintf("fetch to %s was refused with error %d, as in production (%s: %s)", u.Host, d.ErrorCode, d.Rule, routing.Rules[d.Rule]))
		return errorResponse(d.Status, d.ErrorCode, "refused ("+d.Rule+")"), nil
	}
	return o.leave(ctx, req, d, host, d.Zone != "" && d.Zone == zone)
}

// ownHost maps a URL of this dev server to the hostname it stands for, so that
// fetch(request) under localhost does what it does when deployed. What this
// server adds below localPath (the S3 interface of buckets, for one) stands for
// nothing of the project and is reached through the network.
func (s *Server) ownHost(g *Graph, u *url.URL, host string, e *wire.Entry) (string, bool) {
	if !loopback(host) || strings.HasPrefix(u.Path, localPath) {
		return "", false
	}
	same := e != nil && e.Authority == u.Host
	if port := s.port.Load(); !same && (port == nil || *port != u.Port()) {
		return "", false
	}
	if same && e.Host != "" {
		return e.Host, true
	}
	t, ok := g.targetOf(host)
	switch {
	case !ok || t.host == "" && t.worker == "":
		return "", false
	case t.worker != "":
		return strings.ToLower(t.worker) + ".local.workers.dev", true
	}
	return t.host, true
}

// localPath is where everything is that only exists in local development.
const localPath = "/cdn-cgi/local/"

func viaOf(name string) routing.Via {
	for _, v := range []routing.Via{routing.ViaRoute, routing.ViaCustomDomain, routing.ViaWorkersDev} {
		if v.String() == name {
			return v
		}
	}
	return routing.ViaNone
}

// callerZone is the zone that owns a worker's fetches: that of the request it
// serves, else its first.
func callerZone(g *Graph, worker, zone string) string {
	if zone != "" {
		return zone
	}
	if first := g.Table.FirstZone(worker); first != "" {
		return first
	}
	return worker + ".example.com"
}

// otherZoneIP is what a zone sees as the client when a worker of another zone
// fetches from it (R132).
const otherZoneIP = "2a06:98c0:3600::103"

// address sets the headers about where a fetch comes from (R131, R132).
func (o *Outbound) address(req *wire.Request, sameZone, outside bool) {
	req.Header["Cf-Ew-Via"] = []string{strconv.Itoa(max(0, routing.MaxHops-req.Hops-1))}
	ip := ""
	if req.Entry != nil {
		ip = req.Entry.ClientIP
	}
	switch {
	case sameZone:
		if real := req.Header.Get("X-Real-Ip"); real != "" {
			ip = real
		}
	case !outside:
		ip = otherZoneIP
	}
	if ip == "" {
		ip = otherZoneIP
	}
	req.Header["Cf-Connecting-Ip"] = []string{ip}
}

// invoke starts the worker a fetch reaches, as a request of its own.
func (o *Outbound) invoke(ctx context.Context, f wire.Fetcher, req *wire.Request, d routing.Decision, host string, u *url.URL) (*wire.Response, error) {
	req.Header["Host"] = []string{u.Host}
	req.Zone = d.Zone
	req.Hops++
	req.Calls = nil // a request of its own
	req.Entry = &wire.Entry{Worker: d.Worker, Via: d.Via.String(), Host: host, Authority: u.Host, ClientIP: req.Header.Get("Cf-Connecting-Ip")}
	resp, err := f.Fetch(ctx, req)
	if err != nil && ctx.Err() == nil {
		// The exception itself was reported where it happened; through HTTP a
		// caller sees the platform's page.
		return errorResponse(http.StatusInternalServerError, codeException, by(d)), nil
	}
	if err == nil {
		resp.By = by(d)
	}
	return resp, err
}

// by names the worker a decision leads to.
func by(d routing.Decision) string { return d.Worker + " (" + d.Rule + ")" }

// codeException is the platform's error for a worker that threw.
const codeException = 1101

// leave sends a fetch to a mapped origin or to the network.
func (o *Outbound) leave(ctx context.Context, req *wire.Request, d routing.Decision, host string, sameZone bool) (*wire.Response, error) {
	s := o.Server
	if base := s.opts.Origins.find(host); base != nil && s.opts.Network != nil {
		o.address(req, sameZone, d.Outcome == routing.None)
		resp, err := s.opts.Network.at(base, req.Header.Get("Cf-Connecting-Ip")).Fetch(ctx, req)
		if err == nil {
			resp.By = "origin " + base.Host + " (" + d.Rule + ")"
		}
		return resp, err
	}
	if s.opts.Offline && !loopback(host) {
		closeBody(req)
		return nil, &jsg.Error{Name: "Error", Message: errOffline(host).Error()}
	}
	if d.Outcome == routing.Origin {
		s.note(o.Worker, req.Span, "info", originNote(d, host))
		resp, err := o.Network.Fetch(ctx, req)
		if err == nil {
			resp.By = "network, for the origin of " + d.Zone + " (" + d.Rule + ")"
		}
		return resp, err
	}
	return o.Network.Fetch(ctx, req)
}

// originNote says that the real site was asked.
func originNote(d routing.Decision, host string) string {
	why := "no worker of this project answers there"
	if d.Rule == "R70" {
		why = "a fetch to the own zone goes to the origin, not to routes (R70)"
	}
	return fmt.Sprintf("fetch to %s left for the real network: %s. Map a local server with --origin %s=http://localhost:PORT.", host, why, host)
}

// errorResponse is what the caller of a fetch gets in place of an answer.
func errorResponse(status, code int, by string) *wire.Response {
	return &wire.Response{Status: status, By: by, Header: http.Header{"Content-Type": {"text/plain; charset=UTF-8"}}, Body: wire.NewBytesBody([]byte("error code: " + strconv.Itoa(code)))}
}

func closeBody(req *wire.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// hopsMade reads how many hops a request from outside has behind it: a worker
// that reaches this server through the network counts on (R90).
func hopsMade(h http.Header) int {
	v := h.Get("Cf-Ew-Via")
	if v == "" {
		return 0
	}
	left, err := strconv.Atoi(v)
	if err != nil || left < 0 || left > routing.MaxHops {
		return 0
	}
	return routing.MaxHops - left
}

// entry describes a routed request from outside for the fetches it causes.
func entry(r *http.Request, t target, m *routing.Match) *wire.Entry {
	return &wire.Entry{Worker: m.Worker, Via: m.Via.String(), Host: t.host, Authority: r.Host, ClientIP: clientIP(r.RemoteAddr)}
}
