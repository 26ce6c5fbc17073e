package routing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// naive is Match written as the rules read: try every pattern of the zone,
// keep the best. It shares Parse and Compare with the index, nothing else.
func naive(w World, t *Table, scheme, host, path string) (outcome Outcome, worker, pattern string) {
	zoneName := t.ZoneOf(host)
	if zoneName == "" {
		return None, "", ""
	}
	var best *Pattern
	var bestWorker string
	var domainWorker, domainPattern string
	try := func(worker string, r Route) {
		if r.CustomDomain {
			if strings.EqualFold(r.Pattern, host) && domainWorker == "" {
				domainWorker, domainPattern = worker, r.Pattern
			}
			return
		}
		p, l := Parse(r.Pattern)
		if l.HasErrors() || !p.Match(scheme, host, path) {
			return
		}
		if z := r.ZoneName; z != "" && z != zoneName || z == "" && t.ZoneOf(p.Host) != zoneName {
			return
		}
		if best == nil || p.Compare(best) < 0 {
			best, bestWorker = &p, worker
		}
	}
	for _, wk := range w.Workers {
		for _, r := range wk.Routes {
			try(wk.Name, r)
		}
	}
	for _, r := range w.Negative {
		try("", r)
	}
	switch {
	case best != nil && bestWorker != "":
		return RunWorker, bestWorker, best.Text
	case domainWorker != "":
		return RunWorker, domainWorker, domainPattern
	}
	return Origin, "", ""
}

var (
	testHosts = []string{"example.com", "www.example.com", "a.b.example.com", "shop.example.com", "workshop.example.com",
		"eu.shop.example.com", "other.test", "www.other.test", "shop.customer.net", "nobody.invalid"}
	testPaths = []string{"/", "/a", "/a/", "/a/b", "/ab", "/abc/d", "/api", "/api/", "/api/x", "/api/x?y=1", "/apidocs", "/?q=1", "/API/x"}
	hostForms = []string{"example.com", "www.example.com", "*.example.com", "*example.com", "*shop.example.com", "*.shop.example.com",
		"shop.example.com", "a.b.example.com", "other.test", "*.other.test", "*other.test", "*.b.example.com"}
	pathForms = []string{"", "/", "/*", "/a", "/a*", "/a/*", "/a/b", "/ab*", "/api", "/api*", "/api/*", "/api/x", "/api/x*", "/API/*"}
	schemes   = []string{"", "", "", "http://", "https://"}
)

// randomWorld makes a world whose patterns are all different, so that no
// claim depends on load order.
func randomWorld(r *rand.Rand) World {
	w := World{
		Zones:           []string{"example.com", "other.test"},
		CustomHostnames: map[string]string{"shop.customer.net": "example.com"},
	}
	seen := map[string]bool{}
	for i := range 1 + r.IntN(4) {
		wk := Worker{Name: string(rune('a' + i))}
		for range r.IntN(6) {
			if rt := randomRoute(r); !seen[rt.Pattern] {
				seen[rt.Pattern] = true
				wk.Routes = append(wk.Routes, rt)
			}
		}
		w.Workers = append(w.Workers, wk)
	}
	for range r.IntN(2) {
		if rt := randomRoute(r); !rt.CustomDomain && !seen[rt.Pattern] {
			seen[rt.Pattern] = true
			w.Negative = append(w.Negative, rt)
		}
	}
	return w
}

func randomRoute(r *rand.Rand) Route {
	switch r.IntN(10) {
	case 0:
		return Route{Pattern: testHosts[r.IntN(6)], CustomDomain: true}
	case 1:
		return Route{Pattern: "*" + pathForms[1+r.IntN(len(pathForms)-1)], ZoneName: []string{"example.com", "other.test"}[r.IntN(2)]}
	}
	return Route{Pattern: schemes[r.IntN(len(schemes))] + hostForms[r.IntN(len(hostForms))] + pathForms[r.IntN(len(pathForms))]}
}

func forEachURL(f func(scheme, host, path string)) {
	for _, s := range []string{"http", "https"} {
		for _, h := range testHosts {
			for _, p := range testPaths {
				f(s, h, p)
			}
		}
	}
}

func TestIndexAgreesWithNaiveScan(t *testing.T) {
	for seed := range uint64(150) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 1)))
		table := NewTable(w)
		forEachURL(func(scheme, host, path string) {
			m := table.Match(scheme, host, path)
			o, worker, pattern := naive(w, table, scheme, host, path)
			if m.Outcome != o || m.Worker != worker || m.Pattern != pattern {
				t.Fatalf("seed %d, %s://%s%s: index %v %q %q, scan %v %q %q", seed, scheme, host, path,
					m.Outcome, m.Worker, m.Pattern, o, worker, pattern)
			}
		})
	}
}

func TestWinnerIndependentOfDeclarationOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := randomWorld(r)
		first := NewTable(w)
		shuffled := World{Zones: slices.Clone(w.Zones), CustomHostnames: w.CustomHostnames, Negative: w.Negative}
		for _, wk := range w.Workers {
			wk.Routes = slices.Clone(wk.Routes)
			r.Shuffle(len(wk.Routes), func(i, j int) { wk.Routes[i], wk.Routes[j] = wk.Routes[j], wk.Routes[i] })
			shuffled.Workers = append(shuffled.Workers, wk)
		}
		slices.Reverse(shuffled.Workers)
		second := NewTable(shuffled)
		forEachURL(func(scheme, host, path string) {
			a, b := first.Match(scheme, host, path), second.Match(scheme, host, path)
			if a.Worker != b.Worker || a.Pattern != b.Pattern || a.Outcome != b.Outcome {
				t.Fatalf("seed %d, %s://%s%s: %q by %q, after reordering %q by %q", seed, scheme, host, path, a.Worker, a.Pattern, b.Worker, b.Pattern)
			}
		})
	}
}

// bigWorld has n patterns over exact, wildcard and glued hosts.
func bigWorld(n int) World {
	w := World{Zones: []string{"example.com"}}
	for i := range n {
		var p string
		switch i % 5 {
		case 0, 1:
			p = fmt.Sprintf("h%d.example.com/api/v%d/*", i/50, i)
		case 2:
			p = fmt.Sprintf("*.h%d.example.com/items*", i)
		case 3:
			p = fmt.Sprintf("example.com/section-%d/page", i)
		case 4:
			p = fmt.Sprintf("*tail%d.example.com/x/%d/*", i/20, i)
		}
		w.Workers = append(w.Workers, Worker{Name: fmt.Sprintf("w%d", i), Routes: []Route{{Pattern: p}}})
	}
	return w
}

func TestMatchDoesNotAllocate(t *testing.T) {
	table := NewTable(bigWorld(10_000))
	for _, u := range [][2]string{
		{"h3.example.com", "/api/v151/users/7?full=1"},
		{"x.y.h7.example.com", "/items/3"},
		{"example.com", "/section-8/page"},
		{"none.example.com", "/nothing"},
		{"nobody.test:8080", "/"},
	} {
		if n := testing.AllocsPerRun(100, func() { table.Match("https", u[0], u[1]) }); n != 0 {
			t.Errorf("%s%s: %v allocations", u[0], u[1], n)
		}
	}
	if m := table.Match("https", "h3.example.com", "/api/v151/users"); m.Worker != "w151" {
		t.Errorf("h3 answered by %q (%s)", m.Worker, m.Outcome)
	}
}

func BenchmarkMatch(b *testing.B) {
	urls := [][2]string{
		{"h3.example.com", "/api/v151/users/7?full=1"},
		{"x.y.h7.example.com", "/items/3"},
		{"example.com", "/section-8/page"},
		{"foo-tail9.example.com", "/x/184/rest"},
		{"none.example.com", "/nothing"},
	}
	for _, n := range []int{1, 100, 10_000} {
		table := NewTable(bigWorld(n))
		b.Run(fmt.Sprintf("patterns=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				u := urls[i%len(urls)]
				table.Match("https", u[0], u[1])
				i++
			}
		})
	}
}

func BenchmarkNewTable(b *testing.B) {
	w := bigWorld(10_000)
	for b.Loop() {
		NewTable(w)
	}
}

func BenchmarkExplain(b *testing.B) {
	table := NewTable(bigWorld(10_000))
	for b.Loop() {
		if _, err := table.Explain("https://h3.example.com/api/v151/users/7", ExplainOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFindings(b *testing.B) {
	for _, n := range []int{100, 1000} {
		w := bigWorld(n)
		w.Workers = append(w.Workers, Worker{Name: "all", Routes: []Route{{Pattern: "*.example.com/*"}, {Pattern: "example.com/*"}}})
		table := NewTable(w)
		b.Run(fmt.Sprintf("patterns=%d", n), func(b *testing.B) {
			for b.Loop() {
				table.Findings()
			}
		})
	}
}
