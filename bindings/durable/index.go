package durable

import (
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
	mu sync.Mutex
	db *store.DB
}

const indexLayout = `
CREATE TABLE alarms (
	id TEXT PRIMARY KEY,
	at INTEGER NOT NULL,
	settled INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE names (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
`

func openIndex(path string) (*index, error) {
	db, err := store.Open(path, store.Options{Exclusive: true, CacheKB: 256})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate("layout", indexLayout); err != nil {
		db.Close()
		return nil, err
	}
	return &index{db: db}, nil
}

func (x *index) close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.db.Close()
}

func (x *index) exec(query string, args ...any) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.db.Exec(query, args...)
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
	x.mu.Lock()
	defer x.mu.Unlock()
	err = x.db.Rows("SELECT id FROM alarms WHERE settled = 0", func(s *store.Stmt) bool {
		ids = append(ids, s.Text(0))
		return true
	})
	return ids, err
}

func (x *index) alarms() (out []Alarm, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	err = x.db.Rows("SELECT id, at FROM alarms WHERE settled = 1 ORDER BY at, id", func(s *store.Stmt) bool {
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
	x.mu.Lock()
	defer x.mu.Unlock()
	_, err = x.db.Row("SELECT name FROM names WHERE id = ?", func(s *store.Stmt) { name = s.Text(0) }, id)
	return name, err
}

func (x *index) names() (map[string]string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := map[string]string{}
	err := x.db.Rows("SELECT id, name FROM names", func(s *store.Stmt) bool {
		out[s.Text(0)] = s.Text(1)
		return true
	})
	return out, err
}
