// Package vitest runs test files that are written for Vitest and Cloudflare's
// plugin for it: the test functions, matchers, mocks and snapshots are Vitest's
// own (package library), run in the isolate of the project's main worker, with
// its env, next to the other workers of the project.
//
// Each file runs on a copy of the project with storage of its own. Within a
// file each test, and each describe block, begins with the storage its hooks
// left and leaves nothing behind.
//
// Deliberately not: plugins of Vite in a vitest.config (those need Node; what is in
// there and matters has a flag), browser mode, benchmarks, type tests, and the
// environments, pools and reporters that are JavaScript.
//
// Where the truth is: https://vitest.dev/api/ and
// https://developers.cloudflare.com/workers/testing/vitest-integration/test-apis/.
package vitest

import (
	"io"
	"time"

	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Options describe a run.
type Options struct {
	// Locations are the configuration files; the first is the main worker's.
	Locations []config.Location
	// Found says that they were not named: a configuration for Vitest may.
	Found bool
	// Load is how each is read; Primary overrides it for the first.
	Load, Primary config.LoadOptions
	// Override changes the first configuration after it was read.
	Override func(c *config.Config)
	// functions are those of the configuration for Vitest; nil if it has none.
	functions *functions
	// auxiliaries are its further workers.
	auxiliaries []auxiliary

	// Hits gets which patterns of routes the tests reached, to be kept with the
	// project whose first configuration this is; nil if nobody wants to know.
	Hits func(first *config.Config, hits []server.Hits) error

	// Root is what test files are searched in and shown relative to.
	Root string
	// Filters are parts of the paths of the files wanted; none wants all. One
	// that ends in ":LINE" is refused.
	Filters []string
	// Include and Exclude are globs relative to Root; nil is Vitest's default.
	Include, Exclude []string
	// Setup are files that run before each test file.
	Setup []string

	// TestName is a regular expression for the full names of tests.
	TestName string
	Timeout  time.Duration
	Hooks    time.Duration // limit of a hook
	Retry    int
	// Bail stops after so many failed tests; 0 never does.
	Bail int
	// Shard and Shards choose a part of the files: Shard of Shards, from 1.
	Shard, Shards int
	// Shuffle runs files and tests in an order that Seed determines.
	Shuffle bool
	Seed    int64
	// Concurrency is how many concurrent tests of a file run side by side, on
	// storage they share; 0 is DefaultConcurrency. With 1 each has its own.
	Concurrency int
	// Workers is how many files run at once; 0 is one per processor.
	Workers int
	// Memory is how many bytes all workers of the run together may hold; 0 is
	// heap.DefaultLimit.
	Memory uint64
	// Globals defines the test functions as globals.
	Globals bool
	// PassWithNoTests makes a run without tests succeed.
	PassWithNoTests bool
	// AllowOnly lets .only be; in CI it is an error.
	AllowOnly bool
	// Update is what becomes of snapshots: "all" writes them, "new" writes
	// missing ones, "none" only compares.
	Update string
	// Mocks says what is undone before each test.
	Mocks MockOptions

	// Coverage, if not nil, has the coverage of the user's code reported.
	Coverage *CoverageOptions

	// TraceDir is where traces of failed tests are kept; "" keeps none.
	TraceDir string

	// Reporters say where results go. Renew makes them anew for each run of Watch;
	// done ends what they write to.
	Reporters []Reporter
	Renew     func() (list []Reporter, done func() error, err error)
	// Keys are those pressed while Watch runs, nil where nobody types.
	Keys <-chan byte
	// Out gets messages that belong to no test.
	Out   io.Writer
	Color bool
}

// MockOptions are the settings of the same names of Vitest.
type MockOptions struct {
	ClearMocks, MockReset, RestoreMocks, UnstubEnvs, UnstubGlobals bool
}

// Defaults of Vitest.
const (
	DefaultTimeout     = 5 * time.Second
	DefaultHookTimeout = 10 * time.Second
	DefaultConcurrency = 5
)

// Reporter is told what happens. Its methods are called one at a time.
type Reporter interface {
	// Start is called once the files are known.
	Start(run *Run)
	// Test is told of each test when it is done.
	Test(f *File, t *Task)
	// File is told of each file when it is done.
	File(f *File)
	// Log is what the console of a worker said.
	Log(l Log)
	// End is called once, after everything.
	End(run *Run) error
}

// Log is a line of a console.
type Log struct {
	File   *File
	Test   *Task // nil if it belongs to none
	Worker string
	Level  string
	Text   string
}
