package store

import (
	"fmt"
	"math"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Stmt is a compiled statement. It belongs to its DB's goroutine.
type Stmt struct {
	db      *DB
	ptr     uintptr
	params  int
	columns int
	names   []string
	cached  bool
	bound   bool // some parameter holds a value
	stepped bool // Step ran since the last Reset

	compiled int32 // how often it was compiled again when names was filled
	counts   *counts
}

var freePtr = fp(libc.Xfree)

// Params is the number of parameters the statement takes.
func (s *Stmt) Params() int { return s.params }

// ParamName is the name of the i-th parameter (from 1) with its prefix, or ""
// for a plain question mark.
func (s *Stmt) ParamName(i int) string {
	if p := sqlite3.Xsqlite3_bind_parameter_name(s.db.tls, s.ptr, int32(i)); p != 0 {
		return libc.GoString(p)
	}
	return ""
}

// Bind sets the parameters in order from the first one on.
func (s *Stmt) Bind(args ...any) error {
	for i, v := range args {
		if err := s.BindAt(i+1, v); err != nil {
			return err
		}
	}
	return nil
}

// BindAt sets parameter i (from 1) to nil, a bool (0 or 1), an integer, a
// float64 (NaN becomes NULL), a string or bytes (a nil slice is an empty blob).
func (s *Stmt) BindAt(i int, v any) error {
	tls, n := s.db.tls, int32(i)
	s.bound = true
	var rc int32
	switch v := v.(type) {
	case nil:
		rc = sqlite3.Xsqlite3_bind_null(tls, s.ptr, n)
	case bool:
		b := int64(0)
		if v {
			b = 1
		}
		rc = sqlite3.Xsqlite3_bind_int64(tls, s.ptr, n, b)
	case int:
		rc = sqlite3.Xsqlite3_bind_int64(tls, s.ptr, n, int64(v))
	case int64:
		rc = sqlite3.Xsqlite3_bind_int64(tls, s.ptr, n, v)
	case float64:
		rc = sqlite3.Xsqlite3_bind_double(tls, s.ptr, n, v)
	case string:
		return s.bindText(n, v)
	case []byte:
		return s.bindBlob(n, v)
	default:
		return fmt.Errorf("store: cannot bind a %T", v)
	}
	if rc != sqlite3.SQLITE_OK {
		return s.db.err(rc)
	}
	return nil
}

// The engine gets its own copy of texts and blobs: Go memory may move while
// it runs.
func (s *Stmt) bindText(n int32, v string) error {
	p, err := copyIn(s.db, v)
	if err != nil {
		return err
	}
	return s.bindResult(sqlite3.Xsqlite3_bind_text(s.db.tls, s.ptr, n, p, int32(len(v)), freePtr))
}

func (s *Stmt) bindBlob(n int32, v []byte) error {
	if len(v) == 0 {
		return s.bindResult(sqlite3.Xsqlite3_bind_zeroblob(s.db.tls, s.ptr, n, 0))
	}
	p, err := copyIn(s.db, v)
	if err != nil {
		return err
	}
	return s.bindResult(sqlite3.Xsqlite3_bind_blob(s.db.tls, s.ptr, n, p, int32(len(v)), freePtr))
}

// copyIn copies v into memory of the engine, which frees it with freePtr.
func copyIn[T string | []byte](d *DB, v T) (uintptr, error) {
	if len(v) > math.MaxInt32 {
		return 0, &Error{Code: sqlite3.SQLITE_TOOBIG, Message: "string or blob too big", Path: d.path, Offset: -1}
	}
	p := libc.Xmalloc(d.tls, libc.Tsize_t(max(len(v), 1)))
	if p == 0 {
		return 0, &Error{Code: sqlite3.SQLITE_NOMEM, Message: "out of memory", Path: d.path, Offset: -1}
	}
	copy(bytesAt(p, len(v)), v)
	return p, nil
}

func (s *Stmt) bindResult(rc int32) error {
	if rc != sqlite3.SQLITE_OK {
		return s.db.err(rc)
	}
	return nil
}

// Step advances to the next row and reports whether there is one.
func (s *Stmt) Step() (bool, error) {
	if s.ptr == 0 {
		return false, fmt.Errorf("store: %s: the statement is closed", s.db.path)
	}
	first := !s.stepped
	s.stepped = true
	rc := sqlite3.Xsqlite3_step(s.db.tls, s.ptr)
	if first {
		s.recount()
	}
	switch rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		err := s.db.err(rc)
		sqlite3.Xsqlite3_reset(s.db.tls, s.ptr)
		s.stepped = false
		return false, err
	}
}

