//go:build unix

package d1

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/bindings/internal/store/crashtest"
	"github.com/miniworker/miniworker/internal/clock"
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
