package jsg

import (
	"slices"
	"unsafe"

	"github.com/dop251/goja/unistring"
)

// How runs of instructions that only compute are found in a program. A run takes
// the place of its first instruction; the others stay where they are, for jumps
// to them and for runs that are given up.

// part is what an instruction can be of a run.
type part struct {
	role   role
	do     operation
	target bool // it is jumped to
}

type role uint8

const (
	noPart role = iota
	isConstant
	loadsLexical // a variable of the frame, argument or not
	loadsFrame
	loadsFrame1
	loadsScope
	isBinary
	isUnary
	increments
	decrements
	makesNumber
	readsElement
	readsProperty
	setsLexical
	initsFrame
	setsFrame
	setsFrame1
	setsLexical1
	setsScope
	setsLexicalScope
	setsElement
	jumpsUnless
	jumpsIf
	jumps
	jumpsElse // in ways that are no end of a run
)

// partsByName are what instructions are, by the names of their types.
var partsByName = map[string]part{
	"loadVal": {role: isConstant}, "loadStackLex": {role: loadsLexical}, "loadStack": {role: loadsFrame},
	"loadStack1": {role: loadsFrame1}, "loadStack1Lex": {role: loadsFrame1}, "loadStash": {role: loadsScope}, "loadStashLex": {role: loadsScope},
	"_add": {role: isBinary, do: doAdd}, "_sub": {role: isBinary, do: doSubtract}, "_mul": {role: isBinary, do: doMultiply}, "_div": {role: isBinary, do: doDivide}, "_mod": {role: isBinary, do: doRemainder},
	"_and": {role: isBinary, do: doAnd}, "_or": {role: isBinary, do: doOr}, "_xor": {role: isBinary, do: doXor},
	"_sal": {role: isBinary, do: doShiftLeft}, "_sar": {role: isBinary, do: doShiftRight}, "_shr": {role: isBinary, do: doShiftRightUnsigned},
	"_op_lt": {role: isBinary, do: doLess}, "_op_lte": {role: isBinary, do: doLessEqual}, "_op_gt": {role: isBinary, do: doGreater}, "_op_gte": {role: isBinary, do: doGreaterEqual},
	"_op_eq": {role: isBinary, do: doEqual}, "_op_strict_eq": {role: isBinary, do: doEqual}, "_op_neq": {role: isBinary, do: doUnequal}, "_op_strict_neq": {role: isBinary, do: doUnequal},
	"_neg": {role: isUnary, do: doNegate}, "_bnot": {role: isUnary, do: doNot}, "_inc": {role: increments}, "_dec": {role: decrements},
	"_toNumber": {role: makesNumber}, "_plus": {role: makesNumber},
	"_getElem": {role: readsElement}, "getProp": {role: readsProperty},
	"storeStackLexP": {role: setsLexical}, "initStackP": {role: initsFrame}, "storeStackP": {role: setsFrame},
	"storeStack1P": {role: setsFrame1}, "initStack1P": {role: setsFrame1}, "storeStack1LexP": {role: setsLexical1},
	"storeStashP": {role: setsScope}, "initStashP": {role: setsScope}, "storeStashLexP": {role: setsLexicalScope},
	"_setElemP": {role: setsElement}, "_setElemStrictP": {role: setsElement},
	"jneP": {role: jumpsUnless}, "jeqP": {role: jumpsIf}, "jump": {role: jumps}, "jne": {role: jumpsElse}, "jeq": {role: jumpsElse},
}

// begins reports whether a run can begin with an instruction.
func (r role) begins() bool { return r >= isConstant && r <= loadsScope }

// fuse puts computations into a program, whose instructions are parts.
func (r *sequence) fuse(code []record, parts []part) {
	for i, p := range parts {
		if p.role >= jumpsUnless {
			if to := i + jumpOf(code[i]); to >= 0 && to < len(parts) {
				parts[to].target = true
			}
		}
	}
	for i := 0; i < len(code); {
		c, n := r.fuseAt(code, parts, i)
		if c == nil {
			i++
			continue
		}
		in := &code[i]
		c.first, c.data = methodAt[instruction]((*methodTable)(in.kind), 0), in.data
		*in = record{computing(in.kind), unsafe.Pointer(c)}
		for i, n = i+1, n-1; n > 0 && !parts[i].target; n-- { // a run may go on where a loop begins
			i++
		}
	}
}

func jumpOf(in record) int { return int(*(*int32)(in.data)) }

// computing is the table of methods that runs a computation in the place of an
// instruction with the given one.
func computing(table unsafe.Pointer) unsafe.Pointer {
	known, _ := knownInstructions.Load(table)
	return known.(*knownInstruction).computing
}

// sequence is a computation in the making: what the instructions read so far do.
type sequence struct {
	steps  []step
	values []stackValue // on the stack
	work   int          // instructions that make a run worth while
}

// stackValue is what is on the stack. Which step loads it is of interest while it
// was not looked at: it may be an array.
type stackValue struct {
	step       int
	raw, truth bool
}

// fuseAt finds the longest run that begins at an instruction, and how many
// instructions it has.
func (r *sequence) fuseAt(code []record, parts []part, begin int) (best *computation, n int) {
	if !parts[begin].role.begins() {
		return nil, 0
	}
	r.steps, r.values, r.work = r.steps[:0], r.values[:0], 0
	for i := begin; i < len(code); i++ {
		at := i - begin
		if c := r.ending(code[i], parts[i], at); c != nil {
			if i+1 < len(code) && parts[i+1].role == jumps && (c.end == endSet || c.end == endSetElement) {
				c.next += jumpOf(code[i+1])
			}
			return c, at + 1
		}
		if !r.take(code[i], parts[i]) || len(r.values) > maxDepth {
			break
		}
		if len(r.values) == 1 && r.number(0) && !r.values[0].raw && r.work > 0 && at >= 2 {
			best, n = r.computation(effect{end: endPush, next: at + 1}), at+1
		}
	}
	return best, n
}