// Reset ends the current run and forgets the bindings.
func (s *Stmt) Reset() {
	if s.ptr == 0 {
		return
	}
	if s.stepped {
		sqlite3.Xsqlite3_reset(s.db.tls, s.ptr)
		s.stepped = false
	}
	if s.bound {
		sqlite3.Xsqlite3_clear_bindings(s.db.tls, s.ptr)
		s.bound = false
	}
}

// Close ends the statement; a cached one is only reset. It may be called twice
// and after the DB was closed, which closes all statements.
func (s *Stmt) Close() {
	if s.ptr == 0 {
		return
	}
	if s.cached {
		s.Reset()
		return
	}
	s.finalize()
}

func (s *Stmt) finalize() {
	s.uncount()
	sqlite3.Xsqlite3_finalize(s.db.tls, s.ptr)
	s.ptr = 0
	delete(s.db.live, s)
}

// ReadOnly reports whether the statement leaves the database file unchanged.
func (s *Stmt) ReadOnly() bool { return sqlite3.Xsqlite3_stmt_readonly(s.db.tls, s.ptr) != 0 }

// Explain reports whether the statement is an EXPLAIN.
func (s *Stmt) Explain() bool { return sqlite3.Xsqlite3_stmt_isexplain(s.db.tls, s.ptr) != 0 }

// Columns is the number of result columns.
func (s *Stmt) Columns() int { return s.columns }

// ColumnNames lists the result columns; names may repeat. A step may compile the
// statement again after a change of the schema: only after the first Step are
// the names certain.
func (s *Stmt) ColumnNames() []string {
	compiled := s.recompiled()
	if s.names == nil || compiled != s.compiled {
		s.compiled = compiled
		s.columns = int(sqlite3.Xsqlite3_column_count(s.db.tls, s.ptr))
		s.names = make([]string, s.columns)
		for i := range s.names {
			s.names[i] = libc.GoString(sqlite3.Xsqlite3_column_name(s.db.tls, s.ptr, int32(i)))
		}
	}
	return s.names
}

// Value is column i (from 0) of the current row: nil, int64, float64, string
// or []byte.
func (s *Stmt) Value(i int) any {
	switch sqlite3.Xsqlite3_column_type(s.db.tls, s.ptr, int32(i)) {
	case sqlite3.SQLITE_INTEGER:
		return s.Int64(i)
	case sqlite3.SQLITE_FLOAT:
		return s.Float(i)
	case sqlite3.SQLITE_TEXT:
		return s.Text(i)
	case sqlite3.SQLITE_BLOB:
		return s.Blob(i)
	}
	return nil
}

// IsNull reports whether column i of the current row is NULL.
func (s *Stmt) IsNull(i int) bool {
	return sqlite3.Xsqlite3_column_type(s.db.tls, s.ptr, int32(i)) == sqlite3.SQLITE_NULL
}

// Int64 is column i converted to an integer.
func (s *Stmt) Int64(i int) int64 { return sqlite3.Xsqlite3_column_int64(s.db.tls, s.ptr, int32(i)) }

// Float is column i converted to a float.
func (s *Stmt) Float(i int) float64 {
	return sqlite3.Xsqlite3_column_double(s.db.tls, s.ptr, int32(i))
}

// Text is column i converted to text.
func (s *Stmt) Text(i int) string {
	p := sqlite3.Xsqlite3_column_text(s.db.tls, s.ptr, int32(i))
	return string(s.view(p, i))
}

// Blob is a copy of column i as bytes, never nil.
func (s *Stmt) Blob(i int) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.db.tls, s.ptr, int32(i))
	return append([]byte{}, s.view(p, i)...)
}

// view is the engine's memory of column i, valid until the next step.
func (s *Stmt) view(p uintptr, i int) []byte {
	n := sqlite3.Xsqlite3_column_bytes(s.db.tls, s.ptr, int32(i))
	if p == 0 || n == 0 {
		return nil
	}
	return bytesAt(p, int(n))
}
