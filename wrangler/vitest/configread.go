package vitest

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// A configuration for Vitest is code. One that imports nothing but Vitest,
// Cloudflare's plugin, node: modules and files of the project runs as a worker
// does, in an isolate of its own, with what those packages export in
// js/vitest-config.mjs.

//go:embed js/vitest-config.mjs
var configModules string

// stoodFor are the packages that module stands in for.
var stoodFor = []string{
	"vitest/config", "vitest", "vite", "@cloudflare/vitest-plugin", "@cloudflare/vitest-plugin/config",
	"@cloudflare/vitest-pool-workers", "@cloudflare/vitest-pool-workers/config", "miniflare",
}

var importing = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(?:^\s*import\s*|\bfrom\s*|\bimport\(\s*)["']([^"']+)["']`)
})

// foreignImport is a package in a configuration's imports that needs Node, "" if
// there is none.
func foreignImport(text string) string {
	for _, m := range importing().FindAllStringSubmatch(text, -1) {
		spec := m[1]
		if !slices.Contains(stoodFor, spec) && !strings.HasPrefix(spec, "node:") && !strings.HasPrefix(spec, ".") && !slices.Contains([]string{"path", "url"}, spec) {
			return spec
		}
	}
	return ""
}

// settings are what a configuration says, as js/vitest-config.mjs reads it.
type settings struct {
	Test    map[string]json.RawMessage
	Workers struct {
		Wrangler struct{ ConfigPath, Environment string }
		// Miniflare are further options of the main worker.
		Miniflare map[string]json.RawMessage
	}
	// Plugins are the names of those that are not Cloudflare's.
	Plugins []string
	Define  map[string]json.RawMessage
	Alias   bool
	// Functions are the names of those that answer requests; "" is
	// outboundService.
	Functions []string
	functions *functions // nil if there are none
}

// readConfig runs a configuration. temp is a directory for files it needs.
func readConfig(ctx context.Context, file, temp string) (*settings, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if spec := foreignImport(string(text)); spec != "" {
		return nil, fmt.Errorf("it imports %q, which needs Node", spec)
	}
	p, m, err := configWorker(ctx, file, temp)
	if err != nil {
		return nil, err
	}
	var s settings
	out, err := callRead(ctx, m.Handle.Current())
	if err == nil {
		err = json.Unmarshal([]byte(out), &s)
	}
	if err != nil || len(s.Functions) == 0 {
		p.Close()
		return &s, err
	}
	s.functions = &functions{project: p, member: m}
	for _, name := range s.Functions {
		if name == "" {
			s.functions.outbound = true
			continue
		}
		s.functions.services = append(s.functions.services, name)
	}
	return &s, nil
}

// configWorker loads a configuration as a worker.
func configWorker(ctx context.Context, file, temp string) (*project.Project, *project.Member, error) {
	modules, own := filepath.Join(temp, "vitest-config.mjs"), filepath.Join(temp, "wrangler.json")
	if err := os.WriteFile(modules, []byte(configModules), 0o644); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(own, []byte(`{"name": "vitest-config", "main": "vitest-config.mjs", "compatibility_date": "2026-01-01", "compatibility_flags": ["nodejs_compat"]}`), 0o644); err != nil {
		return nil, nil, err
	}
	loc := config.Location{Path: own, UserPath: own}
	c, diags := loc.Load(config.LoadOptions{Environ: os.LookupEnv, Cwd: temp})
	if diags.HasErrors() {
		return nil, nil, diags
	}
	p, diags := project.New(project.Options{Configs: []*config.Config{c}, State: filepath.Join(temp, "config-state"), Hold: true, Extend: provideMigrations}, server.New(server.Options{}))
	if diags.HasErrors() {
		p.Close()
		return nil, nil, diags
	}
	m := p.Members()[0]
	compiled, result := p.Compile(ctx, m, func(o *bundle.Options) {
		o.Entry, o.NodeEnv = file, "test"
		o.Source = fmt.Sprintf("import config from %q;\nimport { read } from %q;\nexport { answer } from %[2]q;\nexport const load = () => read(config);\nexport default {};\n", file, modules)
		o.External = append(o.External, "miniworker:vitest-config")
		o.Alias = map[string]string{}
		for _, name := range stoodFor {
			o.Alias[name] = modules
		}
		dir, name := strconv.Quote(filepath.Dir(file)), strconv.Quote(file)
		o.Define = map[string]string{"__dirname": dir, "__filename": name, "import.meta.dirname": dir, "import.meta.filename": name, "import.meta.url": strconv.Quote("file://" + filepath.ToSlash(file))}
	})
	if compiled == nil {
		p.Close()
		return nil, nil, errors.New(buildErrors(filepath.Dir(file), result)[0].Message)
	}
	m.Use(compiled)
	if result := p.BuildCompiled(ctx, m); result.Failed() {
		p.Close()
		return nil, nil, &project.BuildError{Result: result}
	}
	return p, m, nil
}

// callRead calls what reads the settings, for JSON.
func callRead(ctx context.Context, w *worker.Worker) (string, error) {
	type outcome struct {
		text string
		err  error
	}
	done := make(chan outcome, 1)
	_, err := w.Event(ctx, iocontext.Info{}, trace.NewSpan(), func(js *jsg.Scope, io *iocontext.Context) {
		end := func(v jsg.Value, err error) {
			o := outcome{err: err}
			if err != nil {
				o.err = w.Describe(err)
			} else {
				o.text = v.String()
			}
			io.Release()
			done <- o
		}
		load, _, err := w.Export(js, "load")
		if err != nil {
			end(nil, err)
			return
		}
		v, err := js.Call(load, jsg.Undefined)
		if err != nil {
			end(nil, err)
			return
		}
		io.Await(js, v, func(_ *jsg.Scope, v jsg.Value, err error) { end(v, err) })
	})
	if err != nil {
		return "", err
	}
	o, err := isolate.Await(ctx, w.Isolate(), done)
	if errors.Is(err, isolate.ErrDisposed) {
		return "", errors.New("its code was stopped")
	}
	return o.text, cmp.Or(err, o.err)
}

// provideMigrations is the module behind readD1Migrations.
func provideMigrations(_ *project.Member, o *worker.Options) {
	o.Modules = map[string]func(*jsg.Scope) (*jsg.Object, error){"miniworker:vitest-config": func(js *jsg.Scope) (*jsg.Object, error) {
		ns := js.NewObject()
		definerOf(js, ns)("readMigrations", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			text, err := readMigrations(a.String(0))
			if err != nil {
				return nil, jsg.Errorf("readD1Migrations: %v", err)
			}
			return js.String(text), a.Err()
		})
		return ns, nil
	}}
}

// readMigrations are the migrations in a directory, as applyD1Migrations takes
// them, in JSON.
func readMigrations(dir string) (string, error) {
	if _, err := os.Stat(dir); err != nil {
		return "", err
	}
	m := d1.Migrations{Dir: dir, Pattern: "*.sql"}
	names, err := m.Files()
	if err != nil {
		return "", err
	}
	type migration struct {
		Name    string   `json:"name"`
		Queries []string `json:"queries"`
	}
	out := []migration{}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		out = append(out, migration{name, d1.Statements(string(text))})
	}
	data, err := json.Marshal(out)
	return string(data), err
}
