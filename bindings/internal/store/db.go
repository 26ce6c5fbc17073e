package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Options chooses how Open treats a database; the zero value creates a missing
// file (and its directory) and leaves foreign keys unenforced.
type Options struct {
	// ForeignKeys enforces foreign keys, as Durable Objects and D1 do.
	ForeignKeys bool
	// Exclusive keeps the file lock from the first access on. It makes each
	// transaction cheaper and needs no shared-memory file; other processes
	// cannot open the database meanwhile.
	Exclusive bool
	// ReadOnly opens an existing file without ever writing to it.
	ReadOnly bool
	// MustExist refuses to create a missing file.
	MustExist bool
	// BusyTimeout is how long a lock of another connection is waited for;
	// zero means five seconds, or one with Exclusive.
	BusyTimeout time.Duration
	// Create is a script for a file that is new. Run from here it needs no
	// flush to the disk, which takes milliseconds.
	Create string
	// KeepWAL leaves the WAL file beside the database on Close instead of
	// folding it in, which would flush both to the disk. Meant for many small
	// databases that open and close often.
	KeepWAL bool
	// CheckpointPages is the WAL size that triggers a checkpoint; zero means
	// SQLite's default of 1,000 pages.
	CheckpointPages int
	// CacheKB bounds the page cache; zero means SQLite's default of 2,000 KiB.
	CacheKB int
}

// DB is one connection to one SQLite file. It may be used by one goroutine at
// a time; only Interrupt is safe to call from another one.
type DB struct {
	path   string
	tls    *libc.TLS
	db     uintptr
	slot   uintptr // scratch for out parameters: two pointers
	cache  map[string]*Stmt
	live   map[*Stmt]struct{} // all statements not finalized
	noted  uint32             // see noteChanges
	shared bool               // other connections may write
	closed atomic.Bool
}

const ptrSize = unsafe.Sizeof(uintptr(0))

// Memory is the path of a private database that lives in memory.
const Memory = ":memory:"

// Open opens the database at path. Errors name the path and what to do.
func Open(path string, o Options) (*DB, error) {
	if path != Memory && !o.ReadOnly && !o.MustExist {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, FileError(path, err)
		}
	}
	d := &DB{path: path, shared: !o.Exclusive, tls: libc.NewTLS(), cache: map[string]*Stmt{}, live: map[*Stmt]struct{}{}}
	d.slot = libc.Xmalloc(d.tls, libc.Tsize_t(2*ptrSize))
	if d.slot == 0 {
		d.tls.Close()
		return nil, errors.New("store: out of memory")
	}
	if err := d.open(o); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *DB) open(o Options) error {
	flags := int32(sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE)
	switch {
	case o.ReadOnly:
		flags = sqlite3.SQLITE_OPEN_READONLY
	case o.MustExist:
		flags = sqlite3.SQLITE_OPEN_READWRITE
	}
	name, err := libc.CString(d.path)
	if err != nil {
		return err
	}
	info, err := os.Stat(d.path)
	fresh := err != nil || info.Size() == 0
	defer libc.Xfree(d.tls, name)
	rc := sqlite3.Xsqlite3_open_v2(d.tls, name, d.slot, flags|sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_EXRESCODE, 0)
	d.db = pointerAt(d.slot)
	if rc != sqlite3.SQLITE_OK {
		return d.openError(rc)
	}
	if o.BusyTimeout == 0 && o.Exclusive {
		// Whoever has the lock keeps it, unless it is about to end.
		o.BusyTimeout = time.Second
	}
	o.BusyTimeout = cmp.Or(o.BusyTimeout, 5*time.Second)
	sqlite3.Xsqlite3_busy_timeout(d.tls, d.db, int32(o.BusyTimeout/time.Millisecond))
	if err := d.configure(o, fresh); err != nil {
		return err
	}
	if fresh {
		NewGeneration(d.path)
	}
	d.noted = d.dataVersion()
	return nil
}

// openError describes a failed open; without a handle there is no message.
func (d *DB) openError(rc int32) error {
	if d.db == 0 {
		return &Error{Code: int(rc), Message: errstr(rc), Path: d.path, Offset: -1}
	}
	return d.err(rc)
}

func (d *DB) configure(o Options, fresh bool) error {
	script := ""
	if o.Exclusive {
		// Before journal_mode, so that WAL never creates its shared memory.
		script = "PRAGMA locking_mode=EXCLUSIVE;"
	}
	if !o.ReadOnly && d.path != Memory {
		// What creates a file holds nothing yet that is worth a flush.
		script += "PRAGMA synchronous=OFF;PRAGMA journal_mode=WAL;"
		if fresh {
			script += o.Create + ";"
		}
	}
	script += "PRAGMA synchronous=NORMAL;"
	if o.ForeignKeys {
		script += "PRAGMA foreign_keys=ON;"
	}
	if o.CheckpointPages > 0 {
		script += fmt.Sprintf("PRAGMA wal_autocheckpoint=%d;", o.CheckpointPages)
	}
	if o.CacheKB > 0 {
		script += fmt.Sprintf("PRAGMA cache_size=-%d;", o.CacheKB)
	}
	if err := d.Script(script); err != nil || !o.KeepWAL {
		return err
	}
	return d.setConfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
}

