package d1

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Import copies the database that wrangler stored in the file from to the new
// directory dir. One that exists there is left alone.
func Import(from, dir string) (copied bool, err error) {
	to := filepath.Join(dir, fileName)
	if _, err := os.Stat(to); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, store.CopyForeign(from, to, nil)
}
