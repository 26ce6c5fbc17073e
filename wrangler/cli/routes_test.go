package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRoutesExitCodes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	writeFile(t, "index.js", "")
	writeFile(t, "clean.jsonc", `{"name": "a", "main": "index.js", "compatibility_date": "2026-01-01", "routes": ["a.example.com/*"]}`)
	writeFile(t, "other.jsonc", `{"name": "b", "main": "index.js", "compatibility_date": "2026-01-01", "routes": ["a.example.com/*"]}`)
	writeFile(t, "under.jsonc", `{"name": "c", "main": "index.js", "compatibility_date": "2026-01-01", "routes": ["a.example.com/b/*"]}`)
	writeFile(t, "broken.jsonc", `{`)
	writeFile(t, "baseline.json", `{"version": 2}`)
	for _, c := range []struct {
		args string
		code int
	}{
		{"lint -c clean.jsonc", 0},
		{"lint -c clean.jsonc -c other.jsonc", 1},
		{"lint -c clean.jsonc -c under.jsonc", 0},
		{"lint -c clean.jsonc -c under.jsonc --severity info", 1},
		{"lint -c broken.jsonc", 2},
		{"lint -c missing.jsonc", 2},
		{"lint -c clean.jsonc --format xml", 2},
		{"lint -c clean.jsonc --severity fatal", 2},
		{"lint -c clean.jsonc --show fatal", 2},
		{"lint -c clean.jsonc --baseline baseline.json", 2},
		{"lint -c clean.jsonc --baseline missing.json", 2},
		{"lint -c clean.jsonc --update-baseline", 2},
		{"lint -c clean.jsonc --bogus", 2},
		{"lint -c clean.jsonc extra", 2},
		{"lint --cwd missing", 2},
		{"explain -c clean.jsonc", 1},
		{"explain -c clean.jsonc https://a.example.com/", 0},
		{"explain -c clean.jsonc mailto:x", 2},
		{"explain -c broken.jsonc https://a.example.com/", 2},
		{"coverage -c clean.jsonc", 0},
		{"-c clean.jsonc -e x --all-envs", 2},
	} {
		var out, errs bytes.Buffer
		code := Main(append([]string{"routes"}, strings.Fields(c.args)...), &out, &errs)
		if code != c.code {
			t.Errorf("routes %s: exit code %d, want %d\n%s%s", c.args, code, c.code, out.String(), errs.String())
		}
		if code == 2 && errs.Len() == 0 {
			t.Errorf("routes %s: no message", c.args)
		}
	}
}

// Lint must be quick enough for a commit hook.
func TestLintManyFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const workers, envs = 60, 5
	for i := range workers {
		name := fmt.Sprintf("w%d", i)
		var env strings.Builder
		for e := range envs {
			fmt.Fprintf(&env, `"e%d": {"routes": ["e%d.example.com/%s/*", "e%d.example.com/%s"]},`, e, e, name, e, name)
		}
		writeFile(t, filepath.Join(name, "index.js"), "")
		writeFile(t, filepath.Join(name, ".dev.vars"), "this is not = read")
		writeFile(t, filepath.Join(name, "wrangler.jsonc"), fmt.Sprintf(
			`{"name": %q, "main": "index.js", "compatibility_date": "2026-01-01", "routes": ["example.com/%s/*"], "env": {%s}}`, name, name, env.String()))
	}
	var out, errs bytes.Buffer
	start := time.Now()
	if code := Main([]string{"routes", "lint"}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("lint of %d workers with %d environments took %v", workers, envs, d)
	} else {
		t.Logf("lint of %d workers with %d environments: %v", workers, envs, d)
	}
}

func BenchmarkLint(b *testing.B) {
	dir := b.TempDir()
	b.Chdir(dir)
	for i := range 20 {
		name := fmt.Sprintf("w%d", i)
		if err := os.MkdirAll(name, 0o755); err != nil {
			b.Fatal(err)
		}
		text := fmt.Sprintf(`{"name": %q, "compatibility_date": "2026-01-01", "main": "i.js", "routes": ["example.com/%s/*", "example.com/%s"]}`, name, name, name)
		if err := os.WriteFile(filepath.Join(name, "wrangler.jsonc"), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var out bytes.Buffer
		Main([]string{"routes", "lint"}, &out, &out)
	}
}
