package store

import (
	"errors"
	"os"
	"path/filepath"
)

// CopyForeign writes the database at src, which another program may have left with a
// WAL, to the new file dst, whole or not at all. change, if not nil, alters the
// copy before it gets its name.
func CopyForeign(src, dst string, change func(db *DB) error) error {
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		return FileError(dst, err)
	}
	tmp := dst + tempSuffix
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return FileError(tmp, err)
	}
	err := copyFrom(src, tmp)
	if err == nil && change != nil {
		err = alter(tmp, change)
	}
	if err == nil {
		err = os.Rename(tmp, dst)
	}
	if err != nil {
		os.Remove(tmp)
	}
	return err
}

func copyFrom(src, dst string) error {
	db, err := Open(src, Options{MustExist: true, ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(db.CopyTo(dst), db.Close())
}

func alter(path string, change func(db *DB) error) error {
	db, err := Open(path, Options{MustExist: true, Exclusive: true})
	if err != nil {
		return err
	}
	return errors.Join(change(db), db.Close())
}
