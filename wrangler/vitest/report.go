package vitest

import "io"

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
	}
	return nil
}
