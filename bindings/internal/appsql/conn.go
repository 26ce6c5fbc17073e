// Package appsql runs SQL that applications wrote: what Durable Objects and D1
// have in common.
//
// What it emulates: Cloudflare's dialect of SQLite, which is SQLite with limits,
// forbidden statements, pragmas and functions, its error texts, cursors that
// read lazily, and counters of rows read and written.
//
// What it deliberately does not: transactions, files and locking, which are the
// caller's. SQLite is a little newer than Cloudflare's build, so a few more
// functions exist, and a plan may read fewer rows.
//
// Where the truth is: the behaviour of workerd, which texts and lists come from.
package appsql

import (
	"errors"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// maxCachedStatements bounds the compiled statements a Conn keeps.
const maxCachedStatements = 100

// limits on SQL, as observed on Cloudflare's runtime.
var limits = map[store.Limit]int{
	store.LimitLength:       8_388_642,
	store.LimitFunctionArgs: 127,
	store.LimitSQLLength:    100_000,
	store.LimitColumn:       100,
	store.LimitExprDepth:    100,
	store.LimitCompound:     5,
	store.LimitLikePattern:  50,
	store.LimitVariables:    100,
	store.LimitTriggerDepth: 10,
}

// Conn is a database as an application's SQL sees it. Like the store.DB under it,
// it belongs to one goroutine at a time.
type Conn struct {
	db    *store.DB
	write func() error

	user        bool // the engine works on a statement of the application
	transaction bool // that statement wanted to control transactions
	sets        bool // it is a PRAGMA with an argument
	cache       map[string]*stmt
	cursors     map[*Cursor]struct{}
}

// New makes db ready for the SQL of an application. write runs before each
// statement that writes; unless it began a transaction, the statement gets one
// of its own.
func New(db *store.DB, write func() error) (*Conn, error) {
	if err := db.SetDefensive(); err != nil {
		return nil, err
	}
	for id, n := range limits {
		db.SetLimit(id, n)
	}
	c := &Conn{db: db, write: write, cache: map[string]*stmt{}, cursors: map[*Cursor]struct{}{}}
	db.SetAuthorizer(c.authorize)
	return c, nil
}

// Reading reports whether cursors are open.
func (c *Conn) Reading() bool { return len(c.cursors) > 0 }

// Close ends all statements and cursors; the database stays open.
func (c *Conn) Close() { c.CloseWith(ErrCursorClosed) }

// CloseWith is Close with what the cursors say from then on.
func (c *Conn) CloseWith(why error) {
	for cur := range c.cursors {
		cur.lost = why
		cur.stmt.Close()
	}
	for _, s := range c.cache {
		s.Close()
	}
	c.cursors, c.cache = nil, nil
}

// stmt is a compiled statement of the application.
type stmt struct {
	*store.Stmt
	sets   bool // a PRAGMA with an argument
	query  string
	cached bool
	busy   bool // a cursor is reading from it
}

// note records op for the statement being compiled; false denies it.
func (c *Conn) note(op store.Op, arg1, arg2 string) bool {
	switch op {
	case store.OpTransaction, store.OpSavepoint:
		c.transaction = true
		return false
	case store.OpPragma:
		c.sets = arg2 != "" && strings.EqualFold(arg1, "defer_foreign_keys")
	}
	return true
}

// Exec runs all statements of query in order. Only the last one may have
// parameters, which bindings fill in order with nil, int64, float64, string or
// []byte; its rows are what the Cursor returns. Reading statements run on as
// rows are asked for; writing ones have run to their end when Exec returns.
func (c *Conn) Exec(query string, bindings []any) (*Cursor, error) {
	for {
		s, tail, err := c.compile(query)
		if err != nil {
			return nil, err
		}
		if tail = strings.TrimLeft(tail, " \t\r\n\f"); tail == "" {
			return c.run(s, bindings)
		}
		err = c.runEarly(s)
		s.Close()
		if err != nil {
			return nil, err
		}
		query = tail
	}
}

// windows are how much of a long text is looked at for its first statement; the
// last one holds every statement that is not too long.
var windows = []int{4 << 10, 32 << 10, 128 << 10}

// ExecNext runs the first statement of a text of any length and returns the text
// after it. The Cursor is nil if there is no statement in it any more.
func (c *Conn) ExecNext(text string) (cur *Cursor, rest string, err error) {
	for _, size := range windows {
		part, whole := text, len(text) <= size
		if !whole {
			part = text[:size]
		}
		s, tail, err := c.prepare(part)
		if cut := err != nil || strings.TrimSpace(tail) == ""; cut && !whole && size != windows[len(windows)-1] {
			if s != nil {
				s.Close()
			}
			continue // it may go on behind the window
		}
		if errors.Is(err, errNoStatement) && whole {
			return nil, "", nil
		}
		if err != nil {
			return nil, "", err
		}
		cur, err = c.run(s, nil)
		return cur, text[len(part)-len(tail):], err
	}
	panic("unreachable: the last window is always taken")
}

// compile prepares the first statement of query, from the cache if the whole
// text was seen before.
func (c *Conn) compile(query string) (*stmt, string, error) {
	if s := c.cache[query]; s != nil && !s.busy {
		if !s.Stale() {
			return s, "", nil
		}
		s.Close()
		delete(c.cache, query)
	}
	if len(query) > limits[store.LimitSQLLength] {
		return nil, "", errTooLong
	}
	s, tail, err := c.prepare(query)
	if err == nil && store.Blank(tail) && c.cache[query] == nil && len(query) < 10_000 {
		s.query = query
		c.keep(s)
	}
	return s, tail, err
}

func (c *Conn) prepare(query string) (*stmt, string, error) {
	c.sets, c.transaction = false, false
	c.user = true
	raw, tail, err := c.db.PrepareNext(query)
	c.user = false
	switch {
	case c.transaction:
		return nil, "", ErrTransaction
	case err != nil:
		return nil, "", Translate(err)
	case raw == nil:
		return nil, "", errNoStatement
	}
	raw.CountRows()
	return &stmt{Stmt: raw, sets: c.sets}, tail, nil
}

// keep caches s, making room by forgetting an arbitrary idle statement.
func (c *Conn) keep(s *stmt) {
	if len(c.cache) >= maxCachedStatements {
		for q, old := range c.cache {
			if !old.busy {
				old.Close()
				delete(c.cache, q)
				break
			}
		}
	}
	s.cached = true
	c.cache[s.query] = s
}

// runEarly runs a statement that is not the last of its text and drops its
// rows.
func (c *Conn) runEarly(s *stmt) error {
	if s.Params() > 0 {
		return errEarlyParams
	}
	return c.change(s, func() error {
		_, err := c.step(s)
		return err
	})
}

// writes reports whether the statement belongs into a transaction.
func (s *stmt) writes() bool { return !s.ReadOnly() || s.sets }

// change runs f, a run of s, in a transaction if s writes.
func (c *Conn) change(s *stmt, f func() error) error {
	if !s.writes() {
		return f()
	}
	if err := c.write(); err != nil {
		return err
	}
	if c.db.InTransaction() {
		return f()
	}
	// The statement must be reset before its transaction can be committed.
	return c.db.Tx(func() error {
		defer s.Reset()
		return f()
	})
}

// step advances a statement of the application; the engine may compile it
// again on the way, so the authorizer must be on.
func (c *Conn) step(s *stmt) (bool, error) {
	c.user = true
	more, err := s.Step()
	c.user = false
	if err != nil {
		return false, Translate(err)
	}
	return more, nil
}

// run starts the last statement of a text.
func (c *Conn) run(s *stmt, bindings []any) (*Cursor, error) {
	cur := &Cursor{conn: c, stmt: s}
	if len(bindings) != s.Params() {
		cur.finish()
		return nil, errWrongParams
	}
	if err := s.Bind(bindings...); err != nil {
		cur.finish()
		return nil, Translate(err)
	}
	err := c.change(s, func() error {
		s.ClearCounts()
		if err := cur.advance(); err != nil || !s.writes() {
			return err
		}
		return cur.drain()
	})
	if err != nil {
		cur.finish()
		return nil, err
	}
	if cur.next != nil && !cur.drained {
		s.busy = true
		c.cursors[cur] = struct{}{}
	} else {
		cur.finish()
	}
	return cur, nil
}
