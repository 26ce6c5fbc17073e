package vitest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/wrangler/project"
)

func (t *Terminal) failedSuites(b *bytes.Buffer, run *Run) {
	var blocks []func()
	for _, f := range run.Files {
		for _, e := range f.Errors {
			blocks = append(blocks, func() { t.block(b, run, f.Name, &e) })
		}
		for task := range f.All() {
			if !task.Suite {
				continue
			}
			for _, e := range task.Errors {
				blocks = append(blocks, func() { t.block(b, run, f.Name+" > "+task.FullName(" > "), &e) })
			}
		}
	}
	t.section(b, "Failed Suites", blocks)
}

func (t *Terminal) failedTests(b *bytes.Buffer, run *Run) {
	var blocks []func()
	for _, f := range run.Files {
		for task := range f.Tests() {
			if task.State != Fail {
				continue
			}
			for i, e := range task.Errors {
				blocks = append(blocks, func() {
					t.block(b, run, f.Name+" > "+task.FullName(" > "), &e)
					if task.Trace != "" && i == len(task.Errors)-1 {
						fmt.Fprintf(b, " trace: %s\n", task.Trace)
					}
				})
			}
		}
	}
	t.section(b, "Failed Tests", blocks)
}

func (t *Terminal) unhandled(b *bytes.Buffer, run *Run) {
	var blocks []func()
	for _, f := range run.Files {
		for _, e := range f.Unhandled {
			blocks = append(blocks, func() { t.block(b, run, f.Name, &e) })
		}
	}
	t.section(b, "Unhandled Errors", blocks)
}

func (t *Terminal) section(b *bytes.Buffer, title string, blocks []func()) {
	if len(blocks) == 0 {
		return
	}
	line := strings.Repeat("⎯", 24)
	fmt.Fprintf(b, "\n%s %s %s\n", t.style(red, line), t.style(badge, fmt.Sprintf(" %s %d ", title, len(blocks))), t.style(red, line))
	for _, f := range blocks {
		f()
	}
}

// block prints one error.
func (t *Terminal) block(b *bytes.Buffer, run *Run, where string, e *Error) {
	fmt.Fprintf(b, "\n%s %s\n", t.style(badge, " FAIL "), where)
	t.error(b, run, e)
}

func (t *Terminal) error(b *bytes.Buffer, run *Run, e *Error) {
	fmt.Fprintf(b, "%s\n", t.style("1;31", e.Title()))
	if e.Diff != "" {
		b.WriteByte('\n')
		t.diff(b, e.Diff)
	}
	shown := false
	for _, f := range e.Frames {
		file := project.Display(run.Root, f.Path)
		at := fmt.Sprintf("%s:%d:%d", file, f.Line, f.Col)
		name := ""
		if f.Func != "" {
			name = f.Func + " "
		}
		fmt.Fprintf(b, " %s %s%s\n", t.style(dim, "❯"), name, t.style(cyan, at))
		if shown || strings.Contains(f.Path, "node_modules") {
			continue
		}
		if x := project.ReadExcerpt(f.Path, f.Line, f.Col); x != nil {
			shown = true
			b.WriteString(indent(x.Text(), "   "))
		}
	}
	if e.Cause != nil {
		fmt.Fprintf(b, "%s ", t.style("1;31", "Caused by:"))
		t.error(b, run, e.Cause)
	}
}

// diff prints Vitest's diff.
func (t *Terminal) diff(b *bytes.Buffer, text string) {
	if !t.Color {
		text = plain(text)
	}
	b.WriteString(indent(text, "  "))
	b.WriteByte('\n')
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by) + "\n"
}
