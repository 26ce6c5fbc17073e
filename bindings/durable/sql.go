package durable

import "github.com/miniworker/miniworker/bindings/internal/appsql"

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
	c, err := s.sql.Exec(query, bindings)
	if err != nil {
		return nil, err
	}
	return &Cursor{s, c}, nil
}

// Cursor reads the rows of a statement. It belongs to the goroutine of its
// Storage.
type Cursor struct {
	s *Storage
	c *appsql.Cursor
}

// ColumnNames lists the result columns; names may repeat.
func (c *Cursor) ColumnNames() []string { return c.c.ColumnNames() }

// Next returns the next row (nil, int64, float64, string or []byte per
// column), or false at the end.
func (c *Cursor) Next() ([]any, bool, error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.Next()
}

// Close ends the cursor early.
func (c *Cursor) Close() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.c.Close()
}

// RowsRead is how many rows the statement has read so far.
func (c *Cursor) RowsRead() int64 {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.RowsRead()
}

// RowsWritten is how many rows the statement has written, index entries
// included.
func (c *Cursor) RowsWritten() int64 {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.RowsWritten()
}

// Bookmark is a bookmark of the object's storage as it is now. There is no way
// back to it.
func (s *Storage) Bookmark() (mark string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(); err != nil {
		return "", err
	}
	mark, err = appsql.NextBookmark(s.db)
	s.hasMeta = s.hasMeta || err == nil
	return mark, err
}
