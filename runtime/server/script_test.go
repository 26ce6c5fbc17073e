package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

const pageText = "<!doctype html><h1>Ümlaut</h1>"

func packed(encoding string) []byte {
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if encoding == "br" {
		w = brotli.NewWriter(&b)
	}
	io.WriteString(w, pageText)
	w.Close()
	return b.Bytes()
}

// TestScript asks for every kind of answer in every way, while documents are to
// load a script.
func TestScript(t *testing.T) {
	t.Parallel()
	const tag = `<script async src="/x.js?a=1&amp;b"></script>`
	browser := map[string]string{"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Accept": "text/html,*/*"}
	for name, c := range map[string]struct {
		method  string
		request map[string]string
		header  map[string]string
		body    []byte
		status  int
		encoded bool
		// want is the body, "" for the one the worker gave.
		want string
	}{
		"navigation":             {request: browser, want: pageText + tag},
		"navigation by POST":     {method: "POST", request: browser, want: pageText + tag},
		"error page":             {request: browser, status: 500, want: pageText + tag},
		"browser that says less": {request: map[string]string{"Accept": "text/html"}, want: pageText + tag},
		"curl":                   {request: map[string]string{"Accept": "*/*"}},
		"fetch of a page":        {request: map[string]string{"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Accept": "text/html"}},
		"frame":                  {request: map[string]string{"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}},
		"XMLHttpRequest":         {request: map[string]string{"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"}},
		"JSON":                   {request: browser, header: map[string]string{"Content-Type": "application/json"}},
		"event stream":           {request: browser, header: map[string]string{"Content-Type": "text/event-stream"}},
		"script":                 {request: browser, header: map[string]string{"Content-Type": "text/javascript"}},
		"no type":                {request: browser, header: map[string]string{"Content-Type": ""}},
		"download":               {request: browser, header: map[string]string{"Content-Disposition": `attachment; filename="a.html"`}},
		"part":                   {request: browser, status: 206},
		"gzip":                   {request: browser, header: map[string]string{"Content-Encoding": "gzip"}, body: packed("gzip"), encoded: true, want: pageText + tag},
		"brotli":                 {request: browser, header: map[string]string{"Content-Encoding": "br"}, body: packed("br"), encoded: true, want: pageText + tag},
		"unknown encoding":       {request: browser, header: map[string]string{"Content-Encoding": "zstd"}, encoded: true},
		"nonce":                  {request: browser, header: map[string]string{"Content-Security-Policy": "script-src 'nonce-abc+/='"}, want: pageText + `<script async src="/x.js?a=1&amp;b" nonce="abc+/="></script>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := c.body
			if body == nil {
				body = []byte(pageText)
			}
			h := http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Etag": {`"1"`}, "Last-Modified": {"Mon, 02 Jan 2006 15:04:05 GMT"}}
			for k, v := range c.header {
				h.Set(k, v)
			}
			s := pageServer(func(context.Context, *wire.Request) (*wire.Response, error) {
				return &wire.Response{Status: max(c.status, 200), Header: h, Body: wire.NewBytesBody(body), Encoded: c.encoded}, nil
			})
			method := c.method
			if method == "" {
				method = http.MethodGet
			}
			r := httptest.NewRequest(method, "/", nil)
			r.Host = "localhost"
			for k, v := range c.request {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			want, changed := c.want, c.want != ""
			if !changed {
				want = string(body)
			}
			if w.Body.String() != want {
				t.Errorf("got %q, want %q", w.Body, want)
			}
			if tagged := w.Header().Get("ETag") != ""; tagged == changed {
				t.Errorf("changed: %v, but the headers are %v", changed, w.Header())
			}
		})
	}
}

// TestScriptStreams: the pieces of a document go out as they come, and a browser
// is not told that it has the document already.
func TestScriptStreams(t *testing.T) {
	t.Parallel()
	pr, pw := io.Pipe()
	conditional := make(chan string, 2)
	s := pageServer(func(_ context.Context, r *wire.Request) (*wire.Response, error) {
		conditional <- r.Header.Get("If-None-Match")
		return &wire.Response{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: wire.NewBody(pr, -1)}, nil
	})
	srv := httptest.NewServer(s)
	defer srv.Close()
	r, err := http.NewRequest(http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Accept": {"text/html"}, "If-None-Match": {`"1"`}}
	go io.WriteString(pw, "first")
	resp, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "first" {
		t.Fatalf("%q, %v", first, err)
	}
	io.WriteString(pw, "second")
	pw.Close()
	if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != `second<script async src="/x.js?a=1&amp;b"></script>` {
		t.Errorf("%q, %v", rest, err)
	}
	if got := <-conditional; got != "" {
		t.Errorf("the worker saw If-None-Match: %s", got)
	}
}

// TestScriptHead: HEAD is answered as ever.
func TestScriptHead(t *testing.T) {
	t.Parallel()
	s := pageServer(func(context.Context, *wire.Request) (*wire.Response, error) {
		return &wire.Response{Status: 200, Header: http.Header{"Content-Type": {"text/html"}, "Content-Length": {"30"}}}, nil
	})
	r := httptest.NewRequest(http.MethodHead, "/", nil)
	r.Host = "localhost"
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Header().Get("Content-Length") != "30" || w.Body.Len() != 0 {
		t.Errorf("%v %q", w.Header(), w.Body)
	}
}

func pageServer(f wire.FetcherFunc) *Server {
	s := New(Options{Script: func() string { return "/x.js?a=1&b" }})
	s.SetGraph(&Graph{Table: routing.NewTable(routing.World{}), Workers: map[string]wire.Fetcher{"web": f}, DefaultWorker: "web"})
	return s
}
