package rpc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit only ends tests that fail.
const limit = time.Minute

// service is a worker that the others of a pair reach by env.OTHER.
type service struct{ *worker.Handle }

// Fetch implements wire.Fetcher.
func (s service) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return s.Entrypoint("default", nil).Fetch(ctx, req)
}

// Send implements rpc.Callee, as the bindings of a project do.
func (s service) Send(op *rpc.Op) {
	if err := worker.CountCall(op); err != nil {
		op.Fail(err)
		return
	}
	s.Entrypoint("default", nil).Send(op)
}

// pair are two workers, a and b, that have each other as env.OTHER.
type pair struct {
	t    testing.TB
	a, b service
	bus  *trace.Bus
}

const classes = `const { WorkerEntrypoint, RpcTarget } = __mw.import("cloudflare:workers");
class Counter extends RpcTarget {
	#n; constructor(n) { super(); this.#n = n; }
	get value() { return this.#n; }
	increment(by = 1) { return this.#n += by; }
	child() { return new Counter(this.#n + 1); }
}
`

// newPair loads the two sources: each ends in class Main.
func newPair(t testing.TB, a, b string) *pair {
	p := &pair{t: t, a: service{worker.NewHandle("a")}, b: service{worker.NewHandle("b")}, bus: &trace.Bus{}}
	p.a.Swap(p.load("a", a, p.b))
	p.b.Swap(p.load("b", b, p.a))
	t.Cleanup(func() {
		for _, s := range []service{p.a, p.b} {
			w := s.Current()
			s.Close()
			if w != nil {
				<-w.Isolate().Done()
			}
		}
	})
	return p
}

