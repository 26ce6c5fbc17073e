package bundle

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engine runs scripts the way the runtime does, with a tiny module loader.
type engine struct {
	vm      *goja.Runtime
	log     []string
	getters *goja.Object
	names   []string // names the script asked of cloudflare:workers
}

const preludeJS = `
globalThis.TextEncoder = class { encode(s) { return Uint8Array.from(s, c => c.charCodeAt(0)) } };
globalThis.TextDecoder = class { decode(b) { return String.fromCharCode(...b) } };
globalThis.Request = globalThis.URL = globalThis.Response = globalThis.Headers = class {};
for (const n of ["asyncIterator", "dispose", "asyncDispose", "metadata"])
  if (!Symbol[n]) Object.defineProperty(Symbol, n, {value: Symbol.for("Symbol." + n)});
`

func newEngine(t testing.TB, b *Bundle) *engine {
	t.Helper()
	e := &engine{vm: goja.New()}
	vm := e.vm
	if _, err := vm.RunString(preludeJS); err != nil {
		t.Fatal(err)
	}
	must := func(src string) goja.Value {
		v, err := vm.RunString(src)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	vm.Set("log", func(c goja.FunctionCall) goja.Value {
		var parts []string
		for _, a := range c.Arguments {
			parts = append(parts, a.String())
		}
		e.log = append(e.log, strings.Join(parts, " "))
		return goja.Undefined()
	})
	namespaces := map[string]goja.Value{
		"cloudflare:workers": must(`({__proto__: null, DurableObject: class DurableObject { constructor() { this.base = true } }, env: {A: 1}})`),
		"cloudflare:email":   must(`({__proto__: null, EmailMessage: class EmailMessage {}, default: "hidden"})`),
		"node:path":          must(`({__proto__: null, default: {join: (...a) => a.join("/")}, join: (...a) => a.join("/")})`),
		"node:fs":            must(`({__proto__: null, default: {kind: "fs"}})`),
	}
	load := func(spec string) goja.Value {
		ns, ok := namespaces[spec]
		if !ok {
			panic(vm.NewTypeError("No such module %q", spec))
		}
		return ns
	}
	mw := vm.NewObject()
	mw.Set("import", func(spec string, names []string) goja.Value {
		if spec == "cloudflare:workers" {
			e.names = append(e.names, names...)
		}
		return load(spec)
	})
	mw.Set("dynamicImport", func(spec string) *goja.Promise {
		p, resolve, reject := vm.NewPromise()
		if ns, ok := namespaces[spec]; ok {
			resolve(ns)
		} else {
			reject(vm.NewTypeError("No such module %q", spec))
		}
		return p
	})
	mw.Set("meta", map[string]any{"url": "file:///worker.js"})
	mw.Set("module", func(id string) goja.Value {
		m, ok := b.Modules[id]
		if !ok {
			panic(vm.NewTypeError("no module %q", id))
		}
		if m.Type == Text {
			return vm.ToValue(string(m.Data))
		}
		return vm.ToValue(vm.NewArrayBuffer(m.Data))
	})
	mw.Set("exports", func(o *goja.Object) { e.getters = o })
	prog, err := goja.Compile("worker.js", string(b.Script), false)
	if err != nil {
		t.Fatalf("engine cannot parse: %v\n%s", err, b.Script)
	}
	fn, err := vm.RunProgram(prog)
	if err != nil {
		t.Fatal(err)
	}
	call, ok := goja.AssertFunction(fn)
	if !ok {
		t.Fatalf("script is not a function expression")
	}
	done, err := call(goja.Undefined(), mw)
	if err != nil {
		t.Fatalf("script threw: %v\n%s", err, b.Script)
	}
	if b.TLA {
		p := done.Export().(*goja.Promise)
		if p.State() != goja.PromiseStateFulfilled {
			t.Fatalf("script did not settle: %v %v\n%s", p.State(), p.Result(), b.Script)
		}
	}
	return e
}

// export reads the live binding of an export.
func (e *engine) export(name string) (goja.Value, error) {
	if e.getters == nil {
		return nil, fmt.Errorf("no exports registered")
	}
	get, ok := goja.AssertFunction(e.getters.Get(name))
	if !ok {
		return nil, fmt.Errorf("no export %q", name)
	}
	return get(goja.Undefined())
}

// main calls the default export, a function, and waits for what it logs.
func (e *engine) main(t testing.TB) {
	t.Helper()
	v, err := e.export("default")
	if err != nil {
		t.Fatal(err)
	}
	call, ok := goja.AssertFunction(v)
	if !ok || strings.HasPrefix(v.String(), "class") {
		return
	}
	res, err := call(goja.Undefined())
	if err != nil {
		t.Fatalf("default export threw: %v", err)
	}
	if p, ok := res.Export().(*goja.Promise); ok && p.State() != goja.PromiseStateFulfilled {
		t.Fatalf("default export: %v %v", p.State(), p.Result())
	}
}

// gojaCheck is the Check hook as the runtime would write it.
func gojaCheck(script []byte) *CheckError {
	_, err := goja.Compile("worker.js", string(script), false)
	if err == nil {
		return nil
	}
	c := &CheckError{Message: err.Error()}
	if m := linePattern.FindStringSubmatch(err.Error()); m != nil {
		fmt.Sscan(m[1]+m[3], &c.Line)
		fmt.Sscan(m[2]+m[4], &c.Col)
	}
	return c
}

var linePattern = regexp.MustCompile(`Line (\d+):(\d+)|at (?:worker.js:)?(\d+):(\d+)`)
