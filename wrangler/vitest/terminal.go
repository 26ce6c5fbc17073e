package vitest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/miniworker/miniworker/wrangler/project"
)

// Terminal is the reporter for people: a line per file, failures with diffs,
// stacks and sources, and a summary.
type Terminal struct {
	Out   io.Writer
	Color bool
	// Verbose prints every test; Dots prints a character per test.
	Verbose, Dots bool
	// Silent leaves consoles out.
	Silent bool

	lastLog string // whose output was printed last
	dots    int
}

// Styles, as terminal sequences.
const (
	red, green, yellow, cyan, dim, bold = "31", "32", "33", "36", "2", "1"
	badge                               = "1;37;41"
)

func (t *Terminal) style(code, s string) string {
	if !t.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Start implements Reporter.
func (t *Terminal) Start(run *Run) {
	if run.Shuffled {
		fmt.Fprintf(t.Out, "%s\n\n", t.style(dim, fmt.Sprintf("Running tests with seed %d", run.Seed)))
	}
}

// Test implements Reporter.
func (t *Terminal) Test(f *File, task *Task) {
	switch {
	case t.Dots:
		fmt.Fprint(t.Out, map[State]string{Pass: t.style(green, "·"), Fail: t.style(red, "x")}[task.State])
		if task.State == Skip || task.State == Todo {
			fmt.Fprint(t.Out, t.style(yellow, "*"))
		}
		if t.dots++; t.dots%100 == 0 {
			fmt.Fprintln(t.Out)
		}
	case t.Verbose:
		fmt.Fprintf(t.Out, " %s %s > %s%s\n", t.mark(task.State), f.Name, task.FullName(" > "), t.took(task.Duration))
		t.reasons(task)
	}
}

func (t *Terminal) mark(s State) string {
	switch s {
	case Pass:
		return t.style(green, "✓")
	case Fail:
		return t.style(red, "×")
	case Todo:
		return t.style(dim, "□")
	}
	return t.style(dim, "↓")
}

// slow is from when on a duration is worth a look.
const slow = 300 * time.Millisecond

func (t *Terminal) took(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	code := dim
	if d > slow {
		code = yellow
	}
	return " " + t.style(code, round(d))
}

func round(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.2fs", d.Seconds())
	}
	return d.Round(time.Second).String()
}

