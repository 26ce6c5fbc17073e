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
	if o.Exclusive && !o.ReadOnly && sqlite3.Xsqlite3_db_readonly(d.tls, d.db, 0) == 1 {
		// SQLite opened the file for reading, where it would fail to lock it
		// without saying why.
		return &Error{Code: sqlite3.SQLITE_READONLY, Message: errstr(sqlite3.SQLITE_READONLY), Path: d.path, Offset: -1}
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
