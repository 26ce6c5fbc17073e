package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// builder fills a Table from a World.
type builder struct {
	*Table
	world   World
	open    bool // zones are inferred
	pending []*entry
	claims  map[claimKey]*entry // first claimant by zone and text
	forms   map[claimKey]*entry // first claimant by zone and canonical form
	byID    map[string]*zone    // zones seen with a zone_id
}

type claimKey struct{ zone, text string }

func (b *builder) build() {
	b.open = len(b.world.Zones) == 0
	b.claims, b.forms, b.byID = map[claimKey]*entry{}, map[claimKey]*entry{}, map[string]*zone{}
	b.declareZones()
	b.collect()
	for _, e := range b.pending {
		b.placeRoute(e)
	}
	for _, e := range b.pending { // zone_id without a host: after all others
		if e.zone == nil && e.Pattern.Kind == HostAny && e.ZoneName == "" {
			b.placeAnyHost(e)
		}
	}
	b.implyHostnames()
	b.claimRoutes()
}

func (b *builder) addZone(name string) *zone {
	name = normalHost(name)
	z := b.zones[name]
	if z == nil {
		z = &zone{name: name}
		b.zones[name] = z
	}
	return z
}

func (b *builder) declareZones() {
	for _, name := range b.world.Zones {
		b.addZone(name)
	}
	for host, name := range b.world.CustomHostnames {
		z := b.addZone(name)
		z.hostnames = true
		b.hostnames[normalHost(host)] = z
	}
	for _, w := range b.world.Workers {
		for _, r := range w.Routes {
			if r.ZoneName != "" {
				b.addZone(r.ZoneName)
			}
		}
	}
	for _, r := range b.world.Negative {
		if r.ZoneName != "" {
			b.addZone(r.ZoneName)
		}
	}
}

// collect parses every route; custom domains are placed at once.
func (b *builder) collect() {
	for i := range b.workers {
		w := &b.workers[i]
		if w.WorkersDev {
			if key := strings.ToLower(w.Name); b.workersDev[key] == nil {
				b.workersDev[key] = w
			}
		}
		for _, r := range w.Routes {
			if r.Pos == (diag.Position{}) {
				r.Pos = w.Pos
			}
			if r.CustomDomain {
				b.addDomain(w.Name, r)
			} else {
				b.parseRoute(w.Name, r)
			}
		}
	}
	for _, r := range b.world.Negative {
		b.parseRoute("", r)
	}
}

func (b *builder) parseRoute(worker string, r Route) {
	p, l := Parse(r.Pattern)
	for _, d := range l {
		d.Pos = r.Pos
		b.report(Finding{Diagnostic: d, Workers: workerList(worker), Subject: r.Pattern})
	}
	if l.HasErrors() {
		return
	}
	e := &entry{Route: r, Pattern: p, worker: worker, order: len(b.pending)}
	if p.Kind != HostAny && under(p.Host, workersDevZone) {
		b.reportWorkersDev(worker, r)
		return
	}
	b.pending = append(b.pending, e)
}

func (b *builder) reportWorkersDev(worker string, r Route) {
	b.report(Finding{
		Diagnostic: diag.Diagnostic{Severity: diag.Error, Code: "route_on_workers_dev", Pos: r.Pos,
			Message: fmt.Sprintf("Route %q is on a workers.dev host; production refuses it (workers.api.error.route_not_allowed_on_subdomain, code 10038).", r.Pattern),
			Hint:    `set "workers_dev": true to be reached at NAME.SUB.workers.dev, or route a host of your own zone`},
		Workers: workerList(worker), Subject: r.Pattern, APICode: 10038,
	})
}

// placeRoute finds the zone of a route (R56).
func (b *builder) placeRoute(e *entry) {
	switch p := &e.Pattern; {
	case e.ZoneName != "":
		e.zone = b.zones[normalHost(e.ZoneName)]
	case p.Kind == HostAny:
		return
	default:
		if e.zone = b.inferZone(p.Host); e.zone == nil {
			b.reportNoZone(e.worker, e.Route, p.Host)
		}
	}
	if e.zone != nil && e.ZoneID != "" && b.byID[e.ZoneID] == nil {
		b.byID[e.ZoneID] = e.zone
	}
}

// placeAnyHost places */* routes, whose host says nothing about the zone.
func (b *builder) placeAnyHost(e *entry) {
	if e.ZoneID != "" {
		if e.zone = b.byID[e.ZoneID]; e.zone == nil && len(b.zones) == 1 {
			for _, z := range b.zones {
				e.zone = z
			}
		}
		if e.zone != nil {
			return
		}
	}
	b.report(Finding{
		Diagnostic: diag.Diagnostic{Severity: diag.Error, Code: "route_zone_missing", Pos: e.Pos,
			Message: fmt.Sprintf("Route %q does not say which zone it belongs to; production refuses it (Route pattern must include zone name, code 10022).", e.Pattern.Text),
			Hint:    fmt.Sprintf(`write { "pattern": %q, "zone_name": "example.com" }`, e.Pattern.Text)},
		Workers: workerList(e.worker), Subject: e.Pattern.Text, APICode: 10022,
	})
}

