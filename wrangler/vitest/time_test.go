package vitest_test

import "testing"

// TestTimeAndTrace runs the tests of the module miniworker:test.
func TestTimeAndTrace(t *testing.T) {
	_, got := execute(t, options(t, "time"))
	compare(t, got, `
pass held at noon > is the time of every worker
pass held at noon > begins each test as the hooks left it
pass held at noon > runs what falls due, in order
pass held at noon > lets KV and cache expire
pass held at noon > ends a request that waits for a day
pass held at noon > does not end tests that take long in its time
pass held at noon > times out by the machine's time
pass held at noon > refuses what is no time
pass runs by itself otherwise
pass has what the test caused, and not what its hooks did
pass follows alarms into objects and their storage
pass is the same text each time
pass filters > are checked
`)
}
