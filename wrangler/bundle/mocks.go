package bundle

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// Module mocks of test files (vi.mock and its kin). A mocked module is replaced
// in the whole bundle by one that asks the mocker, an object of the test
// library, what it is; calls in the test files register that. As Vitest does,
// vi.mock, vi.unmock and vi.hoisted statements are hoisted, and what the file
// imports is imported after them.

// The namespaces of the modules in a mocked one's place: first its value is
// made, then it is exported.
const (
	mockNamespace  = "mw-mock"
	loadNamespace  = "mw-mock-load"
	valueNamespace = "mw-mock-value"
	// actualPrefix makes an import get the module itself.
	actualPrefix = "mw-actual:"
	mocker       = "globalThis.__vitest_mocker__"
)

// mocks is what the test files of one build replace.
type mocks struct {
	once sync.Once
	// ids are the mocked modules: absolute paths, or specifiers of what is no file.
	ids map[string]bool
	// files are the test files that were rewritten.
	files  map[string]string
	errors map[string][]api.Message
}

// HasMocks reports whether a test file, by its text, may mock modules, which
// means that the worker must be loaded after it.
func HasMocks(source []byte) bool { return mockCall().Match(source) }

var mockCall = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:mock|unmock|doMock|doUnmock|hoisted|importActual|importMock)\s*(?:<[^;]*>)?\s*\(`)
})

// read looks at the test files, once per build.
func (m *mocks) read(r *resolver) {
	m.once.Do(func() {
		m.ids, m.files, m.errors = map[string]bool{}, map[string]string{}, map[string][]api.Message{}
		for _, file := range r.b.opts.Tests {
			source, err := os.ReadFile(file)
			if err != nil || !HasMocks(source) {
				continue // what is wrong with it is said where it is loaded
			}
			text, errs := m.rewrite(r, file, string(source))
			if m.files[file] = text; len(errs) > 0 {
				m.errors[file] = errs
			}
		}
	})
}

// resolve redirects an import of a mocked module. ok is false for others.
func (m *mocks) resolve(r *resolver, a api.OnResolveArgs) (res api.OnResolveResult, ok bool) {
	if len(r.b.opts.Tests) == 0 {
		return res, false
	}
	m.read(r)
	switch a.Namespace {
	case mockNamespace, loadNamespace, valueNamespace:
		for _, ns := range []string{loadNamespace, valueNamespace} {
			if id, is := strings.CutPrefix(a.Path, ns+":"); is {
				return api.OnResolveResult{Path: id, Namespace: ns}, true
			}
		}
	}
	if id, is := strings.CutPrefix(a.Path, actualPrefix); is {
		if filepath.IsAbs(id) {
			return api.OnResolveResult{Path: id}, true
		}
		a.Path = id
		return r.external(id, a)
	}
	if len(m.ids) == 0 {
		return res, false
	}
	if id := r.mockID(a.Path, a.Importer, a.ResolveDir, a.Kind); m.ids[id] {
		return api.OnResolveResult{Path: id, Namespace: mockNamespace}, true
	}
	return res, false
}

// mockID names a module: by its file, or by its specifier if there is none.
func (r *resolver) mockID(spec, importer, dir string, kind api.ResolveKind) string {
	if _, external := r.external(spec, api.OnResolveArgs{Path: spec, Kind: api.ResolveJSDynamicImport}); external {
		return spec
	}
	res := r.pb.Resolve(spec, api.ResolveOptions{Importer: importer, ResolveDir: dir, Kind: kind, Namespace: "file", PluginData: again{}})
	if len(res.Errors) > 0 || res.Path == "" || res.External {
		return spec
	}
	return res.Path
}

// load gives the modules in place of mocked ones, and rewritten test files.
func (m *mocks) load(b *Builder, pb api.PluginBuild) {
	text := func(namespace string, text func(id string) string) {
		pb.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: namespace}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			contents := text(a.Path)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS, ResolveDir: b.opts.Dir}, nil
		})
	}
	text(mockNamespace, func(id string) string {
		return fmt.Sprintf("import %s;\nexport * from %s;\nexport default %s.value(%s).default;\n",
			quoteJS(loadNamespace+":"+id), quoteJS(valueNamespace+":"+id), mocker, quoteJS(id))
	})
	text(loadNamespace, func(id string) string {
		return fmt.Sprintf("await %s.load(%s, %s);\nexport {};\n", mocker, quoteJS(id), b.actual(id))
	})
	text(valueNamespace, func(id string) string { return fmt.Sprintf("module.exports = %s.value(%s);\n", mocker, quoteJS(id)) })
}

// actual is an expression for a function that imports the module itself.
func (b *Builder) actual(id string) string {
	if !filepath.IsAbs(id) {
		r := &resolver{b: b}
		if _, ok := r.external(id, api.OnResolveArgs{Path: id, Kind: api.ResolveJSDynamicImport}); !ok {
			return "undefined" // there is no such module but the mock
		}
	}
	return "() => import(" + quoteJS(actualPrefix+id) + ")"
}

// rewrite hoists the mocks of a test file.
func (m *mocks) rewrite(r *resolver, file, source string) (string, []api.Message) {
	out := api.Transform(source, api.TransformOptions{
		Loader: loaderOf(file), Target: api.ESNext, Sourcemap: api.SourceMapExternal, Sourcefile: file, LogLevel: api.LogLevelSilent, JSX: api.JSXPreserve,
	})
	if len(out.Errors) > 0 {
		return source, nil // the build says it better
	}
	w := &mockRewriter{mocks: m, r: r, file: file, s: scan(out.Code)}
	w.names()
	w.edit()
	text, lines := w.assemble()
	return text + "//# sourceMappingURL=data:application/json;base64," + base64.StdEncoding.EncodeToString(permuteMap(out.Map, lines)), w.errors
}

func loaderOf(file string) api.Loader {
	switch filepath.Ext(file) {
	case ".ts", ".mts", ".cts":
		return api.LoaderTS
	case ".tsx":
		return api.LoaderTSX
	}
	return api.LoaderJSX
}

// rewrittenLoader is what a rewritten file is: JavaScript, perhaps with JSX.
func rewrittenLoader(file string) api.Loader {
	if strings.HasSuffix(file, "x") {
		return api.LoaderJSX
	}
	return api.LoaderJS
}

// mockRewriter rewrites one file.
type mockRewriter struct {
	*mocks
	r      *resolver
	file   string
	s      *scanned
	vi     []string // what vi is called here
	edits  []edit
	errors []api.Message
}

type edit struct {
	span
	text string
}

var viImport = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^import\s+\{([^}]*)\}\s+from\s+"vitest";?\s*$`)
})

