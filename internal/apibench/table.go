//go:build linux

package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// section is a part of the document that this program writes.
type section struct{ name, text string }

// cells are the figures of a row: processor time each, their ratio, then the
// same of the time that passed.
func (r row) cells() []string {
	var cells []string
	for _, of := range []func(cost) time.Duration{func(c cost) time.Duration { return c.cpu }, func(c cost) time.Duration { return c.wall }} {
		for _, c := range r.costs {
			cells = append(cells, micro(of(c)))
		}
		if len(r.costs) == 2 {
			cells = append(cells, fmt.Sprintf("×%.1f", float64(of(r.costs[0]))/float64(max(of(r.costs[1]), 1))))
		}
	}
	return cells
}

// micro are microseconds with three significant digits.
func micro(d time.Duration) string {
	us := float64(d) / float64(time.Microsecond)
	for _, digits := range []int{0, 1, 2} {
		if us >= []float64{100, 10, 1}[digits] {
			return fmt.Sprintf("%.*f", digits, us)
		}
	}
	return fmt.Sprintf("%.3f", us)
}

// markdown is the table, and what it amounts to.
func (t *table) markdown(what string) string {
	var b strings.Builder
	head := []string{what + ": µs of"}
	for _, kind := range []string{"CPU", "time"} {
		for _, name := range t.targets {
			head = append(head, name+" "+kind)
		}
		if len(t.targets) == 2 {
			head = append(head, "times the "+kind)
		}
	}
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(head, " | "), "---|"+strings.Repeat("---:|", len(head)-1))
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s | %s |\n", r.name, strings.Join(r.cells(), " | "))
	}
	if len(t.targets) == 2 {
		b.WriteString(t.summary())
	}
	return b.String()
}

func (t *table) summary() string {
	within := func(times float64) (n int) {
		for _, r := range t.rows {
			if float64(r.costs[0].cpu) <= times*float64(max(r.costs[1].cpu, 1)) {
				n++
			}
		}
		return n
	}
	return fmt.Sprintf("\nOf %d, %d cost no more processor time than in %s, %d at most 3 times as much, %d at most 10 times.\n",
		len(t.rows), within(1), t.targets[1], within(3), within(10))
}

// update replaces what stands between the marks of each section.
func update(file string, sections []section) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	doc := string(data)
	for _, s := range sections {
		begin, end := "<!-- "+s.name+": written by make bench-api -->\n", "<!-- end of "+s.name+" -->"
		before, rest, ok := strings.Cut(doc, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			return fmt.Errorf("%s has no marks %q and %q", file, strings.TrimSpace(begin), end)
		}
		doc = before + begin + s.text + end + after
	}
	return os.WriteFile(file, []byte(doc), 0o644)
}
