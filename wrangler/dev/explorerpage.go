package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/miniworker/miniworker/bindings/queues"
	"github.com/miniworker/miniworker/wrangler/explorer"
	"github.com/miniworker/miniworker/wrangler/project"
)

// explorerPath is where pages show what the project stored; they ask the API
// below explorer.Prefix.
const explorerPath = "/cdn-cgi/local/explorer"

// explorerRows is how much a page shows at once.
const explorerRows = 100

// tableView is a table of a page.
type tableView struct {
	Title   string
	Columns []string
	Rows    [][]cellView
	// Empty says that there is nothing; Next leads to what comes after the rows.
	Empty, Next string
}

// cellView is a cell, which may lead somewhere.
type cellView struct{ Text, Href string }

// text is the table for terminals.
func (t *tableView) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(t.Title))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if len(t.Rows) > 0 {
		fmt.Fprintln(w, "  "+strings.Join(t.Columns, "\t"))
	} else {
		fmt.Fprintln(w, "  "+t.Empty)
	}
	for _, row := range t.Rows {
		texts := make([]string, len(row))
		for i, c := range row {
			texts[i] = c.Text
		}
		fmt.Fprintln(w, "  "+strings.Join(texts, "\t"))
	}
	_ = w.Flush() // into memory
	if t.Next != "" {
		fmt.Fprintf(&b, "  more: %s\n", t.Next)
	}
	return b.String()
}

func cells(texts ...string) []cellView {
	out := make([]cellView, len(texts))
	for i, t := range texts {
		out[i].Text = t
	}
	return out
}

// explorerPages writes the pages for one request.
type explorerPages struct {
	s      *Session
	p      *project.Project
	client *explorer.Client
	query  url.Values
}

// explorerAPI is the API for the project as it is now.
func explorerAPI(p *project.Project) *explorer.API {
	api := &explorer.API{Session: p.Session()}
	for _, m := range p.Members() {
		api.Configs = append(api.Configs, m.Config)
	}
	return api
}

// explorer shows the page of an address: KIND/NAME/… below explorerPath.
func (s *Session) explorer(p *project.Project) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			plain(w, http.StatusMethodNotAllowed, "pages are only read; "+explorer.Prefix+" changes what is stored")
			return
		}
		e := &explorerPages{s, p, explorer.Local(explorerAPI(p)), r.URL.Query()}
		path := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.EscapedPath(), explorerPath), "/"), "/")
		for i, part := range path {
			if text, err := url.PathUnescape(part); err == nil {
				path[i] = text
			}
		}
		pg, err := e.page(r.Context(), path)
		var refused *explorer.Error
		switch {
		case errors.As(err, &refused):
			pg = &page{Status: refused.Status, Tone: "warn", Title: refused.Message}
		case err != nil:
			pg = &page{Status: http.StatusInternalServerError, Tone: "bad", Title: err.Error()}
		}
		pg.Kind, pg.Up = "Local Explorer", explorerPath
		if pg.Status == 0 {
			pg.Status = http.StatusOK
		}
		if pg.Tone == "" {
			pg.Tone = "calm"
		}
		s.render(w, r, pg)
	}
}

func (e *explorerPages) page(ctx context.Context, path []string) (*page, error) {
	name := ""
	if len(path) > 1 {
		name = path[1]
	}
	switch {
	case path[0] == "":
		return e.overview(ctx)
	case path[0] == "kv" && len(path) == 2:
		return e.keys(ctx, name)
	case path[0] == "kv" && len(path) > 2:
		return e.value(ctx, name, strings.Join(path[2:], "/"))
	case path[0] == "r2" && len(path) == 2:
		return e.bucket(ctx, name)
	case path[0] == "d1" && len(path) == 2:
		return e.tables(ctx, "D1 database "+name, sqlOf{path, explorer.Path("d1", "database", name, "raw"), nil})
	case path[0] == "do" && len(path) == 2:
		return e.objects(ctx, name)
	case path[0] == "do" && len(path) == 3:
		return e.object(ctx, path)
	}
	return nil, &explorer.Error{Status: http.StatusNotFound, Message: "There is no such page in the Local Explorer"}
}

// at is the address of a page.
func at(parts ...string) string { return explorerPath + explorer.Path(parts...) }

// with is the address of this page for another part of what it shows.
func (e *explorerPages) with(address, name, value string) string {
	q := url.Values{}
	for k, v := range e.query {
		q[k] = v
	}
	q.Set(name, value)
	return address + "?" + q.Encode()
}

func (e *explorerPages) get(ctx context.Context, path string, q url.Values, result, info any) error {
	return e.client.Call(ctx, explorer.Request{Method: http.MethodGet, Path: path, Query: q}, result, info)
}

