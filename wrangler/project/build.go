package project

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/all"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/api/cache"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/polyfill"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/config"
)

// builder keeps what makes the next build of a worker quick.
type builder struct {
	esbuild *bundle.Builder
	last    *bundle.Bundle
	program *jsg.Program
	// ready is what Prepare made, for the next Build.
	ready *prepared
	// skipCommand leaves the custom build command out.
	skipCommand bool
}

type prepared struct {
	bundle *bundle.Bundle
	result *Result
}

// check compiles the script as the bundler's last step, so that what the engine
// refuses is reported in the user's file; the program is kept.
func (b *builder) check(script []byte) *bundle.CheckError {
	p, err := jsg.Compile(scriptName, string(script))
	b.program = p
	var se *jsg.SyntaxError
	if errors.As(err, &se) {
		return &bundle.CheckError{Line: se.Line, Col: se.Col, Message: se.Message}
	}
	return nil
}

func (b *builder) dispose() {
	if b.esbuild != nil {
		b.esbuild.Dispose()
		b.esbuild = nil
	}
}

// Result is what one build of a worker came to.
type Result struct {
	Worker string
	Diags  diag.List
	// Err is why the new version does not run although it was built: its code
	// threw while it was loaded.
	Err error
	// Inputs are the files the build read.
	Inputs []string
	// Started is when the files began to be read.
	Started time.Time
	// Same is set if the build gave what already runs.
	Same     bool
	Duration time.Duration
}

// Failed reports whether the version before, if any, keeps running.
func (r *Result) Failed() bool { return r.Err != nil || r.Diags.HasErrors() }

// Prepare bundles a worker without running anything; the next Build of it
// loads what this gave.
func (p *Project) Prepare(ctx context.Context, m *Member) *Result {
	start := time.Now()
	r := &Result{Worker: m.Config.Name, Started: start}
	if m.Config.Main == "" {
		return r
	}
	b, ok := p.bundle(ctx, m, r)
	if ok {
		m.build.ready = &prepared{b, r}
	}
	r.Diags.Sort()
	r.Duration = time.Since(start)
	return r
}

// Build bundles and loads one worker and makes it current. On failure the
// version before stays.
func (p *Project) Build(ctx context.Context, m *Member) *Result { return p.Rebuild(ctx, m, true) }

// Rebuild is Build, but leaves out the custom build command unless command is
// set.
func (p *Project) Rebuild(ctx context.Context, m *Member, command bool) *Result {
	m.build.skipCommand = !command
	start := time.Now()
	r := &Result{Worker: m.Config.Name, Started: start}
	if m.Config.Main != "" {
		p.build(ctx, m, r)
		if r.Failed() && m.Handle.Current() == nil {
			m.Handle.SetDown(&BuildError{Result: r})
		}
	}
	r.Diags.Sort()
	r.Duration = time.Since(start)
	return r
}

// BuildError is why a worker that never built does not run.
type BuildError struct{ Result *Result }

// Error implements error.
func (e *BuildError) Error() string {
	if e.Result.Err != nil {
		return e.Result.Err.Error()
	}
	return e.Result.Diags.Error()
}

func (p *Project) build(ctx context.Context, m *Member, r *Result) {
	b, ok := p.bundled(ctx, m, r)
	if !ok {
		return
	}
	if m.build.last != nil && m.build.last.Hash == b.Hash && m.Handle.Current() != nil {
		m.build.last, r.Same = b, true
		return
	}
	opts, diags, err := p.workerOptions(m, b, m.build.program)
	r.Diags = append(r.Diags, diags...)
	if err != nil {
		r.Err = err
		return
	}
	w, err := worker.Load(opts)
	if err != nil {
		r.Err = err
		return
	}
	durable := durableClasses(w)
	m.build.last = b
	m.running.Store(b)
	m.durable.Store(&durable)
	m.Handle.Swap(w)
}

// bundled is the bundle Prepare made, or a new one.
func (p *Project) bundled(ctx context.Context, m *Member, r *Result) (*bundle.Bundle, bool) {
	ready := m.build.ready
	m.build.ready = nil
	if ready == nil {
		return p.bundle(ctx, m, r)
	}
	r.Diags, r.Inputs, r.Started = ready.result.Diags, ready.result.Inputs, ready.result.Started
	return ready.bundle, true
}

