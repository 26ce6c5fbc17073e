package d1

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/wrangler/config"
)

func dumped(t *testing.T, d *Database, o DumpOptions) string {
	t.Helper()
	var b strings.Builder
	must(t, d.Dump(ctx, &b, o))
	return b.String()
}

// A database made from a dump has the same values of the same types.
func TestDumpRoundTrip(t *testing.T) {
	d := testDatabase(t)
	exec(t, d, `CREATE TABLE "t 1" (a, b INTEGER GENERATED ALWAYS AS (a) VIRTUAL, "c""d")`)
	exec(t, d, `CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT)`)
	exec(t, d, `INSERT INTO s VALUES (41)`)
	for _, v := range []any{1.0, 1.5, math.Inf(1), "it's\na \"text\"", "nul\x00", []byte{0, 255}, nil} {
		exec(t, d, `INSERT INTO "t 1" (a) VALUES (?)`, v)
	}
	exec(t, d, `INSERT INTO "t 1" (a) VALUES (9007199254740993)`)
	exec(t, d, `CREATE VIEW v AS SELECT 1`)
	exec(t, d, `CREATE INDEX i ON "t 1" (a)`)
	exec(t, d, `CREATE TRIGGER tr AFTER INSERT ON s BEGIN SELECT 1; SELECT 2; END`)
	_, _, err := d.RunSession(ctx, Query{SQL: "SELECT 1"}) // leaves a table of ours
	must(t, err)
	text := dumped(t, d, DumpOptions{})
	again := testDatabase(t)
	if n, err := again.Script(ctx, "BEGIN TRANSACTION;\n"+text+"\nCOMMIT;", nil); err != nil || n < 14 {
		t.Fatal(n, err, text)
	}
	if got := dumped(t, again, DumpOptions{}); got != text || strings.Contains(got, "_cf_") {
		t.Errorf("%s\nbecame\n%s", text, got)
	}
	want := fmt.Sprint(exec(t, d, `SELECT a, typeof(a), b, "c""d" FROM "t 1"`).Rows)
	if got := fmt.Sprint(exec(t, again, `SELECT a, typeof(a), b, "c""d" FROM "t 1"`).Rows); got != want {
		t.Errorf("%s became %s", want, got)
	}
	if got := fmt.Sprint(exec(t, again, "INSERT INTO s DEFAULT VALUES RETURNING id").Rows); got != "[[42]]" {
		t.Error(got)
	}
	if got := dumped(t, d, DumpOptions{NoSchema: true, Tables: []string{"s"}}); got != "PRAGMA defer_foreign_keys=TRUE;\nINSERT INTO \"s\" (\"id\") VALUES(41);\n" {
		t.Error(got)
	}
	exec(t, d, "CREATE VIRTUAL TABLE f USING fts5(a)")
	if err := d.Dump(ctx, &strings.Builder{}, DumpOptions{}); !errors.Is(err, ErrVirtualTables) {
		t.Error(err)
	}
}

func TestScript(t *testing.T) {
	d := testDatabase(t)
	long := "INSERT INTO t VALUES ('" + strings.Repeat("x", 90_000) + "');"
	text := "CREATE TABLE t (a);" + strings.Repeat(long+" -- ; '\n", 20) + "/* " + strings.Repeat("c", 50_000) + " */\nSELECT count(*) FROM t"
	done := 0
	var last *Result
	n, err := d.Script(ctx, text, func(r *Result, at int) {
		if at <= done {
			t.Error("no progress at", at)
		}
		done, last = at, r
	})
	if err != nil || n != 22 || done != len(text) || fmt.Sprint(last.Rows) != "[[20]]" {
		t.Fatal(n, done, len(text), err)
	}
	n, err = d.Script(ctx, "DELETE FROM t;\n\n  SELECT nope FROM t", nil)
	var at *ScriptError
	if n != 1 || !errors.As(err, &at) || at.Offset != 25 || err.Error() != "no such column: nope at offset 7: SQLITE_ERROR" {
		t.Error(n, at, err)
	}
	if got := fmt.Sprint(exec(t, d, "SELECT count(*) FROM t").Rows); got != "[[20]]" {
		t.Error("a script that failed changed something:", got)
	}
	_, err = d.Script(ctx, "INSERT INTO t VALUES ('"+strings.Repeat("x", 200_000)+"')", nil)
	if err == nil {
		t.Error("a statement that is too long went through")
	}
	for _, empty := range []string{"", " ; ", "-- x", "/* x */;"} {
		if n, err := d.Script(ctx, empty, nil); n != 0 || err != nil {
			t.Errorf("%q: %d, %v", empty, n, err)
		}
	}
}

