// Package state saves and brings back whole state directories: what all
// bindings of a project have stored, as one.
//
// A snapshot is a list of files, and a pool that all snapshots of a directory
// share. Content files never change, so pool and state share them by hard links
// where the file system can; of a database there is a copy for each content
// that a snapshot saw. A snapshot of what did not change costs nothing.
//
// What it deliberately does not: keep anybody from writing meanwhile. A running
// session holds its bindings still (bindings.Session); the command line takes
// the lock of the directory. It knows no kind of binding.
package state

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Names in a state directory that belong to no binding. Files on its top level
// do not either.
const (
	snapshotsFolder = "snapshots"
	poolFolder      = "files" // in snapshotsFolder
	cacheFolder     = "cache" // lives and dies with a process
)

// Snapshot is a state that was saved.
type Snapshot struct {
	// Name is "" for one that lasts as long as its Keeper.
	Name    string    `json:"-"`
	Created time.Time `json:"created"`
	// Bytes is the size of all files, Copied what of that was new to the pool.
	Bytes  int64  `json:"bytes"`
	Copied int64  `json:"copied"`
	Files  []File `json:"files"`

	keeper *Keeper
}

// File is a file of a snapshot.
type File struct {
	// Path is where it belongs, from the state directory, with slashes.
	Path string `json:"path"`
	// ID is its name in the pool.
	ID   string `json:"id"`
	Size int64  `json:"size"`
}

// ErrNoSnapshot is why a snapshot cannot be restored that does not exist.
var ErrNoSnapshot = errors.New("there is no snapshot of that name")

const manifestSuffix = ".json"

// checkName refuses what cannot be the name of a file.
func checkName(name string) error {
	if name == "" || name != filepath.Base(name) || !filepath.IsLocal(name) || name[0] == '.' || strings.ContainsAny(name, `/\:*?"<>|`) {
		return fmt.Errorf("%q cannot be the name of a snapshot: use letters, digits, hyphens and dots, as in a file name", name)
	}
	return nil
}

func manifest(dir, name string) string {
	return filepath.Join(dir, snapshotsFolder, name+manifestSuffix)
}

// List gives the named snapshots of the state in dir, oldest first.
func List(dir string) ([]*Snapshot, error) {
	entries, err := os.ReadDir(filepath.Join(dir, snapshotsFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, store.FileError(dir, err)
	}
	var out []*Snapshot
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), manifestSuffix)
		if !ok || checkName(name) != nil {
			continue
		}
		s, err := read(dir, name)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *Snapshot) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Name, b.Name)) })
	return out, nil
}

func read(dir, name string) (*Snapshot, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	path := manifest(dir, name)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%q: %w", name, ErrNoSnapshot)
	}
	if err != nil {
		return nil, store.FileError(path, err)
	}
	s := &Snapshot{Name: name}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, f := range s.Files {
		if !store.IsContent(f.ID) || !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return nil, fmt.Errorf("%s: %q is not a file of a snapshot", path, f.Path)
		}
	}
	return s, nil
}
