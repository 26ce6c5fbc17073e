package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a session under test.
type running struct {
	t      *testing.T
	dir    string
	url    string
	events chan event
	stop   context.CancelFunc
	done   chan error
	out    *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// patience is how long an event may take that has to come.
const patience = 30 * time.Second

// startSession runs a session of one worker, whose files are given, until the
// test ends.
func startSession(t *testing.T, files map[string]string, change ...func(*Options)) *running {
	t.Helper()
	dir := t.TempDir()
	r := &running{t: t, dir: dir, events: make(chan event, 4096), done: make(chan error, 1), out: &lockedBuffer{}}
	for name, text := range files {
		r.write(name, text)
	}
	path := filepath.Join(dir, "wrangler.jsonc")
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	lines, w := io.Pipe()
	go func() {
		dec := json.NewDecoder(lines)
		for {
			var e event
			if dec.Decode(&e) != nil {
				return
			}
			r.events <- e
		}
	}()
	ready := make(chan net.Addr, 1)
	opts := Options{
		Locations: []config.Location{{Path: path, UserPath: path}}, IP: "127.0.0.1", PortFixed: true, Watch: true,
		PersistTo: filepath.Join(dir, "state"), Out: r.out, Events: w, Level: Log, Ready: func(a net.Addr) { ready <- a },
	}
	for _, f := range change {
		f(&opts)
	}
	go func() {
		err := Run(ctx, opts)
		w.Close()
		r.done <- err
	}()
	select {
	case a := <-ready:
		r.url = "http://" + a.String()
	case err := <-r.done:
		cancel()
		t.Fatalf("the session did not start: %v\n%s", err, r.out)
	case <-time.After(patience):
		t.Fatal("the session did not start in time")
	}
	t.Cleanup(func() { r.shutdown() })
	r.await("the session is ready", func(e event) bool { return e.Type == "ready" })
	return r
}

// shutdown stops the session and waits for its end.
func (r *running) shutdown() error {
	r.stop()
	select {
	case err := <-r.done:
		r.done <- err
		return err
	case <-time.After(patience):
		r.t.Error("the session did not stop")
		return nil
	}
}

func (r *running) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// await waits for the next event that match accepts.
func (r *running) await(what string, match func(event) bool) event {
	r.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case e := <-r.events:
			if match(e) {
				return e
			}
		case <-deadline:
			r.t.Fatalf("no event: %s\n%s", what, r.out)
		}
	}
}

// awaitAnswer waits for an event after which / answers as wanted. One write can
// be told as several changes, and the first be loaded before the rest is there.
func (r *running) awaitAnswer(want string, match func(event) bool) {
	r.t.Helper()
	r.await("the answer "+want, func(e event) bool {
		if !match(e) {
			return false
		}
		_, got := r.get("/")
		return got == want
	})
}

// awaitOutput waits until the session has printed text.
func (r *running) awaitOutput(text string) {
	r.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !strings.Contains(r.out.String(), text) {
		select {
		case <-tick.C:
		case <-deadline:
			r.t.Fatalf("%q was not printed:\n%s", text, r.out)
		}
	}
}

func built(e event) bool { return e.Type == "build" && *e.OK && !e.Unchanged }

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

