package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// loadVars fills Config.Vars: the vars of the file, then variable files or the
// process environment, then --var.
func (r *resolver) loadVars() {
	c := r.cfg
	for _, f := range r.get("vars").members() {
		v := Var{Name: f.key, Source: "vars", Pos: r.src.pos(f.keyOff)}
		if f.val.kind == kindString {
			v.Value = f.val.text
		} else {
			v.Kind, v.JSON = VarJSON, f.val.json()
		}
		c.Vars = append(c.Vars, v)
	}
	secrets := r.get("secrets")
	if secrets != nil {
		c.Secrets = &Secrets{Required: secrets.get("required").strs(), Pos: r.pos(secrets)}
	}
	if !r.opts.NoVarFiles {
		r.mergeLoaded(r.loadEntries())
	}
	for _, name := range sortedKeys(r.opts.Vars) {
		r.setVar(Var{Name: name, Value: r.opts.Vars[name], Source: "--var"})
	}
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// setVar replaces the variable of the same name in place, or appends.
func (r *resolver) setVar(v Var) {
	if i := slices.IndexFunc(r.cfg.Vars, func(old Var) bool { return old.Name == v.Name }); i >= 0 {
		r.cfg.Vars[i] = v
		return
	}
	r.cfg.Vars = append(r.cfg.Vars, v)
}

// mergeLoaded turns loaded entries into secrets. With a `secrets` section only
// names that are known from the file count.
func (r *resolver) mergeLoaded(entries []loadedEntry) {
	c := r.cfg
	have := map[string]bool{}
	taken := r.otherBindings()
	for _, e := range entries {
		have[e.key] = true
		known := slices.ContainsFunc(c.Vars, func(v Var) bool { return v.Name == e.key })
		if c.Secrets != nil && !known && !slices.Contains(c.Secrets.Required, e.key) {
			continue
		}
		if at := taken[e.key]; at != nil {
			if e.source != processSource {
				r.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "var_hidden_by_binding", Pos: e.pos,
					Message: fmt.Sprintf("%s is not used: a binding has the same name", e.key), Hint: "rename one of them",
					Notes: []diag.Note{{Pos: r.pos(at), Message: "the binding"}}})
			}
			continue
		}
		r.setVar(Var{Name: e.key, Kind: VarSecret, Value: e.value, Source: e.source, Pos: e.pos})
	}
	if c.Secrets == nil {
		return
	}
	for _, name := range c.Secrets.Required {
		if !have[name] {
			c.Secrets.Missing = append(c.Secrets.Missing, name)
		}
	}
	if len(c.Secrets.Missing) > 0 {
		r.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "missing_secret", Pos: c.Secrets.Pos,
			Message: fmt.Sprintf("Missing required secrets: %s.", strings.Join(c.Secrets.Missing, ", ")),
			Hint:    "Add them to .dev.vars, .env, or set as environment variables."})
	}
}

// otherBindings maps the names of bindings that are neither vars nor secrets.
func (r *resolver) otherBindings() map[string]*value {
	out := map[string]*value{}
	for i := range table {
		k := &table[i]
		if k.names == nil || k.name == "vars" || k.name == "secrets" {
			continue
		}
		if v := r.get(k.name); v != nil {
			for _, n := range k.names(v) {
				out[n.str()] = n
			}
		}
	}
	return out
}

const processSource = "process.env"

type loadedEntry struct {
	envEntry
	source string
}

// loadEntries reads the variable files that apply, and the process environment
// where it counts.
func (r *resolver) loadEntries() []loadedEntry {
	dir := r.cfg.UserDir
	if len(r.opts.EnvFiles) == 0 {
		names := []string{".dev.vars"}
		if r.envName != "" {
			names = []string{".dev.vars." + r.envName, ".dev.vars"}
		}
		for _, name := range names {
			if entries, ok := r.readVarFile(filepath.Join(dir, name)); ok {
				return tag(entries, name)
			}
		}
	}
	if !r.boolEnv("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV", true) {
		return nil
	}
	files := r.opts.EnvFiles
	if len(files) == 0 {
		files = []string{".env", ".env.local"}
		if r.envName != "" {
			files = append(files, ".env."+r.envName, ".env."+r.envName+".local")
		}
	}
	var merged []loadedEntry
	for _, name := range files {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		entries, ok := r.readVarFile(path)
		if !ok && len(r.opts.EnvFiles) > 0 {
			r.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "env_file_not_found", Pos: diag.Position{File: path},
				Message: "the file given with --env-file does not exist", Hint: "the path is relative to the directory of the configuration file"})
		}
		merged = mergeEntries(merged, tag(entries, name))
	}
	return r.withProcessEnv(merged)
}

