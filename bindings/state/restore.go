package state

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Change is what has to be done to bring a state back.
type Change struct {
	keeper *Keeper
	remove []string
	bring  []File
}

// Compare finds what differs between the state and a snapshot of it; nil is an
// empty one. Nobody may change the state from here to the end of Apply. open
// are the databases in use.
func (k *Keeper) Compare(s *Snapshot, open []*store.DB) (*Change, error) {
	if err := k.use(); err != nil {
		return nil, err
	}
	c := &Change{keeper: k}
	missing := map[string]File{}
	if s != nil {
		for _, f := range s.Files {
			missing[f.Path] = f
		}
	}
	used := k.databases(open)
	err := walk(k.dir, func(rel string) error {
		if besideDatabase(rel) {
			return nil // goes and stays with the database
		}
		want, wanted := missing[rel]
		if wanted && k.is(rel, want, used[rel]) {
			delete(missing, rel)
		} else {
			c.remove = append(c.remove, rel)
		}
		return nil
	})
	for _, f := range missing {
		c.bring = append(c.bring, f)
	}
	return c, err
}

// is reports whether the file at rel is known to have the content of f.
func (k *Keeper) is(rel string, f File, db *store.DB) bool {
	if store.IsContent(filepath.Base(rel)) {
		return filepath.Base(rel) == f.ID
	}
	id, ok := k.known[rel]
	return ok && id.file.ID == f.ID && id.look.matches(lookAt(k.path(rel), db))
}

func (k *Keeper) path(rel string) string { return filepath.Join(k.dir, filepath.FromSlash(rel)) }

// Touches reports whether the file at path, or something in the folder of that
// path, will be replaced or removed.
func (c *Change) Touches(path string) bool {
	rel, err := filepath.Rel(c.keeper.dir, path)
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	below := func(p string) bool { return p == rel || strings.HasPrefix(p, rel+"/") }
	for _, p := range c.remove {
		if below(p) {
			return true
		}
	}
	for _, f := range c.bring {
		if below(f.Path) {
			return true
		}
	}
	return false
}

// Apply makes the changes. Nothing that it Touches may be open.
func (c *Change) Apply() error {
	for _, rel := range c.remove {
		if err := c.keeper.removeFile(rel); err != nil {
			return err
		}
	}
	for _, f := range c.bring {
		if err := c.keeper.bringFile(f); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) removeFile(rel string) error {
	path := k.path(rel)
	if isDatabase(rel) {
		return errors.Join(store.Remove(path), store.Remove(path+"-journal"))
	}
	err := os.Remove(path)
	if err == nil || errors.Is(err, fs.ErrNotExist) || store.IsContent(filepath.Base(rel)) {
		return nil // content that is still being read cannot go on Windows; it harms nobody
	}
	return store.FileError(path, err)
}

func (k *Keeper) bringFile(f File) error {
	from, to := filepath.Join(k.pool, f.ID), k.path(f.Path)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return store.FileError(to, err)
	}
	if store.IsContent(filepath.Base(f.Path)) && os.Link(from, to) == nil {
		return nil
	}
	if _, err := copyFile(from, to); err != nil {
		return err
	}
	if isDatabase(f.Path) {
		store.NewGeneration(to)
		k.known[f.Path] = identity{lookAt(to, nil), f}
	}
	return nil
}
