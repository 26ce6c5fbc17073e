//go:build unix

package apptest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// startCopy starts a copy of an app, so that it can be edited.
func startCopy(t *testing.T, name string, args ...string) (*program, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(app(name))); err != nil {
		t.Fatal(err)
	}
	return start(t, dir, t.TempDir(), args...), dir
}

// TestReload edits a project in every way while it is used.
func TestReload(t *testing.T) {
	t.Parallel()
	p, dir := startCopy(t, "transport", "-c", "front/wrangler.jsonc", "-c", "back/wrangler.jsonc")
	code, config := filepath.Join(dir, "front/worker.js"), filepath.Join(dir, "front/wrangler.jsonc")
	answers := func(want string) func() bool {
		return func() bool { return p.get(t, "/hello").body == want }
	}

	t.Run("an answer under way is finished by the version that began it", func(t *testing.T) {
		open := make(chan struct{})
		gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-open:
			case <-r.Context().Done():
			}
			io.WriteString(w, "second")
		}))
		defer gate.Close()
		c := p.dial(t)
		if _, err := fmt.Fprintf(c, "GET /events?gate=%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", gate.URL); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		first := make([]byte, len("data: first\n\n"))
		if _, err := io.ReadFull(resp.Body, first); err != nil {
			t.Fatal(err)
		}
		edit(t, code, `GREETING = "hello";`, `GREETING = "hello again";`)
		eventually(t, "the new version answers", patience, answers("hello again"))
		close(open)
		if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != "data: second\n\n" {
			t.Errorf("%q, %v", rest, err)
		}
	})

	t.Run("a version that does not build leaves the one before", func(t *testing.T) {
		edit(t, code, `GREETING = "hello again";`, `GREETING = "hello again`)
		p.out.wait(t, regexp.MustCompile(`front/worker\.js:\d+:\d+`))
		eventually(t, "the answer says that it is of an old version", patience, func() bool {
			a := p.get(t, "/hello")
			return a.body == "hello again" && a.header.Get("X-Miniworker-Stale") != ""
		})
		edit(t, code, `GREETING = "hello again`, `GREETING = "repaired";`)
		eventually(t, "the repaired version answers", patience, answers("repaired"))
		if stale := p.get(t, "/hello").header.Get("X-Miniworker-Stale"); stale != "" {
			t.Errorf("X-Miniworker-Stale: %s", stale)
		}
	})

	t.Run("a version that throws at once, too", func(t *testing.T) {
		edit(t, code, `const GREETING =`, `const nothing = undefined.nothing; const GREETING =`)
		p.out.wait(t, regexp.MustCompile(`(?s)TypeError.*front/worker\.js:3`))
		if a := p.get(t, "/hello"); a.body != "repaired" {
			t.Errorf("%d %.300s", a.status, a.body)
		}
		edit(t, code, `const nothing = undefined.nothing; `, ``)
		eventually(t, "it answers", patience, func() bool {
			a := p.get(t, "/hello")
			return a.body == "repaired" && a.header.Get("X-Miniworker-Stale") == ""
		})
	})

	t.Run("a variable in the configuration", func(t *testing.T) {
		if a := p.post(t, "/upload", "text/plain", "kept"); a.body != "4" {
			t.Fatalf("%d %.300s", a.status, a.body)
		}
		edit(t, code, `new Response(GREETING)`, `new Response(env.GREETING ?? "no variable")`)
		edit(t, code, `return handle(`, `if (url.pathname === "/kept") return env.BUCKET.get("upload").then(({ body }) => new Response(body)); else return handle(`)
		eventually(t, "the code that reads it answers", patience, answers("no variable"))
		edit(t, config, `"main"`, `"vars": { "GREETING": "configured" }, "main"`)
		eventually(t, "the variable is there", 2*patience, answers("configured"))
		if a := p.get(t, "/kept"); a.body != "kept" {
			t.Errorf("the bucket has %q", a.body)
		}
	})

	t.Run("a mistake in the configuration", func(t *testing.T) {
		edit(t, config, `"configured"`, `"configured`)
		p.out.wait(t, regexp.MustCompile(`front/wrangler\.jsonc:\d+:\d+.*error`))
		if a := p.get(t, "/hello"); a.body != "configured" {
			t.Errorf("%d %.300s", a.status, a.body)
		}
		edit(t, config, `"configured`, `"mended"`)
		eventually(t, "the mended configuration is in force", 2*patience, answers("mended"))
	})

	t.Run("a page", func(t *testing.T) {
		page := filepath.Join(dir, "front/public/page.txt")
		if err := os.Mkdir(filepath.Dir(page), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(page, []byte("first text"), 0o644); err != nil {
			t.Fatal(err)
		}
		edit(t, config, `"main"`, `"assets": { "directory": "public" }, "main"`)
		eventually(t, "the page is there", 2*patience, func() bool { return p.get(t, "/page.txt").body == "first text" })
		edit(t, page, "first", "second")
		eventually(t, "the page is new", patience, func() bool { return p.get(t, "/page.txt").body == "second text" })
	})

	t.Run("an editor that replaces files", func(t *testing.T) {
		text, err := os.ReadFile(code)
		if err != nil {
			t.Fatal(err)
		}
		// As vim and others save: write beside, rename over.
		for i := range 3 {
			name := fmt.Sprintf("renamed %d", i)
			edited := strings.Replace(string(text), `new Response(env.GREETING ?? "no variable")`, fmt.Sprintf("new Response(%q)", name), 1)
			if err := os.WriteFile(code+"~", []byte(edited), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(code+"~", code); err != nil {
				t.Fatal(err)
			}
			eventually(t, name, patience, answers(name))
		}
	})
}
