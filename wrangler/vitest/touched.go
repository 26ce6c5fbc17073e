package vitest

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/miniworker/miniworker/wrangler/watch"
)

// configChanged reports whether a configuration, or what it reads, changed.
func (w *watching) configChanged(batch watch.Batch) bool {
	for _, loc := range w.opts.Locations {
		if batch.Has(loc.Path) || batch.Has(loc.UserPath) {
			return true
		}
	}
	for _, c := range w.s.configs {
		if slices.ContainsFunc(c.WatchFiles, batch.Has) || c.Assets != nil && batch.Under(c.Assets.Directory) {
			return true
		}
	}
	return false
}

// touched are the test files whose outcome a batch can change.
func (w *watching) touched(ctx context.Context, batch watch.Batch) ([]string, error) {
	others := map[string]bool{} // workers whose own bundles changed
	for name, inputs := range w.s.inputs {
		if batch.Touches(inputs, importable) {
			others[name] = true
		}
	}
	if len(others) > 0 {
		if err := w.s.compileOthers(ctx); err != nil {
			return nil, err
		}
	}
	if batch.Structural() {
		var err error
		if w.known, err = w.s.files(); err != nil {
			return nil, err
		}
	}
	var out []string
	for _, path := range w.known {
		f := w.last[path]
		beside := len(others) > 1 || len(others) == 1 && !others[w.s.main(path).Config.Name]
		if f == nil || beside || batch.Touches(f.inputs, importable) {
			out = append(out, path)
		}
	}
	return out, nil
}

var testName = regexp.MustCompile(`\.(test|spec)\.[cm]?[jt]sx?$`)

// importable reports whether an import can mean a file; none means a test.
func importable(file string) bool {
	switch filepath.Ext(file) {
	case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json":
		return !testName.MatchString(file)
	}
	return false
}

// watchAll watches everything the run is made of.
func (w *watching) watchAll(s *session) {
	dirs := watch.Tree(w.opts.Root)
	file := func(path string) {
		if path != "" {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	for _, loc := range w.opts.Locations {
		file(loc.Path)
		file(loc.UserPath)
	}
	for _, f := range w.last {
		for _, in := range f.inputs {
			file(in)
		}
	}
	if s != nil {
		for _, c := range s.configs {
			file(c.Main)
			for _, f := range c.WatchFiles {
				file(f)
			}
			if c.Assets != nil {
				dirs = append(dirs, watch.Tree(c.Assets.Directory)...)
			}
		}
		for _, inputs := range s.inputs {
			for _, in := range inputs {
				file(in)
			}
		}
	}
	if _, err := w.files.Watch(dirs); err != nil {
		fmt.Fprintf(w.opts.Out, "warning: %v\n", err)
	}
}
