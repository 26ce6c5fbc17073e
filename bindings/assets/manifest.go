package assets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
)

// The limits of an upload; beyond them a deploy fails.
const (
	MaxFiles    = 100_000
	MaxFileSize = 25 << 20
)

// Files with a meaning of their own, not served from the top of the directory
// unless .assetsignore says so.
const (
	headersFile   = "_headers"
	redirectsFile = "_redirects"
	ignoreFile    = ".assetsignore"
	pagesWorker   = "_worker.js"
)

// file is one asset. It never changes; contents are read when asked for.
type file struct {
	name  string // "/dir/page.html", as it is looked up
	open  string // slash-separated path to open, below the directory
	size  int64
	mtime time.Time
}

// manifest is an immutable snapshot of the directory.
type manifest struct {
	files map[string]*file
}

// lookup finds the file called name+end, without allocating for usual lengths.
func (m *manifest) lookup(name, end string) *file {
	if end == "" {
		return m.files[name]
	}
	if len(name)+len(end) > 256 {
		return m.files[name+end]
	}
	var buf [256]byte
	key := append(append(buf[:0], name...), end...)
	return m.files[string(key)]
}

// walker fills a manifest from a file system.
type walker struct {
	fsys    fs.FS
	root    string // directory for messages, "" for a bare fs.FS
	real    string // root with symbolic links resolved, "" for a bare fs.FS
	ignore  *ignorer
	files   map[string]*file
	diags   *diag.List
	inside  []string // real paths of the linked directories being walked
	toomany bool
	pages   bool // a Pages worker was reported
}

func (w *walker) where(rel string) diag.Position {
	return diag.Position{File: filepath.Join(w.root, filepath.FromSlash(rel))}
}

// dir walks the directory whose visible path is rel and whose contents are at
// open; the two differ below a symbolic link.
func (w *walker) dir(rel, open string) {
	entries, err := fs.ReadDir(w.fsys, open)
	if err != nil {
		w.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "assets_unreadable", Pos: w.where(rel),
			Message: fmt.Sprintf("cannot read the assets directory: %v", cause(err)),
			Hint:    "check `assets.directory`, and that the build step that fills it has run"})
		return
	}
	for _, e := range entries {
		if w.toomany {
			return
		}
		w.entry(path.Join(rel, e.Name()), path.Join(open, e.Name()), e)
	}
}

func (w *walker) entry(rel, open string, e fs.DirEntry) {
	link := e.Type()&fs.ModeSymlink != 0
	var info fs.FileInfo
	var err error
	if link {
		if info, open, err = w.follow(rel, open); info == nil && err == nil {
			return // refused, and said so
		}
	} else if e.IsDir() {
		if !w.ignore.match(rel, true) {
			w.dir(rel, open)
		}
		return
	} else if !w.ignore.match(rel, false) {
		info, err = e.Info()
	} else {
		return
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // removed meanwhile, or a dangling link
	case err != nil:
		w.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "assets_unreadable", Pos: w.where(rel),
			Message: fmt.Sprintf("skipping this asset, it cannot be read: %v", cause(err))})
	case link && w.ignore.match(rel, info.IsDir()):
	case info.IsDir():
		w.linkedDir(rel, open)
	case info.Mode().IsRegular():
		w.add(rel, open, info)
	}
}

// follow resolves a symbolic link. One that leaves the directory is refused:
// nothing outside may become public by accident.
func (w *walker) follow(rel, open string) (fs.FileInfo, string, error) {
	if w.real == "" {
		info, err := fs.Stat(w.fsys, open)
		return info, open, err
	}
	dest, err := filepath.EvalSymlinks(filepath.Join(w.real, filepath.FromSlash(open)))
	if err != nil {
		return nil, "", err
	}
	below, err := filepath.Rel(w.real, dest)
	if err != nil || !filepath.IsLocal(below) {
		w.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "asset_symlink_escapes", Pos: w.where(rel),
			Message: "skipping this symbolic link, it leads out of the assets directory",
			Hint:    "copy the files into the directory, or list the link in .assetsignore"})
		return nil, "", nil
	}
	info, err := os.Stat(dest)
	return info, filepath.ToSlash(below), err
}

// linkedDir walks a directory reached by a link, unless the walk is inside it
// already: a link to a parent would never end.
func (w *walker) linkedDir(rel, open string) {
	for _, p := range w.inside {
		if p == open {
			return
		}
	}
	if open == "." || strings.HasPrefix(rel, open+"/") {
		return
	}
	w.inside = append(w.inside, open)
	w.dir(rel, open)
	w.inside = w.inside[:len(w.inside)-1]
}

func (w *walker) add(rel, open string, info fs.FileInfo) {
	if (rel == pagesWorker || strings.HasPrefix(rel, pagesWorker+"/")) && !w.ignore.present && !w.pages {
		w.pages = true
		w.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "assets_pages_worker", Pos: w.where(rel),
			Message: "a Pages _worker.js would be uploaded as a public asset, which a deploy refuses: it may show server code to anyone",
			Hint:    "remove it, or list _worker.js in .assetsignore; an empty .assetsignore says that it is meant to be public"})
	}
	if info.Size() > MaxFileSize {
		w.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "asset_too_large", Pos: w.where(rel),
			Message: fmt.Sprintf("asset too large: %.1f MiB, the limit is %d MiB", float64(info.Size())/(1<<20), MaxFileSize>>20),
			Hint:    "move it to R2, or list it in .assetsignore"})
		return
	}
	if len(w.files) == MaxFiles {
		w.toomany = true
		w.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "assets_too_many", Pos: w.where("."),
			Message: fmt.Sprintf("too many assets: the directory holds more than %d files", MaxFiles),
			Hint:    "check `assets.directory`, or exclude files with .assetsignore; the files found first are served meanwhile"})
		return
	}
	name := "/" + rel
	w.files[name] = &file{name: name, open: open, size: info.Size(), mtime: info.ModTime()}
}

// cause drops operation and path, which the position already tells.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
