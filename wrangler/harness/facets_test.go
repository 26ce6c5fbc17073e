package harness

import (
	"bytes"
	"testing"

	"github.com/miniworker/miniworker/bindings"
)

// What facets store is part of the state: snapshots, archives, resets.
func TestFacetsAreState(t *testing.T) {
	t.Parallel()
	h := Start(t, Config{Configs: []string{"testdata/facets"}})
	want := func(answer string) {
		t.Helper()
		if got := Text(h.Worker("facets").Fetch("GET", "https://x.test/", "")); got != answer {
			t.Errorf("%q, want %q", got, answer)
		}
	}
	want("1 1")
	want("2 2")
	then := h.Snapshot()
	s := h.project.Session()
	var archive bytes.Buffer
	if err := s.Export(t.Context(), "", &archive); err != nil {
		t.Fatal(err)
	}
	want("3 3")
	h.Restore(then)
	want("3 3")
	h.Reset()
	want("1 1")
	if _, err := s.Import("from", &archive); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(t.Context(), "from", bindings.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	want("3 3")
}
