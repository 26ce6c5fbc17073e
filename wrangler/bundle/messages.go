package bundle

import (
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/miniworker/miniworker/internal/diag"
)

// diagnostics turns esbuild's messages, and what the plugin found, into ours.
func (b *Builder) diagnostics(res api.BuildResult, s *seen) diag.List {
	var list diag.List
	for _, m := range res.Errors {
		list.Add(b.diagnostic(diag.Error, m))
	}
	for _, m := range res.Warnings {
		list.Add(b.diagnostic(diag.Warning, m))
	}
	list = append(list, s.extra...)
	list.Sort()
	return list
}

func (b *Builder) diagnostic(sev diag.Severity, m api.Message) diag.Diagnostic {
	d := diag.Diagnostic{Severity: sev, Code: "bundle", Message: m.Text, Pos: b.position(m.Location)}
	if m.ID != "" {
		d.Code = strings.ReplaceAll(m.ID, "-", "_")
	}
	if h, ok := m.Detail.(hint); ok {
		d.Hint = string(h)
	}
	for _, n := range m.Notes {
		d.Notes = append(d.Notes, diag.Note{Pos: b.position(n.Location), Message: n.Text})
	}
	return d
}

func (b *Builder) position(l *api.Location) diag.Position {
	if l == nil {
		return diag.Position{File: b.display(b.opts.Entry)}
	}
	return diag.Position{File: b.display(l.File), Line: l.Line, Col: l.Column + 1}
}
