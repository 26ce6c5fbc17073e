package durable

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const gated = `
globalThis.log = [];
class Obj extends DurableObject {
	async fetch(request) {
		const url = new URL(request.url), st = this.ctx.storage, name = url.search.slice(1), note = s => log.push(name + s);
		const wait = () => new Promise(done => setTimeout(done, 10000));
		switch (url.pathname) {
		case "/log": { const text = log.join(" "); log = []; return new Response(text); }
		case "/block": await this.ctx.blockConcurrencyWhile(async () => { note("<"); await wait(); note(">"); }); note("!"); break;
		case "/forever": globalThis.inside = true; await this.ctx.blockConcurrencyWhile(() => new Promise(() => {})); break;
		case "/wait": note("<"); await wait(); note(">"); break;
		case "/storage": for (const step of "abc") { note(step); const n = (await st.get("n")) ?? 0; await st.put("n", n + 1); } break;
		case "/transaction": await st.transaction(async t => { note("<"); await t.put("n", 1); await wait(); note(">"); }); break;
		case "/n": return new Response(String(await st.get("n")));
		case "/violate":
			st.sql.exec("create table p(id integer primary key); create table c(p references p(id) deferrable initially deferred)");
			st.sql.exec("insert into c values (5)");
			await st.put("n", "never");
			return new Response("must not leave");
		case "/pending": await st.put("n", 7); await st.sync(); note("synced"); break;
		}
		return new Response("ok");
	}
}
class Slow extends DurableObject {
	constructor(ctx, env) { super(ctx, env); ctx.blockConcurrencyWhile(async () => { await new Promise(done => setTimeout(done, 5000)); this.value = await ctx.storage.get("v") ?? "ready"; }); }
	fetch() { return new Response(this.value); }
}` + `
const worker = { async fetch(request, env) {
	const url = new URL(request.url), stub = (url.pathname === "/slow" ? env.SLOW : env.OBJ).getByName("x");
	try { return await stub.fetch(request); } catch (e) { return new Response(e.name + ": " + e.message + (e.durableObjectReset ? " reset" : "")); }
} };`

// tick moves the clock and lets what falls due run to its end.
func (p *project) tick() {
	p.clock.Advance(time.Second)
	for range 10 {
		p.handles["w"].Current().Isolate().Do(func(*jsg.Scope) {})
	}
}

// flush lets other goroutines and the isolate go on for a while.
func (p *project) flush() {
	for range 200 {
		runtime.Gosched()
		p.handles["w"].Current().Isolate().Do(func(*jsg.Scope) {})
	}
}

// events sends requests, each once the one before has reached the object or
// was answered, and lets time pass until all are answered.
func (p *project) events(paths ...string) string {
	p.t.Helper()
	ns := p.namespace("Obj")
	id := ns.FromName("x")
	answers := make([]string, len(paths))
	var answered atomic.Int32
	for i, path := range paths {
		go func() { answers[i] = p.get(path); answered.Add(1) }()
		p.settle(func() bool { return ns.Leases(id)+int(answered.Load()) > i })
		p.flush() // the lease is taken just before the event is handed over
	}
	p.settle(func() bool {
		p.tick()
		return int(answered.Load()) == len(paths)
	})
	return strings.Join(answers, ",")
}

func TestConcurrency(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", gated, "Obj", "Slow")
	for _, test := range []struct {
		name   string
		events []string
		want   string // the log, then the answers
	}{
		{"events interleave where they wait", []string{"/wait?1", "/wait?2"}, "1< 2< 1> 2>; ok,ok"},
		{"nothing comes between storage calls", []string{"/storage?1", "/storage?2", "/storage?3"}, "1a 1b 1c 2a 2b 2c 3a 3b 3c; ok,ok,ok"},
		{"a critical section holds others back", []string{"/block?1", "/storage?2", "/block?3"}, "1< 1> 1! 2a 2b 2c 3< 3> 3!; ok,ok,ok"},
		{"so does a transaction", []string{"/transaction?1", "/n", "/transaction?2"}, "1< 1> 2< 2>; ok,1,ok"},
		{"timers of others wait too", []string{"/wait?1", "/block?2"}, "1< 2< 2> 2! 1>; ok,ok"},
		{"sync waits for the commit", []string{"/pending?1", "/n"}, "1synced; ok,7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.t = t
			answers := p.events(test.events...)
			if got := p.get("/log") + "; " + answers; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestSectionTakesTooLong(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", gated, "Obj", "Slow")
	const text = "Error: A call to blockConcurrencyWhile() in a Durable Object waited for too long. The call was canceled and the Durable Object was reset. reset"
	if got := p.events("/forever", "/storage?1"); got != text+","+text {
		t.Error(got)
	}
	p.want("/n", "undefined")
}

// A constructor's section holds back the event that started the object.
func TestSlowConstructor(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", gated, "Obj", "Slow")
	done := make(chan string, 1)
	go func() { done <- p.get("/slow") }()
	p.settle(func() bool { p.tick(); return len(done) == 1 })
	if got := <-done; got != "ready" {
		t.Error(got)
	}
}

// What a turn wrote and could not be committed has not happened, and an answer
// that says otherwise does not leave.
func TestCommitFails(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", gated, "Obj", "Slow")
	p.want("/violate", "Error: Durable Object was reset and rolled back to its last known good state because the application left the database in a state where constraints were violated: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)")
	p.want("/n", "undefined")
	p.want("/storage?1", "ok")
	p.want("/n", "3")
}

// Code that never returns keeps an object from being replaced only for so long.
func TestReloadStuck(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", `class Obj extends DurableObject { fetch(r) { if (r.url.endsWith("spin")) for (;;); return new Response("old"); } }`+forward, "Obj")
	p.want("/a/", "old")
	done := make(chan string)
	go func() { done <- p.get("/a/spin") }()
	p.settle(func() bool { return p.namespace("Obj").Leases(p.namespace("Obj").FromName("a")) == 1 })
	p.load("w", `class Obj extends DurableObject { fetch(r) { return new Response("new"); } }`+forward, "Obj")
	go func() { done <- p.get("/a/") }()
	p.settle(func() bool {
		p.clock.Advance(time.Second)
		return len(done) == 0 && p.clock.Now().Unix() > 1_800_000_010
	})
	got := []string{<-done, <-done}
	if !slices.Contains(got, "new") {
		t.Errorf("%q", got)
	}
}
