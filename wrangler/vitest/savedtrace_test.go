package vitest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
)

// TestTraceDir keeps traces of tests that fail, also of one that takes its isolate
// with it, and of no others; reports name the file.
func TestTraceDir(t *testing.T) {
	o := options(t, "basic", "failing.test")
	o.TraceDir = t.TempDir()
	var xml, terminal bytes.Buffer
	for spec, out := range map[string]*bytes.Buffer{"junit": &xml, "default": &terminal} {
		o.Reporters = append(o.Reporters, vitest.NewReporter(spec, out, false, true))
	}
	run, _ := execute(t, o)
	traced := 0
	for task := range run.Files[0].Tests() {
		if (task.Trace != "") != (task.State == vitest.Fail) {
			t.Errorf("%s (%s): trace %q", task.Name, task.State, task.Trace)
		}
		if task.Trace == "" {
			continue
		}
		traced++
		for _, path := range []string{task.Trace, strings.Replace(task.Trace, ".trace.json", ".otlp.json", 1)} {
			if data, err := os.ReadFile(path); err != nil || !json.Valid(data) {
				t.Errorf("%s: %v %s", path, err, data)
			}
		}
		if !strings.Contains(xml.String(), `<property name="trace" value="`+task.Trace+`">`) || !strings.Contains(xml.String(), "[[ATTACHMENT|"+task.Trace+"]]") {
			t.Errorf("JUnit does not name %s:\n%s", task.Trace, xml.String())
		}
		if !strings.Contains(terminal.String(), " trace: "+task.Trace) {
			t.Errorf("the terminal does not name %s:\n%s", task.Trace, terminal.String())
		}
	}
	if traced < 4 {
		t.Errorf("%d traces", traced)
	}
}