// names finds what the file calls vi.
func (w *mockRewriter) names() {
	for _, st := range w.s.statements() {
		m := viImport().FindSubmatch(w.s.text[st.from:st.to])
		if m == nil {
			continue
		}
		for name := range strings.SplitSeq(string(m[1]), ",") {
			spec := importSpec(strings.TrimSpace(name))
			if spec[0] == "vi" || spec[0] == "vitest" {
				w.vi = append(w.vi, spec[1])
			}
		}
	}
	if len(w.vi) == 0 {
		w.vi = []string{"vi", "vitest"} // the globals
	}
}

var mockMethods = map[string]bool{"mock": true, "unmock": true, "doMock": true, "doUnmock": true, "importActual": true, "importMock": true}

// edit replaces the calls that name modules.
func (w *mockRewriter) edit() {
	for _, c := range w.s.calls(w.vi, mockMethods) {
		spec, ok := literalModule(strings.TrimSpace(string(w.s.text[c.first.from:c.first.to])))
		if !ok {
			w.fail(c, fmt.Sprintf("vi.%s needs the module as a string literal", c.method), "the bundler replaces modules before anything runs: write the path itself")
			continue
		}
		if (c.method == "mock" || c.method == "unmock") && w.s.depth[c.from] > 0 {
			w.fail(c, fmt.Sprintf("vi.%s(%s) has to be at the top level of the file", c.method, quoteJS(spec)), "it is hoisted there anyway; for a mock from here on use vi.doMock")
			continue
		}
		id := w.r.mockID(spec, w.file, filepath.Dir(w.file), api.ResolveJSDynamicImport)
		at := c.first.to
		var text string
		switch c.method {
		case "importActual":
			text, at = "import("+quoteJS(actualPrefix+id)+")", c.to
		case "importMock":
			text, at = fmt.Sprintf("%s.importMock(%s, %s)", mocker, quoteJS(id), w.r.b.actual(id)), c.to
		case "unmock", "doUnmock":
			text, at = fmt.Sprintf("%s.unregister(%s)", mocker, quoteJS(id)), c.to
		default:
			w.ids[id] = true
			text = fmt.Sprintf("%s.register(%s, %s, %s", mocker, quoteJS(id), quoteJS(spec), w.r.b.actual(id))
		}
		w.edits = append(w.edits, edit{span{c.from, at}, text})
	}
}

func (w *mockRewriter) fail(c call, text, hint string) {
	w.errors = append(w.errors, message("mock", text, hint))
}