// overview lists everything that stores something.
func (e *explorerPages) overview(ctx context.Context) (*page, error) {
	pg := &page{Title: "What this project stores"}
	for _, kind := range []struct{ title, path, link, id, name string }{
		{"KV namespaces", "/storage/kv/namespaces", "kv", "id", "title"},
		{"D1 databases", "/d1/database", "d1", "uuid", "name"},
		{"Durable Objects", "/workers/durable_objects/namespaces", "do", "id", "class"},
	} {
		var list []map[string]any
		if err := e.get(ctx, kind.path, nil, &list, nil); err != nil {
			return nil, err
		}
		t := tableView{Title: kind.title, Columns: []string{"Name", "Id"}, Empty: "none"}
		for _, one := range list {
			id, name := fmt.Sprint(one[kind.id]), fmt.Sprint(one[kind.name])
			t.Rows = append(t.Rows, []cellView{{name, at(kind.link, id)}, {Text: id}})
		}
		pg.Tables = append(pg.Tables, t)
	}
	var list struct{ Buckets []struct{ Name string } }
	if err := e.get(ctx, "/r2/buckets", nil, &list, nil); err != nil {
		return nil, err
	}
	t := tableView{Title: "R2 buckets", Columns: []string{"Name"}, Empty: "none"}
	for _, b := range list.Buckets {
		t.Rows = append(t.Rows, []cellView{{b.Name, at("r2", b.Name)}})
	}
	q, err := e.queues()
	pg.Tables = append(pg.Tables, t, q)
	return pg, err
}

func (e *explorerPages) queues() (tableView, error) {
	t := tableView{Title: "Queues", Columns: []string{"Name", "Consumer", "Messages", "Bytes"}, Empty: "none"}
	for _, q := range queues.All(e.p.Session()) {
		m, err := q.Metrics()
		if err != nil {
			return t, err
		}
		consumer := "none"
		if c := q.Consumer(); c != nil {
			consumer = c.Worker
		}
		t.Rows = append(t.Rows, cells(q.Name(), consumer, strconv.FormatInt(m.Count, 10), strconv.FormatInt(m.Bytes, 10)))
	}
	return t, nil
}

// part is the query for a part of a listing.
func (e *explorerPages) part() url.Values {
	q := url.Values{"limit": {strconv.Itoa(explorerRows)}}
	for _, name := range []string{"prefix", "cursor"} {
		if v := e.query.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	return q
}

func (e *explorerPages) keys(ctx context.Context, id string) (*page, error) {
	var keys []explorer.Key
	var info explorer.KeysInfo
	if err := e.get(ctx, explorer.Path("storage", "kv", "namespaces", id, "keys"), e.part(), &keys, &info); err != nil {
		return nil, err
	}
	t := tableView{Columns: []string{"Key", "Expires", "Metadata"}, Empty: "no keys"}
	for _, k := range keys {
		expires := ""
		if k.Expiration != 0 {
			expires = unixTime(k.Expiration)
		}
		t.Rows = append(t.Rows, []cellView{{k.Name, at("kv", id, k.Name)}, {Text: expires}, {Text: string(k.Metadata)}})
	}
	if info.Cursor != "" {
		t.Next = e.with(at("kv", id), "cursor", info.Cursor)
	}
	return &page{Title: "KV namespace " + id, Prefix: e.prefix(), Tables: []tableView{t}}, nil
}

// prefix is what the form for a prefix holds.
func (e *explorerPages) prefix() *string {
	p := e.query.Get("prefix")
	return &p
}

// explorerValue is how much of a value a page shows.
const explorerValue = 64 << 10

func (e *explorerPages) value(ctx context.Context, id, key string) (*page, error) {
	resp, err := e.client.Do(ctx, explorer.Request{Method: http.MethodGet, Path: explorer.Path("storage", "kv", "namespaces", id, "values", key)})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, explorerValue+1))
	if err != nil {
		return nil, err
	}
	pg := &page{Title: key, Stack: string(data)}
	if len(data) > explorerValue {
		pg.Stack, pg.Lead = string(data[:explorerValue]), "Only the beginning is shown."
	}
	if !utf8.Valid(data) {
		pg.Stack = fmt.Sprintf("% x", pg.Stack)
	}
	pg.Plain = pg.Stack
	return pg, nil
}

func (e *explorerPages) bucket(ctx context.Context, name string) (*page, error) {
	var objects []explorer.Object
	var info explorer.ObjectsInfo
	q := e.part()
	q.Set("per_page", q.Get("limit"))
	if err := e.get(ctx, explorer.Path("r2", "buckets", name, "objects"), q, &objects, &info); err != nil {
		return nil, err
	}
	t := tableView{Columns: []string{"Key", "Bytes", "Modified", "ETag"}, Empty: "no objects"}
	for _, o := range objects {
		href := explorer.Prefix + explorer.Path("r2", "buckets", name, "objects", o.Key)
		t.Rows = append(t.Rows, []cellView{{o.Key, href}, {Text: strconv.FormatInt(o.Size, 10)}, {Text: fmt.Sprint(o.LastModified)}, {Text: o.ETag}})
	}
	if info.Cursor != "" {
		t.Next = e.with(at("r2", name), "cursor", info.Cursor)
	}
	return &page{Title: "R2 bucket " + name, Prefix: e.prefix(), Tables: []tableView{t}}, nil
}

// post sends v.
func (e *explorerPages) post(ctx context.Context, path string, v, result any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return e.client.Call(ctx, explorer.Request{Method: http.MethodPost, Path: path, Body: bytes.NewReader(data), Length: int64(len(data))}, result, nil)
}
