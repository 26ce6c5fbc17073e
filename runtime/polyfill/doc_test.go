package polyfill

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var update = flag.Bool("update", false, "write the generated tables of docs/engine.md")

// faults are minimal cases of what the engine itself gets wrong, without any
// polyfill: what it gives, what V8 gives, and what is done about it. A case
// that the engine answers as V8 does has to go.
var faults = []struct{ code, got, want, note string }{
	{`"\u{10ffff}".length`, "SyntaxError", "2", "the parser panics on escapes beyond `\\u{fffff}`; the bundler writes the two units"},
	{`((a, [b = 1] = []) => b)(0)`, "SyntaxError", "1", "an array pattern with a default value as a later parameter of an arrow function; the bundler makes it"},
	{`(({a: [b = 1] = []}) => b)({})`, "SyntaxError", "1", "an array pattern with a default value, with default values in it, in an object pattern: a build error; give the array a name and take it apart in a second statement"},

	{`(function () { return (() => arguments.length)(); })(1, 2)`, "panic", "2", "the VM panics unless the function itself mentions `arguments`; the bundler makes it"},
	{`new (class { get = 2; set = 3; async = 4 })().get`, "SyntaxError", "2", "the bundler quotes the names"},
	{`(async function* () { yield 1 }).name`, "SyntaxError", "", "the bundler lowers async generators"},
	{`(async () => { for await (const x of []); }).length`, "SyntaxError", "0", "the bundler lowers `for await`"},
	{`/\p{L}/u.test("a")`, "false", "true", "the bundler writes `new RegExp`, which knows what the engine gets wrong and has `runtime/regexp` match it"},
	{`/a/v.flags`, "SyntaxError", "v", "as above"},
	{`/a/d.exec("a").indices[0]`, "SyntaxError", "0,1", "as above"},
	{`"éabab".replace(/(?<=a)b/u, "x")`, "éaxax", "éaxab", "u flag, a lookaround or back reference, text beyond ASCII: all matches are replaced; as above"},
	{`String("é1".match(/(?<n>\d)/u).groups)`, "undefined", "[object Object]", "u flag, named groups, text beyond ASCII: no groups; as above"},
	{`/[^]/u.test("\udbff\udffe")`, "false", "true", "as above"},
	{`/]/u.test("]")`, "true", "SyntaxError", "a build error, in the user's file"},
	{`/a$/m.test("a\r\n")`, "false", "true", "as above"},
	{`/(?i:a)b/.test("Ab")`, "SyntaxError", "true", "as above"},
	{`"été".replace(/\b/g, "|")`, "|été|", "é|t|é", "as above"},
	{`"ab".match(/(?:(a)|(b))*/)[1]`, "a", "undefined", "as above"},
	{`/k/i.test("\u212a")`, "true", "false", "as above"},
	{`Object.keys(/a/.exec("a")).join()`, "0,input,index,groups", "0,index,input,groups", "mended where they are made"},
	{`new RegExp("/").source`, `\u002f`, `\/`, "our constructor shows it as V8 does"},
	{`Array.prototype[Symbol.unscopables].at`, "undefined", "true", "mended in each realm"},
	{`BigInt.prototype.name`, "BigInt", "undefined", "as above"},
	{`try { ({}).foo() } catch (e) { e.message }`, "foo is not a function", "{}.foo is not a function", "the engine's own text, put in V8's words by `runtime/jsg`, which knows what is called if that is names with dots"},
}

// onEngine evaluates code on a realm without polyfills.
func onEngine(code string) (result string) {
	defer func() {
		if recover() != nil {
			result = "panic"
		}
	}()
	name := func(err error) string { s, _, _ := strings.Cut(err.Error(), ":"); return s }
	p, err := jsg.Compile("fault.js", code)
	if err != nil {
		return name(err)
	}
	js := jsg.New(jsg.Options{})
	var v jsg.Value
	if turn := js.Enter(nil, func() { v, err = js.Run(p) }); turn != nil {
		err = turn
	}
	if err != nil {
		return name(err)
	}
	return v.String()
}

func TestEngineFaults(t *testing.T) {
	for _, f := range faults {
		if got := onEngine(f.code); got != f.got {
			t.Errorf("%s\n gives %q, the table says %q (V8 gives %q)", f.code, got, f.got, f.want)
		}
	}
}

// TestEngineDoc keeps the tables of docs/engine.md as they come out of the code.
func TestEngineDoc(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "engine.md")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	for name, table := range map[string]string{"polyfills": polyfillTable(), "faults": faultTable(), "differences": differences(t)} {
		begin, end := "<!-- "+name+": written by a test -->\n", "<!-- end of "+name+" -->"
		head, rest, ok := strings.Cut(doc, begin)
		if !ok {
			t.Fatalf("%s has no mark for %s", file, name)
		}
		_, tail, ok := strings.Cut(rest, end)
		if !ok {
			t.Fatalf("%s has no end mark for %s", file, name)
		}
		doc = head + begin + table + end + tail
	}
	if doc == string(b) {
		return
	}
	if !*update {
		t.Fatalf("the tables of %s are not those of the code: run this test with -update", file)
	}
	if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
}

func polyfillTable() string {
	var b strings.Builder
	b.WriteString("| File | Object | Members |\n|---|---|---|\n")
	for i := 0; i < len(members); {
		first := members[i]
		var names []string
		for ; i < len(members) && members[i].group == first.group && members[i].target == first.target; i++ {
			names = append(names, "`"+members[i].name+"`")
		}
		target := first.target
		if target == "" {
			target = "globalThis"
		}
		fmt.Fprintf(&b, "| `%s.js` | `%s` | %s |\n", first.group.name, target, strings.Join(names, " "))
	}
	b.WriteString("| `regexp.js` | `globalThis` | `RegExp` |\n")
	return b.String()
}

func faultTable() string {
	var b strings.Builder
	b.WriteString("| Code | Engine | V8 | |\n|---|---|---|---|\n")
	cell := func(s string) string { return "`" + strings.ReplaceAll(s, "|", "\\|") + "`" }
	for _, f := range faults {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(f.code), cell(f.got), cell(f.want), f.note)
	}
	return strings.ReplaceAll(b.String(), "``", "(empty)")
}

// differences is the accepted list of the surface test, without its comments.
func differences(t *testing.T) string {
	var lines []string
	for line := range strings.Lines(read(t, "accepted.txt")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return "```\n" + strings.Join(lines, "\n") + "\n```\n"
}
