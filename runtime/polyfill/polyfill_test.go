package polyfill

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func realmForTest(t testing.TB) *jsg.Scope {
	t.Helper()
	js := jsg.New(jsg.Options{})
	Install(js)
	return js
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func eval(t testing.TB, js *jsg.Scope, source string) jsg.Value {
	t.Helper()
	p, err := jsg.Compile("test.js", source)
	if err != nil {
		t.Fatal(err)
	}
	v, err := js.Run(p)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSurface compares every built-in property with workerd's: what is
// missing, extra or different has to be in testdata/accepted.txt, and nothing
// else may be there. A line ending in * accepts all that start like it.
func TestSurface(t *testing.T) {
	want, got := dumped(read(t, "v8.txt")), dumped(eval(t, realmForTest(t), read(t, "dump.js")).String())
	var diffs []string
	for name, w := range want {
		if strings.HasPrefix(name, "WebAssembly") {
			continue // runtime/api/wasm, which internal/conformance compares
		}
		switch g, ok := got[name]; {
		case !ok:
			diffs = append(diffs, "missing "+name)
		case g != w:
			diffs = append(diffs, "differs "+name+": "+g+" for "+w)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			diffs = append(diffs, "extra "+name)
		}
	}
	compare(t, "accepted.txt", diffs)
}

// dumped is a dump as a map from property to description.
func dumped(dump string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(dump) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		out[name] = rest
	}
	return out
}

// compare fails for a difference the list does not accept, and for an entry of
// the list that is no longer one.
func compare(t *testing.T, list string, diffs []string) {
	t.Helper()
	slices.Sort(diffs)
	accepted := map[string]bool{} // used or not
	for line := range strings.Lines(read(t, list)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			accepted[line] = false
		}
	}
	for _, d := range diffs {
		found := false
		for a := range accepted {
			if prefix, ok := strings.CutSuffix(a, "*"); a == d || ok && strings.HasPrefix(d, prefix) {
				accepted[a], found = true, true
			}
		}
		if !found {
			t.Errorf("not accepted: %s", d)
		}
	}
	for a, used := range accepted {
		if !used {
			t.Errorf("%s accepts what is no longer so: %s", list, a)
		}
	}
}

