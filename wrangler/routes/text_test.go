package routes

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/text")

// TestText runs testdata/text/*.txtar. The comment of an archive holds one
// command per line: print, print-json, explain or explain-json [METHOD] URL, lint FORMAT [SEVERITY]. The
// output of the first command is the file out1, and so on; every other file is
// written to disk, and each wrangler.jsonc is one Worker, in order.
func TestText(t *testing.T) {
	files, err := filepath.Glob("testdata/text/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) { runText(t, f) })
	}
}

func runText(t *testing.T, path string) {
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	var sources []Source
	var inputs []txtar.File
	want := map[string]string{}
	for _, f := range ar.Files {
		if strings.HasPrefix(f.Name, "out") {
			want[f.Name] = string(f.Data)
			continue
		}
		inputs = append(inputs, f)
		write(t, filepath.Join(root, f.Name), string(f.Data))
	}
	for _, f := range inputs {
		if filepath.Base(f.Name) == "wrangler.jsonc" {
			c, diags := config.Load(filepath.Join(root, f.Name), config.LoadOptions{NoVarFiles: true})
			if c == nil {
				t.Fatal(diags)
			}
			sources = append(sources, Source{Config: c, Diags: diags})
		}
	}
	var outs []txtar.File
	for line := range strings.Lines(string(ar.Comment)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name := fmt.Sprintf("out%d", len(outs)+1)
		got := runCommand(t, line, sources, root)
		outs = append(outs, txtar.File{Name: name, Data: []byte(got)})
		if !*update && got != want[name] {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", line, got, want[name])
		}
	}
	if *update {
		ar.Files = append(inputs, outs...)
		write(t, path, string(txtar.Format(ar)))
	}
}

func runCommand(t *testing.T, line string, sources []Source, root string) string {
	t.Helper()
	var configs []*config.Config
	for _, s := range sources {
		configs = append(configs, s.Config)
	}
	table := Table(configs, Account{Zones: []string{"example.com"}, WorkersDevSubdomain: "acme"})
	args := strings.Fields(line)
	var b bytes.Buffer
	var err error
	switch args[0] {
	case "print":
		err = Print(&b, table, root)
	case "print-json":
		err = PrintJSON(&b, table, root)
	case "explain", "explain-json":
		req := &wire.Request{Method: "GET", URL: args[len(args)-1], Header: http.Header{}}
		if len(args) > 2 {
			req.Method = args[1]
		}
		var a Answer
		if a, _, err = Explain(table, configs, req, routing.ExplainOptions{}); err == nil {
			write := ExplainText
			if args[0] == "explain-json" {
				write = ExplainJSON
			}
			err = write(&b, a, root)
		}
	case "lint":
		o := LintOptions{Root: root, Version: "test", FailOn: diag.Error}
		if o.Format, err = ParseFormat(args[1]); err == nil && len(args) > 2 {
			o.Show, err = ParseSeverity(args[2])
		}
		if err == nil {
			_, err = LintRun(&b, table, sources, o)
		}
	default:
		err = errors.New("no such command")
	}
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return b.String()
}

func lintProject(t *testing.T) (*routing.Table, []Source) {
	t.Helper()
	dir := t.TempDir()
	var sources []Source
	var configs []*config.Config
	for i, routes := range []string{`["example.com/i/*", "example.com/*"]`, `["example.com/i*", "example.com/?"]`} {
		name := string(rune('a' + i))
		write(t, filepath.Join(dir, name, "index.js"), "")
		path := filepath.Join(dir, name, "wrangler.jsonc")
		write(t, path, fmt.Sprintf(`{"name": %q, "main": "index.js", "compatibility_date": "2026-01-01", "routes": %s}`, name, routes))
		c, diags := config.Load(path, config.LoadOptions{NoVarFiles: true})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		configs = append(configs, c)
		sources = append(sources, Source{Config: c, Diags: diags})
	}
	return Table(configs, Account{}), sources
}

func TestLintThresholdAndCounts(t *testing.T) {
	table, sources := lintProject(t)
	for _, c := range []struct {
		show, fail diag.Severity
		lines      int
		failed     bool
	}{
		{diag.Info, diag.Error, 3, true},
		{diag.Warning, diag.Warning, 2, true},
		{diag.Error, diag.Info, 1, true},
	} {
		var b bytes.Buffer
		res, err := LintRun(&b, table, sources, LintOptions{Format: GitHub, Show: c.show, FailOn: c.fail})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "\n"); n != c.lines || res.Failed != c.failed || res.Errors != 1 {
			t.Errorf("show %v, fail on %v: %d lines, %+v\n%s", c.show, c.fail, n, res, b.String())
		}
	}
}

func TestBaseline(t *testing.T) {
	table, sources := lintProject(t)
	path := filepath.Join(t.TempDir(), "routes-baseline.json")
	o := LintOptions{Format: JSON, Baseline: path}
	if _, err := LintRun(&bytes.Buffer{}, table, sources, o); err == nil {
		t.Error("a missing baseline was accepted")
	}
	o.UpdateBaseline = true
	res, err := LintRun(&bytes.Buffer{}, table, sources, o)
	if err != nil || res.Accepted != 3 || res.Failed {
		t.Fatalf("%+v %v", res, err)
	}
	o.UpdateBaseline = false
	var b bytes.Buffer
	res, err = LintRun(&b, table, sources, o)
	if err != nil || res.Failed || res.Accepted != 3 || len(res.Stale) > 0 {
		t.Fatalf("%+v %v", res, err)
	}
	var out struct {
		Findings []any
		Accepted int
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil || out.Findings == nil || len(out.Findings) != 0 || out.Accepted != 3 {
		t.Errorf("%v: %s", err, b.String())
	}
	write(t, path, `{"version": 1, "accepted": ["route_unreachable example.com/i/* a,b", "route_overlap gone a,b"]}`)
	res, err = LintRun(&b, table, sources, o)
	if err != nil || !res.Failed || res.Accepted != 1 || len(res.Stale) != 1 || res.Stale[0] != "route_overlap gone a,b" {
		t.Errorf("%+v %v", res, err)
	}
	for _, text := range []string{`{"version": 2}`, `[`} {
		write(t, path, text)
		if _, err := LintRun(&b, table, sources, o); err == nil {
			t.Errorf("baseline %s was accepted", text)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownFormatAndSeverity(t *testing.T) {
	if _, err := ParseFormat("xml"); err == nil {
		t.Error("format xml was accepted")
	}
	if _, err := ParseSeverity("fatal"); err == nil {
		t.Error("severity fatal was accepted")
	}
}

func TestEmptyProjectPrints(t *testing.T) {
	var b bytes.Buffer
	if err := Print(&b, Table(nil, Account{}), ""); err != nil || b.Len() == 0 {
		t.Errorf("%v %q", err, b.String())
	}
}
