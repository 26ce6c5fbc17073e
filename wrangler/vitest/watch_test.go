package vitest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/vitest"
)

// runs is a reporter that passes on how each run ended.
type runs struct {
	silent
	ended chan string
}

func (r *runs) End(run *vitest.Run) error {
	var parts []string
	for _, f := range run.Files {
		state := "passed"
		if f.Failed() {
			state = "failed"
		}
		parts = append(parts, f.Name+" "+state)
	}
	r.ended <- strings.Join(parts, ", ")
	return nil
}

// silent is a reporter of nothing.
type silent struct{}

func (silent) Start(*vitest.Run)               {}
func (silent) Test(*vitest.File, *vitest.Task) {}
func (silent) File(*vitest.File)               {}
func (silent) Log(vitest.Log)                  {}
func (silent) End(*vitest.Run) error           { return nil }

// buffer can be written to and read from at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

const watchPatience = time.Minute

// watched is a project whose tests are being watched.
type watched struct {
	t    *testing.T
	dir  string
	runs *runs
	out  *buffer
	keys chan byte
	done chan error
	last string // what want wanted last
}

func newWatched(t *testing.T, files map[string]string, change ...func(*vitest.Options)) *watched {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{t: t, dir: dir, runs: &runs{ended: make(chan string)}, out: &buffer{}, keys: make(chan byte), done: make(chan error, 1)}
	for name, text := range files {
		w.write(name, text)
	}
	locations, err := config.FindWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	load := config.LoadOptions{Environ: func(string) (string, bool) { return "", false }, Now: time.Unix(1_800_000_000, 0), Cwd: dir}
	o := vitest.Options{
		Locations: locations, Load: load, Primary: load, Root: dir, AllowOnly: true, Update: "new", Out: w.out,
		Timeout: watchPatience, Hooks: watchPatience, Workers: 1, Keys: w.keys,
		Renew: func() ([]vitest.Reporter, func() error, error) {
			return []vitest.Reporter{w.runs}, func() error { return nil }, nil
		},
	}
	for _, f := range change {
		f(&o)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { w.done <- vitest.Watch(ctx, o) }()
	t.Cleanup(func() {
		cancel()
		for limit := time.After(watchPatience); ; {
			select {
			case <-w.runs.ended: // nobody waits for it any more
				continue
			case err := <-w.done:
				if err != nil {
					t.Error(err)
				}
			case <-limit:
				t.Error("it does not end")
			}
			return
		}
	})
	return w
}

func (w *watched) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// want waits for the end of the next run. The run before may come again: the
// system may tell of one write in several parts.
func (w *watched) want(outcome string) {
	w.t.Helper()
	before := w.last
	w.last = outcome
	for limit := time.After(watchPatience); ; {
		select {
		case got := <-w.runs.ended:
			if got == before && got != outcome {
				continue
			}
			if got != outcome {
				w.t.Errorf("ran %q, want %q", got, outcome)
			}
		case <-limit:
			w.t.Fatalf("nothing ran, want %q\n%s", outcome, w.out)
		}
		return
	}
}

// says waits until something is printed.
func (w *watched) says(text string) {
	w.t.Helper()
	for range int(watchPatience / time.Millisecond) {
		if strings.Contains(w.out.String(), text) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	w.t.Fatalf("not printed: %q\n%s", text, w.out)
}

func (w *watched) press(keys string) {
	w.t.Helper()
	for _, k := range []byte(keys) {
		select {
		case w.keys <- k:
		case <-time.After(watchPatience):
			w.t.Fatalf("nobody takes the key %q", k)
		}
	}
}

func TestWatch(t *testing.T) {
	test := func(body string) string {
		return `import { env, SELF } from "cloudflare:test"; import { expect, it } from "vitest"; import { two } from "./lib"; it("works", async () => {` + body + `});`
	}
	config := func(answer string) string {
		return fmt.Sprintf(`{ "name": "w", "main": "index.ts", "compatibility_date": "2026-08-01", "vars": { "ANSWER": %q } }`, answer)
	}
	w := newWatched(t, map[string]string{
		"wrangler.jsonc": config("42"),
		"index.ts":       `export default { fetch() { return new Response("hi"); } }`,
		"lib.ts":         `export const two = 2;`,
		"a.test.ts":      test(`expect(two).toBe(2);`),
		"b.test.ts":      `import { env, SELF } from "cloudflare:test"; import { expect, it } from "vitest"; it("answers", async () => { expect(await (await SELF.fetch("https://x/")).text() + env.ANSWER).toBe("hi42"); });`,
	})
	w.want("a.test.ts passed, b.test.ts passed")
	w.says("Waiting for file changes")

	w.write("lib.ts", `export const two = 3;`)
	w.want("a.test.ts failed")
	w.press("f")
	w.want("a.test.ts failed")
	w.write("lib.ts", `export const two = ;`)
	w.want("a.test.ts failed")
	w.write("lib.ts", `export const two = 2;`)
	w.want("a.test.ts passed")

	w.write("c.test.ts", test(`expect(two).not.toBe(3);`))
	w.want("c.test.ts passed")
	w.write("index.ts", `export default { fetch() { return new Response("ho"); } }`)
	w.want("a.test.ts passed, b.test.ts failed, c.test.ts passed")

	w.write("wrangler.jsonc", `{ "name": 1 }`)
	w.says(`"name"`)
	w.write("wrangler.jsonc", config("43"))
	w.want("a.test.ts passed, b.test.ts failed, c.test.ts passed")
	w.write("b.test.ts", `import { SELF } from "cloudflare:test"; import { expect, it } from "vitest"; it("answers", async () => { expect(await (await SELF.fetch("https://x/")).text()).toMatchInlineSnapshot(); });`)
	w.want("b.test.ts passed")
	w.want("b.test.ts passed") // the snapshot is in the file now

	w.press("pc.te\r")
	w.want("c.test.ts passed")
	w.press("p\r")
	w.want("a.test.ts passed, b.test.ts passed, c.test.ts passed")
	if err := os.Remove(filepath.Join(w.dir, "a.test.ts")); err != nil {
		t.Fatal(err)
	}
	w.press("a")
	select {
	case got := <-w.runs.ended:
		if !strings.HasSuffix(got, "b.test.ts passed, c.test.ts passed") {
			t.Errorf("ran %q", got)
		}
	case <-time.After(watchPatience):
		t.Fatal("nothing ran")
	}
	w.press("q")
}
