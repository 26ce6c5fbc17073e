// Package envtypes writes the TypeScript declarations of a worker's bindings, as
// wrangler types does: interface Env and what belongs to it, from the
// configuration.
//
// What it deliberately does not write: the types of the runtime. They are in the
// package @cloudflare/workers-types, or in the part of the file that wrangler
// types wrote, which Merge keeps.
//
// Where the truth is: https://developers.cloudflare.com/workers/languages/typescript/
// and what wrangler 4.164 writes.
package envtypes

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Worker is a worker whose code types may be taken from.
type Worker struct {
	Name    string
	Main    string   // its entry file
	Exports []string // names the entry exports
}

// Options say what to write.
type Options struct {
	// Interface is the name of the interface; wrangler's default is Env.
	Interface string
	// Loose makes variables string, number, … rather than their values.
	Loose bool
	// NoMain leaves out the import of the entry, by which ctx.exports gets its
	// type.
	NoMain bool
	// Out is the file that is written: imports are relative to it.
	Out string
	// Worker is the one the configurations are of, Others what it may bind.
	Worker Worker
	Others []Worker
}

// Generate writes the declarations for a worker: envs are what its environments
// have, the top level first, or the one that was chosen.
func Generate(envs []*config.Config, o Options) string {
	w := writer{o: o}
	all := make([][]member, len(envs))
	for i, c := range envs {
		all[i] = w.members(c)
	}
	w.line("interface __BaseEnv_%s {", o.Interface)
	for _, m := range union(all) {
		w.line("\t%s", m)
	}
	w.line("}")
	w.line("declare namespace Cloudflare {")
	w.globalProps(envs)
	if len(envs) > 1 {
		for i, c := range envs[1:] {
			w.line("\tinterface %sEnv {", pascal(c.Env))
			for _, m := range all[i+1] {
				w.line("\t\t%s", m)
			}
			w.line("\t}")
		}
	}
	w.line("\tinterface Env extends __BaseEnv_%s {}", o.Interface)
	w.line("}")
	w.line("interface %s extends __BaseEnv_%[1]s {}", o.Interface)
	w.processEnv(envs)
	w.modules(envs[0].Rules)
	return w.String()
}

type writer struct {
	strings.Builder
	o Options
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...)
}

// member is a member of an interface.
type member struct {
	name, typ string
	optional  bool
}

// String is the member in TypeScript.
func (m member) String() string {
	mark := ""
	if m.optional {
		mark = "?"
	}
	return key(m.name) + mark + ": " + m.typ + ";"
}

// union has what any environment has: optional where one has it not, of every
// type it has anywhere.
func union(envs [][]member) []member {
	var out []member
	count := map[string]int{}
	// As with wrangler, the top level has its say last.
	for _, env := range append(slices.Clone(envs[1:]), envs[0]) {
		for _, m := range env {
			count[m.name]++
			i := slices.IndexFunc(out, func(o member) bool { return o.name == m.name })
			switch {
			case i < 0:
				out = append(out, m)
			case !slices.Contains(strings.Split(out[i].typ, " | "), m.typ):
				out[i].typ += " | " + m.typ
			}
		}
	}
	for i := range out {
		out[i].optional = count[out[i].name] < len(envs)
	}
	return out
}

func (w *writer) globalProps(envs []*config.Config) {
	var classes []string
	for _, c := range envs {
		for _, class := range storedClasses(c) {
			if !slices.Contains(classes, class) {
				classes = append(classes, class)
			}
		}
	}
	withMain := w.o.Worker.Main != "" && !w.o.NoMain
	if !withMain && len(classes) == 0 {
		return
	}
	w.line("\tinterface GlobalProps {")
	if withMain {
		w.line("\t\tmainModule: typeof import(%q);", w.specifier(w.o.Worker.Main))
	}
	if len(classes) > 0 {
		for i, class := range classes {
			classes[i] = quoted(class)
		}
		w.line("\t\tdurableNamespaces: %s;", strings.Join(classes, " | "))
	}
	w.line("\t}")
}

// storedClasses are the Durable Object classes a worker has once its migrations
// were applied.
func storedClasses(c *config.Config) []string {
	var out []string
	for _, m := range c.Migrations {
		out = append(append(out, m.NewClasses...), m.NewSQLiteClasses...)
		for _, r := range m.RenamedClasses {
			for i, name := range out {
				if name == r.From {
					out[i] = r.To
				}
			}
		}
		out = slices.DeleteFunc(out, func(name string) bool { return slices.Contains(m.DeletedClasses, name) })
	}
	for _, e := range c.Exports {
		if e.Type == "durable-object" && (e.State == "" || e.State == "created" || e.State == "expecting-transfer") && !slices.Contains(out, e.Name) {
			out = append(out, e.Name)
		}
	}
	return out
}

// processEnv types process.env, where the runtime fills it.
func (w *writer) processEnv(envs []*config.Config) {
	on, _ := compat.Resolve(envs[0].CompatibilityDate, envs[0].CompatibilityFlags)
	if !on("nodejs_compat_populate_process_env") {
		return
	}
	var names []string
	for _, c := range append(slices.Clone(envs[1:]), envs[0]) {
		for _, m := range w.variables(c) {
			if name := quoted(m.name); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return
	}
	w.line("type StringifyValues<EnvType extends Record<string, unknown>> = {")
	w.line("\t[Binding in keyof EnvType]: EnvType[Binding] extends string ? EnvType[Binding] : string;")
	w.line("};")
	w.line("declare namespace NodeJS {")
	w.line("\tinterface ProcessEnv extends StringifyValues<Pick<Cloudflare.Env, %s>> {}", strings.Join(names, " | "))
	w.line("}")
}

// builtInRules are those of wrangler, behind the ones of a configuration.
var builtInRules = []config.Rule{
	{Type: config.RuleText, Globs: []string{"**/*.txt", "**/*.html", "**/*.sql"}},
	{Type: config.RuleData, Globs: []string{"**/*.bin"}},
	{Type: config.RuleCompiledWasm, Globs: []string{"**/*.wasm", "**/*.wasm?module"}},
}

// modules types what imports of files give. A rule of the configuration that does
// not fall through replaces the built-in one of its type.
func (w *writer) modules(rules []config.Rule) {
	types := map[string]string{config.RuleText: "string", config.RuleData: "ArrayBuffer", config.RuleCompiledWasm: "WebAssembly.Module"}
	closed := map[string]bool{}
	for _, r := range append(slices.Clone(rules), builtInRules...) {
		typ := types[r.Type]
		if typ == "" || closed[r.Type] {
			continue
		}
		closed[r.Type] = !r.Fallthrough
		for _, glob := range r.Globs {
			w.line("declare module %s {", quoted("*"+glob[strings.LastIndexByte(glob, '*')+1:]))
			w.line("\tconst value: %s;", typ)
			w.line("\texport default value;")
			w.line("}")
		}
	}
}

// specifier is how the file that is written imports another.
func (w *writer) specifier(file string) string {
	rel, err := filepath.Rel(filepath.Dir(w.o.Out), file)
	if err != nil {
		rel = file
	}
	rel = strings.TrimSuffix(filepath.ToSlash(rel), filepath.Ext(rel))
	if !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel
}
