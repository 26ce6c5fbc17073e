package trace

import (
	"slices"
	"strings"
	"sync"
)

// Journal keeps records and answers questions about them. It is safe for concurrent
// use.
type Journal struct {
	limit int

	mu        sync.Mutex
	records   []Record
	followers map[chan<- Record]bool
}

// NewJournal keeps the newest records, at most limit of them; 0 is no limit.
func NewJournal(limit int) *Journal { return &Journal{limit: limit} }

// Add keeps a record; it is a subscriber of a Bus.
func (l *Journal) Add(r Record) {
	if r.order = r.Span; r.order == 0 {
		r.order = NewSpan()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit > 0 && len(l.records) >= 2*l.limit {
		l.records = slices.Clone(l.records[len(l.records)-l.limit:])
	}
	l.records = append(l.records, r)
	for next := range l.followers {
		select {
		case next <- r:
		default: // who cannot keep up misses some
		}
	}
}

// Follow sends what is added to next, as far as there is room in it, until stop.
func (l *Journal) Follow(next chan<- Record) (stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.followers == nil {
		l.followers = map[chan<- Record]bool{}
	}
	l.followers[next] = true
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.followers, next)
	}
}

// Clear forgets everything so far.
func (l *Journal) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = nil
}

// All is everything so far, in the order it was reported: what caused something
// often comes after it, since records tell of what is over.
func (l *Journal) All() Records {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := slices.Clone(l.records)
	if l.limit > 0 && len(out) > l.limit {
		out = out[len(out)-l.limit:]
	}
	return out
}

// Records are events to ask about.
type Records []Record

// Where are the records that meet a condition.
func (rs Records) Where(f func(r Record) bool) Records {
	var out Records
	for _, r := range rs {
		if f(r) {
			out = append(out, r)
		}
	}
	return out
}

// Since are those of what began after a span was named.
func (rs Records) Since(span Span) Records {
	return rs.Where(func(r Record) bool { return r.order > span })
}

// Under are the record of a span and all that it caused, directly or not.
func (rs Records) Under(span Span) Records {
	parent := map[Span]Span{}
	for _, r := range rs {
		if r.Span != 0 {
			parent[r.Span] = r.Parent
		}
	}
	caused := func(s Span) bool {
		for range len(rs) + 1 {
			if s == span {
				return true
			}
			next, ok := parent[s]
			if !ok || s == 0 {
				return false
			}
			s = next
		}
		return false
	}
	return rs.Where(func(r Record) bool { return span != 0 && (r.Span == span || caused(r.Parent)) })
}

// Filter says which records are meant; a field that is "" is any.
type Filter struct {
	Kind Kind
	// Worker is whose code did it.
	Worker string
	// Target is what it was done to: a binding, a worker, a class, a host.
	Target string
	// Op is what was done: "get", "put", "GET".
	Op string
	// Name is in the record's name: part of a path or a key.
	Name string
}

// Matches reports whether a record is meant.
func (f Filter) Matches(r Record) bool {
	is := func(want, got string) bool { return want == "" || want == got }
	return is(string(f.Kind), string(r.Kind)) && is(f.Worker, r.Worker) && is(f.Target, r.Target) && is(f.Op, r.Op()) &&
		strings.Contains(r.Name, f.Name)
}

// Filter are the records that a filter means.
func (rs Records) Filter(f Filter) Records { return rs.Where(f.Matches) }

// Count counts records of a kind that are about target (a binding, a worker, a
// class, a host) and do op ("get", "put", "GET"); "" is any.
func (rs Records) Count(kind Kind, target, op string) int {
	return len(rs.Where(func(r Record) bool {
		return Filter{Kind: kind, Op: op}.Matches(r) && (target == "" || r.Target == target || r.Worker == target)
	}))
}

// Op is what was done, without what it was done to: "get" of "STORE.get key",
// "GET" of "GET /path".
func (r Record) Op() string {
	name, _, _ := strings.Cut(r.Name, " ")
	if op, ok := strings.CutPrefix(name, r.Target+"."); ok && r.Target != "" {
		name = op
	}
	return strings.TrimSuffix(name, "()")
}

// Through reports whether a worker, or something that was called, had a part in
// it, by name.
func (rs Records) Through(name string) bool {
	return slices.ContainsFunc(rs, func(r Record) bool { return r.Worker == name || r.Target == name })
}

// Errors are the records of what failed.
func (rs Records) Errors() Records { return rs.Where(func(r Record) bool { return r.Error != "" }) }
