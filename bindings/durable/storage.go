package durable

import (
	"container/list"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Storage is the storage of one object. It is meant for one goroutine, the one
// that runs the object; its lock only lets the namespace close idle databases.
//
// Every write outside a transaction is committed when the call returns. Inside
// one (Begin, or by itself after Coalesce) it is visible at once and kept from
// the moment Commit returns.
//
// The database file appears with the first write or SQL statement; reading an
// object that never stored anything touches no disk but for a stat.
type Storage struct {
	ns   *Namespace
	id   string
	path string

	handle sync.Mutex // guards changes of db and Interrupt, inside mu

	mu      sync.Mutex
	db      *store.DB     // nil until needed
	place   *list.Element // in ns.open while db is open
	absent  bool          // known to have no file
	sql     *appsql.Conn  // runs the application's SQL on db
	dirty   func()        // see Coalesce
	open    bool          // a transaction was begun and neither committed nor rolled back
	depth   int           // open savepoints
	ownTx   bool          // the outermost savepoint began the transaction
	hasKV   bool          // the _cf_KV table exists
	hasMeta bool          // the _cf_METADATA table exists

	alarmChanged bool // the open transaction changed the alarm
	closed       bool
}

// ID is the object's id.
func (s *Storage) ID() string { return s.id }

// Path is the object's database file, which may not exist yet.
func (s *Storage) Path() string { return s.path }

// Layout version of object files, kept in user_version, which SQL of
// applications can neither see nor change.
const objectLayout = 1

// use opens the database; without create it reports false while there is no
// file. The caller holds s.mu.
func (s *Storage) use(create bool) (bool, error) {
	switch {
	case s.closed:
		return false, errClosed
	case s.db != nil:
		return true, nil
	case s.absent && !create:
		return false, nil
	}
	if !create {
		if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
			s.absent = true
			return false, nil
		}
	}
	db, err := store.Open(s.path, store.Options{
		ForeignKeys: true, Exclusive: true, KeepWAL: true, CacheKB: 1024,
		Create: fmt.Sprintf("PRAGMA user_version=%d", objectLayout),
	})
	if err != nil {
		return false, err
	}
	if err := s.adopt(db); err != nil {
		s.setDB(nil)
		db.Close()
		return false, err
	}
	return true, s.ns.opened(s)
}

// adopt checks the file's layout and sets up db for the object.
func (s *Storage) adopt(db *store.DB) error {
	var version int64
	if _, err := db.Row("PRAGMA user_version", func(r *store.Stmt) { version = r.Int64(0) }); err != nil {
		return err
	}
	switch {
	case version == 0:
		if err := db.Script(fmt.Sprintf("PRAGMA user_version=%d", objectLayout)); err != nil {
			return err
		}
	case version > objectLayout:
		return fmt.Errorf("%s: written by a newer version of miniworker (layout %d): update miniworker or choose another directory with --persist-to", s.path, version)
	}
	conn, err := appsql.New(db, s.write)
	if err != nil {
		return err
	}
	s.sql = conn
	s.setDB(db)
	s.absent = false
	s.findTables()
	return nil
}

// Coalesce makes the first write outside a transaction begin one by itself and
// call dirty, which has to arrange for a Commit later: at the end of the turn
// of the event loop. dirty runs inside the writing call and must not use the
// Storage. A nil dirty returns to committing each write.
func (s *Storage) Coalesce(dirty func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = dirty
}

// write opens the database for a change, beginning the implicit transaction if
// writes are coalesced. The caller holds s.mu.
func (s *Storage) write() error {
	if _, err := s.use(true); err != nil {
		return err
	}
	if s.open && !s.db.InTransaction() {
		return errRolledBack
	}
	if s.dirty == nil || s.open {
		return nil
	}
	if err := s.begin(); err != nil {
		return err
	}
	s.dirty()
	return nil
}

func (s *Storage) begin() error {
	err := s.db.Exec("BEGIN IMMEDIATE")
	s.open = err == nil
	return err
}

// Begin opens a transaction.
func (s *Storage) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.use(true); err != nil {
		return err
	}
	if s.open {
		return errors.New("durable: a transaction is open already")
	}
	return s.begin()
}

// InTransaction reports whether a transaction is open.
func (s *Storage) InTransaction() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Commit makes everything since Begin permanent, or nothing of it if it fails.
// Without a transaction it does nothing.
func (s *Storage) Commit() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit()
}

func (s *Storage) commit() error {
	if !s.open {
		return nil
	}
	if !s.db.InTransaction() {
		return errors.Join(errRolledBack, s.rollback())
	}
	var err error
	commit := func() error { return s.db.Exec("COMMIT") }
	if s.alarmChanged {
		err = s.changeAlarm(commit)
	} else {
		err = commit()
	}
	if err != nil {
		return errors.Join(err, s.rollback())
	}
	s.endTransaction()
	return nil
}

func (s *Storage) endTransaction() {
	s.open, s.ownTx, s.alarmChanged, s.depth = false, false, false, 0
}

// Rollback undoes everything since Begin. Without a transaction it does
// nothing.
func (s *Storage) Rollback() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rollback()
}

