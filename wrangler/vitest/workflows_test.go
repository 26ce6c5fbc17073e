package vitest_test

import "testing"

func TestWorkflows(t *testing.T) {
	run, got := execute(t, options(t, "workflows", "flow.test"))
	compare(t, got, `
pass mocks one instance
pass forgets it
pass mocks errors, and those only so often
pass mocks every instance
pass lets time pass
`)
	if run.Failed() {
		t.Error("the run failed")
	}
}
