package d1

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
)

// Query is a statement, or several in one text, with the values of the last
// one's parameters: nil, float64, string or []byte.
type Query struct {
	SQL    string
	Params []any
}

// Result is what the last statement of a Query gave. Values are nil, int64,
// float64, string or []byte.
type Result struct {
	Columns []string
	Rows    [][]any
	Meta    Meta
}

// Meta is what a statement cost and changed.
type Meta struct {
	Duration    time.Duration
	Changes     int64
	LastRowID   int64
	ChangedDB   bool
	SizeAfter   int64
	RowsRead    int64
	RowsWritten int64
}

// Database is one database. It is safe for concurrent use; statements run one at
// a time.
type Database struct {
	path  string
	clock clock.Clock
	// line keeps the calls of bindings in order.
	line op.Line

	handle sync.Mutex // guards changes of db and Interrupt, inside mu

	mu     sync.Mutex
	db     *store.DB // opened by the first use
	sql    *appsql.Conn
	closed bool
}

// fileName is the database in its directory.
const fileName = "database.sqlite"

// Open returns the database kept in dir. Nothing is read or written until it is
// used.
func Open(dir string, clk clock.Clock) *Database {
	return &Database{path: filepath.Join(dir, fileName), clock: clk}
}

// Path is the SQLite file, which may not exist yet.
func (d *Database) Path() string { return d.path }

// Close interrupts what runs and closes the database.
func (d *Database) Close() error {
	d.interrupt()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.db == nil {
		return nil
	}
	d.sql.Close()
	db := d.db
	d.setDB(nil)
	return db.Close()
}

// Hold implements bindings.Stateful.
func (d *Database) Hold() (bindings.Held, error) {
	d.mu.Lock()
	return bindings.HoldDB(&d.mu, filepath.Dir(d.path), &d.db, func() {
		if d.db != nil {
			d.sql.Close()
		}
	}), nil
}

func (d *Database) interrupt() {
	d.handle.Lock()
	defer d.handle.Unlock()
	if d.db != nil {
		d.db.Interrupt()
	}
}

func (d *Database) setDB(db *store.DB) {
	d.handle.Lock()
	defer d.handle.Unlock()
	d.db = db
}

// use opens the database. The caller holds d.mu.
func (d *Database) use() error {
	switch {
	case d.closed:
		return errors.New("d1: the database is closed")
	case d.db != nil:
		return nil
	}
	db, err := store.Open(d.path, store.Options{ForeignKeys: true})
	if err != nil {
		return err
	}
	if d.sql, err = appsql.New(db, d.write); err != nil {
		return errors.Join(err, db.Close())
	}
	d.setDB(db)
	return nil
}

// write makes the first change of a query begin its transaction.
func (d *Database) write() error {
	if d.db.InTransaction() {
		return nil
	}
	return d.db.Exec("BEGIN IMMEDIATE")
}

// Run runs queries in order as one transaction: if one fails, none has
// happened. Queries that hold nothing but comments of the -- kind are left out.
// What was sent is done, even if the event that sent it ends meanwhile.
func (d *Database) Run(_ context.Context, queries ...Query) ([]Result, error) {
	results, _, err := d.run(queries, false)
	return results, err
}

// RunSession is Run, with a bookmark of the state after it.
func (d *Database) RunSession(_ context.Context, queries ...Query) ([]Result, string, error) {
	return d.run(queries, true)
}

func (d *Database) run(queries []Query, bookmark bool) (results []Result, mark string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if queries = statements(queries); len(queries) == 0 {
		return nil, "", errNothing
	}
	if err := d.use(); err != nil {
		return nil, "", err
	}
	err = d.transaction(len(queries) > 1 || bookmark, func() error {
		for _, q := range queries {
			r, err := d.query(q)
			if err != nil {
				return err
			}
			results = append(results, r)
		}
		if bookmark {
			mark, err = appsql.NextBookmark(d.db)
		}
		return err
	})
	if err != nil {
		return nil, "", appsql.Translate(err)
	}
	return results, mark, nil
}

// transaction runs f. What it changes is committed together; reading alone needs
// no transaction unless several queries must see one state.
func (d *Database) transaction(now bool, f func() error) error {
	var err error
	if now {
		err = d.write()
	}
	if err == nil {
		err = f()
	}
	if err == nil && d.db.InTransaction() {
		err = d.db.Exec("COMMIT")
	}
	if err != nil && d.db.InTransaction() {
		err = errors.Join(err, d.db.Exec("ROLLBACK"))
	}
	return err
}

var comment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^\s*--.*`) })

// statements leaves out queries without any.
func statements(queries []Query) []Query {
	var out []Query
	for _, q := range queries {
		if text := q.SQL; strings.Contains(text, "--") {
			text = comment().ReplaceAllString(text, "")
			if strings.TrimSpace(text) == "" {
				continue
			}
		} else if strings.TrimSpace(text) == "" {
			continue
		}
		out = append(out, q)
	}
	return out
}

func (d *Database) query(q Query) (r Result, err error) {
	err = d.measure(&r, func() (*appsql.Cursor, error) { return d.sql.Exec(q.SQL, q.Params) })
	return r, err
}

// measure fills r with what the statement that run starts gives and costs.
func (d *Database) measure(r *Result, run func() (*appsql.Cursor, error)) error {
	before, err := d.db.Size()
	if err != nil {
		return err
	}
	changes, lastRow, start := d.db.TotalChanges(), d.db.LastInsertID(), d.clock.Now()
	c, err := run()
	if c == nil || err != nil {
		return err
	}
	for {
		row, more, err := c.Next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		r.Rows = append(r.Rows, row)
	}
	r.Columns = c.ColumnNames()
	m := &r.Meta
	m.Duration = d.clock.Now().Sub(start)
	m.Changes, m.LastRowID = d.db.TotalChanges()-changes, d.db.LastInsertID()
	m.RowsRead, m.RowsWritten = c.RowsRead(), c.RowsWritten()
	m.SizeAfter, err = d.db.Size()
	m.ChangedDB = m.Changes != 0 || m.LastRowID != lastRow || m.SizeAfter != before
	return err
}
