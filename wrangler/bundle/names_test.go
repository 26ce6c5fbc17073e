package bundle

import (
	"strings"
	"testing"
)

// TestClassNames shows that classes keep the name their source gives them where
// esbuild tells them apart by a number, also if a package's own source map has
// no names.
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
