package r2

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// bindEnv makes the env a worker with that configuration gets.
func bindEnv(t *testing.T, s *bindings.Session, cfg *config.Config) func(js *jsg.Scope) *jsg.Object {
	b := bindings.NewBuilder(s, cfg.Name)
	must(t, Kind.Bind(cfg, b))
	entries, diags := b.Result()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return func(js *jsg.Scope) *jsg.Object {
		env := js.NewObject()
		for _, e := range entries {
			v, err := e.Make(js)
			must(t, err)
			js.Define(env, e.Name, v)
		}
		return env
	}
}

func TestKindSharesBuckets(t *testing.T) {
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	defer func() { must(t, s.Close()) }()
	one := bindEnv(t, s, &config.Config{Name: "one", R2Buckets: []config.R2Bucket{{Binding: "A", Bucket: "shared"}, {Binding: "B", Bucket: "own"}}})
	two := bindEnv(t, s, &config.Config{Name: "two", R2Buckets: []config.R2Bucket{{Binding: "C", Bucket: "shared"}}})
	testworker.RunSource(t, "kind.js", `async function shares() {
		await one.A.put("k", "v");
		assert.equal(await (await two.C.get("k")).text(), "v");
		assert.equal(await one.B.get("k"), null);
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		js.Define(js.Global(), "one", one(js))
		js.Define(js.Global(), "two", two(js))
	}}})
	bucket, err := SharedBucket(s, "shared")
	must(t, err)
	if o, err := bucket.Head(ctx, "k"); err != nil || o == nil {
		t.Errorf("the session's own look at the bucket: %v, %v", o, err)
	}
	if _, err := os.Stat(filepath.Join(s.State, "r2", "shared", "bucket.sqlite")); err != nil {
		t.Error(err)
	}
}

func TestKindRefusesPathsAsNames(t *testing.T) {
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	for _, name := range []string{"..", "a/b", "."} {
		b := bindings.NewBuilder(s, "w")
		must(t, Kind.Bind(&config.Config{R2Buckets: []config.R2Bucket{{Binding: "A", Bucket: name, Pos: diag.Position{File: "f", Line: 3}}}}, b))
		env, diags := b.Result()
		if len(env) != 0 || !diags.HasErrors() || diags[0].Pos.Line != 3 {
			t.Errorf("%q: %v, %v", name, env, diags)
		}
	}
}

func TestCallsAreTraced(t *testing.T) {
	var bus trace.Bus
	records := make(chan trace.Record, 10)
	bus.Subscribe(func(r trace.Record) { records <- r })
	bucket := newBucket(t)
	iso := isolate.New(isolate.Options{Name: "w", Trace: &bus, Install: []func(*jsg.Scope){iocontext.Install, all.Install}})
	defer func() { iso.Dispose(); <-iso.Done() }()
	io := iocontext.New(iso, ctx, iocontext.Info{})
	io.Post(&iocontext.Frame{IO: io, Span: 7}, func(js *jsg.Scope) {
		o := bucketClass.Wrap(js, &binding{name: "STORE", bucket: bucket})
		for _, args := range [][]jsg.Value{
			{js.String("put"), js.String("a"), js.String("x")},
			{js.String("get"), js.String("a"), js.Record("range", js.Record("offset", js.Int(9)))},
			{js.String("list")},
		} {
			p, err := js.Invoke(o, args[0].String(), args[1:]...)
			if err != nil {
				t.Error(err)
				return
			}
			js.MarkHandled(p)
		}
	})
	for _, want := range []struct{ name, err string }{{"STORE.put a", ""}, {"STORE.get a", ErrInvalidRange.Error()}, {"STORE.list", ""}} {
		r := <-records
		if r.Kind != trace.Binding || r.Name != want.name || r.Error != want.err || r.Parent != 7 || r.Span == 0 || r.Worker != "w" || r.Target != "STORE" {
			t.Errorf("record %+v, want %v", r, want)
		}
	}
}
