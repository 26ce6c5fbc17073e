package project

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/config"
)

// ClassMissing is the code of the finding that a binding names a class the
// script does not export.
const ClassMissing = "durable_object_class_missing"

// checkClasses reports Durable Object bindings of the project, m's own and those
// of others that point at it, whose class m's script does not export.
func (p *Project) checkClasses(m *Member, b *bundle.Bundle) diag.List {
	var list diag.List
	exports := b.Exports
	if b.Format == bundle.FormatServiceWorker {
		exports = nil
	}
	for _, other := range p.opts.Configs {
		for _, b := range other.DurableObjects {
			if scriptOf(other, b) != m.Config.Name || slices.Contains(exports, b.ClassName) {
				continue
			}
			d := diag.Diagnostic{
				Severity: diag.Error, Code: ClassMissing, Pos: b.Pos,
				Message: fmt.Sprintf("The Durable Object binding %s names the class %q, which the worker %q does not export.", b.Name, b.ClassName, m.Config.Name),
				Hint:    fmt.Sprintf("export it from %s: export class %s extends DurableObject { … }", filepath.Base(m.Config.Main), b.ClassName),
			}
			if near := nearestExport(b.ClassName, exports); near != "" {
				d.Hint = fmt.Sprintf("did you mean %q?", near)
			}
			if other == m.Config {
				list.Add(d)
				continue
			}
			// The other worker's mistake must not keep this one from running.
			d.Severity = diag.Warning
			list.Add(d)
		}
	}
	return list
}

// checkEntrypoints reports service bindings of the project that name an entrypoint
// which m's script does not export.
func (p *Project) checkEntrypoints(m *Member, b *bundle.Bundle) diag.List {
	var list diag.List
	if b.Format == bundle.FormatServiceWorker {
		return nil
	}
	for _, other := range p.opts.Configs {
		for _, s := range other.Services {
			if s.Service != m.Config.Name || s.Entrypoint == "" || s.Entrypoint == "default" || slices.Contains(b.Exports, s.Entrypoint) {
				continue
			}
			d := diag.Diagnostic{
				Severity: diag.Error, Code: "entrypoint_missing", Pos: s.Pos,
				Message: fmt.Sprintf("The service binding %s names the entrypoint %q, which the worker %q does not export.", s.Binding, s.Entrypoint, m.Config.Name),
				Hint:    fmt.Sprintf("export it from %s: export class %s extends WorkerEntrypoint { … }", filepath.Base(m.Config.Main), s.Entrypoint),
			}
			if near := nearestExport(s.Entrypoint, b.Exports); near != "" {
				d.Hint = fmt.Sprintf("did you mean %q?", near)
			}
			if other != m.Config { // whose mistake must not keep this one from running
				d.Severity = diag.Warning
			}
			list.Add(d)
		}
	}
	return list
}

// scriptOf is the worker whose class a binding names.
func scriptOf(c *config.Config, b config.DurableObjectBinding) string {
	switch {
	case b.ScriptName == "":
		return c.Name
	case b.Environment != "":
		return b.ScriptName + "-" + b.Environment
	}
	return b.ScriptName
}

// nearestExport is the export whose name differs in case or the ends only, "" if none.
func nearestExport(class string, exports []string) string {
	lower := strings.ToLower(class)
	for _, e := range exports {
		if l := strings.ToLower(e); e != "default" && (strings.HasPrefix(l, lower) || strings.HasPrefix(lower, l) || strings.HasSuffix(l, lower)) {
			return e
		}
	}
	return ""
}
