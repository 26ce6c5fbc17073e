package routing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
)

// probes lists URLs in normal form that between them tell every pattern of w
// from every other: each host and each path at its edges.
func probes(w World) (hosts, paths []string) {
	hosts, paths = nil, []string{"/", "/zz", "/?zz"}
	for _, z := range w.Zones {
		hosts = append(hosts, z, "zz."+z)
	}
	add := func(r Route) {
		if r.CustomDomain {
			hosts = append(hosts, r.Pattern)
			return
		}
		p, l := Parse(r.Pattern)
		if l.HasErrors() {
			return
		}
		if p.Kind != HostAny {
			hosts = append(hosts, p.Host, "zz."+p.Host, "zz"+p.Host, "zz.zz."+p.Host)
		}
		paths = append(paths, p.Path, p.Path+"zz", p.Path+"/zz", p.Path+"?zz")
	}
	for _, wk := range w.Workers {
		for _, r := range wk.Routes {
			add(r)
		}
	}
	for _, r := range w.Negative {
		add(r)
	}
	for h := range w.CustomHostnames {
		hosts = append(hosts, h)
	}
	slices.Sort(hosts)
	slices.Sort(paths)
	return slices.Compact(hosts), slices.Compact(paths)
}

// winners collects what wins anywhere in the probes.
type winners struct {
	patterns map[string]bool // zone and pattern
	domains  map[string]bool // hosts whose custom domain answers
	owners   map[string]map[string]bool
}

func findWinners(t *Table, w World) winners {
	out := winners{map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}}
	hosts, paths := probes(w)
	for _, h := range hosts {
		out.owners[h] = map[string]bool{}
		for _, p := range paths {
			for _, s := range []string{"http", "https"} {
				m := t.Match(s, h, p)
				out.owners[h][m.Worker] = true
				switch {
				case m.NegatedBy != "":
					out.patterns[m.Zone+" "+m.NegatedBy] = true
				case m.Via == ViaRoute:
					out.patterns[m.Zone+" "+m.Pattern] = true
				}
				if m.Via == ViaCustomDomain && m.Rule != "R46" {
					out.domains[h] = true
				}
			}
		}
	}
	return out
}

// What Lint calls unreachable or shadowed must have no counterexample, and
// what it does not must win somewhere.
func TestLintIsRightAboutWhoNeverWins(t *testing.T) {
	unreachable, shadowed := 0, 0
	for seed := range uint64(2000) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 4)))
		if seed%2 == 0 {
			w.CustomHostnames = nil
		}
		table := NewTable(w)
		win := findWinners(table, w)
		reported := map[string]bool{}
		for _, f := range table.Findings() {
			switch f.Code {
			case "route_unreachable":
				unreachable++
				for _, zone := range table.Zones() {
					if win.patterns[zone+" "+f.Subject] && len(claimsOf(w, f.Subject)) == 1 {
						t.Fatalf("seed %d: %s: but it wins in zone %s", seed, f.Message, zone)
					}
				}
			case "custom_domain_shadowed":
				shadowed++
				if win.domains[f.Subject] {
					t.Fatalf("seed %d: %s: but the custom domain answers", seed, f.Message)
				}
			}
			reported[f.Code+" "+f.Subject] = true
		}
		for _, name := range table.Zones() {
			z := table.zones[name]
			for i, e := range z.routes {
				silent := !reported["route_unreachable "+e.Pattern.Text] && !reported["route_outside_zone "+e.Pattern.Text]
				if silent && !win.patterns[name+" "+e.Pattern.Text] && !coveredByOwn(table, z, i) {
					t.Fatalf("seed %d: route %s of %q wins nowhere and is not reported", seed, e.Pattern.Text, e.worker)
				}
			}
		}
		for host, d := range table.domains {
			if !win.domains[host] && !win.owners[host][d.worker] && !reported["custom_domain_shadowed "+host] && !reported["custom_domain_partly_covered "+host] && !reported["precedence_uncertain "+host] {
				t.Fatalf("seed %d: custom domain %s answers nowhere and is not reported", seed, host)
			}
		}
	}
	if unreachable < 200 || shadowed < 30 {
		t.Errorf("the worlds are too tame: %d unreachable routes, %d shadowed domains", unreachable, shadowed)
	}
}

func claimsOf(w World, pattern string) []string {
	var out []string
	for _, wk := range w.Workers {
		for _, r := range wk.Routes {
			if r.Pattern == pattern {
				out = append(out, wk.Name)
			}
		}
	}
	return out
}

// coveredByOwn reports that a Worker stands in its own way, which is no
// finding.
func coveredByOwn(t *Table, z *zone, i int) bool {
	l := linter{Table: t}
	return !slices.ContainsFunc(l.parts(&z.routes[i].Pattern, z), func(part *Pattern) bool {
		return !slices.ContainsFunc(z.routes[:i], func(e *entry) bool {
			return e.worker == z.routes[i].worker && covers(&e.Pattern, part, z)
		})
	})
}

