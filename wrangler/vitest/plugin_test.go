package vitest_test

import (
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
)

// TestPlugin runs tests of cloudflare:test that pass under Cloudflare's own
// plugin too (@cloudflare/vitest-plugin 1.0): to try it there, copy the folder
// and add a vitest.config that names its wrangler.jsonc.
func TestPlugin(t *testing.T) {
	run, got := execute(t, options(t, "plugin"))
	passed := 0
	for _, f := range run.Files {
		for task := range f.Tests() {
			if task.State == vitest.Pass {
				passed++
			}
		}
	}
	if run.Failed() || passed != 18 {
		t.Errorf("%d passed: %q", passed, got)
	}
}
