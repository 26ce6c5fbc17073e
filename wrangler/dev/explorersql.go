package dev

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/wrangler/explorer"
)

// sqlOf is a database behind the API.
type sqlOf struct {
	page []string // its address
	api  string
	// object is set for the database of a Durable Object.
	object map[string]any
}

// sqlRows is what a query gives.
type sqlRows struct {
	Columns []string
	Rows    [][]any
}

func (e *explorerPages) ask(ctx context.Context, db sqlOf, sql string) (sqlRows, error) {
	if db.object == nil {
		var results []struct{ Results sqlRows }
		if err := e.post(ctx, db.api, map[string]any{"sql": sql}, &results); err != nil {
			return sqlRows{}, err
		}
		return results[0].Results, nil
	}
	body := map[string]any{"queries": []any{map[string]any{"sql": sql}}}
	for k, v := range db.object {
		body[k] = v
	}
	var results []sqlRows
	if err := e.post(ctx, db.api, body, &results); err != nil {
		return sqlRows{}, err
	}
	return results[0], nil
}

// tables shows the tables of a database, and the rows of the one that ?table=
// names.
func (e *explorerPages) tables(ctx context.Context, title string, db sqlOf) (*page, error) {
	list, err := e.ask(ctx, db, "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY name")
	if err != nil {
		return nil, err
	}
	pg := &page{Title: title}
	t := tableView{Title: "Tables", Columns: []string{"Name", "Type"}, Empty: "no tables"}
	var names []string
	for _, row := range list.Rows {
		name := fmt.Sprint(row[0])
		names = append(names, name)
		t.Rows = append(t.Rows, []cellView{{name, at(db.page...) + "?" + url.Values{"table": {name}}.Encode()}, {Text: fmt.Sprint(row[1])}})
	}
	pg.Tables = append(pg.Tables, t)
	if name := e.query.Get("table"); slices.Contains(names, name) {
		rows, err := e.rows(ctx, db, name)
		if err != nil {
			return nil, err
		}
		pg.Tables = append(pg.Tables, rows)
	}
	return pg, nil
}

func (e *explorerPages) rows(ctx context.Context, db sqlOf, name string) (tableView, error) {
	offset, _ := strconv.Atoi(e.query.Get("offset"))
	offset = max(offset, 0)
	sql := fmt.Sprintf(`SELECT * FROM "%s" LIMIT %d OFFSET %d`, strings.ReplaceAll(name, `"`, `""`), explorerRows+1, offset)
	r, err := e.ask(ctx, db, sql)
	if err != nil {
		return tableView{}, err
	}
	t := tableView{Title: name, Columns: r.Columns, Empty: "no rows"}
	for i, row := range r.Rows {
		if i == explorerRows {
			t.Next = e.with(at(db.page...), "offset", strconv.Itoa(offset+explorerRows))
			break
		}
		texts := make([]string, len(row))
		for j, v := range row {
			texts[j] = sqlText(v)
		}
		t.Rows = append(t.Rows, cells(texts...))
	}
	return t, nil
}

// sqlText is a value of a row, which came as JSON.
func sqlText(v any) string {
	const long = 200
	text := fmt.Sprint(v)
	switch v := v.(type) {
	case nil:
		return "NULL"
	case float64:
		text = strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		text = fmt.Sprintf("%d bytes", len(v))
	}
	if r := []rune(text); len(r) > long {
		text = string(r[:long]) + "…"
	}
	return text
}

func (e *explorerPages) objects(ctx context.Context, class string) (*page, error) {
	var list []struct{ ID, Name string }
	var info struct{ Cursor string }
	if err := e.get(ctx, explorer.Path("workers", "durable_objects", "namespaces", class, "objects"), e.part(), &list, &info); err != nil {
		return nil, err
	}
	t := tableView{Columns: []string{"Id", "Name"}, Empty: "no object stored anything"}
	for _, o := range list {
		t.Rows = append(t.Rows, []cellView{{o.ID, at("do", class, o.ID)}, {Text: o.Name}})
	}
	if info.Cursor != "" {
		t.Next = e.with(at("do", class), "cursor", info.Cursor)
	}
	return &page{Title: "Durable Objects " + class, Tables: []tableView{t}}, nil
}

// object shows the tables and keys of an object: path is do, class, id.
func (e *explorerPages) object(ctx context.Context, path []string) (*page, error) {
	api := explorer.Path("workers", "durable_objects", "namespaces", path[1], "query")
	pg, err := e.tables(ctx, "Object "+path[2], sqlOf{path, api, map[string]any{"durable_object_id": path[2]}})
	if err != nil {
		return nil, err
	}
	keys, err := e.stored(path[1], path[2])
	pg.Tables = append(pg.Tables, keys)
	return pg, err
}

// stored lists the keys of an object's storage. Their values only its code can
// read.
func (e *explorerPages) stored(class, id string) (tableView, error) {
	t := tableView{Title: "Keys", Columns: []string{"Key", "Bytes"}, Empty: "no keys"}
	err := durable.Each(e.p.Session(), func(key string, _ *actor.Namespace, store *durable.Namespace) error {
		if key != class {
			return nil
		}
		s, err := store.Object(id)
		if err != nil {
			return err
		}
		entries, err := s.List(durable.Range{Limit: explorerRows})
		for _, entry := range entries {
			t.Rows = append(t.Rows, cells(entry.Key, strconv.Itoa(len(entry.Value))))
		}
		return err
	})
	return t, err
}

func unixTime(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }
