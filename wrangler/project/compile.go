package project

import (
	"context"
	"path/filepath"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/bundle"
)

// Compiled is a bundle ready to load into any number of projects. It is
// immutable.
type Compiled struct {
	Bundle  *bundle.Bundle
	Program *jsg.Program
}

// Compile bundles a worker once, for projects that load it with Use. change may
// alter what the configuration asks of the bundler; with it, the script is not
// held to what the bindings need. The Compiled is nil if the Result failed.
func (p *Project) Compile(ctx context.Context, m *Member, change func(*bundle.Options)) (*Compiled, *Result) {
	r := &Result{Worker: m.Config.Name}
	if change == nil {
		b, ok := p.bundle(ctx, m, r)
		r.Diags.Sort()
		if !ok {
			return nil, r
		}
		return &Compiled{Bundle: b, Program: m.build.program}, r
	}
	var own builder
	o := bundleOptions(m.Config, m.flag)
	o.Check = own.check
	change(&o)
	esbuild, err := bundle.New(o)
	if err != nil {
		r.Err = err
		return nil, r
	}
	defer esbuild.Dispose()
	b, diags := esbuild.Build(ctx)
	r.Diags, r.Inputs = absolute(m.Config.Dir, diags), esbuild.Inputs()
	r.Diags.Sort()
	if b == nil || diags.HasErrors() {
		return nil, r
	}
	return &Compiled{Bundle: b, Program: own.program}, r
}

// Use makes the next Build of m load c instead of bundling.
func (m *Member) Use(c *Compiled) {
	m.build.ready = &prepared{c.Bundle, &Result{Worker: m.Config.Name, Inputs: c.Bundle.Inputs}}
	m.build.program = c.Program
}

// BuildCompiled loads what Use gave.
func (p *Project) BuildCompiled(ctx context.Context, m *Member) *Result {
	if m.build.ready == nil {
		return &Result{Worker: m.Config.Name}
	}
	r := &Result{Worker: m.Config.Name}
	p.build(ctx, m, r)
	return r
}

// Service is the worker as its routes and bindings reach it: assets, then code.
func (m *Member) Service() wire.Fetcher { return m.service }

// Path is where a file of a mapped stack is.
func (m *Member) Path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(m.Config.Dir, filepath.FromSlash(file))
}
