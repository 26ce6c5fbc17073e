package cache

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/wire"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func header(lines ...string) http.Header {
	h := http.Header{}
	for _, l := range lines {
		k, v, _ := strings.Cut(l, ": ")
		h.Add(k, v)
	}
	return h
}

func TestLifetime(t *testing.T) {
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		headers string
		want    time.Duration
	}{
		{"", 0},
		{"Cache-Control: max-age=100", 100 * time.Second},
		{"Cache-Control: MAX-AGE=\"100\"", 100 * time.Second},
		{"Cache-Control: max-age=0", 0},
		{"Cache-Control: max-age=junk", 0},
		{"Cache-Control: max-age=100, s-maxage=5", 5 * time.Second},
		{"Cache-Control: max-age=100, no-store", 0},
		{"Cache-Control: max-age=100, no-cache", 0},
		{"Cache-Control: max-age=100, private", 0},
		{"Cache-Control: max-age=100, proxy-revalidate", 0},
		{"Cache-Control: public", 0},
		{"Cache-Control: immutable", 24 * time.Hour},
		{"Cache-Control: max-age=0, stale-while-revalidate=60", time.Minute},
		{"Cache-Control: max-age=10|Cache-Control: stale-if-error=60", 70 * time.Second},
		{"Cache-Control: max-age=100|Age: 50", 50 * time.Second},
		{"Cache-Control: max-age=100|Age: 200", 0},
		{"Pragma: no-cache|Expires: " + date(time.Hour), 0},
		{"Expires: " + date(time.Hour), time.Hour},
		{"Expires: " + date(time.Hour) + "|Date: " + date(time.Minute), 59 * time.Minute},
		{"Expires: " + date(-time.Hour), 0},
		{"Expires: 0", 0},
		{"Last-Modified: " + date(-10*time.Hour), time.Hour},
		{"Last-Modified: " + date(10*time.Hour), 0},
		{"Set-Cookie: a=b|Cache-Control: max-age=100", 0},
		{"Set-Cookie: a=b|Cache-Control: max-age=100, private=\"Set-Cookie\"", 100 * time.Second},
	} {
		e := newEntry(now, http.Header{}, &wire.Response{Status: 200, Header: header(strings.Split(c.headers, "|")...)})
		var got time.Duration
		if e != nil {
			got = e.Expires.Sub(now)
		}
		if got != c.want {
			t.Errorf("%s: kept for %v, want %v", c.headers, got, c.want)
		}
	}
}

func TestHopByHopHeadersAreDropped(t *testing.T) {
	e := newEntry(now, http.Header{}, &wire.Response{Status: 200, Header: header("Cache-Control: max-age=9", "Connection: x-mine, keep-alive", "X-Mine: 1", "Keep-Alive: 5", "Transfer-Encoding: chunked", "X-Kept: 1")})
	if got := fmt.Sprint(e.Header); got != "map[Cache-Control:[max-age=9] Content-Length:[0] X-Kept:[1]]" {
		t.Error(got)
	}
}