func (b *builder) inferZone(host string) *zone {
	if z := b.zoneOf(host); z != nil {
		return z
	}
	if b.open {
		return b.addZone(registrable(host))
	}
	return nil
}

func (b *builder) reportNoZone(worker string, r Route, host string) {
	b.report(Finding{
		Diagnostic: diag.Diagnostic{Severity: diag.Error, Code: "route_zone_not_found", Pos: r.Pos,
			Message: fmt.Sprintf("Could not find zone for `%s`. Make sure the domain is set up to be proxied by Cloudflare.", host),
			Hint:    "zones known here: " + strings.Join(b.Zones(), ", ") + "; name the zone with zone_name, or add it to the zones of the project"},
		Workers: workerList(worker), Subject: r.Pattern,
	})
}

// addDomain checks and claims a custom domain (R43, R61).
func (b *builder) addDomain(worker string, r Route) {
	if b.badDomain(worker, r) {
		return
	}
	host, ok := asciiHost(stripURLSpace(r.Pattern))
	switch {
	case !ok:
		_, l := Parse(r.Pattern)
		if !l.HasErrors() {
			l = diag.List{{Severity: diag.Error, Code: "route_invalid", Message: fmt.Sprintf("Custom domain %q is not a host.", r.Pattern)}}
		}
		for _, d := range l {
			d.Pos = r.Pos
			b.report(Finding{Diagnostic: d, Workers: workerList(worker), Subject: r.Pattern})
		}
		return
	case under(host, workersDevZone):
		b.reportWorkersDev(worker, r)
		return
	}
	if first := b.domains[host]; first != nil {
		if first.worker != worker {
			first.contested = appendNew(first.contested, worker)
			b.conflict(first, worker, r)
		}
		return
	}
	d := &domain{Route: r, host: host, worker: worker}
	if r.ZoneName != "" {
		d.zone = b.zones[normalHost(r.ZoneName)]
	} else if d.zone = b.inferZone(host); d.zone == nil {
		b.reportNoZone(worker, r, host)
		return
	}
	b.domains[host] = d
}

func (b *builder) badDomain(worker string, r Route) bool {
	var codes, lines []string
	if strings.Contains(r.Pattern, "*") {
		codes = append(codes, "custom_domain_wildcard")
		lines = append(lines, "Wildcard operators (*) are not allowed in Custom Domains")
	}
	if strings.Contains(r.Pattern, "/") {
		codes = append(codes, "custom_domain_path")
		lines = append(lines, "Paths are not allowed in Custom Domains")
	}
	for _, code := range codes {
		hint := `write the host alone, or drop "custom_domain" to make it a route`
		b.report(Finding{
			Diagnostic: diag.Diagnostic{Severity: diag.Error, Code: code, Pos: r.Pos, Hint: hint,
				Message: "Invalid Routes:\n" + r.Pattern + ":\n" + strings.Join(lines, "\n")},
			Workers: workerList(worker), Subject: r.Pattern,
		})
	}
	return len(codes) > 0
}

// conflict adds a claimant to the one report per custom domain.
func (b *builder) conflict(first *domain, worker string, r Route) {
	note := diag.Note{Pos: r.Pos, Message: fmt.Sprintf("Worker %q claims it here", worker)}
	for i := range b.problems {
		if f := &b.problems[i]; f.Code == "custom_domain_conflict" && f.Subject == first.Pattern {
			if !slices.Contains(f.Workers, worker) {
				f.Workers = append(f.Workers, worker)
			}
			f.Notes = append(f.Notes, note)
			f.Message = conflictMessage(first, f.Workers)
			return
		}
	}
	ws := []string{first.worker, worker}
	b.report(Finding{
		Diagnostic: diag.Diagnostic{Severity: diag.Error, Code: "custom_domain_conflict", Pos: first.Pos,
			Message: conflictMessage(first, ws), Notes: []diag.Note{note},
			Hint: "give each Worker its own host, or keep the custom domain on one and put routes for the others in front of it"},
		Workers: ws, Subject: first.Pattern, APICode: 100116,
	})
}

func conflictMessage(first *domain, workers []string) string {
	return fmt.Sprintf("Custom domain %q is claimed by Workers %s. In production the API answers 409 (code 100116), and wrangler without a terminal lets the last deploy win. Locally the first one loaded, %q, answers.",
		first.Pattern, quotedList(workers), first.worker)
}

