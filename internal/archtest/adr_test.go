package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A decision has a number of its own, in the name of its file and in its title.
func TestDecisionsHaveNumbersOfTheirOwn(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "adr", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no decisions: %v", err)
	}
	named := regexp.MustCompile(`^(\d{4})-[a-z0-9-]+\.md$`)
	owner := map[string]string{}
	for _, path := range files {
		name := filepath.Base(path)
		m := named.FindStringSubmatch(name)
		if m == nil {
			t.Errorf("%s is not named NNNN-title.md", name)
			continue
		}
		if other := owner[m[1]]; other != "" {
			t.Errorf("%s and %s have the same number", other, name)
		}
		owner[m[1]] = name
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if title, _, _ := strings.Cut(string(text), "\n"); !strings.HasPrefix(title, "# ") || !strings.Contains(title, strings.TrimLeft(m[1], "0")) {
			t.Errorf("%s: the first line is no title with its number: %s", name, title)
		}
	}
}
