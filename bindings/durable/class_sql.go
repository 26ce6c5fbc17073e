package durable

import (
	"math"

	"github.com/miniworker/miniworker/bindings/internal/sqljs"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// sqlObject is ctx.storage.sql.
type sqlObject struct{ access }

var sqlClass = &jsg.Class[sqlObject]{Name: "SqlStorage"}

// cursorObject is what exec returns.
type cursorObject struct {
	jsg.Instance
	*Cursor
	names *jsg.Object // once somebody asked
}

var cursorClass = &jsg.Class[cursorObject]{Name: "Cursor"}

// statementClass can only be named: without an experimental flag there is no
// prepare() that would make one.
var statementClass = &jsg.Class[struct{}]{Name: "Statement"}

var (
	rowIteratorClass = jsg.IteratorClass("RowIterator")
	rawIteratorClass = jsg.IteratorClass("RawIterator")
)

// The texts are those of workerd, observed 2026-11.
var (
	errNoSQL = jsg.Errorf("SQL is not enabled for this Durable Object class. To enable it, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly,set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.")
	errNoKV  = jsg.Errorf("The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, but this object's namespace is not declared to use SQLite. You can use the older, asyncronous interface via methods of `storage` itself (e.g. `storage.get()`). Alternatively, to enable SQLite, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly, set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.")
)

func init() {
	sqlClass.Members = jsg.Members[sqlObject]{
		jsg.Method("exec", 0, traced("sql.exec", func(q *sqlObject) *access { return &q.access }, (*sqlObject).exec)),
		jsg.Getter("databaseSize", func(q *sqlObject, js *jsg.Scope) (jsg.Value, error) {
			if !q.ns.sqlite.Load() {
				return nil, errNoSQL
			}
			s, err := q.storage()
			if err != nil {
				return nil, err
			}
			n, err := s.Size()
			return js.Int(n), storageError(err)
		}),
	}
	sqlClass.Extend = func(js *jsg.Scope, ctor, proto *jsg.Object) {
		js.Define(proto, "Cursor", cursorClass.Constructor(js))
		js.Define(proto, "Statement", statementClass.Constructor(js))
	}
	cursorClass.Members = jsg.Members[cursorObject]{
		jsg.Method("next", 0, func(c *cursorObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			row, ok, err := c.row(js)
			if err != nil {
				return nil, err
			}
			if !ok {
				return js.Record("done", true, "value", jsg.Undefined), nil
			}
			return js.Record("done", false, "value", row), nil
		}),
		jsg.Method("toArray", 0, func(c *cursorObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return allRows(js, c.row) }),
		jsg.SymbolMethod(jsg.SymIterator, "", 0, func(c *cursorObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return rowIteratorClass.Wrap(js, &jsg.Iterator{Next: c.row}), nil
		}),
		jsg.Method("one", 0, (*cursorObject).one),
		jsg.Method("raw", 0, (*cursorObject).raw),
		jsg.Getter("columnNames", func(c *cursorObject, js *jsg.Scope) (jsg.Value, error) {
			if c.names == nil {
				c.names = sqljs.Names(js, c.ColumnNames())
			}
			return c.names, nil
		}),
		jsg.Getter("rowsRead", func(c *cursorObject, js *jsg.Scope) (jsg.Value, error) { return js.Int(c.RowsRead()), nil }),
		jsg.Getter("rowsWritten", func(c *cursorObject, js *jsg.Scope) (jsg.Value, error) { return js.Int(c.RowsWritten()), nil }),
	}
}

func (q *sqlObject) exec(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "String")
	}
	query := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if !q.ns.sqlite.Load() {
		return nil, errNoSQL
	}
	bindings := make([]any, max(a.Len()-1, 0))
	for i := range bindings {
		v, err := bindable(a.Value(i + 1))
		if err != nil {
			return nil, err
		}
		bindings[i] = v
	}
	s, err := q.storage()
	if err != nil {
		return nil, err
	}
	c, err := s.Exec(query, bindings)
	if err != nil {
		return nil, storageError(err)
	}
	return cursorClass.Wrap(js, &cursorObject{Cursor: c}), nil
}

// bindable is a value as SQLite gets it: bytes, numbers as floating point, and
// anything else as text.
func bindable(v jsg.Value) (any, error) {
	switch {
	case jsg.IsNullish(v):
		return nil, nil
	case jsg.IsNumber(v):
		f := v.ToFloat()
		if math.IsNaN(f) {
			return nil, nil
		}
		return f, nil
	case jsg.IsBigInt(v):
		return nil, jsg.TypeErrorf("Cannot convert a BigInt value to a number")
	case jsg.IsSymbol(v):
		return nil, jsg.TypeErrorf("Cannot convert a Symbol value to a string")
	}
	if b, ok := jsg.Bytes(v); ok {
		return append([]byte{}, b...), nil
	}
	return v.String(), nil
}

// row is the next row as an object.
func (c *cursorObject) row(js *jsg.Scope) (jsg.Value, bool, error) {
	names := c.ColumnNames()
	values, ok, err := c.Next()
	if err != nil || !ok {
		return nil, false, storageError(err)
	}
	return sqljs.Object(js, names, values, sqljs.Buffer), true, nil
}

// rawRow is the next row as an array.
func (c *cursorObject) rawRow(js *jsg.Scope) (jsg.Value, bool, error) {
	values, ok, err := c.Next()
	if err != nil || !ok {
		return nil, false, storageError(err)
	}
	return sqljs.Array(js, values, sqljs.Buffer), true, nil
}

func allRows(js *jsg.Scope, next func(js *jsg.Scope) (jsg.Value, bool, error)) (jsg.Value, error) {
	var out []jsg.Value
	for {
		v, ok, err := next(js)
		if err != nil {
			return nil, err
		}
		if !ok {
			return js.NewArray(out...), nil
		}
		out = append(out, v)
	}
}

func (c *cursorObject) one(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	v, ok, err := c.row(js)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, jsg.Errorf("Expected exactly one result from SQL query, but got no results.")
	}
	if _, more, err := c.Next(); err != nil || more {
		c.Close()
		if err != nil {
			return nil, storageError(err)
		}
		return nil, jsg.Errorf("Expected exactly one result from SQL query, but got multiple results.")
	}
	return v, nil
}

func (c *cursorObject) raw(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return rawIteratorClass.Wrap(js, &jsg.Iterator{Next: c.rawRow}), nil
}