// scriptName is the file name the engine gives positions in.
const scriptName = "worker.js"

func (p *Project) bundle(ctx context.Context, m *Member, r *Result) (*bundle.Bundle, bool) {
	c := m.Config
	if c.Build.Command != "" && !m.build.skipCommand {
		cmd := &bundle.Command{Command: c.Build.Command, Dir: cmp.Or(c.Build.Cwd, c.Dir), Expect: c.Main,
			Env: []string{"WRANGLER_COMMAND=dev"}, Output: p.buildOutput(c.Name), Config: c.Path}
		diags := cmd.Run(ctx)
		if p.opts.CommandEnded != nil {
			p.opts.CommandEnded(c.Name)
		}
		if len(diags) > 0 {
			r.Diags = append(r.Diags, diags...)
			if diags.HasErrors() {
				return nil, false
			}
		}
	}
	r.Started = time.Now() // what the command wrote counts as read from here on
	if m.build.esbuild == nil {
		o := bundleOptions(c, m.flag)
		o.Check = m.build.check
		b, err := bundle.New(o)
		if err != nil {
			r.Err = err
			return nil, false
		}
		m.build.esbuild = b
	}
	b, diags := m.build.steady(ctx)
	placeDefines(c, diags)
	r.Diags = append(r.Diags, absolute(c.Dir, diags)...)
	r.Inputs = m.build.esbuild.Inputs()
	if b == nil || diags.HasErrors() {
		return nil, false
	}
	found := append(p.checkClasses(m, b), p.checkEntrypoints(m, b)...)
	r.Diags = append(r.Diags, found...)
	return b, !found.HasErrors()
}

// A build is repeated while files change under it, this many times; for the
// content of files that are empty it waits this long.
const (
	steadyTries = 3
	steadyWait  = 250 * time.Millisecond
	steadyPoll  = 4 * time.Millisecond
)

// steady builds until no source changed meanwhile: a file that is just being
// written reads as empty, and an empty worker must not replace a good one.
func (b *builder) steady(ctx context.Context) (*bundle.Bundle, diag.List) {
	deadline := time.Now().Add(steadyWait)
	for try := 1; ; try++ {
		before := stamps(b.esbuild.Inputs())
		out, diags := b.esbuild.Build(ctx)
		after := stamps(b.esbuild.Inputs())
		switch {
		case ctx.Err() != nil:
			return out, diags
		case time.Now().Before(deadline) && beingWritten(after):
			pause(ctx, steadyPoll)
		case !changedBetween(before, after), try >= steadyTries && time.Now().After(deadline):
			return out, diags
		}
	}
}

// beingWritten reports whether a source was emptied a moment ago.
func beingWritten(files map[string]stamp) bool {
	for _, st := range files {
		if st.size == 0 && !st.mod.IsZero() && time.Since(st.mod) < steadyWait {
			return true
		}
	}
	return false
}

