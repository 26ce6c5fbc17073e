package vitest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/vitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// options are those of a run of a project in testdata.
func options(t *testing.T, dir string, filters ...string) vitest.Options {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("testdata", dir))
	if err != nil {
		t.Fatal(err)
	}
	locations, err := config.FindWorkspace(root)
	if err != nil {
		t.Fatal(err)
	}
	load := config.LoadOptions{Environ: func(string) (string, bool) { return "", false }, Now: time.Unix(1_800_000_000, 0), Cwd: root}
	return vitest.Options{
		Locations: locations, Load: load, Primary: load, Root: root, Filters: filters, AllowOnly: true, Update: "none", Out: testWriter{t},
		Timeout: 30 * time.Second, Hooks: 30 * time.Second, Workers: 2,
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) { w.t.Logf("%s", b); return len(b), nil }

// execute runs the tests and gives the results as lines of text.
func execute(t *testing.T, o vitest.Options) (*vitest.Run, []string) {
	t.Helper()
	run, err := vitest.Execute(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range run.Files {
		for _, e := range f.Errors {
			out = append(out, fmt.Sprintf("file %s: %s", f.Name, e.Title()))
		}
		for _, e := range f.Unhandled {
			out = append(out, fmt.Sprintf("unhandled %s: %s", f.Name, e.Title()))
		}
		for task := range f.All() {
			if task.Suite && len(task.Errors) == 0 {
				continue
			}
			line := fmt.Sprintf("%s %s", task.State, task.FullName(" > "))
			for _, e := range task.Errors {
				line += ": " + strings.SplitN(e.Message, "\n", 2)[0]
				if len(e.Frames) > 0 {
					line += fmt.Sprintf(" at %s:%d", filepath.Base(e.Frames[0].Path), e.Frames[0].Line)
				}
			}
			out = append(out, line)
		}
	}
	return run, out
}

func compare(t *testing.T, got []string, want string) {
	t.Helper()
	if text := strings.Join(got, "\n"); text != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\n\nwant:\n%s", text, strings.TrimSpace(want))
	}
}

func TestProject(t *testing.T) {
	run, got := execute(t, options(t, "basic", "basic.test"))
	compare(t, got, `
pass SELF reaches the main worker
pass its errors are thrown at the caller
pass tests and worker share modules
pass objects > can be looked into
pass fetchMock > answers for the network
pass expected to fail
`)
	if run.Failed() {
		t.Error("the run failed")
	}
}

func TestFailuresStayAlone(t *testing.T) {
	run, got := execute(t, options(t, "basic", "failing.test"))
	compare(t, got, `
fail alone > loops: The code ran for more than 200ms without a pause, and was stopped: an endless loop?
fail alone > hangs: Test timed out in 100ms. at failing.test.ts:7
fail alone > overflows: Maximum call stack size exceeded at failing.test.ts:8
fail alone > compares: expected { a: 1 } to deeply equal { a: 2 } at failing.test.ts:9
pass alone > passes
fail a hook that fails: not today at failing.test.ts:14
skip a hook that fails > never runs
todo later
skip skipped
`)
	if !run.Failed() {
		t.Error("the run passed")
	}
}

// Whatever a test does, those after it run as if it had not.
func TestLimits(t *testing.T) {
	o := options(t, "limits")
	runtime.GC() // what other tests left counts too
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	o.Memory, o.Timeout = before.HeapAlloc+128<<20, 2*time.Minute
	_, got := execute(t, o)
	for i, line := range got { // how much was held is not the same twice
		got[i], _, _ = strings.Cut(line, ": all workers together hold")
	}
	compare(t, got, `
fail fails alone > strings without end: Worker exceeded memory limit
fail fails alone > arrays without end: Worker exceeded memory limit
fail fails alone > buffers without end: Worker exceeded memory limit
fail fails alone > in the worker: Worker exceeded memory limit
fail fails alone > a constructor that throws: not constructed
fail fails alone > a corrupted object: no such table: nowhere: SQLITE_ERROR at limits.test.ts:14
fail fails alone > a corrupted store: expected 'over' to be 'gone' // Object.is equality at limits.test.ts:19
fail goes on > a hook that never ends: Hook timed out in 50ms. at limits.test.ts:24
pass what follows finds > sockets that stay open
pass what follows finds > no sockets
pass what follows finds > nothing stored
`)
}

func TestNoState(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	execute(t, options(t, "basic", "basic.test"))
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestModuleMocks(t *testing.T) {
	_, got := execute(t, options(t, "mocks"))
	compare(t, got, `
pass doMock before the first import
pass the worker gets the mocks
pass so does the test
pass the module itself can be had
fail places in the sources are right > fails: expected 42 to be 1 // Object.is equality at mocks.test.ts:45
pass what cannot be says so
file nested.test.ts: BuildError: vi.mock("./tax") has to be at the top level of the file
it is hoisted there anyway; for a mock from here on use vi.doMock
`)
}

func TestIsolation(t *testing.T) {
	for seed := range int64(51) { // in order, and in 50 random ones
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			o := options(t, "isolation")
			o.Shuffle, o.Seed = seed > 0, seed
			run, got := execute(t, o)
			for _, line := range got {
				if !strings.HasPrefix(line, "pass ") {
					t.Error(line)
				}
			}
			notes := strings.Join(run.Files[0].Notes, "\n")
			if !strings.Contains(notes, `"what is left open > a request" ended without waiting for`) {
				t.Errorf("notes %s", notes)
			}
			if strings.Contains(notes, "waitUntil") || strings.Contains(notes, "begins empty") {
				t.Errorf("notes %s", notes)
			}
		})
	}
}
