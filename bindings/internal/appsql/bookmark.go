package appsql

import (
	"fmt"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// CreateMetadata makes the table for what the runtime keeps in a database, where
// applications cannot reach it.
const CreateMetadata = "CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)"

// metaBookmark is the key of the last bookmark in _cf_METADATA.
const metaBookmark = 2

// NextBookmark makes a bookmark: on workerd without a history to go back to, a
// number that counts up with each one asked for.
func NextBookmark(db *store.DB) (string, error) {
	if err := db.Exec(CreateMetadata); err != nil {
		return "", err
	}
	n := int64(-1)
	if _, err := db.Row("SELECT value FROM _cf_METADATA WHERE key = ?", func(r *store.Stmt) { n = r.Int64(0) }, metaBookmark); err != nil {
		return "", err
	}
	n++
	return fmt.Sprintf("00000000-%08x-00000000-%032x", n, 0), db.Exec("INSERT OR REPLACE INTO _cf_METADATA VALUES (?, ?)", metaBookmark, n)
}
