// Package archtest holds the layers of docs/ARCHITECTURE.md as a test: it reads
// the imports of every file and fails on one that goes up, and on packages that
// import what only another may.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/miniworker/miniworker/"

// layers, lowest first. A package may import packages of lower layers; on its
// own layer only what sameLayer allows. The longest matching prefix counts.
var layers = [][]string{
	0: {"internal", "wrangler/config", "runtime/wire", "runtime/routing", "runtime/compat", "runtime/jsg/syntax", "runtime/regexp"},
	1: {"runtime/jsg", "runtime/loop", "runtime/clone"},
	2: {"runtime/isolate", "runtime/iocontext", "runtime/rpc"},
	3: {"runtime/api", "runtime/actor", "runtime/nodecompat", "runtime/polyfill", "internal/testworker"},
	4: {"runtime/worker", "runtime/server", "runtime/api/all"},
	5: {"bindings"},
	6: {"wrangler/progress", "wrangler/bundle", "wrangler/routes", "wrangler/project", "wrangler/control", "wrangler/explorer", "wrangler/envtypes"},
	7: {"wrangler/dev", "wrangler/harness", "wrangler/vitest", "wrangler/cli", "cmd", "internal/apibench", "internal/bench", "internal/conformance", "internal/archtest"},
}

// sameLayer lists the allowed edges inside a layer, from → to, by prefix.
var sameLayer = [][2]string{
	{"internal", "internal"}, {"runtime/routing", "internal"}, {"runtime/compat", "internal"}, {"wrangler/config", "internal"},
	{"runtime/clone", "runtime/jsg"},
	{"runtime/iocontext", "runtime/isolate"}, {"runtime/rpc", "runtime/iocontext"}, {"runtime/rpc", "runtime/isolate"},
	{"runtime/api", "runtime/api"}, {"runtime/actor", "runtime/actor"}, {"runtime/actor", "runtime/api"}, {"runtime/nodecompat", "runtime/api"}, {"runtime/nodecompat", "runtime/nodecompat"},
	{"internal/testworker", "runtime/api"},
	{"runtime/worker", "runtime/api/all"}, {"runtime/server", "runtime/worker"},
	{"bindings", "bindings"},
	{"wrangler/routes", "wrangler/bundle"}, {"wrangler/project", "wrangler/bundle"}, {"wrangler/project", "wrangler/routes"},
	{"wrangler/cli", "wrangler/dev"}, {"wrangler/cli", "wrangler/harness"}, {"wrangler/cli", "wrangler/vitest"}, {"wrangler/vitest", "wrangler/vitest"}, {"cmd", "wrangler/cli"},
}

// onlyFrom lists modules that only one package may import in product code.
var onlyFrom = map[string]string{
	"github.com/dop251/goja":        "runtime/jsg",
	"zombiezen.com/go/sqlite":       "bindings/internal/store",
	"modernc.org/sqlite":            "bindings/internal/store",
	"github.com/evanw/esbuild":      "wrangler/bundle",
	"github.com/tetratelabs/wazero": "runtime/api/wasm",
	"github.com/tailscale/hujson":   "wrangler/config",
	"github.com/chromedp/chromedp":  "internal", // tests of the browser only
}

// imports calls f for each import of each non-test file of the module.
func imports(t *testing.T, f func(file, pkg, path string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == "testdata" || name == "node_modules" || name == "examples" || name != ".." && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		n++
		for _, spec := range parsed.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f(rel, filepath.ToSlash(filepath.Dir(rel)), p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 50 {
		t.Fatalf("only %d files found: the walk is broken", n)
	}
}

func within(pkg, prefix string) bool { return pkg == prefix || strings.HasPrefix(pkg, prefix+"/") }

// layer is the layer of a package, -1 if the table does not know it.
func layer(pkg string) int {
	best, longest := -1, 0
	for i, prefixes := range layers {
		for _, p := range prefixes {
			if within(pkg, p) && len(p) > longest {
				best, longest = i, len(p)
			}
		}
	}
	return best
}

func allowed(from, to string) bool {
	a, b := layer(from), layer(to)
	if b < a {
		return true
	}
	if a != b {
		return false
	}
	for _, e := range sameLayer {
		if within(from, e[0]) && within(to, e[1]) {
			return true
		}
	}
	return false
}

func TestLayers(t *testing.T) {
	imports(t, func(file, pkg, path string) {
		to, ours := strings.CutPrefix(path, module)
		if !ours {
			return
		}
		if layer(pkg) < 0 {
			t.Errorf("%s: the package %s has no layer; add it to the table", file, pkg)
			return
		}
		if !allowed(pkg, to) {
			t.Errorf("%s: %s (layer %d) may not import %s (layer %d)", file, pkg, layer(pkg), to, layer(to))
		}
		if strings.HasPrefix(pkg, "runtime/") && (strings.HasPrefix(to, "bindings") || strings.HasPrefix(to, "wrangler/")) {
			t.Errorf("%s: the runtime may not know %s", file, to)
		}
	})
}

func TestOnlyFrom(t *testing.T) {
	imports(t, func(file, pkg, path string) {
		for mod, owner := range onlyFrom {
			if (path == mod || strings.HasPrefix(path, mod+"/")) && !within(pkg, owner) {
				t.Errorf("%s: only %s may import %s", file, owner, mod)
			}
		}
	})
}

func TestTheTableItself(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"runtime/jsg", "internal/diag", true},
		{"runtime/jsg", "runtime/isolate", false},
		{"runtime/isolate", "runtime/iocontext", false},
		{"runtime/server", "runtime/api/fetch", true},
		{"runtime/api/fetch", "runtime/worker", false},
		{"bindings/r2", "runtime/worker", true},
		{"wrangler/dev", "wrangler/cli", false},
	} {
		if got := allowed(c.from, c.to); got != c.want {
			t.Errorf("allowed(%s, %s) = %v", c.from, c.to, got)
		}
	}
}
