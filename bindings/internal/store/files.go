package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Files is a directory of immutable content files named by random id. A file
// is written under a temporary name and renamed when it is whole, so a name
// without the temporary suffix always means complete content. Which ids matter
// is known to a database: write the file first, then commit its id, and remove
// it only after the commit that forgets it.
//
// Files are not flushed to the disk: like commits they survive the death of
// the process, not a power cut.
type Files struct {
	dir  string
	made sync.Once
	err  error
}

// tempSuffix marks files that are still being written.
const tempSuffix = ".tmp"

// NewFiles returns the content files in dir, which is created by the first
// write.
func NewFiles(dir string) *Files { return &Files{dir: dir} }

// Create starts a new content file.
func (s *Files) Create() (*NewFile, error) {
	s.made.Do(func() { s.err = os.MkdirAll(s.dir, 0o755) })
	if s.err != nil {
		return nil, FileError(s.dir, s.err)
	}
	id := RandomID()
	path := filepath.Join(s.dir, id)
	f, err := os.OpenFile(path+tempSuffix, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, FileError(path, err)
	}
	return &NewFile{ID: id, f: f, path: path}, nil
}

// Open opens content for reading. An open file stays readable after Remove.
func (s *Files) Open(id string) (*os.File, error) {
	f, err := os.Open(filepath.Join(s.dir, id))
	return f, FileError(filepath.Join(s.dir, id), err)
}

// Remove deletes contents; ids that are gone already are not an error.
func (s *Files) Remove(ids ...string) error {
	var errs []error
	for _, id := range ids {
		if err := os.Remove(filepath.Join(s.dir, id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, FileError(filepath.Join(s.dir, id), err))
		}
	}
	return errors.Join(errs...)
}

// Sweep removes what interrupted writes and removals left behind: temporary
// files and ids that live does not know.
func (s *Files) Sweep(live func(id string) bool) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return FileError(s.dir, err)
	}
	var dead []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), tempSuffix) || !live(e.Name()) {
			dead = append(dead, e.Name())
		}
	}
	return s.Remove(dead...)
}

// NewFile is content being written.
type NewFile struct {
	// ID will name the content once Commit has succeeded.
	ID   string
	f    *os.File
	path string
}

// Write appends to the content.
func (n *NewFile) Write(p []byte) (int, error) {
	k, err := n.f.Write(p)
	return k, FileError(n.path, err)
}

// Commit makes the content readable under its ID.
func (n *NewFile) Commit() error {
	if err := n.f.Close(); err != nil {
		n.Abort()
		return FileError(n.path, err)
	}
	if err := os.Rename(n.path+tempSuffix, n.path); err != nil {
		n.Abort()
		return FileError(n.path, err)
	}
	return nil
}

// Abort throws the content away.
func (n *NewFile) Abort() {
	_ = n.f.Close() // already closed after a failed Commit
	_ = os.Remove(n.path + tempSuffix)
}

// WriteFile replaces the file at path by data: readers and crashes see the old
// content or the new one, never a part. It creates the directory.
func WriteFile(path string, data []byte) error { return replaceFile(path, data, 0o644) }

// WriteSecret is WriteFile for what only its owner may read.
func WriteSecret(path string, data []byte) error { return replaceFile(path, data, 0o600) }

func replaceFile(path string, data []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return FileError(path, err)
	}
	temp := path + "." + RandomID() + tempSuffix
	err := os.WriteFile(temp, data, mode)
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return FileError(path, err)
}

// Unfinished reports whether a file is one that is still being written.
func Unfinished(name string) bool { return strings.HasSuffix(name, tempSuffix) }

// IsContent reports whether a file is named as content files are: those never
// change.
func IsContent(name string) bool {
	_, err := hex.DecodeString(name)
	return err == nil && len(name) == 32
}

// RandomID returns 32 random hex digits.
func RandomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its contract
	return hex.EncodeToString(b[:])
}
