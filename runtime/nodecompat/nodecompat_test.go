package nodecompat_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// require gives behaviour files what bundled code gets from require(), and
// importNode what it gets by importing cloudflare:node.
func require(js *jsg.Scope) {
	f, err := js.Run(jsg.MustCompile("require.js", `(name) => { const m = process.getBuiltinModule(name); if (!m) throw new Error("no module " + name); return m; }`))
	if err != nil {
		panic(err)
	}
	js.DefineHidden(js.Global(), "require", f)
	js.DefineHidden(js.Global(), "importNode", js.Func("importNode", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
		return isolate.Of(js).Import(js, "cloudflare:node")
	}))
}

func host(js *jsg.Scope) {
	nodecompat.SetHost(js, nodecompat.Host{Files: map[string][]byte{"sub/a.txt": []byte("text of a module")}})
}

func options(t testing.TB, flags ...string) testworker.Options {
	on, diags := compat.Resolve("2026-08-01", append(flags, "nodejs_compat"))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return testworker.Options{Flag: on, Builtins: nodecompat.Builtins(on), Install: []testworker.Install{all.Install, host, nodecompat.Install, require}, Timeout: time.Minute}
}

func TestBehaviour(t *testing.T) {
	files, err := filepath.Glob("testdata/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".js"), func(t *testing.T) { testworker.RunFile(t, file, options(t)) })
	}
}
