package jsg

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// Computing with numbers. The engine makes a value of each result, on the heap
// if it is no small integer, and takes an instruction for each operand. Runs of
// instructions that read variables, compute with numbers and end in one effect
// (a variable or an element that is set, a jump, a value on the stack) are done
// at once here, in float64, which holds every JavaScript number. Nothing happens
// before the end: a run that meets something else than numbers is given up, and
// the engine does all of it. How runs are found is in enginefuse.go.

// computation is a run of instructions.
type computation struct {
	steps []step
	effect

	first  instruction // instead, if it is given up
	data   unsafe.Pointer
	failed atomic.Int32
}

// effect is what a run does at its end.
type effect struct {
	end         int
	variable         // that is set
	initialized bool // it has to be
	next        int  // the instruction behind the run, from its first one
	jump        int  // that of a branch
}

// The ends of runs.
const (
	endPush       = iota // the number is put on the stack
	endSet               // the variable is set to it
	endSetElement        // the element of the variable, whose index and new value are the two numbers, is set
	endJumpUnless        // the run goes on at jump if the number is 0 or NaN
	endJumpIf
)

// maxFailed is how often a run may be given up before it is left to the engine.
const maxFailed = 10_000

// maxDepth is how many numbers a run may have at a time.
const maxDepth = 7 // one less than a power of two

// step takes one operand from where it is, and computes the topmost number with
// it.
type step struct {
	do       operation
	variable         // of the operand
	n        float64 // a constant operand
}

type operation uint8

const (
	doNothing operation = iota
	doLoad
	doAdd
	doSubtract
	doMultiply
	doDivide
	doRemainder
	doAnd
	doOr
	doXor
	doShiftLeft
	doShiftRight
	doShiftRightUnsigned
	doNegate
	doNot
	doLess
	doLessEqual
	doGreater
	doGreaterEqual
	doEqual
	doUnequal
	doElement // of the array that is the operand, at the index that is the number
	doLength  // of the string or array that is the operand
)

// variable is where a variable is.
type variable struct {
	in where
	at int32
}

type where uint8

const (
	inNumbers   where = iota // the number under the topmost one is the left operand
	inStep                   // a constant
	inFrame                  // behind the arguments
	inArguments              // an argument, or this
	inFrame1                 // in a frame whose arguments are in a scope
	inScope                  // a scope, and in it
)

func compute(self unsafe.Pointer, vm *machine) {
	c := (*computation)(self)
	if c.failed.Load() < maxFailed {
		if c.run(vm) {
			return
		}
		c.failed.Add(1)
	}
	c.first(c.data, vm)
}

// scopeRecord is the beginning of the engine's stash, as far as it is needed.
type scopeRecord struct {
	values []Value
	//lint:ignore U1000 the engine's
	extraArgs []Value
	names     unsafe.Pointer
	obj       unsafe.Pointer
	outer     *scopeRecord
}

// findScopes looks up what the scopes of variables are like.
func (l *layout) findScopes() {
	stash, _ := l.vm.FieldByName("stash")
	its, ours := stash.Type.Elem(), reflect.TypeFor[scopeRecord]()
	for i := range ours.NumField() {
		our := ours.Field(i)
		if f, ok := its.FieldByName(our.Name); !ok || f.Offset != our.Offset || f.Type.Size() != our.Type.Size() {
			panic("jsg: scopes of this version of the engine have another " + our.Name)
		}
	}
}

// find is where a variable is now, nil if there is none.
func (vm *machine) find(p variable) *Value {
	switch at := int(p.at); p.in {
	case inFrame:
		return &vm.stack[vm.sb+vm.args+at]
	case inFrame1:
		return &vm.stack[vm.sb+at]
	case inArguments:
		if at <= vm.args {
			return &vm.stack[vm.sb+at]
		}
	case inScope:
		scope := (*scopeRecord)(vm.stash)
		for range at >> 24 {
			scope = scope.outer
		}
		return &scope.values[at&0xffffff]
	}
	return nil
}

func (c *computation) run(vm *machine) bool {
	var numbers [maxDepth + 1]float64
	top := 0 // numbers[top] is the topmost one
	for i := range c.steps {
		s := &c.steps[i]
		var right float64
		switch s.in {
		case inNumbers:
			right = numbers[top&maxDepth]
			top--
		case inStep:
			right = s.n
		default:
			v := vm.find(s.variable)
			if v == nil || *v == nil {
				return false
			}
			var ok bool
			switch s.do {
			case doElement:
				right, ok = elementOf(v, numbers[top&maxDepth])
			case doLength:
				right, ok = lengthOf(vm, v)
			default:
				right, ok = numberOf(v)
			}
			if !ok {
				return false
			}
		}
		left := &numbers[top&maxDepth]
		switch s.do {
		case doLoad, doLength:
			top++
			numbers[top&maxDepth] = right
		case doElement:
			*left = right
		case doAdd:
			*left += right
		case doSubtract:
			*left -= right
		case doMultiply:
			*left *= right
		case doDivide:
			*left /= right
		case doRemainder:
			*left = remainder(*left, right)
		case doNegate:
			top++
			numbers[top&maxDepth] = -right
		case doLess:
			*left = truth(*left < right)
		case doLessEqual:
			*left = truth(*left <= right)
		case doGreater:
			*left = truth(*left > right)
		case doGreaterEqual:
			*left = truth(*left >= right)
		case doEqual:
			*left = truth(*left == right)
		case doUnequal:
			*left = truth(*left != right)
		default:
			b, ok := bitsOfFloat(right)
			if s.do == doNot {
				top++
				numbers[top&maxDepth] = float64(^int32(b))
				if !ok {
					return false
				}
				continue
			}
			a, ok2 := bitsOfFloat(*left)
			if !ok || !ok2 {
				return false
			}
			switch s.do {
			case doAnd:
				*left = float64(int32(a & b))
			case doOr:
				*left = float64(int32(a | b))
			case doXor:
				*left = float64(int32(a ^ b))
			case doShiftLeft:
				*left = float64(int32(a) << (b & 31))
			case doShiftRight:
				*left = float64(int32(a) >> (b & 31))
			case doShiftRightUnsigned:
				*left = float64(a >> (b & 31))
			}
		}
	}
	return c.finish(vm, &numbers, top)
}

// finish does what the run was for.
func (c *computation) finish(vm *machine, numbers *[maxDepth + 1]float64, top int) bool {
	n := numbers[top&maxDepth]
	switch c.end {
	case endPush:
		if vm.sp >= len(vm.stack) {
			return false // the engine makes room
		}
		vm.stack[vm.sp] = numberValue(n)
		vm.sp++
	case endSet:
		v := vm.find(c.variable)
		if v == nil || c.initialized && *v == nil {
			return false
		}
		*v = numberValue(n)
	case endSetElement:
		v := vm.find(c.variable)
		if v == nil || *v == nil || !setElementOf(v, numbers[(top-1)&maxDepth], n) {
			return false
		}
	case endJumpUnless:
		if n == 0 || n != n {
			vm.pc += c.jump
			return true
		}
	case endJumpIf:
		if n != 0 && n == n {
			vm.pc += c.jump
			return true
		}
	}
	vm.pc += c.next
	return true
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
