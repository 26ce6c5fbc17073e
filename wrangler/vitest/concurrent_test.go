package vitest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/vitest"
)

// TestConcurrent has tests that wait for each other: they pass only side by
// side.
func TestConcurrent(t *testing.T) {
	for range 3 {
		run, got := execute(t, options(t, "concurrent", "concurrent.test"))
		if n := passed(run); run.Failed() || n != 26 {
			t.Fatalf("%d passed:\n%s", n, strings.Join(got, "\n"))
		}
	}
}

// With one at a time each concurrent test has storage of its own.
func TestConcurrencyOfOne(t *testing.T) {
	o := options(t, "concurrent", "broken.test")
	o.Concurrency = 1
	_, got := execute(t, o)
	compare(t, got, broken)
}

const broken = `
pass one of several > waits
fail one of several > loops: The code ran for more than 200ms without a pause, and was stopped: an endless loop?
fail one of several > compares: expected 1 to be 2 // Object.is equality at broken.test.ts:7
pass one of several > ends first
pass after them
`

// A test that takes the isolate with it is found among those beside it.
func TestConcurrentFailuresStayAlone(t *testing.T) {
	run, got := execute(t, options(t, "concurrent", "broken.test"))
	compare(t, got, broken)
	f := run.Files[0]
	if notes := strings.Join(f.Notes, "\n"); !strings.Contains(notes, "one at a time") {
		t.Errorf("notes: %q", notes)
	}
	for task := range f.Tests() {
		if n := len(task.Logs); (task.Name == "compares") != (n > 0) {
			t.Errorf("%s has %d lines of console", task.Name, n)
		}
	}
}

// passed counts the tests that passed.
func passed(run *vitest.Run) (n int) {
	for _, f := range run.Files {
		for task := range f.Tests() {
			if task.State == vitest.Pass {
				n++
			}
		}
	}
	return n
}

// TestOrders: in whichever order tests run, side by side or one at a time, they
// find the same.
func TestOrders(t *testing.T) {
	for seed := range int64(25) {
		for _, concurrency := range []int{0, 1} {
			t.Run(fmt.Sprintf("%d, %d at a time", seed, concurrency), func(t *testing.T) {
				t.Parallel()
				o := options(t, "concurrent", "orders.test")
				o.Concurrency, o.Shuffle, o.Seed = concurrency, true, seed+1
				run, got := execute(t, o)
				if n := passed(run); run.Failed() || n != 11 {
					t.Errorf("%d passed:\n%s", n, strings.Join(got, "\n"))
				}
			})
		}
	}
}
