package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

var update = flag.Bool("update", false, "write the table of docs/conformance.md")

// TestTable checks what docs/conformance.md says of each area: that no smaller
// share of its answers is the same than stated. Whole percent, rounded down, so
// that a probe more does not change it. A new area gets its row with -update.
func TestTable(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "conformance.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	stated := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([\w-]+) \| (\d+) % \|$`).FindAllSubmatch(text, -1) {
		stated[string(m[1])], _ = strconv.Atoi(string(m[2]))
	}
	var table bytes.Buffer
	table.WriteString("| Area | The same |\n|---|---|\n")
	for _, dir := range []string{probes, packages, frameworks} {
		list, err := areas(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			same := percentSame(t, dir, a.name)
			fmt.Fprintf(&table, "| %s | %d %% |\n", a.name, same)
			if said := stated[a.name]; !*update && same < said {
				t.Errorf("docs/conformance.md says %d %% of %s, it is %d %%: run this test with -update", said, a.name, same)
			}
		}
	}
	if !*update {
		return
	}
	between := regexp.MustCompile(`(?s)(<!-- areas: written by a test -->\n).*(<!-- end of areas -->)`)
	text = between.ReplaceAll(text, []byte("${1}"+table.String()+"${2}"))
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func percentSame(t *testing.T, dir, area string) int {
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
	return (len(recorded.Answers) - len(accepted)) * 100 / len(recorded.Answers)
}
