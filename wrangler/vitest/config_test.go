package vitest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
)

// TestConfig runs a project whose vitest.config reads migrations, as those that
// use D1 do, and says what of it has no counterpart.
func TestConfig(t *testing.T) {
	o := options(t, "config")
	var out bytes.Buffer
	o.Out, o.Found = &out, true
	run, got := execute(t, o)
	compare(t, got, `
pass has tables, variables and definitions of the configuration
pass has stores of the configuration
pass asks functions of the configuration
pass has the further workers of the configuration
pass begins with what the setup file left
`)
	if run.Failed() {
		t.Error("the run failed")
	}
	if want := "note: vitest.config.ts sets what has no counterpart here and is ignored: miniflare.workers[0].cachePersist, test.globalSetup, test.sequence.concurrent.\n" +
		"note: there is no worker gone of miniflare.workers: no configuration has that name, and its scriptPath \"./dist/gone.js\" is no file. Build it first, or name its wrangler configuration with -c.\n"; out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
}

// What a flag says wins over the configuration.
func TestConfigAndFlags(t *testing.T) {
	o := options(t, "config")
	o.Include = []string{"**/*.test.ts"}
	if _, err := vitest.Execute(t.Context(), o); err != vitest.ErrNoTests {
		t.Errorf("got %v", err)
	}
	o.Include = nil
	o.Setup = nil
	o.Primary.Vars = map[string]string{"LIMIT": "8"}
	_, got := execute(t, o)
	if text := strings.Join(got, "\n"); !strings.Contains(text, "fail has tables") {
		t.Errorf("--var does not win: %s", text)
	}
}
