package workflows

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// project is a session with one worker, without a dev server around.
type project struct {
	t       testing.TB
	clock   *clock.Fake
	session *bindings.Session
	handle  *worker.Handle
	trace   trace.Bus
	mu      sync.Mutex
	log     []string // of console.log
}

func newProject(t testing.TB, dir string) *project {
	p := &project{t: t, clock: clock.NewFake(time.Unix(1_800_000_000, 0)), handle: worker.NewHandle("w")}
	p.trace.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Log {
			p.mu.Lock()
			p.log = append(p.log, r.Name)
			p.mu.Unlock()
		}
	})
	p.session = &bindings.Session{State: dir, Clock: p.clock, Trace: &p.trace, WorkerNames: func() string { return "w" },
		Worker:  func(string) *worker.Handle { return p.handle },
		Workers: func() []*worker.Worker { return p.handle.Versions() }}
	t.Cleanup(p.close)
	return p
}

func (p *project) close() {
	if p.session == nil {
		return
	}
	if w := p.handle.Current(); w != nil {
		p.handle.Close()
		<-w.Isolate().Done()
	}
	if err := p.session.Close(); err != nil {
		p.t.Error(err)
	}
	p.session = nil
}

// load makes body, which defines the class Flow, the version of the worker.
func (p *project) load(body string) {
	p.t.Helper()
	cfg := &config.Config{Name: "w", Workflows: []config.Workflow{{Binding: "FLOW", Name: "flow", ClassName: "Flow"}}}
	b := bindings.NewBuilder(p.session, "w")
	if err := Kind.Bind(cfg, b); err != nil {
		p.t.Fatal(err)
	}
	env, diags := b.Result()
	if len(diags) > 0 {
		p.t.Fatal(diags)
	}
	program, err := jsg.Compile("worker.js", `(function(__mw) { "use strict"; const { WorkflowEntrypoint } = __mw.import("cloudflare:workers");`+body+`
		const worker = { async fetch(request, env) {
			const [, method, id, ...args] = decodeURIComponent(new URL(request.url).pathname).split("/");
			if (method === "hang") return new Promise(() => {});
			if (method === "create") return new Response((await env.FLOW.create({ id, params: args[0] })).id);
			const i = await env.FLOW.get(id);
			return Response.json(await i[method](...args.map((a) => JSON.parse(a))) ?? null);
		} };
		__mw.exports({ default: () => worker, Flow: () => Flow }); })`)
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := worker.Load(worker.Options{Name: "w", Script: &isolate.Script{Program: program}, Env: env, Clock: p.clock, Trace: &p.trace,
		Flag: func(string) bool { return true }})
	if err != nil {
		p.t.Fatal(err)
	}
	p.handle.Swap(w)
}