// loads is the variable that an instruction loads.
func (p part) loads(in record) (v variable, ok bool) {
	switch p.role {
	case loadsLexical:
		return frameVariable(*(*int)(in.data)), true
	case loadsFrame, loadsFrame1:
		at := *(*int)(in.data)
		return variable{map[role]where{loadsFrame: inFrame, loadsFrame1: inFrame1}[p.role], int32(at)}, at > 0
	case loadsScope:
		return variable{inScope, int32(*(*uint32)(in.data))}, *(*uint32)(in.data) < 1<<31
	}
	return variable{}, false
}

func frameVariable(at int) variable {
	if at <= 0 {
		return variable{inArguments, int32(-at)}
	}
	return variable{inFrame, int32(at)}
}

// sets is the variable that an instruction sets, and whether it has to have a
// value by then.
func (p part) sets(in record) (v variable, initialized, ok bool) {
	switch p.role {
	case setsLexical, initsFrame:
		return frameVariable(*(*int)(in.data)), p.role == setsLexical, true
	case setsFrame:
		return variable{inFrame, int32(*(*int)(in.data))}, false, *(*int)(in.data) > 0
	case setsFrame1, setsLexical1:
		return variable{inFrame1, int32(*(*int)(in.data))}, p.role == setsLexical1, *(*int)(in.data) > 0
	case setsScope, setsLexicalScope:
		return variable{inScope, int32(*(*uint32)(in.data))}, p.role == setsLexicalScope, *(*uint32)(in.data) < 1<<31
	}
	return variable{}, false, false
}

// number reports whether a value on the stack is a number, or a variable that is
// to be one.
func (r *sequence) number(i int) bool { return i >= 0 && !r.values[i].truth }

// take adds an instruction; it reports whether that could be done.
func (r *sequence) take(in record, p part) bool {
	top := len(r.values) - 1
	switch p.role {
	case isConstant:
		n, ok := numberOf((*Value)(in.data))
		r.push(step{do: doLoad, variable: variable{in: inStep}, n: n}, false)
		return ok
	case loadsLexical, loadsFrame, loadsFrame1, loadsScope:
		v, ok := p.loads(in)
		r.push(step{do: doLoad, variable: v}, true)
		return ok
	case isBinary:
		if top < 1 || !r.number(top) || !r.number(top-1) {
			return false
		}
		r.compute(p.do, 2)
		r.values[top-1].truth = p.do >= doLess
	case isUnary:
		if !r.number(top) {
			return false
		}
		r.compute(p.do, 1)
	case increments, decrements:
		if !r.number(top) {
			return false
		}
		r.values[top].raw = false
		r.steps = append(r.steps, step{do: doAdd, variable: variable{in: inStep}, n: map[role]float64{increments: 1, decrements: -1}[p.role]})
		r.work++
	case makesNumber:
		if !r.number(top) {
			return false
		}
		r.values[top].raw = false
	case readsElement:
		if top < 1 || !r.values[top-1].raw || !r.number(top) {
			return false
		}
		array := r.array(top - 1)
		r.values = append(r.values[:top-1], stackValue{})
		r.steps = append(r.steps, step{do: doElement, variable: array})
	case readsProperty:
		if top < 0 || !r.values[top].raw || *(*unistring.String)(in.data) != "length" {
			return false
		}
		array := r.array(top)
		r.values[top] = stackValue{}
		r.steps = append(r.steps, step{do: doLength, variable: array})
	default:
		return false
	}
	return true
}

func (r *sequence) push(s step, raw bool) {
	r.values = append(r.values, stackValue{step: len(r.steps), raw: raw})
	r.steps = append(r.steps, s)
}

// compute adds an operation on the topmost values. The last of them, if it was
// just loaded, is its operand.
func (r *sequence) compute(do operation, values int) {
	if last := &r.steps[len(r.steps)-1]; last.do == doLoad {
		last.do = do
	} else {
		r.steps = append(r.steps, step{do: do, variable: variable{in: inNumbers}})
	}
	r.values = append(r.values[:len(r.values)-values], stackValue{})
	r.work++
}

// array is the variable of a value that is to be an array, which is looked at
// when the index is known.
func (r *sequence) array(i int) variable {
	load := &r.steps[r.values[i].step]
	load.do = doNothing
	return load.variable
}

// ending makes the computation that ends with an instruction, if it can.
func (r *sequence) ending(in record, p part, at int) *computation {
	one := len(r.values) == 1
	switch v, initialized, sets := p.sets(in); {
	case sets && one && r.number(0) && !r.values[0].raw && at > 1:
		return r.computation(effect{end: endSet, variable: v, initialized: initialized, next: at + 1})
	case (p.role == jumpsUnless || p.role == jumpsIf) && one && !r.values[0].raw && at > 1:
		end := endJumpUnless
		if p.role == jumpsIf {
			end = endJumpIf
		}
		return r.computation(effect{end: end, next: at + 1, jump: at + jumpOf(in)})
	case p.role == setsElement && len(r.values) == 3 && r.values[0].raw && r.number(1) && r.number(2):
		return r.computation(effect{end: endSetElement, variable: r.array(0), next: at + 1})
	}
	return nil
}

func (r *sequence) computation(e effect) *computation {
	steps := slices.DeleteFunc(slices.Clone(r.steps), func(s step) bool { return s.do == doNothing })
	return &computation{steps: steps, effect: e}
}
