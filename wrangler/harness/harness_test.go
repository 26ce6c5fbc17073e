package harness

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/bindings/r2"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func notes(t testing.TB, c Config) *Harness {
	t.Helper()
	c.Configs = []string{filepath.Join("testdata", "front"), filepath.Join("testdata", "notes")}
	return Start(t, c)
}

func TestRoutesAndStorage(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{})
	resp := h.Fetch("POST", "https://notes.example.com/api/notes/a", "hello", "x-tag", "t")
	if text := Text(resp); resp.StatusCode != 201 || text != "https://notes.example.com/api/notes/a 5 t" {
		t.Fatal(resp.StatusCode, text)
	}
	if e, err := h.KV("NOTES").Get(t.Context(), "a"); err != nil || e == nil || string(e.Value) != "hello" {
		t.Error(e, err)
	}
	if o, body, err := h.R2("STORE").Get(t.Context(), "a", r2.GetOptions{}); err != nil || o == nil || o.Size != 5 {
		t.Error(o, err)
	} else {
		body.Close()
	}
	if rows := h.DurableObject("COUNTER", "all").SQL("SELECT n FROM counts WHERE note = ?", "a"); fmt.Sprint(rows) != "[[1]]" {
		t.Error(rows)
	}
	if got, err := h.D1("DB").Run(t.Context(), d1.Query{SQL: "SELECT * FROM notes"}); err != nil || len(got) != 1 || fmt.Sprint(got[0].Rows) != "[[a 5]]" {
		t.Error(got, err)
	}
	if err := h.KV("NOTES").Put(t.Context(), "b", []byte("from the test"), kv.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if text := Text(h.Get("https://notes.example.com/api/notes/b")); text != "from the test" {
		t.Error(text)
	}
	if resp := h.Get("https://elsewhere.example.com/"); resp.StatusCode != http.StatusNotFound {
		t.Error(resp.StatusCode, Text(resp))
	}
	if text := Text(h.Worker("notes").Fetch("GET", "https://x.test/api/notes/b", "")); text != "from the test" {
		t.Error(text)
	}
	if _, err := h.Worker("notes").FetchError("GET", "https://x.test/throw", ""); err == nil || !strings.Contains(err.Error(), "on purpose") {
		t.Error(err)
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{})
	Text(h.Fetch("POST", "https://notes.example.com/api/notes/a", "hello"))
	resp := h.Get("https://notes.example.com/api/notes/a")
	Text(resp)
	h.Settle()
	tr := h.TraceOf(resp)
	if !tr.Through("front") || !tr.Through("notes") {
		t.Errorf("the request did not pass the workers:\n%s", tr)
	}
	for _, c := range []struct {
		target, op string
		want       int
	}{
		{"NOTES", "get", 1}, {"NOTES", "put", 0}, {"STORE", "", 0},
	} {
		if got := tr.Count(Binding, c.target, c.op); got != c.want {
			t.Errorf("%d %s of %s, want %d:\n%s", got, c.op, c.target, c.want, tr)
		}
	}
	if n := h.Trace().Count(Binding, "STORE", "put"); n != 1 {
		t.Errorf("%d writes to STORE:\n%s", n, h.Trace())
	}
	for _, r := range h.Trace() {
		if r.Kind == Binding && r.Parent == 0 {
			t.Errorf("%s has no parent", r.Name)
		}
	}
	var b strings.Builder
	if err := tr.WriteOTLP(&b); err != nil || !strings.Contains(b.String(), "NOTES.get") {
		t.Error(err, b.String())
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if text := Text(h.Get("https://notes.example.com/api/now")); text != "2026-01-01T00:00:00.000Z" {
		t.Error(text)
	}
	Text(h.Fetch("POST", "https://notes.example.com/api/remind?in=3600", ""))
	Text(h.Fetch("POST", "https://notes.example.com/api/expire?in=7200", ""))
	o := h.DurableObject("COUNTER", "all")
	count := func() string { return fmt.Sprint(o.SQL("SELECT n FROM counts WHERE note = 'alarm'")) }
	h.Clock.Advance(59 * time.Minute)
	if got := count(); got != "[]" {
		t.Error("the alarm ran early:", got)
	}
	h.Clock.Advance(2 * time.Minute)
	if got := count(); got != "[[1]]" {
		t.Error("the alarm did not run:", got)
	}
	h.Clock.Advance(3 * 24 * time.Hour) // the alarm sets itself again each hour
	if got := count(); got != "[[73]]" {
		t.Error("hourly alarms:", got)
	}
	if e, err := h.KV("NOTES").Get(t.Context(), "brief"); err != nil || e != nil {
		t.Error("did not expire:", e, err)
	}
	if text := Text(h.Get("https://notes.example.com/api/now")); text != "2026-01-04T01:01:00.000Z" {
		t.Error(text)
	}
}

// TestCron has the hourly trigger fire as the clock is advanced, and not when it
// is set; storage of objects is in the trace.
func TestCron(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{Now: time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)})
	fired := func() int { return len(h.Trace().Filter(Filter{Kind: Event, Worker: "notes", Target: "0 * * * *"})) }
	h.Clock.Set(time.Date(2026, 1, 1, 5, 30, 0, 0, time.UTC))
	if n := fired(); n != 0 {
		t.Errorf("fired %d times as the clock was set:\n%s", n, h.Trace())
	}
	h.Clock.Advance(25 * time.Minute)
	if n := fired(); n != 0 {
		t.Errorf("fired early:\n%s", h.Trace())
	}
	h.Clock.Advance(3 * time.Hour)
	if n := fired(); n != 3 {
		t.Errorf("fired %d times:\n%s", n, h.Trace())
	}
	if n := len(h.Trace().Filter(Filter{Target: "NOTES", Op: "put", Name: "cron"})); n != 3 {
		t.Errorf("the handler stored %d times:\n%s", n, h.Trace())
	}
	if tree := h.Trace().Tree(); !strings.HasPrefix(tree, "event scheduled [notes] → 0 * * * *\n  binding NOTES.put cron [notes]\n") {
		t.Errorf("%s", tree)
	}
	Text(h.Fetch("POST", "https://notes.example.com/api/remind?in=60", ""))
	if n := len(h.Trace().Filter(Filter{Kind: Storage, Op: "setAlarm"})); n != 1 {
		t.Errorf("%d alarms set:\n%s", n, h.Trace())
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{})
	get := func() string { return Text(h.Get("https://notes.example.com/api/notes/a")) }
	s := h.Snapshot()
	Text(h.Fetch("POST", "https://notes.example.com/api/notes/a", "one"))
	one := h.Snapshot()
	Text(h.Fetch("POST", "https://notes.example.com/api/notes/a", "two"))
	if got := get(); got != "two" {
		t.Error(got)
	}
	for range 3 {
		h.Restore(one)
		if got := get(); got != "one" {
			t.Error(got)
		}
		h.Restore(s)
		if got := get(); got != "none" {
			t.Error(got)
		}
	}
	h.Restore(one)
	h.Reset()
	if got := get(); got != "none" {
		t.Error(got)
	}
}

