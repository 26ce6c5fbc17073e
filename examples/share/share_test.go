// Package share_test is the example's suite in Go: both workers run in the test,
// with their routes, bindings and storage.
package share_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/wrangler/harness"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const site = "https://share.example.com"

func start(t *testing.T) *harness.Harness {
	t.Helper()
	return harness.Start(t, harness.Config{
		Configs: []string{"packages/web/wrangler.jsonc", "packages/sessions/wrangler.jsonc"},
		Now:     time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	})
}

type share struct {
	ID, Title, Content string
	Seq                int
}

func decode[T any](t *testing.T, resp *http.Response, status int) (v T) {
	t.Helper()
	text := harness.Text(resp)
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", resp.StatusCode, status, text)
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func create(t *testing.T, h *harness.Harness, content string) share {
	t.Helper()
	return decode[share](t, h.Fetch("POST", site+"/api/share", content, "Content-Type", "text/plain"), http.StatusCreated)
}

func read(t *testing.T, h *harness.Harness, id string) share {
	t.Helper()
	return decode[share](t, h.Get(site+"/api/share/"+id), http.StatusOK)
}

func TestAShareIsStoredAndRead(t *testing.T) {
	t.Parallel()
	h := start(t)
	s := create(t, h, "first line\nmore")
	resp := h.Get(site + "/api/share/" + s.ID)
	if got := decode[share](t, resp, http.StatusOK); got.Content != "first line\nmore" || got.Title != "first line" {
		t.Errorf("read %+v", got)
	}
	h.Settle()
	tr := h.TraceOf(resp)
	if !tr.Through("web") || !tr.Through("sessions") || len(tr.Filter(harness.Filter{Kind: harness.Binding, Target: "STORE"})) != 1 {
		t.Errorf("reading a share is one request through web to sessions and one read of R2, but was\n%s", tr.Tree())
	}
	page, err := h.R2("STORE").List(t.Context(), r2.ListOptions{Prefix: "shares/"})
	if err != nil || len(page.Objects) != 1 {
		t.Errorf("the bucket holds %v (%v)", page, err)
	}
}

func TestPagesOfTheAppComeFromAssets(t *testing.T) {
	t.Parallel()
	h := start(t)
	resp := h.Get(site + "/s/whatever")
	if text := harness.Text(resp); resp.StatusCode != 200 || !strings.Contains(text, "<html") {
		t.Error(resp.StatusCode, text)
	}
	if h.TraceOf(resp).Through("sessions") {
		t.Error("a page asked the API")
	}
}

// message is what a room says.
type message struct {
	Type, Content string
	Clients, Seq  int
}

func next(t *testing.T, ws *websocket.Conn, kind string) message {
	t.Helper()
	for {
		_, data, err := ws.Read(t.Context())
		if err != nil {
			t.Fatalf("waiting for %s: %v", kind, err)
		}
		var m message
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		if m.Type == kind {
			return m
		}
	}
}

func TestAnEditReachesEveryoneAndTheBucketWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	h := start(t)
	s := create(t, h, "draft")
	a, b := h.WebSocket(site+"/ws/"+s.ID), h.WebSocket(site+"/ws/"+s.ID)
	next(t, a, "snapshot")
	next(t, b, "snapshot")
	if err := a.Write(t.Context(), websocket.MessageText, []byte(`{"type":"edit","content":"better","base":1}`)); err != nil {
		t.Fatal(err)
	}
	if m := next(t, b, "edit"); m.Content != "better" {
		t.Errorf("the other one got %+v", m)
	}
	next(t, a, "ack")
	if got := read(t, h, s.ID); got.Content != "draft" {
		t.Errorf("stored before its time: %+v", got)
	}
	h.Clock.Advance(2 * time.Second)
	if got := read(t, h, s.ID); got.Content != "better" {
		t.Errorf("two seconds later R2 has %+v", got)
	}
}

func TestSnapshotsKeepTestsApart(t *testing.T) {
	t.Parallel()
	h := start(t)
	s := create(t, h, "kept")
	before := h.Snapshot()
	for range 3 {
		if resp := h.Fetch("DELETE", site+"/api/share/"+s.ID, ""); resp.StatusCode != http.StatusNoContent {
			t.Fatal(resp.StatusCode, harness.Text(resp))
		}
		if resp := h.Get(site + "/api/share/" + s.ID); resp.StatusCode != http.StatusNotFound {
			t.Error("deleted, but", resp.StatusCode)
		}
		h.Restore(before)
		if got := read(t, h, s.ID); got.Content != "kept" {
			t.Errorf("restored %+v", got)
		}
	}
}
