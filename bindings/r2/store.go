package r2

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
)

// Bucket is the storage of one bucket. It is safe for concurrent use; there
// must be only one for a directory.
type Bucket struct {
	dir     string
	clock   clock.Clock
	files   *store.Files
	minPart int64

	mu     sync.Mutex
	db     *store.DB // opened by the first use
	soiled bool      // the database says for good that files may be left over
	loose  bool      // files were removed, or should have been
	pins   map[string]int
	doomed map[string]bool // files to remove when their last reader is done
	closed bool
}

var errClosed = errors.New("r2: the bucket is closed")

// The content of an object is in one of three places: in the row (data), in a
// file (blob), or in the parts of a multipart upload (upload). Columns read by
// listings come before data, which may fill pages.
const layout = `
CREATE TABLE objects (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE,
	version TEXT NOT NULL,
	size INTEGER NOT NULL,
	etag TEXT NOT NULL,
	uploaded INTEGER NOT NULL,
	class TEXT NOT NULL,
	checksums TEXT NOT NULL,
	http TEXT NOT NULL,
	custom TEXT NOT NULL,
	blob TEXT,
	upload TEXT,
	data BLOB
);
CREATE TABLE uploads (
	id TEXT PRIMARY KEY,
	key TEXT NOT NULL,
	class TEXT NOT NULL,
	http TEXT NOT NULL,
	custom TEXT NOT NULL,
	created INTEGER NOT NULL,
	open INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE parts (
	upload TEXT NOT NULL,
	number INTEGER NOT NULL,
	blob TEXT NOT NULL,
	size INTEGER NOT NULL,
	etag TEXT NOT NULL,
	md5 BLOB NOT NULL,
	PRIMARY KEY (upload, number)
) WITHOUT ROWID;
CREATE TABLE state (clean INTEGER NOT NULL);
INSERT INTO state VALUES (1);
`

// layoutSSEC adds the MD5 of the customer's key.
const layoutSSEC = `
ALTER TABLE objects ADD COLUMN ssec TEXT NOT NULL DEFAULT '';
ALTER TABLE uploads ADD COLUMN ssec TEXT NOT NULL DEFAULT '';
`

// Open returns the bucket kept in dir. Nothing is read or written until it is
// used.
func Open(dir string, clk clock.Clock) *Bucket {
	return &Bucket{
		dir: dir, clock: clk, minPart: MinPartSize,
		files: store.NewFiles(filepath.Join(dir, "blobs")),
		pins:  map[string]int{}, doomed: map[string]bool{},
	}
}

// use opens the database and, after a crash, removes files nobody knows. The
// caller holds b.mu.
func (b *Bucket) use() error {
	switch {
	case b.closed:
		return errClosed
	case b.db != nil:
		return nil
	}
	db, err := store.Open(filepath.Join(b.dir, "bucket.sqlite"), store.Options{Exclusive: true, CheckpointPages: 2000})
	if err != nil {
		return err
	}
	b.db = db
	if err := b.recover(); err != nil {
		b.db = nil
		return errors.Join(err, db.Close())
	}
	return nil
}

// Hold implements bindings.Stateful.
func (b *Bucket) Hold() (bindings.Held, error) {
	b.mu.Lock()
	return bindings.HoldDB(&b.mu, b.dir, &b.db, b.forget), nil
}

// forget drops what is known of the files: what was about to be removed may be
// content again.
func (b *Bucket) forget() {
	b.soiled, b.loose = false, false
	clear(b.doomed)
}

func (b *Bucket) recover() error {
	if err := b.db.Migrate("layout", layout, layoutSSEC); err != nil {
		return err
	}
	clean := false
	if _, err := b.db.Row("SELECT clean FROM state", func(r *store.Stmt) { clean = r.Int64(0) != 0 }); err != nil || clean {
		return err
	}
	old := b.clock.Now().Add(-uploadLifetime).UnixMilli()
	for _, query := range []string{
		"DELETE FROM parts WHERE upload IN (SELECT id FROM uploads WHERE open AND created < ?)",
		"DELETE FROM uploads WHERE open AND created < ?",
	} {
		if err := b.db.Exec(query, old); err != nil {
			return err
		}
	}
	live := map[string]bool{}
	err := b.db.Rows("SELECT blob FROM objects WHERE blob IS NOT NULL UNION ALL SELECT blob FROM parts", func(r *store.Stmt) bool {
		live[r.Text(0)] = true
		return true
	})
	if err != nil {
		return err
	}
	if err := b.files.Sweep(func(id string) bool { return live[id] }); err != nil {
		return err
	}
	return b.db.Exec("UPDATE state SET clean = 1")
}

// soil notes, before the first file of a session is written, that a crash may
// leave files behind.
func (b *Bucket) soil() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil || b.soiled {
		return err
	}
	err := b.db.Exec("UPDATE state SET clean = 0")
	b.soiled = err == nil
	return err
}

// Close closes the bucket. Bodies that are still being read stay readable,
// except for those of multipart uploads.
func (b *Bucket) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.db == nil {
		return nil
	}
	var err error
	if (b.soiled || b.loose) && len(b.doomed) == 0 {
		err = b.db.Exec("UPDATE state SET clean = 1")
	}
	err = errors.Join(err, b.db.Close())
	b.db = nil
	return err
}

