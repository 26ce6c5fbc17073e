package assets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/diag"
)

// Config is the assets section of a Worker, validated by wrangler/config.
type Config struct {
	// Directory is the path of the assets directory. FS, if set, is used in its
	// place; Directory is then only for messages.
	Directory string
	FS        fs.FS

	HTMLHandling     HTMLHandling
	NotFoundHandling NotFoundHandling

	// RunWorkerFirst is `run_worker_first: true`; RunWorkerFirstRules is its
	// array form.
	RunWorkerFirst      bool
	RunWorkerFirstRules []string

	// HasWorker says that there is code behind the assets.
	HasWorker bool
	// NavigationPrefersAssets is the compatibility flag
	// assets_navigation_prefers_asset_serving; see NavigationPrefersAssets.
	NavigationPrefersAssets bool
}

// NavigationPrefersAssets resolves the compatibility flag of that name: on by
// default from 2025-04-01.
func NavigationPrefersAssets(compatibilityDate string, flags []string) bool {
	on := compatibilityDate >= "2025-04-01"
	for _, f := range flags {
		switch f {
		case "assets_navigation_prefers_asset_serving":
			return true
		case "assets_navigation_has_no_effect":
			on = false
		}
	}
	return on
}

// Layer answers from one assets directory. It is safe for concurrent use.
type Layer struct {
	cfg   Config
	rules staticRouting
	cache contentCache

	refresh sync.Mutex // one walk at a time
	snap    atomic.Pointer[snapshot]
}

// snapshot is all that was read from the directory at one moment; a request
// uses one from beginning to end.
type snapshot struct {
	manifest
	redirects redirects
	headers   []headerRule
}

// New reads the directory and returns the layer with everything that is wrong
// in it. The layer is never nil: with errors it serves what could be read.
func New(cfg Config) (*Layer, diag.List) {
	if cfg.HTMLHandling == "" {
		cfg.HTMLHandling = AutoTrailingSlash
	}
	if cfg.NotFoundHandling == "" {
		cfg.NotFoundHandling = NotFoundNone
	}
	l := &Layer{cfg: cfg, rules: newStaticRouting(cfg.RunWorkerFirstRules)}
	return l, l.Refresh()
}

// Refresh walks the directory again and swaps the result in at once; requests
// in flight finish on the old state. Contents are not read here: call it
// whenever a file may have appeared or gone, or _headers, _redirects or
// .assetsignore changed. A changed file content needs no Refresh.
func (l *Layer) Refresh() diag.List {
	l.refresh.Lock()
	defer l.refresh.Unlock()
	var diags diag.List
	fsys, real := l.cfg.FS, ""
	if fsys == nil {
		fsys = os.DirFS(l.cfg.Directory)
		if p, err := filepath.EvalSymlinks(l.cfg.Directory); err == nil {
			real, _ = filepath.Abs(p)
		}
	}
	s := &snapshot{}
	ignore, present := l.special(fsys, ignoreFile, &diags)
	w := walker{fsys: fsys, root: l.cfg.Directory, real: real, ignore: newIgnorer(ignore, present),
		files: map[string]*file{}, diags: &diags}
	w.dir(".", ".")
	s.files = w.files
	if text, ok := l.special(fsys, redirectsFile, &diags); ok {
		s.redirects = parseRedirects(text, l.where(redirectsFile), l.cfg.HTMLHandling, &diags)
	}
	if text, ok := l.special(fsys, headersFile, &diags); ok {
		s.headers = parseHeaders(text, l.where(headersFile), &diags)
	}
	l.snap.Store(s)
	diags.Sort()
	return diags
}

func (l *Layer) where(name string) string { return filepath.Join(l.cfg.Directory, name) }

// special reads one of the files that steer the layer.
func (l *Layer) special(fsys fs.FS, name string, diags *diag.List) (string, bool) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
			diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "assets_unreadable",
				Pos: diag.Position{File: l.where(name)}, Message: fmt.Sprintf("cannot read this file: %v", cause(err))})
		}
		return "", false
	}
	return string(b), true
}

// Files returns how many assets there are.
func (l *Layer) Files() int { return len(l.snap.Load().files) }
