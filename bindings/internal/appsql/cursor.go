package appsql

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Cursor reads the rows of a statement, one ahead of the caller. It belongs to
// the goroutine of its Conn.
type Cursor struct {
	conn  *Conn
	stmt  *stmt // nil when finished
	names []string
	next  []any
	// A writing statement has run already; its rows wait here.
	rest    [][]any
	drained bool
	lost    bool // the database was closed under the cursor

	read    int64 // rows returned by the statement so far
	total   int64 // change counter when the statement started
	scanned int64 // counters of the finished statement
	changed int64
	usage   usage
}

// ColumnNames lists the result columns; names may repeat.
func (c *Cursor) ColumnNames() []string { return c.names }

// Next returns the next row (nil, int64, float64, string or []byte per
// column), or false at the end.
func (c *Cursor) Next() ([]any, bool, error) {
	if c.lost {
		return nil, false, ErrCursorClosed
	}
	row := c.next
	if row == nil {
		return nil, false, nil
	}
	if c.drained {
		c.next = nil
		if len(c.rest) > 0 {
			c.next, c.rest = c.rest[0], c.rest[1:]
		}
		return row, true, nil
	}
	if err := c.advance(); err != nil {
		c.finish()
		return nil, false, err
	}
	if c.next == nil {
		c.finish()
	}
	return row, true, nil
}

// advance reads the row after next.
func (c *Cursor) advance() error {
	c.next = nil
	more, err := c.conn.step(c.stmt)
	c.names = c.stmt.ColumnNames()
	if err != nil || !more {
		return err
	}
	c.read++
	row := make([]any, len(c.names))
	for i := range row {
		row[i] = c.stmt.Value(i)
	}
	c.next = row
	return nil
}

// drain runs a writing statement to its end.
func (c *Cursor) drain() error {
	c.drained = true
	var rows [][]any
	for c.next != nil {
		rows = append(rows, c.next)
		if err := c.advance(); err != nil {
			return err
		}
	}
	if len(rows) > 0 {
		c.next, c.rest = rows[0], rows[1:]
	}
	c.count()
	return nil
}

// count takes the counters from the statement.
func (c *Cursor) count() {
	c.usage = c.stmt.usage
	c.scanned = c.stmt.ScanSteps()
	if c.stmt.writes() {
		c.changed = c.conn.db.TotalChanges() - c.total
	}
}

// finish lets go of the statement. Rows already read stay.
func (c *Cursor) finish() {
	if c.stmt == nil {
		return
	}
	if !c.drained {
		c.count()
	}
	c.stmt.busy = false
	if c.stmt.cached {
		c.stmt.Reset()
	} else {
		c.stmt.Close()
	}
	delete(c.conn.cursors, c)
	c.stmt = nil
}

// Close ends the cursor early.
func (c *Cursor) Close() {
	if !c.lost {
		c.finish()
	}
	c.next, c.rest = nil, nil
}

// RowsRead estimates how many rows the statement has read so far. Cloudflare
// counts inside its engine; this is exact for plain scans and lookups and low
// for joins, aggregates over an index and uniqueness checks.
func (c *Cursor) RowsRead() int64 {
	if c.stmt != nil && !c.lost {
		c.count()
	}
	switch {
	case c.usage.ddl == store.OpCreateTrigger:
		return 0
	case c.usage.ddl == store.OpCreateIndex:
		return 2 + 2*c.conn.rows(c.usage.table)
	case c.usage.ddl != 0:
		return 1 + c.scanned
	case !c.usage.reads && c.scanned == 0:
		return 0
	}
	n := max(c.read, c.changed)
	if c.scanned > 0 {
		n = max(n, c.scanned+1) // steps between rows are one fewer than rows
	}
	return n
}

// RowsWritten is how many rows the statement has written, counting one more
// for every index entry an insert adds, as Cloudflare bills them.
func (c *Cursor) RowsWritten() int64 {
	if c.stmt != nil && !c.lost {
		c.count()
	}
	switch c.usage.ddl {
	case 0:
	case store.OpCreateTable:
		return 2 + c.conn.trees(c.usage.target)
	case store.OpCreateView, store.OpCreateVTable:
		return 2
	case store.OpCreateIndex:
		return 1 + c.conn.rows(c.usage.table)
	case store.OpDropTable, store.OpDropIndex, store.OpDropView, store.OpDropTrigger, store.OpDropVTable:
		return 0
	default:
		return 1
	}
	if c.changed == 0 {
		return 0
	}
	switch {
	case c.usage.inserts != "":
		return c.changed * (1 + c.conn.trees(c.usage.inserts))
	case c.usage.updates != "":
		return c.changed * (1 + c.conn.trees(c.usage.updates, c.usage.columns...))
	}
	return c.changed
}

// rows counts the rows of a table.
func (c *Conn) rows(table string) (n int64) {
	if c.cache == nil { // closed
		return 0
	}
	s, _, err := c.db.PrepareNext(`SELECT count(*) FROM "` + strings.ReplaceAll(table, `"`, `""`) + `"`)
	if err != nil {
		return 0
	}
	defer s.Close()
	if ok, err := s.Step(); ok && err == nil {
		n = s.Int64(0)
	}
	return n
}

// trees counts the indexes of a table that have a tree of their own, of some
// columns or of any. The primary key of a table WITHOUT ROWID is the table.
func (c *Conn) trees(table string, columns ...string) (n int64) {
	if c.cache == nil { // closed
		return 0
	}
	var names []string
	// A count that fails counts nothing: this is an estimate for billing.
	_ = c.db.Rows(`SELECT name FROM pragma_index_list(?1) WHERE origin <> 'pk' OR (SELECT wr FROM pragma_table_list(?1)) = 0`,
		func(r *store.Stmt) bool { names = append(names, r.Text(0)); return true }, table)
	for _, name := range names {
		of := len(columns) == 0
		_ = c.db.Rows("SELECT name FROM pragma_index_info(?)", func(r *store.Stmt) bool {
			of = of || slices.ContainsFunc(columns, func(col string) bool { return strings.EqualFold(col, r.Text(0)) })
			return !of
		}, name)
		if of {
			n++
		}
	}
	return n
}
