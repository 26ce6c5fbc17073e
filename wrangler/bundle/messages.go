package bundle

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/lazy"
	"github.com/miniworker/miniworker/internal/nearest"
)

// diagnostics turns esbuild's messages, and what the plugin found, into ours.
func (b *Builder) diagnostics(errs, warnings []api.Message) diag.List {
	var list diag.List
	for _, m := range errs {
		list.Add(b.diagnostic(diag.Error, m))
	}
	for _, m := range warnings {
		list.Add(b.diagnostic(diag.Warning, m))
	}
	list.Sort()
	return list
}

func (b *Builder) diagnostic(sev diag.Severity, m api.Message) diag.Diagnostic {
	d := diag.Diagnostic{Severity: sev, Code: "bundle", Message: m.Text, Pos: b.position(m.Location)}
	if m.ID != "" {
		d.Code = strings.ReplaceAll(m.ID, "-", "_")
	}
	if own, ok := m.Detail.(detail); ok {
		d.Code, d.Hint = own.code, own.hint
		return d
	}
	if spec := unresolved().FindStringSubmatch(m.Text); spec != nil && m.Location == nil {
		return diag.Diagnostic{Severity: sev, Code: "no_entry", Pos: d.Pos,
			Message: "the entry file does not exist", Hint: "check `main` in the Wrangler configuration"}
	} else if spec != nil {
		d.Code = "unresolved"
		d.Hint = b.unresolvedHint(spec[1], m.Location)
		if d.Hint == nodeCompatHint {
			d.Code = "needs_nodejs_compat"
		}
		if d.Hint != "" {
			return d // esbuild's notes talk about its own command line
		}
	}
	if spec := noLoader().FindStringSubmatch(m.Text); spec != nil {
		d.Code = "no_rule"
		d.Hint = "add a rule for it: `rules: [{ type: \"Text\", globs: [\"**/*" + spec[1] + "\"], fallthrough: true }]`"
	}
	for _, n := range m.Notes {
		d.Notes = append(d.Notes, diag.Note{Pos: b.position(n.Location), Message: n.Text})
	}
	return d
}

var (
	unresolved = lazy.Regexp(`^Could not resolve "([^"]*)"`)
	noLoader   = lazy.Regexp(`^No loader is configured for "([^"]*)" files`)
)

// unresolvedHint says what the user most likely wanted.
func (b *Builder) unresolvedHint(spec string, loc *api.Location) string {
	switch {
	case nodeBuiltin(strings.TrimPrefix(spec, "node:")):
		return nodeCompatHint
	case strings.HasPrefix(spec, "."):
		if loc == nil {
			return ""
		}
		file := loc.File
		if !filepath.IsAbs(file) {
			file = filepath.Join(b.opts.Dir, file)
		}
		return nearestHint(filepath.Dir(file), spec)
	case strings.HasPrefix(spec, "/"), strings.Contains(spec, ":"):
		return ""
	}
	name := spec
	if parts := strings.SplitN(spec, "/", 3); strings.HasPrefix(spec, "@") && len(parts) > 1 {
		name = parts[0] + "/" + parts[1]
	} else {
		name = parts[0]
	}
	if fileExists(filepath.Join(b.opts.Dir, "node_modules", name)) {
		return ""
	}
	return "install the package " + name + ", or check `alias` and the `paths` of tsconfig.json"
}

func fileExists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// nearestHint names the file in the wanted directory whose name is closest.
func nearestHint(dir, spec string) string {
	want := filepath.Join(dir, filepath.FromSlash(spec))
	entries, err := os.ReadDir(filepath.Dir(want))
	if err != nil {
		return "there is no directory " + filepath.ToSlash(filepath.Dir(filepath.FromSlash(spec)))
	}
	base := filepath.Base(want)
	best, dist := "", 1+len(stem(base))/3
	for _, e := range entries {
		d := min(nearest.Distance(base, e.Name()), nearest.Distance(stem(base), stem(e.Name())))
		if d <= dist && (best == "" || d < dist) {
			best, dist = e.Name(), d
		}
	}
	if best == "" {
		return ""
	}
	if filepath.Ext(base) == "" && !strings.EqualFold(base, stem(best)) && importable[filepath.Ext(best)] {
		best = stem(best)
	}
	rel := strings.TrimSuffix(spec, base) + best
	return "did you mean \"" + rel + "\"?"
}

// importable are the extensions that an import may leave out.
var importable = map[string]bool{".ts": true, ".tsx": true, ".js": true, ".jsx": true, ".mjs": true}

func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

func (b *Builder) position(l *api.Location) diag.Position {
	if l == nil {
		return diag.Position{File: b.display(b.opts.Entry)}
	}
	return diag.Position{File: b.display(l.File), Line: l.Line, Col: l.Column + 1}
}
