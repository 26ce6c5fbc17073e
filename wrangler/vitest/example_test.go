package vitest_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestExampleShare runs the suite that examples/share shows.
func TestExampleShare(t *testing.T) {
	run, got := execute(t, options(t, filepath.Join("..", "..", "..", "examples", "share")))
	for _, line := range got {
		if !strings.HasPrefix(line, "pass ") {
			t.Error(line)
		}
	}
	if len(got) < 15 || len(run.Files) != 2 {
		t.Errorf("%d tests in %d files", len(got), len(run.Files))
	}
	for _, f := range run.Files {
		for _, n := range f.Notes {
			t.Errorf("%s: %s", f.Name, n)
		}
	}
}