// withProcessEnv expands references, and adds the process environment if it was
// asked for.
func (r *resolver) withProcessEnv(merged []loadedEntry) []loadedEntry {
	process := func(string) (string, bool) { return "", false }
	include := r.get("secrets") != nil || r.boolEnv("CLOUDFLARE_INCLUDE_PROCESS_ENV", false)
	if include {
		process = r.opts.lookup
	}
	plain := make([]envEntry, len(merged))
	for i, e := range merged {
		plain[i] = e.envEntry
	}
	for i, e := range expandEnv(plain, process) {
		merged[i].value = e.value
		if v, ok := process(e.key); ok && v == e.value {
			merged[i].source, merged[i].pos = processSource, diag.Position{}
		}
	}
	if !include {
		return merged
	}
	for _, name := range r.processNames() {
		v, ok := r.opts.lookup(name)
		if ok && !slices.ContainsFunc(merged, func(e loadedEntry) bool { return e.key == name }) {
			merged = append(merged, loadedEntry{envEntry{key: name, value: v}, processSource})
		}
	}
	return merged
}

// processNames lists the variables of the process that may count.
func (r *resolver) processNames() []string {
	var names []string
	if r.opts.EnvironNames != nil {
		names = slices.Clone(r.opts.EnvironNames())
	} else {
		for _, v := range r.cfg.Vars {
			names = append(names, v.Name)
		}
		if r.cfg.Secrets != nil {
			names = append(names, r.cfg.Secrets.Required...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func tag(entries []envEntry, source string) []loadedEntry {
	var out []loadedEntry
	for _, e := range entries {
		out = mergeEntries(out, []loadedEntry{{e, source}})
	}
	return out
}

// mergeEntries lets later entries win, each name keeping its first place.
func mergeEntries(into, from []loadedEntry) []loadedEntry {
	for _, e := range from {
		if i := slices.IndexFunc(into, func(old loadedEntry) bool { return old.key == e.key }); i >= 0 {
			into[i] = e
			continue
		}
		into = append(into, e)
	}
	return into
}

// readVarFile reads one variable file; ok is false if there is none.
func (r *resolver) readVarFile(path string) (entries []envEntry, ok bool) {
	r.cfg.WatchFiles = append(r.cfg.WatchFiles, path)
	text, err := os.ReadFile(path)
	if err != nil {
		// A directory of that name (some tools make .env one) is no file to read.
		if st, serr := os.Stat(path); !errors.Is(err, fs.ErrNotExist) && (serr != nil || !st.IsDir()) {
			r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "env_file_unreadable", Pos: diag.Position{File: path},
				Message: fmt.Sprintf("cannot read the variable file: %v", err)})
		}
		return nil, false
	}
	r.cfg.EnvFiles = append(r.cfg.EnvFiles, path)
	entries, diags := parseDotenv(path, text)
	r.diags = append(r.diags, diags...)
	return entries, true
}

// boolEnv reads a variable that must be true or false.
func (r *resolver) boolEnv(name string, def bool) bool {
	s, ok := r.opts.lookup(name)
	if !ok {
		return def
	}
	switch strings.ToLower(s) {
	case "true":
		return true
	case "false":
		return false
	}
	r.errorf("invalid_environment_variable", nil, "", "Expected %s to be \"true\" or \"false\", but got %q", name, s)
	return def
}

// ReadVarFile reads a file of the .env form as wrangler does, without expanding
// references; a name that appears twice keeps its last value.
func ReadVarFile(path string) ([]Pair, diag.List, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read variables: %w", err)
	}
	entries, diags := parseDotenv(path, text)
	var out []Pair
	for _, e := range tag(entries, path) {
		out = append(out, Pair{e.key, e.value, e.pos})
	}
	return out, diags, nil
}
