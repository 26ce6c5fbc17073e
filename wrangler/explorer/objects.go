package explorer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/wrangler/config"
)

// durable answers below workers/durable_objects/namespaces.
func (c *call) durable(path []string) error {
	switch {
	case len(path) == 0:
		return c.classes()
	case len(path) == 2 && path[1] == "objects":
		return c.objectsOf(path[0])
	case len(path) == 2 && path[1] == "query":
		return c.queryObject(path[0])
	}
	return errNoRoute
}

// class is a class of Durable Objects of the project.
type class struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Script string `json:"script"`
	Class  string `json:"class"`
	SQLite bool   `json:"use_sqlite"`
}

// classList has the classes that workers of the project bind and host.
func (c *call) classList() []class {
	list := []class{}
	for _, cfg := range c.api.Configs {
		for _, b := range cfg.DurableObjects {
			script := host(cfg, b)
			id := script + "-" + b.ClassName
			if slices.ContainsFunc(list, func(o class) bool { return o.ID == id }) {
				continue
			}
			list = append(list, class{id, script + "_" + b.ClassName, script, b.ClassName, c.usesSQLite(script, b.ClassName)})
		}
	}
	return list
}

// host is the worker that a binding's class is of.
func host(cfg *config.Config, b config.DurableObjectBinding) string {
	switch {
	case b.ScriptName == "":
		return cfg.Name
	case b.Environment != "":
		return b.ScriptName + "-" + b.Environment
	}
	return b.ScriptName
}

// usesSQLite reports whether a class is not one with the legacy storage.
func (c *call) usesSQLite(script, name string) bool {
	for _, cfg := range c.api.Configs {
		if cfg.Name != script {
			continue
		}
		for _, m := range cfg.Migrations {
			if slices.Contains(m.NewClasses, name) {
				return false
			}
		}
		for _, e := range cfg.Exports {
			if e.Name == name && e.Storage == "legacy-kv" {
				return false
			}
		}
	}
	return true
}

func (c *call) classes() error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	list := c.classList()
	return c.ok(list, map[string]int{"count": len(list)})
}

func (c *call) class(id string) (*actor.Namespace, *durable.Namespace, error) {
	i := slices.IndexFunc(c.classList(), func(k class) bool { return k.ID == id })
	if i < 0 {
		return nil, nil, &Error{http.StatusNotFound, 10066, fmt.Sprintf("Durable Object namespace ID '%s' not found.", id)}
	}
	k := c.classList()[i]
	return durable.Open(c.api.Session, k.Script, k.Class)
}

// object is an object that stored something.
type object struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	Stored bool   `json:"hasStoredData"`
}

// objectsOf lists the objects of a class, after ?cursor=, at most ?limit=.
func (c *call) objectsOf(id string) error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	_, store, err := c.class(id)
	if err != nil {
		return err
	}
	limit := 1000
	if text := c.query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 10_000 {
			return errInvalid("limit must be a number from 1 to 10000.")
		}
	}
	stored, err := store.Objects()
	if err != nil {
		return err
	}
	list, cursor := []object{}, ""
	for _, o := range stored {
		if o.ID <= c.query.Get("cursor") {
			continue
		}
		if len(list) == limit {
			cursor = list[limit-1].ID
			break
		}
		list = append(list, object{o.ID, o.Name, true})
	}
	return c.ok(list, map[string]any{"count": len(list), "cursor": cursor})
}

// queryObject runs SQL on the database of an object: {"durable_object_id" or
// "durable_object_name", "queries": [{"sql", "params"}]}.
func (c *call) queryObject(id string) error {
	if err := c.only(http.MethodPost); err != nil {
		return err
	}
	ns, store, err := c.class(id)
	if err != nil {
		return err
	}
	var q struct {
		ID      string `json:"durable_object_id"`
		Name    string `json:"durable_object_name"`
		Queries []query
	}
	if err := json.NewDecoder(c.Body).Decode(&q); err != nil {
		return errInvalid("The body must be JSON: " + err.Error())
	}
	if (q.ID == "") == (q.Name == "") || len(q.Queries) == 0 {
		return errInvalid(`Say either "durable_object_id" or "durable_object_name", and "queries".`)
	}
	if q.Name != "" {
		q.ID = ns.FromName(q.Name).Hex
	}
	stored, err := store.Objects()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(stored, func(o durable.Object) bool { return o.ID == q.ID }) { // else asking would make it
		return &Error{http.StatusNotFound, 10066, fmt.Sprintf("No object %s stored anything.", q.ID)}
	}
	s, err := store.Object(q.ID)
	if err != nil {
		return errInvalid(err.Error())
	}
	out := make([]any, len(q.Queries))
	for i, one := range q.Queries {
		columns, list, read, written, err := runOn(s, one)
		if err != nil {
			return errInvalid(err.Error())
		}
		out[i] = map[string]any{"columns": columns, "rows": rows(list), "meta": map[string]int64{"rows_read": read, "rows_written": written}}
	}
	return c.ok(out, nil)
}

func runOn(s *durable.Storage, q query) (columns []string, list [][]any, read, written int64, err error) {
	cursor, err := s.Exec(q.SQL, params(q.Params))
	if err != nil {
		return nil, nil, 0, 0, err
	}
	defer cursor.Close()
	for {
		row, more, err := cursor.Next()
		if err != nil {
			return nil, nil, 0, 0, err
		}
		if !more {
			return slices.Concat([]string{}, cursor.ColumnNames()), list, cursor.RowsRead(), cursor.RowsWritten(), nil
		}
		list = append(list, row)
	}
}
