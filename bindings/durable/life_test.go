package durable

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// forward is a worker that hands requests to the object named by the first
// part of the path.
const forward = `
const worker = { async fetch(request, env) {
	const url = new URL(request.url), [, name, ...rest] = url.pathname.split("/");
	try {
		return await Object.values(env)[0].getByName(name).fetch("http://do/" + rest.join("/") + url.search, request);
	} catch (e) {
		return new Response(e.name + ": " + e.message + " " + JSON.stringify(e, Object.keys(e).sort()));
	}
} };`

func TestNamespace(t *testing.T) {
	tests := []struct{ code, want string }{
		{`[env.A.idFromName("foo").toString(), env.A.idFromName("").toString(), env.B.idFromName("foo").toString()]`,
			`["113513f6d0c71691a82443588250b4bf00ec1c60e203080a989e4ec5690577e6","f4e86e32adce157ff9e84ed641298c96ecd8b2e74f41ffc3aeb36a9eac7e74ef","54ab2912928e67c3d15e6f506cfcde8d65603b31360f7e0a403fe0d4703baa64"]`},
		{`[env.A.idFromName("foo").name, env.A.newUniqueId().name ?? null, String(env.A.newUniqueId()).length]`, `["foo",null,64]`},
		{`env.A.idFromString("abc")`, `TypeError: Invalid Durable Object ID: must be 64 hex digits`},
		{`String(env.A.idFromString(env.A.idFromName("foo").toString().toUpperCase())).slice(0, 6)`, `"113513"`},
		{`env.A.idFromString(env.B.idFromName("foo").toString())`, `TypeError: Durable Object ID is not valid for this namespace.`},
		{`env.A.get(env.B.idFromName("foo"))`, `TypeError: Durable Object ID is not valid for this namespace.`},
		{`env.A.get("foo")`, `TypeError: Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type 'DurableObjectId'.`},
		{`env.A.idFromName()`, `TypeError: Failed to execute 'idFromName' on 'DurableObjectNamespace': parameter 1 is not of type 'string'.`},
		{`[env.A.idFromName("foo").equals(env.A.idFromName("foo")), env.A.idFromName("foo").equals(env.A.idFromName("fo"))]`, `[true,false]`},
		{`env.A.idFromName("foo").equals("x")`, `TypeError: Failed to execute 'equals' on 'DurableObjectId': parameter 1 is not of type 'DurableObjectId'.`},
		{`{id: env.A.idFromName("a")}`, `{"id":{"name":"a"}}`},
		{`{ const s = env.A.getByName("s1"); return [s.name, s.id.name, s.constructor.name, String(s), typeof s.anything, s.then ?? null, typeof s.fetch, typeof Fetcher]; }`,
			`["s1","s1","DurableObject","[object DurableObject]","function",null,"function","undefined"]`},
		{`[String(env.A.jurisdiction("eu").idFromName("foo")) !== String(env.A.idFromName("foo")), typeof env.A.get(env.A.jurisdiction("eu").idFromName("foo")).fetch]`, `[true,"function"]`},
		{`env.A.jurisdiction("moon")`, `TypeError: Invalid jurisdiction "moon": it must be "eu", "fedramp" or "us".`},
	}
	p := newProject(t, t.TempDir(), "orc")
	var cases strings.Builder
	for _, test := range tests {
		code := test.code
		if !strings.HasPrefix(code, "{ ") {
			code = "return (" + code + ")"
		}
		cases.WriteString("async (env) => { " + code + " },\n")
	}
	p.load("orc", `class A extends DurableObject {} class B extends DurableObject {}
const cases = [`+cases.String()+`];
const worker = { async fetch(request, env) {
	try { return Response.json(await cases[new URL(request.url).pathname.slice(1)](env)); } catch (e) { return new Response(String(e)); }
} };`, "A", "B")
	for i, test := range tests {
		if got := p.ask(p.handles["orc"], "/"+string(rune('0' + i/10))[:min(i/10, 1)]+string(rune('0'+i%10))); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.code, got, test.want)
		}
	}
}

