package vitest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
)

// A test that passes at its second attempt is no failure in any report.
func TestReportsOfARetry(t *testing.T) {
	o := options(t, "isolation", "isolation.test")
	o.TestName = "begin anew"
	reports := map[string]*bytes.Buffer{"junit": {}, "github-actions": {}, "default": {}}
	for name, out := range reports {
		o.Reporters = append(o.Reporters, vitest.NewReporter(name, out, false, true))
	}
	run, _ := execute(t, o)
	if run.Failed() || passed(run) != 1 {
		t.Fatal("the test did not pass")
	}
	for name, want := range map[string]string{"junit": `failures="0"`, "default": "(retry x2)"} {
		if !strings.Contains(reports[name].String(), want) {
			t.Errorf("%s: no %s in\n%s", name, want, reports[name])
		}
	}
	for name, never := range map[string]string{"junit": "<failure", "github-actions": "::error"} {
		if strings.Contains(reports[name].String(), never) {
			t.Errorf("%s: %s in\n%s", name, never, reports[name])
		}
	}
}
