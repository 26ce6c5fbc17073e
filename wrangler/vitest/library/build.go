//go:build ignore

// Command build makes vitest.js and LICENSES.txt of the packages that
// package-lock.json pins. The result depends on nothing else:
//
//	npm ci --omit=peer --omit=optional && go run build.go
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/wrangler/bundle"
)

func main() {
	dir, err := os.Getwd()
	if err != nil {
		log.Fatal(err)
	}
	b, err := bundle.New(bundle.Options{
		Entry: "src/index.js", Dir: dir, NodeEnv: "production", Conditions: []string{"import"}, Format: bundle.FormatModules, Minify: true,
		Alias: map[string]string{
			"@vitest/utils/source-map": filepath.Join(dir, "src/source-map.js"),
			"vite/module-runner":       filepath.Join(dir, "src/module-runner.js"),
		},
		Define: map[string]string{"Object.getOwnPropertySymbols": "globalThis.__vitest_symbols__"},
		RegExp: bundle.RegExpProperties | bundle.RegExpSets | bundle.RegExpIndices,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer b.Dispose()
	out, diags := b.Build(context.Background())
	if out == nil {
		log.Fatal(diags.Error())
	}
	if len(out.Externals) > 0 {
		log.Fatalf("needs modules of the runtime: %v", out.Externals)
	}
	// Workers cannot make code from strings; the host evaluates snapshot files.
	write("vitest.js", evaluated.ReplaceAllString(string(out.Script), "globalThis.__vitest_worker__.host.populate($1)")+"\n")
	write("LICENSES.txt", licences(out.Inputs))
}

var evaluated = regexp.MustCompile(`new Function\("exports",(\w+)\)`)

func write(name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
}

// licences are the texts of every package that is in the script.
func licences(inputs []string) string {
	packages := map[string]string{} // name to folder
	for _, f := range inputs {
		_, rest, ok := strings.Cut(filepath.ToSlash(f), "/node_modules/")
		if !ok {
			continue
		}
		parts := strings.Split(rest, "/")
		n := 1
		if strings.HasPrefix(parts[0], "@") {
			n = 2
		}
		name := strings.Join(parts[:n], "/")
		packages[name] = filepath.Join("node_modules", filepath.FromSlash(name))
	}
	var names []string
	for name := range packages {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	var text strings.Builder
	text.WriteString("vitest.js is built from these packages.\n")
	for _, name := range names {
		found, err := filepath.Glob(filepath.Join(packages[name], "[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*"))
		if err != nil || len(found) == 0 {
			log.Fatalf("%s has no licence text", name)
		}
		data, err := os.ReadFile(found[0])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Fprintf(&text, "\n%s\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), name, strings.Repeat("=", 78), strings.TrimSpace(strings.ReplaceAll(string(data), "\r\n", "\n")))
	}
	return text.String()
}