const broken = `
class Obj extends DurableObject {
	constructor(ctx, env) {
		super(ctx, env);
		if (ctx.id.name === "ctor" && !globalThis.mended) throw new RangeError("ctor boom");
		if (ctx.id.name === "block") ctx.blockConcurrencyWhile(async () => { throw new TypeError("block boom") });
		this.count = 0;
	}
	async fetch(request) {
		this.count++;
		switch (new URL(request.url).pathname) {
		case "/throw": { const e = new TypeError("fetch boom"); e.extra = 1; throw e; }
		case "/five": return 5;
		case "/hang": return new Promise(() => {});
		case "/block": await this.ctx.blockConcurrencyWhile(async () => { throw new Error("b boom") }); break;
		case "/abort": await this.ctx.storage.put("lost", 1); this.ctx.abort("because"); break;
		case "/abort2": this.ctx.abort();  break;
		case "/lost": return new Response(String(await this.ctx.storage.get("lost")));
		}
		return new Response(String(this.count));
	}
}
class Bare { fetch() { return new Response("bare") } }
class None extends DurableObject {}
async function attempt(f) { try { const r = await f(); return await r.text(); } catch (e) { return e.name + ": " + e.message + " " + JSON.stringify(e, Object.keys(e).sort()); } }
const worker = { async fetch(request, env) {
	const url = new URL(request.url), stub = env.OBJ.getByName(url.pathname.slice(1)), out = [];
	for (const step of url.search.slice(1).split(",")) {
		const target = step === "bare" ? env.BARE.getByName("x") : step === "none" ? env.NONE.getByName("x") : step.startsWith("fresh") ? env.OBJ.getByName(url.pathname.slice(1)) : stub;
		if (step === "mend") { globalThis.mended = true; continue; }
		out.push(await attempt(() => target.fetch("http://do/" + step.replace("fresh", ""))));
	}
	return new Response(out.join("\n"));
} };`

