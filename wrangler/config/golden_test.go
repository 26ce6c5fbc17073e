package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden loads each archive in testdata and compares diagnostics and the
// resolved Config with its last file, "want". The comment of the archive may hold
// lines of the form "key: value": file, env, env-file, var, environ, now, all.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runGolden(t, file)
		})
	}
}

func runGolden(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want := ""
	for _, f := range ar.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.ReplaceAll(goldenOutput(t, dir, string(ar.Comment)), dir, "$DIR")
	if *update {
		ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
		ar.Files = append(ar.Files, txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("output differs; run with -update to accept\n--- got\n%s\n--- want\n%s", got, want)
	}
}

// goldenOutput loads as the directives say.
func goldenOutput(t *testing.T, dir, comment string) string {
	opts := LoadOptions{Vars: map[string]string{}, DefaultDate: "2026-11-01"}
	environ := map[string]string{}
	file, all := "", false
	for line := range strings.Lines(comment) {
		key, val, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		k, v, _ := strings.Cut(val, "=")
		switch key {
		case "file":
			file = filepath.Join(dir, val)
		case "env":
			opts.Env = val
		case "env-file":
			opts.EnvFiles = append(opts.EnvFiles, val)
		case "var":
			opts.Vars[k] = v
		case "environ":
			environ[k] = v
		case "all":
			all = val == "true"
		case "now":
			now, err := time.Parse(time.DateOnly, val)
			if err != nil {
				t.Fatal(err)
			}
			opts.Now = now
		}
	}
	opts.Environ = func(name string) (string, bool) { v, ok := environ[name]; return v, ok }
	opts.EnvironNames = func() []string { return slices.Collect(maps.Keys(environ)) }
	var b strings.Builder
	if all {
		cfgs, diags := LoadAll(file, opts)
		for _, d := range diags {
			fmt.Fprintln(&b, d.Error())
		}
		for _, c := range cfgs {
			fmt.Fprintf(&b, "%q %s\n", c.Env, c.Name)
		}
		return b.String()
	}
	loc := Location{Path: file, UserPath: file}
	if file == "" {
		var err error
		if loc, err = Find(dir); err != nil {
			return err.Error() + "\n"
		}
	}
	cfg, diags := loc.Load(opts)
	for _, d := range diags {
		fmt.Fprintln(&b, d.Error())
	}
	b.WriteString(dump(t, cfg))
	return b.String()
}

// dump writes what is set in a Config, positions as one string.
func dump(t *testing.T, cfg *Config) string {
	if cfg == nil {
		return "no config\n"
	}
	raw, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	m := prune(tree).(map[string]any)
	// What most files share is noise; only what differs from it is shown.
	if m["UserDir"] == m["Dir"] {
		delete(m, "UserDir")
	}
	if m["TopLevelName"] == m["Name"] {
		delete(m, "TopLevelName")
	}
	if m["JSXFactory"] == "React.createElement" && m["JSXFragment"] == "React.Fragment" {
		delete(m, "JSXFactory")
		delete(m, "JSXFragment")
	}
	if cfg.KeepNames {
		delete(m, "KeepNames")
	}
	if slices.Equal(cfg.PythonExclude, []string{"**/*.pyc"}) {
		delete(m, "PythonExclude")
	}
	if cfg.BaseDir == filepath.Dir(cfg.Main) {
		delete(m, "BaseDir")
	}
	if cfg.EnvFiles == nil {
		delete(m, "WatchFiles")
	}
	if dev, ok := m["Dev"].(map[string]any); ok && len(dev) == 1 && cfg.Dev.EnableContainers {
		delete(m, "Dev")
	}
	delete(m, "Path")
	delete(m, "Dir")
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// prune drops zero values and shortens positions.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if file, ok := v["file"].(string); ok && len(v) <= 3 {
			if file == "" {
				return nil
			}
			return fmt.Sprintf("%s:%v:%v", filepath.Base(file), v["line"], v["col"])
		}
		for k, e := range v {
			if p := prune(e); p == nil && k != "JSON" {
				delete(v, k)
			} else {
				v[k] = p
			}
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = prune(v[i])
		}
		return v
	case string:
		if v == "" {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	}
	return v
}
