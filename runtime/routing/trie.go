package routing

import (
	"bytes"
	"math"
	"strings"
)

// unranked is worse than every rank.
const unranked = math.MaxInt32

// ranks holds the best rank per request scheme: http, https.
type ranks [2]int32

var noRanks = ranks{unranked, unranked}

func (r *ranks) add(schemes uint8, rank int32) {
	if schemes&schemeHTTP != 0 {
		r[0] = min(r[0], rank)
	}
	if schemes&schemeHTTPS != 0 {
		r[1] = min(r[1], rank)
	}
}

// radix is a compressed trie over byte strings; the zero value is empty.
type radix[V any] struct{ root radixNode[V] }

type radixNode[V any] struct {
	label string          // what leads here from the parent
	first []byte          // first byte of each child's label
	kids  []*radixNode[V] // parallel to first
	value *V
}

// child returns the child whose label starts with c.
func (n *radixNode[V]) child(c byte) *radixNode[V] {
	if i := bytes.IndexByte(n.first, c); i >= 0 {
		return n.kids[i]
	}
	return nil
}

// at returns the node for key, creating it.
func (t *radix[V]) at(key string) *radixNode[V] {
	n := &t.root
	for key != "" {
		i := bytes.IndexByte(n.first, key[0])
		if i < 0 {
			leaf := &radixNode[V]{label: key}
			n.first, n.kids = append(n.first, key[0]), append(n.kids, leaf)
			return leaf
		}
		kid := n.kids[i]
		common := commonPrefix(kid.label, key)
		if common < len(kid.label) {
			mid := &radixNode[V]{label: key[:common], first: []byte{kid.label[common]}, kids: []*radixNode[V]{kid}}
			kid.label = kid.label[common:]
			n.kids[i], kid = mid, mid
		}
		n, key = kid, key[common:]
	}
	return n
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// pathIndex holds the paths of every pattern with one host.
type pathIndex struct{ trie radix[pathRanks] }

type pathRanks struct{ exact, prefix ranks }

func (x *pathIndex) add(p *Pattern, rank int32) {
	n := x.trie.at(p.Path)
	if n.value == nil {
		n.value = &pathRanks{noRanks, noRanks}
	}
	if p.PathWildcard {
		n.value.prefix.add(p.schemes, rank)
	} else {
		n.value.exact.add(p.schemes, rank)
	}
}

// find returns the best rank among the patterns that match path.
func (x *pathIndex) find(path string, scheme int) int32 {
	best := int32(unranked)
	for n := &x.trie.root; ; {
		if v := n.value; v != nil {
			best = min(best, v.prefix[scheme])
			if path == "" {
				best = min(best, v.exact[scheme])
			}
		}
		if path == "" {
			return best
		}
		if n = n.child(path[0]); n == nil || !strings.HasPrefix(path, n.label) {
			return best
		}
		path = path[len(n.label):]
	}
}

// suffixIndex maps host suffixes to paths. Keys are stored reversed, so one
// walk from the end of a host meets every suffix of it.
type suffixIndex struct{ trie radix[pathIndex] }

func (x *suffixIndex) at(suffix string) *pathIndex {
	n := x.trie.at(reversed(suffix))
	if n.value == nil {
		n.value = new(pathIndex)
	}
	return n.value
}

func (x *suffixIndex) find(host, path string, scheme int) int32 {
	best := int32(unranked)
	n, end := &x.trie.root, len(host)
	for {
		if n.value != nil {
			best = min(best, n.value.find(path, scheme))
		}
		if end == 0 {
			return best
		}
		if n = n.child(host[end-1]); n == nil || !hasReversed(host[:end], n.label) {
			return best
		}
		end -= len(n.label)
	}
}

// hasReversed reports whether s, read backwards, starts with label.
func hasReversed(s, label string) bool {
	if len(s) < len(label) {
		return false
	}
	for i := range len(label) {
		if s[len(s)-1-i] != label[i] {
			return false
		}
	}
	return true
}

func reversed(s string) string {
	b := make([]byte, len(s))
	for i := range len(s) {
		b[len(s)-1-i] = s[i]
	}
	return string(b)
}
