package regexp

import (
	"errors"
	"slices"
	"unicode/utf16"
)

// Match finds the first match in units that begins at from or later, or only
// there if sticky is set. The result has the start and end of the match and of
// each group, -1 for groups that took no part, and is nil if there is no match.
// stopped, if not nil, is asked now and then whether to give up, which ends in
// ErrStopped.
func (p *Pattern) Match(units []uint16, from int, sticky bool, stopped func() bool) ([]int, error) {
	prog := p.compile()
	m := &machine{program: prog, text: units, pairs: p.fullUnicode, stopped: stopped,
		slots: make([]int, 2*len(p.Names)), registers: make([]int, prog.registers)}
	if p.fullUnicode && m.inPair(from) {
		from-- // it is the pair
	}
	for at := from; at <= len(units); at++ {
		if at > 0 && prog.code[0].op == cStart {
			break
		}
		if prog.first != nil && !sticky {
			for at < len(units) && !prog.first.has(m.runeAt(at)) {
				at++
			}
			if at == len(units) {
				return nil, nil
			}
		}
		if p.fullUnicode && at > from && m.inPair(at) {
			continue
		}
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.stack = m.stack[:0]
		end, ok := m.run(0, at)
		if m.gaveUp {
			return nil, ErrStopped
		}
		if ok {
			m.slots[0], m.slots[1] = at, end
			return m.slots, nil
		}
		if sticky {
			break
		}
	}
	return nil, nil
}

// ErrStopped is the end of a match that was given up.
var ErrStopped = errors.New("regexp: stopped")

func isHigh(u uint16) bool { return u&0xFC00 == 0xD800 }
func isLow(u uint16) bool  { return u&0xFC00 == 0xDC00 }

// inPair reports whether a place is in the middle of a surrogate pair.
func (m *machine) inPair(at int) bool {
	return at > 0 && at < len(m.text) && isLow(m.text[at]) && isHigh(m.text[at-1])
}

type machine struct {
	*program
	text             []uint16
	pairs            bool // surrogate pairs are one character
	slots, registers []int
	stack            []saved
	stopped          func() bool
	steps            int // since stopped was asked
	gaveUp           bool
}

// saved is something to go back to: a branch not taken, or what a slot or a
// register held.
type saved struct {
	kind savedKind
	at   int // an instruction, a slot or a register
	pos  int // a place, or a value
	end  int // for a run, how far it may be taken back or on
}

type savedKind uint8

const (
	branch savedKind = iota
	run              // a greedy cRun, to be taken back one by one to end
	more             // a lazy one, to be taken on one by one, end times yet
	slot
	register
)

// runeAt is the character that begins at a place.
func (m *machine) runeAt(i int) rune {
	u := m.text[i]
	if m.pairs && isHigh(u) && i+1 < len(m.text) && isLow(m.text[i+1]) {
		return utf16.DecodeRune(rune(u), rune(m.text[i+1]))
	}
	return rune(u)
}

// read gives the next character in a direction and the place behind it.
func (m *machine) read(pos int, back bool) (rune, int, bool) {
	if !back {
		if pos >= len(m.text) {
			return 0, pos, false
		}
		r := m.runeAt(pos)
		if r > 0xFFFF {
			return r, pos + 2, true
		}
		return r, pos + 1, true
	}
	if pos <= 0 {
		return 0, pos, false
	}
	u := m.text[pos-1]
	if m.pairs && isLow(u) && pos > 1 && isHigh(m.text[pos-2]) {
		return utf16.DecodeRune(rune(m.text[pos-2]), rune(u)), pos - 2, true
	}
	return rune(u), pos - 1, true
}

func (m *machine) setSlot(i, v int) {
	m.stack = append(m.stack, saved{kind: slot, at: i, pos: m.slots[i]})
	m.slots[i] = v
}

func (m *machine) setRegister(i, v int) {
	m.stack = append(m.stack, saved{kind: register, at: i, pos: m.registers[i]})
	m.registers[i] = v
}

func (m *machine) push(pc, pos int) {
	m.stack = append(m.stack, saved{kind: branch, at: pc, pos: pos})
}

