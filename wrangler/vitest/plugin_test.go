package vitest_test

import "testing"

// TestPlugin runs tests of cloudflare:test that pass under Cloudflare's own
// plugin too (@cloudflare/vitest-plugin 1.0): to try it there, copy the folder
// and add a vitest.config that names its wrangler.jsonc.
func TestPlugin(t *testing.T) {
	run, got := execute(t, options(t, "plugin"))
	if n := passed(run); run.Failed() || n != 18 {
		t.Errorf("%d passed: %q", n, got)
	}
}

// TestThrows has what a worker throws reach whoever fetched from it.
func TestThrows(t *testing.T) {
	run, got := execute(t, options(t, "throws"))
	if n := passed(run); run.Failed() || n != 18 {
		t.Errorf("%d passed: %q", n, got)
	}
}

// TestPatterns has what projects with tests for Cloudflare's plugin do; it
// passes there too.
func TestPatterns(t *testing.T) {
	run, got := execute(t, options(t, "patterns"))
	if n := passed(run); run.Failed() || n != 13 {
		t.Errorf("%d passed: %q", n, got)
	}
}
