package routing

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestExplainAgreesWithMatch(t *testing.T) {
	for seed := range uint64(120) {
		table := NewTable(randomWorld(rand.New(rand.NewPCG(seed, 3))))
		forEachURL(func(scheme, host, path string) {
			m := table.Match(scheme, host, path)
			x, err := table.Explain(scheme+"://"+host+path, ExplainOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if x.Outcome != m.Outcome || x.Worker != m.Worker || x.Via != m.Via || x.Pattern != m.Pattern || x.Zone != m.Zone || x.NegatedBy != m.NegatedBy {
				t.Fatalf("seed %d, %s: match %+v, explanation %+v", seed, x.URL, m, x)
			}
			if Rules[x.Rule] == "" || !strings.Contains(x.Reason, x.Rule) {
				t.Fatalf("seed %d, %s: rule %q, reason %q", seed, x.URL, x.Rule, x.Reason)
			}
			checkLosers(t, table, x)
		})
	}
}

// checkLosers looks that a loser wins once everything above it is gone.
func checkLosers(t *testing.T, table *Table, x Explanation) {
	t.Helper()
	for i, c := range x.AlsoMatched {
		if c.Via == ViaCustomDomain && i != len(x.AlsoMatched)-1 {
			t.Fatalf("%s: the custom domain is not last: %+v", x.URL, x.AlsoMatched)
		}
		if c.Why == "" || Rules[c.Rule] == "" {
			t.Fatalf("%s: loser without a reason: %+v", x.URL, c)
		}
		if c.Via != ViaRoute {
			continue
		}
		p, _ := Parse(c.Pattern)
		q, _, _ := parseQuery(x.URL)
		if !p.Match(q.schemeName(), q.host, q.path) {
			t.Fatalf("%s: %s is listed and does not match", x.URL, c.Pattern)
		}
		if i > 0 && x.AlsoMatched[i-1].Via == ViaRoute {
			if before, _ := Parse(x.AlsoMatched[i-1].Pattern); before.Compare(&p) > 0 {
				t.Fatalf("%s: losers out of order: %+v", x.URL, x.AlsoMatched)
			}
		}
	}
}

func TestNearMisses(t *testing.T) {
	off := false
	w := World{
		Zones: []string{"example.com", "other.test"}, WorkersDevSubdomain: "acme",
		Workers: []Worker{
			{Name: "a", Routes: []Route{
				{Pattern: "example.com/api/*"}, {Pattern: "example.com/status"}, {Pattern: "https://example.com/secure"},
				{Pattern: "*.example.com/sub/*"}, {Pattern: "shop.example.com/cart"}, {Pattern: "example.com/Docs/*"},
				{Pattern: "root.example.com"}, {Pattern: "plain.example.com", CustomDomainOff: true}, {Pattern: "example.com/a%2Fb"},
			}},
			{Name: "b", Routes: []Route{{Pattern: "*/b", ZoneName: "other.test"}, {Pattern: "off.example.com", CustomDomain: true, Enabled: &off}, {Pattern: "www.other.test", CustomDomain: true}}},
		},
	}
	table := NewTable(w)
	for _, c := range []struct{ url, pattern, rule, fix string }{
		{"https://example.com/api", "example.com/api/*", "R15", "example.com/api*"},
		{"https://example.com/api?x=1", "example.com/api/*", "R15", "example.com/api*"},
		{"https://example.com/status?v=1", "example.com/status", "R14", "example.com/status*"},
		{"https://example.com/status/", "example.com/status", "R13", ""},
		{"https://example.com/status/deep", "example.com/status", "R13", "example.com/status/*"},
		{"https://example.com/Status", "example.com/status", "R16", ""},
		{"https://example.com/docs/x", "example.com/Docs/*", "R16", ""},
		{"http://example.com/secure", "https://example.com/secure", "R11", "example.com/secure"},
		{"https://example.com/sub/x", "*.example.com/sub/*", "R12", "example.com/sub/*"},
		{"https://eu.shop.example.com/cart", "shop.example.com/cart", "R12", "*.shop.example.com/cart"},
		{"https://root.example.com/x", "root.example.com", "R10", "root.example.com/*"},
		{"https://root.example.com/?x", "root.example.com", "R14", "root.example.com/*"},
		{"https://plain.example.com/x", "plain.example.com", "R52", "plain.example.com/*"},
		{"https://example.com/b", "*/b", "R3", ""},
		{"https://example.com/a/b", "example.com/a%2Fb", "R21", ""},
		{"https://example.com/nowhere", "", "R5", ""},
		{"https://off.example.com/", "off.example.com", "R44", ""},
		{"https://other.test/", "www.other.test", "R45", "other.test"},
		{"https://x.www.other.test/", "www.other.test", "R40", "x.www.other.test"},
		{"https://a.acme.workers.dev/", "", "R53", "workers_dev"},
		{"https://a.wrong.workers.dev/", "", "R53", "a.acme.workers.dev"},
		{"https://v1-a.acme.workers.dev/", "", "R54", "a.acme.workers.dev"},
	} {
		x, err := table.Explain(c.url, ExplainOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if x.Outcome == RunWorker || x.Rule != c.rule {
			t.Errorf("%s: %v by rule %s, want %s: %s", c.url, x.Outcome, x.Rule, c.rule, x.Reason)
		}
		if c.rule == "R5" {
			continue
		}
		if len(x.NearMisses) == 0 {
			t.Errorf("%s: no near miss", c.url)
			continue
		}
		if n := x.NearMisses[0]; n.Pattern != c.pattern || n.Rule != c.rule || n.Why == "" || !strings.Contains(n.Fix, c.fix) {
			t.Errorf("%s: nearest is %+v, want %s by %s with %q", c.url, n, c.pattern, c.rule, c.fix)
		}
	}
	if x, _ := table.Explain("https://example.com/api", ExplainOptions{MaxNearMisses: -1}); x.NearMisses != nil {
		t.Errorf("near misses although none were asked for: %v", x.NearMisses)
	}
}

func TestExplainWarnsWhenSpellingDecides(t *testing.T) {
	table := NewTable(World{Zones: []string{"example.com"}, Workers: []Worker{
		{Name: "site", Routes: []Route{{Pattern: "example.com/*"}}},
		{Name: "api", Routes: []Route{{Pattern: "example.com/api/*"}}},
	}})
	for url, warns := range map[string]bool{
		"https://example.com/%61pi/x":  true,
		"https://example.com//api/x":   true,
		"https://example.com/api%2Fx":  true,
		"https://example.com/api//x":   false,
		"https://example.com/other%20": false,
		"https://example.com/api/x":    false,
	} {
		x, _ := table.Explain(url, ExplainOptions{})
		alone := table.SpellingWarning("https", "example.com", strings.TrimPrefix(url, "https://example.com"))
		if got := len(x.Warnings) > 0; got != warns || (alone != "") != warns {
			t.Errorf("%s: warnings %q, %q", url, x.Warnings, alone)
		}
	}
}

func TestExplainWarnsAboutUndocumentedOrder(t *testing.T) {
	table := NewTable(World{Zones: []string{"example.com"}, Workers: []Worker{
		{Name: "a", Routes: []Route{{Pattern: "*example.com/*"}, {Pattern: "www.example.com/*"}}},
		{Name: "b", Routes: []Route{{Pattern: "*.example.com/*"}, {Pattern: "www.example.com/*"}}},
	}})
	x, _ := table.Explain("https://x.example.com/", ExplainOptions{})
	if x.Worker != "a" || x.Rule != "R36" || len(x.Warnings) != 1 {
		t.Errorf("%+v", x)
	}
	x, _ = table.Explain("https://www.example.com/", ExplainOptions{})
	if x.Worker != "a" || len(x.Contested) != 1 || x.Contested[0] != "b" || len(x.Warnings) != 1 {
		t.Errorf("%+v", x)
	}
}

func TestNegativeRouteBeforeCustomDomain(t *testing.T) {
	table := NewTable(World{Zones: []string{"example.com"},
		Workers:  []Worker{{Name: "app", Routes: []Route{{Pattern: "app.example.com", CustomDomain: true}}}, {Name: "all", Routes: []Route{{Pattern: "*.example.com/*"}}}},
		Negative: []Route{{Pattern: "app.example.com/static/*"}},
	})
	x, _ := table.Explain("https://app.example.com/static/x", ExplainOptions{})
	if x.Worker != "app" || x.Via != ViaCustomDomain || x.Rule != "R46" || x.NegatedBy != "app.example.com/static/*" || len(x.Warnings) != 1 {
		t.Errorf("%+v", x)
	}
	if len(x.AlsoMatched) != 1 || x.AlsoMatched[0].Worker != "all" {
		t.Errorf("losers %+v", x.AlsoMatched)
	}
}

func TestExplanationAsJSON(t *testing.T) {
	table := NewTable(World{Zones: []string{"example.com"}, Workers: []Worker{{Name: "a", Routes: []Route{{Pattern: "example.com/api/*"}}}}})
	x, _ := table.Explain("example.com/api", ExplainOptions{})
	b, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		URL, Outcome, Rule string
		Near               []struct{ Via, Pattern, Rule string } `json:"near_misses"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.URL != "https://example.com/api" || got.Outcome != "origin" || got.Rule != "R15" || len(got.Near) != 1 || got.Near[0].Via != "route" {
		t.Errorf("%s", b)
	}
}

func TestExplainRefusesWhatIsNoURL(t *testing.T) {
	table := NewTable(World{})
	for _, u := range []string{"", "ftp://example.com/", "https://", "https://exa mple.com/"} {
		if _, err := table.Explain(u, ExplainOptions{}); err == nil {
			t.Errorf("%q was explained", u)
		}
	}
}
