package store

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"sync"

	sqlite3 "modernc.org/sqlite/lib"
)

// CopyTo writes what is committed to a new file at path: a database of its own,
// with the WAL folded in. There must be no transaction open. The file is not
// flushed to the disk.
//
// The pages come through the connection and not from the file, because closing
// a second descriptor of a file gives up the locks the process has on it.
func (d *DB) CopyTo(path string) (err error) {
	if d.InTransaction() {
		return errors.New("store: a database cannot be copied within a transaction")
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return FileError(path, err)
	}
	defer func() {
		if e := f.Close(); e != nil && err == nil {
			err = FileError(path, e)
		}
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	w := bufio.NewWriterSize(f, 64<<10)
	err = d.Rows("SELECT data FROM sqlite_dbpage('main') ORDER BY pgno", func(s *Stmt) bool {
		_, err := w.Write(s.Blob(0))
		return err == nil // w keeps the error
	})
	return errors.Join(err, FileError(path, w.Flush()))
}

// Discard closes the database without folding its WAL in, for a file that is
// about to be replaced or removed.
func (d *DB) Discard() error {
	if d.closed.Load() {
		return nil
	}
	return errors.Join(d.setConfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE), d.Close())
}

// Generation names a content of a database file. Two equal ones mean that the
// file has the same content; nothing follows from different ones.
type Generation uint64

// generations remembers which content files have whose databases were changed
// by this process; any other file is as it was found, generation 0.
var generations = struct {
	sync.Mutex
	last Generation
	of   map[string]Generation
}{of: map[string]Generation{}}

// GenerationOf is the generation of the file at path, which must not be open.
func GenerationOf(path string) Generation {
	generations.Lock()
	defer generations.Unlock()
	return generations.of[filepath.Clean(path)]
}

// NewGeneration notes that the file at path was changed.
func NewGeneration(path string) Generation {
	generations.Lock()
	defer generations.Unlock()
	generations.last++
	generations.of[filepath.Clean(path)] = generations.last
	return generations.last
}

// DropGenerations forgets what is known of the files below dir; none of them
// may be open.
func DropGenerations(dir string) {
	generations.Lock()
	defer generations.Unlock()
	for path := range generations.of {
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
			delete(generations.of, path)
		}
	}
}

// Generation is the generation of an open database. There must be no
// transaction open.
func (d *DB) Generation() Generation {
	if d.shared { // others may have changed it, which a read finds out
		_, _ = d.Row("SELECT 1 FROM sqlite_schema", func(*Stmt) {})
	}
	d.noteChanges()
	return GenerationOf(d.path)
}

// noteChanges gives the file a new generation if the connection changed it
// since the last call.
func (d *DB) noteChanges() {
	if d.db == 0 || d.path == Memory {
		return
	}
	v := d.dataVersion()
	if v != d.noted {
		d.noted = v
		NewGeneration(d.path)
	}
}

// dataVersion changes with every commit of the connection.
func (d *DB) dataVersion() uint32 {
	if rc := sqlite3.Xsqlite3_file_control(d.tls, d.db, 0, sqlite3.SQLITE_FCNTL_DATA_VERSION, d.slot); rc != sqlite3.SQLITE_OK {
		return d.noted + 1 // taken for changed
	}
	return *(*uint32)(at(d.slot))
}
