package worker

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
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
	h := handle(t, `const f = () => f() + 1; let n = 0;
	const exports = {default: {async fetch(r) {
		switch (new URL(r.url).pathname) {
		case "/overflow": await 0; return new Response(f());
		case "/caught": await 0; try { f() } catch {} return new Response("not reached");
		case "/getter": return new Response("x", {get headers() { return f() }});
		case "/sort": { const a = [3, 1, 2]; try { a.sort(() => { a.length = 0; return 1 }) } catch {} return new Response("not reached"); }
		}
		return new Response("request " + ++n + " of this version") } }}`)
	for _, tt := range []struct{ path, want string }{
		{"/overflow", "Maximum call stack size exceeded"}, {"/caught", "Maximum call stack size exceeded"},
		{"/getter", "Maximum call stack size exceeded"}, {"/sort", "crashed by a fault of the runtime"},
	} {
		if _, got := fetchText(t, h, get("https://e.com"+tt.path)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.path, got)
		}
		if _, got := fetchText(t, h, get("https://e.com/")); got != "request 1 of this version" {
			t.Errorf("after %s: %q", tt.path, got)
		}
		if _, got := fetchText(t, h, get("https://e.com/")); got != "request 2 of this version" {
			t.Errorf("after %s, again: %q", tt.path, got)
		}
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
