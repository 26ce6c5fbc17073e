package worker

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// handle loads a worker behind a handle.
func handle(t *testing.T, body string) *Handle {
	t.Helper()
	w, err := tryLoad(body, options{})
	if err != nil {
		t.Fatal(err)
	}
	h := NewHandle("w")
	h.Swap(w)
	t.Cleanup(func() {
		current := h.Current()
		h.Close()
		if current != nil {
			<-current.iso.Done()
		}
	})
	return h
}

// TestACrashEndsOneVersionOnly: what the engine does not survive fails the
// request it happened in, and the worker starts anew.
func TestACrashEndsOneVersionOnly(t *testing.T) {
	h := handle(t, `let n = 0;
	const exports = {default: {async fetch(r) {
		switch (new URL(r.url).pathname) {
		case "/sort": { const a = [3, 1, 2]; try { a.sort(() => { a.length = 0; return 1 }) } catch {} return new Response("not reached"); }
		}
		return new Response("request " + ++n + " of this version") } }}`)
	first := h.Current()
	if _, got := fetchText(t, h, get("https://e.com/sort")); !strings.Contains(got, "crashed by a fault of the runtime") {
		t.Errorf("%q", got)
	}
	for _, want := range []string{"request 1 of this version", "request 2 of this version"} {
		if _, got := fetchText(t, h, get("https://e.com/")); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	<-first.iso.Done()
}

// TestAbortIsolate: what is under way ends in the reason, which nothing can
// catch, and the worker starts anew.
func TestAbortIsolate(t *testing.T) {
	h := handle(t, `let n = 0, waiting = false; const { abortIsolate } = __mw.import("cloudflare:workers");
	const exports = {default: {async fetch(r) {
		switch (new URL(r.url).pathname) {
		case "/waiting": return new Response(waiting);
		case "/wait": waiting = true; await new Promise((done) => setTimeout(done, 1e8)); break;
		case "/abort": try { abortIsolate("nothing to save") } catch {} return new Response("not reached");
		case "/late": await 0; abortIsolate();
		}
		return new Response("request " + ++n + " of this version") } }}`)
	first := h.Current()
	waiting := make(chan error, 1)
	go func() { _, err := h.Fetch(context.Background(), get("https://e.com/wait")); waiting <- err }()
	for got := ""; got != "true"; {
		_, got = fetchText(t, h, get("https://e.com/waiting"))
	}
	if _, got := fetchText(t, h, get("https://e.com/abort")); !strings.Contains(got, "nothing to save") {
		t.Errorf("%q", got)
	}
	if err := <-waiting; err == nil || !strings.Contains(err.Error(), "nothing to save") {
		t.Errorf("a request that waited: %v", err)
	}
	<-first.iso.Done()
	if _, got := fetchText(t, h, get("https://e.com/late")); !strings.Contains(got, "The isolate was aborted.") {
		t.Errorf("%q", got)
	}
	if _, got := fetchText(t, h, get("https://e.com/")); got != "request 1 of this version" {
		t.Errorf("%q", got)
	}
}

// TestALimitEndsStreams: whoever reads from or writes to a worker that is stopped
// in the middle, as one is that exceeds a limit, gets an error and no end, and
// the worker starts anew.
func TestALimitEndsStreams(t *testing.T) {
	spinning := make(chan struct{})
	load := func() *Worker {
		return load(t, `const { env } = __mw.import("cloudflare:workers"), spin = () => { env.SPINNING(); for (;;); };
		let n = 0;
		const exports = {default: {async fetch(r) {
			switch (new URL(r.url).pathname) {
			case "/down": return new Response(new ReadableStream({ pull(c) { if (n++) spin(); c.enqueue(new Uint8Array(1)); } }, { highWaterMark: 0 }));
			case "/up": { const from = r.body.getReader(); await from.read(); spin(); }
			}
			return new Response("alive") } }}`, options{
			env: []EnvEntry{{"SPINNING", func(js *jsg.Scope) (jsg.Value, error) {
				return js.Func("SPINNING", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
					spinning <- struct{}{}
					return jsg.Undefined, nil
				}), nil
			}}},
		})
	}
	h := NewHandle("w")
	h.Swap(load())
	defer func() {
		last := h.Current()
		h.Close()
		<-last.iso.Done()
	}()
	const why = "Worker exceeded memory limit."
	alive := func() {
		t.Helper()
		if _, got := fetchText(t, h, get("https://e.com/")); got != "alive" {
			t.Errorf("afterwards: %q", got)
		}
	}

	resp, err := h.Fetch(context.Background(), get("https://e.com/down"))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, resp.Body); ended <- err }()
	<-spinning
	h.Current().iso.Interrupt(why)
	if err := <-ended; err == nil {
		t.Error("the response came to its end")
	}
	_ = resp.Body.Close()
	alive()

	body, upload := io.Pipe()
	go func() {
		for { // the worker reads one piece
			if _, err := upload.Write([]byte{1}); err != nil {
				ended <- err
				return
			}
		}
	}()
	answered := make(chan error, 1)
	go func() {
		req := get("https://e.com/up")
		req.Method, req.Body = "POST", wire.NewBody(body, -1)
		_, err := h.Fetch(context.Background(), req)
		answered <- err
	}()
	<-spinning
	h.Current().iso.Interrupt(why)
	if err := <-answered; err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("the request: %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the upload came to its end")
	}
	alive()
}

