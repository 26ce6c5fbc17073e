package d1

import (
	"math"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/sqljs"
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

// object is a row.
func object(js *jsg.Scope, columns []string, values []any) *jsg.Object {
	return sqljs.Object(js, columns, asJSON(values), sqljs.Numbers)
}

func row(js *jsg.Scope, values []any) jsg.Value {
	return sqljs.Array(js, asJSON(values), sqljs.Numbers)
}

// asJSON is a row after its way through JSON, which has neither infinities nor
// the negative zero.
func asJSON(values []any) []any {
	for i, v := range values {
		switch f, ok := v.(float64); {
		case !ok:
		case math.IsNaN(f) || math.IsInf(f, 0):
			values[i] = nil
		case f == 0:
			values[i] = 0.0
		}
	}
	return values
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
