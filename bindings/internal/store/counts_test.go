package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

// The programs of another SQLite have to be looked at first: what its
// instructions expect of their neighbours, and whether the probes of sqlrows in
// testdata/conformance still count the same.
func TestCountedVersion(t *testing.T) {
	if sqlite3.SQLITE_VERSION != countedVersion {
		t.Fatalf("SQLite is %s; counts.go was written for %s", sqlite3.SQLITE_VERSION, countedVersion)
	}
}

// answer is all that can be seen of a run.
func answer(db *DB, query string, counted bool) string {
	var out strings.Builder
	for query != "" {
		s, tail, err := db.PrepareNext(query)
		query = tail
		if err != nil {
			return out.String() + err.Error()
		}
		if s == nil {
			break
		}
		for range 2 {
			if counted {
				s.CountRows()
			}
			run(&out, s)
			fmt.Fprintln(&out, db.Changes(), db.TotalChanges(), db.LastInsertID())
			s.Reset()
			s.uncount()
			if !s.ReadOnly() {
				break
			}
		}
		s.Close()
	}
	return out.String()
}

func run(out *strings.Builder, s *Stmt) {
	s.ClearCounts()
	for {
		more, err := s.Step()
		if err != nil {
			fmt.Fprintln(out, err)
			return
		}
		if !more {
			return
		}
		for i := range s.Columns() {
			fmt.Fprintf(out, "%v|", s.Value(i))
		}
		fmt.Fprintln(out)
	}
}

var countedSchema = `
create table a(id integer primary key, x integer, y text, z real);
create index a_x on a(x); create index a_yx on a(y, x desc); create index a_part on a(z) where x > 3;
create table b(k text primary key, v integer, r integer references a(id) on delete set null on update cascade) without rowid;
create index b_v on b(v);
create table c(p integer unique, q text collate nocase, s as (p * 2) stored);
create unique index c_q on c(q, p);
create table log(what text, id integer);
create trigger a_insert after insert on a begin insert into log values ('insert', new.id); update c set q = new.y where p = new.x; end;
create trigger a_delete before delete on a when old.x > 2 begin insert into log select 'delete', count(*) from a; delete from log where id < 3; end;
create trigger a_stop before update on a when new.z = 4 begin select raise(ignore); end;
create view w as select a.id, a.x, b.k from a left join b on b.r = a.id;
create trigger w_update instead of update on w begin update a set x = new.x where id = old.id; end;
create virtual table f using fts5(body);
`

// randomQuery makes a statement out of parts that compile to every kind of loop.
func randomQuery(r *rand.Rand) string {
	n := func() int { return r.IntN(12) }
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	value := func() string { return pick(fmt.Sprint(n()), fmt.Sprintf("'t%d'", n()), "null", fmt.Sprint(n())+".5") }
	column := func() string { return pick("id", "x", "y", "z") }
	test := func() string {
		return pick(column()+pick("=", "<", ">", "<=", ">=", " is ")+value(), fmt.Sprintf("%s in (%s, %s, %s)", column(), value(), value(), value()),
			fmt.Sprintf("y = 't%d' and x > %d", n(), n()), fmt.Sprintf("x in (%d, %d) and y in ('t1', 't2', 't3')", n(), n()),
			fmt.Sprintf("(x = %d or y = 't%d')", n(), n()), fmt.Sprintf("exists (select 1 from b where r = a.id and v > %d)", n()),
			fmt.Sprintf("x in (select v from b where k > 'k%d')", n()), "id = (select max(p) from c)", fmt.Sprintf("id between %d and %d", n(), n()+5))
	}
	return pick(
		fmt.Sprintf("select * from a where %s order by %s %s limit %d", test(), column(), pick("", "desc"), n()),
		fmt.Sprintf("select a.*, b.v from a %s b on b.r = a.%s where %s order by 1, 5", pick("join", "left join", "cross join"), pick("id", "x"), test()),
		fmt.Sprintf("select %s, count(*), max(z), group_concat(y) from a where %s group by 1 having count(*) > %d", column(), test(), r.IntN(2)),
		fmt.Sprintf("select distinct %s from a where %s", column(), test()),
		fmt.Sprintf("select id from a where %s %s select p from c %s", test(), pick("union", "union all", "except", "intersect"), pick("", "order by 1")),
		fmt.Sprintf("select id, row_number() over (partition by x order by %s), sum(z) over (order by id rows %d preceding) from a", column(), r.IntN(4)),
		fmt.Sprintf("with recursive t(i) as (select %d union all select i + 1 from t where i < 20) select i, (select count(*) from a where x = i), (select y from a where id = i) from t", n()),
		fmt.Sprintf("select min(%s), max(x), count(*) from a where %s", column(), test()),
		"select count(*) from "+pick("a", "b", "c", "w"),
		fmt.Sprintf("select * from c left join a on a.x = c.p and a.y = c.q where c.q = 'T%d' or c.p > %d", n(), n()),
		fmt.Sprintf("insert %s into a values (%s, %d, 't%d', %s) %s", pick("", "or ignore", "or replace"), pick("null", fmt.Sprint(n())), n(), n(), value(), pick("", "returning *", "on conflict(id) do update set x = x + 1", "on conflict do nothing")),
		fmt.Sprintf("insert into a(x, y, z) select x + 1, y, z from a where %s limit 4", test()),
		fmt.Sprintf("insert %s into b values ('k%d', %d, %s)", pick("", "or ignore", "or replace"), n(), n(), pick("null", fmt.Sprint(n()))),
		fmt.Sprintf("insert %s into c(p, q) values (%d, 't%d')", pick("or ignore", "or replace"), n(), n()),
		fmt.Sprintf("update a set %s = %s where %s %s", pick("x", "y", "z"), value(), test(), pick("", "returning id, x")),
		fmt.Sprintf("update a set id = id + 100 where id = %d", n()),
		fmt.Sprintf("update b set v = v + 1, k = k || 'x' where v < %d", n()),
		fmt.Sprintf("update w set x = %d where id < %d", n(), n()),
		fmt.Sprintf("update a set z = b.v from b where b.r = a.id and b.v > %d", n()),
		fmt.Sprintf("delete from a where %s", test()), fmt.Sprintf("delete from b where v = %d", n()), "delete from log", fmt.Sprintf("delete from c where q = 't%d'", n()),
		fmt.Sprintf("insert into f values ('t%d and t%d')", n(), n()), fmt.Sprintf("select rowid, body from f where f match 't%d' order by rank", n()), fmt.Sprintf("delete from f where rowid = %d", n()),
		fmt.Sprintf("create index if not exists i%d on a(%s %s, %s)", n()%3, column(), pick("", "desc"), column()), fmt.Sprintf("drop index if exists i%d", n()%3),
		"reindex", "analyze", "pragma integrity_check", "alter table log rename column what to what",
		fmt.Sprintf("select value from json_each('[1,2,%d]') join a on a.id = value", n()),
	)
}

