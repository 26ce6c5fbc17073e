package bundle

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/miniworker/miniworker/internal/diag"
)

// outputs picks the script and its source map.
func outputs(res api.BuildResult) (code, smap *api.OutputFile) {
	for i := range res.OutputFiles {
		f := &res.OutputFiles[i]
		switch filepath.Ext(f.Path) {
		case ".map":
			smap = f
		case ".js":
			code = f
		}
	}
	return code, smap
}

// finish links esbuild's output and fills the Bundle.
func (b *Builder) finish(code, smap *api.OutputFile, s *seen, m mode, list diag.List) (*Bundle, diag.List) {
	out := &Bundle{
		Modules: maps.Clone(s.modules),
		TLA:     m.tla,
		Inputs:  slices.Clone(b.inputs),
		dir:     b.opts.Dir,
	}
	out.Hash = hashBundle(code, smap, out.Modules)
	mapped, err := decodeMap(code.Contents, smap.Contents)
	if err != nil {
		return nil, append(list, failure("bundle_map", "cannot read the source map: "+err.Error())...)
	}
	org := &origins{m: mapped, abs: out.AbsPath}
	list = append(list, b.checkRegExps(code.Contents, org)...)
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	l, err := link(code.Contents, b.additionalHead(), org.startsWith)
	if err != nil {
		return nil, append(list, failure("bundle_link", "cannot link the bundle: "+err.Error())...)
	}
	smapText, bad := b.correct(l, org, smap.Contents, m)
	if list = append(list, bad...); list.HasErrors() {
		return nil, list
	}
	out.Script, out.SourceMap = l.wrap(m.tla), shiftMap(smapText)
	out.Externals, out.Exports = l.externals(), l.exportNames()
	out.Format = FormatModules
	if !l.isModule() {
		out.Format = FormatServiceWorker
	}
	if b.opts.FindAdditionalModules && out.Format != FormatModules && !b.opts.NoBundle {
		list.Add(diag.Diagnostic{Severity: diag.Error, Code: "additional_modules",
			Pos: diag.Position{File: b.display(b.opts.Entry)}, Message: "find_additional_modules needs an entry file with exports",
			Hint: "remove `find_additional_modules` or write the Worker as a module"})
		return nil, list
	}
	if b.opts.Format == FormatModules && out.Format != FormatModules {
		list.Add(diag.Diagnostic{Severity: diag.Error, Code: "no_exports",
			Pos: diag.Position{File: b.display(b.opts.Entry)}, Message: "the entry file has no exports",
			Hint: "write `export default { fetch(request, env, ctx) { … } }`"})
		return nil, list
	}
	if err := b.instrument(out); err != nil {
		return nil, append(list, failure("bundle_instrument", "cannot instrument the script: "+err.Error())...)
	}
	return out, list
}

// correct inserts what the engine needs to get arguments, class fields, names,
// patterns and regular expressions right. It returns smap as it is with the code then.
func (b *Builder) correct(l *linker, org *origins, smap []byte, m mode) ([]byte, diag.List) {
	ins, list := b.constructed(l, org)
	if b.opts.KeepNames && !m.keepNames {
		names := renamedClasses(l.code, org)
		l.uses.names = len(names) > 0
		ins = append(ins, names...)
	}
	if !m.lowerFields {
		ins = append(ins, fragileFields(l.code)...)
	}
	ins = append(ins, arrowArguments(l.code)...)
	ins = append(ins, asyncReturns(l.code)...)
	ins = append(ins, asyncHelpers(l.code[:org.first()])...)
	ins = append(ins, farEscapes(l.code)...)
	ins = append(ins, arrowPatterns(l.code)...)
	ins = append(ins, awaitInDefaults(l.code)...)
	ins = append(ins, superInGenerators(l.code)...)
	l.code, smap = insertAll(l.code, smap, arranged(ins))
	return smap, list
}

// arranged orders corrections by place. At the same one, what only inserts comes
// before what replaces the code there, else they stay in their order: a static
// block goes before a field's quote. What another one would do within replaced
// code goes with that code.
func arranged(ins []insertion) []insertion {
	slices.SortStableFunc(ins, func(a, b insertion) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(min(a.drop, 1), min(b.drop, 1)))
	})
	end := 0
	return slices.DeleteFunc(ins, func(in insertion) bool {
		within := in.at < end
		if !within {
			end = in.at + in.drop
		}
		return within
	})
}

// check lets the runtime parse the script and locates what it dislikes.
func (b *Builder) check(out *Bundle) *diag.Diagnostic {
	if b.opts.Check == nil {
		return nil
	}
	bad := b.opts.Check(out.Script)
	if bad == nil {
		return nil
	}
	d := &diag.Diagnostic{Severity: diag.Error, Code: "engine_syntax",
		Pos:     diag.Position{File: b.display(b.opts.Entry)},
		Message: "the JavaScript engine cannot parse this: " + bad.Message}
	if p, ok := out.Position(bad.Line, bad.Col); ok {
		d.Pos = diag.Position{File: b.display(out.AbsPath(p.File)), Line: p.Line, Col: p.Col}
	}
	return d
}

// hashBundle identifies the content; esbuild already hashed its two files.
func hashBundle(code, smap *api.OutputFile, modules map[string]Module) string {
	h := sha256.New()
	h.Write([]byte(code.Hash))
	h.Write([]byte(smap.Hash))
	for _, id := range slices.Sorted(maps.Keys(modules)) {
		h.Write([]byte("\x00" + id + "\x00" + string(modules[id].Type) + "\x00"))
		h.Write(modules[id].Data)
	}
	return hashOf(h.Sum(nil)[:16])
}

// shiftMap accounts for the head line in front of the code.
func shiftMap(m []byte) []byte {
	i, _ := mappingsOf(m)
	if i < 0 {
		return m
	}
	return slices.Concat(m[:i], []byte(";"), m[i:])
}

// display is the path to show for an absolute file.
func (b *Builder) display(file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(b.opts.Dir, file)
	}
	if rel, err := filepath.Rel(b.opts.DisplayDir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}
