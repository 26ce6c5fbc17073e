package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openTemp(tb testing.TB, o Options) *DB {
	tb.Helper()
	d, err := Open(filepath.Join(tb.TempDir(), "sub", "x.sqlite"), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	return d
}

func TestValuesRoundTrip(t *testing.T) {
	d := openTemp(t, Options{})
	s, err := d.Prepare("SELECT ?, ?, ?, ?, ?, ?, ?, ? AS a, 1 AS a")
	if err != nil {
		t.Fatal(err)
	}
	in := []any{nil, true, int64(1) << 60, 1.5, "a\x00é", []byte{0, 1}, []byte(nil), ""}
	want := []any{nil, int64(1), int64(1) << 60, 1.5, "a\x00é", []byte{0, 1}, []byte{}, "", int64(1)}
	if err := s.Bind(in...); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Step(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	var got []any
	for i := range s.Columns() {
		got = append(got, s.Value(i))
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %#v\nwant %#v", got, want)
	}
	if n := s.ColumnNames(); !slices.Equal(n[7:], []string{"a", "a"}) {
		t.Fatalf("duplicate column names lost: %q", n)
	}
	s.Reset()
	if err := s.BindAt(1, struct{}{}); err == nil {
		t.Fatal("bound a struct")
	}
	if err := s.BindAt(99, 1); err == nil {
		t.Fatal("bound parameter 99")
	}
}

func TestPrepareNextSplitsScripts(t *testing.T) {
	d := openTemp(t, Options{})
	s, tail, err := d.PrepareNext("SELECT 1; SELECT 2")
	if err != nil || tail != " SELECT 2" {
		t.Fatalf("tail %q, %v", tail, err)
	}
	s.Close()
	s.Close()
	if s, _, err := d.PrepareNext(" -- nothing"); s != nil || err != nil {
		t.Fatal(s, err)
	}
	if _, err := d.Prepare("SELECT 1; SELECT 2"); err == nil {
		t.Fatal("Prepare took two statements")
	}
}

func TestCloseEndsStatements(t *testing.T) {
	d, err := Open(Memory, Options{})
	must(t, err)
	s, _, err := d.PrepareNext("SELECT 1")
	must(t, err)
	if ok, err := s.Step(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	must(t, d.Close())
	must(t, d.Close())
	if _, err := s.Step(); err == nil {
		t.Fatal("stepped a closed statement")
	}
	s.Close()
	if err := d.Exec("SELECT 1"); err == nil {
		t.Fatal("used a closed database")
	}
}

func TestTxRollsBack(t *testing.T) {
	d := openTemp(t, Options{ForeignKeys: true})
	must(t, d.Script("CREATE TABLE p(a INTEGER PRIMARY KEY); CREATE TABLE c(a REFERENCES p(a))"))
	boom := errors.New("boom")
	err := d.Tx(func() error {
		must(t, d.Exec("INSERT INTO p VALUES (?)", 1))
		return boom
	})
	if !errors.Is(err, boom) || d.InTransaction() {
		t.Fatal(err)
	}
	if ok, _ := d.Row("SELECT * FROM p", func(*Stmt) {}); ok {
		t.Fatal("rolled back row is there")
	}
	if err := d.Exec("INSERT INTO c VALUES (5)"); !IsConstraint(err) {
		t.Fatalf("foreign key not enforced: %v", err)
	}
}

func TestErrorText(t *testing.T) {
	d := openTemp(t, Options{})
	must(t, d.Script("CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)"))
	for query, want := range map[string]string{
		"SELECT * FROM nope":       "no such table: nope: SQLITE_ERROR",
		"selec 1":                  `near "selec": syntax error at offset 0: SQLITE_ERROR`,
		"SELECT nofn()":            "no such function: nofn at offset 7: SQLITE_ERROR",
		"INSERT INTO t VALUES (1)": "UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)",
	} {
		var e *Error
		if err := d.Exec(query); !errors.As(err, &e) || e.Text() != want {
			t.Errorf("%s: got %v, want %s", query, err, want)
		}
	}
}

func TestAuthorizer(t *testing.T) {
	d := openTemp(t, Options{})
	must(t, d.Script("CREATE TABLE secret(a)"))
	d.SetAuthorizer(func(op Op, arg1, _, _, _ string) Verdict {
		if op == OpRead && arg1 == "secret" {
			return Deny
		}
		return Allow
	})
	var e *Error
	if err := d.Exec("SELECT a FROM secret"); !errors.As(err, &e) || e.Text() != "access to secret.a is prohibited: SQLITE_AUTH" {
		t.Fatal(err)
	}
	d.SetAuthorizer(nil)
	must(t, d.Exec("SELECT a FROM secret"))
}

func TestMigrate(t *testing.T) {
	d := openTemp(t, Options{})
	steps := []string{"CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y"}
	must(t, d.Migrate("meta", steps[:1]...))
	must(t, d.Exec("INSERT INTO a VALUES (1)"))
	must(t, d.Migrate("meta", steps...))
	must(t, d.Migrate("meta", steps...))
	must(t, d.Exec("UPDATE a SET y = 2"))
	if err := d.Migrate("meta", steps[0]); err == nil || !strings.Contains(err.Error(), "newer version of miniworker") {
		t.Fatalf("newer layout accepted: %v", err)
	}
	bad := append(slices.Clone(steps), "CREATE TABLE b(x)", "nonsense")
	if err := d.Migrate("meta", bad...); err == nil {
		t.Fatal("bad step accepted")
	}
	if ok, _ := d.Row("SELECT 1 FROM sqlite_schema WHERE name = 'b'", func(*Stmt) {}); ok {
		t.Fatal("half a migration stayed")
	}
}

func TestLockDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	l, err := LockDir(dir)
	must(t, err)
	_, err = LockDir(dir)
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) ||
		!strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Fatalf("second lock: %v", err)
	}
	must(t, l.Release())
	l, err = LockDir(dir)
	must(t, err)
	must(t, l.Release())
}

func TestOpenInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	a, err := Open(path, Options{Exclusive: true})
	must(t, err)
	defer a.Close()
	must(t, a.Script("CREATE TABLE t(a)"))
	b, err := Open(path, Options{BusyTimeout: 1})
	if err == nil {
		err = b.Exec("INSERT INTO t VALUES (1)")
		b.Close()
	}
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v", err)
	}
}

func TestOpenReadOnlyDirectory(t *testing.T) {
	// A file where a directory must be stands in for a read-only directory
	// when the tests run as root, whom permissions do not stop.
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o644))
	_, err := Open(filepath.Join(file, "x.sqlite"), Options{})
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Fatalf("got %v", err)
	}
	path := filepath.Join(dir, "ro.sqlite")
	d, err := Open(path, Options{})
	must(t, err)
	must(t, d.Script("CREATE TABLE t(a)"))
	must(t, d.Close())
	d, err = Open(path, Options{ReadOnly: true})
	must(t, err)
	defer d.Close()
	err = d.Exec("INSERT INTO t VALUES (1)")
	if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), "read-only") || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v", err)
	}
}

func TestOpenGarbage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	must(t, os.WriteFile(path, []byte(strings.Repeat("not a database", 100)), 0o644))
	if _, err := Open(path, Options{}); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v", err)
	}
}

func TestFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s := NewFiles(dir)
	must(t, s.Sweep(nil))
	write := func(text string) *NewFile {
		n, err := s.Create()
		must(t, err)
		_, err = n.Write([]byte(text))
		must(t, err)
		return n
	}
	kept, orphan, torn, gone := write("kept"), write("orphan"), write("torn"), write("gone")
	must(t, kept.Commit())
	must(t, orphan.Commit())
	gone.Abort()
	if _, err := s.Open(torn.ID); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("uncommitted content is readable: %v", err)
	}
	must(t, s.Sweep(func(id string) bool { return id == kept.ID }))
	entries, err := os.ReadDir(dir)
	must(t, err)
	if len(entries) != 1 || entries[0].Name() != kept.ID {
		t.Fatalf("sweep left %v", entries)
	}
	must(t, torn.f.Close())
	f, err := s.Open(kept.ID)
	must(t, err)
	must(t, s.Remove(kept.ID, kept.ID))
	buf := make([]byte, 10)
	if n, _ := f.Read(buf); string(buf[:n]) != "kept" {
		t.Fatalf("open content changed to %q", buf[:n])
	}
	must(t, f.Close())
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	must(t, WriteFile(path, []byte("1")))
	must(t, WriteFile(path, []byte("2")))
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "2" {
		t.Fatalf("%q, %v", got, err)
	}
	if l, _ := os.ReadDir(filepath.Dir(path)); len(l) != 1 {
		t.Fatalf("left behind: %v", l)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	for i := range b.N {
		d, err := Open(filepath.Join(dir, fmt.Sprint(i)), Options{Exclusive: true})
		must(b, err)
		must(b, d.Script("CREATE TABLE t(a)"))
		must(b, d.Close())
	}
}

func BenchmarkInsertCommit(b *testing.B) {
	for _, exclusive := range []bool{true, false} {
		b.Run(fmt.Sprintf("exclusive=%v", exclusive), func(b *testing.B) {
			d := openTemp(b, Options{Exclusive: exclusive})
			must(b, d.Script("CREATE TABLE t(k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID"))
			v := make([]byte, 100)
			for i := 0; b.Loop(); i++ {
				must(b, d.Exec("INSERT OR REPLACE INTO t VALUES (?, ?)", fmt.Sprint("key", i%1000), v))
			}
		})
	}
}

func BenchmarkPointRead(b *testing.B) {
	d := openTemp(b, Options{Exclusive: true})
	must(b, d.Script("CREATE TABLE t(k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID"))
	for i := range 1000 {
		must(b, d.Exec("INSERT INTO t VALUES (?, ?)", fmt.Sprint("key", i), make([]byte, 100)))
	}
	for i := 0; b.Loop(); i++ {
		_, err := d.Row("SELECT v FROM t WHERE k = ?", func(s *Stmt) { s.Blob(0) }, fmt.Sprint("key", i%1000))
		must(b, err)
	}
}
