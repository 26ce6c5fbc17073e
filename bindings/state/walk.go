package state

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// walk calls f with the paths of what bindings keep below a state directory, in
// order. Files being written are left out.
func walk(dir string, f func(rel string) error) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return store.FileError(dir, err)
	}
	for _, e := range entries {
		if name := e.Name(); e.IsDir() && name != snapshotsFolder && name != cacheFolder && name[0] != '.' {
			if err := walkFolder(dir, name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func walkFolder(dir, rel string, f func(rel string) error) error {
	full := filepath.Join(dir, filepath.FromSlash(rel))
	entries, err := os.ReadDir(full)
	if err != nil {
		return store.FileError(full, err)
	}
	for _, e := range entries {
		sub := path.Join(rel, e.Name())
		switch {
		case e.IsDir():
			err = walkFolder(dir, sub, f)
		case !store.Unfinished(e.Name()):
			err = f(sub)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// What a file is goes by its name.

func isDatabase(rel string) bool { return strings.HasSuffix(rel, ".sqlite") }

// besideDatabase tells the files that are part of a database.
func besideDatabase(rel string) bool {
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if db, ok := strings.CutSuffix(rel, suffix); ok && isDatabase(db) {
			return true
		}
	}
	return false
}