func (p *pair) load(name, source string, other service) *worker.Worker {
	p.t.Helper()
	program, err := jsg.Compile(name+".js", "(function(__mw) { \"use strict\"; "+classes+source+"\n__mw.exports({default: () => Main}); })")
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := worker.Load(worker.Options{Name: name, Script: &isolate.Script{Program: program}, Flag: func(string) bool { return true }, Trace: p.bus, Subrequests: math.MaxInt32,
		Env: []worker.EnvEntry{{Name: "OTHER", Make: func(js *jsg.Scope) (jsg.Value, error) { return fetch.NewFetcher(js, "OTHER", other), nil }}}})
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

// ask sends a a request; the path is for its fetch handler.
func (p *pair) ask(path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	resp, err := p.a.Fetch(ctx, &wire.Request{Method: "GET", URL: "http://a/" + path, Header: http.Header{}})
	if err != nil {
		return "error: " + err.Error()
	}
	if resp.Body == nil {
		return ""
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(data)
}

func (p *pair) want(path, want string) {
	p.t.Helper()
	if got := p.ask(path); got != want {
		p.t.Errorf("%s: %s, want %s", path, got, want)
	}
}

// held is how many references a's JavaScript holds.
func (p *pair) held() (n int) {
	if err := p.a.Current().Isolate().Do(func(js *jsg.Scope) { n = rpc.Held(js) }); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// asking is a worker that answers requests with what a function of its own,
// named by the path, gives.
func asking(functions string) string {
	return `const tests = {` + functions + `};
class Main extends WorkerEntrypoint {
	async fetch(r) {
		const name = new URL(r.url).pathname.slice(1);
		try { return Response.json(await tests[name](this.env.OTHER) ?? null); }
		catch (e) { return Response.json({name: e.name, message: e.message, ...e}); }
	}
	back(n) { return n <= 0 ? "end" : this.env.OTHER.forth(n - 1); }
	forever() { return this.env.OTHER.forever(); }
	echo(v) { return v; }
}`
}

const serving = `class Main extends WorkerEntrypoint {
	echo(v) { return v; }
	counter(n) { return new Counter(n); }
	forth(n) { return n <= 0 ? "end" : this.env.OTHER.back(n - 1); }
	forever() { return this.env.OTHER.forever(); }
	never(started) { started(); return new Promise((done) => setTimeout(done, 1e8)); }
	overflow() { const f = () => f() + 1; return f(); }
	async each(f, n) { let sum = 0; for (let i = 0; i < n; i++) sum += await f(i); return sum; }
}`

func TestMutualCalls(t *testing.T) {
	p := newPair(t, asking(`
		deep: (other) => other.forth(20),
		many: async (other) => (await Promise.all(Array.from({length: 50}, () => other.forth(10)))).every((x) => x === "end"),
		callbacks: async (other) => Promise.all([1, 2, 3].map((k) => other.each((i) => i * k, 20))),
		circle: (other) => other.forever(),
	`), serving)
	p.want("deep", `"end"`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			p.want("many", "true")
			p.want("callbacks", "[190,380,570]")
		})
	}
	wg.Wait()
	if got := p.ask("circle"); !strings.Contains(got, "more than 32 Worker invocations") {
		t.Errorf("circle: %s", got)
	}
}

func TestPipelining(t *testing.T) {
	p := newPair(t, asking(`
		thousand: async (other) => {
			const all = await Promise.all(Array.from({length: 1000}, (_, i) => other.counter(i).child().child().increment()));
			return all.every((x, i) => x === i + 3);
		},
		order: async (other) => {
			const c = other.counter(0);
			const got = await Promise.all(Array.from({length: 200}, () => c.increment()));
			return got.every((x, i) => x === i + 1);
		},
		deep: (other) => { let p = other.counter(0); for (let i = 0; i < 300; i++) p = p.child(); return p.value; },
	`), serving)
	p.want("thousand", "true")
	p.want("order", "true")
	p.want("deep", "300")
}

// TestNothingIsLeft: references end with disposal, and with the event; the
// callee's version can go when nobody holds any.
func TestNothingIsLeft(t *testing.T) {
	p := newPair(t, asking(`
		disposed: async (other) => {
			for (let i = 0; i < 200; i++) { const c = await other.counter(i); await c.increment(); c[Symbol.dispose](); }
			for (let i = 0; i < 200; i++) { const p = other.counter(i); await p.increment(); p[Symbol.dispose](); }
			return held();
		},
		kept: async (other) => { const all = []; for (let i = 0; i < 50; i++) all.push(await other.counter(i)); return held() > 50; },
	`), serving)
	err := p.a.Current().Isolate().Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "held", js.Func("held", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
			return js.Int(int64(rpc.Held(js))), nil
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
	p.want("disposed", "0")
	p.want("kept", "true")
	if n := p.held(); n != 0 {
		t.Errorf("%d references outlive the event", n)
	}
	old := p.b.Current()
	p.b.Swap(p.load("b", serving, p.a))
	waitFor(t, old.Isolate().Done(), "the version whose objects were handed out is disposed of")
}

// TestGarbage: a stub that nobody can reach is as good as disposed of.
func TestGarbage(t *testing.T) {
	p := newPair(t, asking(`
		run: async (other) => { for (let i = 0; i < 300; i++) await (await other.counter(i)).increment(); started(); await new Promise((done) => { globalThis.done = done; setTimeout(done, 1e8); }); },
	`), serving)
	iso := p.a.Current().Isolate()
	started := make(chan struct{})
	if err := iso.Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "started", js.Func("started", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
			close(started)
			return jsg.Undefined, nil
		}))
	}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan string, 1)
	go func() { answered <- p.ask("run") }()
	waitFor(t, started, "the calls are made")
	for deadline := time.Now().Add(limit); p.held() > 100; {
		if time.Now().After(deadline) {
			t.Fatalf("%d references are held for stubs nobody has", p.held())
		}
		runtime.GC()
	}
	if err := iso.Do(func(js *jsg.Scope) { _, _ = js.Invoke(js.Global(), "done") }); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; got != "null" {
		t.Error(got)
	}
}

func waitFor(t testing.TB, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatal("not within a minute: " + what)
	}
}

