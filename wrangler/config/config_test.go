package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/nearest"
)

// TestRunWorkerFirstTexts holds every text of Cloudflare's rule parser.
func TestRunWorkerFirstTexts(t *testing.T) {
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("/%d", i)
	}
	long := "/" + strings.Repeat("x", 100)
	for _, c := range []struct {
		rules []string
		want  string
	}{
		{[]string{"/api/*"}, ""},
		{[]string{"/api/*", "!/api/docs/*"}, ""},
		{many[:100], ""},
		{[]string{long[:100]}, ""},
		{nil, "No `run_worker_first` rules were provided; must provide at least 1 rule."},
		{many, "Too many `run_worker_first` rules were provided; 101 rules provided exceeds max of 100."},
		{[]string{"!/a"}, "Only negative `run_worker_first` rules were provided; must provide at least 1 non-negative rule"},
		{[]string{"a", "!b"}, "Invalid routes in `run_worker_first`:\n'a': rules must start with '/' or '!/'\n'!b': negative rules must start with '!/'"},
		{[]string{long}, "Invalid routes in `run_worker_first`:\n'" + long + "': all rules must be less than 100 characters in length"},
		{[]string{"/a", "/a"}, "Invalid routes in `run_worker_first`:\n'/a': rule is a duplicate; rules must be unique"},
		{[]string{"/a/b", "/a/*"}, "Invalid routes in `run_worker_first`:\n'/a/b': rule '/a/*' makes it redundant"},
		{[]string{"/a", "!/a/b", "!/a/*"}, "Invalid routes in `run_worker_first`:\n'!/a/b': rule '!/a/*' makes it redundant"},
		{[]string{"/a/*", "!/a/b"}, ""},
		{[]string{"a", "/b", "/b", "!/c", "!/c"}, "Invalid routes in `run_worker_first`:\n'a': rules must start with '/' or '!/'\n'/b': rule is a duplicate; rules must be unique\n'!/c': rule is a duplicate; rules must be unique"},
	} {
		if got, _ := runWorkerFirstProblem(c.rules); got != c.want {
			t.Errorf("%.60q:\n got %q\nwant %q", c.rules, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{"nmae", "name"}, {"compatibility-date", "compatibility_date"}, {"compatability_flag", "compatibility_flags"},
		{"KV_NAMESPACES", "kv_namespaces"}, {"durable_object", "durable_objects"}, {"r2_bucket", "r2_buckets"},
		{"xyzzy", ""}, {"", ""}, {strings.Repeat("name", 100), ""}, {"cron", ""}, {"d1_database", "d1_databases"},
	} {
		if got := nearest.Word(c.got, topNames); got != c.want {
			t.Errorf("nearest.Word(%q) = %q, want %q", c.got, got, c.want)
		}
	}
	if d := nearest.Distance("ab", "ba"); d != 1 {
		t.Errorf("a swap costs %d", d)
	}
}

// TestKeyTable guards the table that documentation is generated from.
func TestKeyTable(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		if seen[k.Name] {
			t.Errorf("%s is listed twice", k.Name)
		}
		seen[k.Name] = true
		if k.Type == "" {
			t.Errorf("%s has no type", k.Name)
		}
		if k.Local != Used && k.Note == "" {
			t.Errorf("%s is %s without a note", k.Name, k.Local)
		}
		if k.Local == Refused && k.Product == "" {
			t.Errorf("%s is refused without a product name", k.Name)
		}
	}
	// Every class and status appears with its name.
	if got := fmt.Sprint(TopLevel, Inheritable, NotInheritable, Used, IgnoredLocally, Refused, Removed); got != "top level only inheritable not inheritable used ignored refused removed" {
		t.Error(got)
	}
	if n := len(seen); n < 85 {
		t.Errorf("only %d keys", n)
	}
}

