package vitest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/heap"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// ErrConfig is returned when the project cannot run; the findings were printed.
var ErrConfig = errors.New("the project has errors")

// ErrNoTests is returned when there is nothing to run.
var ErrNoTests = errors.New("no test files found")

// session is one run, or in watch mode several.
type session struct {
	opts    Options
	configs []*config.Config
	// builds bundles each worker once; it never loads one.
	builds   *project.Project
	compiled map[string]*project.Compiled
	// inputs are the files each worker's own bundle was made of.
	inputs  map[string][]string
	network *server.Network
	heap    *heap.Guard
	// coverage is nil if it is not wanted; counts are the workers' own bundles.
	coverage *coverage.Collector
	counts   map[string]*coverage.Script
	hits     *server.Server // sums up what the copies' servers counted
	// temp is where the files' copies keep their state.
	temp string

	failed atomic.Int64 // tests, for Bail
	bailed atomic.Bool
	copies atomic.Int64

	report sync.Mutex // held while a reporter runs
	build  atomic.Int64
	shots  snapshotCount
}

// Execute runs the tests once. The error is ErrConfig, ErrNoTests, or about the
// machine; failed tests are in the Run.
func Execute(ctx context.Context, o Options) (*Run, error) {
	s, err := newSession(ctx, o)
	if err != nil {
		return nil, err
	}
	defer s.close()
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	if len(files) == 0 && !o.PassWithNoTests {
		return nil, ErrNoTests
	}
	if err := s.compile(ctx); err != nil {
		return nil, err
	}
	run, err := s.run(ctx, files)
	if err == nil {
		run.Uncovered, err = s.reportCoverage(ctx)
	}
	if err == nil && o.Hits != nil {
		err = o.Hits(s.configs[0], s.hits.Hits())
	}
	return run, err
}

func newSession(ctx context.Context, o Options) (*session, error) {
	temp, err := os.MkdirTemp("", "miniworker-test-")
	if err != nil {
		return nil, err
	}
	s, err := prepare(ctx, &o, temp)
	if err != nil {
		o.functions.close()
		os.RemoveAll(temp)
	}
	return s, err
}

// prepare makes a session that keeps its files in temp.
func prepare(ctx context.Context, o *Options, temp string) (*session, error) {
	if err := o.useConfig(ctx, temp); err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Hooks == 0 {
		o.Hooks = DefaultHookTimeout
	}
	if o.Concurrency <= 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	var collector *coverage.Collector
	if o.Coverage != nil {
		wanted, err := covered(o)
		if err != nil {
			return nil, err
		}
		collector = coverage.New(wanted)
	}
	return &session{coverage: collector, counts: map[string]*coverage.Script{}, opts: *o, temp: temp, network: server.NewNetwork(), heap: heap.NewGuard(o.Memory), hits: server.New(server.Options{}), compiled: map[string]*project.Compiled{}, inputs: map[string][]string{}}, nil
}

func (s *session) close() {
	if s.builds != nil {
		s.builds.Close()
	}
	s.opts.functions.close()
	s.network.Close()
	s.heap.Close()
	os.RemoveAll(s.temp)
}

func (s *session) files() ([]string, error) {
	files, err := find(&s.opts)
	if err != nil {
		return nil, err
	}
	if s.opts.Shards > 1 {
		files = shard(files, s.opts.Root, s.opts.Shard, s.opts.Shards)
	}
	if s.opts.Shuffle {
		shuffle(files, s.opts.Seed)
	}
	return files, nil
}

// compile reads the configurations and bundles what the files share: every
// worker as it is beside the one whose tests run, whose code is bundled with
// each test file.
func (s *session) compile(ctx context.Context) error {
	var diags diag.List
	for i, loc := range s.opts.Locations {
		opts := s.opts.Load
		if i == 0 {
			opts = s.opts.Primary
		}
		c, found := loc.Load(opts)
		diags = append(diags, found...)
		if c == nil {
			continue
		}
		if i == 0 && s.opts.Override != nil {
			s.opts.Override(c)
		}
		s.configs = append(s.configs, c)
	}
	if diags.HasErrors() || len(s.configs) == 0 {
		s.say(diags)
		return ErrConfig
	}
	s.say(diags)
	if err := s.addAuxiliaries(); err != nil {
		return err
	}
	p, found := project.New(project.Options{Configs: s.configs, State: filepath.Join(s.temp, "builds"), Hold: true}, server.New(server.Options{}))
	s.builds = p
	s.say(found)
	if found.HasErrors() {
		return ErrConfig
	}
	return s.compileOthers(ctx)
}

func (s *session) compileOthers(ctx context.Context) error {
	if s.coverage != nil {
		s.coverage.Restart(nil)
	}
	start := time.Now()
	var wg sync.WaitGroup
	results := make([]*project.Result, len(s.builds.Members()))
	compiled := make([]*project.Compiled, len(results))
	for i, m := range s.builds.Members() {
		if m.Config.Main != "" {
			change := s.countOther(m)
			wg.Go(func() { compiled[i], results[i] = s.builds.Compile(ctx, m, change) })
		}
	}
	wg.Wait()
	s.build.Add(int64(time.Since(start)))
	failed := false
	for i, r := range results {
		if r == nil {
			continue
		}
		s.say(r.Diags)
		s.inputs[r.Worker] = r.Inputs
		if r.Err != nil {
			fmt.Fprintf(s.opts.Out, "error: %s: %v\n", r.Worker, r.Err)
		}
		failed = failed || r.Failed()
		s.compiled[r.Worker] = compiled[i]
	}
	if failed {
		return ErrConfig
	}
	return nil
}

