package secrets

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSecrets(t *testing.T) {
	state := t.TempDir()
	b := bindings.NewBuilder(&bindings.Session{State: state}, "w")
	if err := Kind.Bind(&config.Config{SecretsStore: []config.SecretsStoreSecret{
		{Binding: "KEY", StoreID: "s", SecretName: "key"}, {Binding: "NONE", StoreID: "s", SecretName: "none"}, {Binding: "BAD", StoreID: "../s", Pos: diag.Position{Line: 3}},
	}}, b); err != nil {
		t.Fatal(err)
	}
	env, diags := b.Result()
	if len(env) != 2 || len(diags) != 1 || diags[0].Pos.Line != 3 {
		t.Fatal(env, diags)
	}
	s, err := Open(state, "s")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Change(func(all map[string]string) error { all["key"] = "wärt"; return nil }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(state, folder, "s.json")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	testworker.RunSource(t, "secrets.js", `async function get() {
		assert.equal(await KEY.get(), "wärt");
		await assert.throws(() => NONE.get(), 'Error: Secret "none" not found');
		await NONE.get().catch((e) => assert.equal(e.remote, true));
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		for _, e := range env {
			v, err := e.Make(js)
			if err != nil {
				t.Fatal(err)
			}
			js.Define(js.Global(), e.Name, v)
		}
	}}})
}
