package cache

import (
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// request is what the cache looks at of its first argument.
type request struct {
	method, url string
	// key is what the response is kept under: the URL without its fragment, or
	// cf.cacheKey.
	key    string
	header http.Header
}

// requestArg reads argument i, a Request or a URL.
func requestArg(js *jsg.Scope, a *jsg.Args, i int) (request, error) {
	if a.Len() <= i {
		a.Mismatch(i, "Request or string")
		return request{}, a.Err()
	}
	v := a.Value(i)
	if _, ok := fetch.RequestOf(v); ok {
		return requestOf(js, v.(*jsg.Object))
	}
	text := a.String(i)
	if err := a.Err(); err != nil {
		return request{}, err
	}
	u, err := url.Parse(text, "")
	if err != nil {
		return request{}, jsg.TypeErrorf("Invalid URL: %s", text)
	}
	if p := u.Protocol(); p != "http:" && p != "https:" {
		return request{}, jsg.TypeErrorf("Fetch API cannot load: %s", text)
	}
	q := request{method: "GET", url: u.WithoutHash(), header: http.Header{}}
	q.key = q.url
	return q, nil
}

func requestOf(js *jsg.Scope, o *jsg.Object) (q request, err error) {
	var props [4]jsg.Value
	for i, name := range []string{"method", "url", "headers", "cf"} {
		if props[i], err = js.Get(o, name); err != nil {
			return q, err
		}
	}
	q.method, q.url = props[0].String(), props[1].String()
	q.url, _, _ = strings.Cut(q.url, "#")
	q.key = q.url
	if h, ok := headers.From(props[2]); ok {
		q.header = h.Header().Clone()
	}
	if cf, ok := jsg.IsObject(props[3]); ok {
		key, err := js.Get(cf, "cacheKey")
		if err != nil {
			return q, err
		}
		if key.ToBoolean() {
			q.key = key.String()
		}
	}
	return q, nil
}

// wanted reads CacheQueryOptions and reports whether the request can match at
// all.
func (q *request) wanted(options *jsg.Dict) (bool, error) {
	for _, name := range []string{"ignoreSearch", "ignoreVary"} {
		if options.Has(name) {
			return false, jsg.Errorf("The '%s' field on 'CacheQueryOptions' is not implemented.", name)
		}
	}
	return q.method == "GET" || options.Bool("ignoreMethod", false), nil
}

// response is a Response argument.
type response struct {
	*fetch.Response
	status int
	header http.Header
}

func responseArg(js *jsg.Scope, a *jsg.Args, i int) (r response, err error) {
	native, ok := fetch.ResponseOf(a.Value(i))
	if !ok {
		a.Mismatch(i, "Response")
		return r, a.Err()
	}
	r.Response = native
	o := a.Value(i).(*jsg.Object)
	status, err := js.Get(o, "status")
	if err != nil {
		return r, err
	}
	r.status = int(status.ToInteger())
	h, err := js.Get(o, "headers")
	if list, ok := headers.From(h); ok {
		r.header = list.Header()
	}
	return r, err
}

// refuse is the error for what must never be put.
func (q *request) refuse(r response) error {
	switch {
	case q.method != "GET":
		return jsg.TypeErrorf("Cannot cache response to non-GET request.")
	case r.status == http.StatusPartialContent:
		return jsg.TypeErrorf("Cannot cache response to a range request (206 Partial Content).")
	case strings.Contains(strings.Join(r.header.Values("Vary"), ","), "*"):
		return jsg.TypeErrorf("Cannot cache response with 'Vary: *' header.")
	case r.status == http.StatusSwitchingProtocols:
		return jsg.TypeErrorf("Cannot cache WebSocket upgrade response.")
	}
	return nil
}

func emptyBody() wire.Body { return wire.NewBytesBody(nil) }

func inMemory(b wire.Body) bool {
	m, ok := b.(*wire.BytesBody)
	return b == nil || ok && len(m.Bytes()) <= quickSize
}
