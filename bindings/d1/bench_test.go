package d1

import (
	"testing"

	"github.com/miniworker/miniworker/internal/clock"
)

func BenchmarkQuery(b *testing.B) {
	d := Open(b.TempDir(), clock.Real)
	defer d.Close()
	exec(b, d, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
	exec(b, d, "INSERT INTO t (a) SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9,10]')")
	b.Run("select one row", func(b *testing.B) {
		for b.Loop() {
			exec(b, d, "SELECT * FROM t WHERE id = ?", 5.0)
		}
	})
	b.Run("insert", func(b *testing.B) {
		for b.Loop() {
			exec(b, d, "INSERT INTO t (a) VALUES (?)", "x")
		}
	})
}