// setConfig switches a boolean setting of the connection on.
func (d *DB) setConfig(setting int32) error {
	va := libc.NewVaList(int32(1), uintptr(0))
	defer libc.Xfree(d.tls, va)
	if rc := sqlite3.Xsqlite3_db_config(d.tls, d.db, setting, va); rc != sqlite3.SQLITE_OK {
		return d.err(rc)
	}
	return nil
}

// Path is the file the database was opened at.
func (d *DB) Path() string { return d.path }

// Close finishes all statements and closes the file. Without KeepWAL it folds
// the WAL back into the database file.
func (d *DB) Close() error {
	if !d.closed.CompareAndSwap(false, true) {
		return nil
	}
	d.noteChanges()
	for s := range d.live {
		s.finalize()
	}
	d.cache = nil
	var err error
	if d.db != 0 {
		if rc := sqlite3.Xsqlite3_close_v2(d.tls, d.db); rc != sqlite3.SQLITE_OK {
			err = &Error{Code: int(rc), Message: errstr(rc), Path: d.path, Offset: -1}
		}
		releaseAuthorizer(d.db)
	}
	libc.Xfree(d.tls, d.slot)
	d.tls.Close()
	return err
}

// Interrupt makes the statement that is running fail with SQLITE_INTERRUPT. It
// may be called from any goroutine, but not concurrently with Close.
func (d *DB) Interrupt() {
	if !d.closed.Load() {
		sqlite3.Xsqlite3_interrupt(d.tls, d.db)
	}
}

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

// Exec runs one cached statement to its end with args bound in order.
func (d *DB) Exec(query string, args ...any) error {
	s, err := d.Prepare(query)
	if err != nil {
		return err
	}
	defer s.Reset()
	if err := s.Bind(args...); err != nil {
		return err
	}
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
	s, err := d.Prepare(query)
	if err != nil {
		return false, err
	}
	defer s.Reset()
	if err := s.Bind(args...); err != nil {
		return false, err
	}
	ok, err := s.Step()
	if ok && err == nil {
		scan(s)
	}
	return ok && err == nil, err
}

// Rows runs a cached statement and hands every row to each; each returns false
// to stop early. The statement must not be run again from within each.
func (d *DB) Rows(query string, each func(*Stmt) bool, args ...any) error {
	s, err := d.Prepare(query)
	if err != nil {
		return err
	}
	defer s.Reset()
	if err := s.Bind(args...); err != nil {
		return err
	}
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

// Limit is a bound a connection can set on the SQL it runs.
type Limit int32

// The limits Durable Objects and D1 set.
const (
	LimitLength       = Limit(sqlite3.SQLITE_LIMIT_LENGTH)
	LimitSQLLength    = Limit(sqlite3.SQLITE_LIMIT_SQL_LENGTH)
	LimitColumn       = Limit(sqlite3.SQLITE_LIMIT_COLUMN)
	LimitExprDepth    = Limit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH)
	LimitCompound     = Limit(sqlite3.SQLITE_LIMIT_COMPOUND_SELECT)
	LimitFunctionArgs = Limit(sqlite3.SQLITE_LIMIT_FUNCTION_ARG)
	LimitAttached     = Limit(sqlite3.SQLITE_LIMIT_ATTACHED)
	LimitLikePattern  = Limit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH)
	LimitVariables    = Limit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
	LimitTriggerDepth = Limit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH)
)

// SetLimit sets a limit and returns the old value; negative values only read.
func (d *DB) SetLimit(id Limit, n int) int {
	return int(sqlite3.Xsqlite3_limit(d.tls, d.db, int32(id), int32(n)))
}

// SetDefensive forbids SQL that could corrupt the file, such as writing to the
// schema table or to the shadow tables of virtual tables.
func (d *DB) SetDefensive() error {
	return d.setConfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE)
}

// Size is the size of the database in bytes, uncommitted pages included.
func (d *DB) Size() (int64, error) {
	var pages, size int64
	if _, err := d.Row("PRAGMA page_count", func(s *Stmt) { pages = s.Int64(0) }); err != nil {
		return 0, err
	}
	_, err := d.Row("PRAGMA page_size", func(s *Stmt) { size = s.Int64(0) })
	return pages * size, err
}

// Remove deletes the database at path, which must be closed. If it is cut
// short, the next Open finds the database whole or gone.
func Remove(path string) error {
	NewGeneration(path)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return FileError(path, err)
	}
	// A WAL without its database is discarded by Open.
	if err := os.Remove(path + "-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return FileError(path, err)
	}
	return nil
}

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
