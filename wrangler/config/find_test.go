package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes empty configurations (or the given texts) below a new directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string
		from  string
		want  string
	}{
		{"here", []string{"wrangler.toml"}, ".", "wrangler.toml"},
		{"upward", []string{"wrangler.jsonc", "a/b/x"}, "a/b", "wrangler.jsonc"},
		{"json before jsonc", []string{"wrangler.jsonc", "wrangler.json", "wrangler.toml"}, ".", "wrangler.json"},
		{"the name outranks the distance", []string{"wrangler.json", "a/wrangler.jsonc"}, "a", "wrangler.json"},
		{"jsonc far up outranks toml here", []string{"wrangler.jsonc", "a/wrangler.toml"}, "a", "wrangler.jsonc"},
		{"nothing", []string{"a/wrangler.json"}, ".", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for _, f := range c.files {
				files[f] = "{}"
			}
			dir := tree(t, files)
			loc, err := Find(filepath.Join(dir, c.from))
			if c.want == "" {
				if !errors.Is(err, ErrNotFound) {
					t.Fatalf("error %v, want ErrNotFound", err)
				}
				return
			}
			want := filepath.Join(dir, c.want)
			if err != nil || loc.Path != want || loc.UserPath != want || loc.Redirected() {
				t.Errorf("got %+v, %v; want %s", loc, err, want)
			}
		})
	}
}

func TestFindWorkspace(t *testing.T) {
	dir := tree(t, map[string]string{
		"b/wrangler.jsonc":                        "{}",
		"a/wrangler.toml":                         "",
		"a/wrangler.json":                         "{}",
		"a/nested/wrangler.jsonc":                 "{}",
		"c/node_modules/x/wrangler.json":          "{}",
		"c/dist/wrangler.json":                    "{}",
		"c/.hidden/wrangler.json":                 "{}",
		"1/2/3/4/5/6/wrangler.json":               "{}",
		"1/2/3/4/5/6/7/wrangler.json":             "{}",
		"built/wrangler.jsonc":                    "{}",
		"built/.wrangler/deploy/config.json":      `{"configPath": "../../dist/wrangler.json"}`,
		"built/dist/wrangler.json":                "{}",
		"only-redirect/.wrangler/deploy/config.x": "",
	})
	got, err := FindWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range got {
		rel, _ := filepath.Rel(dir, l.Path)
		names = append(names, filepath.ToSlash(rel))
	}
	want := []string{"1/2/3/4/5/6/wrangler.json", "a/nested/wrangler.jsonc", "a/wrangler.json", "b/wrangler.jsonc", "built/dist/wrangler.json"}
	if !slices.Equal(names, want) {
		t.Errorf("found %v, want %v", names, want)
	}
	one, err := FindWorkspace(filepath.Join(dir, "b"))
	if err != nil || len(one) != 1 || one[0].Path != filepath.Join(dir, "b/wrangler.jsonc") {
		t.Errorf("inside a Worker: %v, %v", one, err)
	}
	_, err = FindWorkspace(filepath.Join(dir, "only-redirect"))
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "folders below") {
		t.Errorf("empty folder: %v", err)
	}
}

func TestRedirectElsewhere(t *testing.T) {
	dir := tree(t, map[string]string{
		"wrangler.jsonc":                    "{}",
		"a/.wrangler/deploy/config.json":    `{"configPath": "x.json"}`,
		"a/.wrangler/deploy/x.json":         "{}",
		"bare/.wrangler/deploy/config.json": `{}`,
		"bare/wrangler.json":                `{}`,
	})
	if _, err := Find(filepath.Join(dir, "a")); err == nil || !strings.Contains(err.Error(), "do not share the same base path") {
		t.Errorf("different bases: %v", err)
	}
	if _, err := Find(filepath.Join(dir, "bare")); err == nil || !strings.Contains(err.Error(), `"configPath" property was not found`) {
		t.Errorf("no configPath: %v", err)
	}
}
