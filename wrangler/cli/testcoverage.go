package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/miniworker/miniworker/wrangler/vitest"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// coverageFlags are the flags of test that begin with "coverage".
type coverageFlags struct {
	on, hundred bool
	dir         string
	vitest.CoverageOptions
}

func (f *coverageFlags) declare(fl *pflag.FlagSet) {
	t := &f.Thresholds
	fl.BoolVar(&f.on, "coverage", false, "report which of the project's code the tests ran; any flag below does it too")
	fl.BoolVar(&f.on, "coverage.enabled", false, "the same")
	fl.StringSliceVar(&f.Reporters, "coverage.reporter", []string{"text", "json", "lcov"}, strings.Join(coverage.Reporters, ", ")+"; repeatable")
	fl.StringVar(&f.dir, "coverage.reportsDirectory", "coverage", "directory of reports that are files")
	fl.StringArrayVar(&f.Include, "coverage.include", nil, "glob of files to cover, also if no test loads them; repeatable (default: what the tests load)")
	fl.StringArrayVar(&f.Exclude, "coverage.exclude", nil, "glob of files not to cover; repeatable")
	fl.Float64Var(&t.Lines, "coverage.thresholds.lines", 0, "percentage of lines without which the run fails; negative: how many may be uncovered")
	fl.Float64Var(&t.Functions, "coverage.thresholds.functions", 0, "the same of functions")
	fl.Float64Var(&t.Branches, "coverage.thresholds.branches", 0, "the same of branches")
	fl.Float64Var(&t.Statements, "coverage.thresholds.statements", 0, "the same of statements")
	fl.BoolVar(&t.PerFile, "coverage.thresholds.perFile", false, "hold each file to the thresholds")
	fl.BoolVar(&f.hundred, "coverage.thresholds.100", false, "all thresholds are 100")
}

// options are those of the run, nil if no coverage is wanted.
func (f *coverageFlags) options(fl *pflag.FlagSet) (*vitest.CoverageOptions, error) {
	fl.Visit(func(flag *pflag.Flag) {
		f.on = f.on || strings.HasPrefix(flag.Name, "coverage.") && flag.Name != "coverage.enabled"
	})
	if off := fl.Changed("coverage") || fl.Changed("coverage.enabled"); off && !isSet(fl, "coverage") && !isSet(fl, "coverage.enabled") {
		return nil, nil
	}
	if !f.on {
		return nil, nil
	}
	for _, name := range f.Reporters {
		if !slices.Contains(coverage.Reporters, name) {
			return nil, fmt.Errorf("--coverage.reporter %s is not known: use %s", name, strings.Join(coverage.Reporters, ", "))
		}
	}
	if f.hundred {
		f.Thresholds = coverage.Thresholds{Lines: 100, Functions: 100, Branches: 100, Statements: 100, PerFile: f.Thresholds.PerFile}
	}
	var err error
	f.Dir, err = filepath.Abs(f.dir)
	return &f.CoverageOptions, err
}

func isSet(fl *pflag.FlagSet, name string) bool { return fl.Lookup(name).Value.String() == "true" }
