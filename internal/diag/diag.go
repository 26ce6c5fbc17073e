// Package diag holds located messages about files the user wrote: what is
// wrong, where, and what to write instead. Configuration, bundler and route
// lint all report through it, so a terminal, JSON and SARIF writer exist once.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity orders diagnostics; only Error stops a command.
type Severity int

const (
	Info Severity = iota
	Warning
	Error
)

// String returns the lower-case name used in text and JSON output.
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	default:
		return "error"
	}
}

// MarshalText writes the lower-case name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Position points into a file. Line and Col are 1-based, Col counts bytes; a
// zero Line means the whole file.
type Position struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// String renders file:line:col, leaving out what is unknown.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Note is a second place that belongs to the same finding.
type Note struct {
	Pos     Position `json:"pos"`
	Message string   `json:"message"`
}

// Diagnostic is one finding. Code is a stable snake_case identifier, Hint says
// what to write instead.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Pos      Position `json:"pos"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Notes    []Note   `json:"notes,omitempty"`
}

// Error makes a Diagnostic usable where one error is wanted.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if d.Pos.File != "" {
		b.WriteString(d.Pos.String())
		b.WriteString(": ")
	}
	b.WriteString(d.Severity.String())
	b.WriteString(": ")
	b.WriteString(d.Message)
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\n  %s: %s", n.Pos, n.Message)
	}
	if d.Hint != "" {
		b.WriteString("\n  hint: ")
		b.WriteString(strings.ReplaceAll(d.Hint, "\n", "\n        "))
	}
	return b.String()
}

// List collects findings; the zero value is ready to use.
type List []Diagnostic

// Add appends d.
func (l *List) Add(d Diagnostic) { *l = append(*l, d) }

// HasErrors reports whether any finding has severity Error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort orders findings by position, then severity (worst first), then code.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code),
		)
	})
}

// Error joins the findings of severity Error, one per line; it makes List an
// error for callers that only propagate.
func (l List) Error() string {
	var out []string
	for _, d := range l {
		if d.Severity == Error {
			out = append(out, d.Error())
		}
	}
	return strings.Join(out, "\n")
}

// Err returns l as an error if it holds one of severity Error, else nil.
func (l List) Err() error {
	if l.HasErrors() {
		return l
	}
	return nil
}
