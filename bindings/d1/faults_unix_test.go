//go:build unix

package d1

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
)

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	crashtest.WithReadOnly(t, dir, func() {
		d := Open(filepath.Join(dir, "id"), clock.Real)
		defer d.Close()
		if _, err := d.Run(ctx, Query{SQL: "CREATE TABLE t (a)"}); !errors.Is(err, store.ErrReadOnly) {
			t.Error(err)
		}
	})
	// What is there stays.
	path := filepath.Join(dir, "id")
	d := Open(path, clock.Real)
	exec(t, d, "CREATE TABLE t (a)")
	exec(t, d, "INSERT INTO t VALUES ('kept')")
	must(t, d.Close())
	d = Open(path, clock.Real)
	defer func() { must(t, d.Close()) }()
	crashtest.WithReadOnly(t, path, func() {
		if _, err := d.Run(ctx, Query{SQL: "DELETE FROM t"}); !errors.Is(err, store.ErrReadOnly) {
			t.Error(err)
		}
	})
	if got := fmt.Sprint(exec(t, d, "SELECT * FROM t").Rows); got != "[[kept]]" {
		t.Error(got)
	}
}

func TestFullDisk(t *testing.T) {
	d := testDatabase(t)
	exec(t, d, "CREATE TABLE t (a)")
	exec(t, d, "INSERT INTO t VALUES ('kept')")
	crashtest.WithFullDisk(t, 1<<20, func() {
		_, err := d.Run(ctx, Query{SQL: "INSERT INTO t VALUES (1)"}, Query{SQL: "INSERT INTO t VALUES (randomblob(2000000))"})
		if !errors.Is(err, store.ErrFull) {
			t.Error(err)
		}
	})
	if got := fmt.Sprint(exec(t, d, "SELECT * FROM t").Rows); got != "[[kept]]" {
		t.Error(got)
	}
	exec(t, d, "INSERT INTO t VALUES ('goes on')")
}