// Counting changes neither what statements answer nor what they leave behind.
func TestCountedProgramsDoTheSame(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 1))
		plain, counted := openCounted(t), openCounted(t)
		for i := range 300 {
			q := randomQuery(r)
			want, got := answer(plain, q, false), answer(counted, q, true)
			if want != got {
				t.Fatalf("seed %d, statement %d: %s\nplain:\n%s\ncounted:\n%s", seed, i, q, want, got)
			}
		}
		for _, q := range []string{"select * from a", "select * from b", "select * from c", "select * from log", "select * from f", "pragma integrity_check", "select * from sqlite_schema"} {
			if want, got := answer(plain, q, false), answer(counted, q, true); want != got {
				t.Errorf("seed %d: %s: %s\nwant %s", seed, q, got, want)
			}
		}
	}
}

func openCounted(t *testing.T) *DB {
	t.Helper()
	db, err := Open(Memory, Options{ForeignKeys: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Script(countedSchema); err != nil {
		t.Fatal(err)
	}
	return db
}

// A statement whose schema another connection changed is compiled again by
// SQLite in the middle of a call, and counts from then on.
func TestCountsAfterAChangeFromOutside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := Open(path, Options{Create: "create table t(a); insert into t values (1), (2), (3)"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	read, _, err := db.PrepareNext("select count(*), max(a) from t where a > 0")
	if err != nil {
		t.Fatal(err)
	}
	write, _, err := db.PrepareNext("insert into t values (9)")
	if err != nil {
		t.Fatal(err)
	}
	read.CountRows()
	write.CountRows()
	var out strings.Builder
	counts := func(s *Stmt) [2]int64 {
		run(&out, s)
		n := [2]int64{s.RowsRead(), s.RowsWritten()}
		s.Reset()
		return n
	}
	for i := range 3 {
		rows := int64(3 + 2*i)
		if err := other.Script(fmt.Sprintf("create index i%d on t(a, a)", i)); err != nil {
			t.Fatal(err)
		}
		counts(read) // compiles again
		if got, want := counts(read), [2]int64{rows, 0}; !reflect.DeepEqual(got, want) && got[0] < rows {
			t.Errorf("round %d: read %v, want %v", i, got, want)
		}
		if got := counts(write); got[1] != 1 {
			t.Errorf("round %d: written %v in the run that compiled again", i, got)
		}
		if got := counts(write); got[1] != int64(2+i) {
			t.Errorf("round %d: written %v, want a row and %d entries", i, got, i+1)
		}
	}
	read.Close()
	write.Close()
}
