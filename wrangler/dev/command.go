package dev

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/miniworker/miniworker/wrangler/project"
)

// command tells the edits that a custom build command has to run for from the
// files the command writes into the directories that are watched for it.
type command struct {
	dirs []string
	// after is what the directories held when the command had run; nil before.
	after snapshot
	// wrote are the files that the last run wrote, outputs those it is known to
	// write: they did not exist before, or were written by the first run, or by
	// two runs running.
	wrote, outputs map[string]bool
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
		for _, dir := range treeOf(root) {
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
	run()
	c.after = takeSnapshot(c.dirs)
	wrote := map[string]bool{}
	for f, now := range c.after {
		old, existed := before[f]
		if existed && old == now {
			continue
		}
		wrote[f] = true
		if !existed || first || c.wrote[f] {
			c.outputs[f] = true
		}
	}
	c.wrote = wrote
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
func (c *command) wants(changed map[string]fsnotify.Op) bool {
	for _, dir := range c.dirs {
		for f := range changed {
			if (f == dir || filepath.Dir(f) == dir || isBelow(f, dir)) && c.isEdit(f) {
				return true
			}
		}
	}
	return false
}

func isBelow(f, dir string) bool {
	rel, err := filepath.Rel(dir, f)
	return err == nil && filepath.IsLocal(rel) && !inSkipped(rel)
}

func inSkipped(rel string) bool {
	for dir := rel; dir != "." && dir != ""; dir = filepath.Dir(dir) {
		if skipped[filepath.Base(dir)] {
			return true
		}
		if filepath.Dir(dir) == dir {
			break
		}
	}
	return false
}

// isEdit reports whether f changed other than by the command's last run.
func (c *command) isEdit(f string) bool {
	info, err := os.Stat(f)
	if err == nil && info.IsDir() {
		return false
	}
	if c.after == nil {
		return true
	}
	last, known := c.after[f]
	if err != nil {
		return known && !c.outputs[f]
	}
	if !known || last != stampOf(info) {
		return !c.outputs[f] || known
	}
	// As the last run left it. A file it wrote for the first time may also have
	// been edited while it ran: run once more.
	return c.wrote[f] && !c.outputs[f]
}

var missingImport = regexp.MustCompile(`^Could not resolve "(\.[^"]*)"`)

// missingDirs are where files may appear that a failed build looked for.
func missingDirs(r *project.Result) []string {
	var out []string
	for _, d := range r.Diags {
		if d.Pos.File == "" {
			continue
		}
		dir := filepath.Dir(d.Pos.File)
		out = append(out, dir)
		if spec := missingImport.FindStringSubmatch(d.Message); spec != nil {
			want := filepath.Join(dir, filepath.FromSlash(spec[1]))
			out = append(out, filepath.Dir(want), want)
		}
	}
	return out
}
