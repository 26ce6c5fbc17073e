package durable

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/runtime/actor"
)

// Facets are stored beside their object, each in a database of its own:
// ID.facets/HASH.sqlite, those of a facet in ID.facets/HASH.facets/. HASH is of
// the facet's name, which may be any text.

// facetsSuffix ends the name of a folder of facets, goneSuffix that of what is
// being deleted: the rename is what deletes it, at once and whole.
const (
	facetsSuffix = ".facets"
	goneSuffix   = ".gone"
)

// facetKey is where a facet is stored, relative to the namespace and without
// the ending; path are the names that lead to it from the object.
func facetKey(id string, path []string) string {
	key := id
	for _, name := range path {
		sum := sha256.Sum256([]byte(name))
		key += facetsSuffix + "/" + hex.EncodeToString(sum[:16])
	}
	return key
}

// Facet returns the storage of a facet of the object id.
func (n *Namespace) Facet(id string, path []string) (*Storage, error) {
	n.lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, errClosed
	}
	key := facetKey(id, path)
	s := n.objects[key]
	if s == nil {
		s = &Storage{ns: n, id: key, path: filepath.Join(n.dir, filepath.FromSlash(key)+".sqlite")}
		n.objects[key] = s
	}
	return s, nil
}

// DeleteFacet deletes what a facet and its own facets have stored. None of them
// may be running.
func (n *Namespace) DeleteFacet(id string, path []string) error {
	key := facetKey(id, path)
	if err := n.deleteFacets(key); err != nil {
		return err
	}
	if err := n.closeBelow(key); err != nil {
		return err
	}
	return store.Remove(filepath.Join(n.dir, filepath.FromSlash(key)+".sqlite"))
}

// deleteFacets deletes all facets of what is stored as key.
func (n *Namespace) deleteFacets(key string) error {
	if err := n.closeBelow(key + facetsSuffix + "/"); err != nil {
		return err
	}
	folder := filepath.Join(n.dir, filepath.FromSlash(key)+facetsSuffix)
	gone := folder + goneSuffix
	if err := os.RemoveAll(gone); err != nil { // left by a crash
		return store.FileError(gone, err)
	}
	if err := os.Rename(folder, gone); errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return store.FileError(folder, err)
	}
	return store.FileError(gone, os.RemoveAll(gone))
}

// closeBelow closes the storages of facets whose key begins with prefix.
func (n *Namespace) closeBelow(prefix string) error {
	n.lock()
	var all []*Storage
	for key, s := range n.objects {
		if strings.HasPrefix(key, prefix) {
			all = append(all, s)
		}
	}
	n.mu.Unlock()
	var errs []error
	for _, s := range all {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// facetStore is the storage of a facet as its life sees it.
type facetStore struct {
	ns   *Namespace
	id   string
	path []string
}

// The object that a facet belongs to has the alarms and the name.

func (s facetStore) Close() error                      { return nil }
func (s facetStore) Alarms(func(string, int64)) error  { return nil }
func (s facetStore) Name(string) (string, error)       { return "", nil }
func (s facetStore) RememberName(string, string) error { return nil }

func (s facetStore) Object(string) (actor.Storage, error) {
	o, err := s.ns.Facet(s.id, s.path)
	if err != nil {
		return nil, err
	}
	return objectStore{o}, nil
}
