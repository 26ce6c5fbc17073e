package routing

import (
	"fmt"

	"github.com/miniworker/miniworker/internal/diag"
)

// MaxHops is how many Worker-to-Worker hops through fetch one request may
// make (R90).
const MaxHops = 16

// Subrequest is a global fetch() made by a Worker.
type Subrequest struct {
	// Worker is the calling Worker.
	Worker string
	// Zone is the zone by which the outermost HTTP request came in. Empty for a
	// cron or queue event: the Worker's first zone then counts.
	Zone string
	// Via and Host say how the running invocation was reached, if by a request;
	// they sharpen the reason and detect a Worker fetching its own domain.
	Via  Via
	Host string
	// StrictlyPublic is the caller's global_fetch_strictly_public flag.
	StrictlyPublic bool
	// Hops counts Worker-to-Worker hops made so far.
	Hops int
	// The target. A port takes no part (R77).
	Scheme, TargetHost, PathAndQuery string
}

// Decision is where a fetch() goes. Outcome None means the network, Origin the
// zone's own origin.
type Decision struct {
	Match
	// ErrorCode is the platform error (1042, 1019) when Outcome is
	// PlatformError; Status and Body are what the caller then gets.
	ErrorCode int
	Status    int
	Body      string
	// Warning says where production may differ; usually empty.
	Warning string
}

// Subrequest decides where a global fetch() goes (R70 to R77). It is not for
// service bindings, which ignore the table.
func (t *Table) Subrequest(s Subrequest) Decision {
	scheme, host, path := schemeIndex(s.Scheme), normalHost(s.TargetHost), normalPath(s.PathAndQuery)
	d := t.decide(s, scheme, host, path)
	if d.Outcome == RunWorker && s.Hops >= MaxHops {
		return platformError(1019, 500, "R90", d.Zone)
	}
	return d
}

func (t *Table) decide(s Subrequest, scheme int, host, path string) Decision {
	if s.StrictlyPublic {
		m := t.match(scheme, host, path)
		if m.Outcome != None {
			m.Rule = "R75"
		}
		return Decision{Match: m}
	}
	if under(host, workersDevZone) {
		if _, zone, own := t.splitWorkersDev(host); own {
			return platformError(1042, 404, "R74", zone)
		}
		return Decision{Match: Match{Outcome: None, Rule: "R53"}}
	}
	target := t.zoneOf(host)
	if target == nil {
		return Decision{Match: Match{Outcome: None, Rule: "R3"}}
	}
	caller, warning := s.Zone, ""
	if caller == "" {
		if caller = t.FirstZone(s.Worker); caller != "" {
			warning = fmt.Sprintf("Worker %q was not started by a request; its first zone, %s, counts as its own. What production does is unknown.", s.Worker, caller)
		}
	}
	if normalHost(caller) != target.name {
		m := t.match(scheme, host, path)
		m.Rule = "R73"
		return Decision{Match: m, Warning: warning}
	}
	return t.sameZone(s, target, host, path, warning)
}

// sameZone is the origin stage alone: routes are not applied.
func (t *Table) sameZone(s Subrequest, z *zone, host, path, warning string) Decision {
	if hasPlatformPath(path) {
		return Decision{Match: Match{Outcome: Origin, Zone: z.name, Rule: "R6"}, Warning: warning}
	}
	m := t.originStage(z, t.domains[host])
	own := normalHost(s.Host) == host
	switch {
	case m.Outcome != RunWorker:
		m.Rule = "R70"
	case own && s.Via == ViaCustomDomain && m.Worker == s.Worker:
		m.Rule = "R76"
		warning = fmt.Sprintf("Worker %q fetches its own custom domain %s. What production does is unknown (a loop or an error 522); here it runs again, at most %d times.", s.Worker, host, MaxHops)
	case own && s.Via == ViaRoute:
		m.Rule = "R72"
	default:
		m.Rule = "R71"
	}
	return Decision{Match: m, Warning: warning}
}

func platformError(code, status int, rule, zone string) Decision {
	return Decision{
		Match:     Match{Outcome: PlatformError, Zone: zone, Rule: rule},
		ErrorCode: code, Status: status, Body: fmt.Sprintf("error code: %d", code),
	}
}

// FirstZone is the zone of the first route or custom domain of a Worker as
// declared, else its workers.dev subdomain, else "".
func (t *Table) FirstZone(worker string) string {
	for i := range t.workers {
		w := &t.workers[i]
		if w.Name != worker {
			continue
		}
		for _, r := range w.Routes {
			if z := t.routeZone(r, w.Name); z != "" {
				return z
			}
		}
		if w.WorkersDev && t.subdomain != "" {
			return t.subdomain + "." + workersDevZone
		}
	}
	return ""
}

// routeZone finds where a declared route ended up.
func (t *Table) routeZone(r Route, worker string) string {
	if r.CustomDomain {
		host, _ := asciiHost(stripURLSpace(r.Pattern))
		if d := t.domains[host]; d != nil && d.worker == worker {
			return d.zone.name
		}
		return ""
	}
	for _, name := range t.Zones() {
		for _, e := range t.zones[name].routes {
			if e.worker == worker && e.Pattern.Text == r.Pattern && e.ZoneName == r.ZoneName && e.ZoneID == r.ZoneID {
				return name
			}
		}
	}
	return ""
}

// Place says where a route is in the order of its zone.
type Place struct {
	Zone    string        `json:"zone"`
	Kind    Via           `json:"kind"`
	Pattern string        `json:"pattern"`
	Worker  string        `json:"worker,omitempty"`
	Score   int           `json:"score"`
	Enabled bool          `json:"enabled"`
	Pos     diag.Position `json:"pos,omitzero"`
}

// Places lists everything in the order it is tried: zone by zone, routes best
// first, then custom domains by host, then workers.dev hosts.
func (t *Table) Places() []Place {
	var out []Place
	l := linter{Table: t}
	for _, name := range t.Zones() {
		z := t.zones[name]
		for _, e := range z.routes {
			out = append(out, Place{Zone: name, Kind: ViaRoute, Pattern: e.Pattern.Text, Worker: e.worker, Score: e.Pattern.Score(), Enabled: true, Pos: e.Pos})
		}
		for _, d := range l.domainsOf(z) {
			out = append(out, Place{Zone: name, Kind: ViaCustomDomain, Pattern: d.Pattern, Worker: d.worker, Enabled: d.enabled(), Pos: d.Pos})
		}
	}
	sub := t.subdomain
	if sub == "" {
		sub = "*"
	}
	for i := range t.workers {
		if w := &t.workers[i]; w.WorkersDev {
			zone := sub + "." + workersDevZone
			out = append(out, Place{Zone: zone, Kind: ViaWorkersDev, Pattern: w.Name + "." + zone, Worker: w.Name, Enabled: true, Pos: w.Pos})
		}
	}
	return out
}
