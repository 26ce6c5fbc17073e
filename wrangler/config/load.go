package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
)

// DefaultCompatibilityDate is used when neither the file nor the caller says
// otherwise.
const DefaultCompatibilityDate = "2026-11-01"

// LoadOptions are the circumstances a file is read under. The zero value reads
// the top level with no process environment.
type LoadOptions struct {
	// Env names the environment (--env). Empty means CLOUDFLARE_ENV, and if that
	// is unset too, the top level.
	Env string
	// EnvFiles replaces the default variable files (--env-file), later wins.
	EnvFiles []string
	// Vars are --var values; they win over everything.
	Vars map[string]string
	// Environ looks up the process environment; nil is an empty one.
	Environ func(name string) (string, bool)
	// EnvironNames lists the process environment, for the settings that read all
	// of it; nil means that only names known from the file can be found.
	EnvironNames func() []string
	// UserConfig is the user's own file when Path is a redirected one.
	UserConfig string
	// Now is the present, for judging compatibility dates; zero skips the check.
	Now time.Time
	// DefaultDate stands in for a missing compatibility_date.
	DefaultDate string

	// The rest overrides the file, as command-line flags do.
	Name               string
	Main               string // relative to Cwd
	AssetsDir          string // relative to Cwd
	Cwd                string
	CompatibilityDate  string
	CompatibilityFlags []string // replaces the list if not nil
	Routes             []string // replaces the routes if not nil

	// NoVarFiles skips variable files and the process environment (lint).
	NoVarFiles bool
}

func (o *LoadOptions) lookup(name string) (string, bool) {
	if o.Environ == nil {
		return "", false
	}
	return o.Environ(name)
}

// File is a parsed configuration file; environments are resolved from it
// without reading it again.
type File struct {
	Path  string // absolute
	src   *source
	root  *value
	diags diag.List
}

// Open reads and parses a file. The File is nil exactly when the diagnostics
// hold an error.
func Open(path string) (*File, diag.List) {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	text, err := os.ReadFile(abs)
	if err != nil {
		return nil, diag.List{readError(abs, err)}
	}
	return Parse(abs, text)
}

func readError(path string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: "config_unreadable", Pos: diag.Position{File: path}}
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Code, d.Message = "config_not_found", "the configuration file does not exist"
		d.Hint = siblingHint(path)
	case errors.As(err, &pe):
		d.Message = "cannot read the configuration file: " + pe.Err.Error()
	default:
		d.Message = "cannot read the configuration file: " + err.Error()
	}
	return d
}

// siblingHint names another configuration file in the same directory.
func siblingHint(path string) string {
	for _, name := range fileNames {
		if p := filepath.Join(filepath.Dir(path), name); isFile(p) {
			return fmt.Sprintf("there is a %s beside it", name)
		}
	}
	return ""
}

// Parse parses text as the content of the file at path, whose extension decides
// the syntax.
func Parse(path string, text []byte) (*File, diag.List) {
	f := &File{Path: path, src: newSource(path, text)}
	if strings.EqualFold(filepath.Ext(path), ".toml") {
		f.root = parseTOML(f.src, &f.diags)
	} else {
		f.root = parseJSONC(f.src, &f.diags)
	}
	if f.root != nil && f.root.kind != kindObject {
		f.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "config_syntax", Pos: f.src.pos(f.root.off),
			Message: "the configuration must be an object, but it is " + article(f.root.kind)})
		f.root = nil
	}
	f.diags.Sort()
	if f.root == nil {
		return nil, f.diags
	}
	return f, f.diags
}

func article(k kind) string {
	if k == kindArray {
		return "an array"
	}
	return "a " + k.String()
}

// Environments lists the named environments of the file, sorted.
func (f *File) Environments() []string {
	names := keysOf(f.root.get("env").members())
	slices.Sort(names)
	return names
}

// AllEnvironments lists the named environments of the file at path, sorted; an
// unreadable file has none.
func AllEnvironments(path string) []string {
	f, _ := Open(path)
	if f == nil {
		return nil
	}
	return f.Environments()
}

// Load reads the file at path and resolves one environment. The Config is nil
// only when the file cannot be parsed; with other errors it holds whatever could
// be understood.
func Load(path string, opts LoadOptions) (*Config, diag.List) {
	f, diags := Open(path)
	if f == nil {
		return nil, diags
	}
	return f.Resolve(opts)
}

// LoadAll resolves the top level and each named environment, in this order.
// Findings that several environments share are reported once.
func LoadAll(path string, opts LoadOptions) ([]*Config, diag.List) {
	f, diags := Open(path)
	if f == nil {
		return nil, diags
	}
	var out []*Config
	var all diag.List
	seen := map[string]bool{}
	for _, env := range append([]string{""}, f.Environments()...) {
		opts.Env = env
		cfg, ds := f.resolve(env, opts)
		out = append(out, cfg)
		for _, d := range ds {
			if key := d.Error(); !seen[key] {
				seen[key] = true
				all.Add(d)
			}
		}
	}
	all.Sort()
	return out, all
}

// Resolve resolves the environment opts choose.
func (f *File) Resolve(opts LoadOptions) (*Config, diag.List) {
	env := opts.Env
	if env == "" {
		env, _ = opts.lookup("CLOUDFLARE_ENV")
	}
	return f.resolve(env, opts)
}

func (f *File) resolve(env string, opts LoadOptions) (*Config, diag.List) {
	r := &resolver{checker: checker{src: f.src, diags: slices.Clone(f.diags)}, file: f, root: f.root, envName: env, opts: &opts}
	cfg := r.run()
	r.diags.Sort()
	return cfg, r.diags
}