// Containment and intersection of patterns, against the URLs themselves.
func TestRelationsAgreeWithURLs(t *testing.T) {
	var all []Pattern
	for _, s := range []string{"", "http://", "https://"} {
		for _, h := range append([]string{"*"}, hostForms...) {
			for _, p := range []string{"/", "/*", "/a", "/a*", "/a/*"} {
				pat, _ := Parse(s + h + p)
				all = append(all, pat)
			}
		}
	}
	var urls [][3]string
	for _, s := range []string{"http", "https"} {
		for _, h := range append([]string{"zzexample.com", "zz.example.com", "zz.shop.example.com", "zzshop.example.com", "zz.zz.other.test", "zz.a.b.example.com"}, testHosts...) {
			for _, p := range []string{"/", "/zz", "/a", "/azz", "/a/", "/a/zz"} {
				urls = append(urls, [3]string{s, h, p})
			}
		}
	}
	z := &zone{name: "none.invalid"} // no host of it: the pure relations
	for i := range all {
		for j := range all {
			a, b := &all[i], &all[j]
			subset, common := true, false
			for _, u := range urls {
				inA, inB := a.Match(u[0], u[1], u[2]), b.Match(u[0], u[1], u[2])
				subset = subset && (!inB || inA)
				common = common || inA && inB
				if meets(a, b) && intersect(a, b).Match(u[0], u[1], u[2]) != (inA && inB) {
					t.Fatalf("%s and %s share %s, wrong at %v", a.Text, b.Text, intersect(a, b).Canonical(), u)
				}
			}
			if covers(a, b, z) && !subset {
				t.Fatalf("%s does not cover %s", a.Text, b.Text)
			}
			if meets(a, b) != common {
				t.Fatalf("%s and %s: meets says %v, the URLs %v", a.Text, b.Text, meets(a, b), common)
			}
		}
	}
}