// row is an object with the place of its content.
type row struct {
	*Object
	blob, upload string
	data         []byte
}

// find returns the object at key or nil. The caller holds b.mu.
func (b *Bucket) find(key string) (o *Object, err error) {
	_, dbErr := b.db.Row("SELECT "+objectColumns+" FROM objects WHERE key = ?", func(r *store.Stmt) {
		o, err = readObject(r)
	}, key)
	return o, errors.Join(dbErr, err)
}

// findContent is find with the content.
func (b *Bucket) findContent(key string) (found *row, err error) {
	_, dbErr := b.db.Row("SELECT "+objectColumns+", blob, upload, data FROM objects WHERE key = ?", func(r *store.Stmt) {
		var o *Object
		if o, err = readObject(r); err == nil {
			found = &row{Object: o, blob: r.Text(10), upload: r.Text(11), data: r.Blob(12)}
		}
	}, key)
	return found, errors.Join(dbErr, err)
}

// Head returns the object at key, or nil if there is none.
func (b *Bucket) Head(_ context.Context, key string) (*Object, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, err
	}
	o, err := b.find(key)
	if err != nil || o == nil {
		return nil, err
	}
	o.Range = &Span{0, o.Size}
	return o, nil
}

// GetOptions refine Get. RangeHeader, if set, is used instead of Range.
type GetOptions struct {
	Range       *Range
	RangeHeader string
	OnlyIf      *Condition
	SSECKey     SSECKey
}

// Get returns the object at key and its content. Both are nil if there is
// none; the Body alone is nil if OnlyIf does not hold.
func (b *Bucket) Get(_ context.Context, key string, o GetOptions) (*Object, *Body, error) {
	if err := checkKey(key); err != nil {
		return nil, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, nil, err
	}
	r, err := b.findContent(key)
	if err != nil || r == nil {
		return nil, nil, err
	}
	r.Range = &Span{0, r.Size}
	if !o.OnlyIf.holds(r.Object) {
		return r.Object, nil, nil
	}
	if err := o.SSECKey.opens(r.SSECKey); err != nil {
		return nil, nil, err
	}
	if o.RangeHeader != "" {
		if span, ok := parseRangeHeader(o.RangeHeader, r.Size); ok {
			r.Range = &span
		}
	} else if o.Range != nil {
		span, err := o.Range.resolve(r.Size)
		if err != nil {
			return nil, nil, err
		}
		r.Range = &span
	}
	body, err := b.body(r)
	return r.Object, body, err
}

// Delete removes the objects at keys, all in one step; missing ones are no
// error.
func (b *Bucket) Delete(_ context.Context, keys ...string) error {
	for _, key := range keys {
		if err := checkKey(key); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return err
	}
	var dead []string
	err := b.db.Tx(func() error {
		for _, key := range keys {
			blobs, err := b.detach(key)
			if err != nil {
				return err
			}
			dead = append(dead, blobs...)
			if err := b.db.Exec("DELETE FROM objects WHERE key = ?", key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.discard(dead)
	return nil
}

// detach returns the files that hold the content of key and deletes its parts,
// for a transaction that replaces or deletes the object.
func (b *Bucket) detach(key string) (blobs []string, err error) {
	var blob, upload string
	_, err = b.db.Row("SELECT blob, upload FROM objects WHERE key = ?", func(r *store.Stmt) {
		blob, upload = r.Text(0), r.Text(1)
	}, key)
	switch {
	case err != nil:
		return nil, err
	case upload != "":
		return b.deleteParts("upload = ?", upload)
	case blob != "":
		return []string{blob}, b.loosen()
	}
	return nil, nil
}

// loosen notes, in a transaction that makes files needless, that a crash may
// come before they are removed.
func (b *Bucket) loosen() error {
	if b.soiled {
		return nil
	}
	b.loose = true
	return b.db.Exec("UPDATE state SET clean = 0")
}

// deleteParts deletes the parts that meet a condition and returns their files.
func (b *Bucket) deleteParts(where string, args ...any) (blobs []string, err error) {
	err = b.db.Rows("DELETE FROM parts WHERE "+where+" RETURNING blob", func(r *store.Stmt) bool {
		blobs = append(blobs, r.Text(0))
		return true
	}, args...)
	return blobs, errors.Join(err, b.loosen())
}

// discard removes files after the commit that forgot them; those being read
// go when their reader is done. A file that cannot be removed now is found by
// the sweep after the next unclean end. The caller holds b.mu.
func (b *Bucket) discard(blobs []string) {
	for _, id := range blobs {
		if b.pins[id] > 0 {
			b.doomed[id] = true
		} else if b.files.Remove(id) != nil {
			b.doomed[id] = true // keeps Close from calling the bucket clean
		}
	}
}

func (b *Bucket) pin(id string) { b.pins[id]++ }

func (b *Bucket) unpin(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pins[id]--; b.pins[id] > 0 {
		return
	}
	delete(b.pins, id)
	if b.doomed[id] && b.files.Remove(id) == nil {
		delete(b.doomed, id)
	}
}
