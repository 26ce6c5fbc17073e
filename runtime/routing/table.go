package routing

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// Table is a compiled World. It is immutable and safe for concurrent use.
type Table struct {
	zones      map[string]*zone
	hostnames  map[string]*zone // SaaS custom hostnames
	domains    map[string]*domain
	workersDev map[string]*Worker // by lower-case name
	subdomain  string
	workers    []Worker
	problems   []Finding
}

// zone is one zone with its routes in the order they are tried.
type zone struct {
	name      string
	routes    []*entry
	exact     map[string]*pathIndex
	suffixes  suffixIndex
	anyHost   pathIndex
	hostnames bool // some SaaS custom hostname maps here
}

// entry is one route of a zone.
type entry struct {
	Route
	Pattern   Pattern // shadows Route.Pattern, which is Pattern.Text
	worker    string  // empty: a route without a Worker
	zone      *zone
	order     int // of declaration; for explanations only
	contested []string
}

// domain is one custom domain.
type domain struct {
	Route
	host      string
	worker    string
	zone      *zone
	contested []string
}

func (d *domain) enabled() bool { return d.Enabled == nil || *d.Enabled }

// Finding is a diagnostic with what a program needs to act on it.
type Finding struct {
	diag.Diagnostic
	// Workers are the Workers concerned, in load order.
	Workers []string `json:"workers,omitempty"`
	// Subject is the pattern or host the finding is about, as written.
	Subject string `json:"subject,omitempty"`
	// APICode is the error production would answer with at deploy, or 0.
	APICode int `json:"api_code,omitempty"`
}

// NewTable compiles w. What is wrong with single routes is in Findings; such
// routes take no part.
func NewTable(w World) *Table {
	t := &Table{
		zones:      map[string]*zone{},
		hostnames:  map[string]*zone{},
		domains:    map[string]*domain{},
		workersDev: map[string]*Worker{},
		subdomain:  strings.ToLower(w.WorkersDevSubdomain),
		workers:    slices.Clone(w.Workers),
	}
	b := builder{Table: t, world: w}
	b.build()
	for _, z := range t.zones {
		z.index()
	}
	return t
}

// index sorts the routes and fills the lookup structures.
func (z *zone) index() {
	slices.SortStableFunc(z.routes, func(a, b *entry) int { return a.Pattern.Compare(&b.Pattern) })
	z.exact = make(map[string]*pathIndex, len(z.routes))
	for i, e := range z.routes {
		rank, p := int32(i), &e.Pattern
		switch p.Kind {
		case HostAny:
			z.anyHost.add(p, rank)
		case HostExact:
			x := z.exact[p.Host]
			if x == nil {
				x = new(pathIndex)
				z.exact[p.Host] = x
			}
			x.add(p, rank)
		default:
			z.suffixes.at(p.suffix).add(p, rank)
		}
	}
}

// find returns the winning route of the zone, or nil.
func (z *zone) find(scheme int, host, path string) *entry {
	best := z.anyHost.find(path, scheme)
	if x := z.exact[host]; x != nil {
		best = min(best, x.find(path, scheme))
	}
	best = min(best, z.suffixes.find(host, path, scheme))
	if best == unranked {
		return nil
	}
	return z.routes[best]
}

// zoneOf maps a host to its zone (R3): a custom hostname, else the longest
// zone name that is the host or a parent of it.
func (t *Table) zoneOf(host string) *zone {
	if z := t.hostnames[host]; z != nil {
		return z
	}
	for name := host; ; {
		if z := t.zones[name]; z != nil {
			return z
		}
		i := strings.IndexByte(name, '.')
		if i < 0 {
			return nil
		}
		name = name[i+1:]
	}
}

// Zones lists the zones in use, sorted.
func (t *Table) Zones() []string {
	var out []string
	for name := range t.zones {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// ZoneOf returns the name of the zone a host belongs to, or "".
func (t *Table) ZoneOf(host string) string {
	host = normalHost(host)
	if under(host, workersDevZone) {
		_, z, _ := t.splitWorkersDev(host)
		return z
	}
	if z := t.zoneOf(host); z != nil {
		return z.name
	}
	return ""
}
