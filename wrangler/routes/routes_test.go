package routes

import (
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/wrangler/config"
)

// A written "custom_domain": false is seen in every way a route can be
// written, and only there.
func TestWorldSeesCustomDomainFalse(t *testing.T) {
	head := "name = \"a\"\nmain = \"index.js\"\ncompatibility_date = \"2026-01-01\"\n"
	for _, c := range []struct {
		name, file, text string
		want             bool
	}{
		{"string", "wrangler.jsonc", `{"name": "a", "main": "index.js", "routes": ["x.example.com"]}`, false},
		{"object", "wrangler.jsonc", `{"name": "a", "main": "index.js", "routes": [{"pattern": "x.example.com", "custom_domain": false}]}`, true},
		{"single object", "wrangler.jsonc", "{\"name\": \"a\", \"main\": \"index.js\", \"route\": \n {\"pattern\": \"x.example.com\", \"custom_domain\": false}}", true},
		{"object with a zone", "wrangler.jsonc", `{"name": "a", "main": "index.js", "routes": [{"pattern": "x.example.com", "zone_name": "example.com"}]}`, false},
		{"TOML string", "wrangler.toml", head + `routes = ["x.example.com"]`, false},
		{"TOML literal string", "wrangler.toml", head + `routes = ['x.example.com']`, false},
		{"TOML inline table", "wrangler.toml", head + `routes = [{ pattern = "x.example.com", custom_domain = false }]`, true},
		{"TOML table", "wrangler.toml", head + "[[routes]]\npattern = \"x.example.com\"\ncustom_domain = false\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "index.js"), "")
			write(t, filepath.Join(dir, c.file), c.text)
			cfg, diags := config.Load(filepath.Join(dir, c.file), config.LoadOptions{NoVarFiles: true})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			w := World([]*config.Config{cfg}, Account{})
			if len(w.Workers) != 1 || len(w.Workers[0].Routes) != 1 {
				t.Fatalf("%+v", w)
			}
			if r := w.Workers[0].Routes[0]; r.CustomDomainOff != c.want {
				t.Errorf("%+v", r)
			}
		})
	}
}
