package config

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"
)

// TestDotenvAsObserved compares with answers of the parser and expander wrangler
// uses (dotenv 16, dotenv-expand 12). A case with "env" is expanded too.
func TestDotenvAsObserved(t *testing.T) {
	var cases []struct {
		In   string             `json:"in"`
		Env  *map[string]string `json:"env"`
		Want map[string]string  `json:"want"`
	}
	data, err := os.ReadFile("testdata/dotenv.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		entries, _ := parseDotenv(".env", []byte(c.In))
		if c.Env != nil {
			var merged []envEntry
			for _, e := range tag(entries, ".env") {
				merged = append(merged, e.envEntry)
			}
			entries = expandEnv(merged, func(name string) (string, bool) { v, ok := (*c.Env)[name]; return v, ok })
		}
		got := map[string]string{}
		for _, e := range entries {
			got[e.key] = e.value
		}
		if !maps.Equal(got, c.Want) {
			t.Errorf("%q env %v:\n got %q\nwant %q", c.In, c.Env, got, c.Want)
		}
	}
}

func TestDotenvPositions(t *testing.T) {
	entries, diags := parseDotenv(".env", []byte("A=1\r\n\r\n  export B='x\ny'\nnonsense\nC: 3"))
	if len(entries) != 3 {
		t.Fatalf("entries: %+v", entries)
	}
	for i, want := range []string{".env:1:1", ".env:3:10", ".env:6:1"} {
		if got := entries[i].pos.String(); got != want {
			t.Errorf("entry %d at %s, want %s", i, got, want)
		}
	}
	if len(diags) != 1 || diags[0].Pos.String() != ".env:5:1" {
		t.Errorf("diagnostics: %v", diags)
	}
}

func FuzzDotenv(f *testing.F) {
	for _, s := range []string{"A=1", "A=\"x\ny\"", "A=$B\nB=${A:-${B}}", "export X: `y`", "\r\r\n#", "A=${A}${A}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, diags := parseDotenv(".env", []byte(text))
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, e := range entries {
			if e.pos.Line < 1 || e.pos.Line > lines || e.key == "" {
				t.Errorf("bad entry %+v", e)
			}
		}
		for _, d := range diags {
			if d.Pos.Line < 1 || d.Pos.Line > lines {
				t.Errorf("bad position %v", d)
			}
		}
		expandEnv(entries, func(string) (string, bool) { return "", false })
	})
}
