package store

import (
	"unsafe"

	sqlite3 "modernc.org/sqlite/lib"
)

// Cloudflare's SQLite has two counters that SQLite has not: the rows a statement
// read and those it wrote. They count how often certain instructions of its
// program ran (https://github.com/cloudflare/workerd, patches/sqlite). SQLite
// itself counts steps from row to row. Each of the others gets an OP_Trace in
// front of it, which increments its own P1 and jumps to P2, and does nothing
// else while nobody traces. Both move behind the end of the program, with a jump
// to them and one back, so that all other instructions keep their addresses.
// See docs/adr/0024-counting-rows.md.

// countedVersion is the SQLite whose programs this was written for.
const countedVersion = "3.54.1"

type operation = sqlite3.TVdbeOp

const operationSize = unsafe.Sizeof(operation{})

// counts are the counters of a statement.
type counts struct {
	programs []program
	probes   []probe
	clears   bool  // an instruction empties a table
	compiled int32 // how often SQLite had compiled the statement again
	schema   schemaState
	lost     bool  // the run began uncounted
	changes  int64 // the connection's counter when the run began
}

// probe counts how often one instruction ran.
type probe struct {
	trace   *operation
	reads   bool
	writes  bool
	changes bool  // SQLite counts a change as well
	result  int32 // the register that gets the number of rows read; 0 for one row
}

// program is the array of instructions of a statement, or of a trigger of it,
// and the array that took its place.
type program struct {
	ops     *uintptr // who holds it
	n       *int32
	made    uintptr
	nMade   int32
	counted uintptr
	moved   map[int32]int32 // where instructions are now
}

// schemaState tells whether the schema is what it was.
type schemaState struct{ cookie, generation int32 }

func (d *DB) schemaState() schemaState {
	schema := (*sqlite3.TDb)(at((*sqlite3.Tsqlite3)(at(d.db)).FaDb)).FpSchema
	if schema == 0 {
		return schemaState{}
	}
	s := (*sqlite3.TSchema)(at(schema))
	return schemaState{s.Fschema_cookie, s.FiGeneration}
}

// CountRows makes the statement count the rows it reads and writes.
func (s *Stmt) CountRows() {
	if s.ptr == 0 || s.Explain() {
		return
	}
	s.counts = &counts{compiled: s.recompiled(), schema: s.db.schemaState()}
	v := s.vdbe()
	s.count(&v.FaOp, &v.FnOp, true)
	for sub := v.FpProgram; sub != 0; {
		p := (*sqlite3.TSubProgram)(at(sub))
		s.count(&p.FaOp, &p.FnOp, false)
		sub = p.FpNext
	}
}

func (s *Stmt) vdbe() *sqlite3.TVdbe { return (*sqlite3.TVdbe)(at(s.ptr)) }

// recompiled is how often SQLite compiled the statement again.
func (s *Stmt) recompiled() int32 {
	return sqlite3.Xsqlite3_stmt_status(s.db.tls, s.ptr, sqlite3.SQLITE_STMTSTATUS_REPREPARE, 0)
}

func operations(p uintptr, n int32) []operation { return unsafe.Slice((*operation)(at(p)), n) }

// count replaces a program by one that counts.
func (s *Stmt) count(ops *uintptr, n *int32, main bool) {
	made := operations(*ops, *n)
	b := rewrite(made, main)
	s.counts.clears = s.counts.clears || b.clears
	if len(b.probes) == 0 {
		return
	}
	p := sqlite3.Xsqlite3_malloc64(s.db.tls, uint64(uintptr(len(b.ops))*operationSize))
	if p == 0 {
		return // where memory is short, other calls fail and say so
	}
	counted := operations(p, int32(len(b.ops)))
	copy(counted, b.ops)
	for i, probe := range b.probes {
		probe.trace = &counted[b.traces[i]]
		s.counts.probes = append(s.counts.probes, probe)
	}
	s.counts.programs = append(s.counts.programs, program{ops, n, *ops, *n, p, b.moved})
	*ops, *n = p, int32(len(b.ops))
}

// uncount gives the programs back as SQLite made them.
func (s *Stmt) uncount() {
	if s.counts == nil {
		return
	}
	for _, p := range s.counts.programs {
		made, counted := operations(p.made, p.nMade), operations(p.counted, *p.n)
		// Running changes instructions: an aggregate function gets its context.
		copy(made, counted)
		for from, to := range p.moved {
			made[from] = counted[to]
		}
		*p.ops, *p.n = p.made, p.nMade
		sqlite3.Xsqlite3_free(s.db.tls, p.counted)
	}
	s.counts = nil
}

// recount follows SQLite in compiling the statement again, which freed the
// counting programs and forgot those it had made.
func (s *Stmt) recount() {
	if s.counts == nil || s.counts.compiled == s.recompiled() {
		return
	}
	own := (*sqlite3.Tsqlite3)(at(s.db.db)).Flookaside
	for _, p := range s.counts.programs {
		// What is in the connection's own small memory goes with the connection.
		if p.made < own.FpStart || p.made >= own.FpTrueEnd {
			sqlite3.Xsqlite3_free(s.db.tls, p.made)
		}
	}
	changes := s.counts.changes
	s.CountRows()
	s.counts.lost, s.counts.changes = true, changes
}

// Stale reports whether the schema has changed since a counting statement was
// compiled. A run would compile it again and not be counted.
func (s *Stmt) Stale() bool { return s.counts != nil && s.counts.schema != s.db.schemaState() }

// ClearCounts sets the counters to zero.
func (s *Stmt) ClearCounts() {
	if s.counts == nil {
		return
	}
	for _, counter := range steps {
		sqlite3.Xsqlite3_stmt_status(s.db.tls, s.ptr, counter, 1)
	}
	for _, p := range s.counts.probes {
		p.trace.Fp1 = 0
	}
	s.counts.lost, s.counts.changes = false, s.db.TotalChanges()
}

// steps are SQLite's counters of steps from row to row: through an index or a
// sorter, through a table without one, and to make an index for one statement.
var steps = [...]int32{0, sqlite3.SQLITE_STMTSTATUS_FULLSCAN_STEP, sqlite3.SQLITE_STMTSTATUS_AUTOINDEX}

// RowsRead is how many rows were read since ClearCounts. It is exact unless
// another process changed the schema just before the run.
func (s *Stmt) RowsRead() (n int64) {
	if s.counts == nil {
		return 0
	}
	for _, counter := range steps {
		n += int64(sqlite3.Xsqlite3_stmt_status(s.db.tls, s.ptr, counter, 0))
	}
	for _, p := range s.counts.probes {
		if p.reads {
			n += int64(p.trace.Fp1) * s.rows(p)
		}
	}
	return n
}

// rows is how many rows one run of an instruction reads.
func (s *Stmt) rows(p probe) int64 {
	if p.result == 0 {
		return 1
	}
	register := s.vdbe().FaMem + uintptr(p.result)*unsafe.Sizeof(sqlite3.TMem{})
	return *(*int64)(at(register))
}

// RowsWritten is how many rows of tables and entries of indexes were written
// since ClearCounts.
func (s *Stmt) RowsWritten() (n int64) {
	if s.counts == nil {
		return 0
	}
	changed := s.db.TotalChanges() - s.counts.changes
	if s.counts.lost {
		return changed
	}
	for _, p := range s.counts.probes {
		if p.writes {
			n += int64(p.trace.Fp1)
		}
		if p.changes {
			changed -= int64(p.trace.Fp1)
		}
	}
	if s.counts.clears {
		n += changed
	}
	return n
}
