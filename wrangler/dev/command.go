package dev

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/miniworker/miniworker/internal/lazy"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/watch"
)

// command tells the edits that a custom build command has to run for from the
// files the command writes into the directories that are watched for it.
type command struct {
	dirs []string
	// after is what the directories held when the command had run; nil before.
	after snapshot
	// wrote are the files that changed during the last run, outputs those known
	// to be the command's own: they did not exist before, or changed during the
	// first run, or again in a run that nothing but such a change asked for.
	wrote, outputs map[string]bool
	// unsure is set if the run that is due was asked for only by files that
	// changed during the last one.
	unsure bool
	// ended is the snapshot taken when the command itself ended.
	ended snapshot
}

// stamp is how a file looks without reading it.
type stamp struct {
	mod  time.Time
	size int64
}

type snapshot map[string]stamp

func takeSnapshot(dirs []string) snapshot {
	out := snapshot{}
	for _, root := range dirs {
		for _, dir := range watch.Tree(root) {
			entries, err := os.ReadDir(dir)
			if err != nil {
				continue
			}
			for _, e := range entries {
				if info, err := e.Info(); err == nil && !e.IsDir() {
					out[filepath.Join(dir, e.Name())] = stampOf(info)
				}
			}
		}
	}
	return out
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.ModTime(), info.Size()} }

func (w *watcher) commandFor(m *project.Member) *command {
	c := w.commands[m.Config.Name]
	if c == nil {
		c = &command{outputs: map[string]bool{}}
		if m.Config.Build.Command != "" {
			c.dirs = m.Config.Build.WatchDirs
		}
		w.commands[m.Config.Name] = c
	}
	return c
}

// around runs the command and learns what it writes.
func (c *command) around(run func()) {
	if len(c.dirs) == 0 {
		run()
		return
	}
	first, before := c.after == nil, takeSnapshot(c.dirs)
	c.ended = nil
	run()
	if c.after = c.ended; c.after == nil {
		c.after = takeSnapshot(c.dirs)
	}
	wrote := map[string]bool{}
	for f, now := range c.after {
		old, existed := before[f]
		if existed && old == now {
			continue
		}
		wrote[f] = true
		if !existed || first || c.unsure && c.wrote[f] {
			c.outputs[f] = true
		}
	}
	c.wrote = wrote
}

// commandEnded is called by the build, while the watcher waits for it.
func (w *watcher) commandEnded(worker string) {
	if c := w.commands[worker]; c != nil && len(c.dirs) > 0 {
		c.ended = takeSnapshot(c.dirs)
	}
}

// learn runs something that runs the commands of all members.
func (w *watcher) learn(p *project.Project, run func()) {
	for _, m := range p.Members() {
		c, inner := w.commandFor(m), run
		if len(c.dirs) > 0 {
			run = func() { c.around(inner) }
		}
	}
	run()
}

// wants reports whether the changes are edits the command must see.
func (c *command) wants(changed watch.Batch) bool {
	want := false
	c.unsure = true
	for _, dir := range c.dirs {
		for f := range changed {
			if f != dir && !isBelow(f, dir) {
				continue
			}
			if edit, sure := c.isEdit(f); edit {
				want, c.unsure = true, c.unsure && !sure
			}
		}
	}
	return want
}

func isBelow(f, dir string) bool {
	rel, err := filepath.Rel(dir, f)
	return err == nil && filepath.IsLocal(rel) && !inSkipped(rel)
}

func inSkipped(rel string) bool {
	for dir := rel; dir != "." && dir != ""; dir = filepath.Dir(dir) {
		if watch.Skipped(filepath.Base(dir)) {
			return true
		}
		if filepath.Dir(dir) == dir {
			break
		}
	}
	return false
}

// isEdit reports whether f changed other than by the command's last run, and
// whether that is sure.
func (c *command) isEdit(f string) (edit, sure bool) {
	info, err := os.Stat(f)
	if err == nil && info.IsDir() {
		return false, true
	}
	if c.after == nil {
		return true, true
	}
	last, known := c.after[f]
	if err != nil {
		return known && !c.outputs[f], true
	}
	if !known || last != stampOf(info) {
		return true, true
	}
	// As the last run left it. What changed during the run may be an edit that
	// came too late for it: run once more.
	return c.wrote[f] && !c.outputs[f], false
}

var missingImport = lazy.Regexp(`^Could not resolve "(\.[^"]*)"`)

// missingDirs are where files may appear that a failed build looked for.
func missingDirs(r *project.Result) []string {
	var out []string
	for _, d := range r.Diags {
		if d.Pos.File == "" {
			continue
		}
		dir := filepath.Dir(d.Pos.File)
		out = append(out, dir)
		if spec := missingImport().FindStringSubmatch(d.Message); spec != nil {
			want := filepath.Join(dir, filepath.FromSlash(spec[1]))
			out = append(out, filepath.Dir(want), want)
		}
	}
	return out
}
