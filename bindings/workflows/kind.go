package workflows

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is Workflows. Workers that name the same one share it.
var Kind = bindings.Kind{Name: folder, Bind: bind}

// folder holds the Workflows, in the state directory.
const folder = "workflows"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, e := range cfg.Exports {
		if e.Type != "workflow" {
			continue
		}
		w, err := own(b, config.Workflow{Name: e.Workflow, ClassName: e.Name, StepLimit: e.StepLimit, Pos: e.Pos})
		if err != nil {
			return err
		}
		if w != nil {
			b.Loopback(e.Name, func(js *jsg.Scope) (jsg.Value, error) { return newBinding(js, w, e.Name), nil })
		}
	}
	for _, c := range cfg.Workflows {
		w, err := find(b, c)
		if err != nil {
			return err
		}
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			if w == nil {
				return js.Refusing(func(string) error {
					return jsg.Errorf("The Workflow binding %s has no target: no worker named %q runs in this project. Start it too, with another -c.", c.Binding, c.ScriptName)
				}), nil
			}
			return newBinding(js, w, c.Binding), nil
		})
	}
	return nil
}

// find gives what a binding means, nil if that cannot be.
func find(b *bindings.Builder, c config.Workflow) (*Workflow, error) {
	if c.ScriptName == "" {
		return own(b, c)
	}
	if b.Worker(c.ScriptName) == nil {
		b.Report(diag.Diagnostic{
			Severity: diag.Warning, Code: "workflow_script_missing", Pos: c.Pos,
			Message: fmt.Sprintf("The Workflow binding %s names the worker %q, which is not part of this project.", c.Binding, c.ScriptName),
			Hint:    fmt.Sprintf("add its configuration with -c, or correct \"script_name\"; the workers here are: %s", b.WorkerNames()),
		})
		return nil, nil
	}
	if !checkName(b, c) {
		return nil, nil
	}
	return hosted(b, c.ScriptName, c)
}

// own is a Workflow whose class the worker itself has.
func own(b *bindings.Builder, c config.Workflow) (*Workflow, error) {
	if !checkName(b, c) {
		return nil, nil
	}
	return hosted(b, b.Name, c)
}

func checkName(b *bindings.Builder, c config.Workflow) bool {
	ok := validID(c.Name) && len(c.Name) <= maxName
	if !ok {
		b.Report(diag.Diagnostic{
			Severity: diag.Error, Code: "workflow_name", Pos: c.Pos,
			Message: fmt.Sprintf("%q cannot be the name of a Workflow.", c.Name),
			Hint:    fmt.Sprintf("use up to %d letters, digits, underscores and hyphens, and none of these first", maxName),
		})
	}
	return ok
}

// maxName is how long the name of a Workflow may be.
const maxName = 64

// hosted has the class of a worker run a Workflow.
func hosted(b *bindings.Builder, script string, c config.Workflow) (*Workflow, error) {
	w, err := Shared(b.Session, c.Name)
	if err != nil {
		return nil, err
	}
	old, h := w.Host(), Host{Worker: b.Worker(script), Script: script, Class: c.ClassName}
	if c.StepLimit != nil {
		h.Limit = *c.StepLimit
	} else if old.Script == script && b.Name != script {
		h.Limit = old.Limit // it is for the worker that has the class to say
	}
	if old.Class != "" && old.Script != script {
		b.Report(diag.Diagnostic{
			Severity: diag.Error, Code: "workflow_twice", Pos: c.Pos,
			Message: fmt.Sprintf("The Workflow %s belongs to the worker %s already.", c.Name, old.Script),
			Hint:    "give one of them another name, or add \"script_name\"",
		})
		return nil, nil
	}
	w.SetHost(h)
	if old.Class == "" && h.Worker != nil {
		h.Worker.OnSwap(w.swapped)
	}
	return w, nil
}

// swapped says that the instances run in another version of the worker from now on.
func (w *Workflow) swapped(v *worker.Worker) {
	v.Isolate().Post(nil, func(js *jsg.Scope) {
		class := w.Host().Class
		if v.Late() {
			return
		}
		if _, ok, err := v.Export(js, class); err == nil && !ok {
			w.report("error", fmt.Sprintf("The worker %q does not export the Workflow class %q. Write `export class %s extends WorkflowEntrypoint { … }` in its entry file; it exports: %v.", v.Name(), class, class, v.ExportNames()))
		}
	})
	w.swap(v)
}

// Shared is the session's Workflow of that name.
func Shared(s *bindings.Session, name string) (*Workflow, error) {
	if !validID(name) {
		return nil, fmt.Errorf("%q is not the name of a Workflow", name)
	}
	return bindings.Shared(s, folder+"/"+name, func() (*Workflow, error) {
		return Open(filepath.Join(s.State, folder, name), name, s.Clock, s.Trace), nil
	})
}

// All are the session's Workflows, by name.
func All(s *bindings.Session) []*Workflow {
	list := bindings.Opened[*Workflow](s)
	slices.SortFunc(list, func(a, b *Workflow) int { return cmp.Compare(a.name, b.name) })
	return list
}

// Classes are the classes of this package, for lists of what exists.
func Classes() []jsg.AnyClass { return []jsg.AnyClass{bindingClass, instanceClass, modifierClass} }
