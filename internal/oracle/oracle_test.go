package oracle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestInstall(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"workerd/bin/workerd":   "",
		"wrangler/package.json": `{"version": "4.1.2"}`,
		"node-linux/bin/node":   "",
	} {
		file := filepath.Join(dir, "node_modules", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in := Install(dir)
	if got, err := in.Workerd(); err != nil || got != filepath.Join(dir, "node_modules", "workerd", "bin", "workerd") {
		t.Errorf("workerd is %q, %v", got, err)
	}
	if got, err := in.Version("wrangler"); err != nil || got != "4.1.2" {
		t.Errorf("wrangler's version is %q, %v", got, err)
	}
	if _, err := in.Version("miniflare"); err == nil {
		t.Error("a version of what is not installed")
	}
	if got := in.Node("x.js").Path; got != filepath.Join(dir, "node_modules", "node-linux", "bin", "node") {
		t.Errorf("node is %q", got)
	}
}

func TestWriteConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.capnp")
	if err := WriteConfig(file, []Worker{
		{Name: "a", Modules: []string{"a.js", "lib/b.js"}, Date: "2026-01-01", Flags: []string{"x", "y"}, Port: 1234, Outbound: "o"},
		{Name: "o", Script: "o.js", Date: "2026-01-02"},
	}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "a", worker = .w0), (name = "o", worker = .w1)],
  sockets = [(name = "a", address = "127.0.0.1:1234", http = (), service = "a")]);
const w0 :Workerd.Worker = (modules = [(name = "a.js", esModule = embed "a.js"), (name = "lib/b.js", esModule = embed "lib/b.js")], compatibilityDate = "2026-01-01", compatibilityFlags = ["x", "y"], globalOutbound = "o");
const w1 :Workerd.Worker = (serviceWorkerScript = embed "o.js", compatibilityDate = "2026-01-02", compatibilityFlags = []);
`
	if strings.TrimSpace(string(got)) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