func (r *running) get(path string) (int, string) {
	r.t.Helper()
	resp, err := client.Get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

const helloConfig = `{ "name": "hello", "main": "index.ts", "compatibility_date": "2026-01-01" }`

func helloScript(n int) string {
	return fmt.Sprintf("export default { fetch(): Response { return new Response('version %d'); } };", n)
}

// TestReloads edits a worker two hundred times: each edit is answered by the new
// version, and nothing grows.
func TestReloads(t *testing.T) {
	r := startSession(t, map[string]string{"wrangler.jsonc": helloConfig, "index.ts": helloScript(0)})
	const rounds = 200
	var early, late runtime.MemStats
	var earlyGoroutines int
	var slowest, sum time.Duration
	for i := 1; i <= rounds; i++ {
		start := time.Now()
		r.write("index.ts", helloScript(i))
		r.awaitAnswer(fmt.Sprintf("version %d", i), built)
		took := time.Since(start)
		sum += took
		slowest = max(slowest, took)
		if i == rounds/4 {
			early, earlyGoroutines = memory(), runtime.NumGoroutine()
		}
	}
	late = memory()
	t.Logf("edit to answer: mean %v, slowest %v; heap %d KiB, then %d KiB", sum/rounds, slowest, early.HeapAlloc>>10, late.HeapAlloc>>10)
	settled(t, earlyGoroutines+2)
	if grown := int64(late.HeapAlloc) - int64(early.HeapAlloc); grown > 24<<20 {
		t.Errorf("the heap grew by %d KiB over %d reloads", grown>>10, rounds*3/4)
	}
	if err := r.shutdown(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func goroutines() string {
	buf := make([]byte, 1<<20)
	return string(buf[:runtime.Stack(buf, true)])
}

// memory is what is in use after a collection.
func memory() runtime.MemStats {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}

// TestInFlight holds that a request begun on one version finishes there, while
// others get the next.
func TestInFlight(t *testing.T) {
	script := func(version string) string {
		return `export default { async fetch(request) {
			if (new URL(request.url).pathname === "/slow") { console.log("begun"); const text = await request.text(); return new Response("` + version + ` " + text); }
			return new Response("` + version + `");
		} };`
	}
	r := startSession(t, map[string]string{"wrangler.jsonc": helloConfig, "index.ts": script("old")})
	body, w := io.Pipe()
	answer := make(chan string, 1)
	go func() {
		resp, err := client.Post(r.url+"/slow", "text/plain", body)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		answer <- string(text)
	}()
	if _, err := io.WriteString(w, "first, "); err != nil { // the request has begun
		t.Fatal(err)
	}
	r.awaitOutput("[hello] begun")
	r.write("index.ts", script("new"))
	r.awaitAnswer("new", built)
	io.WriteString(w, "last")
	w.Close()
	if got := <-answer; got != "old first, last" {
		t.Errorf("the request in flight got %q", got)
	}
}

// TestStop holds that a session with an open socket and an endless answer stops
// in time and leaves the port.
func TestStop(t *testing.T) {
	r := startSession(t, map[string]string{"wrangler.jsonc": helloConfig, "index.ts": `export default { fetch(request) {
		if (request.headers.get("Upgrade")) {
			const [client, server] = Object.values(new WebSocketPair());
			server.accept();
			server.addEventListener("message", (e) => server.send("echo " + e.data));
			return new Response(null, { status: 101, webSocket: client });
		}
		const { readable, writable } = new TransformStream();
		writable.getWriter().write(new TextEncoder().encode("begun"));
		return new Response(readable);
	} };`})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(r.url, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := conn.Write(ctx, websocket.MessageText, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if _, data, err := conn.Read(ctx); err != nil || string(data) != "echo hi" {
		t.Fatalf("%q, %v", data, err)
	}
	resp, err := client.Get(r.url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadFull(resp.Body, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	closed := make(chan websocket.StatusCode, 1)
	go func() { _, _, err := conn.Read(ctx); closed <- websocket.CloseStatus(err) }()
	if err := r.shutdown(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if code := <-closed; code != closeGoingAway {
		t.Errorf("the socket was closed with %d", code)
	}
	l, err := net.Listen("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	l.Close()
}

// TestConfigurationReloads replaces the project again and again.
func TestConfigurationReloads(t *testing.T) {
	conf := func(n int) string {
		return fmt.Sprintf(`{ "name": "hello", "main": "index.ts", "compatibility_date": "2026-01-01", "vars": { "N": "%d" } }`, n)
	}
	r := startSession(t, map[string]string{"wrangler.jsonc": conf(0), "index.ts": `export default { fetch(request, env) { return new Response(env.N); } };`})
	before := 0
	for i := 1; i <= 40; i++ {
		r.write("wrangler.jsonc", conf(i))
		r.awaitAnswer(fmt.Sprint(i), func(e event) bool { return e.Type == "config" && *e.OK })
		if i == 10 {
			before = runtime.NumGoroutine()
		}
	}
	settled(t, before+2)
}

// settled waits until there are no more goroutines than that: the bundler's own
// helpers linger for a quarter of a second.
func settled(t *testing.T, atMost int) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for runtime.NumGoroutine() > atMost {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d goroutines, want at most %d:\n%s", runtime.NumGoroutine(), atMost, goroutines())
		}
	}
}
