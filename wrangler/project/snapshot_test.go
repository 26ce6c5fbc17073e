package project

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const storageConfig = `{
	"name": "storage", "main": "index.js", "compatibility_date": "2026-01-01",
	"kv_namespaces": [{ "binding": "KV", "id": "kv" }],
	"d1_databases": [{ "binding": "DB", "database_id": "db", "database_name": "db" }],
	"r2_buckets": [{ "binding": "STORE", "bucket_name": "store" }],
	"durable_objects": { "bindings": [{ "name": "COUNTER", "class_name": "Counter" }] },
	"migrations": [{ "tag": "v1", "new_sqlite_classes": ["Counter"] }],
}`

// storageWorker writes a value to every kind of storage, and reads them all.
const storageWorker = `
import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
	memory = 0;
	constructor(ctx, env) {
		super(ctx, env);
		ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS t (v)");
	}
	async write(v) {
		this.memory = v;
		this.ctx.storage.sql.exec("INSERT INTO t VALUES (?)", v);
		await this.ctx.storage.put("k", v);
		await this.ctx.storage.setAlarm(Date.now() + 1000 * v);
	}
	async read() {
		return [this.memory, [...this.ctx.storage.sql.exec("SELECT v FROM t ORDER BY rowid").raw()].join("+"), await this.ctx.storage.get("k"),
			((await this.ctx.storage.getAlarm()) ?? 0) / 1000].join(",");
	}
	async alarm() { await this.ctx.storage.put("k", "alarm"); }
	async hang() { await new Promise(() => {}); }
}

export default {
	async fetch(request, env, ctx) {
		const url = new URL(request.url), v = Number(url.searchParams.get("v"));
		const object = env.COUNTER.get(env.COUNTER.idFromName(url.searchParams.get("object") ?? "a"));
		const cached = "https://cache.test/x";
		switch (url.pathname) {
		case "/write":
			await env.KV.put("k", String(v));
			await env.STORE.put("small", String(v));
			await env.STORE.put("large", new Uint8Array(100_000).fill(v));
			await caches.default.put(cached, new Response(String(v), { headers: { "cache-control": "max-age=1000" } }));
			await env.DB.exec("CREATE TABLE IF NOT EXISTS t (v)");
			await env.DB.prepare("INSERT INTO t VALUES (?)").bind(v).run();
			await object.write(v);
			return new Response("ok");
		case "/read":
			return new Response([
				await env.KV.get("k"), await env.DB.prepare("SELECT count(*) AS n, max(v) AS v FROM t").first("v").catch(() => null), await (await env.STORE.get("small"))?.text(),
				new Uint8Array(await (await env.STORE.get("large"))?.arrayBuffer() ?? [])[99_999] ?? null,
				await (await caches.default.match(cached))?.text(), await object.read(),
			].join(" "));
		case "/object":
			return new Response(await object.read());
		case "/late":
			ctx.waitUntil((async () => {
				await scheduler.wait(3_600_000);
				await env.KV.put("k", "late");
			})());
			return new Response("ok");
		case "/upload": // which never gets its bytes
			const { readable, writable } = new FixedLengthStream(1_000_000);
			writable.getWriter().write(new Uint8Array(100_000)).catch(() => {});
			await env.STORE.put("small", readable);
			return new Response("never");
		case "/unawaited":
			env.KV.put("k", "unawaited");
			env.STORE.put("small", "unawaited");
			env.DB.prepare("INSERT INTO t VALUES (99)").run();
			object.write(99);
			return new Response("ok");
		case "/hang":
			await Promise.race([object.hang(), scheduler.wait(3_600_000)]);
			return new Response("never");
		}
	},
};
`

type app struct {
	*Project
	t     testing.TB
	state string
	clock *clock.Fake
}

func start(t testing.TB, stateDir string) *app {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("wrangler.jsonc", storageConfig)
	write("index.js", storageWorker)
	c, diags := config.Location{Path: filepath.Join(dir, "wrangler.jsonc")}.Load(config.LoadOptions{})
	if diags.HasErrors() {
		t.Fatal(diags.Error())
	}
	clk := clock.NewFake(time.Unix(0, 0))
	bus := &trace.Bus{}
	bus.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Exception && !strings.Contains(r.Error, "restored") && !strings.Contains(r.Error, "was stopped") && !strings.Contains(r.Error, "stopped during the call") {
			t.Errorf("%s: %s\n%s", r.Worker, r.Error, r.Stack)
		}
	})
	p, diags := New(Options{Configs: []*config.Config{c}, State: stateDir, Clock: clk, Trace: bus}, server.New(server.Options{Clock: clk}))
	if diags.HasErrors() {
		t.Fatal(diags.Error())
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	if r := p.Build(t.Context(), p.Members()[0]); r.Failed() {
		t.Fatal(r.Err, r.Diags.Error())
	}
	return &app{p, t, stateDir, clk}
}

