package config

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
)

// TestSchema takes every key of wrangler's configuration, as the schema of
// wrangler 4.164.0 has them (testdata/schema.txt: "[]" is an element of a list,
// "*" any name): none may be unknown here. What is not used is ignored or refused
// by the table of keys, which says why.
func TestSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/schema.txt")
	if err != nil {
		t.Fatal(err)
	}
	paths := strings.Fields(string(text))
	if len(paths) < 400 {
		t.Fatalf("only %d keys", len(paths))
	}
	for _, path := range paths {
		// An export has the keys of its type.
		known := false
		for _, typ := range []string{"durable-object", "worker", "workflow"} {
			known = known || knows(t, path, typ)
		}
		if !known {
			t.Errorf("%s is unknown", path)
		}
	}
	if knows(t, "assets.directroy", "") || knows(t, "asets", "") {
		t.Error("everything is known")
	}
}

// knows reports whether the key at a path is one; exports have a type.
func knows(t *testing.T, path, typ string) bool {
	document, err := json.Marshal(nested(strings.Split(path, "."), typ))
	if err != nil {
		t.Fatal(err)
	}
	f, diags := Parse("wrangler.jsonc", document)
	if f == nil {
		t.Fatal(diags)
	}
	_, found := f.Resolve(LoadOptions{})
	name := strings.TrimSuffix(path[strings.LastIndexByte(path, '.')+1:], "[]")
	return !slices.ContainsFunc(append(diags, found...), func(d diag.Diagnostic) bool {
		return d.Code == "unknown_key" && strings.Contains(d.Message, `"`+name+`"`)
	})
}

// nested is a configuration with nothing but the key at a path.
func nested(path []string, typ string) any {
	if len(path) == 0 {
		return nil
	}
	name, list := strings.CutSuffix(path[0], "[]")
	v := nested(path[1:], typ)
	if list {
		v = []any{v}
	}
	if members, ok := v.(map[string]any); ok && name == "*" {
		members["type"] = typ
	}
	return map[string]any{name: v}
}
