package durable

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// indexName cannot collide with an object: ids are hex digits.
const indexName = "index.sqlite"

// Alarm is a pending alarm of an object.
type Alarm struct {
	ID string
	At int64 // milliseconds since 1970
}

// index knows, for a whole namespace, which objects have an alarm and what
// names objects were derived from. The alarm in an object's own database is
// the truth. Two databases cannot commit together, so a change of an alarm
// goes: mark the object's entry unsettled, commit the object, write the entry
// as it is now. Whatever dies in between, the index has an entry for every
// object with an alarm, and only unsettled entries need a look at the object.
type index struct {
	path string

	mu     sync.Mutex
	db     *store.DB // opened by the first use
	closed bool
}

const indexLayout = `
CREATE TABLE alarms (
	id TEXT PRIMARY KEY,
	at INTEGER NOT NULL,
	settled INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE names (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
`

// use opens the database. The caller holds x.mu.
func (x *index) use() error {
	switch {
	case x.closed:
		return errClosed
	case x.db != nil:
		return nil
	}
	db, err := store.Open(x.path, store.Options{Exclusive: true, CacheKB: 256})
	if err != nil {
		return err
	}
	if err := db.Migrate("layout", indexLayout); err != nil {
		db.Close()
		return err
	}
	x.db = db
	return nil
}

// exists reports whether anything was ever written.
func (x *index) exists() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.db != nil {
		return true
	}
	_, err := os.Stat(x.path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (x *index) close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	if x.db == nil {
		return nil
	}
	db := x.db
	x.db = nil
	return db.Close()
}

func (x *index) exec(query string, args ...any) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.use(); err != nil {
		return err
	}
	return x.db.Exec(query, args...)
}

func (x *index) row(query string, scan func(*store.Stmt), args ...any) (bool, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.use(); err != nil {
		return false, err
	}
	return x.db.Row(query, scan, args...)
}

func (x *index) rows(query string, each func(*store.Stmt) bool, args ...any) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.use(); err != nil {
		return err
	}
	return x.db.Rows(query, each, args...)
}

// unsettle announces that the alarm of id is about to change.
func (x *index) unsettle(id string) error {
	return x.exec("INSERT INTO alarms VALUES (?, 0, 0) ON CONFLICT DO UPDATE SET settled = 0", id)
}

// settle records the alarm of id as committed in the object's database.
func (x *index) settle(id string, at int64, ok bool) error {
	if !ok {
		return x.exec("DELETE FROM alarms WHERE id = ?", id)
	}
	return x.exec("INSERT OR REPLACE INTO alarms VALUES (?, ?, 1)", id, at)
}

func (x *index) unsettled() (ids []string, err error) {
	err = x.rows("SELECT id FROM alarms WHERE settled = 0", func(s *store.Stmt) bool {
		ids = append(ids, s.Text(0))
		return true
	})
	return ids, err
}

func (x *index) alarms() (out []Alarm, err error) {
	err = x.rows("SELECT id, at FROM alarms WHERE settled = 1 ORDER BY at, id", func(s *store.Stmt) bool {
		out = append(out, Alarm{s.Text(0), s.Int64(1)})
		return true
	})
	return out, err
}

func (x *index) remember(id, name string) error {
	if known, err := x.name(id); err != nil || known == name {
		return err
	}
	return x.exec("INSERT OR REPLACE INTO names VALUES (?, ?)", id, name)
}

func (x *index) name(id string) (name string, err error) {
	_, err = x.row("SELECT name FROM names WHERE id = ?", func(s *store.Stmt) { name = s.Text(0) }, id)
	return name, err
}

func (x *index) names() (map[string]string, error) {
	out := map[string]string{}
	err := x.rows("SELECT id, name FROM names", func(s *store.Stmt) bool {
		out[s.Text(0)] = s.Text(1)
		return true
	})
	return out, err
}