// implyHostnames takes exact hosts outside every zone, on routes that name a
// zone, for SaaS custom hostnames of that zone (R22).
func (b *builder) implyHostnames() {
	for _, e := range b.pending {
		if p := &e.Pattern; e.zone != nil && p.Kind == HostExact && b.zoneOf(p.Host) == nil {
			b.hostnames[p.Host] = e.zone
			e.zone.hostnames = true
		}
	}
	for _, d := range b.domains {
		if b.zoneOf(d.host) == nil {
			b.hostnames[d.host] = d.zone
			d.zone.hostnames = true
		}
	}
}

// claimRoutes adds the placed routes to their zones; the first claimant of a
// pattern keeps it (R60).
func (b *builder) claimRoutes() {
	for _, e := range b.pending {
		if e.zone == nil {
			continue
		}
		key := claimKey{e.zone.name, stripURLSpace(e.Pattern.Text)}
		if first := b.claims[key]; first != nil {
			if first.worker != e.worker {
				first.contested = appendNew(first.contested, cmp.Or(e.worker, "a route without a Worker"))
			}
			b.duplicate(first, e, first.worker != e.worker)
			continue
		}
		b.claims[key] = e
		form := claimKey{e.zone.name, e.Pattern.Canonical()}
		if first := b.forms[form]; first != nil {
			b.duplicate(first, e, false)
		} else {
			b.forms[form] = e
		}
		e.zone.routes = append(e.zone.routes, e)
	}
}

// duplicate reports one pattern claimed twice, one report per pattern.
func (b *builder) duplicate(first, second *entry, refused bool) {
	note := diag.Note{Pos: second.Pos, Message: fmt.Sprintf("%s claims %s here", ownerName(second.worker), second.Pattern.Text)}
	sev := diag.Warning
	if refused {
		sev = diag.Error
	}
	for i := range b.problems {
		f := &b.problems[i]
		if f.Code == "duplicate_route" && f.Subject == first.Pattern.Text && f.Severity == sev {
			if second.worker != "" && !slices.Contains(f.Workers, second.worker) {
				f.Workers = append(f.Workers, second.worker)
			}
			f.Notes = append(f.Notes, note)
			f.Message = duplicateMessage(first, second, f.Workers, refused)
			return
		}
	}
	ws := workerList(first.worker)
	if second.worker != "" && second.worker != first.worker {
		ws = append(ws, second.worker)
	}
	code := 0
	if refused {
		code = 10020
	}
	b.report(Finding{
		Diagnostic: diag.Diagnostic{Severity: sev, Code: "duplicate_route", Pos: first.Pos, Notes: []diag.Note{note},
			Message: duplicateMessage(first, second, ws, refused),
			Hint:    "one pattern belongs to one Worker: remove it from the others, or make theirs more specific (a deeper path or host)"},
		Workers: ws, Subject: first.Pattern.Text, APICode: code,
	})
}

func duplicateMessage(first, second *entry, workers []string, refused bool) string {
	switch {
	case refused && len(workers) > 1:
		return fmt.Sprintf("Route %q is claimed by Workers %s. Production refuses every deploy but the first (workers.api.error.duplicate_route, code 10020). Locally the first one loaded, %q, answers.",
			first.Pattern.Text, quotedList(workers), first.worker)
	case refused:
		return fmt.Sprintf("Route %q is claimed by %s and by %s. Production refuses the second (workers.api.error.duplicate_route, code 10020). Locally %s counts.",
			first.Pattern.Text, ownerName(first.worker), ownerName(second.worker), ownerName(first.worker))
	case first.Pattern.Text == second.Pattern.Text:
		return fmt.Sprintf("Route %q is listed twice by %s.", first.Pattern.Text, ownerName(first.worker))
	}
	return fmt.Sprintf("Routes %q of %s and %q of %s match the same URLs. Whether production takes them for one pattern is unknown.",
		first.Pattern.Text, ownerName(first.worker), second.Pattern.Text, ownerName(second.worker))
}

func (b *builder) report(f Finding) { b.problems = append(b.problems, f) }

func workerList(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

func ownerName(worker string) string {
	if worker == "" {
		return "a route without a Worker"
	}
	return fmt.Sprintf("Worker %q", worker)
}

func appendNew(l []string, s string) []string {
	if slices.Contains(l, s) {
		return l
	}
	return append(l, s)
}

// quotedList writes "a", "b" and "c".
func quotedList(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	if len(q) < 2 {
		return strings.Join(q, "")
	}
	return strings.Join(q[:len(q)-1], ", ") + " and " + q[len(q)-1]
}
