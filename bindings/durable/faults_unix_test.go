//go:build unix

package durable

import (
	"errors"
	"os"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/crashtest"
)

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	n, err := OpenNamespace(dir, "worker", "Class")
	noError(t, err)
	s, err := n.Object(testID(1))
	noError(t, err)
	put(t, s, "a", "1")
	noError(t, os.Mkdir(n.Dir()+"/keep", 0o755))
	crashtest.WithReadOnly(t, n.Dir(), func() {
		other, err := n.Object(testID(2))
		noError(t, err)
		if _, ok, err := other.Get("a"); ok || err != nil {
			t.Errorf("get: %v %v", ok, err)
		}
		if err := other.Put(Entry{"a", nil}); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("put: %v", err)
		}
	})
	noError(t, n.Close())
	// What is there stays.
	n, err = OpenNamespace(dir, "worker", "Class")
	noError(t, err)
	defer func() { noError(t, n.Close()) }()
	s, err = n.Object(testID(1))
	noError(t, err)
	crashtest.WithReadOnly(t, n.Dir(), func() {
		if err := s.Put(Entry{"a", []byte("2")}); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("put over what is there: %v", err)
		}
		if err := s.DeleteAll(); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("deleteAll: %v", err)
		}
	})
	if got := show(s.List(Range{})); got != "a=1" {
		t.Error(got)
	}
}

// A full disk makes SQLite roll the transaction back by itself. Whatever comes
// after it in that transaction must fail too, not be committed alone.
func TestFullDiskEndsTransaction(t *testing.T) {
	s := testStorage(t)
	put(t, s, "before", "1")
	noError(t, s.Begin())
	put(t, s, "in", "1")
	crashtest.WithFullDisk(t, 64<<10, func() {
		var err error
		for i := 0; err == nil && i < 100; i++ {
			// Larger than the page cache, so that it has to reach the disk.
			err = s.Put(Entry{string(rune('a' + i)), make([]byte, 2_000_000)})
		}
		if !errors.Is(err, store.ErrFull) {
			t.Errorf("put: %v", err)
		}
	})
	if err := s.Put(Entry{"after", nil}); !errors.Is(err, errRolledBack) {
		t.Errorf("put after the failure: %v", err)
	}
	if _, err := s.Exec("SELECT 1", nil); err != nil {
		t.Errorf("reading after the failure: %v", err)
	}
	if err := s.Commit(); !errors.Is(err, errRolledBack) {
		t.Errorf("commit: %v", err)
	}
	put(t, s, "later", "1")
	if got := show(s.List(Range{})); got != "before=1 later=1" {
		t.Error(got)
	}
}