func TestFindings(t *testing.T) {
	at := func(line int) diag.Position { return diag.Position{File: "wrangler.jsonc", Line: line, Col: 1} }
	off := false
	one := func(name string, routes ...Route) Worker {
		for i := range routes {
			routes[i].Pos = at(len(name)*10 + i)
		}
		return Worker{Name: name, Routes: routes}
	}
	for _, c := range []struct {
		name    string
		workers []Worker
		neg     []Route
		want    []string // code, severity, subject, workers
	}{
		{"nothing to say", []Worker{one("a", Route{Pattern: "example.com/a/*"}), one("bb", Route{Pattern: "example.com/b/*"})}, nil, nil},
		{"own routes may overlap", []Worker{one("a", Route{Pattern: "example.com/*"}, Route{Pattern: "example.com/b*"}, Route{Pattern: "example.com/b/*"})}, nil, nil},
		{"overlap", []Worker{one("a", Route{Pattern: "example.com/*"}), one("bb", Route{Pattern: "example.com/b/*"})}, nil,
			[]string{"route_overlap info example.com/* bb,a"}},
		{"unreachable by the glued star", []Worker{one("a", Route{Pattern: "example.com/i/*"}), one("bb", Route{Pattern: "example.com/i*"})}, nil,
			[]string{"route_unreachable warning example.com/i/* a,bb"}},
		{"unreachable by two halves", []Worker{one("a", Route{Pattern: "example.com/*"}), one("bb", Route{Pattern: "http://example.com/*"}), one("ccc", Route{Pattern: "https://example.com/*"})}, nil,
			[]string{"route_unreachable warning example.com/* a,bb,ccc"}},
		{"glued wildcard host", []Worker{one("a", Route{Pattern: "*example.com/x/*"}), one("bb", Route{Pattern: "*.example.com/x/*"})}, nil,
			[]string{"route_unreachable warning *.example.com/x/* bb,a", "precedence_uncertain warning *.example.com/x/* a,bb"}},
		{"unreachable by apex and subdomains", []Worker{one("a", Route{Pattern: "*/x", ZoneName: "example.com"}), one("bb", Route{Pattern: "example.com/x"}), one("ccc", Route{Pattern: "*.example.com/x"})}, nil,
			[]string{"route_unreachable warning */x a,bb,ccc"}},
		{"complete tie", []Worker{one("a", Route{Pattern: "example.com/a*"}), one("bb", Route{Pattern: "example.com/ab"}), one("ccc", Route{Pattern: "example.com/?"})}, nil,
			[]string{"route_query_string error example.com/? ccc", "route_unreachable warning example.com/ab bb,a", "precedence_uncertain warning example.com/ab a,bb"}},
		{"duplicate", []Worker{one("a", Route{Pattern: "example.com/*"}), one("bb", Route{Pattern: "example.com/*"}), one("ccc", Route{Pattern: "example.com/*"})}, nil,
			[]string{"duplicate_route error example.com/* a,bb,ccc"}},
		{"root with and without slash", []Worker{one("a", Route{Pattern: "example.com"}), one("bb", Route{Pattern: "EXAMPLE.com/"})}, nil,
			[]string{"duplicate_route warning example.com a,bb", "route_unreachable warning example.com a,bb"}},
		{"listed twice", []Worker{one("a", Route{Pattern: "example.com/*"}, Route{Pattern: "example.com/*"})}, nil,
			[]string{"duplicate_route warning example.com/* a"}},
		{"domain conflict", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true}), one("bb", Route{Pattern: "x.example.com", CustomDomain: true}), one("ccc", Route{Pattern: "X.example.com", CustomDomain: true})}, nil,
			[]string{"custom_domain_conflict error x.example.com a,bb,ccc"}},
		{"domain shadowed", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true}), one("bb", Route{Pattern: "*.example.com/*"})}, nil,
			[]string{"custom_domain_shadowed warning x.example.com a,bb"}},
		{"domain got back by an own route", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true}, Route{Pattern: "x.example.com/*"}), one("bb", Route{Pattern: "*.example.com/*"})}, nil,
			[]string{"route_overlap info *.example.com/* a,bb"}},
		{"domain covered over http only", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true}), one("bb", Route{Pattern: "http://*.example.com/*"})}, nil,
			[]string{"custom_domain_partly_covered info x.example.com a,bb"}},
		{"domain covered in part", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true}), one("bb", Route{Pattern: "x.example.com/api/*"})}, nil,
			[]string{"custom_domain_partly_covered info x.example.com a,bb"}},
		{"domain covered in two parts", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true}), one("bb", Route{Pattern: "x.example.com/api/*"}, Route{Pattern: "x.example.com/b*"})}, nil,
			[]string{"custom_domain_partly_covered info x.example.com a,bb"}},
		{"disabled domain", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true, Enabled: &off}), one("bb", Route{Pattern: "x.example.com/*"})}, nil, nil},
		{"negative route before a domain", []Worker{one("a", Route{Pattern: "x.example.com", CustomDomain: true})}, []Route{{Pattern: "*.example.com/*"}},
			[]string{"precedence_uncertain warning x.example.com a"}},
		{"on workers.dev", []Worker{one("a", Route{Pattern: "a.acme.workers.dev/*"}, Route{Pattern: "b.acme.workers.dev", CustomDomain: true})}, nil,
			[]string{"route_on_workers_dev error a.acme.workers.dev/* a", "route_on_workers_dev error b.acme.workers.dev a"}},
		{"domain wrong twice", []Worker{one("a", Route{Pattern: "*.example.com/x", CustomDomain: true})}, nil,
			[]string{"custom_domain_wildcard error *.example.com/x a", "custom_domain_path error *.example.com/x a"}},
		{"no such zone", []Worker{one("a", Route{Pattern: "other.test/*"}, Route{Pattern: "*/*"})}, nil,
			[]string{"route_zone_not_found error other.test/* a", "route_zone_missing error */* a"}},
		{"outside its zone", []Worker{one("a", Route{Pattern: "*.other.test/*", ZoneName: "example.com"})}, nil,
			[]string{"route_outside_zone warning *.other.test/* a"}},
	} {
		table := NewTable(World{Zones: []string{"example.com"}, WorkersDevSubdomain: "acme", Workers: c.workers, Negative: c.neg})
		var got []string
		for _, f := range table.Findings() {
			got = append(got, fmt.Sprintf("%s %s %s %s", f.Code, f.Severity, f.Subject, strings.Join(f.Workers, ",")))
			if f.Hint == "" || f.Message == "" || f.Pos.File == "" {
				t.Errorf("%s: incomplete: %+v", c.name, f)
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
		if n := len(table.Lint()); n != len(c.want) {
			t.Errorf("%s: Lint has %d findings", c.name, n)
		}
	}
}

func TestLimits(t *testing.T) {
	var w World
	var many, domains Worker
	many.Name, domains.Name = "many", "domains"
	for i := range 1001 {
		many.Routes = append(many.Routes, Route{Pattern: fmt.Sprintf("example.com/%d", i)})
	}
	for i := range 101 {
		domains.Routes = append(domains.Routes, Route{Pattern: fmt.Sprintf("h%d.example.org", i), CustomDomain: true})
	}
	zones := Worker{Name: "zones"}
	for i := range 1001 {
		zones.Routes = append(zones.Routes, Route{Pattern: fmt.Sprintf("z%d.test/*", i)})
	}
	w.Workers = []Worker{many, domains, zones}
	var codes []string
	for _, f := range NewTable(w).Findings() {
		codes = append(codes, f.Code+" "+f.Subject)
	}
	slices.Sort(codes)
	if want := []string{"too_many_custom_domains example.org", "too_many_routes example.com", "too_many_zones zones"}; !slices.Equal(codes, want) {
		t.Errorf("got %q, want %q", codes, want)
	}
}

func TestFirstClaimantAnswers(t *testing.T) {
	table := NewTable(World{Zones: []string{"example.com"}, Workers: []Worker{
		{Name: "first", Routes: []Route{{Pattern: "example.com/*"}, {Pattern: "x.example.com", CustomDomain: true}}},
		{Name: "second", Routes: []Route{{Pattern: "example.com/*"}, {Pattern: "x.example.com", CustomDomain: true}}},
	}})
	for _, host := range []string{"example.com", "x.example.com"} {
		if m := table.Match("https", host, "/"); m.Worker != "first" || !slices.Equal(m.Contested, []string{"second"}) {
			t.Errorf("%s: %+v", host, m)
		}
	}
}
