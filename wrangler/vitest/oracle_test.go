package vitest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
)

// recorded is a test as real Vitest reported it.
type recorded struct {
	Name, State string
	Errors      []recordedError
}

type recordedError struct{ Name, Message, Diff string }

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestOracle runs files that Vitest itself ran (testdata/oracle/README.md):
// verdicts, messages and diffs are the same.
func TestOracle(t *testing.T) {
	for _, name := range []string{"api", "matchers"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "oracle", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var want []recorded
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			run, err := vitest.Execute(t.Context(), options(t, "oracle", name+".test"))
			if err != nil {
				t.Fatal(err)
			}
			f := run.Files[0]
			for _, e := range append(f.Errors, f.Unhandled...) {
				t.Errorf("%s", e.Title())
			}
			var got []recorded
			for task := range f.Tests() {
				got = append(got, outcome(task))
			}
			if len(got) != len(want) {
				t.Errorf("%d tests, Vitest has %d", len(got), len(want))
			}
			bad := 0
			for i := range min(len(got), len(want)) {
				a, b := fmt.Sprintf("%+v", got[i]), fmt.Sprintf("%+v", want[i])
				if a == b {
					continue
				}
				if bad++; bad <= 20 {
					t.Errorf("got  %s\nwant %s", a, b)
				}
			}
			if bad > 20 {
				t.Errorf("%d differ", bad)
			}
		})
	}
}

func outcome(task *vitest.Task) recorded {
	r := recorded{Name: task.FullName(" > "), State: map[vitest.State]string{"pass": "passed", "fail": "failed", "skip": "skipped", "todo": "skipped"}[task.State]}
	for _, e := range task.Errors {
		r.Errors = append(r.Errors, recordedError{e.Name, e.Message, colour.ReplaceAllString(e.Diff, "")})
	}
	return r
}
