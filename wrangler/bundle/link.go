package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// linker turns esbuild's module output into a script. It edits code in place,
// never changing its length, and collects what goes on the line in front of it.
type linker struct {
	code    []byte
	imports strings.Builder // declarations of imported names
	stars   []string        // namespaces of `export * from` an external
	exports []export
	ext     map[string]struct{}
	uses    struct{ dynamic, require, module, names, regexps bool }
	nsCount int

	additional string
}

type export struct{ local, name string }

// link prepares one ES module, as esbuild prints it without whitespace, for
// becoming the function described in the package comment.
//
// origin tells whether the source that code[at] was made from starts with text;
// it is asked about the rare import() whose argument is computed.
//
// additional, if not empty, goes into the head: it defines __mw_k and __mw_t.
func link(code []byte, additional string, origin func(at int, text string) bool) (*linker, error) {
	l := &linker{code: code, additional: additional, ext: map[string]struct{}{}}
	if bytes.HasPrefix(code, []byte("#!")) {
		copy(code, "//")
	}
	if err := l.tail(); err != nil {
		return nil, err
	}
	for at := 0; ; {
		i := bytes.Index(l.code[at:], []byte(marker))
		if i < 0 {
			break
		}
		at += i
		if err := l.site(at); err != nil {
			return nil, err
		}
		at++
	}
	l.computedImports(origin)
	return l, nil
}

// isModule reports whether the entry exports something.
func (l *linker) isModule() bool { return len(l.exports)+len(l.stars) > 0 }

func (l *linker) externals() []string { return slices.Sorted(maps.Keys(l.ext)) }

func (l *linker) exportNames() []string {
	var names []string
	for _, e := range l.exports {
		names = append(names, e.name)
	}
	slices.Sort(names)
	return names
}

// tail takes the export clause off the end of the code.
func (l *linker) tail() error {
	end := len(bytes.TrimRight(l.code, "; \n"))
	i := max(bytes.LastIndex(l.code[:end], []byte("export{")), bytes.LastIndex(l.code[:end], []byte("export default ")))
	if i < 0 || i > 0 && isIdent(l.code[i-1]) {
		return nil
	}
	stmt := string(l.code[i:end])
	switch {
	case strings.HasPrefix(stmt, "export{") && strings.HasSuffix(stmt, "}") && strings.Count(stmt, "}") == 1:
		for spec := range strings.SplitSeq(stmt[len("export{"):len(stmt)-1], ",") {
			if spec == "" {
				continue
			}
			local, name := cutAs(spec)
			l.exports = append(l.exports, export{local, name})
		}
		l.blank(i, end)
	case strings.HasPrefix(stmt, "export default ") && strings.HasSuffix(stmt, "()"):
		// A CommonJS entry: esbuild exports its module.exports.
		l.put(i, i+len("export default "), "var __mw_d=")
		l.exports = append(l.exports, export{"__mw_d", "default"})
	}
	return nil
}

// site rewrites the import whose path starts at code[at].
func (l *linker) site(at int) error {
	quote := at - 1
	n := bytes.IndexByte(l.code[at:], '"')
	if quote < 0 || l.code[quote] != '"' || n <= len(marker) {
		return errors.New("an import path is not where it should be")
	}
	end := at + n + 1
	kind := l.code[at+len(marker)]
	spec, err := url.PathUnescape(string(l.code[at+len(marker)+1 : end-1]))
	if err != nil {
		return err
	}
	if kind == kindExtern {
		l.ext[spec] = struct{}{}
	}
	head := l.code[:quote]
	switch {
	case bytes.HasSuffix(head, []byte("import(")):
		return l.call(quote-len("import("), end, "__mw_i", kind, spec)
	case bytes.HasSuffix(head, []byte("(")):
		return l.call(startOfIdent(head[:quote-1]), end, "__mw_r", kind, spec)
	}
	return l.statement(quote, end, kind, spec)
}

// call replaces code[from:end], `callee("path"`, with a call of a helper.
func (l *linker) call(from, end int, helper string, kind byte, spec string) error {
	if helper == "__mw_i" {
		l.uses.dynamic = true
	} else {
		l.uses.require = true
	}
	if kind == kindModule {
		l.uses.module = true
		helper += "m"
	}
	text := helper + "(" + quoteJS(spec)
	if len(text) > end-from {
		return fmt.Errorf("no room to link %q", spec)
	}
	l.put(from, end, text)
	return nil
}

// computedImports turns each import(expression) that is left into a call of the
// helper, whose name is as long as the keyword. Strings and templates may hold
// the same text, so the source map decides what is code.
func (l *linker) computedImports(origin func(int, string) bool) {
	const word = "import("
	for at := 0; ; at += len(word) {
		i := bytes.Index(l.code[at:], []byte(word))
		if i < 0 {
			return
		}
		at += i
		if at > 0 && (isIdent(l.code[at-1]) || l.code[at-1] == '.' || l.code[at-1] == '#') {
			continue
		}
		if isMethod(l.code[at+len(word):]) || !origin(at, "import") {
			continue
		}
		l.put(at, at+len(word), "__mw_i(")
		l.uses.dynamic = true
	}
}

// isMethod reports whether rest, which follows an opening parenthesis, closes
// it in front of a block: a method called import.
func isMethod(rest []byte) bool {
	depth := 1
	for i, c := range rest {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return i+1 < len(rest) && rest[i+1] == '{'
		}
	}
	return false
}

