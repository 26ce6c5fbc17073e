package routing

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// Limits of the platform (R66).
const (
	maxRoutesPerZone  = 1000
	maxDomainsPerZone = 100
	maxZonesPerWorker = 1000
)

// Lint reports everything Findings does, as plain diagnostics in file order.
func (t *Table) Lint() diag.List {
	var l diag.List
	for _, f := range t.Findings() {
		l.Add(f.Diagnostic)
	}
	l.Sort()
	return l
}

// Problems reports what was wrong with single routes and with claims; it costs
// nothing, Findings compares every pair of routes.
func (t *Table) Problems() []Finding { return slices.Clone(t.problems) }

// Findings reports problems and what the Workers' routes do to each other.
func (t *Table) Findings() []Finding {
	l := linter{Table: t, out: t.Problems()}
	for _, name := range t.Zones() {
		z := t.zones[name]
		l.limits(z)
		l.strays(z)
		l.pairs(z)
		l.customDomains(z)
	}
	l.zonesPerWorker()
	return l.out
}

// linter collects findings over a Table.
type linter struct {
	*Table
	out []Finding
}

func (l *linter) add(sev diag.Severity, code, subject string, pos diag.Position, workers []string, hint, message string, notes ...diag.Note) {
	l.out = append(l.out, Finding{
		Diagnostic: diag.Diagnostic{Severity: sev, Code: code, Pos: pos, Message: message, Hint: hint, Notes: notes},
		Workers:    slices.DeleteFunc(workers, func(w string) bool { return w == "" }), Subject: subject,
	})
}

// pairs compares the routes of a zone, best first.
func (l *linter) pairs(z *zone) {
	dead := make([]bool, len(z.routes))
	for j, low := range z.routes {
		if dead[j] = l.unreachable(z, j) || l.takesNothing(&low.Pattern, z); dead[j] {
			for _, high := range z.routes[:j] {
				if low.worker != high.worker && covers(&high.Pattern, &low.Pattern, z) {
					l.uncertain(high, low)
				}
			}
			continue
		}
		for i, high := range z.routes[:j] {
			if dead[i] || low.worker == high.worker || !meets(&high.Pattern, &low.Pattern) {
				continue
			}
			both := intersect(&high.Pattern, &low.Pattern)
			if slices.ContainsFunc(z.routes[:i], func(e *entry) bool { return covers(&e.Pattern, both, z) }) {
				continue // a third route takes what they share
			}
			l.uncertain(high, low)
			l.overlap(high, low, both)
		}
	}
}

// unreachable reports route j if better routes take each of its URLs. Several
// may share the work, so its parts are looked at one by one.
func (l *linter) unreachable(z *zone, j int) bool {
	low := z.routes[j]
	var by []*entry
	for _, part := range l.parts(&low.Pattern, z) {
		i := slices.IndexFunc(z.routes[:j], func(e *entry) bool { return covers(&e.Pattern, part, z) })
		if i < 0 {
			return false
		}
		if !slices.Contains(by, z.routes[i]) {
			by = append(by, z.routes[i])
		}
	}
	if !slices.ContainsFunc(by, func(e *entry) bool { return e.worker != low.worker }) {
		return true // a Worker in its own way: nothing is lost
	}
	var names []string
	var notes []diag.Note
	workers := []string{low.worker}
	for _, e := range by {
		names = append(names, fmt.Sprintf("%q of %s", e.Pattern.Text, ownerName(e.worker)))
		notes = append(notes, diag.Note{Pos: e.Pos, Message: e.Pattern.Text + " takes its URLs"})
		workers = appendNew(workers, e.worker)
	}
	rule, why := whyLost(by[0], low)
	l.add(diag.Warning, "route_unreachable", low.Pattern.Text, low.Pos, workers, unreachableHint(by[0], low, rule),
		fmt.Sprintf("Route %q of %s can never win: %s takes every URL of it and is tried first: %s (%s).",
			low.Pattern.Text, ownerName(low.worker), strings.Join(names, " together with "), why, rule), notes...)
	return true
}

// parts splits a pattern by scheme, and one that takes the whole zone into the
// apex, the subdomains and the custom hostnames.
func (l *linter) parts(p *Pattern, z *zone) []*Pattern {
	hosts := []*Pattern{p}
	if takesWholeZone(p, z) {
		sub := *p
		sub.Kind, sub.Host, sub.suffix = HostSubdomains, z.name, "."+z.name
		hosts = []*Pattern{onHost(p, z.name), &sub}
		for _, host := range slices.Sorted(maps.Keys(l.hostnames)) {
			if l.hostnames[host] == z {
				hosts = append(hosts, onHost(p, host))
			}
		}
	}
	var out []*Pattern
	for _, h := range hosts {
		for _, scheme := range []uint8{schemeHTTP, schemeHTTPS} {
			if h.schemes&scheme != 0 {
				half := *h
				half.schemes = scheme
				out = append(out, &half)
			}
		}
	}
	return out
}