func (t *Terminal) reasons(task *Task) {
	for _, e := range task.Errors {
		fmt.Fprintf(t.Out, "   %s\n", t.style(red, "→ "+firstLine(e.Message)))
	}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// File implements Reporter.
func (t *Terminal) File(f *File) {
	t.lastLog = ""
	if t.Dots {
		return
	}
	var all, failed, skipped int
	for task := range f.Tests() {
		all++
		switch task.State {
		case Fail:
			failed++
		case Skip, Todo:
			skipped++
		}
	}
	state, code := Pass, green
	switch {
	case f.Failed():
		state, code = Fail, red
	case all > 0 && skipped == all:
		state, code = Skip, dim
	}
	if t.Verbose && state != Fail {
		t.notes(f)
		return
	}
	var counts []string
	counts = append(counts, fmt.Sprintf("%d test%s", all, plural(all)))
	if failed > 0 {
		counts = append(counts, t.style(red, fmt.Sprintf("%d failed", failed)))
	}
	if skipped > 0 {
		counts = append(counts, t.style(yellow, fmt.Sprintf("%d skipped", skipped)))
	}
	mark := t.mark(state)
	if state == Fail {
		mark = t.style(code, "❯")
	}
	fmt.Fprintf(t.Out, " %s %s %s%s\n", mark, f.Name, t.style(dim, "(")+strings.Join(counts, t.style(dim, " | "))+t.style(dim, ")"), t.took(f.Duration))
	if !t.Verbose {
		t.failures(f)
	}
	t.notes(f)
}

// failures lists the failed and the slow tests of a file.
func (t *Terminal) failures(f *File) {
	for task := range f.All() {
		name := task.FullName(" > ")
		switch {
		case task.State == Fail && !task.Suite, task.Suite && len(task.Errors) > 0:
			retried := ""
			if task.Retries > 0 {
				retried = t.style(yellow, fmt.Sprintf(" (retry x%d)", task.Retries))
			}
			fmt.Fprintf(t.Out, "   %s %s%s%s\n", t.style(red, "×"), name, t.took(task.Duration), retried)
			for _, e := range task.Errors {
				fmt.Fprintf(t.Out, "     %s\n", t.style(red, "→ "+firstLine(e.Message)))
			}
		case !task.Suite && task.Retries > 0 && task.State == Pass:
			fmt.Fprintf(t.Out, "   %s %s %s\n", t.mark(Pass), name, t.style(yellow, fmt.Sprintf("(retry x%d)", task.Retries)))
		case !task.Suite && task.Duration > slow:
			fmt.Fprintf(t.Out, "   %s %s%s\n", t.mark(task.State), name, t.took(task.Duration))
		}
	}
}

func (t *Terminal) notes(f *File) {
	for _, n := range f.Notes {
		fmt.Fprintf(t.Out, "   %s %s\n", t.style(yellow, "!"), n)
	}
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// Log implements Reporter.
func (t *Terminal) Log(l Log) {
	if t.Silent {
		return
	}
	where := l.File.Name
	if l.Test != nil {
		where += " > " + l.Test.FullName(" > ")
	}
	stream := "stdout"
	if l.Level == "error" || l.Level == "warn" {
		stream = "stderr"
	}
	head := stream + " | " + where
	if l.Worker != "" {
		head += " (" + l.Worker + ")"
	}
	if head != t.lastLog {
		t.lastLog = head
		fmt.Fprintf(t.Out, "%s\n", t.style(dim, head))
	}
	fmt.Fprintln(t.Out, l.Text)
}

// End implements Reporter.
func (t *Terminal) End(run *Run) error {
	var b bytes.Buffer
	if t.Dots && t.dots > 0 {
		b.WriteByte('\n')
	}
	t.failedSuites(&b, run)
	t.failedTests(&b, run)
	t.unhandled(&b, run)
	t.summary(&b, run)
	_, err := t.Out.Write(b.Bytes())
	return err
}

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

// counts are how many of something are in which state.
type counts map[State]int

func (t *Terminal) counted(c counts) string {
	var parts []string
	total := 0
	for _, s := range []struct {
		state State
		code  string
		word  string
	}{{Fail, red, "failed"}, {Pass, green, "passed"}, {Skip, yellow, "skipped"}, {Todo, dim, "todo"}, {Pending, dim, "not run"}} {
		total += c[s.state]
		if n := c[s.state]; n > 0 {
			parts = append(parts, t.style(s.code, fmt.Sprintf("%d %s", n, s.word)))
		}
	}
	return strings.Join(parts, t.style(dim, " | ")) + t.style(dim, fmt.Sprintf(" (%d)", total))
}

func (t *Terminal) summary(b *bytes.Buffer, run *Run) {
	files, tests := counts{}, counts{}
	unhandled := 0
	for _, f := range run.Files {
		unhandled += len(f.Unhandled)
		all, skipped, pending := 0, 0, 0
		for task := range f.Tests() {
			all++
			tests[task.State]++
			if task.State == Skip || task.State == Todo {
				skipped++
			}
			if task.State == Pending {
				pending++
			}
		}
		switch {
		case f.Failed():
			files[Fail]++
		case f.Duration == 0 || pending > 0:
			files[Pending]++
		case all > 0 && skipped == all:
			files[Skip]++
		default:
			files[Pass]++
		}
	}
	b.WriteByte('\n')
	line := func(name, text string) { fmt.Fprintf(b, "%s  %s\n", t.style(dim, fmt.Sprintf("%11s", name)), text) }
	if s := run.Snapshots; s != (Snapshots{}) {
		line("Snapshots", t.snapshots(s))
	}
	line("Test Files", t.counted(files))
	line("Tests", t.counted(tests))
	if unhandled > 0 {
		line("Errors", t.style(red, fmt.Sprintf("%d error%s", unhandled, plural(unhandled))))
	}
	line("Start at", run.Started.Format("15:04:05"))
	line("Duration", round(run.Duration)+t.style(dim, fmt.Sprintf(" (bundling %s)", round(run.Build))))
	if run.Bailed {
		line("Stopped", "after the failures that --bail allows")
	}
	b.WriteByte('\n')
}

func (t *Terminal) snapshots(s Snapshots) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
		code string
	}{
		{s.Unmatched, "failed", red}, {s.Added, "written", green}, {s.Updated, "updated", green}, {s.Matched, "matched", green},
		{s.FilesRemoved, "files removed", green}, {s.Unchecked, "obsolete", yellow},
	} {
		if p.n > 0 {
			parts = append(parts, t.style(p.code, fmt.Sprintf("%d %s", p.n, p.word)))
		}
	}
	return strings.Join(parts, t.style(dim, " | "))
}
