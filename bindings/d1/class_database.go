package d1

import (
	"context"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// session is what statements run in: a database as it is, or a chain of queries
// with a bookmark.
type session struct {
	binding string
	db      *Database
	// constraint is "" for the database as it is; else a word that withSession
	// takes, or the latest bookmark.
	constraint string
}

// The constraints that are not bookmarks.
const (
	firstPrimary       = "first-primary"
	firstUnconstrained = "first-unconstrained"
)

// bookmark is the latest one, "" if there is none yet.
func (s *session) bookmark() string {
	if s.constraint == firstPrimary || s.constraint == firstUnconstrained {
		return ""
	}
	return s.constraint
}

// seen keeps the later one of two bookmarks: queries of one session may be
// answered in any order.
func (s *session) seen(bookmark string) {
	if s.bookmark() < bookmark {
		s.constraint = bookmark
	}
}

// answer is what came of queries.
type answer struct {
	results  []Result
	bookmark string
}

// run sends queries and gives the promise of what finish makes of the results,
// or fail of the error.
func (s *session) run(js *jsg.Scope, method string, queries []Query, fail func(error) error, finish func(js *jsg.Scope, r []Result) (jsg.Value, error)) jsg.Value {
	plain := s.constraint == ""
	k := op.Call{Binding: s.binding, Method: method, Key: title(queries), Line: &s.db.line, Error: fail}
	return op.Run(js, k, func(ctx context.Context) (a answer, err error) {
		if plain {
			a.results, err = s.db.Run(ctx, queries...)
		} else {
			a.results, a.bookmark, err = s.db.RunSession(ctx, queries...)
		}
		return a, err
	}, func(js *jsg.Scope, a answer) (jsg.Value, error) {
		if a.bookmark != "" {
			s.seen(a.bookmark)
		}
		return finish(js, a.results)
	})
}

// title is the first query in one line, for the trace.
func title(queries []Query) string {
	const long = 100
	if len(queries) == 0 {
		return ""
	}
	text := queries[0].SQL
	if len(text) > 10*long {
		text = strings.ToValidUTF8(text[:10*long], "")
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > long {
		text = strings.ToValidUTF8(text[:long], "") + "…"
	}
	return text
}

func (s *session) prepare(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	query, err := sqlText(a.Value(0))
	return statementClass.Wrap(js, &statement{session: s, query: Query{SQL: query}}), err
}

func sqlText(v jsg.Value) (string, error) {
	if !jsg.IsString(v) {
		return "", failure("D1_TYPE_ERROR", "The SQL of a statement must be a string.", nil)
	}
	return v.String(), nil
}

// batch runs statements as one transaction.
func (s *session) batch(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	list, err := js.Invoke(js.Global().Get("Array").(*jsg.Object), "from", a.Value(0))
	if err != nil {
		return nil, err
	}
	var queries []Query
	err = js.Iterate(list, func(v jsg.Value) (bool, error) {
		q, err := queryOf(js, v)
		queries = append(queries, q)
		return err == nil, err
	})
	if err != nil {
		return nil, err
	}
	return s.run(js, "batch", queries, queryFailure, func(js *jsg.Scope, results []Result) (jsg.Value, error) {
		out := make([]jsg.Value, len(results))
		for i := range results {
			out[i] = objects(js, &results[i])
		}
		return js.NewArray(out...), nil
	}), nil
}

// queryOf is a statement of a batch: one of ours, or what looks like one.
func queryOf(js *jsg.Scope, v jsg.Value) (q Query, err error) {
	if st, ok := statementClass.From(v); ok {
		return st.current(js)
	}
	o, ok := jsg.IsObject(v)
	if !ok {
		return q, jsg.TypeErrorf("A batch takes statements made by prepare(), but got %s.", jsg.TypeOf(v))
	}
	text, err := js.Get(o, "statement")
	if err == nil {
		q.SQL, err = sqlText(text)
	}
	if err != nil {
		return q, err
	}
	params, err := js.Get(o, "params")
	if err != nil || jsg.IsNullish(params) {
		return q, err
	}
	q.Params, err = paramsOf(js, params)
	return q, err
}

// wrapped is what a binding that the platform makes of another one extends.
type wrapped struct{}

var wrappedClass = &jsg.Class[wrapped]{Name: "WrappedBinding"}

// database is env.NAME.
type database struct{ session }

var databaseClass = &jsg.Class[database]{Name: "D1Database", Script: true, Parent: wrappedClass, Upcast: func(*database) any { return &wrapped{} }}

// databaseSession is what withSession gives.
type databaseSession struct{ session }

var sessionClass = &jsg.Class[databaseSession]{Name: "D1DatabaseSession", Script: true}

func init() {
	databaseClass.Members = jsg.Members[database]{
		jsg.Method("prepare", 1, func(d *database, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return d.prepare(js, a) }),
		jsg.Async("batch", 1, func(d *database, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return d.batch(js, a) }),
		jsg.Async("exec", 1, (*database).exec),
		jsg.Method("withSession", 1, (*database).withSession),
		jsg.Async("query", 1, func(d *database, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return nil, jsg.Errorf("D1_ERROR: D1Database.query() requires the d1_binding_jsrpc compatibility flag. Enable d1_binding_jsrpc before calling query().")
		}),
		// Only databases of D1's alpha could be dumped.
		jsg.Async("dump", 0, func(d *database, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return nil, &jsg.Error{Name: "Error", Message: "D1_DUMP_ERROR: Status + 404", JSCause: &jsg.Error{Name: "Error", Message: "Status 404"}}
		}),
	}
	sessionClass.Members = jsg.Members[databaseSession]{
		jsg.Method("prepare", 1, func(s *databaseSession, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return s.prepare(js, a) }),
		jsg.Async("batch", 1, func(s *databaseSession, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return s.batch(js, a) }),
		jsg.Method("getBookmark", 0, func(s *databaseSession, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.NullableString(s.bookmark(), s.bookmark() != ""), nil
		}),
	}
}

func (d *database) withSession(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	constraint := firstUnconstrained
	if v := a.Value(0); !jsg.IsNullish(v) {
		if !jsg.IsString(v) {
			return nil, jsg.TypeErrorf("constraintOrBookmark?.trim is not a function")
		}
		if text := strings.TrimSpace(v.String()); text != "" {
			constraint = text
		}
	}
	return sessionClass.Wrap(js, &databaseSession{session{binding: d.binding, db: d.db, constraint: constraint}}), nil
}

// exec runs each line of a text as a query of its own, all in one transaction.
// Its errors always name the first line, as D1's do.
func (d *database) exec(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	text, err := sqlText(a.Value(0))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	queries := make([]Query, len(lines))
	for i, line := range lines {
		queries[i].SQL = line
	}
	fail := func(err error) error {
		return failure("D1_EXEC_ERROR", "Error in line 1: "+lines[0]+": "+textOf(err), err)
	}
	return d.run(js, "exec", queries, fail, func(js *jsg.Scope, results []Result) (jsg.Value, error) {
		total := 0.0
		for _, r := range results {
			total += milliseconds(r.Meta.Duration)
		}
		return js.Record("count", len(results), "duration", total), nil
	}), nil
}
