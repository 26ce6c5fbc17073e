package appsql

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
	lost    error // why the database was closed under the cursor

	read, written int64 // what the statement, which may be gone, has counted
}

// ColumnNames lists the result columns; names may repeat.
func (c *Cursor) ColumnNames() []string { return c.names }

// Next returns the next row (nil, int64, float64, string or []byte per
// column), or false at the end.
func (c *Cursor) Next() ([]any, bool, error) {
	if c.lost != nil {
		return nil, false, c.lost
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
func (c *Cursor) count() { c.read, c.written = c.stmt.RowsRead(), c.stmt.RowsWritten() }

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
	if c.lost == nil {
		c.finish()
	}
	c.next, c.rest = nil, nil
}

// RowsRead is how many rows the statement has read so far: of tables, indexes
// and what it sorted.
func (c *Cursor) RowsRead() int64 {
	if c.stmt != nil && !c.drained && c.lost == nil {
		c.count()
	}
	return c.read
}

// RowsWritten is how many rows of tables and entries of indexes the statement
// has written.
func (c *Cursor) RowsWritten() int64 {
	if c.stmt != nil && !c.drained && c.lost == nil {
		c.count()
	}
	return c.written
}
