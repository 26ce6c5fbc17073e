package durable

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// leaving is an object with things that take for ever.
const leaving = `
const first = new TextEncoder().encode("first"), never = () => new Promise((done) => setTimeout(done, 1e8));
const drain = async (stream) => { const r = stream.getReader(); while (!(await r.read()).done); };
const stalling = () => { let sent = false; return new ReadableStream({ pull(c) { if (sent) return never(); sent = true; c.enqueue(first); } }); };
class Obj extends DurableObject {
	async fetch(request) {
		switch (new URL(request.url).pathname) {
		case "/stream": return new Response(stalling());
		case "/identity": { const { readable, writable } = new IdentityTransformStream(); writable.getWriter().write(first); return new Response(readable); }
		case "/upload": await drain(request.body); return new Response("read");
		case "/hibernate": { const [a, b] = Object.values(new WebSocketPair()); this.ctx.acceptWebSocket(a); a.send("hello"); return new Response(null, { status: 101, webSocket: b }); }
		case "/socket": { const [a, b] = Object.values(new WebSocketPair()); a.accept(); a.send("hello"); return new Response(null, { status: 101, webSocket: b }); }
		}
		return new Response("alive");
	}
	echo(x) { return x; }
	stream() { return stalling(); }
	sink() { return new WritableStream({ write() {} }); }
	take(stream) { return drain(stream); }
	async never(begun) { await begun(); await never(); }
	async block(begun) { await this.ctx.blockConcurrencyWhile(async () => { await begun(); await never(); }); }
	async transaction(begun) { await this.ctx.storage.transaction(async () => { await begun(); await never(); }); }
	target() { return { never, f: () => never() }; }
	abort() { this.ctx.abort("enough"); }
}
const worker = {};`

// staying has each of them begin, says begun() in the middle, and answers with
// how it ended.
const staying = `
const never = () => new Promise((done) => setTimeout(done, 1e8));
const ended = async (f) => { try { return "no error: " + await f(); } catch (e) { return e.name + ": " + e.message; } };
const reading = async (stream) => { const r = stream.getReader(); await r.read(); begun(); return ended(async () => (await r.read()).done); };
const endless = (cancel) => { let n = 0; return new ReadableStream({ pull(c) { if (++n < 3) c.enqueue(new Uint8Array(1)); else { begun(); return new Promise(() => {}); } }, cancel }, { highWaterMark: 0 }); };
const closing = async (answer) => {
	const ws = (await answer).webSocket;
	const closed = new Promise((done) => ws.addEventListener("close", (e) => done("closed " + e.code + " " + e.reason)));
	ws.addEventListener("message", () => begun());
	ws.accept();
	return closed;
};
const doing = {
	"body": async (stub) => reading((await stub.fetch("http://x/stream")).body),
	"identity": async (stub) => reading((await stub.fetch("http://x/identity")).body),
	"text": async (stub) => { const r = await stub.fetch("http://x/stream"); begun(); return ended(() => r.text()); },
	"stream": async (stub) => reading(await stub.stream()),
	"call": (stub) => ended(() => stub.never(() => begun())),
	"pipelined": (stub) => ended(() => stub.never(() => begun()).a.b()),
	"function": async (stub) => { const { f } = await stub.target(); const p = f(); begun(); return ended(() => p); },
	"section": (stub) => ended(() => stub.block(() => begun())),
	"transaction": (stub) => ended(() => stub.transaction(() => begun())),
	"waiting": (stub) => { const p = stub.block(() => begun()); return ended(async () => { const [a, b] = await Promise.allSettled([p, stub.echo(1)]); if (b.value !== undefined && b.value !== 1) throw new Error("echo gave " + b.value); throw a.reason; }); }, // what had not begun may reach the next version
	"sink": async (stub) => { const w = (await stub.sink()).getWriter(); await w.write(new Uint8Array(1)); begun(); return ended(async () => { for (;;) await w.write(new Uint8Array(1)); }); },
	"given": async (stub) => { let cancelled; const gone = new Promise((done) => { cancelled = done; }); const how = await ended(() => stub.take(endless(cancelled))); await Promise.race([gone, never()]); return how; },
	"upload": async (stub) => { let cancelled; const gone = new Promise((done) => { cancelled = done; }); const how = await ended(() => stub.fetch("http://x/upload", { method: "POST", body: endless(cancelled) })); await Promise.race([gone, never()]); return how; },
	"socket": (stub) => closing(stub.fetch("http://x/socket", { headers: { upgrade: "websocket" } })),
	"hibernating": (stub) => closing(stub.fetch("http://x/hibernate", { headers: { upgrade: "websocket" } })),
};
const worker = { async fetch(request, env) {
	const name = new URL(request.url).pathname.slice(1), stub = () => env.OBJ.getByName("x");
	switch (name) {
	case "abort": return new Response(await ended(() => stub().abort()));
	case "alive": return stub().fetch("http://x/");
	}
	return new Response(await doing[name](stub()));
} };`

// TestGone: whatever a caller has under way with an object ends at once when the
// object goes, in an error that says why; nothing of it stays, and the object
// can be called again.
func TestGone(t *testing.T) {
	p := newProject(t, t.TempDir(), "o")
	p.load("o", leaving, "Obj")
	p.load("w", staying, "o/Obj")
	begun := make(chan struct{}, 1)
	if err := p.handles["w"].Current().Isolate().Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "begun", js.Func("begun", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
			begun <- struct{}{}
			return jsg.Undefined, nil
		}))
	}); err != nil {
		t.Fatal(err)
	}
	ns, err := Find(p.session, "o", "Obj")
	if err != nil {
		t.Fatal(err)
	}
	calls := []string{"body", "identity", "text", "stream", "call", "pipelined", "function", "sink", "given", "upload", "socket", "hibernating"}
	sections := []string{"section", "transaction", "waiting"} // they hold back a call that is to abort
	replaced := regexp.MustCompile("code was updated|was stopped|Network connection lost|^closed 10|received over RPC")
	for _, how := range []struct {
		name string
		what []string
		end  func()
		want *regexp.Regexp
	}{
		{"aborted", calls, func() { p.get("/abort") }, regexp.MustCompile("enough|^closed 1006|received over RPC")},
		{"timed out", sections, func() { p.clock.Advance(time.Minute) }, regexp.MustCompile("waited for too long")},
		{"reloaded", slices.Concat(calls, sections), func() { p.load("o", leaving, "Obj") }, replaced},
		{"stopped", slices.Concat(calls, sections), func() { p.handles["o"].Current().Kill(); p.load("o", leaving, "Obj") }, replaced},
	} {
		for _, what := range how.what {
			t.Run(what+", "+how.name, func(t *testing.T) {
				p.t = t
				answered := make(chan string, 1)
				go func() { answered <- p.get("/" + what) }()
				select {
				case <-begun:
				case got := <-answered:
					t.Fatalf("it never began: %s", got)
				}
				how.end()
				got := <-answered
				if strings.HasPrefix(got, "no error") || !how.want.MatchString(got) {
					t.Errorf("ended in %q, want %q", got, how.want)
				}
				p.want("/alive", "alive")
				p.settle(func() bool { return ns.Leases(ns.FromName("x")) == 0 })
			})
		}
	}
	p.t = t
}