// statement hoists `import … from "path"` or `export * from "path"`.
func (l *linker) statement(quote, end int, kind byte, spec string) error {
	c := parseClause(l.code[:quote])
	if c == nil {
		return fmt.Errorf("cannot read the import of %q", spec)
	}
	src := "__mw.import(" + quoteJS(spec) + ")"
	if kind == kindModule {
		src = "__mw.module(" + quoteJS(spec) + ")"
		if !c.source {
			l.uses.module = true
			src = "__mw_m(" + quoteJS(spec) + ")"
		}
	}
	l.declare(c, src, kind, spec)
	if bytes.HasPrefix(l.code[end:], []byte("with{")) {
		if n := bytes.IndexByte(l.code[end:], '}'); n >= 0 {
			end += n + 1
		}
	}
	if end < len(l.code) && l.code[end] == ';' {
		end++
	}
	l.blank(c.start, end)
	return nil
}

// declare writes the hoisted form of one import statement.
func (l *linker) declare(c *clause, src string, kind byte, spec string) {
	w := &l.imports
	switch {
	case c.star:
		l.nsCount++
		ns := fmt.Sprintf("__mw_n%d", l.nsCount)
		fmt.Fprintf(w, "const %s=%s;", ns, src)
		l.stars = append(l.stars, ns)
		return
	case c.source:
		fmt.Fprintf(w, "const %s=%s;", c.def, src)
		return
	case c.def == "" && c.ns == "" && len(c.named) == 0:
		fmt.Fprintf(w, "%s;", src)
		return
	}
	if c.ns != "" {
		fmt.Fprintf(w, "const %s=%s;", c.ns, src)
		src = c.ns
	}
	names := c.named
	if c.def != "" {
		names = append([][2]string{{"default", c.def}}, names...)
	}
	if len(names) == 0 {
		return
	}
	if kind == kindExtern && c.ns == "" {
		// The names let the runtime report a missing export as a link error.
		var want []string
		for _, n := range names {
			want = append(want, quoteJS(n[0]))
		}
		src = "__mw.import(" + quoteJS(spec) + ",[" + strings.Join(want, ",") + "])"
	}
	w.WriteString("const{")
	for i, n := range names {
		if i > 0 {
			w.WriteByte(',')
		}
		fmt.Fprintf(w, "%s:%s", quoteJS(n[0]), n[1])
	}
	fmt.Fprintf(w, "}=%s;", src)
}

// wrap makes the script. Its head takes exactly one line, so a source map needs
// one ";" in front.
func (l *linker) wrap(tla bool) []byte {
	var h bytes.Buffer
	h.Grow(len(l.code) + l.imports.Len() + 1024)
	if tla {
		h.WriteString("(async function(__mw){")
	} else {
		h.WriteString("(function(__mw){")
	}
	if l.isModule() {
		h.WriteString(`"use strict";`)
	}
	if l.uses.names {
		h.WriteString(`const __mw_c=(c,value)=>{Object.defineProperty(c,"name",{value,configurable:true})};`)
	}
	if l.uses.regexps {
		h.WriteString(`const __mw_x=RegExp;`)
	}
	if l.uses.module {
		h.WriteString(`const __mw_m=i=>({__proto__:null,default:__mw.module(i)});`)
	}
	h.WriteString(l.additional)
	if l.uses.dynamic {
		if l.additional != "" {
			h.WriteString(`const __mw_i=s=>{const k=__mw_k(s=""+s);return k in __mw_t?__mw_t[k]():__mw.dynamicImport(s)};`)
		} else {
			h.WriteString(`const __mw_i=s=>__mw.dynamicImport(s);`)
		}
		if l.uses.module {
			h.WriteString(`const __mw_im=async i=>__mw_m(i);`)
		}
	}
	if l.uses.require {
		h.WriteString(`const __mw_r=s=>{const n=__mw.import(s);return"default"in n?n.default:n};`)
		if l.uses.module {
			h.WriteString(`const __mw_rm=i=>__mw.module(i);`)
		}
	}
	if len(l.stars) == 0 {
		l.writeExports(&h)
	}
	h.WriteString(l.imports.String())
	if len(l.stars) > 0 {
		l.writeExports(&h)
	}
	h.WriteByte('\n')
	h.Write(l.code)
	h.WriteString("\n})")
	return h.Bytes()
}

// writeExports registers the getters. Names of `export *` are known once the
// external modules are, so only then does registration follow the imports.
func (l *linker) writeExports(h *bytes.Buffer) {
	if !l.isModule() {
		return
	}
	var obj strings.Builder
	obj.WriteString("{__proto__:null")
	for _, e := range l.exports {
		fmt.Fprintf(&obj, ",[%s]:()=>%s", quoteJS(e.name), e.local)
	}
	obj.WriteByte('}')
	if len(l.stars) == 0 {
		fmt.Fprintf(h, "__mw.exports(%s);", obj.String())
		return
	}
	fmt.Fprintf(h, `const __mw_e=%s;for(const n of[%s])for(const k of Object.keys(n))if(k!=="default"&&!(k in __mw_e))__mw_e[k]=()=>n[k];__mw.exports(__mw_e);`,
		obj.String(), strings.Join(l.stars, ","))
}

// put writes text over code[from:to], which is at least as long.
func (l *linker) put(from, to int, text string) {
	n := copy(l.code[from:to], text)
	l.blank(from+n, to)
}

func (l *linker) blank(from, to int) {
	for i := from; i < to; i++ {
		l.code[i] = ' '
	}
}

func startOfIdent(head []byte) int {
	i := len(head)
	for i > 0 && isIdent(head[i-1]) {
		i--
	}
	return i
}

func isIdent(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func quoteJS(s string) string {
	q, _ := json.Marshal(s) // a string always marshals; JSON strings are JS strings
	return string(q)
}
