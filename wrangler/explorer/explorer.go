// Package explorer is the REST API over a project's stored data that the Local
// Explorer of wrangler has, so that tools made for that work here: listing,
// reading and writing KV namespaces and R2 buckets, querying D1 databases and
// Durable Objects, in Cloudflare's envelope. Pages show the same in a browser.
// The data commands of the command line are its clients, whether a session
// runs or not.
//
// Workflows are at the addresses they have there, with more of an instance's log
// and less of its configuration.
//
// What it deliberately does not: the parts about mail, feature flags and
// observability; the trace is at /cdn-cgi/local/trace.
//
// Where the truth is: the explorer of wrangler 4.164, whose API describes itself
// at the address without a further path.
package explorer

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Prefix is where a session serves the API.
const Prefix = "/cdn-cgi/local/explorer/api"

// API answers requests below Prefix.
type API struct {
	Session *bindings.Session
	Configs []*config.Config
}

// Error is a refusal with Cloudflare's number for it.
type Error struct {
	Status  int    `json:"-"`
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Envelope is the form of every answer but contents.
type Envelope struct {
	Success    bool     `json:"success"`
	Errors     []*Error `json:"errors"`
	Messages   []string `json:"messages"`
	Result     any      `json:"result"`
	ResultInfo any      `json:"result_info,omitempty"`
}

var (
	errNoRoute = &Error{http.StatusNotFound, 10000, "There is no such address in this API."}
	errMethod  = &Error{http.StatusMethodNotAllowed, 10000, "The method is not allowed here."}
)

func errInvalid(message string) *Error { return &Error{http.StatusBadRequest, 10001, message} }

// call is one request.
type call struct {
	*http.Request
	w     http.ResponseWriter
	api   *API
	query url.Values
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r, w: w, api: a, query: r.URL.Query()}
	if err := c.serve(); err != nil {
		c.fail(err)
	}
}

// serve goes by the escaped path: keys may hold slashes, dots, anything.
func (c *call) serve() error {
	path := strings.Split(strings.TrimPrefix(strings.TrimPrefix(c.URL.EscapedPath(), Prefix), "/"), "/")
	for i, p := range path {
		plain, err := url.PathUnescape(p)
		if err != nil {
			return errInvalid("The address is not percent-encoded.")
		}
		path[i] = plain
	}
	switch {
	case len(path) >= 3 && path[0] == "storage" && path[1] == "kv" && path[2] == "namespaces":
		return c.kv(path[3:])
	case len(path) >= 2 && path[0] == "r2" && path[1] == "buckets":
		return c.r2(path[2:])
	case len(path) >= 2 && path[0] == "d1" && path[1] == "database":
		return c.d1(path[2:])
	case len(path) >= 3 && path[0] == "workers" && path[1] == "durable_objects" && path[2] == "namespaces":
		return c.durable(path[3:])
	case path[0] == "workflows":
		return c.workflows(path[1:])
	case slices.Equal(path, []string{"local", "workers"}):
		return c.workers()
	}
	return errNoRoute
}

// only refuses other methods.
func (c *call) only(methods ...string) error {
	if slices.Contains(methods, c.Method) {
		return nil
	}
	c.w.Header().Set("Allow", strings.Join(methods, ", "))
	return errMethod
}

func (c *call) write(status int, e Envelope) {
	if e.Errors == nil {
		e.Errors = []*Error{}
	}
	e.Messages = []string{}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_ = json.NewEncoder(c.w).Encode(e) // a client that is gone cannot be told
}

func (c *call) fail(err error) {
	e := refusal(err)
	c.write(e.Status, Envelope{Errors: []*Error{e}})
}

// ok answers with a result.
func (c *call) ok(result, info any) error {
	c.write(http.StatusOK, Envelope{Success: true, Result: result, ResultInfo: info})
	return nil
}

// boundClass is a binding of a class of Durable Objects.
type boundClass struct {
	ID     string `json:"id"`
	Name   string `json:"bindingName"`
	Class  string `json:"className"`
	Script string `json:"scriptName"`
	SQLite bool   `json:"useSqlite"`
}

// workers lists the workers with what they bind of the data here.
func (c *call) workers() error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	type binding struct {
		ID   string `json:"id"`
		Name string `json:"bindingName"`
	}
	type bound struct {
		KV []binding    `json:"kv"`
		D1 []binding    `json:"d1"`
		R2 []binding    `json:"r2"`
		DO []boundClass `json:"do"`
	}
	type worker struct {
		Name     string `json:"name"`
		Self     bool   `json:"isSelf"`
		Bindings bound  `json:"bindings"`
	}
	list := []worker{}
	for _, cfg := range c.api.Configs {
		w := worker{Name: cfg.Name, Self: true, Bindings: bound{[]binding{}, []binding{}, []binding{}, []boundClass{}}}
		for _, k := range cfg.KVNamespaces {
			w.Bindings.KV = append(w.Bindings.KV, binding{k.ID, k.Binding})
		}
		for _, b := range cfg.R2Buckets {
			w.Bindings.R2 = append(w.Bindings.R2, binding{b.Bucket, b.Binding})
		}
		for _, d := range cfg.D1Databases {
			w.Bindings.D1 = append(w.Bindings.D1, binding{d.ID, d.Binding})
		}
		for _, d := range cfg.DurableObjects {
			script := host(cfg, d)
			w.Bindings.DO = append(w.Bindings.DO, boundClass{script + "-" + d.ClassName, d.Name, d.ClassName, script, c.usesSQLite(script, d.ClassName)})
		}
		list = append(list, w)
	}
	return c.ok(list, nil)
}
