package durable

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
)

func collect(c *Cursor) (rows [][]any, err error) {
	for {
		row, ok, err := c.Next()
		if err != nil || !ok {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func queryAll(tb testing.TB, s *Storage, query string, bindings ...any) [][]any {
	tb.Helper()
	c, err := s.Exec(query, bindings)
	noError(tb, err)
	rows, err := collect(c)
	noError(tb, err)
	return rows
}

// Each line ran on workerd; want is the error text or the rows as fmt prints
// them.
func TestSQLAsOnWorkerd(t *testing.T) {
	const notAuthorized = "not authorized: SQLITE_AUTH"
	const earlyParams = "When executing multiple SQL statements in a single call, only the last statement can have parameters."
	s := testStorage(t)
	for _, c := range []struct {
		query    string
		bindings []any
		want     string
	}{
		{"select 1 as a, 2 as a, 'x' b, x'0102' c, null d, 1.5", nil, "[[1 2 x [1 2] <nil> 1.5]]"},
		{"select typeof(?)", []any{1.0}, "[[real]]"},
		{"select * from nope", nil, "no such table: nope: SQLITE_ERROR"},
		{"selec 1", nil, `near "selec": syntax error at offset 0: SQLITE_ERROR`},
		{"begin", nil, appsql.ErrTransaction.Message},
		{"savepoint x", nil, appsql.ErrTransaction.Message},
		{"commit", nil, appsql.ErrTransaction.Message},
		{"rollback", nil, appsql.ErrTransaction.Message},
		{"release x", nil, appsql.ErrTransaction.Message},
		{"pragma journal_mode", nil, notAuthorized},
		{"pragma user_version", nil, notAuthorized},
		{"pragma user_version=3", nil, notAuthorized},
		{"pragma page_count", nil, notAuthorized},
		{"pragma nonsense", nil, notAuthorized},
		{"pragma writable_schema", nil, notAuthorized},
		{"pragma foreign_keys", nil, "[[1]]"},
		{"pragma foreign_keys=off", nil, "[]"},
		{"pragma foreign_keys", nil, "[[1]]"},
		{"pragma defer_foreign_keys=on", nil, "[]"},
		{"pragma table_info(t)", nil, "[]"},
		{"attach 'x' as y", nil, notAuthorized},
		{"detach y", nil, notAuthorized},
		{"vacuum", nil, "cannot VACUUM from within a transaction: SQLITE_ERROR"},
		{"create table _cf_x(a)", nil, notAuthorized},
		{"select * from _cf_KV", nil, "no such table: _cf_KV: SQLITE_ERROR"},
		{"drop table _cf_KV", nil, "no such table: _cf_KV: SQLITE_ERROR"},
		{"create temp table q(a)", nil, notAuthorized},
		{"create virtual table g using geopoly()", nil, notAuthorized},
		{"create virtual table g using dbstat", nil, notAuthorized},
		{"create table t(a integer primary key, b text unique, c not null)", nil, "[]"},
		{"insert into t values(1,'a',1),(2,'b',2)", nil, "[]"},
		{"insert into t values(1,'a',1)", nil, "UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)"},
		{"insert into t values(3,'a',1)", nil, "UNIQUE constraint failed: t.b: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)"},
		{"insert into t values(3,'z',null)", nil, "NOT NULL constraint failed: t.c: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_NOTNULL)"},
		{"insert into t values(?,?,?)", []any{7.0, "x"}, "Wrong number of parameter bindings for SQL query."},
		{"insert into t values(20,'q',1) returning *", nil, "[[20 q 1]]"},
		{"select 1; select 2", nil, "[[2]]"},
		{"select ?; select ?", []any{1.0, 2.0}, earlyParams},
		{"select 1; select ?", []any{1.0}, "[[1]]"},
		{"select 1;  ", nil, "[[1]]"},
		{"select 1;\r\n", nil, "[[1]]"},
		{"select 1; -- c", nil, "SQL code did not contain a statement."},
		{"select 1;;", nil, "SQL code did not contain a statement."},
		{"", nil, "SQL code did not contain a statement."},
		{"-- c", nil, "SQL code did not contain a statement."},
		{"select ?", nil, "Wrong number of parameter bindings for SQL query."},
		{"select @a, $b", []any{1.0, 2.0}, "[[1 2]]"},
		{"select ?3", []any{1.0, 2.0, 3.0}, "[[3]]"},
		{"create virtual table f using fts5(x)", nil, "[]"},
		{"insert into f values('hello world')", nil, "[]"},
		{"select * from f where f match 'hello'", nil, "[[hello world]]"},
		{"select highlight(f, 0, '<', '>') from f where f match 'world'", nil, "[[hello <world>]]"},
		{`select json_extract('{"a":1}','$.a')`, nil, "[[1]]"},
		{"select value from json_each('[1,2]')", nil, "[[1] [2]]"},
		{"select sqlite_version()", nil, "not authorized to use function: sqlite_version at offset 7: SQLITE_ERROR"},
		{"select fts5('x')", nil, "not authorized to use function: fts5 at offset 7: SQLITE_ERROR"},
		{"select readfile('x')", nil, "no such function: readfile at offset 7: SQLITE_ERROR"},
		{`select "nope"`, nil, "[[nope]]"},
		{"select * from t, t", nil, "ambiguous column name: main.t.a at offset 7: SQLITE_ERROR"},
		{"create table fk(a references t(a))", nil, "[]"},
		{"create table st(a int) strict", nil, "[]"},
		{"insert into st values('x')", nil, "cannot store TEXT value in INT column st.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_DATATYPE)"},
		{"create table cc(a); insert into cc values(1); select * from cc", nil, "[[1]]"},
		{"insert into cc values(?); select 1", []any{1.0}, earlyParams},
		{"select abs(-9223372036854775808)", nil, "integer overflow: SQLITE_ERROR"},
		{"select zeroblob(8388643)", nil, "string or blob too big: SQLITE_TOOBIG"},
		{"select ?101", nil, "variable number must be between ?1 and ?100 at offset 7: SQLITE_ERROR"},
		{"select 'a' like '" + strings.Repeat("x", 51) + "'", nil, "LIKE or GLOB pattern too complex: SQLITE_ERROR"},
		{"select 1" + strings.Repeat(",1", 100), nil, "too many columns in result set: SQLITE_ERROR"},
		{"select '" + strings.Repeat("x", 100_000) + "'", nil, "statement too long: SQLITE_TOOBIG"},
		{"with recursive c(x) as (select 1 union all select x+1 from c where x<3) select * from c", nil, "[[1] [2] [3]]"},
		{"explain query plan select 1", nil, "[[1 0 0 SCAN CONSTANT ROW]]"},
		{"pragma quick_check", nil, "[[ok]]"},
	} {
		cursor, err := s.Exec(c.query, c.bindings)
		var got string
		if err == nil {
			var rows [][]any
			rows, err = collect(cursor)
			got = fmt.Sprint(rows)
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%.80s\n got %s\nwant %s", c.query, got, c.want)
		}
	}
	put(t, s, "k", "v")
	for _, q := range []string{"select * from _cf_KV", "select * from _CF_kv"} {
		if _, err := s.Exec(q, nil); err == nil || err.Error() != "access to _cf_KV.key is prohibited: SQLITE_AUTH" {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestForeignKeys(t *testing.T) {
	s := testStorage(t)
	queryAll(t, s, "CREATE TABLE p(a INTEGER PRIMARY KEY); CREATE TABLE c(a REFERENCES p(a))")
	if _, err := s.Exec("INSERT INTO c VALUES (9)", nil); err == nil ||
		err.Error() != "FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)" {
		t.Fatal(err)
	}
	noError(t, s.Begin())
	queryAll(t, s, "PRAGMA defer_foreign_keys=on; INSERT INTO c VALUES (9); INSERT INTO p VALUES (9)")
	noError(t, s.Commit())
}

func TestCursorNames(t *testing.T) {
	s := testStorage(t)
	c, err := s.Exec("SELECT 1 AS a, 2 AS a, 3", nil)
	noError(t, err)
	if !slices.Equal(c.ColumnNames(), []string{"a", "a", "3"}) {
		t.Fatal(c.ColumnNames())
	}
}

func TestCursorIsLive(t *testing.T) {
	s := testStorage(t)
	queryAll(t, s, "CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1),(2)")
	c, err := s.Exec("SELECT a FROM t", nil)
	noError(t, err)
	// The same text again while the first cursor is open, then a row behind
	// both of them, in a transaction that commits under them.
	d, err := s.Exec("SELECT a FROM t", nil)
	noError(t, err)
	noError(t, s.Begin())
	queryAll(t, s, "INSERT INTO t VALUES (3)")
	noError(t, s.Commit())
	want := [][]any{{int64(1)}, {int64(2)}, {int64(3)}}
	for _, cursor := range []*Cursor{c, d} {
		if rows, err := collect(cursor); err != nil || !reflect.DeepEqual(rows, want) {
			t.Fatal(rows, err)
		}
	}
	if err := s.Release(); err != nil {
		t.Fatalf("finished cursors hold the database: %v", err)
	}
	c, err = s.Exec("SELECT a FROM t", nil)
	noError(t, err)
	c.Close()
	if _, ok, err := c.Next(); ok || err != nil {
		t.Fatal("closed cursor", ok, err)
	}
	noError(t, s.Release())
}

func TestCachedStatementSurvivesSchemaChange(t *testing.T) {
	s := testStorage(t)
	queryAll(t, s, "CREATE TABLE t(a); INSERT INTO t VALUES (1)")
	if rows := queryAll(t, s, "SELECT * FROM t"); len(rows[0]) != 1 {
		t.Fatal(rows)
	}
	queryAll(t, s, "ALTER TABLE t ADD COLUMN b DEFAULT 2")
	c, err := s.Exec("SELECT * FROM t", nil)
	noError(t, err)
	rows, err := collect(c)
	noError(t, err)
	if !reflect.DeepEqual(rows, [][]any{{int64(1), int64(2)}}) || len(c.ColumnNames()) != 2 {
		t.Fatal(rows, c.ColumnNames())
	}
}

// The counters as workerd reports them, where the estimate is exact.
func TestRowCounters(t *testing.T) {
	s := testStorage(t)
	for _, c := range []struct {
		query         string
		read, written int64
	}{
		{"create table t(a, b)", 1, 2},
		{"insert into t values(1,2)", 0, 1},
		{"insert into t values(1,2),(3,4),(5,6)", 0, 3},
		{"select * from t", 4, 0},
		{"select * from t where b = 77", 4, 0},
		{"select 1", 0, 0},
		{"update t set b = 9", 4, 4},
		{"create table u(a unique, b)", 1, 3},
		{"insert into u values(1,1),(2,2),(3,3)", 0, 6},
		{"update u set b=4 where a=1", 1, 1},
		{"delete from u where a=1", 1, 1},
		{"drop table if exists nothere", 0, 0},
		{"create table w(k text primary key, v) without rowid", 1, 2},
		{"insert into w values ('a',1),('b',2)", 0, 2},
		{"create table x(id integer primary key, a text, b int)", 1, 2},
		{"create index i on x(a)", 2, 1},
		{"insert into x(a,b) values ('x',1),('y',2),('z',3)", 0, 6},
		{"update x set a='q' where b>1", 3, 4},
		{"update x set b=5 where id=1", 1, 1},
	} {
		cursor, err := s.Exec(c.query, nil)
		noError(t, err)
		_, err = collect(cursor)
		noError(t, err)
		if r, w := cursor.RowsRead(), cursor.RowsWritten(); r != c.read || w != c.written {
			t.Errorf("%s: read %d written %d, want %d %d", c.query, r, w, c.read, c.written)
		}
	}
}

func TestInterrupt(t *testing.T) {
	s := testStorage(t)
	queryAll(t, s, "SELECT 1")
	failed := make(chan error)
	go func() {
		_, err := s.Exec("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT max(x) FROM c", nil)
		failed <- err
	}()
	// The query may not have started yet: knock until it ends.
	for {
		s.Interrupt()
		select {
		case err := <-failed:
			if err == nil || err.Error() != "interrupted: SQLITE_INTERRUPT" {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
