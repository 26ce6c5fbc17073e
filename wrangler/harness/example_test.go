package harness_test

import (
	"testing"
	"time"

	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/wrangler/harness"
)

// A test of two workers: one request, what it stored, and what it caused.
func ExampleStart() {
	_ = func(t *testing.T) {
		h := harness.Start(t, harness.Config{Configs: []string{"testdata/front", "testdata/notes"}})
		resp := h.Fetch("POST", "https://notes.example.com/api/notes/a", "hello")
		if resp.StatusCode != 201 {
			t.Fatal(resp.StatusCode, harness.Text(resp))
		}
		if e, err := h.KV("NOTES").Get(t.Context(), "a"); err != nil || string(e.Value) != "hello" {
			t.Error("not stored:", err)
		}
		if tr := h.TraceOf(resp); !tr.Through("notes") || tr.Count(harness.Binding, "STORE", "put") != 1 {
			t.Errorf("unexpected:\n%s", tr)
		}
	}
}

// Tests that share a prepared state go back to it.
func ExampleHarness_Snapshot() {
	_ = func(t *testing.T) {
		h := harness.Start(t, harness.Config{Configs: []string{"testdata/notes"}})
		if err := h.KV("NOTES").Put(t.Context(), "a", []byte("prepared"), kv.PutOptions{}); err != nil {
			t.Fatal(err)
		}
		prepared := h.Snapshot()
		for _, test := range []func(t *testing.T, h *harness.Harness){} {
			h.Restore(prepared)
			test(t, h)
		}
	}
}

// Three days pass in a moment, with every alarm and expiration on the way.
func ExampleClock_Advance() {
	_ = func(t *testing.T) {
		h := harness.Start(t, harness.Config{Configs: []string{"testdata/notes"}, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		h.Fetch("POST", "https://notes.example.com/api/remind?in=3600", "")
		h.Clock.Advance(3 * 24 * time.Hour)
	}
}
