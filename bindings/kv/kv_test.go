package kv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// TestClass runs the behaviour files; each test has a namespace of its own.
// What they expect was seen on wrangler 4.164.
func TestClass(t *testing.T) {
	testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
		ns := Open(filepath.Join(t.TempDir(), "ns"), clock.Real)
		t.Cleanup(func() { must(t, ns.Close()) })
		js.Define(js.Global(), "env", js.Record("KV", class.Wrap(js, &binding{name: "KV", ns: ns})))
	})
}

func keysOf(t *testing.T, n *Namespace) string {
	t.Helper()
	l, err := n.List(ctx, ListOptions{})
	must(t, err)
	var keys []string
	for _, e := range l.Entries {
		keys = append(keys, e.Key)
	}
	return fmt.Sprint(keys)
}

func TestEntriesExpire(t *testing.T) {
	c := clock.NewFake(time.Unix(1_700_000_000, 0))
	n := Open(t.TempDir(), c)
	defer func() { must(t, n.Close()) }()
	ttl := int64(60)
	must(t, n.Put(ctx, "short", []byte("x"), PutOptions{TTL: &ttl}))
	must(t, n.Put(ctx, "ever", nil, PutOptions{}))
	c.Advance(59 * time.Second)
	if e, err := n.Get(ctx, "short"); err != nil || e == nil || e.Expiration != 1_700_000_060 {
		t.Errorf("before: %+v, %v", e, err)
	}
	c.Advance(time.Second)
	if e, err := n.Get(ctx, "short"); err != nil || e != nil {
		t.Errorf("after: %+v, %v", e, err)
	}
	if all, err := n.GetAll(ctx, []string{"short", "ever"}); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	if got := keysOf(t, n); got != "[ever]" {
		t.Error(got)
	}
}

func TestNamespaceIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ns")
	n := Open(dir, clock.Real)
	if _, err := os.Stat(dir); err == nil {
		t.Error("opening alone wrote to the disk")
	}
	must(t, n.Put(ctx, "k", []byte{0, 255}, PutOptions{Metadata: []byte(`{"a":1}`)}))
	must(t, n.Close())
	if _, err := n.Get(ctx, "k"); err == nil {
		t.Error("a closed namespace answers")
	}
	n = Open(dir, clock.Real)
	defer func() { must(t, n.Close()) }()
	e, err := n.Get(ctx, "k")
	must(t, err)
	if string(e.Value) != "\x00\xff" || string(e.Metadata) != `{"a":1}` || e.Expiration != 0 {
		t.Errorf("%+v", e)
	}
}

func TestPagesJoinUp(t *testing.T) {
	n := Open(t.TempDir(), clock.Real)
	defer func() { must(t, n.Close()) }()
	for i := range 25 {
		must(t, n.Put(ctx, fmt.Sprintf("p/%02d", i), []byte("x"), PutOptions{}))
	}
	must(t, n.Put(ctx, "q", nil, PutOptions{}))
	var got []string
	for o := (ListOptions{Prefix: "p/", Limit: 10}); ; {
		l, err := n.List(ctx, o)
		must(t, err)
		for _, e := range l.Entries {
			got = append(got, e.Key)
		}
		if l.Complete {
			break
		}
		o.Cursor = l.Cursor
	}
	if len(got) != 25 || got[0] != "p/00" || got[24] != "p/24" {
		t.Error(got)
	}
}

func TestKind(t *testing.T) {
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	defer func() { must(t, s.Close()) }()
	cfg := &config.Config{Name: "w", KVNamespaces: []config.KVNamespace{{Binding: "A", ID: "one"}, {Binding: "B", ID: "one"}, {Binding: "C", ID: "../two", Pos: diag.Position{Line: 3}}}}
	b := bindings.NewBuilder(s, "w")
	must(t, Kind.Bind(cfg, b))
	env, diags := b.Result()
	if len(env) != 2 || len(diags) != 1 || diags[0].Pos.Line != 3 {
		t.Fatal(env, diags)
	}
	testworker.RunSource(t, "kind.js", `async function shares() {
		await A.put("k", "v");
		assert.equal(await B.get("k"), "v");
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		for _, e := range env {
			v, err := e.Make(js)
			must(t, err)
			js.Define(js.Global(), e.Name, v)
		}
	}}})
	ns, err := SharedNamespace(s, "one")
	must(t, err)
	if got := keysOf(t, ns); got != "[k]" {
		t.Error(got)
	}
}
