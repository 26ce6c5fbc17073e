package explorer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newClient(t *testing.T) *Client {
	t.Helper()
	cfg := &config.Config{Name: "app", KVNamespaces: []config.KVNamespace{{Binding: "KV", ID: "one"}}, R2Buckets: []config.R2Bucket{{Binding: "B", Bucket: "photos"}}}
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	t.Cleanup(func() { s.Close() })
	return Local(&API{Session: s, Configs: []*config.Config{cfg}})
}

// awkward are keys that routers and clients like to disagree about.
var awkward = []string{"plain", "a//b/../c/./d", "ü 😀?&#", "100%25", "a/", "/a"}

func TestKeysOfAnyForm(t *testing.T) {
	c, ctx := newClient(t), t.Context()
	for _, at := range [][]string{{"storage", "kv", "namespaces", "one", "values"}, {"r2", "buckets", "photos", "objects"}} {
		for _, key := range awkward {
			path := Path(append(at, key)...)
			if err := c.Call(ctx, Request{Method: http.MethodPut, Path: path, Body: strings.NewReader(key), Length: int64(len(key))}, nil, nil); err != nil {
				t.Fatalf("put %q: %v", key, err)
			}
			resp, err := c.Do(ctx, Request{Method: http.MethodGet, Path: path})
			if err != nil {
				t.Fatalf("get %q: %v", key, err)
			}
			data, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if string(data) != key || err != nil {
				t.Errorf("%q holds %q, %v", key, data, err)
			}
			if err := c.Call(ctx, Request{Method: http.MethodDelete, Path: path}, nil, nil); err != nil {
				t.Fatalf("delete %q: %v", key, err)
			}
			if _, err := c.Do(ctx, Request{Method: http.MethodGet, Path: path}); err == nil {
				t.Errorf("%q is still there", key)
			}
		}
	}
}

func TestPages(t *testing.T) {
	c, ctx := newClient(t), t.Context()
	for i := range 25 {
		path := Path("storage", "kv", "namespaces", "one", "values", fmt.Sprintf("k%02d", i))
		if err := c.Call(ctx, Request{Method: http.MethodPut, Path: path, Body: strings.NewReader("v"), Length: 1}, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	q := url.Values{"limit": {"10"}, "prefix": {"k"}}
	for {
		var page []Key
		var info KeysInfo
		if err := c.Call(ctx, Request{Method: http.MethodGet, Path: "/storage/kv/namespaces/one/keys", Query: q}, &page, &info); err != nil {
			t.Fatal(err)
		}
		for _, k := range page {
			all = append(all, k.Name)
		}
		if info.Cursor == "" {
			break
		}
		q.Set("cursor", info.Cursor)
	}
	if len(all) != 25 || all[0] != "k00" || all[24] != "k24" {
		t.Errorf("listed %v", all)
	}
}

func TestRefusals(t *testing.T) {
	c := newClient(t)
	for _, tt := range []struct {
		method, path, body, want string
		status                   int
	}{
		{"GET", "/storage/kv/namespaces/two/keys", "", "no worker of this project binds it", 404},
		{"GET", "/r2/buckets/other/objects", "", "no worker of this project binds", 404},
		{"GET", "/r2/buckets/photos/objects/none", "", "The specified key does not exist.", 404},
		{"GET", "/nothing", "", "There is no such address", 404},
		{"POST", "/r2/buckets", "", "not allowed", 405},
		{"GET", "/storage/kv/namespaces/one/keys?limit=x", "", "limit: expected a whole number", 400},
		{"PUT", "/storage/kv/namespaces/one/values/k?expiration_ttl=5", "v", "Expiration TTL must be at least 60", 400},
		{"PUT", "/storage/kv/namespaces/one/bulk", `[{"key":"a","value":"1"},{"key":"b"}]`, `pair 1 (key "b"): expected "value" to be a string; the 1 before it are written`, 400},
		{"PUT", "/storage/kv/namespaces/one/bulk", `{`, "not the JSON that is expected", 400},
		{"PUT", "/r2/buckets/photos/objects/" + strings.Repeat("k", 1025), "v", "object name is not valid", 400},
	} {
		_, err := c.Do(t.Context(), Request{Method: tt.method, Path: tt.path, Body: strings.NewReader(tt.body), Length: int64(len(tt.body))})
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Status != tt.status || !strings.Contains(e.Message, tt.want) {
			t.Errorf("%s %s: %v", tt.method, tt.path, err)
		}
	}
}

// TestInProcessStreams sends and reads more than would be buffered by accident,
// and gives up in the middle.
func TestInProcessStreams(t *testing.T) {
	c := newClient(t)
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	path := Path("r2", "buckets", "photos", "objects", "big")
	if err := c.Call(t.Context(), Request{Method: http.MethodPut, Path: path, Body: bytes.NewReader(content), Length: -1}, nil, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	resp, err := c.Do(ctx, Request{Method: http.MethodGet, Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(resp.Body, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	cancel()
	resp.Body.Close() // ends the handler; goleak sees whether it does
}