func (p *project) get(path string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	resp, err := p.handle.Fetch(ctx, &wire.Request{Method: "GET", URL: "http://x" + path, Header: http.Header{}})
	if err != nil {
		return "error: " + err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}

func (p *project) flow() *Workflow {
	p.t.Helper()
	w, err := Shared(p.session, "flow")
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

func (p *project) describe(id string) *Report {
	p.t.Helper()
	r, err := p.flow().Describe(id)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// settle waits for something that happens on another goroutine.
func (p *project) settle(what string, ok func() bool) {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); !ok(); runtime.Gosched() {
		if time.Now().After(limit) {
			p.t.Fatal("it did not happen: " + what)
		}
	}
}

// until waits for an instance to have logged an event so often.
func (p *project) until(id, event string, n int) *Report {
	p.t.Helper()
	var r *Report
	p.settle(fmt.Sprint(id, " ", event, " ", n), func() bool {
		r = p.describe(id)
		return r.count(event) >= n
	})
	return r
}

func (r *Report) count(event string) (n int) {
	for _, e := range r.Log {
		if e.Event == event {
			n++
		}
	}
	return n
}

// done waits for an instance to be complete.
func (p *project) done(id, want string) {
	p.t.Helper()
	var r *Report
	p.settle(id+" ends", func() bool {
		r = p.describe(id)
		return r.Status.Final()
	})
	if got := string(r.Output()); r.Status != Complete || got != want {
		p.t.Errorf("%s is %s with %s %s, want %s", id, r.Status, got, r.Failure(), want)
	}
}

// quiet waits for the worker to have nothing to do but to wait.
func (p *project) quiet() {
	p.t.Helper()
	if err := p.session.Settle(context.Background()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log, " ")
}

const sleeper = `class Flow extends WorkflowEntrypoint { async run(event, step) {
	const a = await step.do("a", async () => { console.log("ran a"); return 1; });
	await step.sleep("s", "1 hour");
	const b = await step.do("b", async () => { console.log("ran b"); return 2; });
	return [a, b, event.payload];
} }`

func TestSleepsByTheClock(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(sleeper)
	if got := p.get("/create/i/x"); got != "i" {
		t.Fatal(got)
	}
	p.until("i", "sleep_started", 1)
	p.quiet()
	p.clock.Advance(time.Hour - time.Millisecond)
	p.quiet()
	if r := p.describe("i"); r.Status != Running || r.count("sleep_completed") != 0 {
		t.Fatal(r.Status)
	}
	p.clock.Advance(time.Millisecond)
	p.done("i", `[1,2,"x"]`)
}

func TestReloadDoesNotRepeat(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(sleeper)
	p.get("/create/i/x")
	p.until("i", "sleep_started", 1)
	p.clock.Advance(40 * time.Minute)
	p.load(strings.Replace(sleeper, "return 2", "return 3", 1))
	p.until("i", "sleep_started", 1)
	p.quiet()
	p.clock.Advance(20 * time.Minute)
	p.done("i", `[1,3,"x"]`)
	if got := p.logged(); got != "ran a ran b" {
		t.Error(got)
	}
}

func TestGoesOnInTheNextSession(t *testing.T) {
	dir := t.TempDir()
	p := newProject(t, dir)
	p.load(sleeper)
	p.get("/create/i/x")
	p.until("i", "sleep_started", 1)
	p.close()
	next := newProject(t, dir)
	next.clock.Advance(2 * time.Hour)
	next.load(sleeper)
	next.done("i", `[1,2,"x"]`)
	if got := next.logged(); got != "ran b" {
		t.Error(got)
	}
}

func TestUnusedWorkflowLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	p := newProject(t, dir)
	p.load(sleeper)
	p.load(sleeper)
	p.quiet()
	if w := p.flow(); w.exists() {
		t.Error("there is a database")
	}
}

func TestRetriesAndTimeoutsByTheClock(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(`class Flow extends WorkflowEntrypoint { async run(event, step) {
		return step.do("a", { retries: { limit: 3, delay: "10 seconds", backoff: "exponential" }, timeout: "1 minute" }, (c) => {
			console.log("attempt", c.attempt);
			if (c.attempt === 1) throw new Error("no");
			if (c.attempt === 2) return new Promise((resolve) => setTimeout(resolve, 3_600_000));
			return c.attempt;
		});
	} }`)
	p.get("/create/i")
	p.until("i", "attempt_errored", 1)
	p.quiet()
	p.clock.Advance(10 * time.Second)
	p.until("i", "attempt_started", 2)
	p.quiet()
	p.clock.Advance(time.Minute)
	r := p.until("i", "attempt_errored", 2)
	p.quiet()
	if got := string(r.last("attempt_errored")); !strings.Contains(got, `"retryDelayMs":20000`) || !strings.Contains(got, "WorkflowTimeoutError") {
		t.Error(got)
	}
	p.clock.Advance(20*time.Second - 1)
	p.quiet()
	if r := p.describe("i"); r.count("attempt_started") != 2 {
		t.Error("the third attempt came too early")
	}
	p.clock.Advance(1)
	p.done("i", "3")
}

func TestWaitsForEventsOverReloads(t *testing.T) {
	const body = `class Flow extends WorkflowEntrypoint { async run(event, step) {
		const a = await step.waitForEvent("a", { type: "go", timeout: "1 day" });
		try { await step.waitForEvent("b", { type: "never", timeout: "1 hour" }); } catch (e) { return [a.payload, e.message]; }
	} }`
	p := newProject(t, t.TempDir())
	p.load(body)
	p.get("/create/i")
	p.until("i", "wait_started", 1)
	p.load(body)
	p.get(`/sendEvent/i/{"type":"go","payload":5}`)
	p.until("i", "wait_started", 2)
	p.load(body)
	p.quiet()
	p.clock.Advance(time.Hour)
	p.done("i", `[5,"WorkflowTimeoutError: Execution timed out after 3600000ms"]`)
}

func TestPauseWaitsForTheStep(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(`class Flow extends WorkflowEntrypoint { async run(event, step) {
		const a = await step.do("a", async () => { console.log("a"); await new Promise((resolve) => setTimeout(resolve, 1000)); return 1; });
		await step.sleep("s", 1000);
		return [a, await step.do("b", () => { console.log("b"); return 2; })];
	} }`)
	p.get("/create/i")
	p.until("i", "attempt_started", 1)
	p.get("/pause/i")
	if r := p.describe("i"); r.Status != Pausing {
		t.Fatal(r.Status)
	}
	p.quiet()
	p.clock.Advance(time.Second)
	p.until("i", "workflow_paused", 1)
	p.clock.Advance(time.Hour) // nothing goes on meanwhile
	p.quiet()
	p.get("/resume/i")
	p.until("i", "sleep_started", 1)
	p.quiet()
	p.clock.Advance(time.Second)
	p.done("i", "[1,2]")
	if got := p.logged(); got != "a b" {
		t.Error(got)
	}
}

func TestPauseTakenBack(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(`class Flow extends WorkflowEntrypoint { async run(event, step) {
		const slow = step.do("a", async () => { await new Promise((resolve) => setTimeout(resolve, 1000)); return 1; });
		await step.sleep("s", 10);
		return [await step.do("b", () => 2), await slow];
	} }`)
	p.get("/create/i")
	p.until("i", "attempt_started", 1)
	p.until("i", "sleep_started", 1)
	p.get("/pause/i")
	p.quiet()
	p.clock.Advance(10 * time.Millisecond)
	p.quiet()
	if r := p.describe("i"); r.count("step_started") != 1 {
		t.Error("a step began while the instance was to pause")
	}
	p.get("/resume/i")
	p.until("i", "step_completed", 1)
	p.clock.Advance(time.Second)
	p.done("i", "[2,1]")
}

func TestTerminateEndsTheCode(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(sleeper)
	p.get("/create/i/x")
	p.until("i", "sleep_started", 1)
	if got := p.get("/terminate/i"); got != "null" {
		t.Fatal(got)
	}
	p.clock.Advance(2 * time.Hour)
	p.quiet()
	if r := p.describe("i"); r.Status != Terminated || p.logged() != "ran a" {
		t.Error(r.Status, p.logged())
	}
}

// A request that nothing can answer any more is found out although an instance
// sleeps in the same isolate.
func TestSleepHidesNoHang(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(sleeper)
	p.get("/create/i/x")
	p.until("i", "sleep_started", 1)
	if got := p.get("/hang"); !strings.Contains(got, "hung") {
		t.Error(got)
	}
	p.quiet()
	p.clock.Advance(time.Hour)
	p.done("i", `[1,2,"x"]`)
}

func TestHangEndsTheInstance(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(`class Flow extends WorkflowEntrypoint { async run(event, step) { await step.do("a", () => 1); await new Promise(() => {}); } }`)
	p.get("/create/i")
	r := p.until("i", "workflow_errored", 1)
	if r.Status != Errored || !strings.Contains(string(r.Failure()), "would never generate a response") {
		t.Error(r.Status, string(r.Failure()))
	}
}

func TestReturnToACheckpoint(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(sleeper)
	p.get("/create/i/x")
	p.until("i", "sleep_started", 1)
	p.quiet()
	ctx := context.Background()
	c, err := p.session.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(time.Hour)
	p.done("i", `[1,2,"x"]`)
	if _, err := p.session.Return(ctx, c, bindings.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	p.done("i", `[1,2,"x"]`) // it is due by the clock
	if got := p.logged(); got != "ran a ran b ran b" {
		t.Error(got)
	}
	if _, err := p.session.Reset(ctx, bindings.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := p.get("/status/i"); !strings.Contains(got, "instance.not_found") {
		t.Error(got)
	}
	if err := c.Release(); err != nil {
		t.Error(err)
	}
}

func TestTrace(t *testing.T) {
	p := newProject(t, t.TempDir())
	var mu sync.Mutex
	var seen []string
	p.trace.Subscribe(func(r trace.Record) {
		mu.Lock()
		defer mu.Unlock()
		switch r.Kind {
		case trace.Object, trace.Event, trace.Subrequest:
			seen = append(seen, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.Kind, r.Name, r.Target, r.Error)))
		}
	})
	p.load(`class Flow extends WorkflowEntrypoint { async run(event, step) {
		await step.do("a", { retries: { limit: 1, delay: 0 } }, (c) => { if (c.attempt === 1) throw new Error("no"); });
	} }`)
	p.get("/create/i")
	p.done("i", "")
	want := "object queued flow, object running flow, event step a-1 no, event step a-1, object complete flow, event workflow flow i"
	p.settle(want, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(seen, ", ") == want
	})
}

func TestMissingClass(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load(`const Flow = undefined;`)
	p.settle("a report", func() bool { return strings.Contains(p.logged(), `does not export the Workflow class "Flow"`) })
	p.get("/create/i")
	r := p.until("i", "workflow_errored", 1)
	if !strings.Contains(string(r.Failure()), `has no entrypoint \"Flow\"`) {
		t.Error(string(r.Failure()))
	}
}

// What the command line makes while no session runs, the next one runs.
func TestMadeFromOutside(t *testing.T) {
	dir := t.TempDir()
	p := newProject(t, dir)
	if _, err := p.flow().CreateJSON("i", []byte(`{"n":[1]}`)); err != nil {
		t.Fatal(err)
	}
	if err := p.flow().SendJSON("i", "go", []byte(`"now"`)); err != nil {
		t.Fatal(err)
	}
	p.load(`class Flow extends WorkflowEntrypoint { async run(event, step) {
		return [event.payload.n, (await step.waitForEvent("w", { type: "go" })).payload];
	} }`)
	p.done("i", `[[1],"now"]`)
}
