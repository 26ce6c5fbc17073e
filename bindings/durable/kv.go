package durable

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Entry is a stored key and its serialized value.
type Entry struct {
	Key   string
	Value []byte
}

// Range chooses what List returns. Keys are ordered by their UTF-8 bytes.
type Range struct {
	Start      string // first key, inclusive; "" means from the beginning
	StartAfter string // exclusive start, used instead of Start if HasAfter
	HasAfter   bool
	End        string // exclusive end, used if HasEnd
	HasEnd     bool
	Prefix     string
	Reverse    bool
	Limit      int // 0 means no limit
}

// resume makes r what comes after key.
func (r *Range) resume(key string) {
	if r.Reverse {
		r.End, r.HasEnd = key, true
	} else {
		r.StartAfter, r.HasAfter = key, true
	}
}

// Get returns the value of key.
func (s *Storage) Get(key string) (value []byte, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there, err := s.useKV(); err != nil || !there {
		return nil, false, err
	}
	return s.get(key)
}

func (s *Storage) get(key string) (value []byte, ok bool, err error) {
	ok, err = s.db.Row("SELECT value FROM _cf_KV WHERE key = ?", func(r *store.Stmt) { value = r.Blob(0) }, key)
	return value, ok, err
}

// GetMulti returns the entries that exist, ordered by key, each once.
func (s *Storage) GetMulti(keys []string) ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there, err := s.useKV(); err != nil || !there {
		return nil, err
	}
	keys = slices.Clone(keys)
	slices.Sort(keys)
	var out []Entry
	for _, k := range slices.Compact(keys) {
		v, ok, err := s.get(k)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, Entry{k, v})
		}
	}
	return out, nil
}

// useKV reports whether there is a database with keys.
func (s *Storage) useKV() (bool, error) {
	there, err := s.use(false)
	return there && s.hasKV, err
}

// Put stores the entries, all or none of them.
func (s *Storage) Put(entries ...Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	if err := s.write(); err != nil {
		return err
	}
	if !s.hasKV {
		if err := s.db.Script("CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"); err != nil {
			return err
		}
		s.hasKV = true
	}
	return appsql.Translate(s.atomically(len(entries), func() error {
		for _, e := range entries {
			if err := s.db.Exec("INSERT OR REPLACE INTO _cf_KV VALUES (?, ?)", e.Key, e.Value); err != nil {
				return err
			}
		}
		return nil
	}))
}

// atomically runs f, which makes n changes, so that a failure undoes all of
// them and nothing else.
func (s *Storage) atomically(n int, f func() error) error {
	if n == 1 {
		return f()
	}
	if !s.open {
		return s.db.Tx(f)
	}
	if err := s.db.Exec("SAVEPOINT _cf_multi"); err != nil {
		return err
	}
	err := f()
	if err != nil {
		_ = s.db.Exec("ROLLBACK TO _cf_multi") // f's error is the one to tell
	}
	if end := s.db.Exec("RELEASE _cf_multi"); err == nil {
		err = end
	}
	return err
}

// Delete removes keys and returns how many of them existed.
func (s *Storage) Delete(keys ...string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there, err := s.useKV(); err != nil || !there || len(keys) == 0 {
		return 0, err
	}
	if err := s.write(); err != nil {
		return 0, err
	}
	count := 0
	err := s.atomically(len(keys), func() error {
		for _, k := range keys {
			if err := s.db.Exec("DELETE FROM _cf_KV WHERE key = ?", k); err != nil {
				return err
			}
			count += int(s.db.Changes())
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return count, nil
}

// List returns the entries in r, in key order (or reverse).
func (s *Storage) List(r Range) ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there, err := s.useKV(); err != nil || !there {
		return nil, err
	}
	query, args := r.query()
	var out []Entry
	err := s.db.Rows(query, func(row *store.Stmt) bool {
		out = append(out, Entry{row.Text(0), row.Blob(1)})
		return true
	}, args...)
	return out, err
}

// query builds the statement for r; there are few different texts, so the
// prepared ones are reused.
func (r Range) query() (string, []any) {
	var where []string
	var args []any
	add := func(condition, arg string) {
		where = append(where, condition)
		args = append(args, arg)
	}
	start, end, hasEnd := max(r.Start, r.Prefix), r.End, r.HasEnd
	if stop, ok := prefixEnd(r.Prefix); ok && (!hasEnd || stop < end) {
		end, hasEnd = stop, true
	}
	if r.HasAfter {
		add("key > ?", r.StartAfter)
	}
	if start != "" {
		add("key >= ?", start)
	}
	if hasEnd {
		add("key < ?", end)
	}
	query := "SELECT key, value FROM _cf_KV"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	query += " ORDER BY key"
	if r.Reverse {
		query += " DESC"
	}
	if r.Limit > 0 {
		query += " LIMIT ?"
		args = append(args, r.Limit)
	}
	return query, args
}

// prefixEnd is the least text greater than every text that starts with prefix.
func prefixEnd(prefix string) (string, bool) {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1]), true
		}
	}
	return "", false
}