var importedModule = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^import\((.*)\)$`) })

// literalModule reads "path" or import("path").
func literalModule(arg string) (string, bool) {
	if m := importedModule().FindStringSubmatch(arg); m != nil {
		arg = strings.TrimSpace(m[1])
	}
	if len(arg) < 2 || arg[0] != arg[len(arg)-1] || strings.Contains(arg, "${") {
		return "", false
	}
	switch arg[0] {
	case '"':
		var s string
		err := json.Unmarshal([]byte(arg), &s)
		return s, err == nil
	case '\'', '`':
		return arg[1 : len(arg)-1], !strings.Contains(arg, `\`)
	}
	return "", false
}

// assemble puts the statements into their new order. lines are the lines of
// the printed file that the result's lines come from, -1 for none.
func (w *mockRewriter) assemble() (text string, lines []mappedLine) {
	statements := w.s.statements()
	hoists := slices.ContainsFunc(statements, w.hoisted)
	var out [4]mappedText // library imports, hoisted, imports, the rest
	for _, st := range statements {
		part := &out[3]
		switch {
		case w.hoisted(st):
			part = &out[1]
		case isImport(w.s.text[st.from:st.to]):
			if spec, dynamic := dynamicImport(string(w.s.text[st.from:st.to])); hoists && dynamic != "" && !library(spec) {
				out[2].add(dynamic+"\n", w.line(st.from))
				continue
			}
			part = &out[0]
		}
		w.copy(part, st)
	}
	for _, p := range out {
		text += p.text.String()
		lines = append(lines, p.lines...)
	}
	return text, lines
}

// library reports whether a module cannot be mocked: the tests' own.
func library(spec string) bool { return spec == "vitest" || spec == "cloudflare:test" }

func isImport(text []byte) bool {
	s := string(text)
	return strings.HasPrefix(s, "import ") || strings.HasPrefix(s, "import{") || strings.HasPrefix(s, "import\"")
}

var hoistedStatement = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:export\s+)?(?:const|let|var)\s[^=]*=\s*)?(?:await\s+)?([\w$]+)\.(mock|unmock|hoisted)\(`)
})

func (w *mockRewriter) hoisted(st span) bool {
	m := hoistedStatement().FindSubmatch(w.s.text[st.from:st.to])
	return m != nil && slices.Contains(w.vi, string(m[1]))
}

// line is the number of the line at a place, from 0.
func (w *mockRewriter) line(at int) int { return strings.Count(string(w.s.text[:at]), "\n") }

// copy writes a statement with its edits.
func (w *mockRewriter) copy(to *mappedText, st span) {
	line := w.line(st.from)
	for from := st.from; from < st.to; {
		end := strings.IndexByte(string(w.s.text[from:st.to]), '\n') + from + 1
		if end == from {
			end = st.to
		}
		var b strings.Builder
		var shifts []shift
		at := from
		for _, e := range w.edits {
			if e.from < from || e.from >= end {
				continue
			}
			b.Write(w.s.text[at:e.from])
			b.WriteString(e.text)
			shifts = append(shifts, shift{e.to - from, len(e.text) - (e.to - e.from)})
			if at = e.to; at > end { // the edit takes several lines
				line += strings.Count(string(w.s.text[end:at]), "\n")
				end = strings.IndexByte(string(w.s.text[at:st.to]), '\n') + at + 1
			}
		}
		b.Write(w.s.text[at:end])
		text := b.String()
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		to.text.WriteString(text)
		to.lines = append(to.lines, mappedLine{line, shifts})
		line++
		from = end
	}
}

var staticImport = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^import\s*(?:(.*?)\s*from\s*)?("(?:[^"\\]|\\.)*")\s*(with\s*\{.*\})?;?\s*$`)
})

// dynamicImport turns an import statement into an awaited expression, ""
// if it is none that can be.
func dynamicImport(text string) (spec, code string) {
	m := staticImport().FindStringSubmatch(text)
	if m == nil {
		return "", ""
	}
	source := "await import(" + m[2]
	if m[3] != "" {
		source += ", { " + strings.Replace(m[3], "with", "with:", 1) + " }"
	}
	source += ")"
	spec = unquote(m[2])
	clause := strings.Join(strings.Fields(m[1]), " ")
	if clause == "" {
		return spec, source + ";"
	}
	head, named, braces := strings.Cut(clause, "{")
	head = strings.Trim(head, " ,")
	def, ns, star := strings.Cut(head, "*")
	def = strings.Trim(def, " ,")
	var names []string
	if def != "" {
		names = append(names, "default: "+def)
	}
	if braces {
		for n := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(named), "}"), ",") {
			if n = strings.TrimSpace(n); n != "" {
				s := importSpec(n)
				names = append(names, quoteJS(s[0])+": "+s[1])
			}
		}
	}
	if star {
		local := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(ns), "as"))
		code = "const " + local + " = " + source + ";"
		if len(names) > 0 {
			code += " const { " + strings.Join(names, ", ") + " } = " + local + ";"
		}
		return spec, code
	}
	return spec, "const { " + strings.Join(names, ", ") + " } = " + source + ";"
}
