package vitest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSnapshots(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"wrangler.jsonc": `{ "name": "a", "main": "index.js", "compatibility_date": "2026-01-01" }`,
		"index.js":       `export default { fetch: () => new Response("x") };`,
		"a.test.js": "import { expect, it } from \"vitest\";\nit(\"file\", () => { expect({ a: 1 }).toMatchSnapshot(); });\n" +
			"it(\"inline\", () => {\n  expect([1]).toMatchInlineSnapshot();\n});\n",
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, update := range []string{"new", "none"} {
		o := options(t, "basic")
		o.Root, o.Update = root, update
		o.Locations[0].Path, o.Locations[0].UserPath = filepath.Join(root, "wrangler.jsonc"), filepath.Join(root, "wrangler.jsonc")
		_, got := execute(t, o)
		compare(t, got, "pass file\npass inline")
	}
	text, err := os.ReadFile(filepath.Join(root, "a.test.js"))
	if err != nil || !strings.Contains(string(text), "toMatchInlineSnapshot(`\n    [\n      1,\n    ]\n  `)") {
		t.Errorf("%s %v", text, err)
	}
}