// run goes from an instruction to the next cAccept. What it leaves on the stack
// above its beginning are ways it could have taken as well.
func (m *machine) run(pc, pos int) (end int, ok bool) {
	base := len(m.stack)
	for {
		const often = 1 << 14
		if m.steps++; m.steps > often {
			m.steps = 0
			m.gaveUp = m.stopped != nil && m.stopped()
		}
		if m.gaveUp {
			return 0, false
		}
		in := &m.code[pc]
		good := true
		switch in.op {
		case cAccept:
			return pos, true
		case cChar:
			r, next, there := m.read(pos, in.back)
			if good = there && r == in.char; good {
				pos = next
			}
		case cSet:
			r, next, there := m.read(pos, in.back)
			if good = there && in.set.has(r); good {
				pos = next
			}
		case cRun:
			pos, good = m.repeat(pc, in, pos)
		case cJump:
			pc = in.x
			continue
		case cSplit:
			m.push(in.x, pos)
		case cLazy:
			m.push(pc+1, pos)
			pc = in.x
			continue
		case cSave:
			m.setSlot(in.x, pos)
		case cReset:
			for i := in.x; i < in.y; i++ {
				if m.slots[i] >= 0 {
					m.setSlot(i, -1)
				}
			}
		case cZero:
			m.setRegister(in.x, 0)
		case cLoop:
			switch n := m.registers[in.x]; {
			case n < in.low:
			case n >= in.high:
				pc = in.y
				continue
			case in.lazy:
				m.push(pc+1, pos)
				pc = in.y
				continue
			default:
				m.push(in.y, pos)
			}
		case cEnter:
			m.setRegister(in.x, m.registers[in.x]+1)
			m.setRegister(in.x+1, pos)
		case cNotEmpty:
			good = m.registers[in.x] <= in.low || m.registers[in.x+1] != pos
		case cStart:
			good = pos == 0
		case cEnd:
			good = pos == len(m.text)
		case cStartLine:
			good = pos == 0 || lineEnds.has(rune(m.text[pos-1]))
		case cEndLine:
			good = pos == len(m.text) || lineEnds.has(rune(m.text[pos]))
		case cWord:
			before := pos > 0 && in.set.has(rune(m.text[pos-1]))
			after := pos < len(m.text) && in.set.has(rune(m.text[pos]))
			good = (before != after) != in.negative
		case cReference:
			pos, good = m.reference(in, pos)
		case cLook:
			if good = m.look(pc, pos, in.negative); good {
				pc = in.x
				continue
			}
		}
		if good {
			pc++
			continue
		}
		if pc, pos, ok = m.goBack(base); !ok {
			return 0, false
		}
	}
}

// goBack restores what was before the last branch not taken, above base.
func (m *machine) goBack(base int) (pc, pos int, ok bool) {
	for len(m.stack) > base {
		top := &m.stack[len(m.stack)-1]
		switch top.kind {
		case slot:
			m.slots[top.at] = top.pos
		case register:
			m.registers[top.at] = top.pos
		case branch:
			pc, pos = top.at, top.pos
			m.stack = m.stack[:len(m.stack)-1]
			return pc, pos, true
		case run:
			in := &m.code[top.at]
			_, pos, _ = m.read(top.pos, !in.back)
			pc = top.at + 1
			if top.pos = pos; pos == top.end {
				m.stack = m.stack[:len(m.stack)-1]
			}
			return pc, pos, true
		case more:
			in := &m.code[top.at]
			r, next, there := m.read(top.pos, in.back)
			if !there || !in.set.has(r) {
				break
			}
			pc, pos = top.at+1, next
			top.pos = next
			if top.end--; top.end == 0 {
				m.stack = m.stack[:len(m.stack)-1]
			}
			return pc, pos, true
		}
		m.stack = m.stack[:len(m.stack)-1]
	}
	return 0, 0, false
}

// repeat takes one character as often as it may, or must.
func (m *machine) repeat(pc int, in *instr, pos int) (int, bool) {
	want := in.high
	if in.lazy {
		want = in.low
	}
	n, least := 0, pos
	for ; n < want; n++ {
		r, next, there := m.read(pos, in.back)
		if !there || !in.set.has(r) {
			break
		}
		pos = next
		if n < in.low {
			least = pos
		}
	}
	m.steps += n
	switch {
	case n < in.low:
		return pos, false
	case in.lazy:
		if in.high > in.low {
			m.stack = append(m.stack, saved{kind: more, at: pc, pos: pos, end: in.high - in.low})
		}
	case n > in.low:
		m.stack = append(m.stack, saved{kind: run, at: pc, pos: pos, end: least})
	}
	return pos, true
}

// look runs an assertion. One that holds keeps its groups, not its branches.
func (m *machine) look(pc, pos int, negative bool) bool {
	base := len(m.stack)
	_, ok := m.run(pc+1, pos)
	if m.gaveUp {
		return false
	}
	if !ok {
		return negative
	}
	if negative {
		for i := len(m.stack) - 1; i >= base; i-- {
			switch s := &m.stack[i]; s.kind {
			case slot:
				m.slots[s.at] = s.pos
			case register:
				m.registers[s.at] = s.pos
			}
		}
		m.stack = m.stack[:base]
		return false
	}
	kept := slices.DeleteFunc(m.stack[base:], func(s saved) bool { return s.kind != slot && s.kind != register })
	m.stack = m.stack[:base+len(kept)]
	return true
}

// reference matches what a group did; of groups with one name at most one took
// part.
func (m *machine) reference(in *instr, pos int) (int, bool) {
	for _, g := range in.groups {
		lo, hi := m.slots[2*g], m.slots[2*g+1]
		if lo < 0 || hi < 0 {
			continue
		}
		if hi < lo {
			lo, hi = hi, lo
		}
		n := hi - lo
		at := pos
		if in.back {
			at = pos - n
		}
		if at < 0 || at+n > len(m.text) {
			return pos, false
		}
		if !m.same(m.text[lo:hi], m.text[at:at+n], in.fold) {
			return pos, false
		}
		if in.back {
			return at, true
		}
		return at + n, true
	}
	return pos, true
}

func (m *machine) same(a, b []uint16, fold bool) bool {
	if !fold {
		return slices.Equal(a, b)
	}
	if m.pairs {
		ra, rb := decode(a), decode(b)
		return slices.EqualFunc(ra, rb, func(x, y rune) bool { return x == y || slices.Contains(equals(x, true), y) })
	}
	return slices.EqualFunc(a, b, func(x, y uint16) bool { return x == y || upper(rune(x)) == upper(rune(y)) })
}
