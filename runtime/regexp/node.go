package regexp

import "math"

// node is a part of a pattern.
type node struct {
	op   op
	kids []*node

	char rune // opChar
	set  *set // opSet; what words are made of, for opWord

	group       int // the number of an opGroup, 0 if it captures nothing
	first, last int // the groups in it

	low, high int // opRepeat
	lazy      bool

	negative, behind bool // opLook; negative for opWord too
	lines            bool // opStart, opEnd: at lines as well

	groups []int // opReference
	name   string
	fold   bool
}

type op uint8

const (
	opRow op = iota
	opAlternatives
	opChar
	opSet
	opGroup
	opRepeat
	opLook
	opStart
	opEnd
	opWord
	opReference
)

// many is without bound.
const many = math.MaxInt32

// empty reports whether a node can match nothing.
func (n *node) empty() bool {
	switch n.op {
	case opChar, opSet:
		return false
	case opRow:
		for _, k := range n.kids {
			if !k.empty() {
				return false
			}
		}
		return true
	case opAlternatives:
		for _, k := range n.kids {
			if k.empty() {
				return true
			}
		}
		return false
	case opGroup:
		return n.kids[0].empty()
	case opRepeat:
		return n.low == 0 || n.kids[0].empty()
	}
	return true // assertions and references
}

// set is a charset that is asked often.
type set struct {
	small [4]uint64 // up to 255
	all   charset
}

func newSet(s charset) *set {
	out := &set{all: s}
	for _, r := range s {
		for c := r.lo; c <= min(r.hi, 255); c++ {
			out.small[c>>6] |= 1 << (c & 63)
		}
	}
	return out
}

func (s *set) has(r rune) bool {
	if r < 256 {
		return r >= 0 && s.small[r>>6]&(1<<(r&63)) != 0
	}
	return s.all.has(r)
}
