package project

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

// ClassMissing is the code of the finding that a binding names a class the
// script does not export.
const ClassMissing = "durable_object_class_missing"

// checkClasses reports Durable Object bindings of the project, m's own and those
// of others that point at it, whose class m's script does not export.
func (p *Project) checkClasses(m *Member, w *worker.Worker, durable []string) diag.List {
	var list diag.List
	exports := w.ExportNames()
	for _, other := range p.opts.Configs {
		for _, b := range other.DurableObjects {
			if scriptOf(other, b) != m.Config.Name || slices.Contains(exports, b.ClassName) {
				continue
			}
			d := diag.Diagnostic{
				Severity: diag.Error, Code: ClassMissing, Pos: b.Pos,
				Message: fmt.Sprintf("The Durable Object binding %s names the class %q, which the worker %q does not export.", b.Name, b.ClassName, m.Config.Name),
				Hint:    fmt.Sprintf("export it from %s: export class %s extends DurableObject { … }", m.Config.Main, b.ClassName),
			}
			if len(durable) > 0 {
				d.Hint = fmt.Sprintf("the Durable Object classes it exports are: %s", strings.Join(durable, ", "))
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
