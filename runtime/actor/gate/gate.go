// Package gate orders what happens to one Durable Object. The input side runs
// its turns, and holds back those that a critical section
// (blockConcurrencyWhile, transaction) excludes. The output side holds what the
// object sends until everything it wrote before is committed.
//
// It does not open a gate around storage calls: those are answered inside the
// turn that makes them, so no event can come between a read and the code that
// waits for it, which is what Cloudflare's input gates are for.
//
// Where the truth is:
// https://developers.cloudflare.com/durable-objects/api/state/#blockconcurrencywhile
// and the notes on gates in workerd's io-gate.h.
//
// A Gate belongs to one goroutine, that of the isolate.
package gate

import "slices"

// Gate is the two gates of an object.
type Gate struct {
	post    func(turn func())
	top     *Section // innermost open critical section
	waiting []waiter
	posted  bool // a drain is on its way

	dirty  bool
	held   []func()
	broken bool
}

type waiter struct {
	section *Section
	turn    func()
	enters  bool // opens a section, which comes before other turns
}

// New returns an open gate. post runs a turn of its own later, in order.
func New(post func(turn func())) *Gate { return &Gate{post: post} }

// Section is a critical section: while it is open only its own turns run.
type Section struct {
	gate   *Gate
	parent *Section
	ended  bool
}

// live is the innermost section around s that has not ended: what code started
// inside a section belongs to once that is over.
func (s *Section) live() *Section {
	for s != nil && s.ended {
		s = s.parent
	}
	return s
}

// Admit runs turn now, or in a turn of its own once no critical section
// excludes it any more. section is the one the turn belongs to.
func (g *Gate) Admit(section any, turn func()) {
	s, _ := section.(*Section)
	switch {
	case g.broken:
	case s.live() == g.top && !g.ready():
		turn()
	default:
		g.waiting = append(g.waiting, waiter{section: s, turn: turn})
	}
}

// ready reports whether a waiting turn could run; others must not overtake it.
func (g *Gate) ready() bool { return g.next() >= 0 }

func (g *Gate) next() int {
	return slices.IndexFunc(g.waiting, func(w waiter) bool { return w.section.live() == g.top })
}

// Enter opens a critical section inside parent, as soon as no other one is in
// the way, and runs body as its first turn. The section excludes others from
// the moment it is open, which may be before Enter returns.
func (g *Gate) Enter(parent any, body func(s *Section)) {
	p, _ := parent.(*Section)
	open := func(p *Section) *Section {
		s := &Section{gate: g, parent: p}
		g.top = s
		return s
	}
	switch {
	case g.broken:
	case p.live() == g.top:
		s := open(p.live())
		g.post(func() { g.Admit(s, func() { body(s) }) })
	default:
		i := slices.IndexFunc(g.waiting, func(w waiter) bool { return !w.enters })
		if i < 0 {
			i = len(g.waiting)
		}
		g.waiting = slices.Insert(g.waiting, i, waiter{section: p, enters: true, turn: func() { body(open(p.live())) }})
	}
}

// End closes the section and lets waiting turns run.
func (s *Section) End() {
	if s.ended {
		return
	}
	s.ended = true
	s.gate.top = s.gate.top.live()
	s.gate.drainLater()
}

// drainLater gives each waiting turn one of its own, so that its microtasks run
// before the next.
func (g *Gate) drainLater() {
	if g.posted || g.broken || !g.ready() {
		return
	}
	g.posted = true
	g.post(g.drain)
}

func (g *Gate) drain() {
	g.posted = false
	if i := g.next(); i >= 0 && !g.broken {
		turn := g.waiting[i].turn
		g.waiting = slices.Delete(g.waiting, i, i+1)
		turn()
	}
	g.drainLater()
}

// Closed reports whether a critical section is open.
func (g *Gate) Closed() bool { return g.top != nil }

// Output runs send once everything written so far is durable: now, unless
// something was written and is not committed.
func (g *Gate) Output(send func()) {
	switch {
	case g.broken:
	case g.dirty:
		g.held = append(g.held, send)
	default:
		send()
	}
}

// Wrote says that something was written; outputs are held from here on.
func (g *Gate) Wrote() { g.dirty = true }

// Dirty reports whether outputs are held.
func (g *Gate) Dirty() bool { return g.dirty }

// Committed says that all that was written is durable.
func (g *Gate) Committed() {
	g.dirty = false
	held := g.held
	g.held = nil
	for _, send := range held {
		send()
	}
}

// Break shuts both gates for good: what waits is dropped, what comes is too.
func (g *Gate) Break() {
	g.broken = true
	g.waiting, g.held = nil, nil
}

// Broken reports whether Break was called.
func (g *Gate) Broken() bool { return g.broken }
