package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// fileNames in the order wrangler prefers them. The order counts over the whole
// chain of parents: a wrangler.json far up beats a wrangler.jsonc right here.
var fileNames = []string{"wrangler.json", "wrangler.jsonc", "wrangler.toml"}

// redirectFile names the file build tools leave beside the user's configuration.
var redirectFile = filepath.Join(".wrangler", "deploy", "config.json")

// workspaceDepth is how many folders below the start FindWorkspace looks.
const workspaceDepth = 6

// ErrNotFound is wrapped by the errors of Find and FindWorkspace when there is no
// configuration file at all.
var ErrNotFound = errors.New("no wrangler configuration file found")

// Location is a configuration file that was found.
type Location struct {
	// Path is the file to load.
	Path string
	// UserPath is the user's own file: Path, unless a build tool redirected.
	UserPath string
}

// Redirected reports whether a build tool's file stands in for the user's.
func (l Location) Redirected() bool { return l.Path != l.UserPath }

// Load loads the file with opts, state and variable files staying with the
// user's own configuration.
func (l Location) Load(opts LoadOptions) (*Config, diag.List) {
	if l.Redirected() {
		opts.UserConfig = l.UserPath
	}
	return Load(l.Path, opts)
}

// Find searches dir and its parents. The error is a diag.Diagnostic, or wraps
// ErrNotFound.
func Find(dir string) (Location, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Location{}, fmt.Errorf("find configuration: %w", err)
	}
	user := ""
	for _, name := range fileNames {
		if user = upward(dir, name); user != "" {
			break
		}
	}
	deploy := upward(dir, redirectFile)
	if deploy == "" {
		if user == "" {
			return Location{}, fmt.Errorf("%w in %s or its parents (looked for %s)", ErrNotFound, dir, strings.Join(fileNames, ", "))
		}
		return Location{user, user}, nil
	}
	return redirect(user, deploy)
}

// upward is the first file called name in dir or a parent, or "".
func upward(dir, name string) string {
	for {
		if p := filepath.Join(dir, name); isFile(p) {
			return p
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// redirect follows the file at deploy on behalf of the user's file, which may be
// missing ("").
func redirect(user, deploy string) (Location, error) {
	fail := func(pos diag.Position, hint, format string, args ...any) (Location, error) {
		return Location{}, diag.Diagnostic{Severity: diag.Error, Code: "bad_redirect", Pos: pos, Message: fmt.Sprintf(format, args...), Hint: hint}
	}
	whole := diag.Position{File: deploy}
	if user != "" && filepath.Join(filepath.Dir(user), redirectFile) != deploy {
		return fail(whole, "delete the one that is not wanted",
			"Found both a user configuration file at %q and a deploy configuration file at %q. But these do not share the same base path so it is not clear which should be used.", user, deploy)
	}
	text, err := os.ReadFile(deploy)
	if err != nil {
		return fail(whole, "", "cannot read the deploy configuration file: %v", err)
	}
	var diags diag.List
	src := newSource(deploy, text)
	root := parseJSONC(src, &diags)
	if root == nil {
		return Location{}, diags[0]
	}
	target := root.get("configPath")
	if target.str() == "" {
		return fail(whole, "build again, or delete the file", "A deploy configuration file was found. But this is not valid - the required %q property was not found.", "configPath")
	}
	path := filepath.FromSlash(target.str())
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(deploy), path)
	}
	if !isFile(path) {
		return fail(src.pos(target.off), "build again, or delete the file", "There is a deploy configuration. But the redirected configuration path it points to, %q, does not exist.", path)
	}
	if user == "" {
		user = path
	}
	return Location{path, user}, nil
}

// FindWorkspace finds the configuration that applies to dir, searching upward as
// Find does; if there is none, it returns every configuration in the folders
// below, sorted by path, so that a whole workspace can be started from its root.
func FindWorkspace(dir string) ([]Location, error) {
	loc, err := Find(dir)
	if err == nil {
		return []Location{loc}, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	dir, aerr := filepath.Abs(dir)
	if aerr != nil {
		return nil, fmt.Errorf("find configuration: %w", aerr)
	}
	found, werr := below(dir)
	if werr != nil {
		return nil, werr
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w in %s, its parents, or %d folders below it (looked for %s; node_modules, dist and dot folders are skipped)",
			ErrNotFound, dir, workspaceDepth, strings.Join(fileNames, ", "))
	}
	return found, nil
}

// below walks the folders under root.
func below(root string) ([]Location, error) {
	var out []Location
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			// A folder that may not be read hides nothing that could be started.
			if path != root && errors.Is(err, fs.ErrPermission) {
				return fs.SkipDir
			}
			return err
		}
		if !d.IsDir() {
			return nil
		}
		name := d.Name()
		if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "dist") {
			return fs.SkipDir
		}
		if rel, _ := filepath.Rel(root, path); strings.Count(filepath.ToSlash(rel), "/") >= workspaceDepth {
			return fs.SkipDir
		}
		loc, err := inFolder(path)
		if err == nil && loc.Path != "" {
			out = append(out, loc)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search %s for configuration files: %w", root, err)
	}
	slices.SortFunc(out, func(a, b Location) int { return strings.Compare(a.UserPath, b.UserPath) })
	return out, nil
}

// inFolder is the configuration right in dir; the zero Location means none.
func inFolder(dir string) (Location, error) {
	for _, name := range fileNames {
		user := filepath.Join(dir, name)
		if !isFile(user) {
			continue
		}
		if deploy := filepath.Join(dir, redirectFile); isFile(deploy) {
			return redirect(user, deploy)
		}
		return Location{user, user}, nil
	}
	return Location{}, nil
}