// runCases evaluates a list of functions as testdata/worker.js does.
func runCases(t *testing.T, js *jsg.Scope, file string) []string {
	t.Helper()
	show, cases := eval(t, js, read(t, "show.js")), eval(t, js, read(t, file))
	run := eval(t, js, `(async function(show, cases) {
		const out = [];
		for (const f of cases) {
			let r;
			try { r = show(await f()); } catch (e) { r = "throws " + (e && e.name); }
			out.push(r);
		}
		return JSON.stringify(out);
	})`)
	var promise jsg.Value
	if err := js.Enter(nil, func() {
		var err error
		if promise, err = js.Call(run, jsg.Undefined, show, cases); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	state, v := jsg.Settled(promise)
	if state != jsg.Fulfilled {
		t.Fatalf("the cases of %s did not finish: %v", file, v)
	}
	var out []string
	if err := json.Unmarshal([]byte(v.String()), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// checkCases compares with what workerd answered to the same cases.
func checkCases(t *testing.T, js *jsg.Scope, cases, results, accepted string) {
	t.Helper()
	var want [][2]string // source and answer
	if err := json.Unmarshal([]byte(read(t, results)), &want); err != nil {
		t.Fatal(err)
	}
	got := runCases(t, js, cases)
	if len(want) != len(got) {
		t.Fatalf("%d cases, %d recorded results: run testdata/record.sh", len(got), len(want))
	}
	var diffs []string
	for i, w := range want {
		if got[i] != w[1] {
			diffs = append(diffs, strings.Join(strings.Fields(w[0]), " ")+" → "+got[i]+" for "+w[1])
		}
	}
	compare(t, accepted, diffs)
}

func TestBehaviour(t *testing.T) {
	checkCases(t, realmForTest(t), "cases.js", "results.json", "accepted-results.txt")
}

// TestNoneIsObsolete fails for a member the engine has got meanwhile.
func TestNoneIsObsolete(t *testing.T) {
	js := jsg.New(jsg.Options{})
	r := &realm{iterator: eval(t, js, `Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))`).(*jsg.Object)}
	for i := range members {
		m := &members[i]
		if target := r.resolve(js, m.target); target == nil || !m.replace && has(js, target, m) {
			t.Errorf("%s.%s: the engine has it", m.target, m.name)
		}
	}
}

// TestNothingIsLoadedBeforeUse: the stubs must not drag their groups in.
func TestNothingIsLoadedBeforeUse(t *testing.T) {
	js := realmForTest(t)
	r := realms.Get(js)
	if len(r.loaded) != 0 {
		t.Fatalf("%d groups loaded by Install", len(r.loaded))
	}
	eval(t, js, `[1].values().map((x) => x)`)
	if len(r.loaded) != 1 {
		t.Errorf("a helper loaded %d groups", len(r.loaded))
	}
}

// TestWeakRefIsWeak: once the turn is over and nothing else holds the target,
// the collector may take it.
func TestWeakRefIsWeak(t *testing.T) {
	js := realmForTest(t)
	run := func(source string) (v jsg.Value) {
		p := jsg.MustCompile("test.js", source)
		if err := js.Enter(nil, func() {
			var err error
			if v, err = js.Run(p); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Fatal(err)
		}
		return v
	}
	run(`globalThis.held = {}; globalThis.a = new WeakRef({}); globalThis.b = new WeakRef(held); 0`)
	for range 5 {
		runtime.GC()
	}
	if v := run(`[a.deref(), b.deref() === held].join()`); v.String() != ",true" {
		t.Errorf("a and b give %s", v)
	}
}

// BenchmarkRealm compares realms that have what every isolate has: cloning
// already makes most of the engine's lazily made constructors.
func BenchmarkRealm(b *testing.B) {
	for name, install := range map[string]func(*jsg.Scope){"without": func(*jsg.Scope) {}, "with polyfills": Install} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				js := jsg.New(jsg.Options{})
				install(js)
				clone.Install(js)
			}
		})
	}
}

// TestRegExps holds known wrong answers of the engine in a list of their own.
func TestRegExps(t *testing.T) {
	checkCases(t, realmForTest(t), "regexps.js", "regexps.json", "accepted-regexps.txt")
}

func BenchmarkRegExp(b *testing.B) {
	for _, c := range []struct{ name, source string }{
		{"literal in a function", `() => new RegExp("\\p{L}+", "gu")`},
		{"match", `(() => { const re = new RegExp("\\p{L}+", "gu"), s = "Größe und Maße, 12 東京 "; return () => s.match(re); })()`},
		{"match, engine only", `(() => { const re = /[a-zA-Z\u00aa-\u1fff\u3000-\u9fff]+/gu, s = "Größe und Maße, 12 東京 "; return () => s.match(re); })()`},
	} {
		b.Run(c.name, func(b *testing.B) {
			js := realmForTest(b)
			f := eval(b, js, c.source)
			for b.Loop() {
				if _, err := js.Call(f, jsg.Undefined); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			js := realmForTest(b)
			b.StartTimer()
			eval(b, js, `new RegExp("\\p{L}+", "gu").test("é")`)
		}
	})
}

func TestIntl(t *testing.T) {
	checkCases(t, realmForTest(t), "intl.js", "intl.json", "accepted-intl.txt")
}

// TestOtherLocalesAreRefused: no answer is better than an American one.
func TestOtherLocalesAreRefused(t *testing.T) {
	js := realmForTest(t)
	for _, code := range []string{
		`[...new Intl.Segmenter("ja", {granularity: "word"}).segment("東京")]`,
		`RegExp.$1`, `new SharedArrayBuffer(1)`, `new RegExp("^\\p{RGI_Emoji}$", "v")`,
	} {
		_, err := js.Run(jsg.MustCompile("test.js", code))
		if err == nil || !strings.Contains(err.Error(), "is not implemented in miniworker") {
			t.Errorf("%s: %v", code, err)
		}
	}
}
