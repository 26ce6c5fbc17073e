package dev

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/wrangler/project"
)

// watcher turns file events into rebuilds. It watches directories, because
// editors replace files, and picks out the files that matter. Everything but
// close happens on one goroutine.
type watcher struct {
	s    *Session
	fs   *fsnotify.Watcher
	dirs map[string]bool
	// commands is what is known of custom build commands, by worker.
	commands map[string]*command
	// retry is set while a changed configuration could not be put in force, and
	// also are files to wait for meanwhile.
	retry bool
	also  []string
	// full is set once the limit of the system was reported.
	full bool
	// asked is sent to when the user wants the workers restarted.
	asked chan struct{}
	// missed are files that changed before their directory was watched.
	missed []string
}

const (
	// settle is how long it must be quiet before a burst of events is acted upon;
	// an editor's save is several events within a millisecond or two.
	settle = 4 * time.Millisecond
	// settleAtMost bounds the wait while events keep coming.
	settleAtMost = 50 * time.Millisecond
	// emptyAtMost is how long to wait for the content of a file that is empty:
	// writing in place empties it first.
	emptyAtMost = 250 * time.Millisecond
	// tick is how far behind the clock the times of files may be.
	tick = 10 * time.Millisecond
)

func (s *Session) watcher() (*watcher, error) {
	w := &watcher{s: s, dirs: map[string]bool{}, commands: map[string]*command{}, asked: make(chan struct{}, 1)}
	if !s.opts.Watch {
		return w, nil
	}
	f, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w.fs = f
	return w, nil
}

func (w *watcher) close() {
	if w.fs != nil {
		w.fs.Close()
	}
}

func (w *watcher) run(ctx context.Context) {
	changed := map[string]fsnotify.Op{}
	for _, f := range w.missed {
		changed[f] = fsnotify.Write
	}
	var first time.Time
	timer := time.NewTimer(settle)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			if e.Op == fsnotify.Chmod {
				continue
			}
			if len(changed) == 0 {
				first = time.Now()
			}
			changed[e.Name] |= e.Op
			timer.Reset(max(0, min(settle, settleAtMost-time.Since(first))))
		case <-timer.C:
			if len(changed) == 0 {
				continue
			}
			if time.Since(first) < emptyAtMost && anyEmpty(changed) {
				timer.Reset(settle)
				continue
			}
			batch := changed
			changed = map[string]fsnotify.Op{}
			w.apply(ctx, batch)
			for _, f := range w.missed {
				changed[f] = fsnotify.Write
			}
			if len(changed) > 0 {
				first = time.Now()
				timer.Reset(settle)
			}
		case <-w.asked:
			w.restart(ctx)
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			w.failed(ctx, err)
		}
	}
}

func anyEmpty(changed map[string]fsnotify.Op) bool {
	for f := range changed {
		if st, err := os.Stat(f); err == nil && st.Size() == 0 && st.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// failed deals with an error of the watcher. When events were lost, everything
// may have changed.
func (w *watcher) failed(ctx context.Context, err error) {
	if !errors.Is(err, fsnotify.ErrEventOverflow) {
		w.s.out.say(Error, "watching files: "+err.Error())
		return
	}
	if p := w.s.current(); p != nil {
		w.s.build(ctx, p, p.Members(), true)
		w.refresh()
	}
}

// refresh watches the directories of everything the project is made of, and no
// others.
func (w *watcher) refresh() {
	w.missed = nil
	p := w.s.project.Load()
	if p == nil || w.fs == nil {
		return
	}
	want := map[string]bool{}
	for _, dir := range w.wanted(p) {
		want[existing(dir)] = true
	}
	for dir := range w.dirs {
		if !want[dir] {
			_ = w.fs.Remove(dir) // gone already, if the directory was deleted
			delete(w.dirs, dir)
		}
	}
	fresh := map[string]bool{}
	for dir := range want {
		if !w.dirs[dir] && w.add(dir) {
			fresh[dir] = true
		}
	}
	if len(fresh) > 0 {
		w.catchUp(p, fresh)
	}
}

func (w *watcher) add(dir string) bool {
	err := w.fs.Add(dir)
	if err == nil {
		w.dirs[dir] = true
		return true
	}
	if (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE)) && !w.full {
		w.full = true
		w.s.out.say(Warn, "the system's limit of watched directories is reached: edits in some will not be noticed (on Linux raise fs.inotify.max_user_watches)")
	}
	return false
}

// catchUp finds files that changed after they were built and before their
// directory was watched.
func (w *watcher) catchUp(p *project.Project, fresh map[string]bool) {
	for _, m := range p.Members() {
		r := w.s.result(m)
		if r == nil {
			continue
		}
		for _, f := range r.Inputs {
			if !fresh[filepath.Dir(f)] {
				continue
			}
			st, err := os.Stat(f)
			if err != nil || st.ModTime().After(r.Started.Add(-tick)) && time.Since(st.ModTime()) > 0 {
				w.missed = append(w.missed, f)
			}
		}
	}
}

// existing is dir, or the nearest directory above it that exists: when a
// directory is made again, its parent tells.
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

// wanted are the directories whose files matter.
func (w *watcher) wanted(p *project.Project) []string {
	var dirs []string
	file := func(path string) {
		if path != "" {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	for _, loc := range w.s.opts.Locations {
		file(loc.UserPath)
		file(loc.Path)
	}
	for _, f := range w.also {
		file(f)
	}
	for _, m := range p.Members() {
		c := m.Config
		for _, f := range c.WatchFiles {
			file(f)
		}
		file(c.Main)
		file(c.TSConfig)
		if r := w.s.result(m); r != nil {
			for _, f := range r.Inputs {
				file(f)
			}
			if r.Failed() {
				dirs = append(dirs, missingDirs(r)...)
			}
		}
		if m.Layer != nil {
			dirs = append(dirs, treeOf(c.Assets.Directory)...)
		}
		for _, d := range c.Build.WatchDirs {
			dirs = append(dirs, treeOf(d)...)
		}
		if c.FindAdditionalModules && c.Main != "" {
			dirs = append(dirs, treeOf(baseDir(m))...)
		}
	}
	return dirs
}

func baseDir(m *project.Member) string {
	if m.Config.BaseDir != "" {
		return m.Config.BaseDir
	}
	return filepath.Dir(m.Config.Main)
}

// skipped are directories nobody edits by hand.
var skipped = map[string]bool{"node_modules": true, ".git": true, ".wrangler": true, ".miniworker": true}

// maxTree bounds how many directories below one are watched.
const maxTree = 8192

func treeOf(root string) []string {
	out := []string{root}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // what cannot be read cannot be watched
		case !d.IsDir() || path == root:
			return nil
		case skipped[d.Name()]:
			return fs.SkipDir
		case len(out) >= maxTree:
			return fs.SkipAll
		}
		out = append(out, path)
		return nil
	})
	return out
}

