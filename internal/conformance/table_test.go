package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the tables of docs/conformance.md and the README")

// tally counts the answers of some probes, and those that are the same.
type tally struct{ probes, same int }

func (t tally) percent() int { return t.same * 100 / t.probes }

// kinds are the rows of the README's table, with the areas that each sums up.
var kinds = []struct {
	name string
	has  func(dir, area string) bool
}{
	{"npm packages and frameworks", func(dir, _ string) bool { return dir != probes }},
	{"`node:` modules", func(_, area string) bool { return strings.HasPrefix(area, "node_") }},
	{"language, `Intl`, WebAssembly", func(_, area string) bool {
		return area == "wasm" || strings.HasPrefix(area, "language") || strings.HasPrefix(area, "intl")
	}},
	{"storage, Durable Objects, queues, RPC", func(_, area string) bool {
		return slices.Contains([]string{"r2", "kv", "d1", "durable", "queues", "rpc", "cache", "workers"}, area)
	}},
	{"the surface: every class and member, at three dates", func(_, area string) bool { return strings.HasPrefix(area, "surface") }},
	{"Web APIs", func(string, string) bool { return true }},
}

// TestTable checks what the documentation says of each area: that no smaller
// share of its answers is the same than stated. Whole percent, rounded down, so
// that a probe more does not change it. A new area gets its row with -update.
func TestTable(t *testing.T) {
	byArea, byKind := []string{"| Area | The same |", "|---|---|"}, []string{"| | The same |", "|---|---|"}
	stated := map[string]int{}
	for _, file := range []string{"docs/conformance.md", "README.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\| (.+) \| (\d+) % \|$`).FindAllSubmatch(text, -1) {
			stated[string(m[1])], _ = strconv.Atoi(string(m[2]))
		}
	}
	row := func(name string, n tally) string {
		if said := stated[name]; !*update && n.percent() < said {
			t.Errorf("the documentation says %d %% of %s, it is %d %%: run this test with -update", said, name, n.percent())
		}
		return fmt.Sprintf("| %s | %d %% |", name, n.percent())
	}
	sums := make([]tally, len(kinds))
	for _, dir := range []string{probes, packages, frameworks} {
		list, err := areas(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			n := count(t, dir, a.name)
			byArea = append(byArea, row(a.name, n))
			for i, k := range kinds {
				if k.has(dir, a.name) {
					sums[i].probes += n.probes
					sums[i].same += n.same
					break
				}
			}
		}
	}
	for i, k := range kinds {
		byKind = append(byKind, row(k.name, sums[i]))
	}
	if *update {
		write(t, "docs/conformance.md", byArea)
		write(t, "README.md", byKind)
	}
}

func count(t *testing.T, dir, area string) tally {
	recorded, err := readRecording(dir, area)
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := readDifferences(dir, area)
	if err != nil {
		t.Fatal(err)
	}
	if len(recorded.Answers) == 0 {
		t.Fatalf("%s has no answers", area)
	}
	return tally{probes: len(recorded.Answers), same: len(recorded.Answers) - len(accepted)}
}

func write(t *testing.T, file string, table []string) {
	path := filepath.Join("..", "..", file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(`(?s)(<!-- areas: written by a test -->\n).*?(<!-- end of areas -->)`)
	out := between.ReplaceAll(text, []byte("${1}"+strings.Join(table, "\n")+"\n${2}"))
	if !between.Match(text) {
		t.Fatalf("%s has no place for the table", file)
	}
	if err := os.WriteFile(path, out, 0o644); err != nil {
		t.Fatal(err)
	}
}
