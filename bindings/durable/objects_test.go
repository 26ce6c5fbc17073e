package durable

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

// project is a session with workers in it, without a dev server around.
type project struct {
	t       testing.TB
	clock   *clock.Fake
	session *bindings.Session
	handles map[string]*worker.Handle
	trace   trace.Bus
	records chan trace.Record
	diags   []string
}

func newProject(t testing.TB, dir string, workers ...string) *project {
	p := &project{t: t, clock: clock.NewFake(time.Unix(1_800_000_000, 0)), handles: map[string]*worker.Handle{}, records: make(chan trace.Record, 1000)}
	for _, name := range append(workers, "w") {
		p.handles[name] = worker.NewHandle(name)
	}
	p.session = &bindings.Session{State: dir, Clock: p.clock, Trace: &p.trace, WorkerNames: func() string { return "w" },
		Worker: func(name string) *worker.Handle { return p.handles[name] }}
	t.Cleanup(p.close)
	return p
}

func (p *project) close() {
	for _, h := range p.handles {
		if w := h.Current(); w != nil {
			h.Close()
			<-w.Isolate().Done()
		}
	}
	if p.session != nil {
		if err := p.session.Close(); err != nil {
			p.t.Error(err)
		}
		p.session = nil
	}
}

// load makes body the version of a worker. Its classes are the ones bound;
// names in legacy have the key-value backend.
func (p *project) load(name, body string, classes ...string) {
	p.t.Helper()
	cfg := &config.Config{Name: name}
	m := config.Migration{Tag: "v1"}
	exports := "default: () => worker"
	for _, c := range classes {
		script, class, foreign := strings.Cut(c, "/")
		if !foreign {
			script, class = "", c
		}
		cfg.DurableObjects = append(cfg.DurableObjects, config.DurableObjectBinding{Name: strings.ToUpper(class), ClassName: class, ScriptName: script})
		switch {
		case strings.HasPrefix(class, "Legacy"):
			m.NewClasses = append(m.NewClasses, class)
		case !foreign:
			m.NewSQLiteClasses = append(m.NewSQLiteClasses, class)
		}
		if !foreign && class != "Missing" {
			exports += fmt.Sprintf(", %s: () => %s", class, class)
		}
	}
	cfg.Migrations = []config.Migration{m}
	p.loadConfig(cfg, body, exports)
}

func (p *project) loadConfig(cfg *config.Config, body, exports string) {
	p.t.Helper()
	b := bindings.NewBuilder(p.session, cfg.Name)
	if err := Kind.Bind(cfg, b); err != nil {
		p.t.Fatal(err)
	}
	env, diags := b.Result()
	for _, d := range diags {
		p.diags = append(p.diags, d.Error())
	}
	program, err := jsg.Compile("worker.js", `(function(__mw) { "use strict"; const { DurableObject } = __mw.import("cloudflare:workers");`+body+"\n; __mw.exports({"+exports+"}); })")
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := worker.Load(worker.Options{Name: cfg.Name, Script: &isolate.Script{Program: program}, Env: env, Clock: p.clock, Trace: &p.trace,
		Flag: func(string) bool { return true }})
	if err != nil {
		p.t.Fatal(err)
	}
	p.handles[cfg.Name].Swap(w)
}

// get asks the worker w.
func (p *project) get(path string) string { return p.ask(p.handles["w"], path) }

func (p *project) ask(f wire.Fetcher, path string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	resp, err := f.Fetch(ctx, &wire.Request{Method: "GET", URL: "http://x" + path, Header: http.Header{}})
	if err != nil {
		return "error: " + err.Error()
	}
	if resp.Body == nil {
		return fmt.Sprint(resp.Status)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}

func (p *project) want(path, want string) {
	p.t.Helper()
	if got := p.get(path); got != want {
		p.t.Errorf("%s:\ngot  %s\nwant %s", path, got, want)
	}
}

// namespace is the life of a class's objects.
func (p *project) namespace(class string) *actor.Namespace {
	p.t.Helper()
	ns, err := Find(p.session, "w", class)
	if err != nil {
		p.t.Fatal(err)
	}
	return ns
}

const counter = `
class Counter extends DurableObject {
	constructor(ctx, env) { super(ctx, env); this.started = (globalThis.started ?? 0) + 1; globalThis.started = this.started; }
	async fetch(request) {
		const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
		await this.ctx.storage.put("n", n);
		return new Response(String(n));
	}
}` + counterWorker

const counterWorker = `
const worker = { async fetch(request, env) {
	const url = new URL(request.url);
	return env.COUNTER.get(env.COUNTER.idFromName(url.pathname)).fetch(request);
} };`

func TestCounter(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", counter, "Counter")
	p.want("/a", "1")
	p.want("/a", "2")
	p.want("/b", "1")
	p.want("/a", "3")
	p.load("w", counter, "Counter")
	p.want("/a", "4")
}

func BenchmarkIncrement(b *testing.B) {
	p := newProject(b, b.TempDir())
	p.load("w", counter, "Counter")
	ns := p.namespace("Counter")
	ref := ns.Ref(ns.FromName("x"))
	b.ResetTimer()
	for range b.N {
		resp, err := ref.Fetch(context.Background(), &wire.Request{Method: "GET", URL: "http://x/", Header: http.Header{}})
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

// settle waits for something that happens on another goroutine.
func (p *project) settle(ok func() bool) {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); !ok(); runtime.Gosched() {
		if time.Now().After(limit) {
			p.t.Fatal("it did not happen")
		}
	}
}
