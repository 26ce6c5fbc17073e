package assets

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
)

// writeTree makes a directory; a text starting with "->" is a symbolic link.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, filepath.Join(dir, name), text)
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	var err error
	if dest, ok := strings.CutPrefix(text, "->"); ok {
		err = os.Symlink(dest, path)
	} else {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func codes(diags diag.List) []string {
	var out []string
	for _, d := range diags {
		out = append(out, d.Severity.String()+" "+d.Code+" "+filepath.Base(d.Pos.File))
	}
	return out
}

func TestSymbolicLinksStayInside(t *testing.T) {
	dir := writeTree(t, map[string]string{
		"dist/sub/a.txt":     "inside",
		"dist/sub/up":        "->..",
		"dist/sub/self":      "->.",
		"dist/link":          "->sub",
		"dist/link.txt":      "->sub/a.txt",
		"dist/out":           "->../secret",
		"dist/out.txt":       "->../secret/key.txt",
		"dist/dangling.txt":  "->nowhere",
		"secret/key.txt":     "outside",
		"dist-evil/key.txt":  "outside",
		"dist/neighbour.txt": "->../dist-evil/key.txt",
	})
	abs := filepath.Join(dir, "dist", "sub", "a.txt")
	put(t, filepath.Join(dir, "dist", "absolute.txt"), "->"+abs)
	l, diags := New(Config{Directory: filepath.Join(dir, "dist")})
	want := []string{"warning asset_symlink_escapes neighbour.txt", "warning asset_symlink_escapes out", "warning asset_symlink_escapes out.txt"}
	if got := codes(diags); !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
	for path, status := range map[string]int{"/sub/a.txt": 200, "/link/a.txt": 200, "/link.txt": 200, "/absolute.txt": 200,
		"/out/key.txt": 404, "/out.txt": 404, "/neighbour.txt": 404, "/dangling.txt": 404, "/sub/up/sub/a.txt": 404} {
		if a := fetch(t, l, request("GET", path)); a.status != status || status == 200 && a.body != "inside" {
			t.Errorf("%s: %d %q, want %d", path, a.status, a.body, status)
		}
	}
}

// A file swapped for a link to the outside after the walk must not leak.
func TestLinkMadeAfterTheWalk(t *testing.T) {
	dir := writeTree(t, map[string]string{"dist/a.txt": "inside", "dist/d/b.txt": "inside", "secret/a.txt": "outside", "secret/b.txt": "outside"})
	l, _ := New(Config{Directory: filepath.Join(dir, "dist")})
	if err := os.Remove(filepath.Join(dir, "dist/a.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "dist/d")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "dist/a.txt"), "->../secret/a.txt")
	put(t, filepath.Join(dir, "dist/d"), "->../secret")
	for _, path := range []string{"/a.txt", "/d/b.txt"} {
		res, err := l.Fetch(context.Background(), request("GET", path))
		if err == nil {
			b, _ := io.ReadAll(res.Body)
			t.Errorf("%s: answered %d %q", path, res.Status, b)
		}
	}
}

func TestNoPathLeavesTheDirectory(t *testing.T) {
	dir := writeTree(t, map[string]string{"dist/index.html": "x", "dist/a/b.txt": "x", "dist/back\\slash.txt": "x", "secret.txt": "outside"})
	l, _ := New(Config{Directory: filepath.Join(dir, "dist")})
	for _, path := range []string{"/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/a/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/a/..%5c..%5csecret.txt",
		"/%2fetc%2fpasswd", "//etc/passwd", "/a%2f%2e%2e%2fa%2fb.txt", "/secret.txt%00", "/a%00/b.txt", "/a%5cb.txt", "/C:%5cwindows", "/./a/b.txt%00.html", "/a/%2e/b.txt", "/%c0%ae%c0%ae/secret.txt"} {
		if a := fetch(t, l, request("GET", path)); a.status != 404 || a.body != "" {
			t.Errorf("%s: answered %d %q %v", path, a.status, a.body, a.header)
		}
	}
	if a := fetch(t, l, request("GET", "/a%2Fb.txt")); a.status != 307 || a.header.Get("Location") != "/a/b.txt" {
		t.Errorf("an encoded slash must lead to the canonical path, got %d %v", a.status, a.header)
	}
	if a := fetch(t, l, request("GET", "/back%5Cslash.txt")); a.status != 200 {
		t.Errorf("a backslash is part of a name, got %d", a.status)
	}
}

func TestLimits(t *testing.T) {
	dir := writeTree(t, map[string]string{"small.txt": "x", "big.bin": "", "_worker.js": "x", "sub/_worker.js": "x"})
	if err := os.Truncate(filepath.Join(dir, "big.bin"), MaxFileSize+1); err != nil {
		t.Fatal(err)
	}
	l, diags := New(Config{Directory: dir})
	if got, want := codes(diags), []string{"warning assets_pages_worker _worker.js", "error asset_too_large big.bin"}; !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
	if l.Files() != 3 {
		t.Errorf("%d files", l.Files())
	}
	put(t, filepath.Join(dir, ".assetsignore"), "*.bin\n")
	if diags := l.Refresh(); len(diags) > 0 {
		t.Errorf("an .assetsignore must silence both: %v", diags)
	}
	if _, diags := New(Config{Directory: filepath.Join(dir, "nowhere")}); !diags.HasErrors() || diags[0].Code != "assets_unreadable" {
		t.Errorf("a missing directory gave %v", diags)
	}
}

func TestTooManyFiles(t *testing.T) {
	files := memory(nil)
	for i := range MaxFiles + 1 {
		files[fmt.Sprint(i)] = &fstest.MapFile{}
	}
	l, diags := New(Config{FS: files})
	if len(diags) != 1 || diags[0].Code != "assets_too_many" || l.Files() != MaxFiles {
		t.Fatalf("%d files, findings %v", l.Files(), diags)
	}
}

func TestChangesOnDisk(t *testing.T) {
	dir := writeTree(t, map[string]string{"a.txt": "one", "gone.txt": "x", "gone.html": "page"})
	path := filepath.Join(dir, "a.txt")
	l, _ := New(Config{Directory: dir})
	first := fetch(t, l, request("GET", "/a.txt"))

	put(t, path, "two")
	stamp := time.Now().Add(time.Minute)
	if err := os.Chtimes(path, stamp, stamp); err != nil {
		t.Fatal(err)
	}
	second := fetch(t, l, request("GET", "/a.txt"))
	if second.body != "two" || second.header.Get("Etag") == first.header.Get("Etag") {
		t.Errorf("an edit must show at once: %+v", second)
	}

	if err := os.Remove(filepath.Join(dir, "gone.txt")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "new.txt"), "new")
	if a := fetch(t, l, request("GET", "/new.txt")); a.status != 404 {
		t.Errorf("a new file shows after Refresh only, got %d", a.status)
	}
	if a := fetch(t, l, request("GET", "/gone.txt")); a.status != 404 {
		t.Errorf("a removed file answered %d", a.status)
	}
	if a := fetch(t, l, request("GET", "/new.txt")); a.status != 200 {
		t.Errorf("the vanished file must have caused a refresh, got %d", a.status)
	}

	// A build that removes and makes the directory anew.
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "a.txt"), "three")
	put(t, filepath.Join(dir, "_redirects"), "/r /a.txt 301\n")
	l.Refresh()
	if a := fetch(t, l, request("GET", "/a.txt")); a.body != "three" {
		t.Errorf("after a rebuild: %+v", a)
	}
	if a := fetch(t, l, request("GET", "/r")); a.status != 301 {
		t.Errorf("a new _redirects must count after Refresh: %+v", a)
	}
}