// apply rebuilds what the changed files belong to.
func (w *watcher) apply(ctx context.Context, changed map[string]fsnotify.Op) {
	p := w.s.project.Load()
	if p == nil {
		return
	}
	structural := false
	for f, op := range changed {
		if op.Has(fsnotify.Remove) || op.Has(fsnotify.Rename) {
			delete(w.dirs, f) // its watch went with it
		}
		structural = structural || op != fsnotify.Write
	}
	if w.retry || w.configChanged(p, changed) {
		if w.restart(ctx) {
			return
		}
		structural = true // the configuration may name other places now
	}
	if w.applyMembers(ctx, p, changed) || structural {
		w.refresh()
	}
}

// restart reads the configuration anew, and watches what it names.
func (w *watcher) restart(ctx context.Context) bool {
	ok, watch := w.s.restart(ctx, w)
	w.retry, w.also = !ok, watch
	if ok {
		w.refresh()
	}
	return ok
}

func (w *watcher) applyMembers(ctx context.Context, p *project.Project, changed map[string]fsnotify.Op) (built bool) {
	var bundle, full []*project.Member
	for _, m := range p.Members() {
		if m.Layer != nil && under(changed, m.Config.Assets.Directory) {
			w.s.out.diags(m.Layer.Refresh())
			w.s.trace.Emit(trace.Record{Kind: trace.Reload, Worker: m.Config.Name, Time: w.s.opts.Clock.Now(), Name: "assets reloaded"})
			w.s.events.emit(event{Type: "assets", Worker: m.Config.Name})
			w.s.live.built(true)
			w.s.out.say(Debug, m.Config.Name+" assets reloaded")
		}
		switch {
		case m.Config.Main == "":
		case w.commandFor(m).wants(changed):
			full = append(full, m)
		case w.touches(m, changed):
			bundle = append(bundle, m)
		}
	}
	if len(bundle) > 0 {
		w.s.build(ctx, p, bundle, false)
	}
	for _, m := range full {
		w.commandFor(m).around(func() { w.s.build(ctx, p, []*project.Member{m}, true) })
	}
	return len(bundle)+len(full) > 0
}

func under[V any](changed map[string]V, dir string) bool {
	for f := range changed {
		if f == dir || strings.HasPrefix(f, dir+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// touches reports whether a rebuild of m could come out differently.
func (w *watcher) touches(m *project.Member, changed map[string]fsnotify.Op) bool {
	r := w.s.result(m)
	if r != nil && commandFailed(r) {
		return false // only the command can mend it, and what it left is old
	}
	if r == nil || r.Failed() {
		return true // it may be waiting for any file
	}
	if _, ok := changed[m.Config.Main]; ok {
		return true
	}
	if m.Config.FindAdditionalModules && under(changed, baseDir(m)) {
		return true
	}
	dirs := map[string]bool{}
	for _, f := range r.Inputs {
		if _, ok := changed[f]; ok {
			return true
		}
		dirs[filepath.Dir(f)] = true
	}
	// A new or removed file beside the sources may change what imports mean, and
	// a directory takes what is in it along.
	for f, op := range changed {
		if op == fsnotify.Write {
			continue
		}
		if dirs[filepath.Dir(f)] && resolvable(f) {
			return true
		}
		for dir := range dirs {
			if dir == f || strings.HasPrefix(dir, f+string(filepath.Separator)) {
				return true
			}
		}
	}
	return false
}

func commandFailed(r *project.Result) bool {
	return slices.ContainsFunc(r.Diags, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && strings.HasPrefix(d.Code, "build_command")
	})
}

func resolvable(f string) bool { return userSource(f) || filepath.Ext(f) == ".json" }

// configChanged reports whether a file the configuration was read from changed.
func (w *watcher) configChanged(p *project.Project, changed map[string]fsnotify.Op) bool {
	for _, loc := range w.s.opts.Locations {
		if has(changed, loc.Path) || has(changed, loc.UserPath) {
			return true
		}
	}
	for _, m := range p.Members() {
		for _, f := range m.Config.WatchFiles {
			if has(changed, f) {
				return true
			}
		}
	}
	return false
}

func has[V any](m map[string]V, key string) bool { _, ok := m[key]; return ok }
