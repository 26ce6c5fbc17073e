package console

import (
	"math"
	"strings"
	"unicode/utf8"
)

const (
	lineWidth  = 80
	compact    = 3 // levels that may share a line
	maxColumns = 15
)

// lay puts the entries of one value between its brackets: on one line when they
// are short and hold few levels, else one a line.
func (p *printer) lay(depth int, open string, entries []string, close string, list bool) string {
	n := len(entries)
	if list && n > 6 {
		entries = p.columns(entries)
	}
	if p.reached-depth < compact && n == len(entries) {
		// Ten are for what stands before the value, such as its key.
		width := 2*n + p.indent + len(open) + 10
		for _, e := range entries {
			width += utf8.RuneCountInString(e)
		}
		if width <= lineWidth && !strings.Contains(open, "\n") {
			if line := strings.Join(entries, ", "); !strings.Contains(line, "\n") {
				return open + " " + line + " " + close
			}
		}
	}
	pad := "\n" + strings.Repeat(" ", p.indent)
	return open + pad + "  " + strings.Join(entries, ","+pad+"  ") + pad + close
}

// columns sets many short entries of a list as a table.
func (p *printer) columns(entries []string) []string {
	const separator = 2
	items, rest := entries, []string(nil)
	if n := len(entries) - 1; strings.HasPrefix(entries[n], "... ") {
		items, rest = entries[:n], entries[n:]
	}
	total, longest := 0, 0
	for _, e := range items {
		n := utf8.RuneCountInString(e)
		total, longest = total+n+separator, max(longest, n)
	}
	widest := longest + separator
	if widest*3+p.indent >= lineWidth || float64(total)/float64(widest) <= 5 && longest > 6 {
		return entries
	}
	// Columns and lines are about as many as make it look square.
	biased := max(float64(widest)-3-math.Sqrt(float64(widest)-float64(total)/float64(len(entries))), 1)
	columns := min(int(math.Round(math.Sqrt(2.5*biased*float64(len(items)))/biased)), (lineWidth-p.indent)/widest, compact*4, maxColumns)
	if columns <= 1 {
		return entries
	}
	widths := make([]int, columns)
	numbers := true
	for i, e := range items {
		widths[i%columns] = max(widths[i%columns], utf8.RuneCountInString(e))
		numbers = numbers && isNumeral(e)
	}
	var lines []string
	for i := 0; i < len(items); i += columns {
		var b strings.Builder
		end := min(i+columns, len(items))
		for j := i; j < end; j++ {
			cell, last := items[j], j == end-1
			fill := strings.Repeat(" ", widths[j-i]-utf8.RuneCountInString(cell))
			if !last {
				cell += ", "
			}
			switch {
			case numbers:
				b.WriteString(fill + cell)
			case last:
				b.WriteString(cell)
			default:
				b.WriteString(cell + fill)
			}
		}
		lines = append(lines, b.String())
	}
	return append(lines, rest...)
}

// isNumeral tells a number or bigint from other values by how it is printed.
func isNumeral(s string) bool {
	return strings.Trim(s, "-+.0123456789en") == "" || s == "NaN" || s == "Infinity" || s == "-Infinity"
}