func TestTheOtherSideGoesAway(t *testing.T) {
	p := newPair(t, asking(`
		never: (other) => other.never(() => started()),
		overflow: (other) => other.overflow(),
		echo: (other) => other.echo(1),
	`), serving)
	started := make(chan struct{}, 1)
	if err := p.a.Current().Isolate().Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "started", js.Func("started", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
			started <- struct{}{}
			return jsg.Undefined, nil
		}))
	}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan string, 1)
	go func() { answered <- p.ask("never") }()
	<-started
	killed := p.b.Current()
	p.b.Swap(p.load("b", serving, p.a))
	killed.Kill()
	var e struct {
		Message           string
		Retryable, Remote bool
	}
	if err := json.Unmarshal([]byte(<-answered), &e); err != nil || !e.Retryable || !e.Remote || !strings.HasPrefix(e.Message, "Network connection lost: the worker b was reloaded") {
		t.Errorf("a killed callee: %+v, %v", e, err)
	}
	p.want("echo", "1")
	if err := json.Unmarshal([]byte(p.ask("overflow")), &e); err != nil || !strings.Contains(e.Message, "Maximum call stack size exceeded") {
		t.Errorf("a crashed callee: %+v, %v", e, err)
	}
	p.want("echo", "1")
}

// TestKilledInTheMiddle: streams and sockets between two workers end with the
// one that is stopped.
func TestKilledInTheMiddle(t *testing.T) {
	const callee = `const first = new Uint8Array(1), never = () => new Promise((done) => setTimeout(done, 1e8));
const stalling = () => { let sent = false; return new ReadableStream({ pull(c) { if (sent) return never(); sent = true; c.enqueue(first); } }); };
const drain = async (stream) => { const r = stream.getReader(); while (!(await r.read()).done); };
class Main extends WorkerEntrypoint {
	async fetch(request) {
		switch (new URL(request.url).pathname) {
		case "/body": return new Response(stalling());
		case "/upload": await drain(request.body); return new Response("read");
		case "/never": return never();
		}
		const [a, b] = Object.values(new WebSocketPair());
		a.accept();
		a.send("hello");
		return new Response(null, { status: 101, webSocket: b });
	}
	stream() { return stalling(); }
	sink() { return new WritableStream({ write() {} }); }
	take(stream) { return drain(stream); }
}`
	p := newPair(t, asking(`
		body: async (other) => reading((await other.fetch("http://b/body")).body),
		stream: async (other) => reading(await other.stream()),
		sink: async (other) => { const w = (await other.sink()).getWriter(); await w.write(new Uint8Array(1)); started(); for (;;) await w.write(new Uint8Array(1)); },
		given: async (other) => { let cancelled; const gone = new Promise((done) => { cancelled = done; }); try { await other.take(endless(cancelled)); } finally { await Promise.race([gone, never()]); } },
		upload: async (other) => { let cancelled; const gone = new Promise((done) => { cancelled = done; }); try { await other.fetch("http://b/upload", {method: "POST", body: endless(cancelled)}); } finally { await Promise.race([gone, never()]); } },
		socket: async (other) => {
			const ws = (await other.fetch("http://b/socket", {headers: {upgrade: "websocket"}})).webSocket;
			const closed = new Promise((done) => ws.addEventListener("close", (e) => done(e.code)));
			ws.addEventListener("message", () => started());
			ws.accept();
			throw new Error("closed " + await closed);
		},
	`)+`
	const never = () => new Promise((done) => setTimeout(done, 1e8));
	async function reading(stream) { const r = stream.getReader(); await r.read(); started(); return (await r.read()).done; }
	function endless(cancel) { let n = 0; return new ReadableStream({ pull(c) { if (++n < 3) c.enqueue(new Uint8Array(1)); else { started(); return new Promise(() => {}); } }, cancel }, { highWaterMark: 0 }); }`, callee)
	started := make(chan struct{}, 1)
	if err := p.a.Current().Isolate().Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "started", js.Func("started", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
			started <- struct{}{}
			return jsg.Undefined, nil
		}))
	}); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"body", "stream", "sink", "given", "upload", "socket"} {
		t.Run(what, func(t *testing.T) {
			answered := make(chan string, 1)
			go func() { answered <- p.ask(what) }()
			select {
			case <-started:
			case got := <-answered:
				t.Fatalf("it never began: %s", got)
			}
			killed := p.b.Current()
			p.b.Swap(p.load("b", callee, p.a))
			killed.Kill()
			if got := <-answered; !strings.Contains(got, `"name":"Error"`) || what == "socket" && !strings.Contains(got, "closed 1006") {
				t.Errorf("ended in %s", got)
			}
		})
	}
	if n := p.held(); n != 0 {
		t.Errorf("%d references are left", n)
	}
}

