package dev

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func pageWorker(title string) string {
	return `export default { fetch(request: Request) {
		if (request.url.endsWith("/api")) return Response.json({ title: "` + title + `" });
		return new Response("<h1>` + title + `</h1>", { headers: { "Content-Type": "text/html" } });
	} };`
}

// visit asks as a browser does that opens a page.
func (r *running) visit(path string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(http.MethodGet, r.url+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	resp, err := client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(body)
}

// listen opens the socket of live reload.
func (r *running) listen(protocol string) *websocket.Conn {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(r.url, "http")+livePath, &websocket.DialOptions{Subprotocols: []string{protocol}})
	if err != nil {
		r.t.Fatal(err)
	}
	if conn.Subprotocol() != protocol {
		r.t.Fatalf("sub-protocol %q", conn.Subprotocol())
	}
	r.t.Cleanup(func() { conn.CloseNow() })
	return conn
}

func hear(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, text, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hearUntil reads statuses until one is as wanted.
func hearUntil(t *testing.T, conn *websocket.Conn, want func(liveStatus) bool) liveStatus {
	t.Helper()
	for {
		var st liveStatus
		if err := json.Unmarshal([]byte(hear(t, conn)), &st); err != nil {
			t.Fatal(err)
		}
		if want(st) {
			return st
		}
	}
}

// TestStalePages: while a version does not build, pages load the script that
// shows why; everything else stays as it is.
func TestStalePages(t *testing.T) {
	r := startSession(t, map[string]string{"wrangler.jsonc": helloConfig, "index.ts": pageWorker("one")})
	if _, body := r.visit("/"); body != "<h1>one</h1>" {
		t.Fatalf("%q", body)
	}
	page := r.listen(liveProtocol)
	first := hearUntil(t, page, func(st liveStatus) bool { return len(st.Stale) == 0 })

	r.write("index.ts", pageWorker("two")+"\nlet broken = ;")
	stale := hearUntil(t, page, func(st liveStatus) bool { return len(st.Stale) == 1 && st.Stale[0] == "hello" })
	if stale.Version != first.Version || stale.Build == first.Build {
		t.Errorf("%+v after %+v", stale, first)
	}
	resp, body := r.visit("/")
	if want := `<h1>one</h1><script async src="` + scriptPath + "?version=" + first.Version + `"></script>`; body != want {
		t.Errorf("%q, want %q", body, want)
	}
	if resp.ContentLength != int64(len(body)) || resp.Header.Get(staleHeader) == "" {
		t.Errorf("%v", resp.Header)
	}
	if _, body := r.visit("/api"); body != `{"title":"one"}` {
		t.Errorf("JSON: %q", body)
	}
	if _, body := r.get("/"); body != "<h1>one</h1>" {
		t.Errorf("not a browser: %q", body)
	}
	if resp, body := r.visit(scriptPath); resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/javascript") || !strings.Contains(body, liveProtocol) {
		t.Errorf("%v %.100q", resp.Header, body)
	}
	if _, body := r.visit(buildPath); !strings.Contains(body, "index.ts:5:14") || !strings.Contains(body, `let broken = ;`) || strings.Contains(body, "<script") {
		t.Errorf("the page of the errors: %s", body)
	}

	r.write("index.ts", "throw new TypeError('at once');"+pageWorker("two"))
	hearUntil(t, page, func(st liveStatus) bool { // a save may be built twice
		_, body := r.visit(buildPath)
		return len(st.Stale) == 1 && strings.Contains(body, "index.ts:1:7") && strings.Contains(body, "at once")
	})

	r.write("index.ts", pageWorker("two"))
	good := hearUntil(t, page, func(st liveStatus) bool { return len(st.Stale) == 0 })
	if good.Version == first.Version {
		t.Errorf("the version is still %s", good.Version)
	}
	if _, body := r.visit("/"); body != "<h1>two</h1>" {
		t.Errorf("%q", body)
	}
	if _, body := r.visit(buildPath); !strings.Contains(body, "newest version") {
		t.Errorf("%s", body)
	}
}

// TestLiveReload speaks wrangler's protocol, and not with other sites.
func TestLiveReload(t *testing.T) {
	r := startSession(t, map[string]string{"wrangler.jsonc": helloConfig, "index.ts": pageWorker("one")}, func(o *Options) { o.LiveReload = true })
	if _, body := r.visit("/"); !strings.Contains(body, "&amp;version=") || !strings.HasPrefix(body, `<h1>one</h1><script async src="`+scriptPath+"?reload=") {
		t.Errorf("%q", body)
	}
	conn := r.listen(wranglerProtocol)
	r.write("index.ts", pageWorker("two"))
	if text := hear(t, conn); text != "reload" {
		t.Errorf("%q", text)
	}
	if _, body := r.visit("/"); !strings.HasPrefix(body, "<h1>two</h1>") {
		t.Errorf("after the reload: %q", body)
	}
	// A changed configuration does not wait for the sockets of pages.
	r.write("wrangler.jsonc", strings.Replace(helloConfig, "{", `{ "vars": { "A": "1" },`, 1))
	r.await("the configuration is in force", func(e event) bool { return e.Type == "config" && *e.OK })

	_, resp, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(r.url, "http")+livePath, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://evil.test"}}})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign site: %v %v", resp, err)
	}
	if code, body := r.get(livePath); code != http.StatusUpgradeRequired {
		t.Errorf("%d %s", code, body)
	}
}

// TestBrokenFromTheStart: the page of a worker that never built loads anew with
// the first version.
func TestBrokenFromTheStart(t *testing.T) {
	r := startSession(t, map[string]string{"wrangler.jsonc": helloConfig, "index.ts": "let broken = ;"})
	resp, body := r.visit("/")
	if resp.StatusCode != 500 || !strings.Contains(body, `<script async src="`+scriptPath+"?reload=&amp;version=") || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Fatalf("%v %s", resp.Header, body)
	}
	page := r.listen(liveProtocol)
	first := hearUntil(t, page, func(liveStatus) bool { return true })
	r.write("index.ts", pageWorker("one"))
	hearUntil(t, page, func(st liveStatus) bool { return st.Version != first.Version && len(st.Stale) == 0 })
	if _, body := r.visit("/"); body != "<h1>one</h1>" {
		t.Errorf("%q", body)
	}
}