func TestWebSocket(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{})
	ws := h.WebSocket("wss://notes.example.com/ws")
	if err := ws.Write(t.Context(), websocket.MessageText, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if _, data, err := ws.Read(t.Context()); err != nil || string(data) != "echo hi" {
		t.Errorf("%s %v", data, err)
	}
	o := h.DurableObject("COUNTER", "all")
	if !o.Running() || !o.Evict() || o.Running() {
		t.Error("the object does not hibernate")
	}
	if err := ws.Write(t.Context(), websocket.MessageText, []byte("again")); err != nil {
		t.Fatal(err)
	}
	if _, data, err := ws.Read(t.Context()); err != nil || string(data) != "echo again" {
		t.Errorf("%s %v", data, err)
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{Quiet: true})
	if text := Text(h.Get("https://notes.example.com/api/fetch")); !strings.Contains(text, "Network") {
		t.Error(text)
	}
	h = notes(t, Config{Network: roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})})
	if text := Text(h.Get("https://notes.example.com/api/fetch")); text != "200" {
		t.Error(text)
	}
}

type roundTrip func(r *http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestScheduled(t *testing.T) {
	t.Parallel()
	h := notes(t, Config{})
	if err := h.Worker("notes").Scheduled("0 * * * *"); err != nil {
		t.Fatal(err)
	}
	if e, err := h.KV("NOTES").Get(t.Context(), "cron"); err != nil || e == nil || string(e.Value) != "0 * * * *" {
		t.Error(e, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := start(t, Config{Configs: []string{dir}}); err == nil {
		t.Error("started without a configuration")
	}
	write("wrangler.jsonc", `{ "name": "w", "main": "index.js", "compatibility_date": "2026-01-01" }`)
	write("index.js", "export default {")
	if _, err := start(t, Config{Configs: []string{dir}}); err == nil || !strings.Contains(err.Error(), "index.js") {
		t.Error(err)
	}
}
