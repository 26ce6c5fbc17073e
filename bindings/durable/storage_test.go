package durable

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func noError(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func testID(i int) string { return fmt.Sprintf("%064x", i) }

func testNamespace(tb testing.TB) *Namespace {
	tb.Helper()
	n, err := OpenNamespace(tb.TempDir(), "worker", "Class")
	noError(tb, err)
	tb.Cleanup(func() { noError(tb, n.Close()) })
	return n
}

func testStorage(tb testing.TB) *Storage {
	tb.Helper()
	s, err := testNamespace(tb).Object(testID(1))
	noError(tb, err)
	return s
}

func put(tb testing.TB, s *Storage, pairs ...string) {
	tb.Helper()
	var entries []Entry
	for i := 0; i < len(pairs); i += 2 {
		entries = append(entries, Entry{pairs[i], []byte(pairs[i+1])})
	}
	noError(tb, s.Put(entries...))
}

func show(entries []Entry, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Key+"="+string(e.Value))
	}
	return strings.Join(out, " ")
}

func TestKeyValue(t *testing.T) {
	s := testStorage(t)
	put(t, s, "", "empty", strings.Repeat("k", 3000), "long")
	for key, want := range map[string]string{"": "empty", strings.Repeat("k", 3000): "long"} {
		if v, ok, err := s.Get(key); string(v) != want || !ok || err != nil {
			t.Errorf("get %.5q: %q %v %v", key, v, ok, err)
		}
	}
	put(t, s, "a", "1", "b", "2", "a", "3")
	if v, _, _ := s.Get("a"); string(v) != "3" {
		t.Errorf("later entry of one put lost: %q", v)
	}
	if got := show(s.GetMulti([]string{"b", "zz", "a", "a"})); got != "a=3 b=2" {
		t.Errorf("getMulti: %s", got)
	}
	if n, err := s.Delete("a", "b", "zz", "a"); n != 2 || err != nil {
		t.Errorf("delete: %d %v", n, err)
	}
	if _, ok, err := s.Get("a"); ok || err != nil {
		t.Errorf("deleted key: %v %v", ok, err)
	}
	err := s.Put(Entry{"ok", nil}, Entry{"big", make([]byte, 9_000_000)})
	var e *appsql.Error
	if !errors.As(err, &e) || e.Message != "string or blob too big: SQLITE_TOOBIG" {
		t.Errorf("big value: %v", err)
	}
	if _, ok, _ := s.Get("ok"); ok {
		t.Error("half a put stayed")
	}
}

