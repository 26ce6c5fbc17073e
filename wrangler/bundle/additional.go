package bundle

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// With find_additional_modules, files under the base directory that match a
// rule are part of the Worker although no import names them: import() finds
// them by a name computed while running. The entry file gets one more import,
// of a generated module that lists them.
const (
	listNamespace = "miniworker-additional"
	listSpec      = "miniworker:additional-modules"
)

// additional is one file found under the base directory.
type additional struct {
	name, file string
	typ        ModuleType
}

// findAdditional walks the base directory.
func (b *Builder) findAdditional() ([]additional, []api.Message) {
	var out []additional
	var bad []api.Message
	err := filepath.WalkDir(b.opts.BaseDir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case "node_modules", ".git", ".wrangler", ".miniworker":
				return filepath.SkipDir
			}
			return nil
		}
		if p == b.opts.Entry {
			return nil
		}
		name := b.moduleName(p)
		r, hidden := b.rules.forFile(name)
		switch {
		case hidden:
			bad = append(bad, message("hidden_rule", hiddenRuleText(name, r), hiddenRuleHint))
		case r != nil:
			out = append(out, additional{name, p, r.Type})
		}
		return nil
	})
	if err != nil {
		bad = append(bad, message("additional_modules", "cannot look for additional modules: "+err.Error(), ""))
	}
	return out, bad
}

// loadList generates the module that registers the additional modules.
func (b *Builder) loadList(s *seen) (api.OnLoadResult, error) {
	found, bad := b.findAdditional()
	if len(bad) > 0 {
		return api.OnLoadResult{Errors: bad}, nil
	}
	var src strings.Builder
	src.WriteString("__mw_add({__proto__:null")
	for _, m := range found {
		if m.typ == ESModule || m.typ == CommonJS {
			fmt.Fprintf(&src, ",\n%s:()=>import(%s)", quoteJS(m.name), quoteJS(m.file))
			continue
		}
		data, err := os.ReadFile(m.file)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		s.module(Module{Type: m.typ, Name: m.name, File: m.file, Data: data})
		fmt.Fprintf(&src, ",\n%s:async()=>({__proto__:null,default:__mw.module(%s)})", quoteJS(m.name), quoteJS(m.name))
	}
	src.WriteString("});")
	text := src.String()
	return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS, ResolveDir: b.opts.BaseDir}, nil
}

// loadEntry is the entry file with the import of the list appended, which
// leaves its positions alone.
func (b *Builder) loadEntry() (api.OnLoadResult, error) {
	data, err := os.ReadFile(b.opts.Entry)
	if err != nil {
		return api.OnLoadResult{}, err
	}
	text := string(data) + "\nimport " + quoteJS(listSpec)
	loader := api.LoaderJSX
	switch ext := filepath.Ext(b.opts.Entry); {
	case slices.Contains([]string{".ts", ".mts", ".cts"}, ext):
		loader = api.LoaderTS
	case ext == ".tsx":
		loader = api.LoaderTSX
	}
	return api.OnLoadResult{Contents: &text, Loader: loader}, nil
}

// additionalHead is what the script's head line needs for import() to look at
// the list first. Names are relative to the entry file's directory.
func (b *Builder) additionalHead() string {
	if !b.opts.FindAdditionalModules {
		return ""
	}
	dir, err := filepath.Rel(b.opts.BaseDir, filepath.Dir(b.opts.Entry))
	if err != nil {
		dir = "."
	}
	return `let __mw_t={__proto__:null};const __mw_add=t=>{__mw_t=t};` +
		`const __mw_k=s=>{const o=[];for(const p of((s[0]==="/"?"":` + quoteJS(filepath.ToSlash(dir)) +
		`)+"/"+s).split("/"))p===".."?o.pop():p&&p!=="."&&o.push(p);return o.join("/")};`
}
