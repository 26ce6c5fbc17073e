//go:build unix

package apptest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestBroken starts the example with three faults: each has to be explained at
// the start, and the app has to fail as its README says.
func TestBroken(t *testing.T) {
	t.Parallel()
	const web, sessions = "packages/web/wrangler.jsonc", "packages/sessions/wrangler.jsonc"
	p := start(t, example("share-broken"), t.TempDir(), "-c", web, "-c", sessions)
	for fault, pattern := range map[string]string{
		"two custom domains": `(?s)share\.example\.com.{1,40}claimed.*"sessions".*"web".*hint: give each Worker its own host`,
		"no Durable Object":  `(?s)"web" exports ShareRoom.*no binding and no migration.*env\.SHARE_ROOM, which is undefined.*"class_name": "ShareRoom".*"new_sqlite_classes": \["ShareRoom"\].*"script_name": "web"`,
		"sockets go astray":  `(?s)packages/web/src/index\.ts:15.*WebSockets go to the worker "sessions".*no Durable Objects.*hint:.*env\.SHARE_ROOM`,
	} {
		t.Run(fault, func(t *testing.T) { p.out.wait(t, regexp.MustCompile(pattern)) })
	}

	t.Run("the list works", func(t *testing.T) {
		if a := p.get(t, "/"); a.status != 200 || !strings.Contains(a.body, "<title>Share</title>") {
			t.Errorf("GET /: %d %s", a.status, a.body)
		}
		if a := p.get(t, "/api/sessions"); a.status != 200 || a.body != `{"sessions":[],"cursor":null}` {
			t.Errorf("GET /api/sessions: %d %s", a.status, a.body)
		}
	})
	created := p.post(t, "/api/share", "text/plain", "a text")
	var share struct{ ID string }
	if err := json.Unmarshal([]byte(created.body), &share); err != nil || created.status != 201 {
		t.Fatalf("POST /api/share: %d %s", created.status, created.body)
	}
	t.Run("sync and delete fail", func(t *testing.T) {
		if a := p.post(t, "/api/share/"+share.ID+"/sync", "application/json", `{"content":"x"}`); a.status != 500 {
			t.Errorf("sync: %d %s", a.status, a.body)
		}
		p.out.wait(t, regexp.MustCompile(`TypeError`))
		if a, err := p.do(http.MethodDelete, "/api/share/"+share.ID, "", nil, nil); err != nil || a.status != 500 {
			t.Errorf("delete: %v %d %s", err, a.status, a.body)
		}
	})
	t.Run("sockets are refused", func(t *testing.T) {
		if _, resp, err := p.connect(t, "/ws/"+share.ID, ""); err == nil || resp == nil || resp.StatusCode != 404 {
			t.Errorf("handshake: %v %v", err, resp)
		}
		p.out.wait(t, regexp.MustCompile(`(?s)refused with 404 by sessions.*ShareRoom`))
	})
}

// TestBrokenOtherOrder has the other worker win the host: no pages.
func TestBrokenOtherOrder(t *testing.T) {
	t.Parallel()
	p := start(t, example("share-broken"), t.TempDir())
	if a := p.get(t, "/"); a.status != 404 {
		t.Errorf("GET / with sessions on the host: %d", a.status)
	}
	if a := p.get(t, "/api/sessions"); a.status != 200 {
		t.Errorf("GET /api/sessions: %d", a.status)
	}
}