func TestList(t *testing.T) {
	s := testStorage(t)
	put(t, s, "a", "1", "ab", "2", "b", "3", "c", "4", "é", "5", "\uFFFD", "6", "😀", "7")
	for _, c := range []struct {
		name string
		r    Range
		want string
	}{
		{"all, by bytes", Range{}, "a=1 ab=2 b=3 c=4 é=5 \uFFFD=6 😀=7"},
		{"reverse limit", Range{Reverse: true, Limit: 2}, "😀=7 \uFFFD=6"},
		{"start end", Range{Start: "ab", End: "c", HasEnd: true}, "ab=2 b=3"},
		{"start after", Range{StartAfter: "ab", HasAfter: true, Limit: 1}, "b=3"},
		{"start after nothing", Range{HasAfter: true, Limit: 1}, "a=1"},
		{"end before start", Range{Start: "c", End: "a", HasEnd: true}, ""},
		{"empty end", Range{HasEnd: true}, ""},
		{"prefix", Range{Prefix: "a"}, "a=1 ab=2"},
		{"prefix and after", Range{Prefix: "a", StartAfter: "a", HasAfter: true}, "ab=2"},
		{"prefix and start", Range{Prefix: "a", Start: "aa"}, "ab=2"},
		{"prefix and wider end", Range{Prefix: "a", End: "z", HasEnd: true}, "a=1 ab=2"},
		{"prefix and narrower end", Range{Prefix: "a", End: "ab", HasEnd: true}, "a=1"},
		{"reverse from start", Range{Start: "b", Reverse: true, End: "d", HasEnd: true}, "c=4 b=3"},
		{"prefix without successor", Range{Prefix: "\xff"}, ""},
	} {
		if got := show(s.List(c.r)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNothingIsCreatedByReading(t *testing.T) {
	n := testNamespace(t)
	s, err := n.Object(testID(7))
	noError(t, err)
	_, ok, err := s.Get("x")
	list := show(s.List(Range{}))
	multi := show(s.GetMulti([]string{"x"}))
	_, alarm, err2 := s.GetAlarm()
	deleted, err3 := s.Delete("x")
	noError(t, errors.Join(err, err2, err3, s.DeleteAlarm(), s.DeleteAll(), s.Commit(), s.Rollback()))
	if ok || alarm || deleted != 0 || list != "" || multi != "" {
		t.Fatal("an empty object has something")
	}
	if size, err := s.Size(); size != 4096 || err != nil {
		t.Fatal(size, err)
	}
	if alarms, err := n.Alarms(); len(alarms) != 0 || err != nil {
		t.Fatal(alarms, err)
	}
	if objects, err := n.Objects(); len(objects) != 0 || err != nil {
		t.Fatal(objects, err)
	}
	if _, err := os.Stat(n.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("reading made %s: %v", n.Dir(), err)
	}
}

func TestTransactions(t *testing.T) {
	s := testStorage(t)
	noError(t, s.Begin())
	put(t, s, "a", "1")
	noError(t, s.Rollback())
	if _, ok, _ := s.Get("a"); ok {
		t.Fatal("rolled back put stayed")
	}
	noError(t, s.Begin())
	put(t, s, "a", "1") // creates the table again
	outer, err := s.Savepoint()
	noError(t, err)
	put(t, s, "b", "2")
	inner, err := s.Savepoint()
	noError(t, err)
	put(t, s, "c", "3")
	noError(t, s.RollbackSavepoint(inner))
	noError(t, s.ReleaseSavepoint(outer))
	if err := s.ReleaseSavepoint(outer); err == nil {
		t.Fatal("released twice")
	}
	noError(t, s.Commit())
	if got := show(s.List(Range{})); got != "a=1 b=2" {
		t.Fatal(got)
	}
	level, err := s.Savepoint()
	noError(t, err)
	put(t, s, "d", "4")
	noError(t, s.RollbackSavepoint(level))
	if s.InTransaction() {
		t.Fatal("a bare savepoint left its transaction open")
	}
	level, err = s.Savepoint()
	noError(t, err)
	put(t, s, "e", "5")
	noError(t, s.ReleaseSavepoint(level))
	if got := show(s.List(Range{})); got != "a=1 b=2 e=5" || s.InTransaction() {
		t.Fatal(got)
	}
}

func TestCoalesce(t *testing.T) {
	s := testStorage(t)
	dirty := 0
	s.Coalesce(func() { dirty++ })
	_, _, err := s.Get("a")
	noError(t, err)
	put(t, s, "a", "1")
	put(t, s, "b", "1")
	_, err = s.Exec("CREATE TABLE t(a)", nil)
	noError(t, err)
	if dirty != 1 || !s.InTransaction() {
		t.Fatalf("dirty called %d times", dirty)
	}
	noError(t, s.Commit())
	_, err = s.Exec("INSERT INTO t VALUES (1)", nil)
	noError(t, err)
	noError(t, s.Rollback())
	if rows := queryAll(t, s, "SELECT * FROM t"); dirty != 2 || len(rows) != 0 {
		t.Fatal(dirty, rows)
	}
}

func TestDeleteAll(t *testing.T) {
	n := testNamespace(t)
	s, err := n.Object(testID(3))
	noError(t, err)
	put(t, s, "a", "1")
	noError(t, s.SetAlarm(99))
	c, err := s.Exec("CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3); SELECT * FROM t", nil)
	noError(t, err)
	level, err := s.Savepoint()
	noError(t, err)
	if err := s.DeleteAll(); err == nil {
		t.Fatal("deleteAll inside a transaction")
	}
	noError(t, s.ReleaseSavepoint(level))
	noError(t, s.DeleteAll())
	if _, _, err := c.Next(); !errors.Is(err, appsql.ErrDatabaseDeleted) {
		t.Fatalf("cursor of a reset database: %v", err)
	}
	_, ok, err := s.GetAlarm()
	if ok || err != nil || show(s.List(Range{})) != "" {
		t.Fatal("something left", ok, err)
	}
	if alarms, err := n.Alarms(); len(alarms) != 0 || err != nil {
		t.Fatal(alarms, err)
	}
	if rows := queryAll(t, s, "SELECT name FROM sqlite_master"); len(rows) != 0 {
		t.Fatal(rows)
	}
	put(t, s, "a", "2")
}

func TestAlarms(t *testing.T) {
	root := t.TempDir()
	n, err := OpenNamespace(root, "w", "C")
	noError(t, err)
	set := func(i int, at int64) *Storage {
		s, err := n.Object(testID(i))
		noError(t, err)
		noError(t, s.SetAlarm(at))
		return s
	}
	set(1, 300)
	set(2, 100)
	set(3, 200)
	set(2, 400)
	noError(t, set(4, 1).DeleteAlarm())
	five := set(5, 50)
	noError(t, five.Begin())
	noError(t, five.SetAlarm(60))
	noError(t, five.Rollback())
	six := set(6, 70)
	noError(t, six.Begin())
	noError(t, six.DeleteAlarm())
	noError(t, six.SetAlarm(75))
	noError(t, six.Commit())
	want := []Alarm{{testID(5), 50}, {testID(6), 75}, {testID(3), 200}, {testID(1), 300}, {testID(2), 400}}
	for range 2 {
		if got, err := n.Alarms(); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v %v", got, err)
		}
		noError(t, n.Close())
		n, err = OpenNamespace(root, "w", "C")
		noError(t, err)
	}
	// A crash between the object's commit and the index leaves an unsettled
	// entry; the object is asked.
	ix, err := n.useIndex(true)
	noError(t, err)
	noError(t, ix.unsettle(testID(2)))
	noError(t, ix.unsettle(testID(8)))
	if got, err := n.Alarms(); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v %v", got, err)
	}
	noError(t, n.Close())
}

func TestNamesAndListing(t *testing.T) {
	n := testNamespace(t)
	for i, name := range []string{"", "alice", "bob"} {
		s, err := n.Object(testID(i))
		noError(t, err)
		put(t, s, "k", "v")
		if name != "" {
			noError(t, n.RememberName(testID(i), name))
			noError(t, n.RememberName(testID(i), name))
		}
	}
	got, err := n.Objects()
	noError(t, err)
	want := []Object{{testID(0), ""}, {testID(1), "alice"}, {testID(2), "bob"}}
	if !slices.Equal(got, want) {
		t.Fatal(got)
	}
	if name, err := n.Name(testID(2)); name != "bob" || err != nil {
		t.Fatal(name, err)
	}
	for _, id := range []string{"", "..", strings.Repeat("A", 64)} {
		if _, err := n.Object(id); err == nil {
			t.Errorf("id %q accepted", id)
		}
	}
	if _, err := OpenNamespace(t.TempDir(), "a/b", "C"); err == nil {
		t.Error("path in a worker name accepted")
	}
}

func TestManyObjectsShareFewHandles(t *testing.T) {
	n := testNamespace(t)
	const objects = MaxOpenObjects * 2
	for i := range objects {
		s, err := n.Object(testID(i))
		noError(t, err)
		put(t, s, "k", fmt.Sprint(i))
	}
	if open := n.OpenDatabases(); open > MaxOpenObjects {
		t.Fatalf("%d databases open", open)
	}
	for i := range objects {
		s, err := n.Object(testID(i))
		noError(t, err)
		if v, _, err := s.Get("k"); string(v) != fmt.Sprint(i) || err != nil {
			t.Fatal(i, string(v), err)
		}
	}
}

func TestRelease(t *testing.T) {
	s := testStorage(t)
	put(t, s, "a", "1")
	noError(t, s.Begin())
	if err := s.Release(); !errors.Is(err, ErrBusy) {
		t.Fatal(err)
	}
	noError(t, s.Commit())
	noError(t, s.Release())
	noError(t, s.Release())
	if v, ok, err := s.Get("a"); string(v) != "1" || !ok || err != nil {
		t.Fatal(v, ok, err)
	}
	noError(t, s.Close())
	if err := s.Put(Entry{"a", nil}); err == nil {
		t.Fatal("put on a closed storage")
	}
}

func BenchmarkPutCommit(b *testing.B) {
	s := testStorage(b)
	value := make([]byte, 100)
	for i := 0; b.Loop(); i++ {
		noError(b, s.Begin())
		noError(b, s.Put(Entry{fmt.Sprint("key", i%1000), value}))
		noError(b, s.Commit())
	}
}

func BenchmarkGet(b *testing.B) {
	s := testStorage(b)
	for i := range 1000 {
		put(b, s, fmt.Sprint("key", i), "value")
	}
	for i := 0; b.Loop(); i++ {
		_, _, err := s.Get(fmt.Sprint("key", i%1000))
		noError(b, err)
	}
}

func BenchmarkFirstPut(b *testing.B) {
	n := testNamespace(b)
	for i := 0; b.Loop(); i++ {
		s, err := n.Object(testID(i))
		noError(b, err)
		noError(b, s.Put(Entry{"k", nil}))
	}
}

func BenchmarkSQLRow(b *testing.B) {
	s := testStorage(b)
	_, err := s.Exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", nil)
	noError(b, err)
	for i := range 1000 {
		_, err := s.Exec("INSERT INTO t VALUES (?, ?)", []any{int64(i), "text"})
		noError(b, err)
	}
	for i := 0; b.Loop(); i++ {
		c, err := s.Exec("SELECT * FROM t WHERE a = ?", []any{int64(i % 1000)})
		noError(b, err)
		if _, ok, err := c.Next(); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

func BenchmarkSQLScan1000(b *testing.B) {
	s := testStorage(b)
	_, err := s.Exec(`CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t SELECT value, 'text' FROM
		(WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < 1000) SELECT value FROM c)`, nil)
	noError(b, err)
	for b.Loop() {
		if rows := queryAll(b, s, "SELECT * FROM t"); len(rows) != 1000 {
			b.Fatal(len(rows))
		}
	}
}
