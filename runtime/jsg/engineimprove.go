package jsg

import (
	"reflect"
	"sync"
	"unsafe"

	"github.com/dop251/goja"
)

// improve exchanges instructions of a program that was just compiled, and of the
// functions in it.
func improve(p *goja.Program) {
	exchangeBuiltins()
	new(improver).improve((*programRecord)(unsafe.Pointer(p)))
}

// improver is what is used again for each function of a program.
type improver struct {
	recent   [256]*knownInstruction
	parts    []part // of the functions that are being looked at, each behind the one it is in
	sequence sequence
}

// knownInstruction is what is known of the instructions with one table.
type knownInstruction struct {
	table    unsafe.Pointer
	improved unsafe.Pointer // the table to have instead, if any
	programs []uintptr      // where programs are in it
	super    bool           // it is one of a super

	part      part
	computing unsafe.Pointer // the table to have where a run begins with it
}

var knownInstructions sync.Map // *knownInstruction by table

// improve reports whether there is a super in a program.
func (x *improver) improve(p *programRecord) (super bool) {
	begin, work := len(x.parts), false
	for i := range p.code {
		in := &p.code[i]
		engine().markedMaker(in)
		known := x.known(in)
		inSuper := known.super
		for _, at := range known.programs {
			if inner := *(**programRecord)(unsafe.Add(in.data, at)); inner != nil {
				inSuper = x.improve(inner) || inSuper
			}
		}
		if known.improved != nil && !inSuper {
			in.kind = known.improved
		}
		x.parts = append(x.parts, known.part)
		work = work || known.part.role > loadsScope
		super = super || inSuper
	}
	if work {
		x.sequence.fuse(p.code, x.parts[begin:])
	}
	x.parts = x.parts[:begin]
	return super
}

func (x *improver) known(in *record) *knownInstruction {
	known := &x.recent[uintptr(in.kind)>>5%uintptr(len(x.recent))]
	if *known == nil || (*known).table != in.kind {
		*known = engine().knowInstruction(in)
	}
	return *known
}

var learning sync.Mutex

func (l *layout) knowInstruction(in *record) *knownInstruction {
	if known, ok := knownInstructions.Load(in.kind); ok {
		return known.(*knownInstruction)
	}
	learning.Lock()
	defer learning.Unlock()
	if known, ok := knownInstructions.Load(in.kind); ok {
		return known.(*knownInstruction)
	}
	known := &knownInstruction{table: in.kind}
	t := l.instructionType(in)
	name := t.Name()
	if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
		name = t.Elem().Name()
		known.programs = programsIn(t.Elem(), 0)
	}
	known.super = name == "_loadSuper"
	known.part = partsByName[name]
	if known.part.role.begins() {
		known.computing = unsafe.Pointer(derive(l.instruction, t, in.kind, map[string]any{"exec": compute}))
		knownInstructions.Store(known.computing, &knownInstruction{table: known.computing})
	}
	if op, ok := operators[name]; ok {
		table := derive(l.instruction, t, in.kind, map[string]any{"exec": op.ours})
		*op.original = methodAt[instruction]((*methodTable)(in.kind), 0)
		known.improved = unsafe.Pointer(table)
		knownInstructions.Store(known.improved, &knownInstruction{table: known.improved})
	}
	knownInstructions.Store(in.kind, known)
	return known
}

// programsIn are the places of programs in an instruction that makes functions.
func programsIn(t reflect.Type, at uintptr) (places []uintptr) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Type == reflect.TypeFor[*goja.Program]():
			places = append(places, at+f.Offset)
		case f.Type.Kind() == reflect.Struct:
			places = append(places, programsIn(f.Type, at+f.Offset)...)
		}
	}
	return places
}
