package assets

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestBinding(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"index.html": "<p>home", "a.txt": "text", "_redirects": "/old /a.txt 301\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cfg := &config.Config{Name: "w", Main: "w.js", Assets: &config.Assets{Directory: dir, Binding: "ASSETS", RunWorkerFirst: config.RunWorkerFirst{Always: true}}}
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	front, diags := LayerFor(cfg, s)
	if front == nil || len(diags) != 0 {
		t.Fatal(front, diags)
	}
	b := bindings.NewBuilder(s, "w")
	if err := Kind.Bind(cfg, b); err != nil {
		t.Fatal(err)
	}
	env, found := b.Result()
	if len(env) != 1 || env[0].Name != "ASSETS" || len(found) != 0 {
		t.Fatal(env, found)
	}
	if again, _ := LayerFor(cfg, s); again != front {
		t.Error("the binding and the router have different layers")
	}
	changed := *cfg
	changed.Assets = &config.Assets{Directory: dir, Binding: "ASSETS"}
	if other, _ := LayerFor(&changed, s); other == front {
		t.Error("a changed configuration kept its layer")
	}
	testworker.RunSource(t, "binding.js", `
async function serves() {
		const r = await ASSETS.fetch("http://any.host/a.txt");
		assert.equal([r.status, r.headers.get("content-type"), await r.text()], [200, "text/plain; charset=utf-8", "text"]);
		assert.equal(await (await ASSETS.fetch(new Request("http://h/"))).text(), "<p>home");
		assert.equal((await ASSETS.fetch("http://h/none")).status, 404);
		assert.equal((await ASSETS.fetch("http://h/old", { redirect: "manual" })).headers.get("location"), "/a.txt");
		assert.equal(await (await ASSETS.fetch("http://h/old")).text(), "text");
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		v, err := env[0].Make(js)
		if err != nil {
			t.Error(err)
			return
		}
		js.Define(js.Global(), "ASSETS", v)
	}}})
}

func TestNoBindingWithoutAssets(t *testing.T) {
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	for _, cfg := range []*config.Config{{}, {Assets: &config.Assets{Directory: t.TempDir()}}, {Assets: &config.Assets{Binding: "A"}}} {
		b := bindings.NewBuilder(s, "w")
		if err := Kind.Bind(cfg, b); err != nil {
			t.Fatal(err)
		}
		if env, _ := b.Result(); len(env) != 0 {
			t.Errorf("%+v made %v", cfg, env)
		}
	}
}
