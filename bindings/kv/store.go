package kv

import (
	"context"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
)

// Limits of KV.
const (
	MaxKeySize      = 512      // bytes
	MaxValueSize    = 25 << 20 // bytes; also of all values of a bulk read
	MaxMetadataSize = 1024     // bytes of JSON
	MaxListKeys     = 1000
	MaxBulkKeys     = 100
	minTTL          = 60 // seconds
	minCacheTTL     = 30 // seconds
)

// Entry is a stored value.
type Entry struct {
	Key   string
	Value []byte
	// Metadata is JSON, nil for none.
	Metadata []byte
	// Expiration is in seconds since 1970, 0 for none.
	Expiration int64
}

// Namespace is the storage of one namespace. It is safe for concurrent use;
// there must be only one for a directory.
type Namespace struct {
	path  string
	clock clock.Clock

	mu     sync.Mutex
	db     *store.DB // opened by the first use
	closed bool
}

// The value comes last, so that listings need not read it.
const layout = `
CREATE TABLE entries (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE,
	expires INTEGER,
	metadata TEXT,
	value BLOB NOT NULL
);
CREATE INDEX expiring ON entries (expires) WHERE expires IS NOT NULL;
`

// Open returns the namespace kept in dir. Nothing is read or written until it
// is used.
func Open(dir string, clk clock.Clock) *Namespace {
	return &Namespace{path: filepath.Join(dir, "namespace.sqlite"), clock: clk}
}

// use opens the database. The caller holds n.mu.
func (n *Namespace) use() error {
	switch {
	case n.closed:
		return errors.New("kv: the namespace is closed")
	case n.db != nil:
		return nil
	}
	db, err := store.Open(n.path, store.Options{Exclusive: true})
	if err != nil {
		return err
	}
	if err := db.Migrate("layout", layout); err != nil {
		return errors.Join(err, db.Close())
	}
	n.db = db
	return n.expire()
}

// Close closes the namespace.
func (n *Namespace) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	if n.db == nil {
		return nil
	}
	db := n.db
	n.db = nil
	return db.Close()
}

// Hold implements bindings.Stateful.
func (n *Namespace) Hold() (bindings.Held, error) {
	n.mu.Lock()
	return bindings.HoldDB(&n.mu, filepath.Dir(n.path), &n.db, nil), nil
}

func (n *Namespace) now() int64 { return n.clock.Now().Unix() }

// expire removes what has expired.
func (n *Namespace) expire() error {
	return n.db.Exec("DELETE FROM entries WHERE expires <= ?", n.now())
}

// checkKey is what the service checks; the binding checks some of it before.
func checkKey(key string) error {
	switch key {
	case "":
		return refusal(400, "Key names must not be empty")
	case ".", "..":
		return refusal(400, "Illegal key name %q. Please use a different name.", key)
	}
	return checkKeySize(key)
}

func checkKeySize(key string) error {
	if len(key) > MaxKeySize {
		return refusal(414, "UTF-8 encoded length of %d exceeds key length limit of %d.", len(key), MaxKeySize)
	}
	return nil
}

// Get returns the entry at key, nil if there is none.
func (n *Namespace) Get(_ context.Context, key string) (*Entry, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.use(); err != nil {
		return nil, err
	}
	return n.get(key)
}

func (n *Namespace) get(key string) (e *Entry, err error) {
	_, err = n.db.Row("SELECT key, expires, metadata, value FROM entries WHERE key = ? AND (expires IS NULL OR expires > ?)", func(r *store.Stmt) {
		e = readEntry(r)
		e.Value = r.Blob(3)
	}, key, n.now())
	return e, err
}

func readEntry(r *store.Stmt) *Entry {
	e := &Entry{Key: r.Text(0), Expiration: r.Int64(1)}
	if !r.IsNull(2) {
		e.Metadata = []byte(r.Text(2))
	}
	return e
}

