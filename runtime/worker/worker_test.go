package worker

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type options struct {
	env      []EnvEntry
	outbound wire.Fetcher
	trace    *trace.Bus
	sw       bool
	off      string // a compatibility flag; all others are on
}

// load runs a module body that ends in `const exports = {…}`.
func load(t *testing.T, body string, o options) *Worker {
	t.Helper()
	w, err := tryLoad(body, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Kill(); <-w.iso.Done() })
	return w
}

func tryLoad(body string, o options) (*Worker, error) {
	source := "(function(__mw) { \"use strict\"; " + body + "\n; __mw.exports({" +
		"get default() { return undefined } }); })"
	source = strings.Replace(source, "get default() { return undefined }", "default: () => typeof exports === 'undefined' ? undefined : exports.default, Named: () => exports.Named", 1)
	p, err := jsg.Compile("worker.js", source)
	if err != nil {
		return nil, err
	}
	return Load(Options{Name: "w", Script: &isolate.Script{Program: p}, Env: o.env, Outbound: o.outbound, Trace: o.trace, ServiceWorker: o.sw,
		Flag: func(flag string) bool { return flag != o.off }})
}

func get(url string) *wire.Request {
	return &wire.Request{Method: "GET", URL: url, Header: http.Header{}}
}

func fetchText(t *testing.T, w wire.Fetcher, req *wire.Request) (int, string) {
	t.Helper()
	resp, err := w.Fetch(context.Background(), req)
	if err != nil {
		return 0, err.Error()
	}
	if resp.Body == nil {
		return resp.Status, ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.Status, "body: " + err.Error()
	}
	return resp.Status, string(b)
}