func (a *app) get(path string) (string, error) {
	req := &wire.Request{Method: "GET", URL: "https://storage.test" + path, Header: http.Header{}}
	resp, err := a.Members()[0].Handle.Fetch(a.t.Context(), req)
	if err != nil {
		return "", err
	}
	if resp.Body == nil {
		return "", nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

func (a *app) expect(path, want string) {
	a.t.Helper()
	if got, err := a.get(path); err != nil || got != want {
		a.t.Fatalf("%s gave %q (%v), want %q", path, got, err, want)
	}
}

func (a *app) snapshot(name string) {
	a.t.Helper()
	if _, err := a.Session().Snapshot(a.t.Context(), name); err != nil {
		a.t.Fatal(err)
	}
}

func (a *app) restore(name string) bindings.Restored {
	a.t.Helper()
	r, err := a.Session().Restore(a.t.Context(), name, bindings.RestoreOptions{})
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

const empty = "     0,,,0"

func TestSnapshots(t *testing.T) {
	a := start(t, t.TempDir())
	a.snapshot("empty")
	a.expect("/read", empty)
	a.expect("/write?v=1", "ok")
	a.expect("/read", "1 1 1 1 1 1,1,1,1")
	a.snapshot("one")
	a.expect("/read", "1 1 1 1 1 1,1,1,1") // in memory still
	a.expect("/write?v=2", "ok")
	a.snapshot("two")
	a.expect("/write?v=3", "ok")
	a.expect("/write?v=9&object=b", "ok")
	a.expect("/read", "9 9 9 9 9 3,1+2+3,3,3")

	a.restore("one")
	a.expect("/read", "1 1 1 1 1 0,1,1,1") // constructed anew
	a.expect("/object?object=b", "0,,,0")
	a.restore("two")
	a.expect("/read", "2 2 2 2 2 0,1+2,2,2")
	a.restore("two") // nothing changed since
	a.expect("/read", "2 2 2 2 2 0,1+2,2,2")
	a.restore("empty")
	a.expect("/read", empty)
	a.restore("two")
	a.expect("/read", "2 2 2 2 2 0,1+2,2,2")
	if _, err := a.Session().Reset(t.Context(), bindings.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	a.expect("/read", empty)

	list, err := a.Session().Snapshots()
	if err != nil || len(list) != 3 {
		t.Errorf("snapshots: %v %v", list, err)
	}
	if _, err := a.Session().Restore(t.Context(), "three", bindings.RestoreOptions{}); err == nil || !strings.Contains(err.Error(), "no snapshot") {
		t.Errorf("restored what is not there: %v", err)
	}
	if _, err := a.Session().Snapshot(t.Context(), "../x"); err == nil {
		t.Error("a snapshot may leave its folder")
	}
}

// A snapshot outlives the session; a fork is a state directory of its own. Cached
// responses outlive the session too, but snapshots of another one are without.
func TestSnapshotsOfAnotherSession(t *testing.T) {
	dir, fork := t.TempDir(), t.TempDir()
	t.Run("first", func(t *testing.T) {
		a := start(t, dir)
		a.expect("/write?v=1", "ok")
		a.snapshot("one")
		a.expect("/write?v=2", "ok")
		if err := a.Session().Fork(t.Context(), fork); err != nil {
			t.Fatal(err)
		}
		a.expect("/write?v=3", "ok")
	})
	t.Run("second", func(t *testing.T) {
		a := start(t, dir)
		a.expect("/read", "3 3 3 3 3 0,1+2+3,3,3")
		a.restore("one")
		a.expect("/read", "1 1 1 1  0,1,1,1")
		a.expect("/write?v=5", "ok")
		b := start(t, fork)
		b.expect("/read", "2 2 2 2  0,1+2,2,2")
	})
	t.Run("third", func(t *testing.T) {
		a := start(t, dir)
		a.expect("/read", "5 5 5 5 5 0,1+5,5,5")
		a.restore("one")
		a.expect("/read", "1 1 1 1  0,1,1,1")
	})
}

// Alarms are those of the snapshot, whatever was set or ran since.
func TestRestoredAlarms(t *testing.T) {
	a := start(t, t.TempDir())
	ns, err := durable.Find(a.Session(), "storage", "Counter")
	if err != nil {
		t.Fatal(err)
	}
	pending := func(want int) {
		t.Helper()
		if got := ns.Alarms(); len(got) != want {
			t.Errorf("pending alarms: %v, want %d", got, want)
		}
	}
	a.expect("/write?v=5", "ok")
	a.snapshot("armed")
	a.expect("/write?v=7&object=b", "ok")
	pending(2)
	a.restore("armed")
	pending(1)
	for range 2 {
		a.clock.Advance(10 * time.Second)
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
			if got, _ := a.get("/object"); got == "0,5,alarm,0" {
				break
			} else if time.Now().After(deadline) {
				t.Fatalf("the alarm did not run: %s", got)
			}
		}
		pending(0)
		a.restore("armed")
		pending(1)
	}
}

// What was under way when the state was restored changes nothing any more.
func TestRestoreEndsEvents(t *testing.T) {
	a := start(t, t.TempDir())
	a.expect("/write?v=1", "ok")
	a.snapshot("one")
	a.expect("/late", "ok")
	hung := make(chan error, 2)
	for _, path := range []string{"/hang", "/upload"} {
		go func() {
			_, err := a.get(path)
			hung <- err
		}()
	}
	ns, err := durable.Find(a.Session(), "storage", "Counter")
	if err != nil {
		t.Fatal(err)
	}
	for ns.Leases(ns.FromName("a")) == 0 {
		runtime.Gosched()
	}
	for uploading := false; !uploading; runtime.Gosched() {
		parts, _ := filepath.Glob(filepath.Join(a.state, "r2", "store", "blobs", "*.tmp"))
		uploading = len(parts) > 0
	}
	if r := a.restore("one"); r.Ended["storage"] != 3 {
		t.Errorf("ended %v, want 3 events", r.Ended)
	}
	for range 2 {
		if err := <-hung; err == nil || !strings.Contains(err.Error(), "restored") {
			t.Errorf("a hanging request ended in %v", err)
		}
	}
	for range 50 {
		a.expect("/unawaited", "ok")
		a.restore("one")
		a.expect("/read", "1 1 1 1 1 0,1,1,1")
	}
	a.clock.Advance(2 * time.Hour)
	if got, err := a.get("/read"); err != nil || !strings.HasPrefix(got, "1 1 1 1 ") {
		t.Errorf("a late event wrote: %s %v", got, err)
	}
}

// A snapshot shares what did not change, and nothing is left behind by many.
func TestManySnapshots(t *testing.T) {
	a := start(t, t.TempDir())
	a.expect("/write?v=1", "ok")
	a.snapshot("base")
	var cost struct {
		snapshots, restores time.Duration
		copied              int64
	}
	cycle := func(i int) {
		a.expect(fmt.Sprintf("/write?v=%d", 2+i%7), "ok")
		begin := time.Now()
		info, err := a.Session().Snapshot(t.Context(), "cycle")
		cost.snapshots += time.Since(begin)
		if err != nil {
			t.Fatal(err)
		}
		cost.copied += info.Copied
		if info.Copied > 1<<18 {
			t.Fatalf("snapshot %d copied %d bytes", i, info.Copied)
		}
		if info, err = a.Session().Snapshot(t.Context(), "again"); err != nil || info.Copied != 0 {
			t.Fatalf("an unchanged state was copied: %+v %v", info, err)
		}
		begin = time.Now()
		a.restore("base")
		cost.restores += time.Since(begin)
		if i%10 == 0 {
			a.expect("/read", "1 1 1 1 1 0,1,1,1")
		}
	}
	n := 150
	switch {
	case os.Getenv("MINIWORKER_SOAK") != "":
		n = 2000 // of each: a restore, a snapshot of changes, one without
	case testing.Short():
		n = 20
	}
	warm := 10
	for i := range warm {
		cycle(i)
	}
	before := measure(a.state)
	cost.snapshots, cost.restores, cost.copied = 0, 0, 0
	for i := range n {
		cycle(i)
	}
	after := measure(a.state)
	each := func(d time.Duration) time.Duration { return (d / time.Duration(n)).Round(time.Microsecond) }
	t.Logf("of %d: a snapshot with everything changed took %v and copied %d of %d bytes, a restore took %v", n, each(cost.snapshots), cost.copied/int64(n), after.bytes, each(cost.restores))
	t.Logf("before %+v, after %+v", before, after)
	if after.files != before.files || after.bytes > before.bytes+1<<16 {
		t.Errorf("files left behind: %+v became %+v", before, after)
	}
	if after.goroutines > before.goroutines+2 || after.descriptors > before.descriptors+2 {
		t.Errorf("left behind: %+v became %+v", before, after)
	}
	if after.heap > before.heap+8<<20 {
		t.Errorf("memory grew: %+v became %+v", before, after)
	}
}

type footprint struct {
	files, goroutines, descriptors int
	bytes                          int64
	heap                           uint64
}

func measure(dir string) (f footprint) {
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if info, e := d.Info(); err == nil && e == nil && !d.IsDir() {
			f.files++
			f.bytes += info.Size()
		}
		return nil
	})
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.descriptors = len(open)
	}
	f.goroutines = runtime.NumGoroutine()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	f.heap = m.HeapAlloc
	return f
}

func BenchmarkSnapshot(b *testing.B) {
	a := start(b, b.TempDir())
	a.expect("/write?v=1", "ok")
	a.snapshot("base")
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			a.snapshot("s")
			a.restore("s")
		}
	})
	b.Run("all changed", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			a.expect("/write?v=2", "ok")
			b.StartTimer()
			a.snapshot("s")
			a.restore("base")
		}
	})
}
