package vitest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		glob, path string
		want       bool
	}{
		{defaultInclude[0], "a.test.ts", true}, {defaultInclude[0], "x/y/a.spec.mts", true}, {defaultInclude[0], "a.test.cjsx", true},
		{defaultInclude[0], "a.test.json", false}, {defaultInclude[0], "test.ts", false}, {defaultInclude[0], "a.tests.ts", false},
		{"src/*.ts", "src/a.ts", true}, {"src/*.ts", "src/a/b.ts", false}, {"**/*.[jt]s", "a/b.js", true}, {"a?.ts", "ab.ts", true},
		{"{a,b}/**", "b/c/d", true}, {"{a,b}/**", "c/d", false}, {"**/node_modules/**", "x/node_modules/y/z.ts", true}, {"+(a|b).ts", "abab.ts", true},
	} {
		if got := regexp.MustCompile(globPattern(c.glob)).MatchString(c.path); got != c.want {
			t.Errorf("%s on %s: %v", c.glob, c.path, got)
		}
	}
}

func TestShards(t *testing.T) {
	var files []string
	for _, n := range strings.Split("abcdefghijk", "") {
		files = append(files, "/root/"+n+".test.ts")
	}
	seen := map[string]int{}
	for i := 1; i <= 4; i++ {
		part := shard(files, "/root", i, 4)
		if len(part) < 2 || len(part) > 3 {
			t.Errorf("part %d has %d files", i, len(part))
		}
		for _, f := range part {
			seen[f]++
		}
	}
	if len(seen) != len(files) {
		t.Errorf("%d of %d files run", len(seen), len(files))
	}
}

// A configuration that needs Node is not used, and what it sets is named.
func TestConfigNotice(t *testing.T) {
	dir := t.TempDir()
	var out strings.Builder
	o := Options{Root: dir, Out: &out}
	if err := o.useConfig(t.Context(), t.TempDir()); err != nil || out.Len() > 0 {
		t.Error(err, out.String())
	}
	text := `import some from "some-plugin";
export default defineWorkersConfig({ test: { globals: true, globalSetup: "./x.ts", poolOptions: { workers: { wrangler: { configPath: "./w.jsonc" } } } } });`
	if err := os.WriteFile(filepath.Join(dir, "vitest.config.ts"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := o.useConfig(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{`vitest.config.ts is not used: it imports "some-plugin", which needs Node`, "globals (--globals)", "configPath (-c FILE)", "ignored: globalSetup"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
