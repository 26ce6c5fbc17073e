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

// With coverage.include, files that no test loads are in the reports too.
func TestCoverageOfUnloadedFiles(t *testing.T) {
	o := options(t, "coverage")
	o.Coverage = &vitest.CoverageOptions{Reporters: []string{"json-summary", "html"}, Dir: t.TempDir(), Include: []string{"**/*.ts"}}
	if run, results := execute(t, o); run.Failed() {
		t.Fatalf("%v", results)
	}
	var summary map[string]map[string]struct{ Total, Covered int }
	data, err := os.ReadFile(filepath.Join(o.Coverage.Dir, "coverage-summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &summary); err != nil {
		t.Fatal(err)
	}
	got := summary[filepath.Join(o.Root, "unloaded.ts")]
	if got["statements"].Total != 3 || got["branches"].Total != 2 || got["functions"].Total != 1 || got["statements"].Covered != 0 {
		t.Errorf("unloaded.ts: %+v", got)
	}
	if paths := summary[filepath.Join(o.Root, "paths.ts")]; paths["statements"].Total != 55 {
		t.Errorf("the files it imports are counted otherwise: %+v", paths)
	}
	for page, want := range map[string][]string{
		"index.html":       {`<a href="unloaded.ts.html">unloaded.ts</a>`, `<a href="paths.ts.html">paths.ts</a>`},
		"unloaded.ts.html": {`<mark title="function not called">`, `<tr class="missed" id="L5">`, `<a href="index.html">`},
		"paths.ts.html":    {`<tr class="run"`, `title="statement not run"`, `title="branch not taken"`},
	} {
		html, err := os.ReadFile(filepath.Join(o.Coverage.Dir, page))
		if err != nil {
			t.Error(err)
		}
		for _, text := range want {
			if !strings.Contains(string(html), text) {
				t.Errorf("%s: no %s in\n%s", page, text, html)
			}
		}
	}
}

// In watch mode each run reports what its files covered, of the code as it is
// then.
func TestCoverageInWatchMode(t *testing.T) {
	w := newWatched(t, map[string]string{
		"wrangler.jsonc": `{ "name": "w", "main": "index.ts", "compatibility_date": "2026-08-01" }`,
		"index.ts":       `export default { fetch() { return new Response("hi"); } }`,
		"lib.ts":         `export const f = (x: boolean) => { if (x) return 1; return 2; };`,
		"a.test.ts":      `import { expect, it } from "vitest"; import { f } from "./lib"; it("works", () => { expect(f(true)).toBe(1); });`,
	}, func(o *vitest.Options) {
		o.Renew, o.Reporters = nil, []vitest.Reporter{silent{}}
		o.Coverage = &vitest.CoverageOptions{Reporters: []string{"text-summary"}, Include: []string{"lib.ts"}}
	})
	w.says("Statements   : 75% ( 3/4 )")
	w.write("lib.ts", `export const f = (x: boolean) => { if (!x) { return 2; } return 1; }; export const g = () => 3;`)
	w.says("Statements   : 66.66% ( 4/6 )")
	w.press("q")
}
