//go:build unix

package kv

import (
	"errors"
	"os"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
)

func value(t *testing.T, n *Namespace, key string) string {
	t.Helper()
	e, err := n.Get(ctx, key)
	must(t, err)
	if e == nil {
		return "<none>"
	}
	return string(e.Value)
}

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(dir+"/keep", nil, 0o644))
	n := Open(dir+"/new", clock.Real)
	crashtest.WithReadOnly(t, dir, func() {
		if err := n.Put(ctx, "k", []byte("x"), PutOptions{}); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("put: %v", err)
		}
	})
	must(t, n.Put(ctx, "k", []byte("x"), PutOptions{})) // it works as soon as the directory does
	must(t, n.Close())
	// What is there stays.
	n = Open(dir+"/new", clock.Real)
	crashtest.WithReadOnly(t, dir+"/new", func() {
		if err := n.Put(ctx, "k", []byte("y"), PutOptions{}); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("put over what is there: %v", err)
		}
	})
	if got := value(t, n, "k"); got != "x" {
		t.Error(got)
	}
	must(t, n.Close())
}

// What put gave an error for left the old value, what it took is there.
func TestFullDisk(t *testing.T) {
	n := Open(t.TempDir(), clock.Real)
	defer func() { must(t, n.Close()) }()
	must(t, n.Put(ctx, "old", []byte("old"), PutOptions{}))
	taken := "<none>"
	crashtest.WithFullDisk(t, 128<<10, func() {
		if err := n.Put(ctx, "old", make([]byte, 1<<20), PutOptions{}); !errors.Is(err, store.ErrFull) {
			t.Errorf("large put: %v", err)
		}
		var err error
		for i := 0; err == nil && i < 1000; i++ {
			text := crashValue(i)
			if err = n.Put(ctx, "new", []byte(text), PutOptions{}); err == nil {
				taken = text
			}
		}
		if !errors.Is(err, store.ErrFull) {
			t.Errorf("small put: %v", err)
		}
		if got := value(t, n, "old"); got != "old" {
			t.Errorf("read while the disk is full: %d bytes", len(got))
		}
	})
	if got := value(t, n, "new"); got != taken {
		t.Errorf("%d bytes are there, %d were taken", len(got), len(taken))
	}
	must(t, n.Put(ctx, "old", []byte("goes on"), PutOptions{}))
}
