package nodecompat_test

import (
	"runtime"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
)

// TestInspectDeep shows values nested deeply, in each of the ways inspect lays
// text out: what is shown is right, and text is not copied by each level again.
func TestInspectDeep(t *testing.T) {
	const source = `
const { inspect } = require("util");
const nest = (n, f, leaf) => { let v = leaf; for (let i = 0; i < n; i++) v = f(v); return v; };
const n = 800;
// What inspect shows of n levels that are broken into lines.
function expected(open, close, leaf) {
  const out = [open.at(-1)];
  for (let i = 1; i < n; i++) out.push("  ".repeat(i) + open);
  out.push("  ".repeat(n) + leaf);
  for (let i = n - 1; i >= 0; i--) out.push("  ".repeat(i) + close);
  return out.join("\n");
}
function same(got, want) {
  if (got === want) return;
  let i = 0;
  while (got[i] === want[i]) i++;
  throw new Error("at " + i + " of " + got.length + ": " + JSON.stringify(got.slice(i, i + 60)) + ", not " + JSON.stringify(want.slice(i, i + 60)));
}

export async function objects() {
  same(inspect(nest(n, (a) => ({ a }), {}), { depth: Infinity }), expected("a: {", "}", "a: {}"));
}
export async function endlessLines() {
  same(inspect(nest(n + 3, (a) => ({ a }), {}), { depth: Infinity, breakLength: Infinity }), expected("a: {", "}", "a: { a: { a: { a: {} } } }"));
}
export async function arrays() {
  same(inspect(nest(n, (a) => [a], []), { depth: Infinity }), expected("[", "]", "[]"));
}
export async function columns() {
  // Arrays of more than six are set in columns, unless one is too wide for it.
  const deep = nest(100, (a) => ({ a }), {});
  for (const breakLength of [80, Infinity]) {
    const lines = inspect([1, 2, 3, 4, 5, 6, 7, deep], { depth: Infinity, breakLength }).split("\n");
    if (lines.length < 190 || lines.some((l) => l.includes("\0"))) throw new Error(lines.length + " lines at " + breakLength);
  }
}
export async function foreignMarkers() {
  const deep = nest(n, (a) => ({ a }), { b: { [inspect.custom]: () => "x\n\0 0\0y\n\0 99999\0" } });
  const got = inspect(deep, { depth: Infinity });
  if (!/x\s+\0 0\0y\s+\0 99999\0/.test(got)) throw new Error("own text is gone");
}
`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	testworker.RunSource(t, "deep.js", source, options(t))
	runtime.ReadMemStats(&after)
	// Copied by each level, it is gigabytes.
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<30 {
		t.Errorf("inspecting took %d MB", n>>20)
	}
}
