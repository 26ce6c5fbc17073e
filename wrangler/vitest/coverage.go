package vitest

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// CoverageOptions are the settings of Vitest's `coverage`.
type CoverageOptions struct {
	Reporters []string
	Dir       string // absolute, for reports that are files
	// Include, if given, has files in the reports that no test loads.
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
		if strings.HasSuffix(rel, ".d.ts") || isConfig(rel) || strings.Contains("/"+rel, "/node_modules/") || matches(tests, rel) || matches(exclude, rel) {
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

// coverRest takes files in that no test loaded, if they are asked for: they are
// bundled to know what is in them.
func (s *session) coverRest(ctx context.Context) error {
	if len(s.opts.Coverage.Include) == 0 {
		return nil
	}
	wanted, err := covered(&s.opts)
	if err != nil {
		return err
	}
	files, err := filesBelow(s.opts.Root, nil, func(path, _ string) bool { return wanted(path) && !s.coverage.Covers(path) })
	if err != nil {
		return err
	}
	of := map[*project.Member][]string{}
	for _, f := range files {
		of[s.main(f)] = append(of[s.main(f)], f)
	}
	for m, list := range of {
		if s.coverFiles(ctx, m, list) == nil {
			continue
		}
		for _, f := range list { // which it is that cannot be bundled
			if result := s.coverFiles(ctx, m, []string{f}); result != nil {
				fmt.Fprintf(s.opts.Out, "warning: %s is not in the coverage: %s\n", project.Display(s.opts.Root, f), buildErrors(s.opts.Root, result)[0].Message)
			}
		}
	}
	return nil
}

// coverFiles takes in files beside a worker. If they cannot be bundled, the
// result says why.
func (s *session) coverFiles(ctx context.Context, m *project.Member, files []string) *project.Result {
	var source strings.Builder
	for i, f := range files {
		fmt.Fprintf(&source, "import * as file%d from %s;\nexport { file%[1]d };\n", i, strconv.Quote(f))
	}
	c, result := s.builds.Compile(ctx, m, func(o *bundle.Options) {
		o.Entry, o.Source = files[0], source.String()
		o.NodeEnv, o.Minify, o.NoBundle, o.FindAdditionalModules = "test", false, false, false
		s.counting(o)
	})
	if c == nil {
		return result
	}
	return nil
}

// reportCoverage writes the reports; failed says that a threshold was missed.
func (s *session) reportCoverage(ctx context.Context) (failed bool, err error) {
	if s.coverage == nil || ctx.Err() != nil {
		return false, nil
	}
	if err := s.coverRest(ctx); err != nil {
		return false, err
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
