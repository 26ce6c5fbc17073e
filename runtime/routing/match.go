package routing

import "strings"

// workersDevZone is the parent of every account's workers.dev subdomain.
const workersDevZone = "workers.dev"

// platformPath is answered by Cloudflare itself, before any Worker (R6).
const platformPath = "/cdn-cgi/"

// Match decides who answers a request from outside. scheme is "http" or
// "https" ("ws" and "wss" count as those); host may carry a port, which is
// ignored; pathAndQuery is as on the request line. It does not allocate for
// input in the form browsers send it.
func (t *Table) Match(scheme, host, pathAndQuery string) Match {
	return t.match(schemeIndex(scheme), normalHost(host), normalPath(pathAndQuery))
}

func schemeIndex(scheme string) int {
	if scheme == "http" || scheme == "ws" {
		return 0
	}
	return 1
}

// match is Match on normal forms.
func (t *Table) match(scheme int, host, path string) Match {
	if under(host, workersDevZone) {
		return t.matchWorkersDev(host, path)
	}
	z := t.zoneOf(host)
	if z == nil {
		return Match{Outcome: None, Rule: "R3"}
	}
	if hasPlatformPath(path) {
		return Match{Outcome: Origin, Zone: z.name, Rule: "R6"}
	}
	d := t.domains[host]
	e := z.find(scheme, host, path)
	if e == nil || e.worker == "" {
		m := t.originStage(z, d)
		if e != nil {
			m.NegatedBy = e.Pattern.Text
			if m.Outcome == RunWorker {
				m.Rule = "R46"
			} else {
				m.Rule, m.Pos = "R37", e.Pos
			}
		}
		return m
	}
	m := Match{
		Outcome: RunWorker, Via: ViaRoute, Worker: e.worker, Pattern: e.Pattern.Text,
		Zone: z.name, Rule: "R30", Contested: e.contested, Pos: e.Pos,
	}
	if d != nil && d.enabled() {
		m.Rule = "R41"
	}
	return m
}

// originStage is what happens when no route runs: the custom domain of the
// host, else the zone's own origin (R1).
func (t *Table) originStage(z *zone, d *domain) Match {
	switch {
	case d == nil:
		return Match{Outcome: Origin, Zone: z.name, Rule: "R5"}
	case !d.enabled():
		return Match{Outcome: Origin, Zone: z.name, Rule: "R44", Pos: d.Pos}
	}
	return Match{
		Outcome: RunWorker, Via: ViaCustomDomain, Worker: d.worker, Pattern: d.Pattern,
		Zone: z.name, Rule: "R40", Contested: d.contested, Pos: d.Pos,
	}
}

// matchWorkersDev answers for NAME.SUB.workers.dev (R53). Zone routes never
// apply there.
func (t *Table) matchWorkersDev(host, path string) Match {
	name, zone, ok := t.splitWorkersDev(host)
	if !ok {
		return Match{Outcome: None, Rule: "R53"}
	}
	w := t.workersDev[name]
	if w == nil {
		return Match{Outcome: None, Zone: zone, Rule: "R53"}
	}
	if hasPlatformPath(path) {
		return Match{Outcome: Origin, Zone: zone, Rule: "R6"}
	}
	return Match{Outcome: RunWorker, Via: ViaWorkersDev, Worker: w.Name, Zone: zone, Rule: "R53", Pos: w.Pos}
}

// splitWorkersDev splits NAME.SUB.workers.dev into NAME and SUB.workers.dev;
// ok reports that SUB belongs to this account.
func (t *Table) splitWorkersDev(host string) (name, zone string, ok bool) {
	name, zone, ok = strings.Cut(host, ".")
	if !ok || zone == workersDevZone || !under(zone, workersDevZone) {
		return "", "", false
	}
	sub := zone[:len(zone)-len(workersDevZone)-1]
	if strings.Contains(sub, ".") || t.subdomain != "" && sub != t.subdomain {
		return "", "", false
	}
	return name, zone, true
}

func hasPlatformPath(path string) bool { return strings.HasPrefix(path, platformPath) }