// TestAFullStackIsAnError: it can be caught wherever it happens, and ends
// nothing but what does not catch it.
func TestAFullStackIsAnError(t *testing.T) {
	h := handle(t, `const f = () => f() + 1, g = async () => { await 0; return f() }; let n = 0;
	class C { constructor() { new C() } }
	const caught = (h) => { try { return h() } catch (e) { return e.constructor === RangeError && e.message } };
	const exports = {default: {async fetch(r) {
		n++;
		switch (new URL(r.url).pathname) {
		case "/uncaught": await 0; return new Response(f());
		case "/caught": return new Response(caught(f));
		case "/later": await 0; return new Response(caught(f));
		case "/awaited": try { return new Response(await g()) } catch (e) { return new Response(e.message) }
		case "/then": return new Response(await Promise.resolve().then(f).catch((e) => e.message));
		case "/timer": return new Response(await new Promise((ok) => setTimeout(() => ok(caught(f)), 1)));
		case "/getter": return new Response("x", {get headers() { return f() }});
		case "/map": { const m = () => [1].map(m); return new Response(caught(m)); }
		case "/new": return new Response(caught(() => new C()));
		case "/proxy": { const p = new Proxy(f, {apply: () => p()}); return new Response(caught(p)); }
		case "/generator": { function* y() { yield* y() } return new Response(caught(() => y().next())); }
		case "/finally": return new Response(caught(() => { let s = ""; const h = () => { try { h() } finally { s = "f" } }; try { h() } catch (e) { return s + e.message } }));
		}
		return new Response("request " + n + " of this version") } }}`)
	paths := []string{"/uncaught", "/caught", "/later", "/awaited", "/then", "/timer", "/getter", "/map", "/new", "/proxy", "/generator", "/finally"}
	for _, path := range paths {
		if _, got := fetchText(t, h, get("https://e.com"+path)); !strings.Contains(got, "Maximum call stack size exceeded") {
			t.Errorf("%s: %q", path, got)
		}
	}
	if _, got := fetchText(t, h, get("https://e.com/")); got != fmt.Sprintf("request %d of this version", len(paths)+1) {
		t.Errorf("%q", got)
	}
}

