package dev

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/watch"
)

// watcher turns changes of files into rebuilds: it picks out the files that
// matter. Everything but close happens on one goroutine.
type watcher struct {
	s     *Session
	files *watch.Watcher // nil if nothing is watched
	// commands is what is known of custom build commands, by worker.
	commands map[string]*command
	// retry is set while a changed configuration could not be put in force, and
	// also are files to wait for meanwhile.
	retry bool
	also  []string
	// asked is sent to when the user wants the workers restarted.
	asked chan struct{}
	// missed are files that changed before their directory was watched.
	missed []string
}

// tick is how far behind the clock the times of files may be.
const tick = 10 * time.Millisecond

func (s *Session) watcher() (*watcher, error) {
	w := &watcher{s: s, commands: map[string]*command{}, asked: make(chan struct{}, 1)}
	if !s.opts.Watch {
		return w, nil
	}
	var err error
	w.files, err = watch.New()
	return w, err
}

func (w *watcher) close() {
	if w.files != nil {
		w.files.Close()
	}
}

func (w *watcher) run(ctx context.Context) {
	for {
		w.files.Missed(w.missed...)
		w.missed = nil
		select {
		case <-ctx.Done():
			return
		case batch := <-w.files.Batches():
			w.apply(ctx, batch)
		case <-w.asked:
			w.restart(ctx)
		case err := <-w.files.Errors():
			w.failed(ctx, err)
		}
	}
}

// failed deals with an error of the watcher. When events were lost, everything
// may have changed.
func (w *watcher) failed(ctx context.Context, err error) {
	if !errors.Is(err, watch.ErrOverflow) {
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
	p := w.s.project.Load()
	if p == nil || w.files == nil {
		return
	}
	fresh, err := w.files.Watch(w.wanted(p))
	if err != nil {
		w.s.out.say(Warn, err.Error())
	}
	if len(fresh) > 0 {
		w.catchUp(p, fresh)
	}
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
			dirs = append(dirs, watch.Tree(c.Assets.Directory)...)
		}
		for _, d := range c.Build.WatchDirs {
			dirs = append(dirs, watch.Tree(d)...)
		}
		if c.FindAdditionalModules && c.Main != "" {
			dirs = append(dirs, watch.Tree(baseDir(m))...)
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

// apply rebuilds what the changed files belong to.
func (w *watcher) apply(ctx context.Context, changed watch.Batch) {
	p := w.s.project.Load()
	if p == nil {
		return
	}
	structural := changed.Structural()
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

func (w *watcher) applyMembers(ctx context.Context, p *project.Project, changed watch.Batch) (built bool) {
	var bundle, full []*project.Member
	for _, m := range p.Members() {
		if m.Layer != nil && changed.Under(m.Config.Assets.Directory) {
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

// touches reports whether a rebuild of m could come out differently.
func (w *watcher) touches(m *project.Member, changed watch.Batch) bool {
	r := w.s.result(m)
	if r != nil && commandFailed(r) {
		return false // only the command can mend it, and what it left is old
	}
	if r == nil || r.Failed() {
		return true // it may be waiting for any file
	}
	if changed.Has(m.Config.Main) {
		return true
	}
	if m.Config.FindAdditionalModules && changed.Under(baseDir(m)) {
		return true
	}
	return changed.Touches(r.Inputs, resolvable)
}

func commandFailed(r *project.Result) bool {
	return slices.ContainsFunc(r.Diags, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && strings.HasPrefix(d.Code, "build_command")
	})
}

func resolvable(f string) bool { return userSource(f) || filepath.Ext(f) == ".json" }

// configChanged reports whether a file the configuration was read from changed.
func (w *watcher) configChanged(p *project.Project, changed watch.Batch) bool {
	for _, loc := range w.s.opts.Locations {
		if changed.Has(loc.Path) || changed.Has(loc.UserPath) {
			return true
		}
	}
	for _, m := range p.Members() {
		for _, f := range m.Config.WatchFiles {
			if changed.Has(f) {
				return true
			}
		}
	}
	return false
}