func store(t *testing.T, m *Memory, key, content string, life time.Duration) {
	t.Helper()
	e := &Entry{Status: 200, Header: http.Header{}, Stored: now, Expires: m.o.Clock.Now().Add(life)}
	if err := m.Put(context.Background(), "", key, e, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

// load is the content under key, "-" if there is none.
func load(t *testing.T, m *Memory, key string) string {
	t.Helper()
	h, err := m.Match("", key)
	if err != nil {
		t.Fatal(err)
	}
	if h == nil {
		return "-"
	}
	defer h.Close()
	b, err := h.Open(0, h.Size)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	data, err := io.ReadAll(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestEntriesExpire(t *testing.T) {
	c := clock.NewFake(now)
	m := NewMemory(MemoryOptions{Clock: c})
	store(t, m, "a", "x", time.Minute)
	c.Advance(time.Minute - 1)
	if got := load(t, m, "a"); got != "x" {
		t.Error("before its time:", got)
	}
	c.Advance(1)
	if there, _ := m.Delete("", "a"); there {
		t.Error("an expired response counts as deleted")
	}
	store(t, m, "a", "y", time.Minute)
	c.Advance(time.Minute)
	if got := load(t, m, "a"); got != "-" {
		t.Error("after its time:", got)
	}
}

func TestOldEntriesMakeRoom(t *testing.T) {
	m := NewMemory(MemoryOptions{Clock: clock.NewFake(now), MaxMemory: 10 * (1000 + entryOverhead)})
	for i := range 10 {
		store(t, m, fmt.Sprint(i), strings.Repeat("x", 1000), time.Hour)
	}
	load(t, m, "0")
	store(t, m, "new", strings.Repeat("x", 1500), time.Hour)
	if load(t, m, "0") == "-" || load(t, m, "new") == "-" || load(t, m, "1") != "-" {
		t.Error("not the least recently used one went")
	}
	store(t, m, "huge", strings.Repeat("x", 1<<20), time.Hour)
	if load(t, m, "huge") != "-" || load(t, m, "0") == "-" {
		t.Error("a response larger than the cache was kept or emptied it")
	}
}

func TestLargeContentsAreFiles(t *testing.T) {
	dir := t.TempDir()
	m := NewMemory(MemoryOptions{Clock: clock.NewFake(now), Dir: dir, MaxDisk: 4 << 20})
	files := func() int {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	content := strings.Repeat("0123456789", 100_000)
	store(t, m, "a", content, time.Hour)
	if files() != 1 || m.memory > 2*entryOverhead || load(t, m, "a") != content {
		t.Error("one content, files:", files())
	}
	h, _ := m.Match("", "a")
	b, err := h.Open(5, 10)
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	store(t, m, "a", "small", time.Hour) // while b is being read
	var out bytes.Buffer
	if _, err := io.Copy(&out, b); err != nil || out.String() != "5678901234" {
		t.Error(out.String(), err)
	}
	if files() != 1 {
		t.Error("the file of a body still open went away")
	}
	b.Close()
	b.Close()
	if files() != 0 {
		t.Error("files left:", files())
	}
	store(t, m, "huge", strings.Repeat("x", 5<<20), time.Hour)
	if load(t, m, "huge") != "-" || files() != 0 {
		t.Error("a content larger than the disk limit was kept; files:", files())
	}
	for i := range 5 {
		store(t, m, fmt.Sprint(i), content, time.Hour)
	}
	if files() != 4 {
		t.Error("files after eviction:", files())
	}
	m.Close()
	if files() != 0 {
		t.Error("files after Close:", files())
	}
}

func TestKeptResponsesSurvive(t *testing.T) {
	dir := t.TempDir()
	c := clock.NewFake(now)
	start := func() *Memory { return NewMemory(MemoryOptions{Clock: c, Dir: dir, Keep: true}) }
	files := func() (names []string) {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			names = append(names, f.Name())
		}
		return names
	}
	large := strings.Repeat("0123456789", 100_000)
	m := start()
	store(t, m, "small", "one", time.Hour)
	store(t, m, "small", "two", time.Hour)
	store(t, m, "large", large, time.Hour)
	store(t, m, "short", "gone soon", time.Minute)
	store(t, m, "deleted", "x", time.Hour)
	if there, err := m.Delete("", "deleted"); !there || err != nil {
		t.Error(there, err)
	}
	// The process dies here: it leaves what it was writing, and nothing is closed.
	for _, name := range []string{"part-1", "response-1", "entry-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Advance(2 * time.Minute)
	m = start()
	for key, want := range map[string]string{"small": "two", "large": large, "short": "-", "deleted": "-"} {
		if got := load(t, m, key); got != want {
			t.Errorf("%s is %.20q, want %.20q", key, got, want)
		}
	}
	if n := len(files()); n != 3 { // two entries and the content of the large one
		t.Errorf("files: %v", files())
	}
	held := m.Copy()
	store(t, m, "later", "x", time.Hour)
	m.Delete("", "small")
	m.Replace(held)
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	m = start()
	if load(t, m, "small") != "two" || load(t, m, "later") != "-" {
		t.Error("what was put back did not last")
	}
	m.Close()
	m = start()
	store(t, m, "large", large+large, time.Hour) // the first thing a process does
	m.Close()
	m = start()
	if load(t, m, "small") != "two" || load(t, m, "large") != large+large {
		t.Error("what was put first did not last")
	}
	m.Delete("", "small")
	m.Delete("", "large")
	if n := len(files()); n != 0 {
		t.Errorf("files left: %v", files())
	}
}

func FuzzParseRanges(f *testing.F) {
	for _, s := range []string{"bytes=1-2", "bytes=-5", "bytes=3-", "bytes=1-2,4-9,-1", "junk", "bytes=9999999999999999999-"} {
		f.Add(s, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 0 {
			return
		}
		spans, _ := parseRanges(text, size)
		for _, s := range spans {
			if s.offset < 0 || s.length <= 0 || s.offset+s.length > size {
				t.Errorf("%q of %d: %+v", text, size, s)
			}
		}
	})
}

// FuzzFreshness looks for headers that keep a response for less than no time, or
// that parse into directives without a name.
func FuzzFreshness(f *testing.F) {
	f.Add("max-age=60, s-maxage=\"5\"", "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT")
	f.Add("no-cache=\"a,b\",immutable", "0", "")
	f.Add("max-age=99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Fuzz(func(t *testing.T, control, expires, modified string) {
		cc := parseDirectives([]string{control})
		if cc.has("") {
			t.Errorf("%q: a directive without a name", control)
		}
		h := http.Header{"Cache-Control": {control}, "Expires": {expires}, "Last-Modified": {modified}}
		if d := freshness(time.Unix(1e9, 0), h, cc); d < 0 {
			t.Errorf("%q, %q, %q: fresh for %v", control, expires, modified, d)
		}
		if left := parseDirectives([]string{dropDirective([]string{control}, "private")}); left.has("private") {
			t.Errorf("%q: private is left", control)
		}
	})
}