// TestKillIsNoCrash: code that runs when its worker is killed is no reason to
// start the worker anew, or to report anything.
func TestKillIsNoCrash(t *testing.T) {
	for range 20 {
		var bus trace.Bus
		bus.Subscribe(func(r trace.Record) { t.Errorf("reported: %s %s", r.Kind, r.Error) })
		started := make(chan struct{})
		w := load(t, `const exports = {default: {async fetch() { env.STARTED(); for (;;); }}}; const {env} = __mw.import("cloudflare:workers")`, options{
			trace: &bus,
			env: []EnvEntry{{"STARTED", func(js *jsg.Scope) (jsg.Value, error) {
				return js.Func("STARTED", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
					close(started)
					return jsg.Undefined, nil
				}), nil
			}}},
		})
		h := NewHandle("w")
		h.Swap(w)
		answered := make(chan error, 1)
		go func() { _, err := w.Fetch(context.Background(), get("https://e.com/")); answered <- err }()
		<-started
		w.Kill()
		if err := <-answered; err == nil {
			t.Error("the request cannot have been answered")
		}
		<-w.iso.Done()
		if h.Current() != w {
			t.Fatal("the handle has another version")
		}
		h.Close()
	}
}

func TestARetiredLoopIsKilled(t *testing.T) {
	c := clock.NewFake(time.Unix(0, 0))
	started := make(chan struct{})
	p := jsg.MustCompile("worker.js", `(function(__mw) { __mw.exports({default: () => ({fetch() { started(); for (;;); }})}) })`)
	w, err := Load(Options{Name: "w", Clock: c, Script: &isolate.Script{Program: p}})
	if err != nil {
		t.Fatal(err)
	}
	w.iso.Do(func(js *jsg.Scope) {
		js.Define(js.Global(), "started", js.Func("started", 0, func(*jsg.Scope, jsg.Value, *jsg.Args) (jsg.Value, error) {
			close(started)
			return jsg.Undefined, nil
		}))
	})
	answered := make(chan error, 1)
	go func() { _, err := w.Fetch(context.Background(), get("https://e.com/")); answered <- err }()
	<-started
	w.Retire()
	c.Advance(retireLimit)
	<-w.iso.Done()
	if err := <-answered; err == nil {
		t.Error("the request cannot have been answered")
	}
}

func TestAClientThatLeavesEndsAStalledStream(t *testing.T) {
	w := load(t, `let cancelled = "no"; const exports = {default: {fetch(r) {
		if (new URL(r.url).pathname === "/asked") return new Response(cancelled);
		return new Response(new ReadableStream({pull() { return new Promise(() => {}) }, cancel() { cancelled = "yes" }})) } }}`, options{})
	ctx, cancel := context.WithCancel(context.Background())
	resp, err := w.Fetch(ctx, get("https://e.com/"))
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() { _, err := io.ReadAll(resp.Body); read <- err }()
	cancel()
	if err := <-read; err == nil {
		t.Error("a broken off body must not look complete")
	}
	resp.Body.Close()
	if _, got := fetchText(t, w, get("https://e.com/asked")); got != "yes" {
		t.Errorf("cancelled: %s", got)
	}
}

// TestAbort: ctx.abort() ends one event, with its reason, whether or not its
// code catches what it throws; the version goes on.
func TestAbort(t *testing.T) {
	h := handle(t, `let n = 0;
	const exports = {default: {async fetch(r, env, ctx) {
		n++;
		switch (new URL(r.url).pathname) {
		case "/caught": try { ctx.abort("my reason") } catch {} return new Response("went on");
		case "/later": await 0; ctx.abort(new TypeError("typed")); return new Response("went on");
		case "/waiting": setTimeout(() => ctx.abort("from a timer"), 1); await new Promise(() => {}); break;
		}
		return new Response("request " + n) } }}`)
	for path, want := range map[string]string{"/caught": "my reason", "/later": "typed", "/waiting": "from a timer"} {
		if _, got := fetchText(t, h, get("https://e.com"+path)); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if _, got := fetchText(t, h, get("https://e.com/")); got != "request 4" {
		t.Errorf("%q", got)
	}
}
