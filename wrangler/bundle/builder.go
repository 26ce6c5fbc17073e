package bundle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/miniworker/miniworker/internal/diag"
)

// Builder builds one Worker again and again, reusing what did not change.
// Its methods may be called from any goroutine; builds run one at a time.
type Builder struct {
	opts  Options
	rules *ruleSet
	// tsconfig is the file esbuild reads by itself, or empty.
	tsconfig string
	packages packageFiles

	mu       sync.Mutex
	sticky   mode // what earlier builds found they need
	contexts map[mode]*buildContext
	inputs   []string
	closed   bool
}

// mode is how one esbuild context differs from the others of a Builder.
type mode struct{ tla, lowerFields, keepNames bool }

// buildContext is an esbuild context and what its plugin saw in the last build.
type buildContext struct {
	api  api.BuildContext
	seen *seen
}

// New checks the options and prepares a Builder. It reads no source file.
func New(o Options) (*Builder, error) {
	if !filepath.IsAbs(o.Dir) {
		return nil, fmt.Errorf("bundle: directory %q is not absolute", o.Dir)
	}
	if o.Entry == "" {
		return nil, errors.New("bundle: no entry file")
	}
	if !filepath.IsAbs(o.Entry) {
		o.Entry = filepath.Join(o.Dir, o.Entry)
	}
	if o.BaseDir == "" {
		o.BaseDir = filepath.Dir(o.Entry)
	} else if !filepath.IsAbs(o.BaseDir) {
		o.BaseDir = filepath.Join(o.Dir, o.BaseDir)
	}
	if o.DisplayDir == "" {
		o.DisplayDir = o.Dir
	}
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if err := environment(&o); err != nil {
		return nil, err
	}
	rules, err := compileRules(o.Rules)
	if err != nil {
		return nil, err
	}
	return &Builder{
		tsconfig: findTSConfig(o),
		opts:     o,
		rules:    rules,
		sticky:   mode{lowerFields: o.LowerClassFields, keepNames: o.KeepNames && o.Minify},
		contexts: map[mode]*buildContext{},
	}, nil
}

// findTSConfig returns the tsconfig.json that applies to the entry file, so that
// it can be watched.
func findTSConfig(o Options) string {
	if o.TSConfig != "" {
		if filepath.IsAbs(o.TSConfig) {
			return o.TSConfig
		}
		return filepath.Join(o.Dir, o.TSConfig)
	}
	for dir := filepath.Dir(o.Entry); ; dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, "tsconfig.json"); fileExists(file) {
			return file
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// environment applies the variables Wrangler reads.
func environment(o *Options) error {
	if v := o.Getenv("WRANGLER_BUILD_CONDITIONS"); v != "" {
		o.Conditions = strings.Split(v, ",")
	} else if o.Conditions == nil {
		o.Conditions = []string{"workerd", "worker", "browser"}
	}
	if v := o.Getenv("WRANGLER_BUILD_PLATFORM"); v != "" {
		o.Platform = v
	}
	switch o.Platform {
	case "", "browser", "node", "neutral":
	default:
		return fmt.Errorf("WRANGLER_BUILD_PLATFORM is %q; use browser, node or neutral", o.Platform)
	}
	if o.NodeEnv == "" {
		o.NodeEnv = o.Getenv("NODE_ENV")
	}
	if o.NodeEnv == "" {
		o.NodeEnv = "development"
	}
	return nil
}

// Build builds the Worker from the files as they are now. The Bundle is nil
// when the list has errors; warnings come with a Bundle. Cancelling ctx stops
// the build and yields a diagnostic that says so.
func (b *Builder) Build(ctx context.Context) (*Bundle, diag.List) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, failure("bundle_closed", "the builder is disposed")
	}
	m := b.sticky
	for {
		out, list, next := b.build(ctx, m)
		if next == m {
			return out, list
		}
		m = next
		b.sticky = m
		b.sticky.tla = false // code without it wants the simpler script back
	}
}

// Inputs returns the absolute files whose change can change the next build,
// sorted: those of the last build and, while builds fail, of the ones before.
func (b *Builder) Inputs() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.inputs)
}

func (b *Builder) remember(s *seen, complete bool) {
	s.input(b.opts.Entry)
	if b.tsconfig != "" {
		s.input(b.tsconfig)
	}
	s.mu.Lock()
	files := slices.Collect(maps.Keys(s.inputs))
	s.mu.Unlock()
	if !complete {
		files = append(files, b.inputs...)
	}
	slices.Sort(files)
	b.inputs = slices.Compact(files)
}

func mayHaveFragileFields(script []byte) bool {
	for range fragileNames(script) {
		return true
	}
	return false
}

// build makes one attempt. If the mode it returns differs from m, the attempt
// found that it needs that mode.
func (b *Builder) build(ctx context.Context, m mode) (*Bundle, diag.List, mode) {
	bc, list := b.context(m)
	if bc == nil {
		return nil, list, m
	}
	bc.seen.reset()
	stop := context.AfterFunc(ctx, bc.api.Cancel)
	res := bc.api.Rebuild()
	stop()
	b.remember(bc.seen, len(res.Errors) == 0)
	if err := ctx.Err(); err != nil {
		return nil, failure("bundle_cancelled", "the build was cancelled: "+err.Error()), m
	}
	if !m.tla && slices.ContainsFunc(res.Errors, isTopLevelAwait) {
		m.tla = true
		return nil, nil, m
	}
	list = b.diagnostics(res.Errors, res.Warnings)
	if list.HasErrors() {
		return nil, list, m
	}
	code, smap := outputs(res)
	if code == nil || smap == nil {
		list.Add(diag.Diagnostic{Severity: diag.Error, Code: "bundle_output",
			Pos: diag.Position{File: b.display(b.opts.Entry)}, Message: "the entry file is not JavaScript or TypeScript"})
		return nil, list, m
	}
	out, list := b.finish(code, smap, bc.seen, m, list)
	if out != nil {
		if bad := b.check(out); bad != nil {
			if !m.lowerFields && mayHaveFragileFields(out.Script) {
				m.lowerFields = true // perhaps one that inClassBody missed
				return nil, nil, m
			}
			list.Add(*bad)
			return nil, list, m
		}
	}
	return out, list, m
}

func isTopLevelAwait(m api.Message) bool {
	return strings.HasPrefix(m.Text, "Top-level await is not available")
}

// context returns the esbuild context for m, made on first use.
func (b *Builder) context(m mode) (*buildContext, diag.List) {
	if bc := b.contexts[m]; bc != nil {
		return bc, nil
	}
	bc := &buildContext{seen: &seen{}}
	c, err := api.Context(b.esbuildOptions(m, bc.seen))
	if err != nil {
		return nil, b.diagnostics(err.Errors, nil)
	}
	bc.api = c
	b.contexts[m] = bc
	return bc, nil
}

// Dispose frees what the Builder keeps between builds.
func (b *Builder) Dispose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, c := range b.contexts {
		c.api.Dispose()
	}
	b.contexts = nil
}

func failure(code, msg string) diag.List {
	return diag.List{{Severity: diag.Error, Code: code, Message: msg}}
}