// GetAll returns the entries at keys in one step; missing ones are left out.
func (n *Namespace) GetAll(_ context.Context, keys []string) (map[string]*Entry, error) {
	switch {
	case len(keys) > MaxBulkKeys:
		return nil, refusal(400, "You can request a maximum of %d keys", MaxBulkKeys)
	case len(keys) == 0:
		return nil, refusal(400, "You must request a minimum of 1 key")
	}
	for _, key := range keys {
		if err := checkKey(key); err != nil {
			return nil, err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.use(); err != nil {
		return nil, err
	}
	found, size := map[string]*Entry{}, 0
	for _, key := range keys {
		e, err := n.get(key)
		if err != nil {
			return nil, err
		}
		if e != nil && found[key] == nil {
			found[key] = e
			size += len(e.Value)
		}
		if size > MaxValueSize {
			return nil, refusal(413, "Total size of request exceeds the limit of %dMB", MaxValueSize>>20)
		}
	}
	return found, nil
}

// PutOptions say what is kept with a value and for how long.
type PutOptions struct {
	// TTL and Expiration are in seconds; nil is unset. TTL wins.
	TTL, Expiration *int64
	// Metadata is JSON, nil for none.
	Metadata []byte
}

// expiration checks the options and returns the time of expiry, 0 for never.
func (o *PutOptions) expiration(now int64) (int64, error) {
	switch {
	case o.TTL != nil:
		if *o.TTL <= 0 {
			return 0, refusal(400, "Invalid expiration_ttl of %d. Please specify integer greater than 0.", *o.TTL)
		}
		if *o.TTL < minTTL {
			return 0, refusal(400, "Invalid expiration_ttl of %d. Expiration TTL must be at least %d.", *o.TTL, minTTL)
		}
		return now + *o.TTL, nil
	case o.Expiration != nil:
		if *o.Expiration <= now {
			return 0, refusal(400, "Invalid expiration of %d. Please specify integer greater than the current number of seconds since the UNIX epoch.", *o.Expiration)
		}
		if *o.Expiration < now+minTTL {
			return 0, refusal(400, "Invalid expiration of %d. Expiration times must be at least %d seconds in the future.", *o.Expiration, minTTL)
		}
		return *o.Expiration, nil
	}
	return 0, nil
}

// ErrTooLarge is the refusal of a value of that size.
func ErrTooLarge(size int64) error {
	return refusal(413, "Value length of %d exceeds limit of %d.", size, MaxValueSize)
}

// Put stores value at key, with nothing left of what was there.
func (n *Namespace) Put(_ context.Context, key string, value []byte, o PutOptions) error {
	if err := n.CheckPut(key, o); err != nil {
		return err
	}
	if len(value) > MaxValueSize {
		return ErrTooLarge(int64(len(value)))
	}
	at, err := o.expiration(n.now())
	if err != nil {
		return err
	}
	var expires, metadata any
	if at != 0 {
		expires = at
	}
	if o.Metadata != nil {
		metadata = string(o.Metadata)
	}
	if value == nil {
		value = []byte{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.use(); err != nil {
		return err
	}
	return n.db.Exec(`INSERT INTO entries (key, expires, metadata, value) VALUES (?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, metadata = excluded.metadata, value = excluded.value`,
		key, expires, metadata, value)
}

// CheckPut is the part of Put that needs no value, for callers who have yet to
// read it.
func (n *Namespace) CheckPut(key string, o PutOptions) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if _, err := o.expiration(n.now()); err != nil {
		return err
	}
	if len(o.Metadata) > MaxMetadataSize {
		return refusal(413, "Metadata length of %d exceeds limit of %d.", len(o.Metadata), MaxMetadataSize)
	}
	return nil
}

// Delete removes the entry at key; a missing one is no error.
func (n *Namespace) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.use(); err != nil {
		return err
	}
	return n.db.Exec("DELETE FROM entries WHERE key = ?", key)
}

// ListOptions choose what List returns.
type ListOptions struct {
	Prefix string
	Cursor string // of the page before, "" for the first
	Limit  int    // 0 means MaxListKeys
}

// Listing is one page of List; its entries have no values.
type Listing struct {
	Entries  []*Entry
	Complete bool
	Cursor   string // set unless Complete
}

// List returns a page of entries in the order of their keys' bytes.
func (n *Namespace) List(_ context.Context, o ListOptions) (*Listing, error) {
	if o.Limit == 0 {
		o.Limit = MaxListKeys
	}
	switch {
	case o.Limit < 0:
		return nil, refusal(400, "Invalid key_count_limit of %d. Please specify an integer greater than 0.", o.Limit)
	case o.Limit > MaxListKeys:
		return nil, refusal(400, "Invalid key_count_limit of %d. Please specify an integer less than %d.", o.Limit, MaxListKeys)
	}
	if err := checkKeySize(o.Prefix); err != nil {
		return nil, err
	}
	after, _ := base64.StdEncoding.DecodeString(o.Cursor) // a cursor of nobody's counts as none
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.use(); err != nil {
		return nil, err
	}
	if err := n.expire(); err != nil {
		return nil, err
	}
	page := &Listing{Complete: true}
	err := n.db.Rows("SELECT key, expires, metadata FROM entries WHERE key > ? AND key >= ? ORDER BY key LIMIT ?", func(r *store.Stmt) bool {
		e := readEntry(r)
		if !strings.HasPrefix(e.Key, o.Prefix) {
			return false
		}
		if len(page.Entries) == o.Limit {
			page.Complete = false
			page.Cursor = base64.StdEncoding.EncodeToString([]byte(page.Entries[o.Limit-1].Key))
			return false
		}
		page.Entries = append(page.Entries, e)
		return true
	}, strings.ToValidUTF8(string(after), "\uFFFD"), o.Prefix, o.Limit+1)
	return page, err
}
