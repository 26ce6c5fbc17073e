package vitest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
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
