package dev

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/r2/s3"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/explorer"
)

// TestEndpointsAreGuarded asks every address that is not a worker's the ways a
// page of another site could, and as the user does.
func TestEndpointsAreGuarded(t *testing.T) {
	known := (&Session{journal: trace.NewJournal(1)}).endpoints().patterns
	if len(known) < 25 {
		t.Fatalf("only %d addresses: %v", len(known), known)
	}
	known = append(known, "/__scheduled", "/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled", "/cdn-cgi/explorer", "GET "+server.PACPath, "GET "+s3.PublicPrefix+"bucket/key", "GET "+explorer.Prefix+"/api/local/workers")
	r := startSession(t, map[string]string{
		"wrangler.jsonc": `{ "name": "w", "main": "index.js", "compatibility_date": "2026-01-01", "routes": ["w.example.com/*"] }`,
		"index.js":       `export default { fetch: () => new Response("the worker"), scheduled() {} }`,
	}, func(o *Options) { o.TestScheduled = true })
	wild := regexp.MustCompile(`\{[^}]*\}`)
	for _, pattern := range known {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = http.MethodGet, pattern
		}
		if !strings.HasPrefix(path, "/cdn-cgi/") && path != "/__scheduled" {
			t.Errorf("%s is where the guard is not", pattern)
		}
		path = wild.ReplaceAllString(path, "x")
		for _, c := range []struct {
			name, host string
			header     [2]string
		}{
			{name: "a name rebound to this machine", host: "evil.example"},
			{name: "a script of another site", header: [2]string{"Origin", "https://evil.example"}},
			{name: "an opaque origin", header: [2]string{"Origin", "null"}},
			{name: "an image of another site", header: [2]string{"Sec-Fetch-Site", "cross-site"}},
		} {
			if status := ask(t, r.url, method, path, c.host, c.header); status != http.StatusForbidden {
				t.Errorf("%s from %s: %d", pattern, c.name, status)
			}
		}
	}
	for _, path := range []string{"/__scheduled", "/cdn-cgi/local/scheduled?cron=*+*+*+*+*", "/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled", "/cdn-cgi/explorer/api/local/workers", "/cdn-cgi/handler/clock"} {
		if status := ask(t, r.url, "GET", path, "", [2]string{}); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, host := range []string{"", "localhost", "w.localhost", "w.example.com"} {
		if status := ask(t, r.url, "GET", "/cdn-cgi/local/ready", host, [2]string{"Origin", "http://localhost:1234"}); status != http.StatusOK {
			t.Errorf("the user at %q: %d", host, status)
		}
	}
}

func ask(t *testing.T, base, method, path, host string, header [2]string) int {
	t.Helper()
	u, err := url.Parse(base + path)
	if err != nil {
		t.Fatal(err)
	}
	req := &http.Request{Method: method, URL: u, Host: host, Header: http.Header{}}
	if header[0] != "" {
		req.Header.Set(header[0], header[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
