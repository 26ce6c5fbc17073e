package bundle

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// TestEngineGaps probes the engine for every feature that supported() takes
// away. When one of these starts to parse, its entry can go.
func TestEngineGaps(t *testing.T) {
	missing := map[string]string{
		"async-generator":                 `(async function*() {})`,
		"for-await":                       `(async () => { for await (const x of []); })`,
		"using":                           `{ using x = null }`,
		"decorators":                      `@d class A {}`,
		"regexp-set-notation":             `/[a--b]/v`,
		"regexp-match-indices":            `/a/d`,
		"top-level-await":                 `await 1`,
		"regexp-unicode-property-escapes": ``, // parses, never matches
	}
	var off []string
	for f, on := range supported(mode{}) {
		if !on {
			off = append(off, f)
		}
	}
	if got, want := slices.Sorted(slices.Values(off)), slices.Sorted(maps.Keys(missing)); !slices.Equal(got, want) {
		t.Fatalf("lowered features %v, probed %v", got, want)
	}
	for f, src := range missing {
		if src == "" {
			continue
		}
		if _, err := goja.Compile("", src, true); err == nil {
			t.Errorf("the engine now parses %s: %s", f, src)
		}
	}
	v, err := goja.New().RunString(`/\p{L}/u.test("é")`)
	if err != nil || v.ToBoolean() {
		t.Errorf("the engine now does %s: %v %v", `\p{L}`, v, err)
	}
}

// TestEngineHas probes what the bundler leaves alone.
func TestEngineHas(t *testing.T) {
	for _, src := range []string{
		`#!/bin/x`, `let a = null; a ??= 1; a ||= 2; a &&= 3`, `1_000n ** 2n`,
		`class A { #x; static h(o) { return #x in o } }`,
		`class A { #m() {} get #g() { return 1 } static #s() {} static get #t() { return 1 } }`,
		`class A { static { this.x = 1 } static y = 1; "get" = 2; ["set"] = 3; static = 4; x }`,
		`class A { get; set; async; x = 1 }`,
		`({ a: 1 })?.a?.[0]?.()`, `let { a, ...b } = { ...{ a: 1 } }`, `try { } catch { }`,
		`/(?<=a)(?<!b)(?<n>.)\k<n>/su`, `/^[^\u{1F600}-\u{1F64F}]$/u`,
		`(async x => { for (const y of [1]) await y })()`, `(function () { return new.target })()`,
	} {
		if _, err := goja.Compile("", src, false); err != nil {
			t.Errorf("the engine no longer parses %s: %v", src, err)
		}
	}
}

func TestFragile(t *testing.T) {
	for _, c := range []struct {
		code          string
		fields, arrow bool
	}{
		{`class A{get=1}`, true, false},
		{`class A{x=1;static async=2}`, true, false},
		{`class A{get}`, true, false},
		{`class A{get x(){return 1}set(v){}async(){}}`, false, false},
		{`f(class extends B(1){#a=1;m(){return{a:1}}set=x=>{this.x={get:1}};get=1})`, true, false},
		{`function f(){let get;if(x){y();get=1}else{set=2}}`, false, false},
		{`({get}={get:1})`, false, false},
		{`class A{get;set;async;x=1}`, false, false},
		{`const get=1;x.get=2`, false, false},
		{`({get:1,set,async})`, false, false},
		{`if(get==1);`, false, false},
		{`function f(){return()=>arguments[0]}`, false, true},
		{`function f(){const g=()=>{if(x){return arguments}}}`, false, true},
		{`const f=()=>{function g(a){if(a){return arguments}}}`, false, false},
		{`const f=()=>({m(){return g(arguments)}})`, false, false},
		{`class A extends B{constructor(){super(...arguments)}}`, false, false},
		{`const o={arguments:1};o.arguments;myarguments`, false, false},
		{`function f(){g(...[1],()=>g(...arguments))}`, false, true},
	} {
		if got := len(fragileFields([]byte(c.code))) > 0; got != c.fields {
			t.Errorf("fragileFields(%s) = %v", c.code, got)
		}
		if got := len(arrowArguments([]byte(c.code))) > 0; got != c.arrow {
			t.Errorf("arrowArguments(%s) = %v", c.code, got)
		}
	}
}