// TestReloads: no call is lost between versions.
func TestReloads(t *testing.T) {
	p := newPair(t, asking(`
		echo: async (other) => { for (let i = 0; i < 50; i++) if (await other.echo(i) !== i) return false; return true; },
	`), serving)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				p.b.Swap(p.load("b", serving, p.a))
			}
		}
	})
	for range 10 {
		p.want("echo", "true")
	}
	close(stop)
	wg.Wait()
}

func TestTrace(t *testing.T) {
	p := newPair(t, asking(`
		run: (other) => other.counter(1).increment(),
	`), `class Main extends WorkerEntrypoint { counter(n) { console.log("called"); return new Counter(n); } }`)
	var mu sync.Mutex
	var records []trace.Record
	t.Cleanup(p.bus.Subscribe(func(r trace.Record) {
		mu.Lock()
		defer mu.Unlock()
		records = append(records, r)
	}))
	p.want("run", "2")
	mu.Lock()
	defer mu.Unlock()
	var lines []string
	spans := map[trace.Span]string{}
	for _, r := range records {
		if r.Kind == trace.Subrequest {
			spans[r.Span] = r.Name
		}
	}
	for _, r := range records {
		lines = append(lines, fmt.Sprintf("%s %s %s in %q", r.Worker, r.Kind, r.Name, spans[r.Parent]))
	}
	got := strings.Join(lines, "\n")
	for _, want := range []string{`b log called in "OTHER.counter()"`, `a subrequest OTHER.counter() in ""`, `a subrequest OTHER.counter.increment() in ""`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// bench runs f in a, with env.OTHER, b.N times.
func bench(b *testing.B, f string) {
	p := newPair(b, asking(`run: async (other) => { const f = `+f+`; for (let i = 0; i < n(); i++) await f(other); }`), serving)
	if err := p.a.Current().Isolate().Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "n", js.Func("n", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) { return js.Int(int64(b.N)), nil }))
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	if got := p.ask("run"); got != "null" {
		b.Fatal(got)
	}
}

func BenchmarkCall(b *testing.B)      { bench(b, `(other) => other.echo(1)`) }
func BenchmarkPipelined(b *testing.B) { bench(b, `(other) => other.counter(1).increment()`) }
func BenchmarkCallback(b *testing.B)  { bench(b, `(other) => other.each((x) => x, 1)`) }

// TestStreams: bytes cross when they are asked for, in both directions.
func TestStreams(t *testing.T) {
	p := newPair(t, asking(`
		read: async (other) => {
			const r = (await other.endless()).getReader();
			for (let i = 0; i < 3; i++) await r.read();
			const pulled = await other.pulled();
			await r.cancel("enough");
			return [pulled < 16, await other.cancelled()];
		},
		write: async (other) => {
			let taken = 0, open;
			const gate = new Promise((done) => { open = done; });
			const w = new WritableStream({ async write(c) { taken += c.byteLength; await gate; } });
			const writing = other.fill(w, 100);
			await other.echo(0);
			const before = taken;
			open();
			return [await writing, before < 100 * 1024, taken];
		},
		cancelled: async (other) => { const w = new WritableStream({ write() { throw new RangeError("full"); } }); return other.fill(w, 3); },
	`), `let pulled = 0, cancelled;
const gone = new Promise((done) => { cancelled = done; });
class Main extends WorkerEntrypoint {
	endless() { return new ReadableStream({ pull(c) { pulled++; c.enqueue(new Uint8Array(1024)); }, cancel() { cancelled(true); } }, { highWaterMark: 0 }); }
	pulled() { return pulled; }
	cancelled() { return gone; }
	echo(v) { return v; }
	async fill(w, n) { const writer = w.getWriter(); for (let i = 0; i < n; i++) await writer.write(new Uint8Array(1024)); await writer.close(); return n; }
}`)
	p.want("read", "[true,true]")
	p.want("write", "[100,true,102400]")
	if got := p.ask("cancelled"); !strings.Contains(got, "full") {
		t.Errorf("cancelled: %s", got)
	}
}
