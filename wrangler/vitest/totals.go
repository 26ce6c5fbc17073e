package vitest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/internal/clock"
)

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
	line("Start at", run.Started.In(clock.Machine).Format("15:04:05"))
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
