// Package watch tells of changed files, a burst at a time. It watches
// directories, because editors replace files.
package watch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Batch is what happened to files, by absolute path.
type Batch map[string]fsnotify.Op

// Has reports whether something happened to a file.
func (b Batch) Has(file string) bool { _, ok := b[file]; return ok }

// Under reports whether something happened to a directory or below it.
func (b Batch) Under(dir string) bool {
	for f := range b {
		if Within(f, dir) {
			return true
		}
	}
	return false
}

// Within reports whether a path is dir or below it.
func Within(path, dir string) bool {
	return path == dir || len(path) > len(dir) && path[:len(dir)] == dir && os.IsPathSeparator(path[len(dir)])
}

// Structural reports whether files came, went or were replaced: what imports
// and patterns mean may have changed.
func (b Batch) Structural() bool {
	for _, op := range b {
		if op != fsnotify.Write {
			return true
		}
	}
	return false
}

// Touches reports whether what was made of inputs could come out differently: one
// of them changed; a file came or went beside them that, as means says, an import
// can mean; or a directory went, and what is in it along.
func (b Batch) Touches(inputs []string, means func(file string) bool) bool {
	dirs := map[string]bool{}
	for _, f := range inputs {
		if b.Has(f) {
			return true
		}
		dirs[filepath.Dir(f)] = true
	}
	for f, op := range b {
		if op == fsnotify.Write {
			continue
		}
		if dirs[filepath.Dir(f)] && means(f) {
			return true
		}
		for dir := range dirs {
			if Within(dir, f) {
				return true
			}
		}
	}
	return false
}

// ErrOverflow means that events were lost: anything may have changed.
var ErrOverflow = fsnotify.ErrEventOverflow

// ErrFull means that the system lets no more directories be watched.
var ErrFull = errors.New("the system's limit of watched directories is reached: edits in some will not be noticed (on Linux raise fs.inotify.max_user_watches)")

const (
	// settle is how long it must be quiet before a burst of events is acted upon;
	// an editor's save is several events within a millisecond or two.
	settle = 4 * time.Millisecond
	// settleAtMost bounds the wait while events keep coming.
	settleAtMost = 50 * time.Millisecond
	// emptyAtMost is how long to wait for the content of a file that is empty:
	// writing in place empties it first.
	emptyAtMost = 250 * time.Millisecond
)

// Watcher watches directories.
type Watcher struct {
	fs      *fsnotify.Watcher
	batches chan Batch
	errors  chan error
	missed  chan []string
	done    chan struct{}
	ended   chan struct{}

	mu   sync.Mutex
	dirs map[string]bool
	full bool // ErrFull was reported
}

// New watches nothing yet.
func New() (*Watcher, error) {
	f, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &Watcher{
		fs: f, batches: make(chan Batch), errors: make(chan error), missed: make(chan []string),
		done: make(chan struct{}), ended: make(chan struct{}), dirs: map[string]bool{},
	}
	go w.run()
	return w, nil
}

// Close ends the watch.
func (w *Watcher) Close() error {
	close(w.done)
	<-w.ended
	return w.fs.Close()
}

// Batches are the bursts of changes. What happens while nobody receives is in the
// next.
func (w *Watcher) Batches() <-chan Batch { return w.batches }

// Errors are those of the watch itself, ErrOverflow among them.
func (w *Watcher) Errors() <-chan error { return w.errors }

func (w *Watcher) run() {
	defer close(w.ended)
	changed := Batch{}
	var first time.Time
	timer := time.NewTimer(settle)
	defer timer.Stop()
	var ready chan Batch // w.batches once it was quiet
	note := func(file string, op fsnotify.Op) {
		if len(changed) == 0 {
			first = time.Now()
		}
		changed[file] |= op
		ready = nil
		timer.Reset(max(0, min(settle, settleAtMost-time.Since(first))))
	}
	for {
		select {
		case <-w.done:
			return
		case e, ok := <-w.fs.Events:
			switch {
			case !ok:
				return
			case e.Op == fsnotify.Chmod:
			default:
				if e.Op.Has(fsnotify.Remove) || e.Op.Has(fsnotify.Rename) {
					w.forget(e.Name)
				}
				note(e.Name, e.Op)
			}
		case files := <-w.missed:
			for _, f := range files {
				note(f, fsnotify.Write)
			}
		case <-timer.C:
			switch {
			case len(changed) == 0:
			case time.Since(first) < emptyAtMost && changed.anyEmpty():
				timer.Reset(settle)
			default:
				ready = w.batches
			}
		case ready <- changed:
			changed, ready = Batch{}, nil
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			select {
			case w.errors <- err:
			case <-w.done:
				return
			}
		}
	}
}

func (b Batch) anyEmpty() bool {
	for f := range b {
		if st, err := os.Stat(f); err == nil && st.Size() == 0 && st.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// forget drops a directory that went, and its watch with it.
func (w *Watcher) forget(dir string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.dirs, dir)
}

// Missed puts files into the next batch that changed before they were watched.
func (w *Watcher) Missed(files ...string) {
	if len(files) == 0 {
		return
	}
	select {
	case w.missed <- files:
	case <-w.ended:
	}
}

// Watch watches these directories and no others; for one that does not exist the
// nearest above it, which tells when it is made. fresh are those not watched
// before. The error is ErrFull, once.
func (w *Watcher) Watch(dirs []string) (fresh map[string]bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	want := map[string]bool{}
	for _, dir := range dirs {
		want[existing(dir)] = true
	}
	for dir := range w.dirs {
		if !want[dir] {
			_ = w.fs.Remove(dir) // gone already, if the directory was deleted
			delete(w.dirs, dir)
		}
	}
	fresh = map[string]bool{}
	for dir := range want {
		if w.dirs[dir] {
			continue
		}
		switch e := w.fs.Add(dir); {
		case e == nil:
			w.dirs[dir], fresh[dir] = true, true
		case (errors.Is(e, syscall.ENOSPC) || errors.Is(e, syscall.EMFILE)) && !w.full:
			w.full, err = true, ErrFull
		}
	}
	return fresh, err
}

// existing is dir, or the nearest directory above it that exists.
func existing(dir string) string {
	for {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return dir
		}
		dir = parent
	}
}

// maxTree bounds how many directories below one are watched.
const maxTree = 8192

// Skipped reports whether a directory of that name is one nobody edits by hand.
func Skipped(name string) bool {
	switch name {
	case "node_modules", ".git", ".wrangler", ".miniworker":
		return true
	}
	return false
}

// Tree is a directory and those below it, but for what is Skipped.
func Tree(root string) []string {
	out := []string{root}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // what cannot be read cannot be watched
		case !d.IsDir() || path == root:
			return nil
		case Skipped(d.Name()):
			return fs.SkipDir
		case len(out) >= maxTree:
			return fs.SkipAll
		}
		out = append(out, path)
		return nil
	})
	return out
}