func (s *Storage) rollback() error {
	if !s.open {
		return nil
	}
	s.endTransaction()
	var err error
	if s.db.InTransaction() { // a full disk may have ended it already
		err = s.db.Exec("ROLLBACK")
	}
	s.findTables()
	return err
}

// findTables looks again after a rollback may have undone their creation.
func (s *Storage) findTables() {
	s.hasKV, s.hasMeta = s.hasTable("_cf_KV"), s.hasTable("_cf_METADATA")
}

func (s *Storage) hasTable(name string) bool {
	ok, err := s.db.Row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", func(*store.Stmt) {}, name)
	return ok && err == nil
}

// Savepoint opens a transaction nested in the open one, or a transaction of
// its own. It returns the level to pass to ReleaseSavepoint or
// RollbackSavepoint; ending a level ends those above it.
func (s *Storage) Savepoint() (level int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(); err != nil {
		return 0, err
	}
	if !s.open {
		// A bare savepoint would commit without passing through commit.
		if err := s.begin(); err != nil {
			return 0, err
		}
		s.ownTx = true
	}
	if err := s.db.Exec(fmt.Sprintf("SAVEPOINT _cf_%d", s.depth+1)); err != nil {
		return 0, err
	}
	s.depth++
	return s.depth, nil
}

// ReleaseSavepoint keeps what happened since Savepoint returned level: as part
// of the surrounding transaction, or for good if there is none.
func (s *Storage) ReleaseSavepoint(level int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkLevel(level); err != nil {
		return err
	}
	if level == 1 && s.ownTx {
		return s.commit()
	}
	s.depth = level - 1
	return s.db.Exec(fmt.Sprintf("RELEASE _cf_%d", level))
}

// RollbackSavepoint undoes what happened since Savepoint returned level.
func (s *Storage) RollbackSavepoint(level int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkLevel(level); err != nil {
		return err
	}
	if level == 1 && s.ownTx {
		return s.rollback()
	}
	s.depth = level - 1
	name := fmt.Sprintf("_cf_%d", level)
	err := errors.Join(s.db.Exec("ROLLBACK TO "+name), s.db.Exec("RELEASE "+name))
	s.findTables()
	return err
}

func (s *Storage) checkLevel(level int) error {
	if level < 1 || level > s.depth {
		return fmt.Errorf("durable: savepoint %d is not open", level)
	}
	if !s.db.InTransaction() {
		return errors.Join(errRolledBack, s.rollback())
	}
	return nil
}

// idle reports whether the database can be closed without losing anything.
func (s *Storage) idle() bool {
	return s.db != nil && !s.open && !s.sql.Reading()
}

func (s *Storage) closeDB() error {
	s.sql.Close()
	return s.closeFile()
}

func (s *Storage) closeFile() error {
	s.endTransaction()
	db := s.db
	s.setDB(nil)
	return db.Close()
}

func (s *Storage) setDB(db *store.DB) {
	s.handle.Lock()
	defer s.handle.Unlock()
	s.db = db
}

// Interrupt makes the SQL statement that is running fail. It may be called
// from any goroutine, for example before Close to end a query that never ends.
func (s *Storage) Interrupt() {
	s.handle.Lock()
	defer s.handle.Unlock()
	if s.db != nil {
		s.db.Interrupt()
	}
}

// Release closes the database until the next use. It fails with ErrBusy while
// a transaction or a cursor is open.
func (s *Storage) Release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	if !s.idle() {
		return ErrBusy
	}
	s.ns.forget(s)
	return s.closeDB()
}

// Close rolls back an open transaction, ends all cursors and closes the
// database for good; Namespace.Object makes a fresh Storage afterwards.
func (s *Storage) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.ns.drop(s)
	if s.db == nil {
		return nil
	}
	return s.closeDB()
}

// InSavepoint reports whether a savepoint is open.
func (s *Storage) InSavepoint() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.depth > 0
}

// DeleteAll empties the object: keys, tables, the alarm and facets. It commits an
// implicit transaction first and cannot run inside Savepoint. Open cursors
// end.
func (s *Storage) DeleteAll() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.depth > 0 {
		return errDeleteAllInTransaction
	}
	if err := s.ns.deleteFacets(s.id); err != nil {
		return err
	}
	there, err := s.use(false)
	if err != nil || !there {
		return err
	}
	if err := s.commit(); err != nil {
		return err
	}
	wipe := func() error {
		s.ns.forget(s)
		s.sql.CloseWith(appsql.ErrDatabaseDeleted)
		if err := s.closeFile(); err != nil {
			return err
		}
		s.absent = true
		return store.Remove(s.path)
	}
	if _, ok, err := s.getAlarm(); err != nil || !ok {
		return errors.Join(err, wipe())
	}
	return s.changeAlarm(wipe)
}

// Size is the size of the database in bytes.
func (s *Storage) Size() (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there, err := s.use(false); err != nil || !there {
		return emptySize, err
	}
	n, err := s.db.Size()
	return max(n, emptySize), err
}

// emptySize is the size of a database without tables: one page.
const emptySize = 4096
