package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestCopyTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.sqlite")
	d := open(t, path, Options{Exclusive: true})
	must(t, d.Script("CREATE TABLE t (x); INSERT INTO t VALUES (1)"))
	big := make([]byte, 100_000) // overflow pages
	must(t, d.Exec("INSERT INTO t VALUES (?)", big))
	to := path + ".copy"
	must(t, d.CopyTo(to))
	must(t, d.Exec("DELETE FROM t"))
	if d.CopyTo(to) == nil {
		t.Error("an existing file was overwritten")
	}
	must(t, d.Exec("BEGIN"))
	if d.CopyTo(to+"2") == nil {
		t.Error("copied within a transaction")
	}
	must(t, d.Exec("ROLLBACK"))

	c := open(t, to, Options{MustExist: true})
	var n, size int64
	if _, err := c.Row("SELECT count(*), max(length(x)) FROM t", func(s *Stmt) { n, size = s.Int64(0), s.Int64(1) }); err != nil || n != 2 || size != 100_000 {
		t.Errorf("the copy has %d rows, size %d (%v)", n, size, err)
	}
	if _, err := os.Stat(to + "2"); err == nil {
		t.Error("a failed copy left a file")
	}
}

func TestGeneration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.sqlite")
	seen := map[Generation]string{}
	change := func(g Generation, what string) {
		t.Helper()
		if old, ok := seen[g]; ok {
			t.Errorf("%s: generation %d is that of: %s", what, g, old)
		}
		seen[g] = what
	}
	d := open(t, path, Options{Exclusive: true})
	g := d.Generation()
	change(g, "new file")
	same := func(what string) {
		t.Helper()
		if now := d.Generation(); now != g {
			t.Errorf("%s: generation %d became %d", what, g, now)
		}
	}
	for _, sql := range []string{"CREATE TABLE t (x)", "INSERT INTO t VALUES (1)", "UPDATE t SET x = 2", "DROP TABLE t", "CREATE TABLE t (x)"} {
		must(t, d.Exec(sql))
		g = d.Generation()
		change(g, sql)
		if _, err := d.Row("SELECT * FROM t", func(*Stmt) {}); err != nil && sql != "DROP TABLE t" {
			t.Fatal(err)
		}
		same("read after " + sql)
	}
	must(t, d.Exec("BEGIN IMMEDIATE"))
	must(t, d.Exec("INSERT INTO t VALUES (7)"))
	must(t, d.Exec("ROLLBACK"))
	same("rolled back")

	for _, o := range []Options{{Exclusive: true}, {Exclusive: true, KeepWAL: true}} {
		must(t, d.Close())
		if now := GenerationOf(path); now != g {
			t.Errorf("closed: generation %d became %d", g, now)
		}
		d = open(t, path, o)
		if _, err := d.Row("SELECT count(*) FROM t", func(*Stmt) {}); err != nil {
			t.Fatal(err)
		}
		same(fmt.Sprintf("reopened with %+v", o))
		must(t, d.Exec("INSERT INTO t VALUES (1)"))
		must(t, d.Close())
		g = GenerationOf(path)
		change(g, "written before it was closed")
		d = open(t, path, o)
		same("reopened")
	}
	must(t, d.Discard())
	must(t, Remove(path))
	change(GenerationOf(path), "removed")
	DropGenerations(filepath.Dir(path))
	if g := GenerationOf(path); g != 0 {
		t.Errorf("forgotten file has generation %d", g)
	}
}

func open(t *testing.T, path string, o Options) *DB {
	t.Helper()
	d, err := Open(path, o)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}
