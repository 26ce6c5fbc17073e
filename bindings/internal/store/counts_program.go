package store

import (
	"unsafe"

	sqlite3 "modernc.org/sqlite/lib"
)

// rewritten is a program with counters.
type rewritten struct {
	made, ops []operation
	main      bool
	ephemeral map[int32]bool // cursors of tables that live as long as the run
	exact     map[int32]bool // cursors that seek for equality only
	rising    map[int32]bool // cursors of indexes whose first column rises
	moved     map[int32]int32
	probes    []probe
	traces    []int32 // where the counter of each is
	clears    bool
}

// rewrite puts counters into a program: the one of a statement, or one of a
// trigger.
func rewrite(made []operation, main bool) *rewritten {
	b := &rewritten{made: made, ops: append([]operation(nil), made...), main: main,
		ephemeral: map[int32]bool{}, exact: map[int32]bool{}, rising: map[int32]bool{}, moved: map[int32]int32{}}
	for _, op := range made {
		switch op.Fopcode {
		case sqlite3.OP_OpenEphemeral, sqlite3.OP_OpenAutoindex, sqlite3.OP_OpenDup:
			b.ephemeral[op.Fp1] = true
		case sqlite3.OP_OpenRead, sqlite3.OP_OpenWrite, sqlite3.OP_ReopenIdx:
			if op.Fp5&sqlite3.OPFLAG_SEEKEQ != 0 {
				b.exact[op.Fp1] = true
			}
			b.rising[op.Fp1] = op.Fp4type == sqlite3.P4_KEYINFO && rises(pointer(op))
		}
	}
	for i, op := range made {
		b.visit(int32(i), op)
	}
	return b
}

// visit is the list of what counts, by instruction.
func (b *rewritten) visit(i int32, op operation) {
	kept := !b.ephemeral[op.Fp1]
	switch op.Fopcode {
	case sqlite3.OP_Rewind, sqlite3.OP_Last, sqlite3.OP_Sort, sqlite3.OP_SorterSort, sqlite3.OP_NotExists, sqlite3.OP_VNext:
		b.before(i, probe{reads: true})
	case sqlite3.OP_SeekRowid:
		// A row number that is NULL is not looked for.
		b.before(i, probe{reads: true}, operation{Fopcode: sqlite3.OP_IsNull, Fp1: op.Fp3, Fp2: op.Fp2})
	case sqlite3.OP_SeekGE, sqlite3.OP_SeekGT, sqlite3.OP_SeekLE, sqlite3.OP_SeekLT:
		b.seek(i, op)
	case sqlite3.OP_SeekEnd:
		if b.rising[op.Fp1] {
			b.seekEnd(i, op.Fp1)
		}
	case sqlite3.OP_Count:
		if b.main && op.Fp3 == 0 {
			b.before(i, probe{reads: true, result: op.Fp2})
		}
	case sqlite3.OP_Insert:
		if kept && op.Fp5&sqlite3.OPFLAG_ISNOOP == 0 {
			b.before(i, probe{writes: true, changes: op.Fp5&sqlite3.OPFLAG_NCHANGE != 0})
		}
	case sqlite3.OP_IdxInsert:
		if kept {
			b.before(i, probe{writes: true, changes: op.Fp5&sqlite3.OPFLAG_NCHANGE != 0})
		}
	case sqlite3.OP_Delete:
		if kept && op.Fp2&sqlite3.OPFLAG_NCHANGE != 0 {
			b.before(i, probe{writes: true, changes: true})
		}
	case sqlite3.OP_VUpdate:
		b.before(i, probe{writes: true, changes: true})
	case sqlite3.OP_Clear:
		b.clears = b.clears || op.Fp3 != 0
	}
}

// add appends an instruction.
func (b *rewritten) add(op operation) { b.ops = append(b.ops, op) }

// counter appends one that counts and goes on at to, or right behind it.
func (b *rewritten) counter(p probe, to int32) {
	at := int32(len(b.ops))
	if to == 0 {
		to = at + 1
	}
	b.add(operation{Fopcode: sqlite3.OP_Trace, Fp2: to})
	b.probes, b.traces = append(b.probes, p), append(b.traces, at)
}

// move appends instruction i; jump makes a jump to the address of to.
func (b *rewritten) move(i int32) {
	b.moved[i] = int32(len(b.ops))
	b.add(b.made[i])
}

func jump(to int32) operation { return operation{Fopcode: sqlite3.OP_Goto, Fp2: to} }

// before counts runs of instruction i, after the instructions of first.
func (b *rewritten) before(i int32, p probe, first ...operation) {
	start := int32(len(b.ops))
	for _, op := range first {
		b.add(op)
	}
	b.counter(p, 0)
	b.move(i)
	b.add(jump(i + 1))
	b.ops[i] = jump(start)
}

// seek counts runs of a seek. One that looks for equality only counts when it
// finds, and then skips the instruction behind it.
func (b *rewritten) seek(i int32, op operation) {
	scans := i > 0 && b.made[i-1].Fopcode == sqlite3.OP_SeekScan // looks at the seek behind it
	if !scans && !b.exact[op.Fp1] {
		b.before(i, probe{reads: true})
		return
	}
	first, start := i, int32(len(b.ops))
	if scans {
		first--
		b.move(first)
	}
	b.move(i)
	if b.exact[op.Fp1] {
		b.add(jump(i + 1))
	} else {
		b.counter(probe{reads: true}, i+1)
	}
	b.counter(probe{reads: true}, i+2)
	b.ops[first] = jump(start)
}

// seekEnd counts where instruction i has to look for the end of an index: it
// does not where the cursor is on an entry. OP_SeekScan can tell. It falls through
// if the cursor is on none, and jumps if the entry is not below a key: here
// register 0, which is always NULL. Where the key is stands in the instruction
// behind it.
func (b *rewritten) seekEnd(i, cursor int32) {
	start := int32(len(b.ops))
	b.add(operation{Fopcode: sqlite3.OP_SeekScan, Fp2: start + 3, Fp5: 1})
	key := operation{Fopcode: sqlite3.OP_Noop, Fp1: cursor, Fp4type: sqlite3.P4_INT32}
	key.Fp4.Fi = 1 // one column of it
	b.add(key)
	b.counter(probe{reads: true}, 0)
	b.move(i)
	b.add(jump(i + 1))
	b.ops[i] = jump(start)
}

// rises reports whether the first column of the index with these keys does.
func rises(keys uintptr) bool {
	k := (*sqlite3.TKeyInfo)(at(keys))
	return k.FaSortFlags == 0 || *(*uint8)(at(k.FaSortFlags)) == 0
}

// pointer is the operand P4 of an instruction that has a pointer there.
func pointer(op operation) uintptr { return *(*uintptr)(unsafe.Pointer(&op.Fp4)) }
