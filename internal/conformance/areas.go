package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// date is the compatibility date of the probes without a configuration.
const date = "2026-08-01"

// Files of the probe directory that are no areas: what all areas import (what
// some do is in the folder lib), and the other end of fetch.
const (
	library  = "probe.js"
	outbound = "outbound.js"
	// script is the area written in service-worker format.
	script = "serviceworker"
)

// answers are the results of an area's probes by name.
type answers map[string]string

// area is a set of probes: a worker that answers with their results.
type area struct {
	name string
	// flags are the compatibility flags that the first line of a module asks
	// for: "// compatibility_flags: a b".
	flags []string
	// libraries are the files that a module of its own imports, or may.
	libraries []string
	// configs are the configurations of an area that needs bindings or several
	// workers; the first is the one asked. Empty for a module of its own.
	configs []string
}

// areas are those of the probe directory: each module in it, and each folder
// with a wrangler.jsonc.
func areas(dir string) ([]area, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var list []area
	for _, e := range entries {
		a := area{name: strings.TrimSuffix(e.Name(), ".js")}
		switch {
		case e.IsDir():
			if a.configs, err = configs(filepath.Join(dir, e.Name())); err != nil {
				return nil, err
			}
			if len(a.configs) == 0 {
				continue
			}
		case e.Name() == library || e.Name() == outbound || filepath.Ext(e.Name()) != ".js":
			continue
		default:
			if err := a.read(dir); err != nil {
				return nil, err
			}
		}
		list = append(list, a)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no probes in %s", dir)
	}
	return list, nil
}

// configs are the configurations below a folder, its own first.
func configs(dir string) ([]string, error) {
	own := filepath.Join(dir, "wrangler.jsonc")
	if _, err := os.Stat(own); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	list := []string{own}
	for _, other := range []string{"*/wrangler.jsonc", "*/dist/server/wrangler.json"} { // the second is what frameworks build
		more, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(other)))
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// read finds out what a module asks for and imports.
func (a *area) read(dir string) error {
	source, err := os.ReadFile(filepath.Join(dir, a.name+".js"))
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(source), "\n")
	if flags, ok := strings.CutPrefix(line, "// compatibility_flags:"); ok {
		a.flags = strings.Fields(flags)
	}
	shared, err := filepath.Glob(filepath.Join(dir, "lib", "*.js"))
	if err != nil {
		return err
	}
	a.libraries = []string{library} // which what is in lib imports too
	for _, file := range shared {
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); strings.Contains(string(source), `from "./`+name+`"`) {
			a.libraries = append(a.libraries, name)
		}
	}
	return nil
}

// date is the compatibility date of an area.
func (a *area) date() (string, error) {
	if len(a.configs) == 0 {
		return date, nil
	}
	c, diags := config.Load(a.configs[0], config.LoadOptions{})
	if diags.HasErrors() {
		return "", diags
	}
	return c.CompatibilityDate, nil
}

func names(list []area) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.name
	}
	return out
}

// ask runs one area in miniworker.
func ask(ctx context.Context, dir string, a area) (answers, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	state, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(state)
	var network wire.Fetcher // of a directory without one nobody fetches
	if _, err := os.Stat(filepath.Join(dir, outbound)); err == nil {
		other, err := start(ctx, state, nil, module(dir, outbound, nil))
		if err != nil {
			return nil, err
		}
		defer other.Close()
		network = other.Members()[0].Handle
	}
	list := []loader{module(dir, a.name+".js", a.flags)}
	if len(a.configs) > 0 {
		list = nil
		for _, path := range a.configs {
			list = append(list, func() (*config.Config, diag.List) { return config.Load(path, config.LoadOptions{}) })
		}
	}
	p, err := start(ctx, state, network, list...)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	resp, err := p.Members()[0].Handle.Fetch(ctx, &wire.Request{Method: http.MethodGet, URL: "http://conformance.example/", Header: http.Header{}, CF: server.CF("", "HTTP/1.1")})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.name, err)
	}
	if resp.Body == nil {
		return nil, fmt.Errorf("%s: an empty answer", a.name)
	}
	defer resp.Body.Close()
	return decode(a.name, resp.Body)
}

func decode(area string, r io.Reader) (answers, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", area, err)
	}
	a := answers{}
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("%s: %w: %.300s", area, err, data)
	}
	return a, nil
}

// loader gives the configuration of a worker.
type loader func() (*config.Config, diag.List)

// module is the configuration of a probe file that has none.
func module(dir, file string, flags []string) loader {
	return func() (*config.Config, diag.List) {
		f, diags := config.Parse(filepath.Join(dir, "(none)"), []byte(`{"name": "conformance"}`))
		if f == nil {
			return nil, diags
		}
		return f.Resolve(config.LoadOptions{Main: file, Cwd: dir, CompatibilityDate: date, CompatibilityFlags: flags})
	}
}

// start runs workers as one project; network is the other end of fetch.
func start(ctx context.Context, state string, network wire.Fetcher, list ...loader) (*project.Project, error) {
	var all []*config.Config
	for _, load := range list {
		c, diags := load()
		if diags.HasErrors() {
			return nil, diags
		}
		all = append(all, c)
	}
	// Held back, so that fetch goes straight to network as it does for workerd.
	p, diags := project.New(project.Options{Configs: all, State: state, Network: network, Hold: true}, server.New(server.Options{}))
	if diags.HasErrors() {
		return nil, errors.Join(diags, p.Close())
	}
	for _, m := range p.Members() {
		if r := p.Build(ctx, m); r.Failed() {
			return nil, errors.Join(&project.BuildError{Result: r}, p.Close())
		}
	}
	return p, nil
}

// readJSON reads a file of the probe directory; a missing one leaves v alone.
func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// find picks an area by name.
func find(list []area, name string) ([]area, error) {
	i := slices.IndexFunc(list, func(a area) bool { return a.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no area %q; the areas are %v", name, names(list))
	}
	return list[i : i+1], nil
}
