package regexp

// program is a pattern as instructions for a machine that backtracks.
type program struct {
	code []instr
	// registers are counters of repetitions and places where they began.
	registers int
	first     *set // what a match begins with, if that is known
}

type instr struct {
	op       code
	char     rune
	set      *set
	x, y     int // targets, numbers of groups or registers
	low      int
	high     int
	lazy     bool
	back     bool // reads what is before the place
	negative bool
	fold     bool
	groups   []int
}

type code uint8

const (
	cChar     code = iota
	cSet           // one of set
	cRun           // set from low to high times
	cJump          // to x
	cSplit         // go on; if that fails, at x
	cLazy          // go on at x; if that fails, here
	cSave          // the place into slot x
	cReset         // groups x to y are unset
	cZero          // register x is 0
	cLoop          // once more, or out to y; the counter is register x
	cEnter         // a repetition begins: counter x, place x+1
	cNotEmpty      // the repetition of x is over: fail if it matched nothing beyond low
	cStart         // ^
	cEnd           // $
	cStartLine
	cEndLine
	cWord
	cReference
	cLook // what follows up to x is looked at only
	cAccept
)

// compile makes the program when it is first needed.
func (p *Pattern) compile() *program {
	if p.prog == nil {
		c := &compiler{}
		c.node(p.root, false)
		c.emit(instr{op: cAccept})
		c.first = firstOf(p.root)
		p.prog = &c.program
	}
	return p.prog
}

type compiler struct{ program }

func (c *compiler) emit(i instr) int {
	c.code = append(c.code, i)
	return len(c.code) - 1
}

func (c *compiler) node(n *node, back bool) {
	switch n.op {
	case opRow:
		for i := range n.kids {
			if back {
				i = len(n.kids) - 1 - i
			}
			c.node(n.kids[i], back)
		}
	case opAlternatives:
		var ends []int
		for i, k := range n.kids {
			if i == len(n.kids)-1 {
				c.node(k, back)
				break
			}
			split := c.emit(instr{op: cSplit})
			c.node(k, back)
			ends = append(ends, c.emit(instr{op: cJump}))
			c.code[split].x = len(c.code)
		}
		for _, at := range ends {
			c.code[at].x = len(c.code)
		}
	case opChar:
		c.emit(instr{op: cChar, char: n.char, back: back})
	case opSet:
		c.emit(instr{op: cSet, set: n.set, back: back})
	case opGroup:
		if n.group == 0 {
			c.node(n.kids[0], back)
			return
		}
		open, shut := 2*n.group, 2*n.group+1
		if back {
			open, shut = shut, open
		}
		c.emit(instr{op: cSave, x: open})
		c.node(n.kids[0], back)
		c.emit(instr{op: cSave, x: shut})
	case opRepeat:
		c.repeat(n, back)
	case opLook:
		at := c.emit(instr{op: cLook, negative: n.negative})
		c.node(n.kids[0], n.behind)
		c.emit(instr{op: cAccept})
		c.code[at].x = len(c.code)
	case opStart:
		c.emit(instr{op: map[bool]code{false: cStart, true: cStartLine}[n.lines]})
	case opEnd:
		c.emit(instr{op: map[bool]code{false: cEnd, true: cEndLine}[n.lines]})
	case opWord:
		c.emit(instr{op: cWord, set: n.set, negative: n.negative})
	case opReference:
		c.emit(instr{op: cReference, groups: n.groups, fold: n.fold, back: back})
	}
}

func (c *compiler) repeat(n *node, back bool) {
	body := n.kids[0]
	for body.op == opRow && len(body.kids) == 1 || body.op == opGroup && body.group == 0 {
		body = body.kids[0]
	}
	if n.high == 0 {
		return
	}
	if body.op == opChar || body.op == opSet {
		s := body.set
		if body.op == opChar {
			s = newSet(charset{{body.char, body.char}})
		}
		c.emit(instr{op: cRun, set: s, low: n.low, high: n.high, lazy: n.lazy, back: back})
		return
	}
	if n.low == 0 && n.high == many && !body.empty() {
		// No need to count.
		split := cSplit
		if n.lazy {
			split = cLazy
		}
		top := c.emit(instr{op: split})
		c.reset(n)
		c.node(body, back)
		c.emit(instr{op: cJump, x: top})
		c.code[top].x = len(c.code)
		return
	}
	r := c.registers
	c.registers += 2
	c.emit(instr{op: cZero, x: r})
	top := c.emit(instr{op: cLoop, x: r, low: n.low, high: n.high, lazy: n.lazy})
	c.emit(instr{op: cEnter, x: r})
	c.reset(n)
	c.node(body, back)
	if body.empty() {
		c.emit(instr{op: cNotEmpty, x: r, low: n.low})
	}
	c.emit(instr{op: cJump, x: top})
	c.code[top].y = len(c.code)
}

func (c *compiler) reset(n *node) {
	if n.first < n.last {
		c.emit(instr{op: cReset, x: 2 * n.first, y: 2 * n.last})
	}
}

// firstOf is what a node begins with, nil if that may be anything.
func firstOf(n *node) *set {
	switch n.op {
	case opChar:
		return newSet(charset{{n.char, n.char}})
	case opSet:
		return n.set
	case opGroup:
		return firstOf(n.kids[0])
	case opRepeat:
		if n.low > 0 {
			return firstOf(n.kids[0])
		}
	case opRow:
		for _, k := range n.kids {
			if k.op == opWord || k.op == opLook || k.op == opStart || k.op == opEnd {
				continue // takes nothing
			}
			return firstOf(k)
		}
	case opAlternatives:
		var all charset
		for _, k := range n.kids {
			f := firstOf(k)
			if f == nil {
				return nil
			}
			all = union(all, f.all)
		}
		return newSet(all)
	}
	return nil
}
