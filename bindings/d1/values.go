package d1

import (
	"math"
	"time"
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// servedBy is who answered, in meta.
const servedBy = "miniworker.db"

// objects is a result as applications get it, with a row as an object each.
func objects(js *jsg.Scope, r *Result) jsg.Value {
	rows := make([]jsg.Value, len(r.Rows))
	for i, values := range r.Rows {
		rows[i] = object(js, r.Columns, values)
	}
	return js.Record("success", true, "meta", r.Meta.wrap(js), "results", js.NewArray(rows...))
}

// object is a row. Of columns with one name the last counts.
func object(js *jsg.Scope, columns []string, values []any) *jsg.Object {
	o := js.NewObject()
	for i, name := range columns {
		js.Define(o, name, value(js, values[i]))
	}
	return o
}

func row(js *jsg.Scope, values []any) jsg.Value {
	out := make([]jsg.Value, len(values))
	for i, v := range values {
		out[i] = value(js, v)
	}
	return js.NewArray(out...)
}

// value is a column after its way through JSON.
func value(js *jsg.Scope, v any) jsg.Value {
	switch v := v.(type) {
	case int64:
		if v > 1<<53 || v < -1<<53 {
			return js.Float(float64(v))
		}
		return js.Int(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return jsg.Null
		}
		return js.Float(v + 0) // -0 is 0
	case string:
		if !utf8.ValidString(v) {
			v = body.DecodeUTF8([]byte(v))
		}
		return js.String(v)
	case []byte:
		out := make([]jsg.Value, len(v))
		for i, b := range v {
			out[i] = js.Int(int64(b))
		}
		return js.NewArray(out...)
	}
	return jsg.Null
}

func (m *Meta) wrap(js *jsg.Scope) *jsg.Object {
	ms := milliseconds(m.Duration)
	return js.Record(
		"served_by", servedBy, "served_by_primary", true, "total_attempts", 1, "timings", js.Record("sql_duration_ms", ms),
		"duration", ms, "changes", m.Changes, "last_row_id", m.LastRowID, "changed_db", m.ChangedDB,
		"size_after", m.SizeAfter, "rows_read", m.RowsRead, "rows_written", m.RowsWritten,
	)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