func TestMigrations(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"10_c.sql": "INSERT INTO a VALUES (3)", "2_b.sql": "INSERT INTO a VALUES (2); -- x", "0001_a.sql": "CREATE TABLE a (n)",
		"later.sql": "SELEC", "notes.txt": "", ".hidden.sql": "SELEC", "sub/1.sql": "SELEC",
	} {
		path := filepath.Join(dir, "m", filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
	}
	c := &config.Config{Dir: dir}
	m, err := MigrationsOf(c, config.D1Database{MigrationsDir: filepath.Join(dir, "m"), MigrationsTable: "my migrations"})
	must(t, err)
	d := testDatabase(t)
	pending, err := m.Pending(ctx, d)
	must(t, err)
	if got := fmt.Sprint(pending); got != "[0001_a.sql 2_b.sql 10_c.sql later.sql]" {
		t.Fatal(got)
	}
	for _, name := range pending[:3] {
		_, err := m.Apply(ctx, d, name)
		must(t, err)
	}
	if _, err := m.Apply(ctx, d, "later.sql"); err == nil {
		t.Error("a broken migration was applied")
	}
	if pending, err = m.Pending(ctx, d); err != nil || fmt.Sprint(pending) != "[later.sql]" {
		t.Error(pending, err)
	}
	if got := fmt.Sprint(exec(t, d, "SELECT n FROM a").Rows, exec(t, d, `SELECT id, name FROM "my migrations" WHERE applied_at LIKE '20%'`).Rows); got != "[[2] [3]] [[1 0001_a.sql] [2 2_b.sql] [3 10_c.sql]]" {
		t.Error(got)
	}
	path, err := m.Create("add some", time.Unix(0, 0))
	must(t, err)
	if text, _ := os.ReadFile(path); filepath.Base(path) != "0011_add_some.sql" || string(text) != "-- Migration number: 0011 \t 1970-01-01T00:00:00.000Z\n" {
		t.Errorf("%s: %s", path, text)
	}
	if _, err := m.Create("a/b", time.Now()); err == nil {
		t.Error("a path was created")
	}
	m, err = MigrationsOf(c, config.D1Database{MigrationsDir: filepath.Join(dir, "m"), MigrationsPattern: "./m/*/*.sql"})
	must(t, err)
	if files, err := m.Files(); err != nil || fmt.Sprint(files) != "[sub/1.sql]" {
		t.Error(files, err)
	}
	if _, err := m.Create("x", time.Now()); err == nil || !strings.Contains(err.Error(), "migrations_pattern") {
		t.Error(err)
	}
	m.Dir = filepath.Join(dir, "nowhere")
	if files, err := m.Files(); err != nil || files != nil {
		t.Error(files, err)
	}
}

func BenchmarkScript(b *testing.B) {
	text := "CREATE TABLE IF NOT EXISTS t (a, b);" + strings.Repeat("INSERT INTO t VALUES (1, 'some text that makes a row');\n", 10_000)
	d := Open(b.TempDir(), clock.Real)
	defer d.Close()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := d.Script(ctx, text, nil); err != nil {
			b.Fatal(err)
		}
	}
}
