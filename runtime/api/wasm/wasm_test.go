package wasm

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// probes is where the .wat sources of the modules are; most of the package is
// compared with workerd there.
var probes = filepath.Join("..", "..", "..", "testdata", "conformance", "wasm")

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(probes, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// realm is an isolate with an instance of probe.wasm as the global e.
func realm(t *testing.T) *isolate.Isolate {
	t.Helper()
	data := read(t, "probe.wasm")
	iso := testworker.New(t, testworker.Options{Install: []testworker.Install{Install}}, func(err error) { t.Log(err) })
	run(t, iso, func(js *jsg.Scope) error {
		m, err := NewModule(js, "probe.wasm", data)
		if err != nil {
			return err
		}
		js.Define(js.Global(), "probe", m)
		_, err = js.Run(jsg.MustCompile("start.js", `var env = {log() {}, big: (x) => x, pair: (a, b) => [a, b], ref: (x) => x, limit: 9};
			var e = new WebAssembly.Instance(probe, {env}).exports;`))
		return err
	})
	return iso
}

func run(t *testing.T, iso *isolate.Isolate, f func(js *jsg.Scope) error) {
	t.Helper()
	var err error
	if doErr := iso.Do(func(js *jsg.Scope) { err = f(js) }); doErr != nil {
		t.Fatal(doErr)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestReferencesAreGivenBack checks that values which WebAssembly has seen do
// not stay for ever, and those it holds do.
func TestReferencesAreGivenBack(t *testing.T) {
	iso := realm(t)
	run(t, iso, func(js *jsg.Scope) error {
		v, err := js.Run(jsg.MustCompile("refs.js", `const kept = {}; e.putRef(0, kept); const also = {}; e.refs.set(1, also);
			for (let i = 0; i < 20000; i++) e.callRef({i});
			e.getRef(0) === kept && e.refs.get(1) === also`))
		if err != nil {
			return err
		}
		if !v.ToBoolean() {
			t.Error("a table lost its values")
		}
		if n := len(engineOf(js).refs.objects); n > 2000 {
			t.Errorf("%d values are held", n)
		}
		return nil
	})
}

// TestEndlessLoopIsInterrupted checks that an interruption reaches WebAssembly.
func TestEndlessLoopIsInterrupted(t *testing.T) {
	iso := realm(t)
	started := make(chan struct{})
	iso.Post(nil, func(js *jsg.Scope) {
		js.Define(js.Global(), "started", js.Func("started", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
			close(started)
			return jsg.Undefined, nil
		}))
		js.Run(jsg.MustCompile("loop.js", `started(); try { e.loop(); } catch { for (;;); }`))
	})
	<-started
	iso.Interrupt("it took too long")
	<-iso.Done()
	if iso.Cause() == nil {
		t.Error("the isolate ended without a cause")
	}
}

// TestInstancesShareCompiledCode checks that a second instance of a module, and
// of another module with the same bytes, works beside the first.
func TestInstancesShareCompiledCode(t *testing.T) {
	iso := realm(t)
	data := read(t, "probe.wasm")
	run(t, iso, func(js *jsg.Scope) error {
		m, err := NewModule(js, "again.wasm", append([]byte(nil), data...))
		if err != nil {
			return err
		}
		js.Define(js.Global(), "again", m)
		v, err := js.Run(jsg.MustCompile("twice.js", `
			const list = [probe, again, probe].map((m) => new WebAssembly.Instance(m, {env}).exports);
			list.forEach((x, i) => { for (let n = 0; n < i; n++) x.bump(); });
			list.map((x) => x.count.value).join()`))
		if err != nil {
			return err
		}
		if v.String() != "5,6,7" {
			t.Errorf("the globals are %s", v)
		}
		return nil
	})
}

func TestCustomSectionsAndBrokenModules(t *testing.T) {
	iso := realm(t)
	run(t, iso, func(js *jsg.Scope) error {
		for _, data := range [][]byte{nil, []byte("\x00asm"), []byte("\x00asm\x01\x00\x00\x00\x01\xff")} {
			if _, err := NewModule(js, "broken.wasm", data); err == nil {
				t.Errorf("%q is a module", data)
			}
		}
		return nil
	})
}

func FuzzParseBinary(f *testing.F) {
	f.Add(read(f, "probe.wasm"))
	f.Add(read(f, "shared.wasm"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := parseBinary(data)
		if err == nil && len(b.linked) < 8 {
			t.Error("no module and no error")
		}
	})
}

func BenchmarkCall(b *testing.B) {
	data := read(b, "probe.wasm")
	iso := testworker.New(b, testworker.Options{Install: []testworker.Install{Install}}, func(err error) { b.Error(err) })
	err := iso.Do(func(js *jsg.Scope) {
		m, err := NewModule(js, "probe.wasm", data)
		if err != nil {
			b.Error(err)
			return
		}
		js.Define(js.Global(), "probe", m)
		js.Define(js.Global(), "n", js.Int(int64(b.N)))
		b.ResetTimer()
		if _, err := js.Run(jsg.MustCompile("bench.js", `{ const {add} = new WebAssembly.Instance(probe, {env: {log() {}, big() {}, pair() {}, ref() {}, limit: 1}}).exports;
			for (let i = 0; i < n; i++) add(i, 1); }`)); err != nil {
			b.Error(err)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
}

// TestDroppedInstancesAreClosed checks that what a script no longer refers to
// goes: an instance for each request must not add up.
func TestDroppedInstancesAreClosed(t *testing.T) {
	iso := realm(t)
	const made = 200
	for range made {
		run(t, iso, func(js *jsg.Scope) error {
			_, err := js.Run(jsg.MustCompile("drop.js", `{ const i = new WebAssembly.Instance(probe, {env: {...env, log() { i.exports.add(1, 2); }}}); i.exports.memory.buffer; }`))
			return err
		})
	}
	var left int
	for range 100 { // the collector decides when
		runtime.GC()
		run(t, iso, func(js *jsg.Scope) error {
			e := engineOf(js)
			e.instances = prune(e.instances)
			left = len(e.instances)
			return nil
		})
		if left < made/2 {
			return
		}
	}
	t.Errorf("%d instances are left", left)
}