func unreachableHint(winner, loser *entry, rule string) string {
	w := winner.Pattern.Text
	if rule == "R33" && loser.Pattern.Path == winner.Pattern.Path+"/" {
		bare := strings.TrimSuffix(w, "*")
		return fmt.Sprintf("to split them, let %q keep what is below and give the other Worker %s alone (the bare path); to merge them, remove one", loser.Pattern.Text, bare)
	}
	switch rule {
	case "R33":
		return fmt.Sprintf("write %s/* instead of %s (and %s for the bare path), so that the deeper route wins", strings.TrimSuffix(w, "*"), w, strings.TrimSuffix(w, "*"))
	case "R36":
		return fmt.Sprintf("write %q as one route for the apex and one for *.%s", w, winner.Pattern.Host)
	case "R32", "R31":
		return fmt.Sprintf("make %q more specific than %q (a longer exact host counts most), or remove it", loser.Pattern.Text, w)
	}
	return fmt.Sprintf("remove %q, or narrow %q", loser.Pattern.Text, w)
}

// uncertain reports an order that rests on undocumented rules.
func (l *linter) uncertain(high, low *entry) {
	a, b := &high.Pattern, &low.Pattern
	var message string
	switch {
	case a.Canonical() == b.Canonical():
		return // reported as duplicate
	case orderRestsOnGlue(a, b):
		message = fmt.Sprintf("%q of %s is tried before %q of %s only because the * is glued to the host (R36). That follows the score function; the documentation says the most specific pattern wins.",
			a.Text, ownerName(high.worker), b.Text, ownerName(low.worker))
	case a.Score() == b.Score() && a.length == b.length:
		message = fmt.Sprintf("%q of %s and %q of %s have the same score and length (R34); which one production tries first is unknown. Here the first in text order is.",
			a.Text, ownerName(high.worker), b.Text, ownerName(low.worker))
	default:
		return
	}
	l.add(diag.Warning, "precedence_uncertain", b.Text, low.Pos, []string{high.worker, low.worker},
		fmt.Sprintf("give %s to one of them with a route of its own", intersect(a, b).Canonical()), message,
		diag.Note{Pos: high.Pos, Message: a.Text + " is tried first here"})
}

func (l *linter) overlap(high, low *entry, both *Pattern) {
	a, b := &high.Pattern, &low.Pattern
	rule, _ := whyLost(high, low)
	l.add(diag.Info, "route_overlap", b.Text, low.Pos, []string{high.worker, low.worker},
		"nothing to do if that is meant",
		fmt.Sprintf("%q of %s and %q of %s share %s: there the first wins (%s); %q keeps the rest of its URLs.",
			a.Text, ownerName(high.worker), b.Text, ownerName(low.worker), both.Canonical(), rule, b.Text),
		diag.Note{Pos: high.Pos, Message: a.Text + " wins there"})
}

// customDomains reports domains that lose URLs to routes (R41).
func (l *linter) customDomains(z *zone) {
	for _, d := range l.domainsOf(z) {
		if !d.enabled() {
			continue
		}
		shadowed := l.shadowed(z, d)
		parts := map[string][]*entry{}
		for i, e := range z.routes {
			if e.worker == d.worker || !meetsHost(&e.Pattern, wholeHost(d.host, schemeBoth)) {
				continue
			}
			part := onHost(&e.Pattern, d.host)
			own := slices.ContainsFunc(z.routes[:i], func(r *entry) bool { return covers(&r.Pattern, part, z) })
			if own {
				continue // the part is taken by a better route, reported there
			}
			if e.worker == "" {
				l.negated(d, e)
				continue
			}
			if !shadowed {
				parts[e.worker] = append(parts[e.worker], e)
			}
		}
		for _, worker := range slices.Sorted(maps.Keys(parts)) {
			l.partlyCovered(d, worker, parts[worker])
		}
	}
}

func (l *linter) domainsOf(z *zone) []*domain {
	var out []*domain
	for _, d := range l.domains {
		if l.zoneOf(d.host) == z {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *domain) int { return strings.Compare(a.host, b.host) })
	return out
}

