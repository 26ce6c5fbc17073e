package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/routes"
	"github.com/miniworker/miniworker/wrangler/vitest"
)

// testFlags are the flags of test, named as Vitest's.
type testFlags struct {
	dev                                              devFlags
	include, exclude, setup, reporters               []string
	name, shard, root, traceDir                      string
	timeout, hookTimeout, seed                       int64
	retry, bail, workers, concurrency                int
	update, globals, passWithNoTests, shuffle, quiet bool
	allowOnly, types, watch                          bool
	mocks                                            vitest.MockOptions
	coverage                                         coverageFlags
}

func newTest(stdout io.Writer) *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use:   "test [files]",
		Short: "Run the test files of a project inside its main worker",
		Long: `Run the test files of a project (*.test.ts, *.spec.ts and the like) inside its
main worker, the first of the configurations, next to the other workers.

The test API is Vitest's, imported from "vitest" and "cloudflare:test", with the
clock and the trace of the project in "miniworker:test"; each file has its own copy of the project, each test its own storage. Arguments are
parts of the paths of the files to run.

The exit code is 0 if all tests passed, 1 if one failed or none was found, and 2
if the project or the flags are wrong.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.types {
				_, err := io.WriteString(stdout, vitest.ModuleTypes)
				return err
			}
			return f.run(cmd, args, stdout)
		},
	}
	f.declare(cmd.Flags())
	return cmd
}

func (f *testFlags) declare(fl *pflag.FlagSet) {
	fl.SortFlags = false
	d := &f.dev
	fl.StringArrayVarP(&d.configs, "config", "c", nil, "configuration file; repeat for several workers, the first is the main one")
	fl.StringVarP(&d.env, "env", "e", "", "environment to run")
	fl.StringArrayVar(&d.envFiles, "env-file", nil, "file of variables, instead of .dev.vars and .env; repeatable, later wins")
	fl.StringArrayVar(&d.vars, "var", nil, "variable as NAME:VALUE; repeatable")
	fl.StringArrayVar(&d.defines, "define", nil, "replacement in the code as NAME:VALUE; repeatable")
	fl.StringArrayVar(&d.aliases, "alias", nil, "module to use for another as FROM:TO; repeatable")
	fl.StringVar(&d.compatDate, "compatibility-date", "", "compatibility date, as YYYY-MM-DD")
	fl.StringSliceVar(&d.compatFlags, "compatibility-flags", nil, "compatibility flags; repeatable")
	fl.StringVar(&d.cwd, "cwd", "", "run as if started in this directory")
	fl.StringVar(&f.root, "root", "", "directory to search test files in (default: that of the configuration)")
	fl.StringArrayVar(&f.include, "include", nil, "glob of test files; repeatable (default **/*.{test,spec}.?(c|m)[jt]s?(x))")
	fl.StringArrayVar(&f.exclude, "exclude", nil, "glob of files that are no tests; repeatable")
	fl.StringArrayVar(&f.setup, "setup-files", nil, "file to run before each test file; repeatable")
	fl.StringVarP(&f.name, "testNamePattern", "t", "", "run only tests whose full name matches this regular expression")
	fl.Int64Var(&f.timeout, "testTimeout", vitest.DefaultTimeout.Milliseconds(), "milliseconds a test may take")
	fl.Int64Var(&f.hookTimeout, "hookTimeout", vitest.DefaultHookTimeout.Milliseconds(), "milliseconds a hook may take")
	fl.IntVar(&f.retry, "retry", 0, "attempts a failing test gets beyond the first")
	fl.IntVar(&f.bail, "bail", 0, "stop after so many failed tests")
	fl.Lookup("bail").NoOptDefVal = "1"
	fl.StringVar(&f.shard, "shard", "", "run a part of the files, as INDEX/COUNT")
	fl.BoolVar(&f.shuffle, "shuffle", false, "run files and tests in random order")
	fl.Int64Var(&f.seed, "seed", 0, "seed of the random order (implies --shuffle)")
	d.declareMemory(fl)
	fl.IntVar(&f.workers, "maxWorkers", 0, "files to run at once (default: one per processor)")
	fl.IntVar(&f.concurrency, "maxConcurrency", vitest.DefaultConcurrency, "concurrent tests of a file to run side by side; 1 gives each its own storage")
	fl.BoolVarP(&f.update, "update", "u", false, "write snapshots anew")
	fl.BoolVar(&f.globals, "globals", false, "define describe, it, expect and so on as globals")
	fl.BoolVar(&f.passWithNoTests, "passWithNoTests", false, "succeed if there are no tests")
	fl.BoolVar(&f.allowOnly, "allowOnly", false, "let .only be in CI too")
	fl.StringArrayVar(&f.reporters, "reporter", nil, "default, verbose, dot, junit, json or github-actions, with =FILE to write to a file; repeatable")
	fl.StringVar(&f.traceDir, "trace-dir", "", "directory for traces of failed tests, as JSON and OTLP; empty keeps none (default .miniworker/test-traces)")
	fl.BoolVar(&f.types, "types", false, "print the types of the module miniworker:test, and run nothing")
	fl.BoolVarP(&f.watch, "watch", "w", false, "run again what a change touches, until Ctrl-C")
	fl.BoolVar(&f.quiet, "silent", false, "leave out what consoles say")
	fl.BoolVar(&f.mocks.ClearMocks, "clearMocks", false, "call vi.clearAllMocks before each test")
	fl.BoolVar(&f.mocks.MockReset, "mockReset", false, "call vi.resetAllMocks before each test")
	fl.BoolVar(&f.mocks.RestoreMocks, "restoreMocks", false, "call vi.restoreAllMocks before each test")
	fl.BoolVar(&f.mocks.UnstubEnvs, "unstubEnvs", false, "call vi.unstubAllEnvs before each test")
	fl.BoolVar(&f.mocks.UnstubGlobals, "unstubGlobals", false, "call vi.unstubAllGlobals before each test")
	f.coverage.declare(fl)
	fl.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName { return pflag.NormalizedName(camelFlag(name)) })
}

// camelFlag lets Vitest's flags be written either way: --test-timeout is
// --testTimeout.
func camelFlag(name string) string {
	switch name {
	case "test-name-pattern", "test-timeout", "hook-timeout", "max-workers", "max-concurrency", "pass-with-no-tests", "allow-only",
		"clear-mocks", "mock-reset", "restore-mocks", "unstub-envs", "unstub-globals":
		parts := strings.Split(name, "-")
		for i := 1; i < len(parts); i++ {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
		return strings.Join(parts, "")
	case "compatibility-flag":
		return "compatibility-flags"
	case "setupFiles":
		return "setup-files"
	}
	return name
}

func (f *testFlags) run(cmd *cobra.Command, args []string, stdout io.Writer) error {
	o, done, err := f.options(cmd, args, stdout)
	if err != nil {
		return unusable(err)
	}
	if f.watch {
		return f.watched(cmd.Context(), o, done, stdout)
	}
	o.Hits = keepHits
	defer ignoreTraces(o.TraceDir)
	run, err := vitest.Execute(cmd.Context(), o)
	if cerr := done(); cerr != nil && err == nil {
		err = cerr
	}
	switch {
	case errors.Is(err, vitest.ErrConfig):
		return &exitError{code: exitUnusable, err: dev.ErrConfig}
	case errors.Is(err, vitest.ErrNoTests):
		return &exitError{code: exitFindings, err: noTests(&o)}
	case err != nil:
		return unusable(err)
	case cmd.Context().Err() != nil:
		return &exitError{code: 130}
	case run.Failed():
		return &exitError{code: exitFindings}
	}
	return nil
}

// watched runs the tests in watch mode.
func (f *testFlags) watched(ctx context.Context, o vitest.Options, done func() error, stdout io.Writer) error {
	if err := done(); err != nil { // each run opens its own
		return unusable(err)
	}
	o.Renew = func() ([]vitest.Reporter, func() error, error) { return f.openReporters(stdout, o.Color) }
	keys, restore := keyboard(ctx, os.Stdin, stdout)
	defer restore()
	if keys != nil {
		o.Keys = keys.Keys
	}
	defer ignoreTraces(o.TraceDir)
	if err := vitest.Watch(ctx, o); err != nil {
		return unusable(err)
	}
	return nil
}

// keepHits adds what tests reached to the project's record of hits, unless a
// session runs, which keeps that record itself.
func keepHits(first *config.Config, hits []server.Hits) error {
	if len(hits) == 0 {
		return nil
	}
	state := dev.StateDir(first)
	unlock, session, err := dev.LockState(state)
	if err != nil || session != "" {
		return err
	}
	defer unlock()
	saved, err := routes.ReadCoverage(state)
	if err != nil {
		return err
	}
	all := server.New(server.Options{})
	all.AddHits(saved)
	all.AddHits(hits)
	return routes.WriteCoverage(state, all.Hits())
}

func noTests(o *vitest.Options) error {
	what := "no test files in " + o.Root
	if len(o.Filters) > 0 {
		what = "no test file matches " + strings.Join(o.Filters, ", ")
	}
	include := o.Include
	if include == nil {
		include = []string{"**/*.{test,spec}.?(c|m)[jt]s?(x)"}
	}
	return fmt.Errorf("%s\ninclude: %s", what, strings.Join(include, ", "))
}

// options turns the flags into those of the run. done closes what reporters
// write to.
func (f *testFlags) options(cmd *cobra.Command, args []string, stdout io.Writer) (o vitest.Options, done func() error, err error) {
	if f.dev.cwd != "" {
		if err := os.Chdir(f.dev.cwd); err != nil {
			return o, nil, fmt.Errorf("--cwd: %w", err)
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		return o, nil, err
	}
	var d dev.Options
	f.dev.bundle = true
	if err := f.dev.loadOptions(&d, cwd, nil); err != nil {
		return o, nil, err
	}
	if err := f.dev.locate(&d, cwd, nil); err != nil {
		return o, nil, err
	}
	ci := os.Getenv("CI") != "" && os.Getenv("CI") != "false"
	o = vitest.Options{
		Locations: d.Locations, Found: len(f.dev.configs) == 0, Load: d.Load, Primary: d.Primary, Override: d.Override, Root: cwd, Filters: args,
		Include: f.include, Exclude: f.exclude, TestName: f.name, Memory: f.dev.memory << 20, Retry: f.retry, Bail: f.bail, Workers: f.workers,
		Globals: f.globals, PassWithNoTests: f.passWithNoTests, AllowOnly: f.allowOnly || !ci, Mocks: f.mocks, Out: stdout, Color: colors(stdout),
		Shuffle: f.shuffle, Seed: f.seed, Update: "new", TraceDir: f.traceDir,
	}
	f.limits(cmd.Flags(), &o)
	switch {
	case f.update:
		o.Update = "all"
	case ci:
		o.Update = "none"
	}
	if f.root != "" {
		if o.Root, err = filepath.Abs(f.root); err != nil {
			return o, nil, err
		}
	}
	for _, s := range f.setup {
		path, err := filepath.Abs(s)
		if err != nil {
			return o, nil, err
		}
		if _, err := os.Stat(path); err != nil {
			return o, nil, fmt.Errorf("--setup-files: %w", err)
		}
		o.Setup = append(o.Setup, path)
	}
	if cmd.Flags().Changed("seed") {
		o.Shuffle = true
	} else if o.Shuffle {
		o.Seed = time.Now().UnixMilli()
	}
	if f.concurrency < 1 {
		return o, nil, fmt.Errorf("--maxConcurrency %d: at least one test runs at a time", f.concurrency)
	}
	if !cmd.Flags().Changed("trace-dir") {
		if o.TraceDir, err = ownTraces(&o, cwd); err != nil {
			return o, nil, err
		}
	}
	if o.Coverage, err = f.coverage.options(cmd.Flags()); err != nil {
		return o, nil, err
	}
	if err := parseShard(f.shard, &o); err != nil {
		return o, nil, err
	}
	o.Reporters, done, err = f.openReporters(stdout, o.Color)
	return o, done, err
}

// limits are those that were given: a configuration for Vitest may have others.
func (f *testFlags) limits(fl *pflag.FlagSet, o *vitest.Options) {
	if fl.Changed("testTimeout") {
		o.Timeout = time.Duration(f.timeout) * time.Millisecond
	}
	if fl.Changed("hookTimeout") {
		o.Hooks = time.Duration(f.hookTimeout) * time.Millisecond
	}
	if fl.Changed("maxConcurrency") {
		o.Concurrency = f.concurrency
	}
}

func parseShard(text string, o *vitest.Options) error {
	if text == "" {
		return nil
	}
	index, count, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(count)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n {
		return fmt.Errorf("--shard %s is not of the form INDEX/COUNT with INDEX from 1 to COUNT", text)
	}
	o.Shard, o.Shards = i, n
	return nil
}

// openReporters makes the reporters that --reporter names.
func (f *testFlags) openReporters(stdout io.Writer, color bool) (list []vitest.Reporter, done func() error, err error) {
	names := f.reporters
	if len(names) == 0 {
		names = []string{"default"}
		if os.Getenv("GITHUB_ACTIONS") == "true" {
			names = append(names, "github-actions")
		}
	}
	var files []*os.File
	done = func() error {
		var errs []error
		for _, file := range files {
			errs = append(errs, file.Close())
		}
		return errors.Join(errs...)
	}
	for _, n := range names {
		name, path, toFile := strings.Cut(n, "=")
		out, c := stdout, color
		if toFile {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return nil, done, err
			}
			file, err := os.Create(path)
			if err != nil {
				return nil, done, err
			}
			files = append(files, file)
			out, c = file, false
		}
		r := vitest.NewReporter(name, out, c, f.quiet)
		if r == nil {
			return nil, done, fmt.Errorf("--reporter %s is not known: use %s", name, strings.Join(vitest.ReporterNames, ", "))
		}
		list = append(list, r)
	}
	return list, done, nil
}
