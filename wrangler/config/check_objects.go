package config

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// checkExports judges `exports` as the successor of `migrations`.
func (r *resolver) checkExports() {
	exports := r.get("exports")
	objects := false
	for _, f := range exports.members() {
		if f.val.getStr("type") != "durable-object" {
			continue
		}
		objects = true
		r.checkObjectExport(f)
	}
	if m := r.get("migrations"); objects && m != nil && len(m.elems) > 0 {
		r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "exports_and_migrations", Pos: r.pos(m),
			Message: "`migrations` cannot be used together with Durable Object entries in `exports`.",
			Hint:    "describe every class in `exports` and delete `migrations`",
			Notes:   []diag.Note{{Pos: r.pos(exports), Message: "exports is here"}}})
	}
}

// checkObjectExport checks which members each state wants.
func (r *resolver) checkObjectExport(f field) {
	v := f.val
	state := or(v.getStr("state"), "created")
	path := "exports." + f.key
	need := func(key string) {
		if v.get(key) == nil {
			r.errorf("missing_field", v, fmt.Sprintf("add %q", key), "%q needs %q when its state is %q.", path, key, state)
		}
	}
	refuse := func(keys ...string) {
		for _, key := range keys {
			if m := v.get(key); m != nil {
				r.errorf("invalid_value", m, "delete it, or change the state", "%q has no meaning in %q when its state is %q.", key, path, state)
			}
		}
	}
	switch state {
	case "created":
		need("storage")
		refuse("renamed_to", "transferred_to", "transfer_from")
	case "deleted":
		refuse("storage", "renamed_to", "transferred_to", "transfer_from", "container")
	case "renamed":
		need("renamed_to")
		refuse("storage", "transferred_to", "transfer_from", "container")
	case "transferred":
		need("transferred_to")
		refuse("storage", "renamed_to", "transfer_from", "container")
	case "expecting-transfer":
		need("storage")
		need("transfer_from")
		refuse("renamed_to", "transferred_to")
	}
	if c := v.get("container"); c != nil && v.getStr("storage") == "legacy-kv" {
		r.errorf("invalid_value", c, `"storage": "sqlite"`, "%q has a container, which needs storage \"sqlite\".", path)
	}
}

// checkDurableObjects warns about local classes no migration creates: they work
// locally and would fail on deployment.
func (r *resolver) checkDurableObjects() {
	alive := r.cfg.ObjectClasses()
	for _, b := range r.cfg.DurableObjects {
		if b.ScriptName != "" || b.ClassName == "" {
			continue
		}
		if _, ok := alive[b.ClassName]; ok {
			continue
		}
		d := diag.Diagnostic{Severity: diag.Warning, Code: "durable_object_without_migration", Pos: b.Pos,
			Message: fmt.Sprintf("The Durable Object class %q is bound as %q, but no migration creates it.", b.ClassName, b.Name),
			Hint:    fmt.Sprintf(`"migrations": [{"tag": "v1", "new_sqlite_classes": [%q]}]`, b.ClassName)}
		if len(r.cfg.Exports) > 0 {
			d.Message = fmt.Sprintf("The Durable Object class %q is bound as %q, but \"exports\" does not list it.", b.ClassName, b.Name)
			d.Hint = fmt.Sprintf(`"exports": {%q: {"type": "durable-object", "storage": "sqlite"}}`, b.ClassName)
		}
		r.diags.Add(d)
	}
}

// ObjectClasses lists the Durable Object classes that exist after all migrations
// (or by exports); the value tells whether their storage is SQLite.
func (c *Config) ObjectClasses() map[string]bool {
	out := map[string]bool{}
	for _, m := range c.Migrations {
		for _, name := range m.NewClasses {
			out[name] = false
		}
		for _, name := range m.NewSQLiteClasses {
			out[name] = true
		}
		for _, rn := range m.RenamedClasses {
			if sqlite, ok := out[rn.From]; ok {
				delete(out, rn.From)
				out[rn.To] = sqlite
			}
		}
		for _, name := range m.DeletedClasses {
			delete(out, name)
		}
	}
	for _, e := range c.Exports {
		if e.Type == "durable-object" && (e.State == "" || e.State == "created" || e.State == "expecting-transfer") {
			out[e.Name] = e.Storage != "legacy-kv"
		}
	}
	return out
}

// ContainerClasses are the Durable Object classes that have a container, which
// `dev.enable_containers` takes from all of them.
func (c *Config) ContainerClasses() []string {
	var list []struct {
		Class string `json:"class_name"`
	}
	if !c.Dev.EnableContainers || json.Unmarshal(c.Containers, &list) != nil {
		return nil
	}
	var out []string
	for _, x := range list {
		out = append(out, x.Class)
	}
	return out
}

// checkWorkflows wants a name for each Workflow of this Worker, in the binding or
// in exports.
func (r *resolver) checkWorkflows() {
	for _, w := range r.cfg.Workflows {
		if w.Name == "" && w.ScriptName == "" && w.ClassName != "" {
			r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "missing_field", Pos: w.Pos,
				Message: fmt.Sprintf("The Workflow bound as %q has no name.", w.Binding), Hint: `add "name"`})
		}
	}
}

// checkMigrationPatterns keeps the pattern of D1 migrations inside their
// directory.
func (r *resolver) checkMigrationPatterns() {
	for _, v := range r.get("d1_databases").list() {
		pattern, dir := v.get("migrations_pattern"), v.getStr("migrations_dir")
		if pattern == nil || pattern.kind != kindString {
			continue
		}
		switch {
		case dir == "":
			r.errorf("invalid_value", pattern, `add "migrations_dir"`, "%q needs %q beside it.", "migrations_pattern", "migrations_dir")
		case !strings.HasPrefix(pattern.text, strings.TrimSuffix(dir, "/")+"/"):
			r.errorf("invalid_value", pattern, fmt.Sprintf("for example %q", strings.TrimSuffix(dir, "/")+"/*/*.sql"),
				"%q must start with the directory in %q, but got %s.", "migrations_pattern", "migrations_dir", pattern.show())
		}
	}
}
