package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/miniworker/miniworker/internal/localca"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// page is the worker of these tests; its page forbids all but its own scripts.
const page = `export default { fetch() {
  return new Response("<!doctype html><h1>%s</h1>", { headers: { "Content-Type": "text/html", "Content-Security-Policy": "default-src 'self'" } });
} };%s
`

// overlay is the text of the page of errors over a page, "" if there is none.
const overlay = `document.querySelector("miniworker-overlay")?.shadowRoot.querySelector("iframe")?.contentDocument?.querySelector("figure")?.textContent ?? ""`

// edited is a project of one worker with the given title and a line after it.
func edited(t *testing.T, live bool) (addr string, write func(title, after string)) {
	t.Helper()
	t.Setenv(localca.DirVar, filepath.Join(t.TempDir(), "ca"))
	dir := t.TempDir()
	path := filepath.Join(dir, "wrangler.jsonc")
	if err := os.WriteFile(path, []byte(`{ "name": "web", "main": "index.js", "compatibility_date": "2026-01-01" }`), 0o644); err != nil {
		t.Fatal(err)
	}
	write = func(title, after string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "index.js"), fmt.Appendf(nil, page, title, after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("one", "")
	return session(t, dev.Options{Locations: []config.Location{{Path: path, UserPath: path}}, Watch: true, LiveReload: live}), write
}

// until waits for a condition, over any number of loads of the page.
func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition))
		if ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("never true: %s (%v)", condition, err)
		}
	}
}

const isBroken = `(` + overlay + `).includes("let broken = ;")`

// TestOverlay: a page that comes from an old version shows why until a version
// builds.
func TestOverlay(t *testing.T) {
	addr, write := edited(t, false)
	ctx := open(t)
	visit := func() {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Navigate("http://"+addr+"/")); err != nil {
			t.Fatal(err)
		}
	}
	visit()
	until(t, ctx, `document.querySelector("h1")?.textContent === "one" && document.scripts.length === 0`)
	write("two", "let broken = ;")
	for broken := false; !broken; { // until the build has failed
		visit()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`performance.getEntriesByType("resource").some((e) => e.name.includes("live.js"))`))
		if err != nil {
			t.Fatal(err)
		}
		broken = got
	}
	until(t, ctx, isBroken)
	until(t, ctx, `document.querySelector("h1").textContent === "one"`)
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](`document.querySelector("miniworker-overlay").shadowRoot.querySelector("button").click()`)); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `!document.querySelector("miniworker-overlay")`)
	visit()
	until(t, ctx, isBroken)
	write("two", "")
	until(t, ctx, `!document.querySelector("miniworker-overlay")`)
	until(t, ctx, `document.querySelector("h1").textContent === "one"`) // not loaded anew
}

// TestLiveReload: a page that is open follows the edits.
func TestLiveReload(t *testing.T) {
	addr, write := edited(t, true)
	ctx := open(t)
	if _, err := chromedp.Run(ctx, chromedp.Navigate("http://"+addr+"/")); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `document.querySelector("h1")?.textContent === "one"`)
	write("two", "")
	until(t, ctx, `document.querySelector("h1")?.textContent === "two"`)
	write("three", "let broken = ;")
	until(t, ctx, isBroken)
	until(t, ctx, `document.querySelector("h1")?.textContent === "two"`)
	write("four", "")
	until(t, ctx, `document.querySelector("h1")?.textContent === "four" && !document.querySelector("miniworker-overlay")`)
}
