//go:build unix

package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestBrowser uses the example as two people would, edits its source under
// them, and restarts the server.
func TestBrowser(t *testing.T) {
	t.Parallel()
	dir, state := copyExample(t), t.TempDir()
	p := start(t, dir, state)
	browser := newBrowser(t)

	first := browser.tab(t, p.url+"/")
	first.do(t, "start a session",
		chromedp.SendKeys(chromedp.CSS("#title"), "Meeting"),
		chromedp.Click(chromedp.CSS("form.create button")),
		chromedp.WaitEnabled(chromedp.CSS("#text")))
	first.until(t, `document.querySelector(".people")?.textContent`, "only you")
	link, err := chromedp.Run(first.ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	second := browser.tab(t, link)
	second.do(t, "open the link", chromedp.WaitEnabled(chromedp.CSS("#text")))
	for _, tab := range []*tab{first, second} {
		tab.until(t, `document.querySelector(".people")?.textContent`, "2 here")
		tab.until(t, `document.querySelector("h1")?.textContent`, "Meeting")
	}
	first.write(t, "from the first")
	second.until(t, text, "from the first")
	second.write(t, ", from the second")
	first.until(t, text, "from the first, from the second")

	id := link[strings.LastIndexByte(link, '/')+1:]
	t.Run("edit the API", func(t *testing.T) {
		const old, edited = "limit is a whole number from 1 to 100.", "limit has to be from 1 to 100."
		if a := p.get(t, "/api/sessions?limit=0"); !strings.Contains(a.body, old) {
			t.Fatalf("before the edit: %s", a.body)
		}
		edit(t, filepath.Join(dir, "packages/sessions/src/api.ts"), old, edited)
		eventually(t, "the edited API answers", patience, func() bool {
			return strings.Contains(p.get(t, "/api/sessions?limit=0").body, edited)
		})
		first.write(t, ".")
		second.until(t, text, "from the first, from the second.")
	})
	t.Run("edit the room", func(t *testing.T) {
		edit(t, filepath.Join(dir, "packages/shared/room.ts"), `clients, document });`, `clients: clients + 40, document });`)
		eventually(t, "the edited room answers", patience, func() bool { return snapshot(t, p, id).Clients > 40 })
		// The tabs may have to connect anew; nothing may be lost by it.
		for _, tab := range []*tab{first, second} {
			tab.until(t, status, "live")
			tab.until(t, text, "from the first, from the second.")
		}
		second.write(t, " Edited.")
		first.until(t, text, "from the first, from the second. Edited.")
	})
	t.Run("restart", func(t *testing.T) {
		want := snapshot(t, p, id).Document
		p.stop(syscall.SIGTERM) // before the room's alarm can have brought everything to R2
		first.until(t, status, "offline")
		_, port, _ := strings.Cut(p.addr, ":")
		p := start(t, dir, state, "--port", port)
		if got := snapshot(t, p, id).Document; got != want {
			t.Errorf("the room has %+v, had %+v", got, want)
		}
		for _, tab := range []*tab{first, second} {
			tab.until(t, status, "live")
			tab.until(t, text, want.Content)
		}
		first.write(t, " Restarted.")
		second.until(t, text, want.Content+" Restarted.")
		eventually(t, "R2 has the last edit", patience, func() bool {
			var stored document
			return json.Unmarshal([]byte(p.get(t, "/api/share/"+id).body), &stored) == nil && stored.Content == want.Content+" Restarted."
		})
	})
}

type document struct {
	Title, Content string
	Seq            int
}

// snapshot joins the room for as long as it takes to be told what is in it.
func snapshot(t *testing.T, p *program, id string) (s struct {
	Clients  int
	Document document
}) {
	t.Helper()
	sock, _, err := p.connect(t, "/ws/"+id, "")
	if err != nil {
		return s
	}
	defer sock.conn.CloseNow()
	f, err := sock.next()
	if err != nil {
		t.Fatal(err)
	}
	if !f.closed { // else it came while the room was exchanged
		if err := json.Unmarshal([]byte(f.data), &s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// copyExample copies examples/share, so that it can be edited.
func copyExample(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "share")
	if err := os.CopyFS(dir, os.DirFS(example("share"))); err != nil {
		t.Fatal(err)
	}
	for _, scratch := range []string{".miniworker", ".wrangler"} {
		if err := os.RemoveAll(filepath.Join(dir, scratch)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// edit replaces text in a file, as an editor saves it.
func edit(t *testing.T, file, old, edited string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), old) != 1 {
		t.Fatalf("%s has %q %d times", file, old, strings.Count(string(text), old))
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, edited, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// browser is a headless Chromium.
type browser struct{ ctx context.Context }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("there is no Chromium: install the Debian package chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for its end
		closeBrowser()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// tab is a page of a browser.
type tab struct{ ctx context.Context }

func (b *browser) tab(t *testing.T, url string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	tab := &tab{ctx}
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	return tab
}

func (tab *tab) do(t *testing.T, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Expressions about the editor.
const (
	text   = `document.querySelector("#text")?.value`
	status = `document.querySelector(".status")?.dataset.status`
)

// write types at the end of the text.
func (tab *tab) write(t *testing.T, s string) {
	t.Helper()
	tab.do(t, "type", chromedp.Evaluate[chromedp.Void](`(() => { const a = document.querySelector("#text"); a.setSelectionRange(a.value.length, a.value.length) })()`),
		chromedp.SendKeys(chromedp.CSS("#text"), s))
}

// until waits until an expression has a value.
func (tab *tab) until(t *testing.T, expression, want string) {
	t.Helper()
	condition := fmt.Sprintf("(%s) === %q", expression, want)
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingInterval(20*time.Millisecond))); err != nil {
		got, _ := chromedp.Run(tab.ctx, chromedp.Evaluate[any](expression))
		t.Fatalf("%s is %v, not %q: %v", expression, got, want, err)
	}
}
