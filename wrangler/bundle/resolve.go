package bundle

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// marker starts every path that stays an import in esbuild's output. The linker
// finds the imports by it, without parsing JavaScript; it is long enough that
// what replaces an import always fits in its place, so no column moves.
const (
	marker     = "mw-link-7d1f4b0c93ae:"
	kindExtern = 'x'
	kindModule = 'm'
)

func mark(kind byte, spec string) string {
	return marker + string(kind) + url.PathEscape(spec)
}

// seen collects what the plugin notices during one build.
type seen struct {
	mu      sync.Mutex
	inputs  map[string]struct{}
	modules map[string]Module
	mocks   *mocks
}

func (s *seen) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inputs = map[string]struct{}{}
	s.modules = map[string]Module{}
	s.mocks = &mocks{}
}

func (s *seen) input(file string) {
	s.mu.Lock()
	s.inputs[file] = struct{}{}
	s.mu.Unlock()
}

func (s *seen) module(m Module) {
	s.mu.Lock()
	s.inputs[m.File] = struct{}{}
	s.modules[m.Name] = m
	s.mu.Unlock()
}

// again marks resolutions that the plugin itself asked for.
type again struct{}

func (b *Builder) plugin(s *seen) api.Plugin {
	return api.Plugin{Name: "miniworker", Setup: func(pb api.PluginBuild) {
		r := &resolver{b: b, pb: pb, seen: s}
		pb.OnResolve(api.OnResolveOptions{Filter: `.*`}, r.resolve)
		pb.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "file"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			s.input(a.Path)
			if errs := s.mocks.errors[a.Path]; len(errs) > 0 {
				return api.OnLoadResult{Errors: errs}, nil
			}
			if text, ok := s.mocks.files[a.Path]; ok {
				return api.OnLoadResult{Contents: &text, Loader: rewrittenLoader(a.Path)}, nil
			}
			if b.opts.FindAdditionalModules && a.Path == b.opts.Entry {
				return b.loadEntry()
			}
			return b.packages.load(a.Path), nil
		})
		s.mocks.load(b, pb)
		pb.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: listNamespace}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			return b.loadList(s)
		})
	}}
}

type resolver struct {
	b    *Builder
	pb   api.PluginBuild
	seen *seen
}

// resolve decides about one import; the zero result leaves it to esbuild.
func (r *resolver) resolve(a api.OnResolveArgs) (api.OnResolveResult, error) {
	none := api.OnResolveResult{}
	if a.Kind == api.ResolveEntryPoint {
		return none, nil
	}
	if _, ok := a.PluginData.(again); ok {
		return none, nil
	}
	if res, ok := r.seen.mocks.resolve(r, a); ok {
		return res, nil
	}
	o := &r.b.opts
	spec := a.Path
	if to, ok := o.Alias[spec]; ok && !o.NoBundle {
		if ext, ok := r.external(to, a); ok {
			return ext, nil
		}
		return r.alias(to, a)
	}
	if ext, ok := r.external(spec, a); ok {
		return ext, nil
	}
	switch rule, hidden := r.b.rules.forSpec(spec); {
	case hidden && !rule.isScript():
		return failed("hidden_rule", hiddenRuleText(spec, rule), hiddenRuleHint), nil
	case rule != nil && !rule.isScript():
		return r.module(rule.Type, a)
	}
	if spec == listSpec && o.FindAdditionalModules {
		return api.OnResolveResult{Path: listSpec, Namespace: listNamespace}, nil
	}
	if o.NoBundle {
		return r.noBundle(a), nil
	}
	return none, nil
}

// external reports whether the runtime answers spec.
func (r *resolver) external(spec string, a api.OnResolveArgs) (api.OnResolveResult, bool) {
	o := &r.b.opts
	ext := func(spec string) (api.OnResolveResult, bool) {
		return api.OnResolveResult{Path: mark(kindExtern, spec), External: true}, true
	}
	switch {
	case strings.HasPrefix(spec, "cloudflare:"), strings.HasPrefix(spec, "workerd:"),
		spec == "__STATIC_CONTENT_MANIFEST", slices.Contains(o.External, spec):
		return ext(spec)
	case strings.HasPrefix(spec, "node:"):
		name := strings.TrimPrefix(spec, "node:")
		if o.NodeCompat || o.NodeALS && name == "async_hooks" {
			if !nodeBuiltin(name) {
				return failed("no_node_builtin", fmt.Sprintf("There is no node module %q", spec), ""), true
			}
			return ext(spec)
		}
		if name == "process" { // there whatever the flags
			return ext(spec)
		}
		return r.withoutCompat(spec, a)
	case o.NodeCompat && nodeBuiltin(spec):
		return ext("node:" + spec)
	}
	return api.OnResolveResult{}, false
}