// changedBetween compares the files that both know.
func changedBetween(before, after map[string]stamp) bool {
	for f, st := range before {
		if now, ok := after[f]; ok && now != st {
			return true
		}
	}
	return false
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// stamp is how a file looks without reading it.
type stamp struct {
	mod  time.Time
	size int64
}

// stamps looks at the sources among files; packages are not edited by hand.
func stamps(files []string) map[string]stamp {
	out := make(map[string]stamp, len(files))
	for _, f := range files {
		if strings.Contains(f, "node_modules") {
			continue
		}
		if st, err := os.Stat(f); err == nil {
			out[f] = stamp{st.ModTime(), st.Size()}
		} else {
			out[f] = stamp{}
		}
	}
	return out
}

func (p *Project) buildOutput(name string) io.Writer {
	if p.opts.BuildOutput == nil {
		return io.Discard
	}
	return writerFunc(func(b []byte) (int, error) { p.opts.BuildOutput(name, b); return len(b), nil })
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// bundleOptions is the part of the configuration the bundler reads.
func bundleOptions(c *config.Config, flag func(string) bool) bundle.Options {
	o := bundle.Options{
		Entry: c.Main, Dir: c.Dir, BaseDir: c.BaseDir, Define: pairs(c.Define), Alias: pairs(c.Alias), TSConfig: c.TSConfig,
		JSXFactory: c.JSXFactory, JSXFragment: c.JSXFragment, Minify: c.Minify, KeepNames: c.KeepNames, NoBundle: c.NoBundle,
		FindAdditionalModules: c.FindAdditionalModules,
		NodeCompat:            flag("nodejs_compat") || flag("nodejs_compat_v2"),
		NodeALS:               flag("nodejs_als"),
		Navigator:             flag("global_navigator"),
		// What runtime/polyfill's RegExp translates.
		RegExp: bundle.RegExpProperties | bundle.RegExpSets | bundle.RegExpIndices, RegExpLiteral: polyfill.Translates,
	}
	for _, r := range c.Rules {
		o.Rules = append(o.Rules, bundle.Rule{Type: bundle.ModuleType(r.Type), Globs: r.Globs, Fallthrough: r.Fallthrough})
	}
	return o
}

func pairs(list []config.Pair) map[string]string {
	m := map[string]string{}
	for _, p := range list {
		m[p.Key] = p.Value
	}
	return m
}

func (p *Project) workerOptions(m *Member, b *bundle.Bundle, program *jsg.Program) (worker.Options, diag.List, error) {
	build := bindings.NewBuilder(p.session, m.Config.Name)
	for _, k := range all.Kinds {
		if err := k.Bind(m.Config, build); err != nil {
			return worker.Options{}, nil, fmt.Errorf("%s bindings of %s: %w", k.Name, m.Config.Name, err)
		}
	}
	env, diags := build.Result()
	names := make([]string, len(env))
	for i, e := range env {
		names[i] = e.Name
	}
	m.env.Store(&names)
	responses, err := p.cache()
	if err != nil {
		return worker.Options{}, nil, err
	}
	script := &isolate.Script{Program: program, Modules: modules(b.Modules), URL: "file:///" + scriptName}
	o := worker.Options{
		Name: m.Config.Name, Script: script, ServiceWorker: b.Format == bundle.FormatServiceWorker, Env: env, Loopbacks: build.Loopbacks(), Flag: m.flag,
		Outbound:    &server.Outbound{Server: p.server, Worker: m.Config.Name, Public: m.flag("global_fetch_strictly_public"), Ports: m.flag("allow_custom_ports"), Network: p.opts.Network},
		Subrequests: m.subrequests(),
		Cache:       responses,
		Clock:       p.opts.Clock, Trace: p.opts.Trace, Heap: p.opts.Heap, MapStack: func(stack string) string { return MapStack(b, stack) },
	}
	if p.opts.Extend != nil {
		p.opts.Extend(m, &o)
	}
	return o, diags, nil
}

// subrequests is the limit the configuration sets, 0 for none.
func (m *Member) subrequests() int {
	if l := m.Config.Limits; l != nil && l.Subrequests != nil {
		return *l.Subrequests
	}
	return 0
}

// cache is the session's one store of cached responses.
func (p *Project) cache() (*cache.Memory, error) {
	m, err := bindings.Shared(p.session, "cache", func() (cacheState, error) {
		return cacheState{cache.NewMemory(cache.MemoryOptions{Clock: p.opts.Clock, Dir: filepath.Join(p.opts.State, "cache"), Keep: true})}, nil
	})
	return m.Memory, err
}

var moduleTypes = map[bundle.ModuleType]isolate.ModuleType{bundle.Text: isolate.Text, bundle.Data: isolate.Data, bundle.CompiledWasm: isolate.Wasm}

func modules(in map[string]bundle.Module) map[string]isolate.Module {
	out := make(map[string]isolate.Module, len(in))
	for id, m := range in {
		out[id] = isolate.Module{Type: moduleTypes[m.Type], Data: m.Data}
	}
	return out
}

// absolute makes the files of a bundler's findings absolute, as those of
// configurations are.
func absolute(dir string, list diag.List) diag.List {
	fix := func(pos *diag.Position) {
		if pos.File != "" && !filepath.IsAbs(pos.File) {
			pos.File = filepath.Join(dir, filepath.FromSlash(pos.File))
		}
	}
	for i := range list {
		fix(&list[i].Pos)
		for j := range list[i].Notes {
			fix(&list[i].Notes[j].Pos)
		}
	}
	return list
}
