package store_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// A kind of binding keeps its rows in one database and brings its layout up to
// date when it opens it.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(filepath.Join(dir, "kv.sqlite"), store.Options{Exclusive: true})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	if err := db.Migrate("layout", "CREATE TABLE entries (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"); err != nil {
		panic(err)
	}
	err = db.Tx(func() error {
		return db.Exec("INSERT INTO entries VALUES (?, ?)", "greeting", []byte("hello"))
	})
	if err != nil {
		panic(err)
	}
	found, err := db.Row("SELECT value FROM entries WHERE key = ?", func(r *store.Stmt) {
		fmt.Println(string(r.Blob(0)))
	}, "greeting")
	fmt.Println(found, err)
	// Output:
	// hello
	// true <nil>
}
