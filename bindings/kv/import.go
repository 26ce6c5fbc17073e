package kv

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Import adds the entries of a namespace that wrangler stored: its database and
// the folder of its values. Keys that exist here are replaced; entries that
// have expired are left out.
func (n *Namespace) Import(ctx context.Context, database, blobs string) (copied int, err error) {
	db, err := store.Open(database, store.Options{MustExist: true, ReadOnly: true})
	if err != nil {
		return 0, err
	}
	type entry struct {
		key, blob, metadata string
		expires             int64 // milliseconds since 1970, 0 for never
	}
	var list []entry
	err = db.Rows("SELECT key, blob_id, coalesce(metadata, ''), coalesce(expiration, 0) FROM _mf_entries ORDER BY key", func(r *store.Stmt) bool {
		list = append(list, entry{r.Text(0), r.Text(1), r.Text(2), r.Int64(3)})
		return true
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return 0, err
	}
	for _, e := range list {
		var o PutOptions
		if e.expires != 0 {
			at := e.expires / 1000
			if at < n.now()+minTTL {
				continue
			}
			o.Expiration = &at
		}
		if e.metadata != "" {
			o.Metadata = []byte(e.metadata)
		}
		value, err := os.ReadFile(filepath.Join(blobs, filepath.Base(e.blob)))
		if err != nil {
			return copied, err
		}
		if err := n.Put(ctx, e.key, value, o); err != nil {
			return copied, err
		}
		copied++
	}
	return copied, nil
}
