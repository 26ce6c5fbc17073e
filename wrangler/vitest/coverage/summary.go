package coverage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Share is how much of something was run.
type Share struct{ Total, Covered int }

func (s *Share) add(n int) {
	s.Total++
	if n > 0 {
		s.Covered++
	}
}

func (s *Share) sum(o Share) { s.Total, s.Covered = s.Total+o.Total, s.Covered+o.Covered }

// Percent is rounded down to two digits, as Istanbul rounds; of nothing,
// everything was run.
func (s Share) Percent() float64 {
	if s.Total == 0 {
		return 100
	}
	return float64(10000*s.Covered/s.Total) / 100
}

// Summary is the coverage of a file, or of several.
type Summary struct{ Statements, Branches, Functions, Lines Share }

func (s *Summary) sum(o Summary) {
	s.Statements.sum(o.Statements)
	s.Branches.sum(o.Branches)
	s.Functions.sum(o.Functions)
	s.Lines.sum(o.Lines)
}

// Summary sums up a file.
func (f *File) Summary() (out Summary) {
	for _, s := range f.statements {
		out.Statements.add(s.n)
	}
	for _, fn := range f.functions {
		out.Functions.add(fn.n)
	}
	for _, b := range f.branches {
		for _, n := range b.n {
			out.Branches.add(n)
		}
	}
	for _, n := range f.lines() {
		out.Lines.add(n)
	}
	return out
}

// Total sums up all files.
func (m Map) Total() (out Summary) {
	for _, f := range m {
		out.sum(f.Summary())
	}
	return out
}

// uncovered are the lines that did not run, as ranges.
func (f *File) uncovered() string {
	lines := f.lines()
	var parts []string
	from, to := 0, 0
	flush := func() {
		switch {
		case from == 0:
		case from == to:
			parts = append(parts, fmt.Sprint(from))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", from, to))
		}
		from = 0
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		if lines[line] > 0 {
			flush()
			continue
		}
		if from == 0 {
			from = line
		}
		to = line
	}
	flush()
	return strings.Join(parts, ",")
}

// Thresholds are the least percentages, by their names in Vitest; a negative
// one is how many may be uncovered.
type Thresholds struct {
	Lines, Functions, Branches, Statements float64
	// PerFile holds each file to them.
	PerFile bool
}

// Missed says which thresholds the coverage does not meet.
func (m Map) Missed(t Thresholds, display func(string) string) (out []string) {
	if !t.PerFile {
		return m.Total().missed(t, "global threshold", "")
	}
	for _, f := range m.Files() {
		out = append(out, f.Summary().missed(t, "threshold", " for "+display(f.Path))...)
	}
	return out
}

func (s Summary) missed(t Thresholds, what, where string) (out []string) {
	for _, c := range []struct {
		name  string
		share Share
		least float64
	}{{"lines", s.Lines, t.Lines}, {"functions", s.Functions, t.Functions}, {"statements", s.Statements, t.Statements}, {"branches", s.Branches, t.Branches}} {
		left := c.share.Total - c.share.Covered
		switch {
		case c.least < 0 && float64(left) > -c.least:
			out = append(out, fmt.Sprintf("ERROR: Uncovered %s (%d) exceed %s (%v)%s", c.name, left, what, -c.least, where))
		case c.least > 0 && c.share.Percent() < c.least:
			out = append(out, fmt.Sprintf("ERROR: Coverage for %s (%v%%) does not meet %s (%v%%)%s", c.name, c.share.Percent(), what, c.least, where))
		}
	}
	return out
}
