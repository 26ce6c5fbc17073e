package vitest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// TestCoverage compares with what Vitest's istanbul provider reported for the
// same files. Names of functions are left out: ours has those of methods.
func TestCoverage(t *testing.T) {
	o := options(t, "coverage")
	o.Coverage = &vitest.CoverageOptions{Reporters: []string{"lcov", "json", "json-summary"}, Dir: t.TempDir()}
	run, results := execute(t, o)
	if run.Failed() {
		t.Fatalf("%v", results)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "coverage", "vitest.info"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(o.Coverage.Dir, "lcov.info"))
	if err != nil {
		t.Fatal(err)
	}
	names := func(line string) bool { return strings.HasPrefix(line, "FN:") || strings.HasPrefix(line, "FNDA:") }
	lines := slices.DeleteFunc(strings.Split(string(got), "\n"), names)
	if text := strings.Join(lines, "\n"); text != string(want) {
		t.Errorf("lcov.info differs from Vitest's:\n%s", text)
	}
	var final map[string]struct {
		Path         string
		StatementMap map[string]coverage.Location
		S            map[string]int
	}
	data, err := os.ReadFile(filepath.Join(o.Coverage.Dir, "coverage-final.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &final); err != nil {
		t.Fatal(err)
	}
	paths := final[filepath.Join(o.Root, "paths.ts")]
	if len(paths.S) != 55 || len(paths.StatementMap) != 55 || paths.Path == "" {
		t.Errorf("%d statements of paths.ts, %d with places, want Vitest's 55", len(paths.S), len(paths.StatementMap))
	}
}

func TestCoverageThresholds(t *testing.T) {
	o := options(t, "coverage")
	var out bytes.Buffer
	o.Out = &out
	o.Coverage = &vitest.CoverageOptions{Reporters: []string{"text-summary"}, Thresholds: coverage.Thresholds{Lines: 70, Functions: 80, Branches: -3}, Exclude: []string{"index.ts"}}
	run, _ := execute(t, o)
	if !run.Failed() {
		t.Error("missed thresholds do not fail the run")
	}
	for _, want := range []string{"Functions    : 75% ( 9/12 )", "ERROR: Coverage for functions (75%) does not meet global threshold (80%)", "ERROR: Uncovered branches ("} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "for lines") {
		t.Errorf("a threshold that is met is reported:\n%s", out.String())
	}
}
