package d1

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func testDatabase(tb testing.TB) *Database {
	tb.Helper()
	d := Open(tb.TempDir(), clock.Real)
	tb.Cleanup(func() { must(tb, d.Close()) })
	return d
}

func exec(tb testing.TB, d *Database, sql string, params ...any) Result {
	tb.Helper()
	r, err := d.Run(ctx, Query{sql, params})
	must(tb, err)
	return r[0]
}

// TestClass runs the behaviour files; each test has a database of its own.
func TestClass(t *testing.T) {
	testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
		db := testDatabase(t)
		js.Define(js.Global(), "env", js.Record("DB", databaseClass.Wrap(js, &database{session{binding: "DB", db: db}})))
	})
}

func TestDatabaseIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "id")
	d := Open(dir, clock.Real)
	if _, err := os.Stat(dir); err == nil {
		t.Error("opening alone wrote to the disk")
	}
	exec(t, d, "CREATE TABLE t (a)")
	exec(t, d, "INSERT INTO t VALUES (?)", "x")
	_, mark, err := d.RunSession(ctx, Query{SQL: "SELECT 1"})
	must(t, err)
	must(t, d.Close())
	if _, err := d.Run(ctx, Query{SQL: "SELECT 1"}); err == nil {
		t.Error("a closed database answers")
	}
	d = Open(dir, clock.Real)
	defer func() { must(t, d.Close()) }()
	if got := fmt.Sprint(exec(t, d, "SELECT * FROM t").Rows); got != "[[x]]" {
		t.Error(got)
	}
	_, later, err := d.RunSession(ctx, Query{SQL: "SELECT 1"})
	must(t, err)
	if later <= mark {
		t.Errorf("bookmark %s after %s", later, mark)
	}
}

// Another program may use the file meanwhile.
func TestFileIsShared(t *testing.T) {
	d := testDatabase(t)
	exec(t, d, "CREATE TABLE t (a)")
	other, err := store.Open(d.Path(), store.Options{MustExist: true})
	must(t, err)
	defer other.Close()
	must(t, other.Exec("INSERT INTO t VALUES (1)"))
	if r := exec(t, d, "INSERT INTO t SELECT a + 1 FROM t RETURNING a"); fmt.Sprint(r.Rows) != "[[2]]" {
		t.Error(r.Rows)
	}
	n := int64(0)
	if _, err := other.Row("SELECT count(*) FROM t", func(s *store.Stmt) { n = s.Int64(0) }); err != nil || n != 2 {
		t.Error(n, err)
	}
}

func TestCloseEndsQuery(t *testing.T) {
	d := Open(t.TempDir(), clock.Real)
	exec(t, d, "SELECT 1")
	ended := make(chan error)
	go func() {
		_, err := d.Run(ctx, Query{SQL: "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT max(x) FROM c"})
		ended <- err
	}()
	for d.mu.TryLock() { // until the query has it
		d.mu.Unlock()
		runtime.Gosched()
		select {
		case err := <-ended:
			t.Fatal("ended by itself:", err)
		default:
		}
	}
	closed := make(chan error)
	go func() {
		for { // the statement may not have started when the first interrupt comes
			d.interrupt()
			runtime.Gosched()
			if d.mu.TryLock() {
				d.mu.Unlock()
				break
			}
		}
		closed <- d.Close()
	}()
	if err := <-ended; err == nil {
		t.Error("the query ended without an error")
	}
	must(t, <-closed)
}

func TestKind(t *testing.T) {
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	defer func() { must(t, s.Close()) }()
	b := bindings.NewBuilder(s, "w")
	must(t, Kind.Bind(&config.Config{Name: "w", D1Databases: []config.D1Database{
		{Binding: "A", ID: "one"}, {Binding: "B", ID: "one"}, {Binding: "C", ID: "../two", Pos: diag.Position{Line: 3}},
	}}, b))
	env, diags := b.Result()
	if len(env) != 2 || len(diags) != 1 || diags[0].Pos.Line != 3 {
		t.Fatal(env, diags)
	}
	testworker.RunSource(t, "kind.js", `async function shares() {
		await A.exec("CREATE TABLE t (a)");
		await B.prepare("INSERT INTO t VALUES (?)").bind("v").run();
		assert.equal(await A.prepare("SELECT a FROM t").first("a"), "v");
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		for _, e := range env {
			v, err := e.Make(js)
			must(t, err)
			js.Define(js.Global(), e.Name, v)
		}
	}}})
	if _, err := os.Stat(filepath.Join(Dir(s.State, "one"), "database.sqlite")); err != nil {
		t.Error(err)
	}
}

// batchUntilKilled writes batches of two rows and says so after each.
func batchUntilKilled(dir string, round int, ack func(string)) error {
	d := Open(dir, clock.Real)
	if _, err := d.Run(ctx, Query{SQL: "CREATE TABLE IF NOT EXISTS t (round, n, half)"}); err != nil {
		return err
	}
	const insert = "INSERT INTO t VALUES (?, ?, ?)"
	for n := 0; ; n++ {
		r, i := float64(round), float64(n)
		if _, err := d.Run(ctx, Query{insert, []any{r, i, "a"}}, Query{insert, []any{r, i, "b"}}); err != nil {
			return err
		}
		ack(fmt.Sprint(n))
	}
}

func TestKillKeepsBatches(t *testing.T) {
	crashtest.Run(t, 50, batchUntilKilled, func(dir string, round int, acked []string) {
		d := Open(dir, clock.Real)
		defer func() { must(t, d.Close()) }()
		r := exec(t, d, "SELECT count(DISTINCT n), count(*) FROM t WHERE round = ?", float64(round))
		batches, rows := r.Rows[0][0].(int64), r.Rows[0][1].(int64)
		if rows != 2*batches {
			t.Errorf("%d batches left %d rows", batches, rows)
		}
		if n := int64(len(acked)); batches < n || batches > n+1 {
			t.Errorf("%d batches acknowledged, %d there", n, batches)
		}
		if r := exec(t, d, "PRAGMA quick_check"); fmt.Sprint(r.Rows) != "[[ok]]" {
			t.Error(r.Rows)
		}
	})
}