func TestAwaitInDefaults(t *testing.T) {
	for code, want := range map[string]string{
		`async function f(g=async()=>await 1){}`:                         `async function f(g=async()=>{return await 1}){}`,
		`class A{async m({g=async({x})=>await x(",)"),y=2}={}){}}`:       `class A{async m({g=async({x})=>{return await x(",)")},y=2}={}){}}`,
		"async function f(g=async x=>`${await x}),`,b){}":                "async function f(g=async x=>{return `${await x}),`},b){}",
		`async function f(g=async()=>{return await 1}){}`:                `async function f(g=async()=>{return await 1}){}`,
		`async function f(g=async()=>1){}`:                               `async function f(g=async()=>1){}`,
		`const g=async()=>await 1,h=(a=async()=>await a)=>{}`:            `const g=async()=>await 1,h=(a=async()=>{return await a})=>{}`,
		`m({a(){c=async()=>k??=(await 1).x;i=[2];d=async()=>await 3}})`:  `m({a(){c=async()=>{return k??=(await 1).x};i=[2];d=async()=>await 3}})`,
		`g(()=>{const h=async()=>await 1})`:                              `g(()=>{const h=async()=>{return await 1}})`,
		`async function f(a=async()=>await(async(b=async()=>1)=>b())){}`: `async function f(a=async()=>{return await(async(b=async()=>1)=>b())}){}`,
	} {
		out, _ := insertAll([]byte(code), nil, arranged(awaitInDefaults([]byte(code))))
		if string(out) != want {
			t.Errorf("%s\n gives %s\n wanted %s", code, out, want)
		}
		if _, err := goja.Compile("", string(out), true); err != nil {
			t.Errorf("%s: %v", out, err)
		}
	}
}

func FuzzLink(f *testing.F) {
	for _, s := range []string{
		`import{a as b}from"` + marker + `xnode:path";export{b as default};`,
		`import d,*as n from"` + marker + `xq";var x=import("` + marker + `mw");`,
		`export*from"` + marker + `xq";`, `r("` + marker + `xa")`, `import"` + marker + `xa"`, marker, `"` + marker + `"`,
		`export default require_x();`, `import source s from"` + marker + `ma";`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		n := len(code)
		l, err := link([]byte(code), "", func(int, string) bool { return true })
		if err != nil {
			return
		}
		script := string(l.wrap(false))
		_, body, ok := strings.Cut(script, "\n")
		if !ok || !strings.HasPrefix(script, "(function(__mw){") || len(body) != n+len("\n})") {
			t.Errorf("the code's place or length changed: %q -> %q", code, script)
		}
	})
}

func FuzzInsert(f *testing.F) {
	f.Add("AAAA,CAAC;gBAAgB,KCjIA", 3, 5)
	f.Fuzz(func(t *testing.T, mappings string, a, b int) {
		code := []byte("let a=1,b=\"é😀\";\nclass A{get=1;set=2}\nlast")
		a, b = min(max(a, 0), len(code)), min(max(b, 0), len(code))
		ins := []insertion{{at: min(a, b), text: "xx"}, {at: max(a, b), text: "y"}}
		out, _ := insertAll(code, []byte(`"mappings": "`+mappings+`"`), ins)
		if len(out) != len(code)+3 {
			t.Errorf("inserted %d bytes", len(out)-len(code))
		}
	})
}

func TestVLQ(t *testing.T) {
	for _, v := range []int{0, 1, -1, 15, 16, -16, 31, 32, 1023, -99999, 1 << 30} {
		var w bytes.Buffer
		encodeVLQ(&w, v)
		if got, n := decodeVLQ(w.Bytes()); got != v || n != w.Len() {
			t.Errorf("%d became %d", v, got)
		}
	}
}
