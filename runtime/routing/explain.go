package routing

import (
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// Explanation says who answers a URL and why, in a form that can be printed
// or sent as JSON. It always agrees with Match.
type Explanation struct {
	URL     string  `json:"url"`
	Outcome Outcome `json:"outcome"`
	Worker  string  `json:"worker,omitempty"`
	Via     Via     `json:"via,omitempty"`
	Pattern string  `json:"pattern,omitempty"`
	Zone    string  `json:"zone,omitempty"`
	// Rule is the rule that decided; Rules has a sentence for each.
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
	// NegatedBy is the route without a Worker that won.
	NegatedBy string        `json:"negated_by,omitempty"`
	Contested []string      `json:"contested,omitempty"`
	Pos       diag.Position `json:"pos,omitzero"`
	// AlsoMatched are the losers, best first, a custom domain last.
	AlsoMatched []Candidate `json:"also_matched,omitempty"`
	// NearMisses are patterns one small change away, closest first.
	NearMisses []NearMiss `json:"near_misses,omitempty"`
	Warnings   []string   `json:"warnings,omitempty"`
}

// Candidate is something that matched and lost. Worker is empty for a route
// without a Worker.
type Candidate struct {
	Worker  string        `json:"worker,omitempty"`
	Via     Via           `json:"via"`
	Pattern string        `json:"pattern"`
	Rule    string        `json:"rule"`
	Why     string        `json:"why"`
	Pos     diag.Position `json:"pos,omitzero"`
}

// NearMiss is something that did not match but nearly did. Pattern is empty
// for a workers.dev host.
type NearMiss struct {
	Worker  string        `json:"worker,omitempty"`
	Via     Via           `json:"via"`
	Pattern string        `json:"pattern,omitempty"`
	Rule    string        `json:"rule"`
	Why     string        `json:"why"`
	Fix     string        `json:"fix,omitempty"`
	Pos     diag.Position `json:"pos,omitzero"`

	kind  missKind
	entry *entry
}

// ExplainOptions limits what Explain looks for.
type ExplainOptions struct {
	// MaxNearMisses is the number of near misses listed: 0 means 5, negative
	// means none.
	MaxNearMisses int
}

// query is a request in normal form.
type query struct {
	scheme int
	host   string
	path   string // with query
	port   string
}

func (q query) schemeName() string {
	return [...]string{"http", "https"}[q.scheme]
}

// Explain says who answers url and why. A URL without a scheme is read as
// https.
func (t *Table) Explain(url string, opts ExplainOptions) (Explanation, error) {
	q, href, err := parseQuery(url)
	if err != nil {
		return Explanation{}, err
	}
	m := t.match(q.scheme, q.host, q.path)
	x := Explanation{
		URL: href, Outcome: m.Outcome, Worker: m.Worker, Via: m.Via, Pattern: m.Pattern,
		Zone: m.Zone, NegatedBy: m.NegatedBy, Contested: m.Contested, Pos: m.Pos,
	}
	var matched []*entry
	var d *domain
	if !under(q.host, workersDevZone) {
		matched, d = t.matched(q), t.domains[q.host]
	}
	if d != nil && !d.enabled() {
		d = nil
	}
	if m.Rule == "R6" {
		matched, d = nil, nil
	}
	misses := t.nearMisses(q)
	x.Rule = t.refine(q, m, matched, d, misses)
	x.Reason = reason(x.Rule, q, m, matched, d, misses)
	x.AlsoMatched = losers(m, matched, d)
	x.NearMisses = limit(misses, opts.MaxNearMisses)
	x.Warnings = t.warnings(q, m, matched)
	return x, nil
}

func parseQuery(url string) (query, string, error) {
	text := stripURLSpace(url)
	scheme, _, ok := cutScheme(text)
	if !ok {
		scheme, text = "https", "https://"+text
	}
	if schemeBit(scheme) == 0 {
		return query{}, "", fmt.Errorf("explain %s: scheme %q cannot be routed; use http or https", url, scheme)
	}
	u, err := parser.Parse(text)
	if err != nil {
		return query{}, "", fmt.Errorf("explain %s: not a valid URL: %w", url, err)
	}
	q := query{scheme: schemeIndex(scheme), host: u.Hostname(), path: u.Pathname() + u.Search(), port: u.Port()}
	return q, u.Href(true), nil
}

// matched lists the routes that take the request, in the order they are tried.
func (t *Table) matched(q query) []*entry {
	z := t.zoneOf(q.host)
	if z == nil {
		return nil
	}
	var out []*entry
	for _, e := range z.routes {
		if e.Pattern.Match(q.schemeName(), q.host, q.path) {
			out = append(out, e)
		}
	}
	return out
}

// losers lists what matched and did not run.
func losers(m Match, matched []*entry, d *domain) []Candidate {
	var out []Candidate
	for i, e := range matched {
		if i == 0 { // the winner, or the route that negates
			continue
		}
		rule, why := whyLost(matched[0], e)
		out = append(out, Candidate{Worker: e.worker, Via: ViaRoute, Pattern: e.Pattern.Text, Rule: rule, Why: why, Pos: e.Pos})
	}
	if d != nil && m.Via != ViaCustomDomain {
		out = append(out, Candidate{Worker: d.worker, Via: ViaCustomDomain, Pattern: d.Pattern, Rule: "R41",
			Why: fmt.Sprintf("a custom domain is asked only when no route matches; %s does", matched[0].Pattern.Text), Pos: d.Pos})
	}
	return out
}

// whyLost says why loser is tried after winner.
func whyLost(winner, loser *entry) (rule, why string) {
	w, l := &winner.Pattern, &loser.Pattern
	rule = decidingRule(w, l)
	switch rule {
	case "R34":
		if w.length == l.length {
			return rule, fmt.Sprintf("same score (%d) and same length as %s; the order in production is unknown", l.Score(), w.Text)
		}
		return rule, fmt.Sprintf("same score (%d) as %s, which is longer", l.Score(), w.Text)
	case "R35":
		return rule, fmt.Sprintf("same score (%d) as %s, which is longer by its scheme", l.Score(), w.Text)
	case "R32":
		return rule, fmt.Sprintf("its path is more specific, but the host of %s is, and the host outweighs the path (%d against %d)", w.Text, w.Score(), l.Score())
	case "R33":
		return rule, fmt.Sprintf("%s ends in a * glued to text, which is not discounted (%d against %d)", w.Text, w.Score(), l.Score())
	case "R36":
		return rule, fmt.Sprintf("the * glued to the host of %s is not discounted (%d against %d); this order is contested", w.Text, w.Score(), l.Score())
	}
	return rule, fmt.Sprintf("%s is more specific (score %d against %d)", w.Text, w.Score(), l.Score())
}

// decidingRule names the rule that puts w before l.
func decidingRule(w, l *Pattern) string {
	switch {
	case orderRestsOnGlue(w, l):
		return "R36"
	case w.Score() == l.Score():
		if w.Scheme != l.Scheme && w.canonicalHost() == l.canonicalHost() && w.Path == l.Path && w.PathWildcard == l.PathWildcard {
			return "R35"
		}
		return "R34"
	case w.hostScore > l.hostScore && w.pathScore < l.pathScore:
		return "R32"
	case w.hostScore == l.hostScore && w.PathWildcard && !strings.HasSuffix(w.Path, "/") &&
		strings.HasPrefix(l.Path, w.Path) && l.Path != w.Path:
		return "R33"
	}
	return "R31"
}

// orderRestsOnGlue reports whether w would no longer come first if glued
// wildcard hosts were discounted like *. hosts (R36).
func orderRestsOnGlue(w, l *Pattern) bool {
	if (w.Kind == HostSuffix) == (l.Kind == HostSuffix) {
		return false
	}
	discounted := func(p *Pattern) int {
		if p.Kind == HostSuffix {
			return p.Score() - 2*26
		}
		return p.Score()
	}
	dw, dl := discounted(w), discounted(l)
	return dl > dw || dl == dw && l.length > w.length
}

// limit cuts the near misses to the number asked for.
func limit(misses []NearMiss, n int) []NearMiss {
	switch {
	case n < 0:
		return nil
	case n == 0:
		n = 5
	}
	return misses[:min(n, len(misses))]
}

// warnings collects what production might decide otherwise.
func (t *Table) warnings(q query, m Match, matched []*entry) []string {
	var out []string
	if len(m.Contested) > 0 {
		out = append(out, fmt.Sprintf("%s is also claimed by %s; production would refuse that deploy, here the first one loaded answers.",
			m.Pattern, strings.Join(m.Contested, ", ")))
	}
	if len(matched) > 1 && matched[0].worker != matched[1].worker {
		switch a, b := &matched[0].Pattern, &matched[1].Pattern; {
		case orderRestsOnGlue(a, b):
			out = append(out, fmt.Sprintf("That %s comes before %s is not documented and contested.", a.Text, b.Text))
		case a.Score() == b.Score() && a.length == b.length:
			out = append(out, fmt.Sprintf("%s and %s tie completely; which one production tries first is unknown.", a.Text, b.Text))
		}
	}
	if m.Rule == "R46" {
		out = append(out, Rules["R46"])
	}
	if s := t.spellingWarning(q.scheme, q.host, q.path, m); s != "" {
		out = append(out, s)
	}
	if strings.HasSuffix(q.host, ".") {
		out = append(out, "The host ends in a dot; it is compared as it is.")
	}
	return out
}

// SpellingWarning says when another answer would come out if production
// decoded the path or collapsed its slashes before routing, which is unknown
// (R21). It is "" for nearly every request, and cheap then.
func (t *Table) SpellingWarning(scheme, host, pathAndQuery string) string {
	i, host, path := schemeIndex(scheme), normalHost(host), normalPath(pathAndQuery)
	return t.spellingWarning(i, host, path, t.match(i, host, path))
}

func (t *Table) spellingWarning(scheme int, host, path string, m Match) string {
	for _, p := range otherSpellings(path) {
		if alt := t.match(scheme, host, p); alt.Worker != m.Worker || alt.Pattern != m.Pattern {
			return fmt.Sprintf("If production normalises the path to %s before routing, %s answers instead.", p, answerer(alt))
		}
	}
	return ""
}

func answerer(m Match) string {
	if m.Outcome == RunWorker {
		return fmt.Sprintf("Worker %q", m.Worker)
	}
	return "no Worker"
}
