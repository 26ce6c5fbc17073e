package assets

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/runtime/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newLayer builds a layer over files in memory and expects no finding.
func newLayer(t testing.TB, cfg Config, files map[string]string) *Layer {
	t.Helper()
	cfg.FS = memory(files)
	l, diags := New(cfg)
	if len(diags) > 0 {
		t.Fatalf("unexpected findings: %v", diags)
	}
	return l
}

func memory(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[strings.TrimPrefix(name, "/")] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func request(method, url string) *wire.Request {
	if method == "" {
		method = "GET"
	}
	if strings.HasPrefix(url, "/") {
		url = "https://site.example.com" + url
	}
	return &wire.Request{Method: method, URL: url, Header: http.Header{}}
}

type answer struct {
	status int
	header http.Header
	body   string
	null   bool
}

func fetch(t testing.TB, l *Layer, req *wire.Request) answer {
	t.Helper()
	res, err := l.Fetch(context.Background(), req)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	a := answer{status: res.Status, header: res.Header, null: res.Body == nil}
	if res.Body != nil {
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if n := res.Body.Len(); n != int64(len(b)) {
			t.Errorf("the body promised %d bytes and had %d", n, len(b))
		}
		res.Body.Close()
		a.body = string(b)
	}
	return a
}