// TestSyntaxesAgree loads the same settings from both syntaxes.
func TestSyntaxesAgree(t *testing.T) {
	dir := tree(t, map[string]string{
		"main.js":       "",
		"wrangler.json": `{"name": "a", "main": "main.js", "compatibility_date": "2026-01-01", "vars": {"A": "x", "B": [1, {"c": 2.5}]}, "queues": {"producers": [{"binding": "Q"}]}, "env": {"p": {"routes": ["a.com/*"]}}}`,
		"wrangler.toml": "name = 'a'\nmain = 'main.js'\ncompatibility_date = '2026-01-01'\n[vars]\nA = 'x'\nB = [1, {c = 2.5}]\n[[queues.producers]]\nbinding = 'Q'\n[env.p]\nroutes = ['a.com/*']\n",
	})
	var texts []string
	for _, name := range []string{"wrangler.json", "wrangler.toml"} {
		c, diags := Load(filepath.Join(dir, name), LoadOptions{Env: "p"})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		c.Vars = append(c.Vars, Var{}) // prune keeps the list either way
		texts = append(texts, stripPositions(dump(t, c)))
		if got := AllEnvironments(filepath.Join(dir, name)); !slices.Equal(got, []string{"p"}) {
			t.Errorf("%s: environments %v", name, got)
		}
	}
	if texts[0] != texts[1] {
		t.Errorf("differ:\n%s\n%s", texts[0], texts[1])
	}
}

func stripPositions(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		if !strings.Contains(line, "wrangler.") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// TestOverrides checks what command-line flags replace.
func TestOverrides(t *testing.T) {
	dir := tree(t, map[string]string{
		"a.js": "", "b.js": "", "site/x": "",
		"wrangler.json": `{"name": "a", "main": "a.js", "compatibility_date": "2026-01-01", "compatibility_flags": ["x"], "routes": ["a.com/*"]}`,
	})
	c, diags := Load(filepath.Join(dir, "wrangler.json"), LoadOptions{
		Name: "b", Main: "b.js", AssetsDir: "site", Cwd: dir, CompatibilityDate: "2026-02-02", CompatibilityFlags: []string{}, Routes: []string{"b.com/*"},
	})
	if len(diags) != 0 {
		t.Fatal(diags.Error())
	}
	if c.Name != "b" || c.Main != filepath.Join(dir, "b.js") || c.Assets == nil || c.Assets.Directory != filepath.Join(dir, "site") ||
		c.CompatibilityDate != "2026-02-02" || len(c.CompatibilityFlags) != 0 || len(c.Routes) != 1 || c.Routes[0].Pattern != "b.com/*" {
		t.Errorf("%+v", c)
	}
}

// TestObjectClasses follows a history of migrations.
func TestObjectClasses(t *testing.T) {
	c := &Config{
		Migrations: []Migration{
			{NewClasses: []string{"Old", "Gone"}},
			{NewSQLiteClasses: []string{"New"}, RenamedClasses: []RenamedClass{{"Old", "Older"}, {"None", "Nobody"}}, DeletedClasses: []string{"Gone"}},
		},
		Exports: []Export{{Name: "E", Type: "durable-object", Storage: "sqlite"}, {Name: "D", Type: "durable-object", State: "deleted"}, {Name: "W", Type: "worker"}},
	}
	got := c.ObjectClasses()
	want := map[string]bool{"Older": false, "New": true, "E": true}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestRoutingVectors runs the shared vectors that one file alone decides.
func TestRoutingVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID    string
		World struct {
			Workers []map[string]any
		}
		Expect struct {
			Diagnostics []struct {
				Code, Severity, Message string
				MessageContains         []string `json:"message_contains"`
			}
			NoOtherErrors bool                       `json:"no_other_errors"`
			Effective     map[string]map[string]bool `json:"effective"`
		}
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			var all diag.List
			for _, w := range v.World.Workers {
				c, diags := loadVector(t, w)
				all = append(all, diags...)
				if e, ok := v.Expect.Effective[c.Name]; ok {
					if want, ok := e["workers_dev"]; ok && c.WorkersDevEnabled() != want {
						t.Errorf("%s: workers_dev %v", c.Name, !want)
					}
					if want, ok := e["preview_urls"]; ok && c.PreviewURLsEnabled() != want {
						t.Errorf("%s: preview_urls %v", c.Name, !want)
					}
				}
			}
			expected := map[string]bool{}
			for _, want := range v.Expect.Diagnostics {
				expected[want.Code] = true
				i := slices.IndexFunc(all, func(d diag.Diagnostic) bool { return d.Code == want.Code })
				if i < 0 {
					t.Fatalf("no %s in %v", want.Code, all)
				}
				d := all[i]
				if d.Severity.String() != want.Severity || want.Message != "" && d.Message != want.Message {
					t.Errorf("got %s %q, want %s %q", d.Severity, d.Message, want.Severity, want.Message)
				}
				for _, part := range want.MessageContains {
					if !strings.Contains(d.Message, part) {
						t.Errorf("%q lacks %q", d.Message, part)
					}
				}
			}
			for _, d := range all {
				if v.Expect.NoOtherErrors && d.Severity == diag.Error && !expected[d.Code] {
					t.Errorf("unexpected %v", d)
				}
			}
		})
	}
}

