package explorer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/miniworker/miniworker/bindings/d1"
)

// d1 answers below d1/database.
func (c *call) d1(path []string) error {
	switch {
	case len(path) == 0:
		return c.databases()
	case len(path) == 2 && path[1] == "raw":
		return c.raw(path[0])
	}
	return errNoRoute
}

type database struct {
	Name    string `json:"name"`
	UUID    string `json:"uuid"`
	Version string `json:"version"`
}

func (c *call) databaseList() []database {
	list := []database{}
	for _, cfg := range c.api.Configs {
		for _, d := range cfg.D1Databases {
			if !slices.ContainsFunc(list, func(o database) bool { return o.UUID == d.ID }) {
				list = append(list, database{d.Binding, d.ID, "production"})
			}
		}
	}
	return list
}

func (c *call) databases() error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	list := c.databaseList()
	return c.ok(list, map[string]int{"count": len(list)})
}

func (c *call) database(id string) (*d1.Database, error) {
	if !slices.ContainsFunc(c.databaseList(), func(d database) bool { return d.UUID == id }) {
		return nil, &Error{http.StatusNotFound, 7404, fmt.Sprintf("database %q not found: no worker of this project binds it", id)}
	}
	return d1.SharedDatabase(c.api.Session, id)
}

// query is one query of a request, a batch has several.
type query struct {
	SQL    string `json:"sql"`
	Params []any  `json:"params"`
	Batch  []query
}

// raw runs queries: the rows of the last statement of each, as arrays.
func (c *call) raw(id string) error {
	if err := c.only(http.MethodPost); err != nil {
		return err
	}
	db, err := c.database(id)
	if err != nil {
		return err
	}
	var q query
	if err := json.NewDecoder(c.Body).Decode(&q); err != nil {
		return errInvalid("The body must be JSON: " + err.Error())
	}
	if q.Batch == nil {
		q.Batch = []query{q}
	}
	var queries []d1.Query
	for _, one := range q.Batch {
		if one.SQL == "" {
			return errInvalid(`"sql" is missing.`)
		}
		queries = append(queries, d1.Query{SQL: one.SQL, Params: params(one.Params)})
	}
	results, err := db.Run(c.Context(), queries...)
	if err != nil {
		return errInvalid(err.Error())
	}
	out := make([]any, len(results))
	for i, r := range results {
		out[i] = rawResult(r)
	}
	return c.ok(out, nil)
}

func rawResult(r d1.Result) any {
	ms := float64(r.Meta.Duration.Microseconds()) / 1000
	return map[string]any{
		"success": true,
		"results": map[string]any{"columns": slices.Concat([]string{}, r.Columns), "rows": rows(r.Rows)},
		"meta": map[string]any{
			"served_by": "miniworker.db", "served_by_primary": true, "total_attempts": 1, "timings": map[string]any{"sql_duration_ms": ms},
			"duration": ms, "changes": r.Meta.Changes, "last_row_id": r.Meta.LastRowID, "changed_db": r.Meta.ChangedDB,
			"size_after": r.Meta.SizeAfter, "rows_read": r.Meta.RowsRead, "rows_written": r.Meta.RowsWritten,
		},
	}
}

// params are values of JSON as SQL takes them.
func params(list []any) []any {
	out := make([]any, len(list))
	for i, p := range list {
		switch v := p.(type) {
		case nil, string, float64:
			out[i] = v
		case bool:
			out[i] = int64(0)
			if v {
				out[i] = int64(1)
			}
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

// rows are rows as JSON has them: blobs as lists of numbers.
func rows(list [][]any) [][]any {
	out := make([][]any, len(list))
	for i, row := range list {
		out[i] = make([]any, len(row))
		for j, v := range row {
			switch v := v.(type) {
			case []byte:
				numbers := make([]int, len(v))
				for k, n := range v {
					numbers[k] = int(n)
				}
				out[i][j] = numbers
			case float64:
				out[i][j] = json.RawMessage("null")
				if text := strconv.FormatFloat(v, 'g', -1, 64); json.Valid([]byte(text)) {
					out[i][j] = json.RawMessage(text)
				}
			default:
				out[i][j] = v
			}
		}
	}
	return out
}
