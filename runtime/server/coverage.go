package server

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/routing"
)

// Hits are how often one pattern decided who answers.
type Hits struct {
	Zone string `json:"zone"`
	// Kind is "route", "custom_domain" or "workers_dev".
	Kind string `json:"kind"`
	// Pattern is as written; for workers.dev the Worker's name.
	Pattern string `json:"pattern"`
	Worker  string `json:"worker"`
	// Requests came from outside, Fetches from Workers.
	Requests uint64 `json:"requests"`
	Fetches  uint64 `json:"fetches"`
}

// hitKey is the part of a Match that names a pattern.
type hitKey struct {
	via           routing.Via
	zone, pattern string
}

type hitCount struct {
	worker            string
	requests, fetches atomic.Uint64
}

// coverage counts hits per pattern across reloads.
type coverage struct {
	mu  sync.Mutex
	all map[hitKey]*hitCount
}

func matchKey(m *routing.Match) hitKey {
	if m.Via == routing.ViaWorkersDev {
		return hitKey{via: m.Via, pattern: m.Worker}
	}
	return hitKey{m.Via, m.Zone, m.Pattern}
}

// counters gives every pattern of a table its counter. The map is not changed
// afterwards, so requests read it without a lock.
func (c *coverage) counters(t *routing.Table) map[hitKey]*hitCount {
	if t == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[hitKey]*hitCount{}
	for _, p := range t.Places() {
		k := hitKey{p.Kind, p.Zone, p.Pattern}
		if p.Kind == routing.ViaWorkersDev {
			k.zone, k.pattern = "", p.Worker
		}
		if _, ok := out[k]; !ok {
			out[k] = c.at(k, p.Worker)
		}
	}
	return out
}

func (c *coverage) at(k hitKey, worker string) *hitCount {
	n := c.all[k]
	if n == nil {
		n = &hitCount{}
		if c.all == nil {
			c.all = map[hitKey]*hitCount{}
		}
		c.all[k] = n
	}
	n.worker = worker
	return n
}

// countRequest records that m decided a request from outside.
func (g *Graph) countRequest(m *routing.Match) {
	if n := g.hits[matchKey(m)]; n != nil {
		n.requests.Add(1)
	}
}

// CountRequest counts a request that a test gave straight to a worker, by the
// pattern that would have led its URL there. A URL that leads elsewhere counts
// for nothing.
func (s *Server) CountRequest(target, worker string) {
	g := s.Graph()
	u, err := url.Parse(target)
	if g == nil || err != nil {
		return
	}
	m := g.Table.Match(u.Scheme, strings.ToLower(u.Hostname()), u.RequestURI())
	if m.Outcome == routing.RunWorker && m.Worker == worker {
		g.countRequest(&m)
	}
}

// countFetch records that m decided a fetch by a worker.
func (g *Graph) countFetch(m *routing.Match) {
	if n := g.hits[matchKey(m)]; n != nil {
		n.fetches.Add(1)
	}
}

// Hits lists what was counted, those of earlier sessions included, in a stable
// order.
func (s *Server) Hits() []Hits {
	c := &s.coverage
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Hits, 0, len(c.all))
	for k, n := range c.all {
		h := Hits{k.zone, k.via.String(), k.pattern, n.worker, n.requests.Load(), n.fetches.Load()}
		if h.Requests+h.Fetches > 0 {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b Hits) int {
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Pattern, b.Pattern))
	})
	return out
}

// AddHits counts what an earlier session recorded.
func (s *Server) AddHits(list []Hits) {
	c := &s.coverage
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, h := range list {
		for _, via := range []routing.Via{routing.ViaRoute, routing.ViaCustomDomain, routing.ViaWorkersDev} {
			if via.String() == h.Kind {
				n := c.at(hitKey{via, h.Zone, h.Pattern}, h.Worker)
				n.requests.Add(h.Requests)
				n.fetches.Add(h.Fetches)
			}
		}
	}
}
