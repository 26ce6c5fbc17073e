package vitest_test

import "testing"

// TestOtherWorkers has tests of one worker reach the objects and the outbound
// requests of another.
func TestOtherWorkers(t *testing.T) {
	_, got := execute(t, options(t, "workers"))
	compare(t, got, `
pass mocks what a worker behind a service binding fetches
pass looks into objects of another worker
pass says what there is not
`)
}