// loadVector writes one Worker of a vector as a project and loads it.
func loadVector(t *testing.T, w map[string]any) (*Config, diag.List) {
	t.Helper()
	dir := tree(t, map[string]string{"index.js": "", "assets/index.html": ""})
	env, _ := w["select_env"].(string)
	delete(w, "select_env")
	if main, ok := w["main"]; !ok {
		w["main"] = "index.js"
	} else if main == nil {
		delete(w, "main")
	}
	w["compatibility_date"] = "2026-01-01"
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "wrangler.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	c, diags := Load(path, LoadOptions{Env: env})
	if c == nil {
		t.Fatal(diags)
	}
	return c, diags
}

// goldenConfig is the file of the golden test for every common key.
func goldenConfig(tb testing.TB, name, inner string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, ok := bytes.Cut(data, []byte("-- "+inner+" --\n"))
	if !ok {
		tb.Fatalf("no %s in %s", inner, name)
	}
	text, _, _ := bytes.Cut(rest, []byte("\n-- "))
	return text
}

func fuzzResolve(t *testing.T, name, text string) {
	f, diags := Parse(name, []byte(text))
	if (f == nil) != diags.HasErrors() {
		t.Fatalf("file %v with %v", f, diags)
	}
	if f == nil {
		return
	}
	lines := strings.Count(text, "\n") + 1
	for _, env := range append([]string{"", "no-such"}, f.Environments()...) {
		cfg, diags := f.resolve(env, LoadOptions{NoVarFiles: true})
		if cfg == nil {
			t.Fatal("no config")
		}
		for _, d := range diags {
			if d.Pos.Line < 0 || d.Pos.Line > lines || d.Code == "" || d.Message == "" {
				t.Errorf("bad diagnostic %+v", d)
			}
		}
		if _, err := json.Marshal(cfg); err != nil {
			t.Errorf("the config has invalid JSON inside: %v", err)
		}
	}
}

func FuzzJSONC(f *testing.F) {
	f.Add(string(goldenConfig(f, "ordinary_jsonc.txtar", "wrangler.jsonc")))
	f.Add(string(goldenConfig(f, "wrong_types.txtar", "wrangler.jsonc")))
	f.Add(string(goldenConfig(f, "env_partial.txtar", "wrangler.jsonc")))
	f.Add(string(goldenConfig(f, "exports.txtar", "wrangler.jsonc")))
	for _, s := range []string{"", "{", "[]", "null", "{}", `{"env": {"a": null}}`, `{"vars": {"x": 1e999}}`, "\ufeff{}", `{"a": "\ud800"}`, `{"routes": [{}]}`, strings.Repeat("[", 5000), `{"env":{"a":{"vars":3}},"vars":{"":1}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { fuzzResolve(t, "wrangler.jsonc", text) })
}

func FuzzTOML(f *testing.F) {
	f.Add(string(goldenConfig(f, "ordinary_toml.txtar", "wrangler.toml")))
	f.Add(string(goldenConfig(f, "wrong_types_toml.txtar", "wrangler.toml")))
	for _, s := range []string{"", "a", "a=1", "[a", "[[a]]\n[a.b]\nc=1", "a.b.c=1\na.b.d=2", "vars={a=inf,b=nan,c=-0x1,d=1_0}", "x=1979-05-27T07:32:00Z", strings.Repeat("a=[", 3000), "[env.a.vars]\nx=0o7\ny=0b1\nz=+1e3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { fuzzResolve(t, "wrangler.toml", text) })
}

func BenchmarkLoad(b *testing.B) {
	for _, c := range []struct{ name, archive, file string }{
		{"jsonc", "ordinary_jsonc.txtar", "wrangler.jsonc"},
		{"toml", "ordinary_toml.txtar", "wrangler.toml"},
	} {
		b.Run(c.name, func(b *testing.B) {
			dir := b.TempDir()
			path := filepath.Join(dir, c.file)
			for name, text := range map[string][]byte{path: goldenConfig(b, c.archive, c.file), filepath.Join(dir, ".dev.vars"): []byte("A=1\nB='x y'\n")} {
				if err := os.WriteFile(name, text, 0o644); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if cfg, _ := Load(path, LoadOptions{}); cfg == nil {
					b.Fatal("no config")
				}
			}
		})
	}
}