// main is the worker whose isolate the tests of a file run in: the one whose
// configuration is nearest above the file, else the first.
func (s *session) main(file string) *project.Member {
	best := s.builds.Members()[0]
	depth := -1
	for _, m := range s.builds.Members() {
		rel, err := filepath.Rel(m.Config.Dir, file)
		if err == nil && filepath.IsLocal(rel) && len(m.Config.Dir) > depth {
			best, depth = m, len(m.Config.Dir)
		}
	}
	return best
}

// say prints findings, informational ones left out.
func (s *session) say(list diag.List) {
	for _, d := range list {
		if d.Severity >= diag.Warning {
			d.Pos.File = project.Display(s.opts.Root, d.Pos.File)
			fmt.Fprintln(s.opts.Out, d.Error())
		}
	}
}

// run runs files on as many copies of the project at once as there are workers.
func (s *session) run(ctx context.Context, files []string) (*Run, error) {
	run := &Run{Root: s.opts.Root, Started: time.Now(), Seed: s.opts.Seed, Shuffled: s.opts.Shuffle}
	for _, path := range files {
		rel, err := filepath.Rel(s.opts.Root, path)
		if err != nil {
			rel = path
		}
		run.Files = append(run.Files, &File{Path: path, Name: filepath.ToSlash(rel), byID: map[string]*Task{}})
	}
	s.tell(func(r Reporter) { r.Start(run) })
	queue := make(chan *File)
	var wg sync.WaitGroup
	for range min(s.opts.Workers, len(files)) {
		wg.Go(func() {
			for f := range queue {
				s.one(ctx, f)
			}
		})
	}
	for _, f := range run.Files {
		queue <- f
	}
	close(queue)
	wg.Wait()
	run.Duration, run.Build = time.Since(run.Started), time.Duration(s.build.Load())
	run.Bailed, run.Snapshots = s.bailed.Load(), s.shots.total()
	var err error
	s.tell(func(r Reporter) {
		if e := r.End(run); e != nil && err == nil {
			err = e
		}
	})
	return run, err
}

// again prepares another run, in watch mode.
func (s *session) again(reporters []Reporter) {
	s.opts.Reporters = reporters
	s.failed.Store(0)
	s.bailed.Store(false)
	s.build.Store(0)
	s.shots = snapshotCount{}
	if s.coverage != nil {
		s.coverage.Restart(slices.Collect(maps.Values(s.counts)))
	}
}

// one runs one file, unless the run has stopped.
func (s *session) one(ctx context.Context, f *File) {
	if ctx.Err() != nil || s.bailed.Load() {
		return
	}
	start := time.Now()
	(&fileRun{s: s, file: f}).run(ctx)
	f.Duration = time.Since(start)
	s.tell(func(r Reporter) { r.File(f) })
}

// tell calls every reporter, one call at a time.
func (s *session) tell(f func(Reporter)) {
	s.report.Lock()
	defer s.report.Unlock()
	for _, r := range s.opts.Reporters {
		f(r)
	}
}

// dir is a new directory for one copy's state. It is not created.
func (s *session) dir() string {
	return filepath.Join(s.temp, strconv.FormatInt(s.copies.Add(1), 10))
}

// failedTest counts a failure, and reports whether the run is to stop.
func (s *session) failedTest() bool {
	n := s.failed.Add(1)
	if s.opts.Bail > 0 && n >= int64(s.opts.Bail) {
		s.bailed.Store(true)
	}
	return s.bailed.Load()
}

// entry is the script that is loaded for a test file: the main worker and the
// test file in one bundle, so that they share modules. late says that the
// worker is loaded after the test file, which may replace its modules; lazy,
// that it waits for its first request, since mocks may come until then.
func (s *session) entry(file string) (source string, late, lazy bool) {
	var b strings.Builder
	files := append(s.opts.Setup[:len(s.opts.Setup):len(s.opts.Setup)], file)
	for _, path := range files {
		text, err := os.ReadFile(path)
		late = late || err == nil && bundle.HasMocks(text)
		lazy = lazy || bytes.Contains(text, []byte(".doMock("))
	}
	main := strconv.Quote(s.main(file).Config.Main)
	switch {
	case main == `""`:
	case late:
		fmt.Fprintf(&b, "export const __mw_main = () => import(%s);\n", main)
	default:
		fmt.Fprintf(&b, "import * as main from %s;\nexport * from %[1]s;\nconst name = \"default\";\nexport default main[name];\n", main)
	}
	b.WriteString("export const __mw_files = {\n")
	for _, path := range files {
		fmt.Fprintf(&b, "\t%s: () => import(%[1]s),\n", strconv.Quote(path))
	}
	b.WriteString("};\n")
	return b.String(), late, lazy
}
