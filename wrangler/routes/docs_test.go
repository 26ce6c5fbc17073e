package routes

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/miniworker/miniworker/runtime/routing"
)

// The page about routing and the rules explanations carry name the same rules.
func TestDocsNameTheRules(t *testing.T) {
	text, err := os.ReadFile("../../docs/routing.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\bR\d+\b`).FindAllString(string(text), -1)
	for rule := range routing.Rules {
		if !slices.Contains(named, rule) {
			t.Errorf("docs/routing.md does not mention %s", rule)
		}
	}
	for _, rule := range named {
		if routing.Rules[rule] == "" {
			t.Errorf("docs/routing.md mentions %s, which no explanation carries", rule)
		}
	}
}
