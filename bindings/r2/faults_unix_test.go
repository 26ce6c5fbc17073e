//go:build unix

package r2

import (
	"errors"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
)

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	b := Open(dir, clock.Real)
	crashtest.WithReadOnly(t, dir, func() {
		_, err := b.Put(ctx, "k", strings.NewReader("x"), 1, PutOptions{})
		if !errors.Is(err, store.ErrReadOnly) || !strings.Contains(err.Error(), dir) {
			t.Errorf("put: %v", err)
		}
	})
	// It works as soon as the directory does.
	put(t, b, "k", "x")
	must(t, b.Close())
	// What is there stays.
	b = Open(dir, clock.Real)
	crashtest.WithReadOnly(t, dir, func() {
		_, err := b.Put(ctx, "k", strings.NewReader("y"), 1, PutOptions{})
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("put over what is there: %v", err)
		}
		if err := b.Delete(ctx, "k"); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("delete: %v", err)
		}
	})
	if got := get(t, b, "k", GetOptions{}); got != "x" {
		t.Error(got)
	}
	must(t, b.Close())
}

func TestFullDisk(t *testing.T) {
	b := newBucket(t)
	put(t, b, "large", pattern(100_000))
	put(t, b, "small", "old")
	crashtest.WithFullDisk(t, 200<<10, func() {
		if _, err := b.Put(ctx, "large", strings.NewReader(pattern(300_000)), 300_000, PutOptions{}); !errors.Is(err, store.ErrFull) {
			t.Errorf("large put: %v", err)
		}
		var err error
		for i := 0; err == nil && i < 100; i++ {
			_, err = b.Put(ctx, "small", strings.NewReader(pattern(50_000)), 50_000, PutOptions{})
			if err == nil {
				_, err = b.Put(ctx, "small", strings.NewReader("old"), 3, PutOptions{})
			}
		}
		if !errors.Is(err, store.ErrFull) {
			t.Errorf("small put: %v", err)
		}
	})
	if got := get(t, b, "small", GetOptions{}); got != "old" && got != pattern(50_000) {
		t.Errorf("small is %d bytes", len(got))
	}
	if got := get(t, b, "large", GetOptions{}); got != pattern(100_000) {
		t.Errorf("large is %d bytes", len(got))
	}
	if left := blobs(t, b); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
	put(t, b, "small", "new")
}
