package vitest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// CoverageOptions are the settings of Vitest's `coverage`.
type CoverageOptions struct {
	Reporters        []string
	Dir              string // absolute, for reports that are files
	Include, Exclude []string
	Thresholds       coverage.Thresholds
}

// scriptFile matches what can be covered.
var scriptFile = regexp.MustCompile(`\.[cm]?[jt]sx?$`)

// covered makes the choice of the files to cover: those of the project, without
// tests, dependencies and what the options exclude.
func covered(o *Options) (func(file string) bool, error) {
	include, err := globs(o.Coverage.Include, nil)
	if err != nil {
		return nil, fmt.Errorf("--coverage.include: %w", err)
	}
	exclude, err := globs(o.Coverage.Exclude, nil)
	if err != nil {
		return nil, fmt.Errorf("--coverage.exclude: %w", err)
	}
	tests, err := globs(o.Include, defaultInclude)
	if err != nil {
		return nil, err
	}
	return func(file string) bool {
		rel, err := filepath.Rel(o.Root, file)
		if err != nil || !filepath.IsLocal(rel) || !scriptFile.MatchString(file) || slices.Contains(o.Setup, file) {
			return false
		}
		rel = filepath.ToSlash(rel)
		if strings.Contains("/"+rel, "/node_modules/") || matches(tests, rel) || matches(exclude, rel) {
			return false
		}
		return len(include) == 0 || matches(include, rel)
	}, nil
}

// counting makes the script of a bundle count, if the run is to; it is nil
// otherwise.
func (s *session) counting(o *bundle.Options) *coverage.Script {
	if s.coverage == nil {
		return nil
	}
	script := s.coverage.Script()
	o.Instrument = script.Instrument
	return script
}

// countOther is the change to the options of a worker's own bundle.
func (s *session) countOther(m *project.Member) func(*bundle.Options) {
	if s.coverage == nil {
		return nil
	}
	script := s.coverage.Script()
	s.counts[m.Config.Name] = script
	return func(o *bundle.Options) { o.Instrument = script.Instrument }
}

// script is what counts in a worker of a copy, nil if nothing does.
func (r *fileRun) script(m *project.Member, main bool) *coverage.Script {
	if main {
		return r.counts
	}
	return r.s.counts[m.Config.Name]
}

// reportCoverage writes the reports; failed says that a threshold was missed.
func (s *session) reportCoverage() (failed bool, err error) {
	if s.coverage == nil {
		return false, nil
	}
	o := &s.opts
	m := s.coverage.Report()
	if err := m.Write(o.Coverage.Reporters, o.Out, o.Coverage.Dir, o.Root); err != nil {
		return false, err
	}
	missed := m.Missed(o.Coverage.Thresholds, func(path string) string { return project.Display(o.Root, path) })
	for _, text := range missed {
		fmt.Fprintln(o.Out, text)
	}
	return len(missed) > 0, nil
}