func TestFetch(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"sync", `const exports = {default: {fetch(r, env, ctx) { return new Response(r.method + " " + r.url + " " + env.V) }}}`, "GET https://e.com/p var"},
		{"async", `const exports = {default: {async fetch(r) { await new Promise(f => setTimeout(f, 1)); return new Response("later") }}}`, "later"},
		{"this", `const exports = {default: {x: 5, fetch() { return new Response(this.x) }}}`, "5"},
		{"class", `const {WorkerEntrypoint} = __mw.import("cloudflare:workers"); const exports = {default: class extends WorkerEntrypoint { fetch(r) { return new Response(this.env.V + typeof this.ctx.waitUntil) }}}`, "varfunction"},
		{"env import", `const {env} = __mw.import("cloudflare:workers"); const exports = {default: {fetch() { return new Response(env.V) }}}`, "var"},
		{"throws", `const exports = {default: {fetch() { throw new TypeError("bad") }}}`, "TypeError: bad"},
		{"rejects", `const exports = {default: {async fetch() { await 0; throw "text" }}}`, "Uncaught text"},
		{"no response", `const exports = {default: {fetch() { return 5 }}}`, "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."},
		{"no handler", `const exports = {default: {}}`, "Error: Handler does not export a fetch() function."},
		{"hang", `const exports = {default: {fetch() { return new Promise(() => {}) }}}`, "Error: The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/"},
		{"hang after work", `const exports = {default: {async fetch() { await scheduler.wait(1); await new Promise(() => {}) }}}`, "Error: The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/"},
		{"overflow", `const exports = {default: {fetch() { const f = () => f() + 1; f() }}}`, "RangeError: Maximum call stack size exceeded"},
		{"js stream", `const exports = {default: {fetch() { let n = 0; return new Response(new ReadableStream({pull(c) { if (n++ < 3) c.enqueue(new Uint8Array([64 + n])); else c.close() }})) }}}`, "ABC"},
		{"rewriter", `const exports = {default: {fetch() { return new HTMLRewriter().on("p", {async element(e) { await scheduler.wait(1); e.before("!") }}).transform(new Response("<p>a<p>b")) }}}`, "!<p>a!<p>b"},
		{"rewriter hang", `const exports = {default: {fetch() { return new HTMLRewriter().on("p", {element() { return new Promise(() => {}) }}).transform(new Response("<p>a")) }}}`, "body: The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/"},
		{"rewriter throws", `const exports = {default: {fetch() { return new HTMLRewriter().on("p", {element() { throw new RangeError("mine") }}).transform(new Response("<p>a")) }}}`, "body: RangeError: mine"},
		{"returned request body", `const exports = {default: {fetch(r) { return new Response(r.body) }}}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := load(t, tt.body, options{env: []EnvEntry{{"V", func(js *jsg.Scope) (jsg.Value, error) { return js.String("var"), nil }}}})
			if _, got := fetchText(t, w, get("https://e.com/p")); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLoadErrors(t *testing.T) {
	_, err := tryLoad(`throw new Error("at load")`, options{})
	var se *ScriptError
	if !errors.As(err, &se) || se.Message != "at load" {
		t.Fatalf("got %v", err)
	}
	load(t, `fetch("https://e.com")`, options{}) // rejected, which does not fail the load
	_, err = tryLoad(`setTimeout(() => {}, 1)`, options{})
	if !errors.As(err, &se) || !strings.Contains(se.Message, "Disallowed operation called within global scope") {
		t.Fatalf("got %v", err)
	}
	_, err = tryLoad(`__mw.import("node:nothing")`, options{})
	if !errors.As(err, &se) || !strings.Contains(se.Message, `No such module "node:nothing".`) {
		t.Fatalf("got %v", err)
	}
	_, err = tryLoad(`__mw.import("node:path", ["join", "nope"])`, options{})
	if !errors.As(err, &se) || se.Error() != "SyntaxError: The requested module 'node:path' does not provide an export named 'nope'" {
		t.Fatalf("got %v", err)
	}
}

func TestServiceWorkerFormat(t *testing.T) {
	w := load(t, `addEventListener("fetch", e => e.respondWith(new Response("sw " + V + new URL(e.request.url).pathname)))`,
		options{sw: true, env: []EnvEntry{{"V", func(js *jsg.Scope) (jsg.Value, error) { return js.String("global"), nil }}}})
	if _, got := fetchText(t, w, get("https://e.com/x")); got != "sw global/x" {
		t.Fatal(got)
	}
}

// failOnLoop is a body that must never be read on the isolate's goroutine; it
// counts what passes.
type countingBody struct {
	io.Reader
	closed chan struct{}
	once   sync.Once
}

func (b *countingBody) Close() error { b.once.Do(func() { close(b.closed) }); return nil }

func TestBodiesPassThroughUntouched(t *testing.T) {
	w := load(t, `const exports = {default: {fetch(r) { return new Response(r.body, {headers: {a: "b"}}) }}}`, options{})
	src := &countingBody{Reader: strings.NewReader("payload"), closed: make(chan struct{})}
	body := wire.NewBody(src, 7)
	resp, err := w.Fetch(context.Background(), &wire.Request{Method: "POST", URL: "https://e.com/", Header: http.Header{}, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Len() != 7 {
		t.Errorf("the length was lost: %d", resp.Body.Len())
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil || string(data) != "payload" {
		t.Errorf("got %q, %v", data, err)
	}
	resp.Body.Close()
	<-src.closed
}

func TestDisconnectCancelsSubrequests(t *testing.T) {
	var bus trace.Bus
	bus.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Exception {
			t.Errorf("reported: %s", r.Error)
		}
	})
	started, cancelled := make(chan struct{}), make(chan struct{})
	w := load(t, `const exports = {default: {async fetch(r) { r.signal.addEventListener("abort", () => globalThis.aborted = true); return fetch("https://slow.example/") }}}`, options{
		outbound: wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
			close(started)
			<-ctx.Done()
			close(cancelled)
			return nil, ctx.Err()
		}),
		trace: &bus,
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { _, err := w.Fetch(ctx, get("https://e.com/")); done <- err }()
	<-started
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-cancelled
	w.iso.Do(func(*jsg.Scope) {}) // whatever the disconnect led to has happened
}

func TestWaitUntilOutlivesTheResponse(t *testing.T) {
	release, finished := make(chan struct{}), make(chan string, 1)
	w := load(t, `const exports = {default: {fetch(r, env, ctx) { ctx.waitUntil(fetch("https://one/").then(r => r.text()).then(t => fetch("https://done/" + t))); return new Response("now") }}}`, options{
		outbound: wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
			if strings.HasPrefix(req.URL, "https://done/") {
				finished <- req.URL
			} else {
				<-release
			}
			return &wire.Response{Status: 200, Header: http.Header{}, Body: wire.NewBytesBody([]byte("x"))}, nil
		}),
	})
	ctx, cancel := context.WithCancel(context.Background())
	resp, err := w.Fetch(ctx, get("https://e.com/"))
	if err != nil || resp.Status != 200 {
		t.Fatal(err)
	}
	cancel() // the server is done with the request
	close(release)
	if got := <-finished; got != "https://done/x" {
		t.Fatal(got)
	}
}

func TestRetiredWorkersFinishWhatTheyBegan(t *testing.T) {
	h := NewHandle("w")
	release, started := make(chan struct{}), make(chan struct{})
	slow := load(t, `const exports = {default: {async fetch() { return new Response(await (await fetch("https://wait/")).text()) }}}`, options{
		outbound: wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
			close(started)
			<-release
			return &wire.Response{Status: 200, Header: http.Header{}, Body: wire.NewBytesBody([]byte("old"))}, nil
		}),
	})
	h.Swap(slow)
	got := make(chan string, 1)
	go func() { _, text := fetchText(t, h, get("https://e.com/")); got <- text }()
	<-started
	h.Swap(load(t, `const exports = {default: {fetch() { return new Response("new") }}}`, options{}))
	if _, text := fetchText(t, h, get("https://e.com/")); text != "new" {
		t.Errorf("after the swap: %q", text)
	}
	close(release)
	if text := <-got; text != "old" {
		t.Errorf("in flight: %q", text)
	}
	<-slow.iso.Done() // disposed once idle
}

// TestRetiredWorkersAreForgotten: a version that has ended holds no memory.
func TestRetiredWorkersAreForgotten(t *testing.T) {
	const body = `const exports = {default: {fetch() { return new Response("x") }}}`
	version := func() *Worker {
		w, err := tryLoad(body, options{})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	h := NewHandle("w")
	defer h.Close()
	gone := make(chan struct{})
	func() {
		w := version()
		runtime.AddCleanup(w, func(gone chan struct{}) { close(gone) }, gone)
		h.Swap(w)
		fetchText(t, h, get("https://e.com/"))
	}()
	h.Swap(version())
	for tries := 0; ; tries++ {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(10 * time.Millisecond):
		}
		if tries == 3000 {
			t.Fatal("something holds a version that was replaced")
		}
	}
}

func TestManyConcurrentRequestsKeepTheirContexts(t *testing.T) {
	w := load(t, `const exports = {default: {async fetch(r) { const n = new URL(r.url).pathname; await scheduler.wait(1); const t = await (await fetch("https://echo" + n)).text(); return new Response(n + t) }}}`, options{
		outbound: wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
			return &wire.Response{Status: 200, Header: http.Header{}, Body: wire.NewBytesBody([]byte(strings.TrimPrefix(req.URL, "https://echo")))}, nil
		}),
	})
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			path := "/" + strings.Repeat("x", i+1)
			if _, got := fetchText(t, w, get("https://e.com"+path)); got != path+path {
				t.Errorf("got %q for %q", got, path)
			}
		})
	}
	wg.Wait()
}

func TestUncaughtErrorsAreReportedOnce(t *testing.T) {
	var bus trace.Bus
	var mu sync.Mutex
	var got []string
	bus.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Exception {
			mu.Lock()
			got = append(got, r.Error)
			mu.Unlock()
		}
	})
	w := load(t, `const exports = {default: {async fetch(r, env, ctx) {
		setTimeout(() => { throw new Error("in timer") }, 0);
		Promise.reject(new Error("unhandled"));
		Promise.reject(new Error("handled")).catch(() => {});
		ctx.waitUntil(Promise.reject(new Error("in waitUntil")));
		await scheduler.wait(5);
		return new Response("ok") }}}`, options{trace: &bus})
	if _, text := fetchText(t, w, get("https://e.com/")); text != "ok" {
		t.Fatal(text)
	}
	mu.Lock()
	defer mu.Unlock()
	want := map[string]bool{"Error: in timer": true, "Error: unhandled": true, "Error: in waitUntil": true}
	for _, g := range got {
		if !want[g] {
			t.Errorf("unexpected or repeated: %s", g)
		}
		delete(want, g)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestRedirectsAreFollowedThroughTheSameTarget(t *testing.T) {
	var log []string
	w := load(t, `const exports = {default: {async fetch(r) {
		const a = await fetch("https://s/301", {method: "POST", body: "p"});
		const b = await fetch("https://s/307", {method: "POST", body: "q"});
		const c = await fetch("https://s/301", {redirect: "manual"});
		let d; try { await fetch("https://s/loop") } catch (e) { d = e.message.split(", ").length + " " + e.message.slice(0, 19) }
		return Response.json([a.url, a.redirected, await a.text(), await b.text(), c.status, c.redirected, d]) }}}`, options{
		outbound: wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
			body := ""
			if req.Body != nil {
				b, _ := io.ReadAll(req.Body)
				body = string(b)
			}
			log = append(log, req.Method+" "+req.URL+" "+body+" "+req.Redirect)
			h := http.Header{}
			switch {
			case strings.HasSuffix(req.URL, "/loop"):
				h.Set("Location", "/loop")
				return &wire.Response{Status: 302, Header: h}, nil
			case strings.HasSuffix(req.URL, "/301"):
				h.Set("Location", "/end?1")
				return &wire.Response{Status: 301, Header: h}, nil
			case strings.HasSuffix(req.URL, "/307"):
				h.Set("Location", "/end?2")
				return &wire.Response{Status: 307, Header: h}, nil
			}
			return &wire.Response{Status: 200, Header: h, Body: wire.NewBytesBody([]byte(req.Method + body))}, nil
		}),
	})
	_, got := fetchText(t, w, get("https://e.com/"))
	if want := `["https://s/end?1",true,"GET","POSTq",301,false,"21 Too many redirects."]`; got != want {
		t.Errorf("got  %s\nwant %s\n%v", got, want, log[:4])
	}
	for _, l := range log {
		if !strings.HasSuffix(l, " manual") {
			t.Errorf("a callee saw %q", l)
		}
	}
}

func BenchmarkHello(b *testing.B) {
	w, err := tryLoad(`const exports = {default: {fetch(r, env, ctx) { return new Response("hello") }}}`, options{})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Kill()
	b.ReportAllocs()
	for range b.N {
		resp, err := w.Fetch(context.Background(), get("https://e.com/"))
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

func BenchmarkLoad(b *testing.B) {
	for range b.N {
		w, err := tryLoad(`const exports = {default: {fetch() { return new Response("hello") }}}`, options{})
		if err != nil {
			b.Fatal(err)
		}
		w.Kill()
		<-w.iso.Done()
	}
}

func TestScheduled(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_000)
	w := load(t, `let log = []; const exports = {default: {
		async scheduled(c, env, ctx) { await scheduler.wait(1); ctx.waitUntil(scheduler.wait(1).then(() => log.push(c.cron, c.scheduledTime))); c.noRetry(); if (c.cron === "bad") throw new Error("no") },
		fetch() { return new Response(log.join()) } }}`, options{})
	noRetry, err := w.Scheduled(context.Background(), "* * * * *", at)
	if err != nil || !noRetry {
		t.Fatalf("%v %v", noRetry, err)
	}
	if _, text := fetchText(t, w, get("https://e.com/")); text != "* * * * *,1700000000000" {
		t.Error(text)
	}
	if _, err := w.Scheduled(context.Background(), "bad", at); err == nil || err.Error() != "Error: no" {
		t.Errorf("got %v", err)
	}
	sw := load(t, `let got; addEventListener("scheduled", e => { got = e.cron }); addEventListener("fetch", e => e.respondWith(new Response(got)))`, options{sw: true})
	if _, err := sw.Scheduled(context.Background(), "0 0 * * *", at); err != nil {
		t.Fatal(err)
	}
	if _, text := fetchText(t, sw, get("https://e.com/")); text != "0 0 * * *" {
		t.Error(text)
	}
}
