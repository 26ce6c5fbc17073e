//go:build unix

package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/crashtest"
)

func wantReason(t *testing.T, what string, err, reason error, path string) {
	t.Helper()
	if !errors.Is(err, reason) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "--persist-to") {
		t.Errorf("%s: %v", what, err)
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	crashtest.WithReadOnly(t, dir, func() {
		_, err := Open(filepath.Join(dir, "x.sqlite"), Options{})
		wantReason(t, "new database", err, ErrReadOnly, dir)
		_, err = Open(filepath.Join(dir, "sub", "x.sqlite"), Options{})
		wantReason(t, "new directory", err, ErrReadOnly, dir)
		_, err = LockDir(dir)
		wantReason(t, "lock", err, ErrReadOnly, dir)
		_, err = NewFiles(dir).Create()
		wantReason(t, "content file", err, ErrReadOnly, dir)
		wantReason(t, "file", WriteFile(filepath.Join(dir, "f"), nil), ErrReadOnly, dir)
	})
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(filepath.Join(dir, "x.sqlite"), Options{})
	must(t, err)
	defer d.Close()
	must(t, d.Script("CREATE TABLE t(a)"))
	crashtest.WithFullDisk(t, 256<<10, func() {
		var err error
		for i := 0; err == nil && i < 1000; i++ {
			err = d.Exec("INSERT INTO t VALUES (?)", make([]byte, 10_000))
		}
		wantReason(t, "insert", err, ErrFull, dir)
		f, err := NewFiles(dir).Create()
		must(t, err)
		_, err = f.Write(make([]byte, 300<<10))
		wantReason(t, "content file", err, ErrFull, dir)
		f.Abort()
		wantReason(t, "file", WriteFile(filepath.Join(dir, "f"), make([]byte, 300<<10)), ErrFull, dir)
	})
	must(t, d.Exec("INSERT INTO t VALUES (?)", make([]byte, 10_000)))
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "x.sqlite") {
			t.Errorf("%s left behind", e.Name())
		}
	}
}
