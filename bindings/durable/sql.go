package durable

import (
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// maxCachedStatements bounds the compiled statements an object keeps.
const maxCachedStatements = 100

// sqlState is what a Storage knows about the application's SQL.
type sqlState struct {
	user        bool // the engine works on a statement of the application
	transaction bool // that statement wanted to control transactions
	seen        usage
	cache       map[string]*sqlStmt
	cursors     map[*Cursor]struct{}
}

// sqlStmt is a compiled statement of the application.
type sqlStmt struct {
	*store.Stmt
	usage
	query  string
	cached bool
	busy   bool // a cursor is reading from it
}

// usage is what the authorizer saw a statement do; it feeds the row counters.
type usage struct {
	reads   bool
	inserts string // table inserted into
	deletes bool
	updates string // table updated
	ddl     store.Op
	target  string // what ddl is about
	sets    bool   // a PRAGMA with an argument
}

// note records op for the statement being compiled; false denies it.
func (q *sqlState) note(op store.Op, arg1, arg2 string) bool {
	switch op {
	case store.OpTransaction, store.OpSavepoint:
		q.transaction = true
		return false
	case store.OpPragma:
		q.seen.sets = arg2 != "" && strings.EqualFold(arg1, "defer_foreign_keys")
	case store.OpRead:
		q.seen.reads = true
	case store.OpInsert:
		q.seen.inserts = arg1
	case store.OpUpdate:
		q.seen.updates = arg1
	case store.OpDelete:
		q.seen.deletes = true
	case store.OpCreateTable, store.OpCreateView, store.OpCreateVTable, store.OpCreateIndex, store.OpCreateTrigger,
		store.OpDropTable, store.OpDropView, store.OpDropVTable, store.OpDropIndex, store.OpDropTrigger,
		store.OpAlterTable:
		if q.seen.ddl == 0 { // a table brings its own indexes along
			q.seen.ddl, q.seen.target = op, arg1
		}
	}
	return true
}

func (q *sqlState) close() {
	for c := range q.cursors {
		c.lost = true
		c.stmt.Close()
	}
	for _, s := range q.cache {
		s.Close()
	}
	q.cursors, q.cache = nil, nil
}

// Exec runs all statements of query in order. Only the last one may have
// parameters, which bindings fill in order with nil, int64, float64, string or
// []byte; its rows are what the Cursor returns. Reading statements run on as
// rows are asked for; writing ones have run to their end when Exec returns.
func (s *Storage) Exec(query string, bindings []any) (*Cursor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.use(true); err != nil {
		return nil, err
	}
	for {
		stmt, tail, err := s.compile(query)
		if err != nil {
			return nil, err
		}
		if tail = strings.TrimLeft(tail, " \t\r\n\f"); tail == "" {
			return s.run(stmt, bindings)
		}
		err = s.runEarly(stmt)
		stmt.Close()
		if err != nil {
			return nil, err
		}
		query = tail
	}
}

// compile prepares the first statement of query, from the cache if the whole
// text was seen before.
func (s *Storage) compile(query string) (*sqlStmt, string, error) {
	if c := s.sql.cache[query]; c != nil && !c.busy {
		return c, "", nil
	}
	if len(query) > limits[store.LimitSQLLength] {
		return nil, "", errTooLong
	}
	s.sql.seen, s.sql.transaction = usage{}, false
	s.sql.user = true
	raw, tail, err := s.db.PrepareNext(query)
	s.sql.user = false
	switch {
	case s.sql.transaction:
		return nil, "", errTransaction
	case err != nil:
		return nil, "", sqlError(err)
	case raw == nil:
		return nil, "", errNoStatement
	}
	stmt := &sqlStmt{Stmt: raw, usage: s.sql.seen, query: query}
	if store.Blank(tail) && s.sql.cache[query] == nil && len(query) < 10_000 {
		s.keep(stmt)
	}
	return stmt, tail, nil
}

// keep caches stmt, making room by forgetting an arbitrary idle statement.
func (s *Storage) keep(stmt *sqlStmt) {
	if len(s.sql.cache) >= maxCachedStatements {
		for q, old := range s.sql.cache {
			if !old.busy {
				old.Close()
				delete(s.sql.cache, q)
				break
			}
		}
	}
	stmt.cached = true
	s.sql.cache[stmt.query] = stmt
}

// runEarly runs a statement that is not the last of its text and drops its
// rows.
func (s *Storage) runEarly(stmt *sqlStmt) error {
	if stmt.Params() > 0 {
		return errEarlyParams
	}
	return s.change(stmt, func() error {
		_, err := s.step(stmt)
		return err
	})
}

// writes reports whether the statement belongs into a transaction.
func (q *sqlStmt) writes() bool { return !q.ReadOnly() || q.sets }

// change runs f, a run of stmt, in a transaction if stmt writes.
func (s *Storage) change(stmt *sqlStmt, f func() error) error {
	if !stmt.writes() {
		return f()
	}
	if err := s.write(); err != nil {
		return err
	}
	if s.open {
		return f()
	}
	// The statement must be reset before its transaction can be committed.
	return s.db.Tx(func() error {
		defer stmt.Reset()
		return f()
	})
}

// step advances a statement of the application; the engine may compile it
// again on the way, so the authorizer must be on.
func (s *Storage) step(stmt *sqlStmt) (bool, error) {
	s.sql.user = true
	more, err := stmt.Step()
	s.sql.user = false
	if err != nil {
		return false, sqlError(err)
	}
	return more, nil
}

// run starts the last statement of a text.
func (s *Storage) run(stmt *sqlStmt, bindings []any) (*Cursor, error) {
	stmt.ClearSteps()
	c := &Cursor{s: s, stmt: stmt, total: s.db.TotalChanges()}
	if len(bindings) != stmt.Params() {
		c.finish()
		return nil, errWrongParams
	}
	if err := stmt.Bind(bindings...); err != nil {
		c.finish()
		return nil, sqlError(err)
	}
	err := s.change(stmt, func() error {
		if err := c.advance(); err != nil || !stmt.writes() {
			return err
		}
		return c.drain()
	})
	if err != nil {
		c.finish()
		return nil, err
	}
	if c.next != nil && !c.drained {
		stmt.busy = true
		if s.sql.cursors == nil {
			s.sql.cursors = map[*Cursor]struct{}{}
		}
		s.sql.cursors[c] = struct{}{}
	} else {
		c.finish()
	}
	return c, nil
}