// shadowed reports d when, over http and over https, the best route that takes
// all of its host belongs to somebody else.
func (l *linter) shadowed(z *zone, d *domain) bool {
	var by []*entry
	for _, scheme := range []uint8{schemeHTTP, schemeHTTPS} {
		half := wholeHost(d.host, scheme)
		i := slices.IndexFunc(z.routes, func(e *entry) bool { return covers(&e.Pattern, half, z) })
		if i < 0 || z.routes[i].worker == d.worker {
			return false
		}
		if !slices.Contains(by, z.routes[i]) {
			by = append(by, z.routes[i])
		}
	}
	workers := []string{d.worker}
	var names []string
	var notes []diag.Note
	for _, e := range by {
		workers = appendNew(workers, e.worker)
		names = append(names, fmt.Sprintf("route %q of %s", e.Pattern.Text, ownerName(e.worker)))
		notes = append(notes, diag.Note{Pos: e.Pos, Message: e.Pattern.Text + " takes the whole host"})
	}
	if by[0].worker == "" {
		return true // reported as a route without a Worker
	}
	l.add(diag.Warning, "custom_domain_shadowed", d.Pattern, d.Pos, workers,
		fmt.Sprintf("give Worker %q routes for the paths it is to answer, such as %s/api/*, or take %s out of the other route", d.worker, d.host, d.host),
		fmt.Sprintf("Custom domain %q of Worker %q never answers a request from outside: %s covers every URL of the host, and routes run first (R41). Only fetch() from Worker %s, or a service binding, reaches %q (R72).",
			d.Pattern, d.worker, strings.Join(names, " and "), quotedList(workers[1:]), d.worker), notes...)
	return true
}

// partlyCovered reports the routes of one Worker on the host of d.
func (l *linter) partlyCovered(d *domain, worker string, routes []*entry) {
	var names, taken []string
	var notes []diag.Note
	for _, e := range routes {
		part := onHost(&e.Pattern, d.host).Canonical()
		names = append(names, strconv.Quote(e.Pattern.Text))
		if !slices.Contains(taken, part) {
			taken = append(taken, part)
		}
		notes = append(notes, diag.Note{Pos: e.Pos, Message: e.Pattern.Text + " runs first there"})
	}
	noun, verb := "Route", "takes"
	if len(routes) > 1 {
		noun, verb = "Routes", "take"
	}
	l.add(diag.Info, "custom_domain_partly_covered", d.Pattern, d.Pos, []string{d.worker, worker},
		"nothing to do if that is meant; the routed Worker reaches the custom domain with fetch(request)",
		fmt.Sprintf("%s %s of Worker %q %s %s before the custom domain of Worker %q (R41).",
			noun, strings.Join(names, ", "), worker, verb, strings.Join(taken, ", "), d.worker), notes...)
}

func (l *linter) negated(d *domain, e *entry) {
	l.add(diag.Warning, "precedence_uncertain", d.Pattern, d.Pos, []string{d.worker},
		"check the deployed host before relying on either",
		fmt.Sprintf("The route without a Worker %q wins on the host of custom domain %q (R46): the documentation says both that it bypasses Workers and that the custom domain is the origin. Here Worker %q runs.",
			e.Pattern.Text, d.Pattern, d.worker),
		diag.Note{Pos: e.Pos, Message: "the route without a Worker"})
}

// strays reports routes that no host of their zone can match.
func (l *linter) strays(z *zone) {
	for _, e := range z.routes {
		if !l.takesNothing(&e.Pattern, z) {
			continue
		}
		l.add(diag.Warning, "route_outside_zone", e.Pattern.Text, e.Pos, workerList(e.worker),
			"name the zone that owns the host in zone_name, or leave zone_name out",
			fmt.Sprintf("Route %q belongs to zone %s, but none of its hosts does, so it never matches (R3).", e.Pattern.Text, z.name))
	}
}

func (l *linter) limits(z *zone) {
	if n := len(z.routes); n > maxRoutesPerZone {
		e := z.routes[0]
		l.add(diag.Warning, "too_many_routes", z.name, e.Pos, nil, "merge routes with a wildcard",
			fmt.Sprintf("Zone %s has %d routes; the platform allows %d (R66).", z.name, n, maxRoutesPerZone))
	}
	if ds := l.domainsOf(z); len(ds) > maxDomainsPerZone {
		l.add(diag.Warning, "too_many_custom_domains", z.name, ds[0].Pos, nil, "use a route with *. for hosts that share a Worker",
			fmt.Sprintf("Zone %s has %d custom domains; the platform allows %d (R66).", z.name, len(ds), maxDomainsPerZone))
	}
}

func (l *linter) zonesPerWorker() {
	zones := map[string]map[*zone]bool{}
	for _, z := range l.zones {
		for _, e := range z.routes {
			if e.worker != "" {
				if zones[e.worker] == nil {
					zones[e.worker] = map[*zone]bool{}
				}
				zones[e.worker][z] = true
			}
		}
	}
	for _, w := range l.workers {
		if n := len(zones[w.Name]); n > maxZonesPerWorker {
			l.add(diag.Warning, "too_many_zones", w.Name, w.Pos, workerList(w.Name), "split the Worker",
				fmt.Sprintf("Worker %q has routes in %d zones; the platform allows %d (R66).", w.Name, n, maxZonesPerWorker))
		}
	}
}