func TestLargeFileIsStreamed(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 3<<20/16)
	dir := writeTree(t, map[string]string{"big.txt": text})
	l, _ := New(Config{Directory: dir})
	res, err := l.Fetch(context.Background(), request("GET", "/big.txt"))
	if err != nil {
		t.Fatal(err)
	}
	body, ok := res.Body.(*FileBody)
	if !ok || body.Len() != int64(len(text)) {
		t.Fatalf("got a %T", res.Body)
	}
	head := make([]byte, 10)
	if _, err := io.ReadFull(body, head); err != nil || string(head) != text[:10] {
		t.Fatal(string(head), err)
	}
	var rest strings.Builder
	if n, err := io.Copy(&rest, body); err != nil || n != int64(len(text)-10) || rest.String() != text[10:] {
		t.Fatalf("copied %d bytes: %v", n, err)
	}
	body.Close()

	a := fetch(t, l, request("GET", "/big.txt"))
	if a.body != text {
		t.Error("reading gave other bytes")
	}
	again := request("GET", "/big.txt")
	again.Header.Set("If-None-Match", a.header.Get("Etag"))
	if got := fetch(t, l, again); got.status != 304 || !got.null {
		t.Errorf("got %d", got.status)
	}

	// Cut short while it is being sent.
	res, err = l.Fetch(context.Background(), request("GET", "/big.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := os.Truncate(filepath.Join(dir, "big.txt"), 100); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != io.ErrUnexpectedEOF {
		t.Errorf("a truncated file must not look complete: %v", err)
	}
}

func TestCacheIsBounded(t *testing.T) {
	var c contentCache
	for i := range 100 {
		c.put(&content{name: fmt.Sprint(i), data: make([]byte, 1<<20)})
		c.get("0") // kept alive by use
	}
	if c.bytes > cacheTotal || len(c.byKey) != c.order.Len() || c.order.Len() < 30 {
		t.Errorf("%d bytes in %d entries", c.bytes, c.order.Len())
	}
	if c.get("0") == nil || c.get("1") != nil || c.get("99") == nil {
		t.Error("the least recently used must go first")
	}
	c.put(&content{name: "99"})
	if got := c.get("99"); got.data != nil || len(c.byKey) != c.order.Len() {
		t.Error("a new version must replace the old one")
	}
}

func TestConcurrentUse(t *testing.T) {
	dir := writeTree(t, map[string]string{"a.txt": "x", "b.html": "y", "_headers": "/*\n  X-A: b\n"})
	l, _ := New(Config{Directory: dir, HasWorker: true})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				for _, p := range []string{"/a.txt", "/b", "/c"} {
					req := request("GET", p)
					if l.Decide(req).Worker {
						continue
					}
					if a := fetch(t, l, req); a.status != 200 || a.header.Get("X-A") != "b" {
						t.Errorf("%s: %+v", p, a)
					}
				}
			}
		})
	}
	for range 50 {
		l.Refresh()
	}
	wg.Wait()
}
