package vitest

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/wrangler/project"
)

// ReporterNames are what NewReporter knows.
var ReporterNames = []string{"default", "verbose", "dot", "junit", "json", "github-actions"}

// NewReporter makes a reporter by its name, nil if there is none.
func NewReporter(name string, out io.Writer, color, silent bool) Reporter {
	switch name {
	case "default":
		return &Terminal{Out: out, Color: color, Silent: silent}
	case "verbose":
		return &Terminal{Out: out, Color: color, Silent: silent, Verbose: true}
	case "dot":
		return &Terminal{Out: out, Color: color, Silent: silent, Dots: true}
	case "junit":
		return &junit{out: out}
	case "json":
		return &jsonReport{out: out}
	case "github-actions":
		return &github{out: out}
	}
	return nil
}

// quiet is a Reporter that only the end matters to.
type quiet struct{}

func (quiet) Start(*Run)        {}
func (quiet) Test(*File, *Task) {}
func (quiet) File(*File)        {}
func (quiet) Log(Log)           {}

// text is an error as plain text with its places.
func (e *Error) text(root string) string {
	var b strings.Builder
	b.WriteString(e.Title())
	if e.Diff != "" {
		b.WriteString("\n\n" + plain(e.Diff) + "\n")
	}
	for _, f := range e.Frames {
		b.WriteString("\n ❯ ")
		if f.Func != "" {
			b.WriteString(f.Func + " ")
		}
		fmt.Fprintf(&b, "%s:%d:%d", project.Display(root, f.Path), f.Line, f.Col)
	}
	if e.Cause != nil {
		b.WriteString("\nCaused by: " + e.Cause.text(root))
	}
	return b.String()
}

// github writes annotations that GitHub shows beside the code.
type github struct {
	quiet
	out io.Writer
}

// End implements Reporter.
func (g *github) End(run *Run) error {
	var b strings.Builder
	note := func(f *File, title string, e Error) {
		file, line, col := f.Path, 1, 1
		for _, fr := range e.Frames {
			if !strings.Contains(fr.Path, "node_modules") {
				file, line, col = fr.Path, fr.Line, fr.Col
				break
			}
		}
		// Paths are relative to where the job runs.
		if rel, err := filepath.Rel(run.Root, file); err == nil && filepath.IsLocal(rel) {
			file = rel
		}
		fmt.Fprintf(&b, "\n::error file=%s,title=%s,line=%d,column=%d::%s\n", property(filepath.ToSlash(file)), property(title), line, col, data(e.text(run.Root)))
	}
	for _, f := range run.Files {
		for _, e := range f.Errors {
			note(f, f.Name, e)
		}
		for t := range f.All() {
			for _, e := range t.Failures() {
				note(f, f.Name+" > "+t.FullName(" > "), e)
			}
		}
		for _, e := range f.Unhandled {
			note(f, f.Name+": unhandled error", e)
		}
	}
	_, err := io.WriteString(g.out, b.String())
	return err
}

// data and property escape what stands in a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
