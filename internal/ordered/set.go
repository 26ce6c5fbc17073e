// Package ordered has a set that remembers in which order its members came, for
// what ends many things at once: code must see their ends in the same order each
// time, which the order of a Go map is not.
package ordered

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// Set is a set; the zero value is empty. It is not safe for concurrent use.
type Set[K comparable] struct {
	members map[K]uint64
	last    uint64
}

// Add adds k behind all members, unless it is one.
func (s *Set[K]) Add(k K) {
	if _, ok := s.members[k]; ok {
		return
	}
	if s.members == nil {
		s.members = map[K]uint64{}
	}
	s.last++
	s.members[k] = s.last
}

// Has reports whether k is a member.
func (s *Set[K]) Has(k K) bool {
	_, ok := s.members[k]
	return ok
}

// Delete removes k if it is a member.
func (s *Set[K]) Delete(k K) { delete(s.members, k) }

// Len is the number of members.
func (s *Set[K]) Len() int { return len(s.members) }

// All are the members in no order, for whom it does not matter.
func (s *Set[K]) All() iter.Seq[K] { return maps.Keys(s.members) }

// Members are those there are now, the first added first.
func (s *Set[K]) Members() []K {
	return slices.SortedFunc(maps.Keys(s.members), func(a, b K) int { return cmp.Compare(s.members[a], s.members[b]) })
}
