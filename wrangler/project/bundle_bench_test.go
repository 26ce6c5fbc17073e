package project

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/bundle"
)

// vendors come to more than four megabytes in one worker, twice a large one.
var vendors = []string{"zod", "zod3", "lodash", "date-fns", "react", "react-dom/server", "react-router", "graphql", "graphql-yoga", "drizzle-orm/pg-core",
	"drizzle-orm/mysql-core", "drizzle-orm/sqlite-core", "drizzle-orm/d1", "yjs", "hono", "hono/jsx", "@hono/zod-openapi", "chanfana", "jose", "marked", "valibot",
	"superjson", "@trpc/server", "svelte", "svelte/internal/server", "preact-render-to-string", "@modelcontextprotocol/sdk/server/mcp.js", "@modelcontextprotocol/sdk/client/index.js"}

// BenchmarkLargeBundle builds and compiles a worker made of npm packages, those
// that "make packages" installs, and does so again after an edit of its own file:
//
//	go test ./wrangler/project -run '^$' -bench LargeBundle
func BenchmarkLargeBundle(b *testing.B) {
	packages, err := filepath.Abs(filepath.Join("..", "..", "testdata", "apps", "packages"))
	if err != nil {
		b.Fatal(err)
	}
	if dir := os.Getenv("PACKAGES"); dir != "" {
		packages = dir
	}
	if _, err := os.Stat(filepath.Join(packages, "node_modules")); err != nil {
		b.Skip("needs the packages of testdata/apps/packages: make packages")
	}
	dir := b.TempDir()
	if err := os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		b.Fatal(err)
	}
	var entry strings.Builder
	names := make([]string, len(vendors))
	for i, v := range vendors {
		names[i] = fmt.Sprintf("v%d", i)
		fmt.Fprintf(&entry, "import * as %s from %q;\n", names[i], v)
	}
	fmt.Fprintf(&entry, "import {edited} from \"./edited\";\nexport default { fetch(r) { return new Response(edited + Object.keys([%s][r.cf.n]).length) } };\n", strings.Join(names, ", "))
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	write("index.ts", entry.String())
	write("edited.ts", "export const edited = 0;\n")
	builder, err := bundle.New(bundle.Options{Dir: dir, Entry: "index.ts", NodeCompat: true, Getenv: func(string) string { return "" }})
	if err != nil {
		b.Fatal(err)
	}
	defer builder.Dispose()
	build := func(b *testing.B) *bundle.Bundle {
		out, list := builder.Build(b.Context())
		if out == nil {
			b.Fatal(list.Error())
		}
		return out
	}
	b.Run("build", func(b *testing.B) {
		for range b.N {
			b.ReportMetric(float64(len(build(b).Script))/1e6, "MB")
		}
	})
	b.Run("edit", func(b *testing.B) {
		for i := range b.N {
			write("edited.ts", fmt.Sprintf("export const edited = %d;\n", i+1))
			build(b)
		}
	})
	script := string(build(b).Script)
	b.Run("compile", func(b *testing.B) {
		b.SetBytes(int64(len(script)))
		b.ReportAllocs()
		for range b.N {
			if _, err := jsg.Compile("bundle.js", script); err != nil {
				b.Fatal(err)
			}
		}
	})
}
