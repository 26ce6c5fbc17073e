package bundle

import (
	"strings"
	"testing"
)

// TestClassNames shows that classes keep the name their source gives them where
// esbuild tells them apart by a number, also in
// packages, whose source maps are not read.
func TestClassNames(t *testing.T) {
	dir := project(t, `
-- src/index.js --
import { Thing as A, make as makeA } from "./a.js";
import { Thing as B } from "./b.js";
import { Mapped, Numbered2 } from "mapped";
const local = () => { class Thing { static kind = "declared" } return Thing; };
export default () => log(...[A, B, makeA(), Mapped, Numbered2, local()].map((c) => c.name));
-- src/a.js --
export class Thing {}
export const make = () => { class Thing extends Object {} return Thing; };
-- src/b.js --
export class Thing {}
-- node_modules/mapped/package.json --
{"name": "mapped", "main": "index.js"}
-- node_modules/mapped/index.js --
export var Mapped = (() => {
    class Mapped extends Error {
    }
    return Mapped;
})();
export var Numbered2 = (() => {
    class Numbered2 extends Error {
    }
    return Numbered2;
})();
//# sourceMappingURL=index.js.map
-- node_modules/mapped/index.js.map --
{"version":3,"file":"index.js","sources":["src/index.ts"],"names":[],"mappings":"AAAA;IAAA,MAAa,MAAM;;IAAnB;;AACA;IAAA,MAAa,SAAS;;IAAtB;"}
-- node_modules/mapped/src/index.ts --
export class Mapped extends Error {}
export class Numbered2 extends Error {}
`)
	e := newEngine(t, mustBuild(t, builder(t, Options{Dir: dir, Entry: "src/index.js", KeepNames: true})))
	e.main(t)
	if got, want := strings.Join(e.log, "\n"), "Thing Thing Thing Mapped Numbered2 Thing"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPackagePositions shows that places in a package are those of its script,
// which is there, and that other scripts lead to what they were made from.
func TestPackagePositions(t *testing.T) {
	const script = "export const fail = () => { throw new Error(\"boom\") };\n//# sourceMappingURL=index.js.map\n"
	const smap = `{"version":3,"file":"index.js","sources":["src/index.ts"],"names":[],"mappings":"AAEA,OAAO"}`
	dir := project(t, `
-- src/index.js --
import { fail } from "mapped";
import { fail as ours } from "../lib/index.js";
log(fail, ours);
-- node_modules/mapped/package.json --
{"name": "mapped", "main": "index.js"}
-- node_modules/mapped/index.js --
`+script+`
-- node_modules/mapped/index.js.map --
`+smap+`
-- lib/index.js --
`+script+`
-- lib/index.js.map --
`+smap+`
`)
	b := builder(t, Options{Dir: dir, Entry: "src/index.js"})
	for range 2 { // the second build does not read the package again
		out := mustBuild(t, b)
		var files []string
		segments, err := out.Segments()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range segments {
			if len(files) == 0 || files[len(files)-1] != s.File {
				files = append(files, s.File)
			}
		}
		if got, want := strings.Join(files, " "), "node_modules/mapped/index.js lib/src/index.ts src/index.js"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		write(t, dir, "src/index.js", "import { fail } from \"mapped\";\nimport { fail as ours } from \"../lib/index.js\";\nlog(ours, fail);")
	}
	write(t, dir, "node_modules/mapped/index.js", "export const fail = 'without a map'")
	if out := mustBuild(t, b); !strings.Contains(string(out.Script), "without a map") {
		t.Errorf("an edit of the package is not in the bundle:\n%s", out.Script)
	}
}
