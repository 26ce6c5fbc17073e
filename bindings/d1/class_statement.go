package d1

import (
	"math"
	"slices"

	"github.com/miniworker/miniworker/bindings/internal/sqljs"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// statement is a D1PreparedStatement; bind makes a new one.
type statement struct {
	session *session
	query   Query
	// params is the array that code was given of the parameters, which it may
	// have changed since; nil if it never asked.
	params jsg.Value
}

var statementClass = &jsg.Class[statement]{Name: "D1PreparedStatement", Script: true}

func init() {
	statementClass.Members = jsg.Members[statement]{
		jsg.Method("bind", 0, (*statement).bind),
		jsg.Async("first", 1, (*statement).first),
		jsg.Async("run", 0, func(s *statement, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return s.all(js, "run") }),
		jsg.Async("all", 0, func(s *statement, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return s.all(js, "all") }),
		jsg.Async("raw", 1, (*statement).raw),
		jsg.OwnLive("statement", func(s *statement, js *jsg.Scope) (jsg.Value, error) { return js.String(s.query.SQL), nil }, (*statement).setText),
		jsg.OwnLive("params", (*statement).given, (*statement).setParams),
	}
}

func (s *statement) setText(_ *jsg.Scope, v jsg.Value) (err error) {
	text, err := sqlText(v)
	if err == nil {
		s.query.SQL = text
	}
	return err
}

func (s *statement) setParams(_ *jsg.Scope, v jsg.Value) error {
	s.params = v
	return nil
}

func (s *statement) given(js *jsg.Scope) (jsg.Value, error) {
	if s.params == nil {
		s.params = row(js, slices.Clone(s.query.Params))
	}
	return s.params, nil
}

// current is the query as it is to run now.
func (s *statement) current(js *jsg.Scope) (Query, error) {
	if s.params == nil {
		return s.query, nil
	}
	params, err := paramsOf(js, s.params)
	return Query{SQL: s.query.SQL, Params: params}, err
}

// paramsOf are the elements of an array as they are bound.
func paramsOf(js *jsg.Scope, list jsg.Value) (out []any, err error) {
	err = js.Iterate(list, func(v jsg.Value) (bool, error) {
		p, err := param(js, v)
		out = append(out, p)
		return err == nil, err
	})
	return out, err
}

func (s *statement) bind(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	params := make([]any, a.Len())
	for i := range params {
		var err error
		if params[i], err = param(js, a.Value(i)); err != nil {
			return nil, err
		}
	}
	return statementClass.Wrap(js, &statement{session: s.session, query: Query{SQL: s.query.SQL, Params: params}}), nil
}

// param is a value as it is bound: null, a number as floating point (JSON, in
// which values travel, has no infinity and no NaN), text, or bytes.
func param(js *jsg.Scope, v jsg.Value) (any, error) {
	switch {
	case v == jsg.Null:
		return nil, nil
	case jsg.IsNumber(v):
		f := v.ToFloat()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, nil
		}
		return f + 0, nil // -0 is 0
	case jsg.IsString(v):
		return v.String(), nil
	case jsg.IsBool(v):
		if v.ToBoolean() {
			return 1.0, nil
		}
		return 0.0, nil
	}
	if b, ok, err := blob(js, v); ok || err != nil {
		return b, err
	}
	kind := jsg.TypeOf(v)
	if jsg.IsSymbol(v) {
		return nil, jsg.TypeErrorf("Cannot convert a Symbol value to a string")
	}
	var text string
	if err := js.Try(func() { text = v.String() }); err != nil {
		return nil, err
	}
	return nil, failure("D1_TYPE_ERROR", "Type '"+kind+"' not supported for value '"+text+"'", nil)
}

// blob is v as bytes: an ArrayBuffer, the elements of a view, or an array of
// numbers that are bytes.
func blob(js *jsg.Scope, v jsg.Value) ([]byte, bool, error) {
	view, isView := jsg.ViewOf(v)
	switch {
	case isView && view.Kind == "DataView":
		return []byte{}, true, nil // has no elements
	case isView && view.Kind != "Uint8Array" && view.Kind != "Uint8ClampedArray", jsg.IsArray(v):
		return elements(js, v, isView)
	}
	b, ok := jsg.Bytes(v)
	return append([]byte{}, b...), ok, nil
}

// elements takes each element as a byte. Those of an array must be bytes, or it
// counts as no blob.
func elements(js *jsg.Scope, v jsg.Value, isView bool) ([]byte, bool, error) {
	out, ok := []byte{}, true
	err := js.Iterate(v, func(e jsg.Value) (bool, error) {
		if jsg.IsBigInt(e) {
			return false, jsg.TypeErrorf("Do not know how to serialize a BigInt")
		}
		f := e.ToFloat()
		if !isView && !(jsg.IsNumber(e) && f >= 0 && f < 256) {
			ok = false
			return false, nil
		}
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0
		}
		out = append(out, byte(int64(f)))
		return true, nil
	})
	return out, ok, err
}

// first is the first row, or a column of it; null if there is no row.
func (s *statement) first(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	column, name := "", a.Value(0)
	if !jsg.IsUndefined(name) {
		column = a.String(0)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	return s.run(js, "first", func(js *jsg.Scope, r *Result) (jsg.Value, error) {
		if len(r.Rows) == 0 {
			return jsg.Null, nil
		}
		o := object(js, r.Columns, r.Rows[0])
		if jsg.IsUndefined(name) {
			return o, nil
		}
		v, err := js.Get(o, column)
		if err == nil && jsg.IsUndefined(v) {
			err = &jsg.Error{Name: "Error", Message: "D1_COLUMN_NOTFOUND: Column not found (" + column + ")", JSCause: &jsg.Error{Name: "Error", Message: "Column not found"}}
		}
		return v, err
	})
}

func (s *statement) all(js *jsg.Scope, method string) (jsg.Value, error) {
	return s.run(js, method, func(js *jsg.Scope, r *Result) (jsg.Value, error) { return objects(js, r), nil })
}

// raw is the rows as arrays, after one of the columns' names if wanted.
func (s *statement) raw(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	names := false
	if o, ok := jsg.IsObject(a.Value(0)); ok {
		names = a.DictOf(o).Bool("columnNames", false)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	return s.run(js, "raw", func(js *jsg.Scope, r *Result) (jsg.Value, error) {
		var out []jsg.Value
		if names {
			out = append(out, sqljs.Names(js, r.Columns))
		}
		for _, values := range r.Rows {
			out = append(out, row(js, values))
		}
		return js.NewArray(out...), nil
	})
}

func (s *statement) run(js *jsg.Scope, method string, finish func(js *jsg.Scope, r *Result) (jsg.Value, error)) (jsg.Value, error) {
	query, err := s.current(js)
	if err != nil {
		return nil, err
	}
	return s.session.run(js, method, []Query{query}, queryFailure, func(js *jsg.Scope, results []Result) (jsg.Value, error) {
		return finish(js, &results[0])
	}), nil
}