func TestErrors(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", broken, "Obj", "Bare", "None")
	reset := `"durableObjectReset":true`
	for _, test := range []struct{ name, path, want string }{
		{"thrown", "/a?throw,ok", `TypeError: fetch boom {"extra":1,"remote":true}` + "\n2"},
		{"no response", "/b?five", `TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'. {"remote":true}`},
		{"no handler", "/c?none", `Error: Handler does not export a fetch() function. {"remote":true}`},
		{"plain class", "/c?bare", `bare`},
		{"constructor throws", "/ctor?ok,ok,mend,freshok", `RangeError: ctor boom {` + reset + `,"remote":true}` + "\n" + `RangeError: ctor boom {` + reset + "}\n1"},
		{"constructor's section throws", "/block?ok", `TypeError: block boom {` + reset + `,"remote":true}`},
		{"section throws", "/d?ok,block,ok,freshok", "1\n" + `Error: b boom {` + reset + `,"remote":true}` + "\n" + `Error: b boom {` + reset + "}\n1"},
		{"abort", "/e?ok,abort,ok,freshlost", "1\n" + `Error: because {` + reset + `,"remote":true}` + "\n" + `Error: because {` + reset + "}\nundefined"},
		{"abort without a reason", "/f?abort2", `Error: Application called abort() to reset Durable Object. {` + reset + `,"remote":true}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.t = t
			p.want(test.path, test.want)
		})
	}
}

func TestLegacyBackend(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", `
class Legacy extends DurableObject {
	async fetch(request) {
		const st = this.ctx.storage;
		try {
			switch (new URL(request.url).pathname) {
			case "/sql": return Response.json(st.sql.exec("select 1").toArray());
			case "/kv": return Response.json(st.kv.get("a"));
			case "/sync": return Response.json(st.transactionSync(() => 1));
			}
			await st.put("a", 1);
			return Response.json(await st.get("a"));
		} catch (e) { return new Response(String(e)); }
	}
}`+forward, "Legacy")
	p.want("/x/sql", "Error: "+errNoSQL.Error()[len("Error: "):])
	p.want("/x/kv", "Error: "+errNoKV.Error()[len("Error: "):])
	p.want("/x/sync", "1")
	p.want("/x/put", "1")
}

func TestReload(t *testing.T) {
	p := newProject(t, t.TempDir())
	version := func(v string) string {
		return `class Obj extends DurableObject {
	constructor(ctx, env) { super(ctx, env); this.n = 0; }
	async fetch(request) {
		if (request.url.endsWith("/slow")) { globalThis.entered = true; await new Promise(() => setTimeout(() => {}, 1e6)); }
		return new Response("` + v + `" + ++this.n);
	}
}` + forward
	}
	p.load("w", version("old"), "Obj")
	p.want("/a/", "old1")
	p.want("/a/", "old2")
	done := make(chan string)
	go func() { done <- p.get("/a/slow") }()
	p.settle(func() bool { return p.namespace("Obj").Leases(p.namespace("Obj").FromName("a")) == 1 })
	p.load("w", version("new"), "Obj")
	p.want("/a/", "new1")
	if got, want := <-done, `Error: Durable Object reset because its code was updated. {"durableObjectReset":true,"retryable":true}`; got != want {
		t.Errorf("in flight:\ngot  %s\nwant %s", got, want)
	}
	p.want("/a/", "new2")
}

func TestEviction(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", `class Obj extends DurableObject {
	n = 0;
	fetch() { return new Response(String(++this.n)); }
}`+forward, "Obj")
	p.want("/a/", "1")
	p.clock.Advance(60 * time.Second)
	p.want("/a/", "2")
	p.clock.Advance(60 * time.Second)
	p.want("/a/", "3")
	p.clock.Advance(71 * time.Second)
	p.settle(func() bool { return len(p.namespace("Obj").Running()) == 0 })
	p.want("/a/", "1")
	if !p.namespace("Obj").Evict(p.namespace("Obj").FromName("a")) {
		t.Error("could not evict an idle object")
	}
	p.want("/a/", "1")
}

func TestMissingClass(t *testing.T) {
	p := newProject(t, t.TempDir())
	logs := make(chan string, 10)
	defer p.trace.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Log {
			logs <- r.Name
		}
	})()
	p.load("w", forward, "Missing")
	want := "The worker \"w\" does not export the Durable Object class \"Missing\". Write `export class Missing extends DurableObject { … }` in its entry file; it exports: [default]."
	if got := <-logs; got != want {
		t.Errorf("log: %s", got)
	}
	if got := p.get("/a/"); !strings.Contains(got, want) {
		t.Errorf("call: %s", got)
	}
}

func TestOtherWorker(t *testing.T) {
	p := newProject(t, t.TempDir(), "host")
	p.load("w", `class Unused {}
const worker = { fetch(request, env) { return env.OBJ.getByName("x").fetch(request); } };`, "host/Obj", "nobody/Gone")
	if got := p.get("/"); got != "error: Error: The Durable Object class Obj cannot run: the worker host is not running" {
		t.Errorf("before: %s", got)
	}
	p.load("host", `class Obj extends DurableObject { fetch() { return new Response("hosted") } }
const worker = {};`, "Obj")
	p.want("/", "hosted")
	if len(p.diags) != 1 || !strings.Contains(p.diags[0], `names the worker "nobody"`) {
		t.Errorf("diagnostics: %v", p.diags)
	}
}

// An event may wait for the next one without being taken for hung, also where
// nothing else goes on in the isolate.
func TestLongPoll(t *testing.T) {
	p := newProject(t, t.TempDir(), "host")
	p.load("host", `class Obj extends DurableObject {
	fetch(request) {
		if (request.url.endsWith("/wait")) return new Promise(done => { this.done = done; });
		this.done(new Response("news"));
		return new Response("told");
	}
}
const worker = {};`, "Obj")
	p.load("w", `const worker = { fetch(request, env) { return env.OBJ.getByName("x").fetch(request); } };`, "host/Obj")
	host, err := open(p.session, "host", "Obj")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string, 1)
	go func() { done <- p.get("/wait") }()
	p.settle(func() bool { return host.Leases(host.FromName("x")) == 1 })
	p.want("/tell", "told")
	if got := <-done; got != "news" {
		t.Error(got)
	}
}

// What happens to objects is reported.
func TestTrace(t *testing.T) {
	p := newProject(t, t.TempDir())
	var mu sync.Mutex
	var log []string
	defer p.trace.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Object || r.Kind == trace.Event || r.Kind == trace.Socket {
			mu.Lock()
			log = append(log, fmt.Sprintf("%s %s %s/%s", r.Kind, r.Name, r.Target, r.Attrs["name"]))
			mu.Unlock()
		}
	})()
	p.load("w", room, "Room")
	a := p.connect("/r/ws?tag=a")
	a.say("hi")
	p.hears(a, "a1:hi")
	p.namespace("Room").Evict(p.namespace("Room").FromName("r"))
	p.load("w", room, "Room")
	want := "object started Room/r, socket accepted Room/r, event webSocketMessage Room/r, object hibernated Room/r, socket closed Room/r"
	p.settle(func() bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(log, ", ") == want
	})
}

// A pending operation keeps an object in memory.
func TestBusyStays(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", `class Obj extends DurableObject {
	n = 0;
	fetch(r) {
		if (r.url.endsWith("/later")) setTimeout(() => { this.n = "fired"; }, 200_000);
		return new Response(String(++this.n));
	}
}`+forward, "Obj")
	p.want("/a/later", "1")
	for range 19 {
		p.clock.Advance(10 * time.Second)
		p.handles["w"].Current().Isolate().Do(func(*jsg.Scope) {})
	}
	p.want("/a/", "2")
	p.clock.Advance(10 * time.Second)
	p.settle(func() bool { return p.get("/a/") == "NaN" })
}