// withoutCompat answers node:* when the flag is off. Code that asks while
// running gets the chance to catch the failure; a static import cannot.
func (r *resolver) withoutCompat(spec string, a api.OnResolveArgs) (api.OnResolveResult, bool) {
	msg := message("needs_nodejs_compat", fmt.Sprintf("%q is a node module and nodejs_compat is off", spec), nodeCompatHint)
	if a.Kind == api.ResolveJSImportStatement {
		return api.OnResolveResult{Errors: []api.Message{msg}}, true
	}
	return api.OnResolveResult{
		Path: mark(kindExtern, spec), External: true, Warnings: []api.Message{msg},
	}, true
}

const nodeCompatHint = `add "nodejs_compat" to compatibility_flags in the Wrangler configuration`

// detail travels in api.Message.Detail to the diagnostic; esbuild drops the ID
// of a plugin's message.
type detail struct{ code, hint string }

func message(code, text, hint string) api.Message {
	return api.Message{Text: text, Detail: detail{code, hint}}
}

// noBundle keeps to what a Worker uploaded file by file could import: names
// relative to the importing file, or to the base directory.
func (r *resolver) noBundle(a api.OnResolveArgs) api.OnResolveResult {
	file := a.Path
	switch {
	case strings.HasPrefix(file, "/"):
		file = filepath.Join(r.b.opts.BaseDir, file)
		if a.Namespace == listNamespace {
			file = a.Path
		}
	case strings.HasPrefix(file, "."):
		file = filepath.Join(a.ResolveDir, file)
	default:
		file = filepath.Join(r.b.opts.BaseDir, file)
	}
	if st, err := os.Stat(file); err == nil && st.Mode().IsRegular() {
		return api.OnResolveResult{Path: file}
	}
	return failed("no_bundle_import", fmt.Sprintf("There is no module %q, and no_bundle is on", a.Path),
		"name the file exactly, with its extension; to use packages or TypeScript resolution, remove `no_bundle`")
}

func failed(code, text, hint string) api.OnResolveResult {
	return api.OnResolveResult{Errors: []api.Message{message(code, text, hint)}}
}

// alias resolves the replacement from the project directory, as Wrangler does.
func (r *resolver) alias(to string, a api.OnResolveArgs) (api.OnResolveResult, error) {
	res := r.pb.Resolve(to, api.ResolveOptions{
		Importer: a.Importer, ResolveDir: r.b.opts.Dir, Kind: a.Kind, Namespace: "file", PluginData: again{},
	})
	if len(res.Errors) > 0 {
		return failed("alias_unresolved", fmt.Sprintf("Could not resolve %q, the alias of %q", to, a.Path),
			"check the `alias` key in the Wrangler configuration"), nil
	}
	side := api.SideEffectsTrue
	if !res.SideEffects {
		side = api.SideEffectsFalse
	}
	return api.OnResolveResult{
		Path: res.Path, External: res.External, SideEffects: side, Namespace: res.Namespace, Suffix: res.Suffix,
	}, nil
}

// module makes the imported file a module of its own.
func (r *resolver) module(t ModuleType, a api.OnResolveArgs) (api.OnResolveResult, error) {
	path, _, _ := strings.Cut(a.Path, "?")
	file := filepath.Join(a.ResolveDir, filepath.FromSlash(path))
	if !strings.HasPrefix(path, ".") && !filepath.IsAbs(path) {
		if _, err := os.Stat(file); err != nil {
			file = r.packageFile(path, a)
		}
	} else if filepath.IsAbs(path) {
		file = path
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return failed("unresolved", fmt.Sprintf("Could not resolve %q", a.Path), nearestHint(a.ResolveDir, path)), nil
	}
	id := r.b.moduleName(file)
	r.seen.module(Module{Type: t, Name: id, File: file, Data: data})
	return api.OnResolveResult{Path: mark(kindModule, id), External: true}, nil
}

// packageFile finds a file inside an npm package, honouring its exports.
func (r *resolver) packageFile(path string, a api.OnResolveArgs) string {
	res := r.pb.Resolve(path, api.ResolveOptions{
		Importer: a.Importer, ResolveDir: a.ResolveDir, Kind: a.Kind, Namespace: "file", PluginData: again{},
	})
	return res.Path
}

// moduleName names a file by its path from the base directory.
func (b *Builder) moduleName(file string) string {
	if rel, err := filepath.Rel(b.opts.BaseDir, file); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}
