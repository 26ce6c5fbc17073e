package dev

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/wrangler/project"
)

// watcher turns file events into rebuilds. It watches directories, because
// editors replace files, and picks out the files that matter.
type watcher struct {
	s    *Session
	fs   *fsnotify.Watcher
	dirs map[string]bool
}

// settle is how long a burst of events may go on before it is acted upon; an
// editor's save is several events within a millisecond or two.
const settle = 4 * time.Millisecond

func newWatcher(s *Session) (*watcher, error) {
	f, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &watcher{s: s, fs: f, dirs: map[string]bool{}}
	w.refresh()
	return w, nil
}

func (w *watcher) close() { w.fs.Close() }

// refresh adds the directories of everything the project was made of.
func (w *watcher) refresh() {
	p := w.s.current()
	if p == nil {
		return
	}
	for _, loc := range w.s.opts.Locations {
		w.add(filepath.Dir(loc.UserPath))
		w.add(filepath.Dir(loc.Path))
	}
	for _, m := range p.Members() {
		for _, f := range m.Config.WatchFiles {
			w.add(filepath.Dir(f))
		}
		if m.Config.Main != "" {
			w.add(filepath.Dir(m.Config.Main))
		}
		for _, f := range w.s.inputs(m) {
			w.add(filepath.Dir(f))
		}
		if m.Layer != nil {
			w.addTree(m.Config.Assets.Directory)
		}
		for _, d := range m.Config.Build.WatchDirs {
			w.addTree(d)
		}
	}
}

func (w *watcher) add(dir string) {
	if w.dirs[dir] {
		return
	}
	if w.fs.Add(dir) == nil {
		w.dirs[dir] = true
	}
}

func (w *watcher) addTree(root string) {
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			w.add(path)
		}
		return nil
	})
}

func (w *watcher) run(ctx context.Context) {
	changed := map[string]bool{}
	var due <-chan time.Time
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
			changed[e.Name] = true
			if due == nil {
				due = time.After(settle)
			}
		case <-due:
			due = nil
			w.apply(ctx, changed)
			changed = map[string]bool{}
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			w.s.out.errorf("watching files: %v", err)
		}
	}
}

// apply rebuilds what the changed files belong to.
func (w *watcher) apply(ctx context.Context, changed map[string]bool) {
	p := w.s.current()
	if p == nil {
		return
	}
	if w.s.configChanged(p, changed) {
		w.s.restart(ctx)
		w.refresh()
		return
	}
	var rebuild []*project.Member
	for _, m := range p.Members() {
		if m.Layer != nil && under(changed, m.Config.Assets.Directory) {
			w.s.out.diags(m.Layer.Refresh())
			w.s.trace.Emit(trace.Record{Kind: trace.Reload, Worker: m.Config.Name, Time: w.s.opts.Clock.Now(), Name: "assets reloaded"})
			w.addTree(m.Config.Assets.Directory)
		}
		if m.Config.Main != "" && w.s.touches(m, changed) {
			rebuild = append(rebuild, m)
		}
	}
	if len(rebuild) > 0 {
		w.s.build(ctx, p, rebuild)
		w.refresh()
	}
}

func under(changed map[string]bool, dir string) bool {
	for f := range changed {
		if f == dir || strings.HasPrefix(f, dir+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// inputs are the files of a worker's last build that read any.
func (s *Session) inputs(m *project.Member) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.results[m.Config.Name]; r != nil {
		return r.Inputs
	}
	return nil
}

// touches reports whether a rebuild of m could come out differently.
func (s *Session) touches(m *project.Member, changed map[string]bool) bool {
	s.mu.Lock()
	r := s.results[m.Config.Name]
	s.mu.Unlock()
	// A failed build may be waiting for a file that did not exist.
	if r != nil && r.Failed() && under(changed, filepath.Dir(m.Config.Main)) {
		return true
	}
	if changed[m.Config.Main] || m.Config.TSConfig != "" && changed[m.Config.TSConfig] {
		return true
	}
	if r != nil {
		for _, f := range r.Inputs {
			if changed[f] {
				return true
			}
		}
	}
	for _, d := range m.Config.Build.WatchDirs {
		if under(changed, d) {
			return true
		}
	}
	return false
}

// configChanged reports whether a file the configuration was read from changed.
func (s *Session) configChanged(p *project.Project, changed map[string]bool) bool {
	for _, loc := range s.opts.Locations {
		if changed[loc.Path] || changed[loc.UserPath] {
			return true
		}
	}
	for _, m := range p.Members() {
		for _, f := range m.Config.WatchFiles {
			if changed[f] {
				return true
			}
		}
	}
	return false
}

// restart reads the configuration anew. A broken one leaves the session as it
// is.
func (s *Session) restart(ctx context.Context) {
	configs, diags := s.load()
	s.out.diags(diags)
	if diags.HasErrors() || len(configs) == 0 {
		s.out.errorf("the configuration has errors; the workers keep running as they were")
		return
	}
	s.server.Pause()
	defer s.server.Resume()
	s.close()
	p, err := s.open(configs)
	if err != nil {
		s.out.errorf("%v", err)
		return
	}
	s.build(ctx, p, p.Members())
	s.banner(p)
}
