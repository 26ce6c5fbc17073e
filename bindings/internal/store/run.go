package store

import (
	"errors"
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Prepare returns a statement that the DB keeps for the next Prepare of the
// same text. It comes reset and without bindings; Reset it when done. Meant for
// our own texts, of which there are few: nothing ever leaves the cache.
func (d *DB) Prepare(query string) (*Stmt, error) {
	if s := d.cache[query]; s != nil {
		s.Reset()
		return s, nil
	}
	s, tail, err := d.prepare(query, sqlite3.SQLITE_PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	if s == nil || !Blank(tail) {
		if s != nil {
			s.finalize()
		}
		return nil, fmt.Errorf("store: Prepare needs exactly one statement: %q", query)
	}
	s.cached = true
	d.cache[query] = s
	return s, nil
}

// PrepareNext compiles the first statement of query and returns the text after
// it. The statement is nil if query holds only spaces and comments. The caller
// closes the statement.
func (d *DB) PrepareNext(query string) (s *Stmt, tail string, err error) {
	return d.prepare(query, 0)
}

func (d *DB) prepare(query string, flags uint32) (*Stmt, string, error) {
	if d.closed.Load() {
		return nil, "", fmt.Errorf("store: %s is closed", d.path)
	}
	text, err := libc.CString(query)
	if err != nil {
		return nil, "", err
	}
	defer libc.Xfree(d.tls, text)
	stmt, tail := d.slot, d.slot+ptrSize
	rc := sqlite3.Xsqlite3_prepare_v3(d.tls, d.db, text, int32(len(query)+1), flags, stmt, tail)
	if rc != sqlite3.SQLITE_OK {
		return nil, "", d.err(rc)
	}
	rest := query[pointerAt(tail)-text:]
	ptr := pointerAt(stmt)
	if ptr == 0 {
		return nil, rest, nil
	}
	s := &Stmt{
		db: d, ptr: ptr,
		params:  int(sqlite3.Xsqlite3_bind_parameter_count(d.tls, ptr)),
		columns: int(sqlite3.Xsqlite3_column_count(d.tls, ptr)),
	}
	d.live[s] = struct{}{}
	return s, rest, nil
}

// bound is a cached statement with args bound in order; the caller resets it.
func (d *DB) bound(query string, args []any) (*Stmt, error) {
	s, err := d.Prepare(query)
	if err != nil {
		return nil, err
	}
	if err := s.Bind(args...); err != nil {
		s.Reset()
		return nil, err
	}
	return s, nil
}

// Exec runs one cached statement to its end with args bound in order.
func (d *DB) Exec(query string, args ...any) error {
	s, err := d.bound(query, args)
	if err != nil {
		return err
	}
	defer s.Reset()
	for {
		more, err := s.Step()
		if err != nil || !more {
			return err
		}
	}
}

// Script runs all statements of script, ignoring rows.
func (d *DB) Script(script string) error {
	for !Blank(script) {
		s, tail, err := d.PrepareNext(script)
		if err != nil {
			return err
		}
		if s == nil {
			return nil
		}
		for more := true; more && err == nil; {
			more, err = s.Step()
		}
		s.Close()
		if err != nil {
			return err
		}
		script = tail
	}
	return nil
}

// Row runs a cached statement and hands its first row to scan; it reports
// whether there was one.
func (d *DB) Row(query string, scan func(*Stmt), args ...any) (bool, error) {
	s, err := d.bound(query, args)
	if err != nil {
		return false, err
	}
	defer s.Reset()
	ok, err := s.Step()
	if ok && err == nil {
		scan(s)
	}
	return ok && err == nil, err
}

// Rows runs a cached statement and hands every row to each; each returns false
// to stop early. The statement must not be run again from within each.
func (d *DB) Rows(query string, each func(*Stmt) bool, args ...any) error {
	s, err := d.bound(query, args)
	if err != nil {
		return err
	}
	defer s.Reset()
	for {
		more, err := s.Step()
		if err != nil || !more || !each(s) {
			return err
		}
	}
}

// Tx runs f inside an immediate transaction and commits if f returns nil;
// otherwise everything f did is rolled back.
func (d *DB) Tx(f func() error) error {
	if err := d.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = d.Exec("COMMIT")
	}
	if err != nil && d.InTransaction() {
		err = errors.Join(err, d.Exec("ROLLBACK"))
	}
	return err
}

// InTransaction reports whether a transaction is open.
func (d *DB) InTransaction() bool {
	return sqlite3.Xsqlite3_get_autocommit(d.tls, d.db) == 0
}

// Changes is the number of rows the last finished INSERT, UPDATE or DELETE
// touched.
func (d *DB) Changes() int64 { return sqlite3.Xsqlite3_changes64(d.tls, d.db) }

// TotalChanges counts all rows touched since Open, triggers included.
func (d *DB) TotalChanges() int64 { return sqlite3.Xsqlite3_total_changes64(d.tls, d.db) }

// LastInsertID is the rowid of the last inserted row.
func (d *DB) LastInsertID() int64 { return sqlite3.Xsqlite3_last_insert_rowid(d.tls, d.db) }

// Blank reports whether s holds only white space.
func Blank(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t', '\n', '\r', '\f', 0:
		default:
			return false
		}
	}
	return true
}
